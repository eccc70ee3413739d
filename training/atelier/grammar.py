"""The words of the drawn world: its phrasebook, and captions for outfits.

Each value has a main phrase, synonyms and trade words, after the vocabulary of fashion. The
first phrase in a list is the main one. A compound phrase asks for several attributes at once.
"""

import random
from functools import cache
from math import prod

from studio.perfusion.phrasebook import ABSENT, Phrasebook, PhraseRule
from training.atelier.attributes import FAMILIES, RULES, Outfit, allowed_values

SHORT_CAPTION_SHARE = 0.2
SHORT_CAPTION = (1, 4)
LONG_CAPTION = (5, 16)
COMPOUND_CHANCE = 0.4
MAIN_PHRASE_CHANCE = 0.45
FIRST_FAMILY_CHANCE = 0.9
ABSENCE_CHANCE = 0.12

# Family -> value -> its phrases, the main one first, words of one phrase joined by spaces.
_ENGLISH: dict[str, dict[str, str]] = {
    "category": {
        "dress": "dress; frock; gown; one-piece dress",
        "top": "top; blouse; women's top",
        "shirt": "shirt; button-up shirt; button-down shirt; collared shirt; shirt blouse",
        "sweater": "sweater; pullover; jumper; knit top; sweatshirt",
        "jacket": "jacket; short jacket; outer jacket",
        "coat": "coat; overcoat; topcoat; outer coat; greatcoat",
        "skirt": "skirt; separate skirt; half skirt",
        "trousers": "trousers; pants; slacks; long pants; pantaloons",
        "shorts": "shorts; short trousers; short pants",
        "jumpsuit": "jumpsuit; all-in-one; one-piece suit; one-piece trouser suit",
    },
    "colour": {
        "black": "black; jet black; ebony; ink black; onyx; noir",
        "white": "white; snow white; optic white; pure white; bright white",
        "grey": "grey; ash grey; slate grey; heather grey; pewter; charcoal grey",
        "beige": "beige; sand; ecru; oatmeal; nude beige; sandstone; stone beige",
        "camel": "camel; tan coloured; caramel; toffee; fawn; light brown",
        "brown": "brown; chocolate; chestnut; coffee brown; mocha; espresso",
        "burgundy": "burgundy; wine red; maroon; oxblood; bordeaux; claret",
        "red": "red; scarlet; crimson; cherry red; true red; poppy red",
        "coral": "coral; salmon; coral pink; melon; papaya",
        "orange": "orange; tangerine; bright orange; pumpkin; apricot orange",
        "mustard": "mustard; mustard yellow; ochre; turmeric; dark yellow",
        "yellow": "yellow; lemon yellow; canary yellow; sunshine yellow; bright yellow",
        "olive": "olive; olive green; khaki green; army green; moss green",
        "green": "green; emerald; forest green; kelly green; grass green",
        "mint": "mint; mint green; pistachio; pale green; seafoam",
        "teal": "teal; petrol blue; peacock blue; dark turquoise; deep teal",
        "sky blue": "sky blue; light blue; baby blue; powder blue; pale blue",
        "blue": "blue; royal blue; cobalt; sapphire; bright blue; azure",
        "navy": "navy; navy blue; midnight blue; dark blue; ink blue",
        "purple": "purple; violet; plum; aubergine; royal purple",
        "lilac": "lilac; lavender; pale purple; light purple; wisteria; mauve",
        "pink": "pink; blush; rose pink; baby pink; pale pink; light pink",
        "fuchsia": "fuchsia; hot pink; magenta; shocking pink; bright pink; cerise",
    },
    "pattern": {
        "solid": "solid; plain; solid colour; one colour; unpatterned; no print",
        "horizontal stripes": "horizontal stripes; horizontally striped; breton stripes; "
        "sailor stripes; stripes; cross stripes",
        "vertical stripes": "vertical stripes; vertically striped; pinstripes; pinstriped; "
        "candy stripes; lengthwise stripes",
        "polka dots": "polka dots; polka dot print; dotted; spotted; dots; spot print",
        "gingham": "gingham; gingham check; checked; vichy check; small checks; checkered",
        "windowpane": "windowpane; windowpane check; large check; grid check; grid print; "
        "window check",
        "floral": "floral; floral print; flower print; flowers; blossom print; flowery; botanical",
        "leopard": "leopard; leopard print; animal print; leopard spots; cheetah print",
        "chevron": "chevron; zigzag; zigzag stripes; zigzag pattern; chevron stripes",
        "argyle": "argyle; argyle pattern; diamond pattern; harlequin; diamonds; lozenges",
        "colour block": "colour block; colour blocking; two-tone; blocked colours; bicolour",
        "ombre": "ombre; gradient; dip-dyed; dip dye; colour fade; degrade",
    },
    "fabric": {
        "cotton": "cotton; cotton poplin; plain cotton; woven cotton; poplin",
        "satin": "satin; silk; silky; silk satin; shiny satin; charmeuse",
        "denim": "denim; jean fabric; denim fabric; topstitched denim",
        "knit": "knit; knitted; knitwear; ribbed knit; chunky knit; wool knit",
        "leather": "leather; faux leather; vegan leather; leatherette; nappa",
        "sheer": "sheer; see-through; chiffon; tulle; organza; transparent",
        "tweed": "tweed; wool tweed; boucle; boucle wool; woven wool",
        "quilted": "quilted; padded; puffer; quilting; down-filled",
        "faux fur": "faux fur; fur; fluffy; teddy fur; shaggy; furry",
    },
    "length": {
        ABSENT: "",
        "cropped": "cropped; crop length; short cropped; cropped length",
        "hip-length": "hip-length; to the hips; regular length; hip grazing",
        "longline": "longline; tunic length; thigh length; extended length",
        "mini": "mini; mini length; above the knee; short hemline; micro length",
        "knee-length": "knee-length; to the knee; at the knee; knee skimming",
        "midi": "midi; mid-calf; calf length; below the knee; tea length; midi length",
        "maxi": "maxi; ankle length; floor length; to the floor; maxi length; long hemline",
        "full-length": "full-length; full length leg; to the ankles; long trouser legs",
    },
    "silhouette": {
        ABSENT: "",
        "straight": "straight cut; straight; straight silhouette; column; h-line",
        "a-line": "a-line; a-line cut; a-shape; trapeze; a-line silhouette",
        "full": "full silhouette; full; full skirted; fit and flare; skater; circle cut",
        "pencil": "pencil; pencil cut; sheath; bodycon; body-hugging; tapered to the knee",
        "mermaid": "mermaid; fishtail; trumpet; mermaid silhouette; fishtail flare",
        "tiered": "tiered; layered; layered tiers; tiered ruffles; prairie tiers; flounced",
    },
    "leg": {
        ABSENT: "",
        "skinny": "skinny; skinny leg; slim leg; drainpipe; tight legs; cigarette leg",
        "straight-leg": "straight-leg; straight cut leg; regular leg; stovepipe",
        "wide-leg": "wide-leg; wide; palazzo; loose leg; baggy; wide cut leg",
        "flared": "flared; flares; flared leg; bootcut; bell-bottomed",
    },
    "fit": {
        "regular fit": "regular fit; classic fit; standard fit; regular",
        "slim fit": "slim fit; slim; fitted; close-fitting; tailored fit; tight fit; "
        "figure-hugging",
        "oversized": "oversized; oversize; loose fit; relaxed fit; boxy; slouchy; roomy",
    },
    "neckline": {
        ABSENT: "",
        "crew neck": "crew neck; round neck; jewel neck; o-neck; crew collar",
        "v-neck": "v-neck; v-cut neck; v-shaped neck; plunging neck; deep v",
        "scoop neck": "scoop neck; u-neck; scooped neck; low round neck; ballet neck",
        "square neck": "square neck; square-cut neck; squared neck; milkmaid neck",
        "boat neck": "boat neck; bateau neck; sabrina neck; slash neck; bateau",
        "off-shoulder": "off-shoulder; off the shoulder; bardot; bardot neck; bare shoulders; "
        "carmen neck",
        "halter neck": "halter neck; halter; neck straps; tie-back neck",
        "sweetheart neck": "sweetheart neck; sweetheart; heart-shaped neck; bustier neck",
        "turtleneck": "turtleneck; polo neck; roll neck; high neck; funnel neck",
        "one-shoulder": "one-shoulder; one shoulder neck; asymmetric neck; single shoulder",
        "keyhole neck": "keyhole neck; keyhole; teardrop neck; keyhole cut-out; cut-out neck",
    },
    "collar": {
        ABSENT: "collarless; no collar; without a collar",
        "shirt collar": "shirt collar; classic collar; pointed collar; button-down collar; "
        "collared",
        "notched lapels": "notched lapels; lapels; lapel collar; notch lapel; tailored collar; "
        "revers",
        "peter pan collar": "peter pan collar; rounded collar; round collar; claudine collar",
        "stand collar": "stand collar; mandarin collar; band collar; nehru collar; "
        "stand-up collar; grandad collar",
        "hood": "hood; hooded; with a hood",
    },
    "sleeve length": {
        ABSENT: "",
        "sleeveless": "sleeveless; no sleeves; bare arms; without sleeves",
        "short sleeves": "short sleeves; half sleeves; t-shirt sleeves; above-elbow sleeves",
        "three-quarter sleeves": "three-quarter sleeves; 3/4 sleeves; elbow-length sleeves; "
        "bracelet sleeves; mid-length sleeves",
        "long sleeves": "long sleeves; full-length sleeves; wrist-length sleeves; "
        "sleeves to the wrist",
    },
    "sleeve shape": {
        ABSENT: "",
        "straight sleeves": "straight sleeves; plain sleeves; set-in sleeves; fitted sleeves; "
        "slim sleeves",
        "puff sleeves": "puff sleeves; balloon sleeves; leg-of-mutton sleeves; gigot sleeves",
        "bell sleeves": "bell sleeves; trumpet sleeves; flared sleeves; wide sleeves",
        "bishop sleeves": "bishop sleeves; gathered sleeves; poet sleeves; billowing sleeves; "
        "peasant sleeves",
        "flutter sleeves": "flutter sleeves; ruffled sleeves; frilled sleeves; butterfly sleeves; "
        "angel sleeves",
    },
    "cuffs": {
        ABSENT: "plain cuffs; no cuffs; uncuffed",
        "ribbed cuffs": "ribbed cuffs; rib cuffs; rib-knit cuffs; elastic cuffs",
        "contrast cuffs": "contrast cuffs; contrasting cuffs; two-tone cuffs; coloured cuffs",
        "ruffled cuffs": "ruffled cuffs; frilled cuffs; gathered cuffs",
    },
    "waist": {
        ABSENT: "natural waist; plain waist",
        "empire waist": "empire waist; empire line; high waist seam; raised waist; empire cut",
        "drop waist": "drop waist; dropped waist; low waist; low waist seam",
        "peplum": "peplum; peplum waist; flounce at the waist; basque",
        "gathered waist": "gathered waist; elasticated waist; shirred waist; smocked waist; "
        "cinched waist; paperbag waist",
    },
    "hem": {
        ABSENT: "plain hem; straight hem; clean hem; even hem",
        "ruffled hem": "ruffled hem; frilled hem; flounce hem; ruffle-edged",
        "fringed hem": "fringed hem; fringe; tassel hem; fringed edge; fringe trim",
        "scalloped hem": "scalloped hem; scallops; scalloped edge; wavy hem",
        "asymmetric hem": "asymmetric hem; asymmetrical hem; diagonal hem; slanted hem; uneven hem",
        "high-low hem": "high-low hem; hi-lo hem; high-low; dipped hem; mullet hem; waterfall hem",
    },
    "closure": {
        ABSENT: "no closure; slip-on; pull-on",
        "button front": "button front; buttons; button-up; button-through; single-breasted; "
        "button placket; front buttons",
        "double-breasted": "double-breasted; double row of buttons; two rows of buttons; "
        "double buttons",
        "zip front": "zip front; zip; zipper; zip-up; front zipper; full zip",
        "wrap front": "wrap front; wrap; wrap-over; crossover front; surplice; wrapped",
        "lace-up front": "lace-up front; lace-up; lacing; laced front; corset lacing",
    },
    "trim": {
        ABSENT: "untrimmed; no trim; no embellishment; unadorned; minimalist",
        "sequins": "sequins; sparkles; glitter; paillettes; sparkly",
        "lace yoke": "lace yoke; lace; lace trim; lace panel; lace neckline; lace bodice",
        "front ruffles": "front ruffles; ruffles; ruffles at the front; frills; jabot; "
        "ruffled placket",
        "contrast piping": "contrast piping; piping; piped edges; contrast edging; contrast trim; "
        "piped",
        "embroidery": "embroidery; embroidered; floral embroidery; stitched motif; folk embroidery",
        "pearls": "pearls; pearl trim; pearl beads; beaded; pearl embellished",
    },
    "belt": {
        ABSENT: "unbelted; no belt; beltless; without a belt",
        "belt": "belt; belted; buckle belt; leather belt; waist belt; thin belt",
        "tied sash": "tied sash; sash; tie belt; waist tie; tie waist; ribbon belt; self-tie belt",
        "corset belt": "corset belt; waist cincher; wide corset; corset waist; obi; wide belt",
    },
    "pockets": {
        ABSENT: "no pockets; pocketless; without pockets",
        "patch pockets": "patch pockets; front pockets; pockets; sewn-on pockets",
        "chest pocket": "chest pocket; breast pocket; pocket on the chest; chest patch",
        "cargo pockets": "cargo pockets; cargo; utility pockets; flap pockets; side flap pockets",
    },
    "bow": {
        ABSENT: "no bow; without bows",
        "neck bow": "neck bow; pussy bow; bow at the neck; tie-neck bow; bow collar",
        "shoulder bows": "shoulder bows; bows on the shoulders; tie shoulders; tie straps; "
        "bow straps",
    },
    "slit": {
        ABSENT: "no slit; without a slit",
        "side slit": "side slit; side split; thigh slit; high side slit; side vent",
        "front slit": "front slit; front split; centre slit; slit at the front; front vent",
    },
    "pleats": {
        ABSENT: "no pleats; unpleated",
        "knife pleats": "knife pleats; pleated; accordion pleats; sunray pleats; plisse; "
        "fine pleats",
        "box pleats": "box pleats; kilt pleats; wide pleats; inverted pleats; deep pleats",
    },
    "hair": {
        "long hair": "long hair; long-hair model; long straight hair; flowing hair; hair down",
        "short hair": "short hair; short-hair model; pixie cut; pixie; cropped hair",
        "bob": "bob; bob cut; chin-length hair; bobbed hair; bob hairstyle",
        "bun": "bun; chignon; top knot; updo; hair up; hair in a bun",
        "ponytail": "ponytail; high ponytail; low ponytail; hair tied back",
        "curly hair": "curly hair; curls; afro; curly; ringlets; natural curls",
        "braids": "braids; braided hair; plaits; pigtails; plaited hair; two braids",
        "headscarf": "headscarf; hijab; head wrap; covered hair; head covering",
    },
    "hair colour": {
        "black hair": "black hair; dark hair; jet black hair; raven hair; black-haired model",
        "brown hair": "brown hair; brunette; chestnut hair; dark brown hair; brunette model",
        "blonde hair": "blonde hair; blonde; fair hair; golden hair; blonde model; blond",
        "red hair": "red hair; ginger hair; redhead; auburn hair; copper hair",
        "silver hair": "silver hair; grey hair; white hair; platinum hair; silver-haired model",
    },
    "skin": {
        "fair skin": "fair skin; light skin; pale skin; fair-skinned model; light complexion",
        "tan skin": "tan skin; tanned skin; olive skin; medium skin; tan complexion",
        "brown skin": "brown skin; brown-skinned model; warm brown skin; brown complexion",
        "deep skin": "deep skin; dark skin; deep brown skin; dark-skinned model; deep complexion",
    },
    "build": {
        "average build": "average build; medium build; regular build; average figure",
        "slender build": "slender build; slender; slim build; slender model; slim model; "
        "thin build",
        "curvy build": "curvy build; curvy; plus size; curvy model; plus-size model; full figure",
    },
    "pose": {
        "standing": "standing; standing pose; standing still; neutral pose; arms at the sides",
        "hand on hip": "hand on hip; hand on the hip; arm akimbo; hand on waist",
        "walking": "walking; walking pose; catwalk pose; striding; runway walk",
        "arms out": "arms out; open arms; arms spread; arms away from the body; a-pose",
    },
    "shoes": {
        "heels": "heels; high heels; pumps; stilettos; court shoes; heeled shoes",
        "flats": "flats; ballet flats; flat shoes; ballerinas; loafers; slip-on shoes",
        "boots": "boots; ankle boots; booties; chelsea boots; high boots",
        "sneakers": "sneakers; trainers; tennis shoes; running shoes; sports shoes",
        "sandals": "sandals; strappy sandals; flat sandals; open-toe shoes; summer sandals",
    },
}

