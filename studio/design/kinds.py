"""Kinds of words: what a thing is, so that an unknown word suggests what means nearly the same.

Suggestions come from here, never from letters alone: lingerie is no tangerine. A row says which
words are of a kind, and the phrases nearest to it, those first that come nearest.
"""

from collections.abc import Callable, Container, Mapping

KINDS: dict[str, str] = {
    # --- Garments -----------------------------------------------------------------------------
    "lingerie; underwear; bra; bralette; panties; knickers; thong; garter; suspenders; chemise; "
    "negligee; nightie; nightgown; nightdress; boudoir; teddy lingerie; slip lingerie; 内衣; 睡裙; "
    "文胸; 吊袜带": "camisole; slip dress; lace yoke",
    "robe; bathrobe; dressing gown; housecoat; peignoir; 浴袍; 睡袍; 家居服": ""
    "wrap coat; tied sash; wrap front",
    "swimming costume; bathing suit; one-piece swimsuit; tankini; trunks; boardshorts; sarong; "
    "pareo; cover-up; cover up; rash guard; 泳装; 罩衫泳衣": "crop top; shorts; sundress",
    "onesie; bodystocking; unitard; jump suit; coverall; coveralls; flight suit; flightsuit; "
    "overall; 连身衣; 工装连体裤": "jumpsuit; boiler suit; catsuit",
    "tuxedo; dinner jacket; smoking; morning coat; tailcoat; tails; 燕尾服; 礼服西装": ""
    "blazer; tuxedo jacket; suit trousers",
    "sports jacket; sport coat; suit coat; nehru jacket; smoking jacket; 西服; 西装上衣": ""
    "blazer; double-breasted blazer",
    "windbreaker; windcheater; track jacket; tracksuit top; rain jacket; cagoule; softshell; "
    "hardshell; shell jacket; 冲锋衣; 防晒衣; 风雨衣": "anorak; zip front; hood",
    "bolero; shrug; capelet; spencer; 披肩; 坎肩": "cropped; jacket; cardigan",
    "shacket; overshirt; shirt jacket; chore coat; chore jacket; safari jacket; field jacket; "
    "barn jacket; utility jacket; 衬衫外套; 工装外套": "jacket; shirt collar; patch pockets",
    "down coat; down jacket; ski jacket; parka coat; puffa; body warmer; bodywarmer; 棉袄; 面包服; "
    "羽绒马甲": "puffer jacket; puffer coat; quilted",
    "cloak coat; opera coat; ulster; chesterfield; crombie; loden; inverness; reefer; covert coat; "
    "car coat; carcoat; cocoon coat; 呢子大衣; 毛呢大衣": "coat; double-breasted; tweed",
    "shearling; sheepskin; mink; fox fur; sable; rabbit fur; astrakhan; karakul; fleecy; 羊皮; "
    "貂皮; 狐狸毛; 泰迪绒": "faux fur; teddy coat",
    "henley; rugby shirt; rugby top; football shirt; jersey shirt; raglan tee; ringer tee; "
    "baseball tee; longsleeve; long-sleeve; undershirt; vest; singlet; muscle tee; 打底衫; 汗衫; "
    "长袖T恤": "t-shirt; tank top; top",
    "bandeau; boob tube; tube; corsage; basque top; bralet; bustier dress; 裹胸": ""
    "strapless; sweetheart neck; crop top",
    "shell top; shell; smock; smock top; peasant top; gypsy top; poet shirt; pirate shirt; "
    "swashbuckler; 娃娃衫; 宫廷衬衫": "peasant blouse; bishop sleeves; top",
    "jumper dress; knit dress; jersey dress; tube dress; bandage dress; wiggle dress; tank dress; "
    "包臀裙连衣裙; 针织连衣裙": "sweater dress; bodycon dress; sheath dress",
    "tent dress; trapeze dress; sack dress; mumu; muumuu; housedress; house dress; day dress; "
    "tunic dress; 孕妇裙; 罩裙": "a-line; oversized; shift dress",
    "ballgown; quinceanera dress; debutante; pageant; cinderella; crinoline; hoop skirt; tutu; "
    "ballerina skirt; petticoat; 蓬裙; 芭蕾裙; 公主裙": "ball gown; full silhouette; tulle",
    "dirndl; tracht; lederhosen; folk costume; milkmaid; 民族服装": ""
    "square neck; puff sleeves; gathered waist",
    "djellaba; abaya; thobe; thawb; jilbab; burqa; burka; kaftan dress; boubou; dashiki; agbada; "
    "阿拉伯长袍": "maxi; bell sleeves; headscarf",
    "salwar; shalwar; kameez; kurta; kurti; anarkali; churidar; punjabi; ghagra; choli; "
    "印度服装": "tunic; side slit; embroidery",
    "ao dai; aodai; hanbok; yukata; haori; cheongsam top; tang suit; mandarin jacket; baju; "
    "kebaya; 唐装; 袄裙; 马面裙; 韩服; 浴衣": "stand collar; wrap front; side slit",
    "toga; tunica; chiton; peplos; grecian; greek goddess; goddess dress; draped dress; 希腊": ""
    "one-shoulder; empire waist; maxi",
    "kilt; kilted skirt; scots skirt; 苏格兰裙": "box pleats; mini; windowpane",
    "skater skirt; bubble skirt; balloon skirt; puffball; flippy skirt; flip skirt; swing skirt; "
    "气球裙; 花苞裙": "circle skirt; full silhouette; a-line skirt",
    "handkerchief skirt; pixie hem; wrap skirt; sarong skirt; 裹裙": ""
    "wrap front; asymmetric hem; skirt",
    "tube skirt; bodycon skirt; hobble skirt; gored skirt; trumpet skirt; 一步裙": ""
    "pencil skirt; fishtail skirt; slim fit",
    "hot pants; hotpants; booty shorts; biker shorts; cycling shorts; bike shorts; gym shorts; "
    "running shorts; 热裤; 骑行裤; 运动短裤": "shorts; slim fit; mini",
    "knickerbockers; plus fours; breeches; jodhpurs; pedal pushers; gauchos; "
    "three-quarter trousers; 马裤; 七分裤; 八分裤": "culottes; capri pants; cropped",
    "harem pants; harem trousers; zouave; sarouel; aladdin pants; parachute pants; balloon pants; "
    "carrot pants; barrel jeans; mom fit; peg trousers; 哈伦裤; 灯笼裤; 萝卜裤": ""
    "trousers; gathered waist; wide-leg",
    "treggings; jeggings; ski pants; stirrup pants; yoga pants; tights trousers; 瑜伽裤; 铅笔裤; "
    "小脚裤": "leggings; skinny; cigarette trousers",
    "pyjama bottoms; lounge pants; lounge set; tracksuit; sweatsuit; jogger set; track suit; "
    "运动套装; 家居裤": "joggers; hoodie; sweater",
    "khakis; carpenter pants; painter pants; workwear pants; combat trousers; combats; "
    "utility pants; 工作裤": "chinos; cargo pants",
    "uniform; scrubs; apron; tabard; overalls dress; lab coat; nurse; waitress; maid; maid outfit; "
    "工作服; 制服; 围裙; 女仆装": "shirt dress; peter pan collar; button front",
    "costume; cosplay; fancy dress; armour; armor; corset dress; steampunk; 戏服; 盔甲": ""
    "corset belt; lace-up front; ball gown",
    # --- Cloths -------------------------------------------------------------------------------
    "gauze; muslin; cheesecloth; seersucker; lawn; batiste; percale; calico; gingham cotton; "
    "oxford cloth; drill; hemp; ramie; bamboo; cambric; double gauze; 棉麻; 苎麻; 泡泡纱; 竹纤维; "
    "帆布; 棉布料": "cotton",
    "crepe; crepe de chine; cady; habotai; dupioni; shantung; sateen; moire; lame; silk crepe; "
    "acetate; cupro; 绉; 绸缎; 织锦; 香云纱; 冰丝; 缎子": "satin",
    "point d'esprit; dotted swiss; netting; fishnet; illusion; gossamer; gazar; lace fabric; "
    "marquisette; 网眼; 蕾丝面料; 欧根; 乔其纱": "sheer; lace yoke",
    "angora; alpaca; cashmere knit; aran; fair isle; jacquard knit; intarsia; waffle; waffle knit; "
    "pointelle; bobble; cable-knit; lambswool; fisherman; chenille; 毛线衣; 马海毛; 羊驼毛; 绞花; "
    "费尔岛": "knit; sweater",
    "gabardine; flannel; melton; worsted; serge; felt; felted; harris; boiled wool; woolly; 羊呢; "
    "法兰绒; 双面呢; 呢子": "tweed; cotton",
    "patent; patent leather; pleather; latex; vinyl; pvc; snakeskin leather; nubuck; pu leather; "
    "漆皮; 皮革面; pu皮; 乳胶": "leather",
    "lycra; spandex; elastane; neoprene; scuba; ponte; stretch; stretchy; swim fabric; 弹力; 莱卡; "
    "氨纶": "slim fit; bodycon",
    "metallic fabric; foil; holographic; iridescent; shiny; glossy; shimmer; shimmery; sparkle; "
    "sparkling; glittering; lurex; 闪光; 亮面; 金属感; 镭射": "sequins; satin",
    "raw denim; acid wash; stonewash; light wash; dark wash; distressed; ripped jeans; 水洗; 破洞; "
    "牛仔料": "denim",
    # --- Prints -------------------------------------------------------------------------------
    "botanic; leafy; leaf print; foliage; jungle; fern; palm print; palms; hibiscus; roses print; "
    "cherry print; fruit print; lemons; strawberry print; strawberries; sunflowers; tulips; "
    "lavender print; liberty; chintz; 树叶; 草莓; 樱桃; 向日葵; 玫瑰花": "floral",
    "animal; animal skin; tiger; cheetah; giraffe; cow print; cow; dalmatian; snake; python; "
    "crocodile; 老虎; 奶牛; 蛇纹; 虎纹": "leopard",
    "prince of wales; glen check; glen plaid; tattersall; madras; burberry check; lumberjack; "
    "checkerboard; chequered; chequerboard; 棋盘格; 威尔士格; 格子衫": "windowpane; gingham",
    "abstract; abstract print; op art; graphic; psychedelic; swirl; swirls; marble; marbled; wavy; "
    "waves print; ikat; aztec; tribal print; mosaic; moroccan; 抽象; 几何图形": ""
    "chevron; argyle; colour block",
    "patchwork; colour panels; color panels; panelled; paneled; contrast panels; mixed fabric; "
    "拼接; 补丁": "colour block",
    "watercolour print; faded print; bleached; sunset print; rainbow print; space dye; dyed; 晕染; "
    "吊染": "ombre",
    "logo print; slogan; lettering; monogram; cartoon print; band tee; graphic tee; 字母; 印字; "
    "卡通": "solid; t-shirt",
    "regency stripes; deckchair stripes; ticking; bengal stripes; banker stripes; mixed stripes; "
    "细条纹; 宽条纹": "vertical stripes; horizontal stripes",
    "spotty; dotty; confetti; bubbles print; hearts; heart print; stars; star print; 爱心; 星星": ""
    "polka dots",
    # --- Necks and collars --------------------------------------------------------------------
    "choker neck; mock turtleneck; mock neck top; high collar; victorian collar; ruff; 荷叶立领; "
    "木耳边领": "turtleneck; stand collar",
    "shawl collar; shawl lapel; peak lapel; peak lapels; wide lapels; tuxedo collar; 青果领; "
    "戗驳领": "notched lapels",
    "sailor collar; bertha collar; puritan collar; bib collar; big collar; scalloped collar; "
    "eton collar; 水手领; 海军领": "peter pan collar; shirt collar",
    "wing collar; cutaway collar; dagger collar; camp collar; cuban collar; revere collar; "
    "bowling collar; 古巴领": "shirt collar",
    "illusion neck; sheer neck; queen anne neck; bertha; portrait neck; 透纱领": ""
    "boat neck; lace yoke; off-shoulder",
    "cold shoulder; cut-out shoulder; bare shoulder; open shoulder; 漏肩; 挂肩": ""
    "off-shoulder; one-shoulder",
    "racerback; racer back; cross back; crossback; cross-over straps; tank straps; criss cross; "
    "交叉带; 工字背心": "halter neck; tank top",
    "open back; low back; scoop back; keyhole back; bare back; 露背; 后背镂空; 美背": ""
    "halter neck; keyhole neck",
    # --- Sleeves ------------------------------------------------------------------------------
    "dolman; batwing; kimono sleeve; kimono sleeves; magyar; bat sleeves; 蝙蝠袖": ""
    "bell sleeves; oversized",
    "raglan; saddle sleeve; drop shoulder; dropped shoulder; dropped sleeves; 插肩; 落肩": ""
    "straight sleeves; oversized",
    "juliet sleeves; renaissance sleeves; virago; statement sleeves; voluminous sleeves; "
    "big sleeves; mutton sleeves; victorian sleeves; lantern; 羊腿袖; 宫廷袖; 灯笼": ""
    "puff sleeves; bishop sleeves",
    "tulip sleeve; tulip sleeves; petal sleeves; cape sleeves; cape sleeve; split sleeves; "
    "angel wing; 花瓣袖; 披肩袖": "flutter sleeves",
    "rolled sleeves; roll-up sleeves; tab sleeves; pushed up sleeves; 卷袖; 挽袖": ""
    "three-quarter sleeves",
    "thumbholes; gauntlet; button cuffs; french cuffs; barrel cuffs; cufflinks; 法式袖口": ""
    "contrast cuffs; ribbed cuffs",
    # --- Waists, hems, shapes -----------------------------------------------------------------
    "shirring; shirred; smocking; smocked; ruched; ruching; gathered; gathers; drawstring; "
    "elasticated; paper bag; cinched; 抽绳; 抽褶; 褶皱; 松紧": "gathered waist",
    "low rise; hipster; hip hugger; low slung; 低腰裤": "drop waist",
    "princess line; princess seams; darted; tailored; structured; sculpted; nipped-in; nipped; "
    "hourglass; corseted; boned; 公主线; 立体剪裁": "slim fit; corset belt",
    "loose; baggy fit; flowing; flowy; breezy; floaty; swingy; drapey; draped; unstructured; 飘逸; "
    "垂感; 随性": "oversized; a-line",
    "tight; clingy; skin tight; body con; figure flattering; contouring; 紧致; 塑形": ""
    "slim fit; bodycon dress",
    "balloon hem; bubble hem; tulip hem; tulip; petal hem; lettuce hem; handkerchief hem; "
    "handkerchief; shark bite; dip hem; step hem; curved hem; 花瓣摆; 鱼尾摆; 手帕摆": ""
    "asymmetric hem; scalloped hem",
    "godet; godets; flounce; flouncy; trumpet shape; flare; flaring; 摆大": ""
    "mermaid; full silhouette",
    "train; sweep train; court train; cathedral train; watteau; trailing; 拖尾": "maxi; mermaid",
    "raw edge; frayed; fray; unfinished hem; raw hem; distressed hem; 毛边": "fringed hem",
    "vent; kick pleat; back slit; slash; slashed; side vents; 后开衩": "side slit; front slit",
    "pintucks; pin tucks; tucks; crystal pleats; sunburst pleats; plisse pleats; pleating fine; "
    "压褶; 风琴褶": "knife pleats",
    # --- Closures, trims, belts, pockets ------------------------------------------------------
    "hook and eye; snaps; snap buttons; press studs; poppers; velcro; magnetic; toggles; toggle; "
    "frogging; studs; 按扣; 魔术贴; 牛角扣": "button front; zip front",
    "side zip; back zip; concealed zip; invisible zip; asymmetric zip; two-way zip; 隐形拉链": ""
    "zip front",
    "tie front; tie-front; tied front; knot front; knotted; twist front; 打结; 扭结": ""
    "wrap front; tied sash; neck bow",
    "rhinestone; rhinestones; crystals; diamante; swarovski; beading; beads; bugle beads; jewels; "
    "jewelled; embellished; gemstones; 水钻; 镶钻; 珠子; 亮钻": "pearls; sequins",
    "applique; appliques; patches; cross stitch; needlework; smock embroidery; sashiko; stitching; "
    "贴布; 十字绣; 贴花": "embroidery",
    "guipure; chantilly; crochet trim; eyelash lace; doily; lacework; openwork; 勾花; 镂花": ""
    "lace yoke",
    "feather; feathers; marabou; ostrich; pom poms; pompoms; tassel; macrame; beaded fringe; 羽毛; "
    "毛球; 流苏边": "fringed hem; faux fur",
    "braid trim; ribbon trim; ric rac; rickrack; grosgrain; bias binding; binding; tape; gimp; "
    "织带; 包边": "contrast piping",
    "frill; frilly; flounces; valance; tiers of ruffles; cascading ruffles; 木耳边; 花边": ""
    "front ruffles; ruffled hem",
    "chain belt; obi belt; rope belt; cummerbund; girdle; waistband; d-ring belt; 链条腰带; "
    "宽腰带": "belt; corset belt; tied sash",
    "welt pocket; welt pockets; slant pockets; side pockets; kangaroo pocket; hidden pockets; "
    "zip pockets; bellows pockets; 插袋; 侧口袋; 袋鼠兜": "patch pockets",
    "rosette; bow tie; pussybow; lavalliere; necktie; scarf neck; ribbon; ribbons; 丝带; 领结; "
    "飘带; 系带; 绑绳": "neck bow; tied sash",
    # --- People and shoes ---------------------------------------------------------------------
    "wavy hair; waves hair; beach waves; permed; dreadlocks; dreads; locs; 波浪发; 羊毛卷": ""
    "curly hair",
    "french braid; cornrows; plait; fishtail braid; 双马尾; 编发": "braids",
    "half up; half-up; messy bun; space buns; twist updo; 半扎发; 发髻": "bun; ponytail",
    "lob; shoulder-length hair; shoulder length hair; fringe; 齐肩发; 锁骨发; 刘海": "bob",
    "pale; porcelain; freckled skin; ivory skin; 白皮": "fair skin",
    "wedges; platforms; mules; kitten heels; slingbacks; mary janes; brogues; oxfords; clogs; "
    "espadrilles; 乐福鞋; 玛丽珍鞋; 坡跟鞋": "heels; flats; sandals",
    "wellies; wellingtons; cowboy boots; combat boots; doc martens; uggs; over-the-knee boots; "
    "thigh-high boots; 雪地靴; 西部靴; 过膝靴": "boots",
    "flip flops; slides; gladiators; sliders; 拖鞋; 人字拖": "sandals",
    "petite; tall; skinny model; athletic build; pear shaped; apple shaped; busty; voluptuous; "
    "chubby; 高挑; 娇小; 胖": "slender build; curvy build; average build",
    "sitting; seated; kneeling; leaning; jumping; dancing; running; twirling; 坐着; 跳舞; 奔跑": ""
    "standing; walking; hand on hip",
    # --- Lengths ------------------------------------------------------------------------------
    "ankle grazing; ankle-grazing; ballerina length; seven-eighths; 7/8; 长及小腿": ""
    "midi; maxi; cropped",
    "micro; micro mini; very short; thigh high; 超短款": "mini",
    "waist length; waist-length; bolero length; belly; midriff; 露脐; 及腰": "cropped",
    "thigh-length; knee long; 3/4 length; 中款": "longline; knee-length",
    # --- Moods without a look of their own ----------------------------------------------------
    "comfortable; comfy; cosy; cozy; snug; warm; thick; 舒适; 舒服; 保暖; 加厚; 加绒": ""
    "knit; oversized; long sleeves",
    "light; lightweight; airy; cool; breathable; thin; 轻薄; 透气; 凉爽; 薄款": ""
    "cotton; sheer; sleeveless",
    "opulent; rich; lavish; royal; regal; baroque; rococo; 华丽; 奢华; 宫廷": ""
    "satin; embroidery; ball gown",
    "fun; playful; quirky; bold; colourful; colorful; bright colours; 活泼; 俏皮; 多彩": ""
    "polka dots; colour block; fuchsia",
    "dark; moody; mysterious; 神秘": "black; burgundy",
    "menswear; masculine; mens; men's; boyfriend; androgynous; unisex; 男装; 中性; 男友风": ""
    "oversized; shirt; suit trousers",
    "kids; child; children; toddler; baby clothes; 童装; 儿童": "peter pan collar; puff sleeves",
}
"""Words of a kind, semicolons between -> known phrases near to it, the nearest first."""

