"""Words of something else: they never decide the garment, and the page says that they're ignored.

Eyes, bags, scenes, cameras, praise: people and other programs write them into prompts. A colour
or cut before such a word belongs to that thing.
"""

THINGS = tuple(
    each.strip()
    for each in """
lining; linings; sole; soles; zip pull; hardware; buckle; buckles; thread; label; hanger loop;
eyes; eye; eyebrows; eyelashes; lashes; lips; lip; lipstick; nails; nail polish; manicure; makeup;
make-up; freckles; face; smile; smiling; expression; teeth; ears; hands; fingers; legs; tattoo;
tattoos; skin texture; complexion; hair; hairstyle; fringe hair; bangs; bag; bags; handbag; purse;
clutch; tote; backpack; top handle; top-handle; top-handle bag; suitcase; umbrella; hat; cap;
beanie; beret; sun hat; straw hat; glasses; sunglasses; eyewear; jewellery; jewelry; earrings;
earring; necklace; choker; bracelet; bangle; ring; rings; watch; brooch; scarf; shawl; gloves;
glove; tights; stockings; socks; sock; veil; tie; cat; dog; horse; bicycle; car; coffee; book;
phone; bouquet; balloons; chair; sofa; bench; background; backdrop; backgrounds; wall; walls;
floor; studio; street; city; cityscape; road; sidewalk; paris; london; new york; tokyo; shanghai;
milan; beach scene; sea; ocean; sky; sunset; sunrise; night; evening light; day; daylight; sun;
moon; clouds; rain; snow scene; forest; woods; garden; park; field; meadow; mountains; lake;
river; room; interior; window; stairs; door; cafe; restaurant; bar; bedroom; kitchen; bridge;
trees; tree; grass; leaves; runway; catwalk show; scene; scenery; landscape; setting; environment;
location; outdoors; indoors; outside; inside; light; lights; lighting; soft light; natural light;
golden hour; backlight; backlit; rim light; shadow; shadows; reflections; glow; studio lighting;
photo; photos; photograph; photography; photographic; photoshoot; picture; image; portrait; shot;
shots; selfie; snapshot; illustration; sketch; drawing; painting; watercolour; watercolor; render;
rendering; 3d; anime; cartoon; concept art; artwork; poster; magazine; vogue; cover; editorial;
lookbook; campaign; advert; advertisement; catalogue; catalog; full body; full body shot;
full-body; whole body; half body; upper body; full length portrait; full length photo;
full length shot; full figure shot; head to toe; close-up; closeup; close up; wide shot;
medium shot; front view; side view; back view; angle; low angle; bokeh; depth of field; blurred;
blurry; camera; lens; canon; nikon; sony; leica; kodak; film grain; grain; iso; aperture;
exposure; hdr; raw; 35mm; 50mm; 85mm; 105mm; 4k; 8k; 16k; uhd; hd; high resolution; hi-res;
resolution; sharp focus; in focus; focus; intricate details; details; detail; masterpiece;
worst quality; low quality; realism; professional photo; award winning; trending on artstation;
artstation; octane render; unreal engine; supermodel; person; people; man; men; human; body; age;
old woman; years old; indian woman; standing pose photo; mannequin; hanger; flat lay; watermark;
text; logo; signature; bad anatomy; deformed; extra fingers; extra limbs; blur; nsfw;
cropped image; out of frame; lowres; jpeg artifacts; 眼睛; 眼; 嘴唇; 口红; 指甲; 妆容; 脸; 笑容;
包; 包包; 手提包; 帽; 草帽; 贝雷帽; 眼镜; 墨镜; 耳环; 项链; 手链; 首饰; 围巾; 手套; 袜子; 丝袜;
背景; 背景墙; 墙; 墙壁; 街道; 街头拍摄; 城市; 巴黎; 上海; 海滩背景; 夜晚; 夜景; 阳光; 室内; 室外;
户外; 灯光; 光线; 花园; 公园; 照片; 摄影; 图片; 全身; 全身照; 半身照; 特写; 镜头; 高清; 高质量;
最佳质量; 杰作; 大师作品; 细节; 超清; 真实感; 女孩; 女人; 女性; 女士; 女生; 人物; 头发;
flat sketch; technical flat; technical drawing; fashion flat; fashion sketch; flat drawing;
flat colours; 1girl; 1boy; 2girls; solo; solo focus; looking at viewer; simple background;
plain background; upper half; lower half; top half; bottom half; custom size; gift for her; size;
sizes; brand; runway look; street snap; pinterest; instagram; tiktok; influencer; ootd; viewer;
cowboy shot; dynamic pose; medium format; dslr; volumetric lighting; ambient light;
vibrant colours; muted colours; colour palette; color palette; palette; mood; moody lighting;
film still; 雪地; 雪地里; 电影感; 博主; 镜子; 自拍; 模特图; 平铺; 白底; 白底图; 棚拍; 写真; 插画;
手绘; 效果图; 款式图; 线稿; 黑白照片; 景深; 虚化;
""".replace("\n", " ").split(";")
    if each.strip()
)
"""Things, scenes, pictures: ignored, together with what describes them."""