# Phrases that ask for several attributes at once: the phrase -> its values.
_COMPOUNDS: dict[str, str] = {
    # Dresses.
    "little black dress": "dress; black",
    "evening gown": "dress; maxi; satin",
    "ball gown": "dress; maxi; a-line",
    "mermaid gown": "dress; maxi; mermaid",
    "cocktail dress": "dress; knee-length; satin",
    "slip dress": "dress; satin; sleeveless",
    "shirt dress": "dress; shirt collar; button front",
    "sheath dress": "dress; pencil",
    "bodycon dress": "dress; pencil; slim fit",
    "shift dress": "dress; straight",
    "skater dress": "dress; full",
    "swing dress": "dress; a-line; knee-length",
    "sundress": "dress; sleeveless; cotton",
    "prairie dress": "dress; tiered; maxi",
    "short dress": "dress; mini",
    "long dress": "dress; maxi",
    "empire dress": "dress; empire waist",
    "sequin gown": "dress; maxi; sequins",
    # Tops and shirts.
    "crop top": "top; cropped",
    "halter top": "top; halter neck",
    "tunic": "top; longline",
    "peplum top": "top; peplum",
    "bow blouse": "top; neck bow",
    "bardot top": "top; off-shoulder",
    "oxford shirt": "shirt; cotton; shirt collar",
    "denim shirt": "shirt; denim",
    "mandarin shirt": "shirt; stand collar",
    "silk shirt": "shirt; satin",
    # Knitwear.
    "cardigan": "sweater; button front",
    "hoodie": "sweater; hood",
    "polo neck jumper": "sweater; turtleneck",
    "v-neck jumper": "sweater; v-neck",
    # Jackets and coats.
    "blazer": "jacket; notched lapels",
    "duster coat": "coat; maxi",
    "swing coat": "coat; a-line",
    # Skirts.
    "pencil skirt": "skirt; pencil",
    "circle skirt": "skirt; full",
    "a-line skirt": "skirt; a-line",
    "miniskirt": "skirt; mini",
    "maxi skirt": "skirt; maxi",
    "midi skirt": "skirt; midi",
    "fishtail skirt": "skirt; mermaid",
    "tiered skirt": "skirt; tiered",
    "denim skirt": "skirt; denim",
    "short skirt": "skirt; mini; solid",
    # Trousers, shorts, jumpsuits.
    "jeans": "trousers; denim",
    "chinos": "trousers; cotton; straight-leg",
    "culottes": "trousers; cropped; wide-leg",
    "palazzo pants": "trousers; full-length; wide-leg",
    "capri pants": "trousers; cropped",
    "cigarette trousers": "trousers; cropped; skinny",
    "bell-bottoms": "trousers; full-length; flared",
    "cargo pants": "trousers; cargo pockets",
    "suit trousers": "trousers; straight-leg; full-length",
    "cargo shorts": "shorts; cargo pockets",
    "bermuda shorts": "shorts; straight-leg",
    "catsuit": "jumpsuit; skinny; slim fit",
    # The model.
    "long black hair": "long hair; black hair",
    "long brown hair": "long hair; brown hair",
    "long blonde hair": "long hair; blonde hair",
    "long red hair": "long hair; red hair",
    "long silver hair": "long hair; silver hair",
    "short black hair": "short hair; black hair",
    "short brown hair": "short hair; brown hair",
    "short blonde hair": "short hair; blonde hair",
    "short red hair": "short hair; red hair",
    "short silver hair": "short hair; silver hair",
    "curly black hair": "curly hair; black hair",
    "curly brown hair": "curly hair; brown hair",
    "curly blonde hair": "curly hair; blonde hair",
    "curly red hair": "curly hair; red hair",
    "blonde bob": "bob; blonde hair",
    "blonde ponytail": "ponytail; blonde hair",
}

