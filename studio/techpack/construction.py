"""How a garment is sewn: a proposal for each detail, with stitches and seams by their numbers.

Stitch types are those of ISO 4915, seam classes those of ISO 4916; numbers stand only where they
are certain. Stitch densities and hem depths are usual practice.
"""

from typing import NamedTuple

from studio.design.families import BOTTOMS, NONE
from studio.design.spec import DesignSpec
from studio.techpack.said import Said


class Note(NamedTuple):
    """What is to be sewn how.

    Attributes:
        key: of the detail.
        part: of the garment.
        text: the proposal.
    """

    key: str
    part: Said
    text: Said


_SEAMS = {
    "cotton": Said(
        "plain seam 1.01.01, lockstitch 301, 4–5 stitches/cm, 1 cm allowance, edges overedged 504",
        "平缝 1.01.01，锁式线迹 301，4–5 针/cm，缝份 1 cm，毛边 504 包缝",
    ),
    "satin": Said(
        "plain seam 1.01.01, lockstitch 301, 5 stitches/cm, fine needle, edges overedged 504",
        "平缝 1.01.01，锁式线迹 301，5 针/cm，细针，毛边 504 包缝",
    ),
    "denim": Said(
        "lapped seam (class 2), two rows of chainstitch 401, 3–3.5 stitches/cm, 0.6 cm apart",
        "搭接缝（2 类），双行链式线迹 401，3–3.5 针/cm，行距 0.6 cm",
    ),
    "knit": Said(
        "plain seam 1.01.01, four-thread overedge 514, 4–5 stitches/cm; shoulders taped",
        "平缝 1.01.01，四线包缝 514，4–5 针/cm；肩缝加牵条",
    ),
    "leather": Said(
        "plain seam 1.01.01, lockstitch 301, 3 stitches/cm, leather point; allowances glued open",
        "平缝 1.01.01，锁式线迹 301，3 针/cm，皮革针；缝份分开粘合",
    ),
    "sheer": Said(
        "French seam (class 1), lockstitch 301 twice, 5 stitches/cm, 0.5 cm wide",
        "来去缝（1 类），锁式线迹 301 两道，5 针/cm，宽 0.5 cm",
    ),
    "tweed": Said(
        "plain seam 1.01.01, lockstitch 301, 4 stitches/cm, 1.5 cm allowance pressed open",
        "平缝 1.01.01，锁式线迹 301，4 针/cm，缝份 1.5 cm 分开烫",
    ),
    "quilted": Said(
        "plain seam 1.01.01, lockstitch 301, 3.5 stitches/cm, wadding trimmed out of allowances",
        "平缝 1.01.01，锁式线迹 301，3.5 针/cm，缝份内填料剪除",
    ),
    "faux fur": Said(
        "plain seam 1.01.01, lockstitch 301, 3 stitches/cm; pile sheared off the allowances",
        "平缝 1.01.01，锁式线迹 301，3 针/cm；缝份处剪去毛绒",
    ),
    "linen": Said(
        "plain seam 1.01.01, lockstitch 301, 4 stitches/cm, 1.2 cm allowance, edges overedged 504",
        "平缝 1.01.01，锁式线迹 301，4 针/cm，缝份 1.2 cm，毛边 504 包缝",
    ),
    "velvet": Said(
        "plain seam 1.01.01, lockstitch 301, 4 stitches/cm; pile up in all pieces, basted first",
        "平缝 1.01.01，锁式线迹 301，4 针/cm；各片绒毛一律朝上，先假缝",
    ),
    "corduroy": Said(
        "plain seam 1.01.01, lockstitch 301, 3.5–4 stitches/cm; wales one way, edges overedged 504",
        "平缝 1.01.01，锁式线迹 301，3.5–4 针/cm；绒条方向一致，毛边 504 包缝",
    ),
    "wool": Said(
        "plain seam 1.01.01, lockstitch 301, 3.5 stitches/cm, 1.5 cm allowance pressed open",
        "平缝 1.01.01，锁式线迹 301，3.5 针/cm，缝份 1.5 cm 分开烫",
    ),
    "jersey": Said(
        "plain seam 1.01.01, four-thread overedge 514, 4–5 stitches/cm; shoulders taped",
        "平缝 1.01.01，四线包缝 514，4–5 针/cm；肩缝加牵条",
    ),
    "ribbed": Said(
        "plain seam 1.01.01, four-thread overedge 514, 4–5 stitches/cm; ribs meet at the seams",
        "平缝 1.01.01，四线包缝 514，4–5 针/cm；接缝处对罗纹",
    ),
    "crochet": Said(
        "edges linked or sewn by hand with the same yarn; shoulders taped",
        "以同色纱线缝合或手缝；肩缝加牵条",
    ),
    "broderie": Said(
        "French seam (class 1), lockstitch 301 twice, 4–5 stitches/cm; motifs meet at the seams",
        "来去缝（1 类），锁式线迹 301 两道，4–5 针/cm；接缝处对花",
    ),
    "jacquard": Said(
        "plain seam 1.01.01, lockstitch 301, 4 stitches/cm; figures meet, edges overedged 504",
        "平缝 1.01.01，锁式线迹 301，4 针/cm；对花，毛边 504 包缝",
    ),
    "suede": Said(
        "plain seam 1.01.01, lockstitch 301, 3 stitches/cm, leather point; nap one way, "
        "allowances glued open",
        "平缝 1.01.01，锁式线迹 301，3 针/cm，皮革针；绒面方向一致，缝份分开粘合",
    ),
    "mesh": Said(
        "plain seam 1.01.01, three-thread overedge 504, 5 stitches/cm, 0.5 cm wide",
        "平缝 1.01.01，三线包缝 504，5 针/cm，宽 0.5 cm",
    ),
}
_HEMS = {
    "cotton": Said("2 cm, turned twice, lockstitch 301", "2 cm，双折边，锁式线迹 301"),
    "satin": Said("1.5 cm, turned twice, lockstitch 301", "1.5 cm，双折边，锁式线迹 301"),
    "denim": Said("1.5 cm, turned twice, chainstitch 401", "1.5 cm，双折边，链式线迹 401"),
    "knit": Said("2 cm, coverstitch 406", "2 cm，绷缝线迹 406"),
    "leather": Said("3 cm, turned once and glued", "3 cm，单折粘合"),
    "sheer": Said("rolled hem 0.4 cm, lockstitch 301", "卷边 0.4 cm，锁式线迹 301"),
    "tweed": Said("4 cm, blind stitch 103", "4 cm，暗缝线迹 103"),
    "quilted": Said("bound edge (class 3), 1 cm", "滚边（3 类），1 cm"),
    "faux fur": Said("4 cm, turned once, catch-stitched by hand", "4 cm，单折，手工三角针"),
    "linen": Said("2.5 cm, turned twice, lockstitch 301", "2.5 cm，双折边，锁式线迹 301"),
    "velvet": Said("4 cm, taped, blind stitch 103", "4 cm，包边，暗缝线迹 103"),
    "corduroy": Said("2.5 cm, turned once, lockstitch 301", "2.5 cm，单折，锁式线迹 301"),
    "wool": Said("4 cm, blind stitch 103", "4 cm，暗缝线迹 103"),
    "jersey": Said("2 cm, coverstitch 406", "2 cm，绷缝线迹 406"),
    "ribbed": Said("2 cm, coverstitch 406, not stretched", "2 cm，绷缝线迹 406，不拉伸"),
    "crochet": Said("edge of shells, worked on", "钩织扇形花边"),
    "broderie": Said("1.5 cm, turned twice, lockstitch 301", "1.5 cm，双折边，锁式线迹 301"),
    "jacquard": Said("4 cm, blind stitch 103", "4 cm，暗缝线迹 103"),
    "suede": Said("3 cm, turned once and glued", "3 cm，单折粘合"),
    "mesh": Said("1 cm, coverstitch 406", "1 cm，绷缝线迹 406"),
}