PRAISE = tuple(
    each.strip()
    for each in """
beautiful; gorgeous; stunning; pretty; perfect; amazing; lovely; attractive; nice; fashionable;
stylish; trendy; fashion; haute couture; couture; realistic; photorealistic; hyperrealistic;
ultra realistic; detailed; highly detailed; ultra detailed; intricate; sharp; high quality;
best quality; top quality; cinematic; young; asian; european; african; caucasian; 唯美; 漂亮;
美丽; 好看; 时尚; 写实; 女装; handmade; hand made; hand-made; made to order; custom made; custom;
personalised; personalized; bespoke; new; new arrival; hot sale; sale; best seller; bestseller;
designer; luxury brand; gift; gifts; present; xs; xl; xxl; 2xl; 3xl; 小众; 新款; 爆款; 同款; 网红;
穿搭; 女; 女款; 女式; 韩国; 欧美; 改良; 加绒; 加厚; 复刻; 定制; 原创; 现货; 包邮; 正品; 秋冬;
百搭; 减龄; 洋气; 时髦; 显白; 高级感; 质感; 氛围感; 高级; 春秋; 春夏; 夏装; 春装; 秋装; 冬装;
大气; chic look; must have; must-have; versatile; comfy chic; premium; quality; high-quality;
authentic; original; unique; one of a kind; ready to ship; free shipping; 品牌; 设计师;
""".replace("\n", " ").split(";")
    if each.strip()
)
"""Praise, and what shops write beside it: ignored alone; a colour before it is the garment's."""

SCENE_BEFORE = (
    *("in front of", "holding", "carrying", "against", "next to", "beside", "standing in"),
    *("standing on", "sitting on", "sitting in", "leaning on", "walking in", "walking on"),
    *("walking through", "surrounded by", "walking down", "riding", "looking at", "手持", "拿着"),
    *("手拿", "站在", "坐在", "走在"),
)
"""What follows, to the end of the phrase, is no part of the garment."""
SCENE_AFTER = (
    *("behind her", "behind him", "behind them", "behind", "in the background", "around her"),
    *("beside her", "next to her", "in her hand", "in her hands", "在背景中"),
)
"""What comes before, in the same phrase and after its garment, is no part of the garment."""

GLUE = (
    *("a", "an", "the", "with", "in", "on", "of", "for", "to", "at", "is", "has", "by", "from"),
    *("her", "she", "his", "it", "its", "i", "we", "me", "my", "you", "your", "that", "this"),
    *("very", "please", "want", "wants", "need", "needs", "would", "like", "made", "make", "as"),
    *("wearing", "wears", "worn", "wear", "style", "styled", "look", "looks", "feel", "vibe"),
    *("vibes", "aesthetic", "inspired", "model", "woman", "lady", "girl", "female", "colour"),
    *("color", "coloured", "colored", "garment", "clothes", "clothing", "outfit", "women"),
    *("womens", "ladies", "some", "few", "little", "small", "tiny", "big", "large", "so", "too"),
    *("also", "are", "there", "be", "can", "which", "where", "shows", "show", "having", "have"),
    *("features", "featuring", "fashion", "designed", "design", "piece", "item", "over", "under"),
    *(
        "around",
        "all",
        "any",
        "more",
        "less",
        "bit",
        "lot",
        "print",
        "printed",
        "pattern",
        "patterned",
    ),
    *("fabric", "material", "cloth", "textile", "shade", "tone", "hue", "detail", "details"),
    *("details", "neckline", "size", "into", "through", "up", "down", "out", "one", "two"),
    *(
        "的",
        "一",
        "件",
        "条",
        "个",
        "穿",
        "着",
        "款",
        "色",
        "风",
        "风格",
        "系",
        "感",
        "面料",
        "款式",
    ),
    *(
        "设计",
        "模特",
        "是",
        "我",
        "想要",
        "要",
        "请",
        "带",
        "有",
        "配",
        "搭配",
        "上",
        "在",
        "里",
        "材质",
        "布",
    ),
    *("图案", "印", "衣服", "小", "大", "很", "位", "质", "料", "纹"),
)
"""Words that ask for nothing."""
LISTING = (
    "and",
    "or",
    "nor",
    "plus",
    "\u548c",
    "\u4e0e",
    "\u8ddf",
    "\u6216",
    "\u6216\u8005",
    "\u53ca",
    "\u4ee5\u53ca",
)
"""Words between the members of a list."""
ENDING = ("but", "with", "however", "instead", "just", "only", "yet", "但", "但是", "而是", "只要")
"""Words that end a refusal."""