# Garments too rare in the drawn world to be taught as words of their own: they are read as the
# phrases of their values.
_SPELLED_OUT: dict[str, str] = {
    "wedding gown": "dress; white; maxi",
    "sweater dress": "dress; knit; long sleeves",
    "wrap dress": "dress; wrap front",
    "tea dress": "dress; midi; floral",
    "babydoll dress": "dress; empire waist; mini",
    "flapper dress": "dress; drop waist; fringed hem",
    "t-shirt dress": "dress; crew neck; short sleeves",
    "turtleneck dress": "dress; turtleneck; long sleeves",
    "pinafore dress": "dress; sleeveless; square neck",
    "peasant dress": "dress; bishop sleeves; square neck",
    "t-shirt": "top; crew neck; short sleeves",
    "tee": "top; crew neck; short sleeves",
    "strappy top": "top; sleeveless",
    "tank top": "top; scoop neck; sleeveless",
    "camisole": "top; satin; v-neck; sleeveless",
    "breton top": "top; boat neck; horizontal stripes",
    "silk blouse": "top; satin; long sleeves",
    "lace-up top": "top; lace-up front",
    "wrap top": "top; wrap front",
    "zip-up hoodie": "sweater; hood; zip front",
    "argyle sweater": "sweater; argyle",
    "twinset cardigan": "sweater; button front; pearls",
    "double-breasted blazer": "jacket; notched lapels; double-breasted",
    "tuxedo jacket": "jacket; notched lapels; black",
    "biker jacket": "jacket; leather; zip front",
    "bomber jacket": "jacket; zip front; ribbed cuffs",
    "varsity jacket": "jacket; button front; ribbed cuffs",
    "denim jacket": "jacket; denim; button front",
    "puffer jacket": "jacket; quilted; zip front",
    "anorak": "jacket; hood; zip front",
    "boucle jacket": "jacket; tweed; crew neck",
    "fur jacket": "jacket; faux fur",
    "trench coat": "coat; double-breasted; belt",
    "pea coat": "coat; double-breasted; notched lapels",
    "camel coat": "coat; camel",
    "wrap coat": "coat; wrap front; tied sash",
    "puffer coat": "coat; quilted; zip front",
    "teddy coat": "coat; faux fur",
    "duffle coat": "coat; hood; button front",
    "parka": "coat; hood; zip front",
    "raincoat": "coat; hood",
    "pleated skirt": "skirt; knife pleats",
    "gypsy skirt": "skirt; tiered; maxi",
    "tennis skirt": "skirt; mini; box pleats",
    "skinny jeans": "trousers; denim; skinny",
    "bootcut jeans": "trousers; denim; flared",
    "mom jeans": "trousers; denim; straight-leg",
    "leather trousers": "trousers; leather",
    "denim shorts": "shorts; denim",
    "boiler suit": "jumpsuit; shirt collar; button front",
    "wedding dress": "dress; white; maxi",
}