_DETAILS: dict[str, dict[str, Said]] = {
    "neckline": {
        "crew neck": Said("bound or faced, 1 cm, understitched", "滚边或贴边，1 cm，贴边压暗线"),
        "v-neck": Said(
            "faced; point reinforced with tape, understitched", "贴边；V 尖加牵条，压暗线"
        ),
        "scoop neck": Said("faced, taped against stretching", "贴边，加牵条防拉伸"),
        "square neck": Said("faced; corners reinforced and clipped", "贴边；转角加固并剪口"),
        "boat neck": Said("faced, taped from shoulder to shoulder", "贴边，两肩之间加牵条"),
        "off-shoulder": Said(
            "casing with elastic 1 cm wide; elastic length to fit", "穿 1 cm 宽松紧带；长度试身确定"
        ),
        "halter neck": Said("faced; neck strap interlined", "贴边；颈带加衬"),
        "sweetheart neck": Said(
            "faced; bust boned or gripped with silicone tape", "贴边；胸部加鱼骨或硅胶防滑带"
        ),
        "turtleneck": Said(
            "folded collar of self cloth or rib, overedged 504", "双层高领，504 包缝"
        ),
        "one-shoulder": Said("faced, taped along the open edge", "贴边，开口边加牵条"),
        "keyhole neck": Said(
            "faced; keyhole closed with button and loop", "贴边；水滴口以纽扣和扣袢闭合"
        ),
        "strapless": Said(
            "faced; boned at the seams, silicone tape inside the edge",
            "贴边；缝内加鱼骨，上沿内侧加硅胶防滑带",
        ),
        "spaghetti straps": Said(
            "edge bound 0.6 cm; straps turned tubes with sliders",
            "上沿滚边 0.6 cm；细带翻管加调节扣",
        ),
        "cowl neck": Said(
            "front cut on the bias, cowl faced with itself; straps 1 cm where sleeveless",
            "前片斜裁，荡领连裁贴边；无袖款肩带 1 cm",
        ),
        "open back": Said(
            "faced; back edge taped, elastic 0.6 cm in its facing",
            "贴边；后背开口加牵条，贴边内穿 0.6 cm 松紧带",
        ),
        "plunging neck": Said(
            "faced; edges taped, point reinforced, one hidden snap",
            "贴边；开口加牵条，V 尖加固，一粒暗扣",
        ),
    },
    "collar": {
        "shawl collar": Said(
            "collar cut on with the front, seamed at the back; facing interlined",
            "领与前片连裁，后中拼缝；挂面加衬",
        ),
        "sailor collar": Said(
            "two layers; bands stitched on before turning", "双层；先车织带后翻转"
        ),
        "shirt collar": Said(
            "collar and stand interlined; edge stitched at 0.5 cm, 301",
            "领面与领座加衬；0.5 cm 压明线，301",
        ),
        "notched lapels": Said(
            "lapels and under collar interlined; edges understitched",
            "驳头与领里加衬；止口压暗线",
        ),
        "peter pan collar": Said(
            "two layers, interlined, caught in the neck seam", "双层加衬，夹入领圈缝"
        ),
        "stand collar": Said("two layers, interlined, 301", "双层加衬，301"),
        "hood": Said("two panels and a gusset; edge turned 2 cm", "两片加中条；帽口折边 2 cm"),
    },
    "sleeve shape": {
        "straight sleeves": Said("set in, ease 1–2 cm in the cap", "装袖，袖山吃势 1–2 cm"),
        "puff sleeves": Said("cap and hem gathered, ratio 1.5 : 1", "袖山与袖口抽褶，1.5：1"),
        "bell sleeves": Said("set in; flared hem turned narrow", "装袖；喇叭袖口窄折边"),
        "bishop sleeves": Said("set in; hem gathered into the cuff", "装袖；袖口抽褶入袖克夫"),
        "kimono sleeves": Said(
            "cut straight, set into a deep armhole; end turned 2 cm",
            "直裁，接深袖窿；袖口折边 2 cm",
        ),
        "flutter sleeves": Said("cut as a ring; edge rolled 0.4 cm", "环形裁片；卷边 0.4 cm"),
        "cap sleeves": Said(
            "set into the upper armhole; armhole below faced", "装于袖窿上半部；下半袖窿贴边"
        ),
    },
    "cuffs": {
        "ribbed cuffs": Said("rib 1 × 1, folded, stretched on, 514", "1×1 罗纹双折，拉伸缝合，514"),
        "contrast cuffs": Said(
            "interlined, edge stitched at 0.5 cm; one button each",
            "加衬，0.5 cm 压明线；各一粒纽扣",
        ),
        "ruffled cuffs": Said("frill gathered 1.5 : 1, edge rolled", "荷叶边抽褶 1.5：1，卷边"),
    },
    "closure": {
        "button front": Said(
            "placket 3 cm, interlined; buttonholes upright, buttons cross-stitched",
            "门襟 3 cm，加衬；竖向扣眼，纽扣交叉钉",
        ),
        "double-breasted": Said(
            "overlap 10–12 cm; inner button holds the under side",
            "叠门 10–12 cm；内侧纽扣固定里襟",
        ),
        "zip front": Said(
            "zip set 0.6 cm from the edges, lockstitch 301", "拉链距止口 0.6 cm，锁式线迹 301"
        ),
        "wrap front": Said(
            "edges faced and taped; ties caught in the side seams", "止口贴边加牵条；系带夹入侧缝"
        ),
        "lace-up front": Said(
            "eyelets on interlined bands; cord 80 cm longer", "加衬处打气眼；绳长加 80 cm"
        ),
        "frog closure": Said(
            "frogs of bias cord sewn on by hand; hidden snaps between, edge faced",
            "斜条盘扣手工钉缝；其间暗扣，止口贴边",
        ),
        "toggle closure": Said(
            "cords caught under tabs, tabs stitched round and bar-tacked",
            "绳襻压于皮袢下，皮袢四周压线并套结",
        ),
    },
    "waist": {
        "high waist": Said(
            "band 13 cm in shaped pieces, interlined, boned at the seams",
            "分片宽腰头 13 cm，加衬，缝内加鱼骨",
        ),
        "smocked waist": Said(
            "rows of elastic thread in the bobbin 1 cm apart, cloth 2 : 1",
            "底线用橡筋线，行距 1 cm，布料 2：1",
        ),
        "elastic waist": Said(
            "casing 4 cm with elastic 3.5 cm, stitched through; cord through eyelets",
            "腰头 4 cm，穿 3.5 cm 松紧带并压线；气眼穿绳",
        ),
        "empire waist": Said("seam under the bust, pressed up", "胸下分割缝，缝份倒向上"),
        "drop waist": Said("seam at the hip, pressed up", "臀位分割缝，缝份倒向上"),
        "peplum": Said("peplum joined at the waist, seam taped", "腰缝接摆，加牵条"),
        "gathered waist": Said("gathers 1.5 : 1 on tape or elastic", "抽褶 1.5：1，衬牵条或松紧带"),
    },
    "hem": {
        "ruffled hem": Said(
            "frill gathered 1.8 : 1, edge turned narrow", "荷叶边抽褶 1.8：1，窄折边"
        ),
        "fringed hem": Said(
            "fringe sewn under the edge, lockstitch 301", "流苏缝于底边内侧，锁式线迹 301"
        ),
        "scalloped hem": Said("scallops faced, clipped and turned", "扇形边贴边，剪口翻转"),
        "asymmetric hem": Said("bias edge stabilised before hemming", "斜丝底边先定型再折边"),
        "high-low hem": Said("curved edge, narrow hem 1 cm", "弧形底边，窄折边 1 cm"),
        "handkerchief hem": Said(
            "skirt cut as squares; edge rolled 0.4 cm, corners mitred",
            "方形裁片；卷边 0.4 cm，拼角",
        ),
    },
    "trim": {
        "sequins": Said(
            "sequins sewn on by chainstitch; none within 0.5 cm of seams",
            "链式线迹钉亮片；距缝 0.5 cm 内不钉",
        ),
        "lace yoke": Said(
            "lace laid over, zigzag 304, cloth cut away behind",
            "蕾丝叠缝，曲折线迹 304，背面剪去面料",
        ),
        "front ruffles": Said(
            "ruffles gathered 1.5 : 1, stitched flat", "荷叶边抽褶 1.5：1，平缝固定"
        ),
        "contrast piping": Said("piping 0.3 cm caught in the seam", "0.3 cm 嵌条夹入缝内"),
        "embroidery": Said("machine embroidery on a tear-away backing", "机绣，撕除式衬纸"),
        "pearls": Said("pearls sewn singly, thread knotted each", "珍珠逐粒钉缝并打结"),
        "cut-outs": Said(
            "edges faced, taped and understitched; sides joined above and below",
            "镂空贴边，加牵条，压暗线；上下侧缝接合",
        ),
        "feathers": Said(
            "feathers on tape, sewn to the edges by hand last of all",
            "羽毛带最后手工缝于边缘",
        ),
    },
    "belt": {
        "belt": Said("carriers at both side seams, bar-tacked", "两侧缝装串带袢，套结"),
        "tied sash": Said("sash cut double, turned, edge pressed", "腰带双层裁，翻转熨烫"),
        "corset belt": Said("interlined panels; boning at the seams", "裁片加衬；缝内加鱼骨"),
    },
    "pockets": {
        "patch pockets": Said(
            "hem 2.5 cm; stitched at 0.2 and 0.6 cm, corners bar-tacked",
            "袋口折边 2.5 cm；0.2 与 0.6 cm 双明线，袋角套结",
        ),
        "chest pocket": Said(
            "hem 2.5 cm; stitched at 0.2 cm, corners back-tacked",
            "袋口折边 2.5 cm；0.2 cm 明线，袋角回针",
        ),
        "cargo pockets": Said(
            "bellows 2.5 cm; flap interlined, corners bar-tacked",
            "立体袋 2.5 cm；袋盖加衬，袋角套结",
        ),
    },
    "bow": {
        "neck bow": Said(
            "tie cut on the bias, double, caught in the neck seam", "领结斜裁双层，夹入领圈缝"
        ),
        "shoulder bows": Said("ties caught in the strap ends", "系带夹入肩带端"),
    },
    "slit": {
        "side slit": Said(
            "edges faced 3 cm, mitred, top bar-tacked", "开衩贴边 3 cm，拼角，顶端套结"
        ),
        "front slit": Said(
            "edges faced 3 cm, mitred, top bar-tacked", "开衩贴边 3 cm，拼角，顶端套结"
        ),
    },
    "pleats": {
        "knife pleats": Said(
            "pleats all one way, pressed, stayed at the waist", "顺褶，熨烫定型，腰部固定"
        ),
        "box pleats": Said(
            "pleats meeting, pressed, stayed at the waist", "工字褶，熨烫定型，腰部固定"
        ),
    },
    "silhouette": {
        "tiered": Said(
            "tiers gathered 1.5 : 1, seam 1.01.01, edges overedged 504",
            "节裙抽褶 1.5：1，平缝 1.01.01，504 包缝",
        ),
    },
    "category": {
        "waistcoat": Said(
            "armholes bagged out with the lining; points turned sharp, front edges interlined",
            "袖窿与里料兜缝；前摆尖角翻足，止口加衬",
        ),
        "cape": Said(
            "shoulder darts pressed open; arm slits faced 3 cm, ends bar-tacked",
            "肩省分开烫；手臂开口贴边 3 cm，两端套结",
        ),
        "kimono": Said(
            "band 5.5 cm cut double, joined along both fronts and the neck",
            "襟边 5.5 cm 双层裁，沿前襟与领口缝合",
        ),
        "polo shirt": Said(
            "placket 3 × 15 cm, interlined, lower end boxed; side vents 5 cm, taped",
            "半开襟 3×15 cm，加衬，底端封口；侧衩 5 cm 加牵条",
        ),
        "dungarees": Said(
            "bib hemmed 2.5 cm; straps cut double, edges stitched, crossed at the back",
            "护胸上口折边 2.5 cm；背带双层裁压明线，后背交叉",
        ),
        "swimsuit": Said(
            "elastic zigzagged 304 into the leg edges, turned, coverstitch 406; front lined",
            "腿口橡筋曲折线迹 304，翻折绷缝 406；前片加里",
        ),
    },
    "leg": {
        "leggings": Said(
            "flatlock seams 607; no side seam, gusset at the crotch", "拼缝 607；无侧缝，裆部加插片"
        ),
        "joggers": Said(
            "rib 2 × 2, folded, stretched on at the ankles, 514", "脚口 2×2 罗纹双折，拉伸缝合，514"
        ),
    },
}