HEADS: dict[str, str] = {
    # The noun of an unknown phrase says what it is: "sweep sleeves" are sleeves.
    "sleeve; sleeves; 袖": "long sleeves; puff sleeves; short sleeves",
    "neck; neckline; 领口": "v-neck; boat neck; square neck",
    "collar; lapel; lapels; 领": "shirt collar; peter pan collar; stand collar",
    "dress; gown; 裙": "dress; a-line; midi",
    "skirt; 半裙": "skirt; a-line skirt; pencil skirt",
    "trousers; pants; jeans; 裤": "trousers; wide-leg; straight-leg",
    "top; blouse; tee; 上衣": "top; shirt; tunic",
    "jacket; blazer; 外套": "jacket; blazer; biker jacket",
    "coat; 大衣": "coat; trench coat; pea coat",
    "sweater; jumper; knitwear; 毛衣": "sweater; cardigan; turtleneck",
    "hem; hemline; 下摆; 摆": "ruffled hem; asymmetric hem; scalloped hem",
    "waist; waistline; 腰": "empire waist; gathered waist; drop waist",
    "belt; 带": "belt; tied sash; corset belt",
    "pocket; pockets; 袋; 兜": "patch pockets; chest pocket; cargo pockets",
    "cuff; cuffs; 袖口": "ribbed cuffs; ruffled cuffs; contrast cuffs",
    "button; buttons; 扣": "button front; double-breasted",
    "trim; edging; 边": "contrast piping; lace yoke; front ruffles",
    "pleat; pleats; 褶": "knife pleats; box pleats",
    "print; pattern; motif; 纹; 图案; 印花": "floral; polka dots; gingham",
    "stripe; stripes; 条": "horizontal stripes; vertical stripes",
    "check; checks; plaid; 格": "gingham; windowpane",
    "fabric; cloth; material; 面料; 布; 料": "cotton; satin; knit",
    "fit; cut; 版型": "slim fit; oversized; regular fit",
    "length; 长度": "midi; maxi; mini",
    "shoe; shoes; 鞋": "heels; flats; sneakers",
    "boot; boots; 靴": "boots",
    "hair; 发": "long hair; bob; curly hair",
    "blue; 蓝": "blue; navy; sky blue",
    "green; 绿": "green; olive; mint",
    "red; 红": "red; burgundy; coral",
    "pink; 粉": "pink; fuchsia; coral",
    "purple; violet; 紫": "purple; lilac",
    "yellow; 黄": "yellow; mustard",
    "brown; 棕; 咖": "brown; camel",
    "grey; gray; 灰": "grey; black",
    "white; 白": "white; beige",
    "colour; color; shade; 色": "navy; red; olive",
}
"""The last word of an unknown phrase -> known phrases of that kind."""


def kinds(
    table: Mapping[str, str], key: Callable[[str], str], known: Container[str]
) -> dict[str, tuple[str, ...]]:
    """Key of a word -> the phrases near to it, as far as they are known.

    Args:
        table: `KINDS` or `HEADS`.
        key: makes words comparable.
        known: the phrases of a phrasebook.
    """
    found: dict[str, tuple[str, ...]] = {}
    for words, near in table.items():
        phrases = tuple(
            each for each in (text.strip() for text in near.split(";")) if each in known
        )
        for word in words.split(";"):
            if phrases and key(word):
                found.setdefault(key(word), phrases)
    return found