# Family -> its Chinese name -> value -> Chinese phrases, the label first.
_CHINESE: dict[str, tuple[str, dict[str, str]]] = {
    "category": (
        "品类",
        {
            "dress": "连衣裙 裙装 洋装 礼服",
            "top": "上衣 女上衣 罩衫",
            "shirt": "衬衫 衬衣",
            "sweater": "毛衣 针织衫 套头衫",
            "jacket": "夹克 短外套 外套",
            "coat": "大衣 长外套",
            "skirt": "半身裙 裙子 裙",
            "trousers": "长裤 裤子",
            "shorts": "短裤",
            "jumpsuit": "连体裤 连身裤",
        },
    ),
    "colour": (
        "颜色",
        {
            "black": "黑色 黑",
            "white": "白色 白",
            "grey": "灰色 灰",
            "beige": "米色 米白色 杏色",
            "camel": "驼色",
            "brown": "棕色 咖啡色 褐色",
            "burgundy": "酒红色 暗红色",
            "red": "红色 大红色 红 大红",
            "coral": "珊瑚色 珊瑚红",
            "orange": "橙色 橘色 橙",
            "mustard": "芥末黄 姜黄色",
            "yellow": "黄色 黄",
            "olive": "橄榄绿 军绿色",
            "green": "绿色 绿",
            "mint": "薄荷绿 浅绿色",
            "teal": "蓝绿色 孔雀蓝 青色",
            "sky blue": "天蓝色 浅蓝色 天蓝",
            "blue": "蓝色 宝蓝色 蓝",
            "navy": "藏青色 海军蓝 深蓝色 藏青",
            "purple": "紫色 紫",
            "lilac": "淡紫色 丁香紫 浅紫色",
            "pink": "粉色 粉红色 粉",
            "fuchsia": "玫红色 桃红色",
        },
    ),
    "pattern": (
        "图案",
        {
            "solid": "纯色 素色 无图案",
            "horizontal stripes": "横条纹 条纹",
            "vertical stripes": "竖条纹",
            "polka dots": "波点 圆点",
            "gingham": "小方格 格纹 格子",
            "windowpane": "大方格 窗格纹",
            "floral": "碎花 花卉 印花",
            "leopard": "豹纹",
            "chevron": "人字纹 锯齿纹",
            "argyle": "菱形格 菱格",
            "colour block": "拼色 撞色",
            "ombre": "渐变色 渐变",
        },
    ),
    "fabric": (
        "面料",
        {
            "cotton": "棉布 棉 纯棉",
            "satin": "缎面 丝绸 真丝",
            "denim": "牛仔布 牛仔",
            "knit": "针织",
            "leather": "皮革",
            "sheer": "薄纱 透视 雪纺",
            "tweed": "粗花呢 花呢",
            "quilted": "绗缝 夹棉",
            "faux fur": "人造毛皮 皮草",
        },
    ),
    "length": (
        "衣长",
        {
            "cropped": "短款 九分",
            "hip-length": "及臀",
            "longline": "长款",
            "mini": "超短 迷你",
            "knee-length": "及膝",
            "midi": "中长 中长款",
            "maxi": "及踝 拖地",
            "full-length": "全长",
        },
    ),
    "silhouette": (
        "廓形",
        {
            "straight": "直筒 直身 H型",
            "a-line": "A字 A字型",
            "full": "大摆 伞裙",
            "pencil": "铅笔裙型 包臀",
            "mermaid": "鱼尾",
            "tiered": "层叠 蛋糕裙",
        },
    ),
    "leg": (
        "裤型",
        {
            "skinny": "紧身裤型 小脚",
            "straight-leg": "直筒裤型 直腿",
            "wide-leg": "阔腿",
            "flared": "喇叭裤型 微喇",
        },
    ),
    "fit": (
        "版型",
        {"regular fit": "常规版 合身", "slim fit": "修身", "oversized": "宽松"},
    ),
    "neckline": (
        "领口",
        {
            "crew neck": "圆领",
            "v-neck": "V领",
            "scoop neck": "大圆领 U领",
            "square neck": "方领",
            "boat neck": "一字领 船领",
            "off-shoulder": "露肩 一字肩",
            "halter neck": "挂脖 挂脖领",
            "sweetheart neck": "心形领 鸡心领",
            "turtleneck": "高领",
            "one-shoulder": "单肩 斜肩",
            "keyhole neck": "水滴领 镂空领",
        },
    ),
    "collar": (
        "衣领",
        {
            ABSENT: "无领",
            "shirt collar": "衬衫领 翻领",
            "notched lapels": "西装领 平驳领",
            "peter pan collar": "娃娃领 小圆领",
            "stand collar": "立领 中式领",
            "hood": "连帽 帽子",
        },
    ),
    "sleeve length": (
        "袖长",
        {
            "sleeveless": "无袖",
            "short sleeves": "短袖",
            "three-quarter sleeves": "七分袖 中袖",
            "long sleeves": "长袖",
        },
    ),
    "sleeve shape": (
        "袖型",
        {
            "straight sleeves": "直筒袖",
            "puff sleeves": "泡泡袖",
            "bell sleeves": "喇叭袖",
            "bishop sleeves": "灯笼袖 主教袖",
            "flutter sleeves": "荷叶袖 飞飞袖",
        },
    ),
    "cuffs": (
        "袖口",
        {
            ABSENT: "普通袖口",
            "ribbed cuffs": "罗纹袖口",
            "contrast cuffs": "撞色袖口",
            "ruffled cuffs": "荷叶边袖口",
        },
    ),
    "waist": (
        "腰线",
        {
            ABSENT: "自然腰线",
            "empire waist": "高腰线 帝国腰线",
            "drop waist": "低腰 低腰线",
            "peplum": "荷叶边腰摆 腰部荷叶边",
            "gathered waist": "松紧腰 抽褶腰",
        },
    ),
    "hem": (
        "下摆",
        {
            ABSENT: "平下摆",
            "ruffled hem": "荷叶边下摆",
            "fringed hem": "流苏下摆 流苏",
            "scalloped hem": "扇贝边 波浪边",
            "asymmetric hem": "不对称下摆 斜下摆",
            "high-low hem": "前短后长",
        },
    ),
    "closure": (
        "门襟",
        {
            ABSENT: "无门襟 套头",
            "button front": "纽扣门襟 单排扣 纽扣",
            "double-breasted": "双排扣",
            "zip front": "拉链门襟 拉链",
            "wrap front": "裹身 交叉门襟",
            "lace-up front": "系带门襟 绑带",
        },
    ),
    "trim": (
        "装饰",
        {
            ABSENT: "无装饰",
            "sequins": "亮片",
            "lace yoke": "蕾丝 蕾丝拼接",
            "front ruffles": "胸前荷叶边 荷叶边",
            "contrast piping": "撞色滚边 滚边",
            "embroidery": "刺绣 绣花",
            "pearls": "珍珠 钉珠",
        },
    ),
    "belt": (
        "腰带",
        {
            ABSENT: "无腰带",
            "belt": "腰带 皮带",
            "tied sash": "系带腰带 蝴蝶结腰带",
            "corset belt": "束腰腰封 腰封",
        },
    ),
    "pockets": (
        "口袋",
        {
            ABSENT: "无口袋",
            "patch pockets": "贴袋 口袋",
            "chest pocket": "胸袋",
            "cargo pockets": "工装口袋 工装",
        },
    ),
    "bow": (
        "蝴蝶结",
        {
            ABSENT: "无蝴蝶结",
            "neck bow": "领口蝴蝶结 蝴蝶结",
            "shoulder bows": "肩部蝴蝶结",
        },
    ),
    "slit": (
        "开衩",
        {ABSENT: "无开衩", "side slit": "侧开衩 开衩", "front slit": "前开衩"},
    ),
    "pleats": (
        "褶裥",
        {ABSENT: "无褶", "knife pleats": "百褶 细褶", "box pleats": "工字褶 箱型褶"},
    ),
    "hair": (
        "发型",
        {
            "long hair": "长发 长发模特",
            "short hair": "短发 短发模特",
            "bob": "波波头",
            "bun": "盘发 丸子头",
            "ponytail": "马尾 马尾辫",
            "curly hair": "卷发",
            "braids": "辫子 麻花辫",
            "headscarf": "头巾",
        },
    ),
    "hair colour": (
        "发色",
        {
            "black hair": "黑发 黑色头发",
            "brown hair": "棕发 棕色头发",
            "blonde hair": "金发 金色头发",
            "red hair": "红发 红色头发",
            "silver hair": "银发 银色头发 灰发",
        },
    ),
    "skin": (
        "肤色",
        {
            "fair skin": "浅肤色 白皙皮肤",
            "tan skin": "小麦色皮肤 小麦肤色",
            "brown skin": "棕肤色 棕色皮肤",
            "deep skin": "深肤色 深色皮肤",
        },
    ),
    "build": (
        "体型",
        {
            "average build": "标准体型",
            "slender build": "苗条体型 苗条",
            "curvy build": "丰满体型 大码 丰满",
        },
    ),
    "pose": (
        "姿势",
        {
            "standing": "站立 站姿",
            "hand on hip": "叉腰",
            "walking": "行走 走路",
            "arms out": "张开双臂",
        },
    ),
    "shoes": (
        "鞋子",
        {
            "heels": "高跟鞋",
            "flats": "平底鞋",
            "boots": "靴子 短靴",
            "sneakers": "运动鞋",
            "sandals": "凉鞋",
        },
    ),
}