PARTS: dict[str, Said] = {
    "category": Said("make", "款式"),
    "leg": Said("legs", "裤腿"),
    "seams": Said("main seams", "主缝"),
    "neckline": Said("neckline", "领口"),
    "collar": Said("collar", "衣领"),
    "sleeve shape": Said("sleeves", "袖子"),
    "cuffs": Said("cuffs", "袖口"),
    "closure": Said("closure", "门襟"),
    "waistband": Said("waistband", "腰头"),
    "waist": Said("waist", "腰部"),
    "hem": Said("hem", "底边"),
    "trim": Said("trim", "装饰"),
    "belt": Said("belt", "腰带"),
    "pockets": Said("pockets", "口袋"),
    "bow": Said("bow", "蝴蝶结"),
    "slit": Said("slit", "开衩"),
    "pleats": Said("pleats", "褶裥"),
    "silhouette": Said("tiers", "节"),
    "pressing": Said("pressing", "熨烫"),
}
_WAISTBAND = Said("waistband 4 cm, interlined; hook and bar", "腰头 4 cm，加衬；裤钩")
_PULLED_ON = ("leggings", "joggers")
_ELASTIC_BAND = Said(
    "elastic 4 cm, joined to a ring, enclosed in the band, coverstitch 406",
    "松紧带 4 cm，接成圈，包入腰头，绷缝线迹 406",
)
_PRESSING = {
    "cotton": Said("steam, 150 °C", "蒸汽，150°C"),
    "satin": Said("dry iron from the back, 110 °C", "反面干烫，110°C"),
    "denim": Said(
        "steam, 200 °C; wash before cutting to test shrinkage", "蒸汽，200°C；裁前水洗测缩率"
    ),
    "knit": Said("steam without pressure", "蒸汽，不加压"),
    "leather": Said("no iron; seams hammered", "不可熨烫；敲平缝份"),
    "sheer": Said("dry iron, 110 °C, cloth between", "干烫，110°C，垫布"),
    "tweed": Said("steam, cloth between", "蒸汽，垫布"),
    "quilted": Said("no iron; steam at a distance", "不可压烫；悬空蒸汽"),
    "faux fur": Said("no iron; pile brushed out of seams", "不可熨烫；将缝中毛绒挑出"),
    "linen": Said("steam, 200 °C, while damp", "蒸汽，200°C，半干时熨烫"),
    "velvet": Said("steam over a needle board, pile down", "针板上蒸汽，绒面朝下"),
    "corduroy": Said("steam from the back, 150 °C", "反面蒸汽，150°C"),
    "wool": Said("steam, cloth between", "蒸汽，垫布"),
    "jersey": Said("steam, 150 °C, without stretching", "蒸汽，150°C，不拉伸"),
    "ribbed": Said("steam without pressure", "蒸汽，不加压"),
    "crochet": Said("pinned to size, steam at a distance", "按尺寸定位，悬空蒸汽"),
    "broderie": Said("steam from the back on a soft pad, 150 °C", "软垫上反面蒸汽，150°C"),
    "jacquard": Said("dry iron from the back, 110 °C, cloth between", "反面干烫，110°C，垫布"),
    "suede": Said("no iron; seams hammered, nap brushed", "不可熨烫；敲平缝份，刷顺绒面"),
    "mesh": Said("dry iron, 110 °C, cloth between", "干烫，110°C，垫布"),
}


def notes_of(spec: DesignSpec) -> tuple[Note, ...]:
    """The proposals for a design, in the order of making it."""
    fabric = spec["fabric"]
    notes = [Note("seams", PARTS["seams"], _SEAMS[fabric])]
    for family, texts in _DETAILS.items():
        if family == "collar" and spec["category"] in BOTTOMS:
            continue
        if family == "hem" and spec["hem"] == NONE:
            notes.append(Note("hem", PARTS["hem"], _HEMS[fabric]))
            continue
        text = texts.get(spec[family])
        if text is not None:
            notes.append(Note(family, PARTS[family], text))
    if spec["category"] in BOTTOMS and spec["waist"] not in ("elastic waist", "high waist"):
        band = _ELASTIC_BAND if spec["leg"] in _PULLED_ON else _WAISTBAND
        notes.insert(1, Note("waistband", PARTS["waistband"], band))
    notes.append(Note("pressing", PARTS["pressing"], _PRESSING[fabric]))
    return tuple(notes)