REFUSING = (
    *(
        "no",
        "not",
        "without",
        "never",
        "nothing",
        "none of",
        "non",
        "minus",
        "neither",
        "nor",
        "avoid",
        "avoiding",
    ),
    *("except", "excluding", "exclude", "lacking", "skip", "dont", "don't", "do not", "does not"),
    *("free of", "free from", "devoid of", "no more", "not any", "don't want", "do not want"),
    *(
        "dont want",
        "not want",
        "must not",
        "anything but",
        "instead of",
        "rather than",
        "leave out",
    ),
    *(
        "不要",
        "没有",
        "无",
        "不",
        "没",
        "非",
        "别",
        "勿",
        "不带",
        "不含",
        "不想要",
        "去掉",
        "去除",
        "避免",
    ),
    *("除了", "不需要", "不用", "不可", "拒绝", "省去"),
)
"""Words that refuse what follows them."""
REFUSED_BEFORE = ("free", "less")
"""Words that refuse what comes before them: "belt-free"."""

ORDINARY = frozenset(
    (
        *("apos", "back", "backs", "boost", "brow", "brows", "came", "caret", "checker"),
        *("checkers", "coal", "deep", "fill", "fills", "fury", "half", "hall", "loader"),
        *("logging", "packet", "para", "pear", "pears", "perl", "peter", "pipe", "pipes", "plan"),
        *("plans", "revert", "sold", "sort", "sorts", "strip", "strips", "trail", "trained"),
        *("wrapper", "wrappers"),
    )
)
"""English words that are a slip of no other, near as they are to one."""

NOT_THESE = (
    *("shawl collar", "shawl lapel", "sailor collar", "wing collar", "bib collar", "back zip"),
    *("back zipper", "side zip", "side zipper", "concealed zip", "invisible zip", "hidden zip"),
    *("back pleat", "kick pleat", "cut-out shoulder", "cold shoulder", "bow tie", "light wash"),
    *("dark wash", "acid wash", "cover up", "cover-up", "open back", "low back", "bare back"),
    *("tie front", "front tie", "tie-back", "scarf collar", "fur collar", "velvet collar"),
    *("flat front", "dress code", "dress up", "dress size", "top notch", "best top", "on top"),
    *("top stitching", "topstitching", "top coat", "coat hanger", "skirt length", "belt loops"),
    *("belt loop", "button loop", "pocket square", "shirt tail", "shirttail", "jacket length"),
)
"""Words that name another thing than the known word in them; none is known yet."""

GARMENT_AS_WORD: dict[str, tuple[str, ...]] = {
    # A garment that describes another one: "sweater dress", 衬衫式连衣裙.
    "shirt": ("shirt collar", "button front"),
    "sweater": ("knit",),
    "jacket": ("notched lapels",),
    "coat": (),
}
"""Category before another garment -> what it says of that."""
WORN_ABOVE = ("top", "shirt", "sweater", "jacket", "coat")
SKIRT_OR_DRESS = ("\u88d9", "\u88d9\u5b50", "\u5c0f\u88d9\u5b50")
"""Words for skirts that stand for dresses as well, as what is said beside them tells."""
ONLY_DRESSES_HAVE = frozenset(
    ("neckline", "collar", "sleeve length", "sleeve shape", "cuffs", "bow")
)
DRESS_BEFORE = frozenset(("floral", "polka dots", "lace yoke", "satin", "sheer", "sequins"))
"""Values before one of those words that stand for a dress: 碎花裙."""