_CHINESE_COMPOUNDS = {
    "小黑裙": "little black dress",
    "婚纱": "wedding gown",
    "晚礼服": "evening gown",
    "吊带裙": "slip dress",
    "衬衫裙": "shirt dress",
    "毛衣裙": "sweater dress",
    "裹身裙": "wrap dress",
    "T恤": "t-shirt",
    "背心": "tank top",
    "吊带": "camisole",
    "开衫": "cardigan",
    "卫衣": "hoodie",
    "西装外套": "blazer",
    "西装": "double-breasted blazer",
    "机车夹克": "biker jacket",
    "皮夹克": "biker jacket",
    "羽绒服": "puffer jacket",
    "牛仔外套": "denim jacket",
    "风衣": "trench coat",
    "百褶裙": "pleated skirt",
    "铅笔裙": "pencil skirt",
    "A字裙": "a-line skirt",
    "超短裙": "miniskirt",
    "短裙": "short skirt",
    "长裙": "long dress",
    "牛仔裤": "jeans",
    "阔腿裤": "palazzo pants",
    "喇叭裤": "bell-bottoms",
    "工装裤": "cargo pants",
    "牛仔短裤": "denim shorts",
}

_SPELLINGS = {
    "color": "colour",
    "colored": "colour",
    "coloured": "colour",
    "gray": "grey",
    "sleeved": "sleeve",
    "neckline": "neck",
    "necked": "neck",
    "haired": "hair",
    "skinned": "skin",
    "waisted": "waist",
    "waistline": "waist",
    "hemline": "hem",
    "hemmed": "hem",
    "legged": "leg",
    "ruffled": "ruffle",
    "frilled": "frill",
    "frilly": "frill",
    "puffed": "puff",
    "puffy": "puff",
    "scalloped": "scallop",
    "sequined": "sequin",
    "sequinned": "sequin",
    "fringed": "fringe",
    "striped": "stripe",
    "stripy": "stripe",
    "tiered": "tier",
    "pleated": "pleat",
    "buttoned": "button",
    "zipped": "zip",
    "pocketed": "pocket",
    "center": "centre",
    "fiber": "fibre",
    "shorts": "shorts",  # not the plural of "short"
    "tee": "t",  # "tee shirt" is "t-shirt"
}

_FILLERS = (
    *("a", "an", "the", "with", "and", "in", "on", "of", "for", "to", "at", "is", "has"),
    *("her", "she", "very", "please", "wearing", "wears", "worn", "style", "styled", "look"),
    *("model", "woman", "lady", "girl", "colour", "color", "garment", "clothes", "women", "womens"),
    *("的", "一", "件", "条", "个", "穿", "着", "和", "款", "色"),
)
_NEGATIONS = ("no", "not", "without", "non", "minus", "never", "无", "不", "没", "非")

# Words too general to draw, or of things that this world lacks -> the nearest that it has.
_RELATED: dict[str, str] = {
    "sleeves": "long sleeves; short sleeves; puff sleeves",
    "袖": "long sleeves; short sleeves; puff sleeves",
    "neck": "v-neck; crew neck; boat neck",
    "领": "v-neck; crew neck; shirt collar",
    "collar": "shirt collar; stand collar; notched lapels",
    "cuffs": "ribbed cuffs; contrast cuffs; ruffled cuffs",
    "waist": "empire waist; drop waist; gathered waist",
    "hem": "ruffled hem; asymmetric hem; scalloped hem",
    "pattern": "floral; polka dots; gingham",
    "print": "floral; polka dots; leopard",
    "check": "gingham; windowpane",
    "格": "gingham; windowpane; argyle",
    "hair": "long hair; short hair; curly hair",
    "skin": "fair skin; brown skin; deep skin",
    "shoes": "heels; flats; boots",
    "slit": "side slit; front slit",
    "bow": "neck bow; shoulder bows",
    "long": "long sleeves; maxi; long hair",
    "short": "short sleeves; mini; short hair",
    "high waisted": "empire waist; gathered waist",
    "高腰": "empire waist; gathered waist",
    "moto": "biker jacket",
    "plaid": "gingham; windowpane",
    "tartan": "gingham; windowpane",
    "houndstooth": "tweed; gingham",
    "herringbone": "chevron; tweed",
    "paisley": "floral; argyle",
    "camouflage": "leopard; olive; cargo pockets",
    "zebra": "leopard; vertical stripes",
    "snake": "leopard",
    "tie-dye": "ombre",
    "velvet": "satin; faux fur",
    "velour": "satin; faux fur",
    "suede": "leather",
    "corduroy": "vertical stripes; cotton",
    "linen": "cotton; beige",
    "wool": "tweed; knit",
    "cashmere": "knit",
    "jersey": "cotton; knit",
    "nylon": "quilted; satin",
    "lycra": "slim fit; cotton",
    "mesh": "sheer",
    "crochet": "knit; lace yoke",
    "metallic": "sequins; satin",
    "gold": "mustard; sequins",
    "golden": "mustard; sequins",
    "silver": "grey; sequins",
    "bronze": "camel; brown",
    "copper": "orange; brown",
    "cream": "beige; white",
    "ivory": "white; beige",
    "khaki": "olive; beige",
    "turquoise": "teal; mint",
    "aqua": "teal; sky blue",
    "cyan": "sky blue; teal",
    "indigo": "navy; purple",
    "peach": "coral; pink",
    "rose": "pink; coral",
    "lime": "green; mint",
    "charcoal": "grey; black",
    "rainbow": "colour block; ombre",
    "strapless": "off-shoulder; sweetheart neck",
    "bustier": "sweetheart neck; corset belt",
    "corset": "corset belt; lace-up front",
    "cowl": "scoop neck; turtleneck",
    "spaghetti": "camisole; slip dress; sleeveless",
    "kimono": "wrap front; bell sleeves; tied sash",
    "raglan": "straight sleeves",
    "batwing": "bell sleeves; oversized",
    "dolman": "bell sleeves; oversized",
    "cape": "coat; flutter sleeves",
    "poncho": "coat; oversized",
    "vest": "tank top; sleeveless",
    "waistcoat": "sleeveless; button front",
    "gilet": "puffer jacket",
    "leggings": "skinny; trousers; slim fit",
    "tights": "skinny",
    "joggers": "trousers; gathered waist",
    "sweatpants": "trousers; gathered waist; oversized",
    "dungarees": "jumpsuit; denim",
    "overalls": "jumpsuit; denim",
    "romper": "jumpsuit; shorts",
    "playsuit": "jumpsuit; shorts",
    "suit": "blazer; suit trousers",
    "bikini": "crop top; shorts",
    "swimsuit": "jumpsuit; crop top",
    "sari": "dress; tied sash; embroidery",
    "cheongsam": "dress; stand collar; side slit",
    "qipao": "dress; stand collar; side slit",
    "旗袍": "dress; stand collar; side slit",
    "rhinestones": "sequins; pearls",
    "crystals": "sequins; pearls",
    "beads": "pearls",
    "tassels": "fringed hem",
    "feathers": "fringed hem; faux fur",
    "patchwork": "colour block",
    "ripped": "denim; fringed hem",
    "casual": "cotton; sneakers; regular fit",
    "elegant": "satin; heels; a-line",
    "formal": "notched lapels; heels; black",
    "sporty": "hood; sneakers; zip front",
    "boho": "tiered; fringed hem; bishop sleeves",
    "bohemian": "tiered; fringed hem; bishop sleeves",
    "vintage": "polka dots; peter pan collar; full silhouette",
    "romantic": "lace yoke; puff sleeves; floral",
    "sexy": "slim fit; front slit; v-neck",
    "cute": "peter pan collar; puff sleeves; neck bow",
    "summer": "sleeveless; cotton; sandals",
    "winter": "faux fur; quilted; boots",
    "party": "sequins; satin; heels",
    "princess": "ball gown; lace yoke; pink",
    "beach": "sundress; sandals",
    "maternity": "empire waist; oversized",
    "office": "blazer; pencil skirt; shirt",
    "wedding": "wedding gown; lace yoke; white",
}