TWO_COLOURED = ("colour block", "ombre")
"""Patterns that take the colours of the prompt, in the order of typing."""

LENGTHS_SAID: dict[str, dict[str, str]] = {
    "long": {
        **dict.fromkeys(("dress", "skirt", "coat"), "maxi"),
        **dict.fromkeys(("top", "shirt", "sweater", "jacket"), "longline"),
    },
    "short": {
        **dict.fromkeys(("dress", "skirt"), "mini"),
        **dict.fromkeys(("top", "shirt", "sweater", "jacket"), "cropped"),
    },
}
"""Word of length -> category -> the length that it means, with other words between them."""
SLEEVES_SAID = {"long": "long sleeves", "short": "short sleeves"}
"""The same for sleeves: "long lace sleeves"."""

GENERIC: dict[str, tuple[str, ...]] = {
    "sleeves; sleeve; 袖子": ("sleeve length",),
    "collar; collars; 领子; 衣领": ("collar",),
    "cuffs; cuff; 袖口": ("cuffs",),
    "belt; belts; 腰带; 皮带; sash": ("belt",),
    "pocket; pockets; 口袋; 兜": ("pockets",),
    "bow; bows; 蝴蝶结": ("bow",),
    "slit; slits; split; 开衩; 开叉": ("slit",),
    "pleats; pleat; pleating; 褶; 褶皱; 褶裥": ("pleats",),
    "trim; trims; trimming; embellishment; embellishments; decoration; decorations; 装饰": (
        "trim",
    ),
    "print; prints; pattern; patterns; printing; 图案; 印花; 花纹": ("pattern",),
    "closure; closures; fastening; fastenings": ("closure",),
}
"""Words for a whole family -> the families; refusing one leaves what is plain only."""
SEVERAL: dict[str, dict[str, tuple[str, ...]]] = {
    "button; buttons; 扣子; 纽扣; 钮扣": {
        "closure": ("button front", "double-breasted", "frog closure", "toggle closure")
    },
    "ruffles; ruffle; frills; frill; flounces; 荷叶边": {
        "trim": ("front ruffles",),
        "hem": ("ruffled hem",),
        "cuffs": ("ruffled cuffs",),
        "sleeve shape": ("flutter sleeves",),
    },
    "stripes; stripe; striped; 条纹": {"pattern": ("horizontal stripes", "vertical stripes")},
    "checks; check; checked; plaid; 格子; 格纹": {
        "pattern": ("gingham", "windowpane", "argyle", "tartan", "houndstooth"),
    },
    "flowers; floral; florals; 花": {"pattern": ("floral", "ditsy")},
    "animal print; animal prints; 动物纹": {"pattern": ("leopard", "zebra")},
    "fringe; fringes; tassels; 流苏": {"hem": ("fringed hem",)},
    "lacing": {"closure": ("lace-up front",)},
    "fur; furs; 皮草": {"fabric": ("faux fur",)},
    "hood; hoods; 帽子": {"collar": ("hood",)},
    "lapels; lapel": {"collar": ("notched lapels", "shawl collar")},
    "pink; 粉色": {"colour": ("pink", "fuchsia")},
    "cut-outs; cutouts; cut outs; 镂空": {
        "trim": ("cut-outs",),
        "neckline": ("keyhole neck",),
    },
    "heels; high heels": {"shoes": ("heels",)},
}
"""Words for several values -> those; refused together."""

PRINT_NOUNS: dict[str, str] = {
    "flowers": "floral",
    "flower": "floral",
    "blossoms": "floral",
    "roses": "floral",
    "daisies": "floral",
    "polka dots": "polka dots",
    "polka dot": "polka dots",
    "dots": "polka dots",
    "dot": "polka dots",
    "spots": "polka dots",
    "stripes": "horizontal stripes",
    "stripe": "horizontal stripes",
    "pinstripes": "vertical stripes",
    "checks": "gingham",
    "zigzags": "chevron",
    "diamonds": "argyle",
    "leopard spots": "leopard",
    "zebra stripes": "zebra",
    "palm leaves": "tropical",
    "paisleys": "paisley",
    "碎花": "floral",
    "花": "floral",
    "花朵": "floral",
    "波点": "polka dots",
    "圆点": "polka dots",
    "条纹": "horizontal stripes",
    "竖条纹": "vertical stripes",
    "格子": "gingham",
    "格纹": "gingham",
}
"""Nouns of prints -> the pattern; a colour before one is the print's, once the cloth has one."""