# Families in the order in which asking for them helps most, and the values to offer first.
_SUGGESTIONS: dict[str, str] = {
    "category": "dress; shirt; skirt; trousers; coat; sweater; jacket; top; jumpsuit; shorts",
    "colour": "navy; red; olive; beige; burgundy; sky blue; lilac; mustard; white; black",
    "length": "midi; maxi; mini; knee-length; cropped; full-length; hip-length; longline",
    "neckline": "v-neck; boat neck; square neck; turtleneck; sweetheart neck; halter neck",
    "silhouette": "a-line; pencil; full; mermaid; tiered; straight",
    "leg": "wide-leg; straight-leg; flared; skinny",
    "sleeve length": "long sleeves; sleeveless; short sleeves; three-quarter sleeves",
    "pattern": "floral; polka dots; horizontal stripes; gingham; leopard; chevron; argyle; ombre",
    "fit": "slim fit; oversized; regular fit",
    "sleeve shape": "puff sleeves; bell sleeves; bishop sleeves; flutter sleeves",
    "fabric": "satin; denim; knit; leather; sheer; tweed; quilted; cotton; faux fur",
    "collar": "shirt collar; notched lapels; hood; peter pan collar; stand collar",
    "closure": "button front; wrap front; double-breasted; zip front; lace-up front",
    "trim": "embroidery; sequins; lace yoke; front ruffles; contrast piping; pearls",
    "belt": "belt; tied sash; corset belt",
    "hem": "ruffled hem; asymmetric hem; scalloped hem; high-low hem; fringed hem",
    "waist": "empire waist; peplum; gathered waist; drop waist",
    "pleats": "knife pleats; box pleats",
    "slit": "side slit; front slit",
    "pockets": "patch pockets; chest pocket; cargo pockets",
    "bow": "neck bow; shoulder bows",
    "cuffs": "ribbed cuffs; contrast cuffs; ruffled cuffs",
    "hair": "long hair; bob; curly hair; bun; ponytail; braids; short hair; headscarf",
    "shoes": "heels; boots; sneakers; flats; sandals",
    "pose": "hand on hip; walking; standing; arms out",
    "hair colour": "brown hair; black hair; blonde hair; red hair; silver hair",
    "skin": "tan skin; brown skin; deep skin; fair skin",
    "build": "slender build; curvy build; average build",
}

_FAMILY_OF = {
    value: family for family, values in FAMILIES.items() for value in values if value != ABSENT
}


def _listed(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.split(";") if phrase.strip()]


def _english_phrases() -> dict[str, dict[str, str]]:
    """Every English phrase -> its attributes."""
    phrases: dict[str, dict[str, str]] = {}
    for family, values in _ENGLISH.items():
        for value, text in values.items():
            for phrase in _listed(text):
                if phrase in phrases:
                    raise ValueError(f"Two values share the phrase {phrase!r}.")
                phrases[phrase] = {family: value}
    for phrase, text in _COMPOUNDS.items():
        asked = {_FAMILY_OF[value]: value for value in _listed(text)}
        phrases[phrase] = {family: asked[family] for family in FAMILIES if family in asked}
    return phrases


@cache
def build_phrasebook() -> Phrasebook:
    """The vocabulary of the drawn world, as its checkpoint carries it."""

    def main(value: str) -> str:
        return _listed(_ENGLISH[_FAMILY_OF[value]][value])[0]

    chinese = {
        typed: _listed(_ENGLISH[family][value])[0]
        for family, (_, values) in _CHINESE.items()
        for value, text in values.items()
        for typed in text.split()
    }
    return Phrasebook(
        families=FAMILIES,
        phrases=_english_phrases(),
        chinese=chinese | _CHINESE_COMPOUNDS,
        rules=tuple(
            PhraseRule(rule.family, rule.values, rule.other, rule.allowed) for rule in RULES
        ),
        spelled_out={
            typed: tuple(main(value) for value in _listed(text))
            for typed, text in _SPELLED_OUT.items()
        },
        family_names={family: name for family, (name, _) in _CHINESE.items()},
        spellings=_SPELLINGS,
        fillers=_FILLERS,
        negations=_NEGATIONS,
        related={
            word: tuple(main(near) if near in _FAMILY_OF else near for near in _listed(text))
            for word, text in _RELATED.items()
        },
        suggestions=tuple(main(each) for text in _SUGGESTIONS.values() for each in _listed(text)),
    )


class _CaptionTables:
    """What captions need, looked up once."""

    def __init__(self, book: Phrasebook) -> None:
        self.book = book
        self.single: dict[tuple[str, str], tuple[str, ...]] = {}
        # By first attribute: phrase, attributes, and a weight that favours the rarer ones.
        self.compounds: dict[tuple[str, str], list[tuple[str, dict[str, str], int]]] = {}
        for phrase, asked in book.phrases.items():
            first = next(iter(asked.items()))
            if len(asked) == 1:
                self.single[first] = (*self.single.get(first, ()), phrase)
            else:
                weight = prod(len(FAMILIES[family]) for family in asked)
                self.compounds.setdefault(first, []).append((phrase, asked, weight))
        self.places = {phrase: book.canonical_place(phrase) for phrase in book.phrases}
        # An absence is worth telling only where the garment could have had the detail.
        self.can_be_there = {
            (family, category): len(allowed_values(family, {"category": category})) > 1
            for family in FAMILIES
            for category in FAMILIES["category"]
        }

    def draw_compound(self, outfit: Outfit, rng: random.Random) -> str | None:
        """A compound phrase of which every attribute holds, if there is one."""
        holding = [
            (phrase, weight)
            for pair in outfit.items()
            for phrase, asked, weight in self.compounds.get(pair, ())
            if all(outfit[family] == value for family, value in asked.items())
        ]
        if not holding:
            return None
        phrases, weights = zip(*holding, strict=True)
        drawn: str = rng.choices(phrases, weights)[0]
        return drawn

    def tellable(self, outfit: Outfit, rng: random.Random) -> list[tuple[str, str]]:
        category = outfit["category"]
        return [
            (family, value)
            for family, value in outfit.items()
            if (family, value) in self.single
            and (
                value != ABSENT
                or (self.can_be_there[family, category] and rng.random() < ABSENCE_CHANCE)
            )
        ]


@cache
def _tables() -> _CaptionTables:
    return _CaptionTables(build_phrasebook())


def caption(
    outfit: Outfit,
    rng: random.Random,
    shuffled: bool = True,
    keep: tuple[int, int] | None = None,
) -> str:
    """Some true phrases about an outfit, between commas.

    Families are sub-sampled and synonyms drawn by lot. A compound phrase comes in only when all
    of its attributes hold; the families that it tells are then not told again.

    Args:
        outfit: what to tell of.
        rng: source of chance; the same state gives the same caption.
        shuffled: whether the phrases come in any order; if not, in the canonical order, which is
            what the phrasebook makes of them.
        keep: fewest and most phrases; by default one caption in five is short (1 to 4) and the
            others long (5 to 16), as far as the outfit has so much to tell.
    """
    tables = _tables()
    if keep is None:
        keep = SHORT_CAPTION if rng.random() < SHORT_CAPTION_SHARE else LONG_CAPTION
    count = rng.randint(*keep)
    told = tables.tellable(outfit, rng)
    first = told[0]
    rng.shuffle(told)
    if rng.random() < FIRST_FAMILY_CHANCE:
        told.remove(first)
        told.insert(0, first)
    phrases: list[str] = []
    compound = tables.draw_compound(outfit, rng) if rng.random() < COMPOUND_CHANCE else None
    if compound is not None:
        asked = tables.book.phrases[compound]
        told = [pair for pair in told if pair[0] not in asked]
        phrases.append(compound)
    for pair in told[: max(count - len(phrases), 0)]:
        known = tables.single[pair]
        phrases.append(known[0] if rng.random() < MAIN_PHRASE_CHANCE else rng.choice(known))
    if shuffled:
        rng.shuffle(phrases)
    else:
        phrases.sort(key=tables.places.__getitem__)
    return ", ".join(phrases)
