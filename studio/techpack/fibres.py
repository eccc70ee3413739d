"""What cloth is made of: proposals by fabric, in the fibre names that European law knows.

Names: Regulation (EU) No 1007/2011, Annex I; Chinese names as in GB/T 4146.1. Weights in grams per
square metre are the usual ranges of trade, and proposals until a mill confirms them.
"""

from collections.abc import Iterable
from typing import NamedTuple

from studio.design.families import KNITTED, SEE_THROUGH, TROUSERED
from studio.design.spec import DesignSpec
from studio.techpack.said import NOTHING, Said

FIBRES: dict[str, Said] = {
    "cotton": Said("cotton", "棉"),
    "polyester": Said("polyester", "聚酯纤维"),
    "elastane": Said("elastane", "氨纶"),
    "wool": Said("wool", "羊毛"),
    "polyamide": Said("polyamide", "聚酰胺纤维"),
    "viscose": Said("viscose", "粘胶纤维"),
    "acrylic": Said("acrylic", "聚丙烯腈纤维"),
    "modacrylic": Said("modacrylic", "改性聚丙烯腈纤维"),
    "silk": Said("silk", "蚕丝"),
    "linen": Said("linen", "亚麻"),
    "cashmere": Said("cashmere", "山羊绒"),
    "lyocell": Said("lyocell", "莱赛尔纤维"),
}
"""Fibres by their names in the regulation."""

_TYPED = {
    "silk": "silk",
    "silky": "",
    "linen": "linen",
    "wool": "wool",
    "woolen": "wool",
    "cashmere": "cashmere",
    "cotton": "cotton",
    "viscose": "viscose",
    "lyocell": "lyocell",
    "polyester": "polyester",
    "丝绸": "silk",
    "真丝": "silk",
    "亚麻": "linen",
    "羊毛": "wool",
    "羊绒": "cashmere",
}
"""Words that people type -> the fibre that they ask for."""


class Cloth(NamedTuple):
    """A proposal for a cloth.

    Attributes:
        name: what it is called in trade.
        composition: shares by mass; empty where only a person can say.
        weight: grams per square metre, or thickness.
    """

    name: Said
    composition: Said
    weight: Said


def shares(**percent: int) -> Said:
    """A composition, such as "cotton 98 %, elastane 2 %"."""
    return Said(
        ", ".join(f"{FIBRES[fibre].en} {share} %" for fibre, share in percent.items()),
        "，".join(f"{FIBRES[fibre].zh} {share}%" for fibre, share in percent.items()),
    )


def gsm(low: int, high: int) -> Said:
    """A range of weights."""
    return Said(f"{low}–{high} g/m²")


_HEAVY = (*TROUSERED, "jacket", "coat", "jumpsuit", "waistcoat", "cape")


def shell_of(spec: DesignSpec) -> Cloth:
    """The main cloth that a design's fabric and category propose."""
    for family in ("category", "leg"):
        own = _OF_GARMENTS.get((spec[family], spec["fabric"]))
        if own is not None:
            return own
    return _SHELLS[spec["fabric"]](spec["category"])


def _cotton(category: str) -> Cloth:
    if category in _HEAVY:
        return Cloth(Said("cotton twill", "棉斜纹布"), shares(cotton=100), gsm(220, 300))
    name = Said("cotton poplin", "棉府绸")
    return Cloth(name, shares(cotton=100), gsm(110, 150))


def _satin(category: str) -> Cloth:
    weight = gsm(180, 240) if category in _HEAVY else gsm(90, 130)
    return Cloth(Said("satin", "缎"), shares(polyester=100), weight)


def _denim(category: str) -> Cloth:
    if category in _HEAVY or category == "skirt":
        return Cloth(
            Said("denim, 3/1 twill", "牛仔布，三上一下斜纹"),
            shares(cotton=98, elastane=2),
            gsm(340, 440),
        )
    return Cloth(Said("light denim", "轻薄牛仔布"), shares(cotton=100), gsm(200, 270))


def _knit(category: str) -> Cloth:
    if category in ("sweater", "coat", "jacket"):
        name = Said("flat knit, gauge 7 to 12", "横机针织，7 至 12 针")
        return Cloth(name, shares(wool=50, acrylic=50), gsm(300, 450))
    name = Said("jersey", "平纹针织布")
    return Cloth(name, shares(cotton=95, elastane=5), gsm(180, 240))


def _leather(_category: str) -> Cloth:
    thickness = Said("0.7–1.0 mm thick", "厚 0.7–1.0 mm")
    return Cloth(Said("leather, or coated cloth like it", "皮革或仿皮涂层布"), NOTHING, thickness)


def _sheer(_category: str) -> Cloth:
    return Cloth(Said("chiffon", "雪纺"), shares(polyester=100), gsm(40, 80))


def _tweed(category: str) -> Cloth:
    weight = gsm(380, 520) if category == "coat" else gsm(280, 380)
    return Cloth(Said("tweed", "粗花呢"), shares(wool=80, polyamide=20), weight)


def _quilted(_category: str) -> Cloth:
    return Cloth(
        Said("quilted shell on wadding", "绗缝面料加填料"),
        Said("shell and filling: polyester 100 %", "面料和填料：聚酯纤维 100%"),
        Said("shell 60–100, wadding 80–120 g/m²", "面料 60–100，填料 80–120 g/m²"),
    )


def _fur(_category: str) -> Cloth:
    return Cloth(
        Said("imitation fur, knitted ground", "仿毛皮，针织底布"),
        Said(
            "pile: modacrylic 100 %; ground: polyester 100 %",
            "毛绒：改性聚丙烯腈纤维 100%；底布：聚酯纤维 100%",
        ),
        gsm(450, 800),
    )


def _linen(category: str) -> Cloth:
    weight = gsm(230, 300) if category in _HEAVY else gsm(140, 190)
    return Cloth(Said("linen, plain weave", "亚麻平纹布"), shares(linen=100), weight)


def _velvet(_category: str) -> Cloth:
    weight = gsm(240, 320)
    return Cloth(Said("velvet, woven pile", "梭织丝绒"), shares(viscose=82, silk=18), weight)


def _corduroy(category: str) -> Cloth:
    if category in _HEAVY:
        return Cloth(
            Said("corduroy, 8 wales to the inch", "灯芯绒，每英寸 8 条"),
            shares(cotton=100),
            gsm(300, 380),
        )
    name = Said("needlecord, 14 to 16 wales to the inch", "细条灯芯绒，每英寸 14 至 16 条")
    return Cloth(name, shares(cotton=98, elastane=2), gsm(200, 260))


def _wool(category: str) -> Cloth:
    if category == "coat":
        name = Said("melton, felted wool", "麦尔登呢，缩绒羊毛")
        return Cloth(name, shares(wool=80, polyamide=20), gsm(450, 600))
    return Cloth(Said("wool flannel", "羊毛法兰绒"), shares(wool=100), gsm(240, 320))


def _jersey(category: str) -> Cloth:
    if category in ("sweater", "coat", "jacket"):
        name = Said("sweatshirt fabric, looped back", "毛圈卫衣布")
        return Cloth(name, shares(cotton=80, polyester=20), gsm(280, 360))
    name = Said("single jersey", "平纹针织汗布")
    return Cloth(name, shares(cotton=95, elastane=5), gsm(160, 220))


def _ribbed(category: str) -> Cloth:
    if category in ("sweater", "coat", "jacket"):
        name = Said("rib knit 2 × 2, gauge 7 to 12", "2×2 罗纹针织，7 至 12 针")
        return Cloth(name, shares(wool=50, acrylic=50), gsm(320, 450))
    name = Said("rib jersey 2 × 2", "2×2 罗纹布")
    return Cloth(name, shares(viscose=65, polyamide=30, elastane=5), gsm(220, 300))


def _crochet(_category: str) -> Cloth:
    return Cloth(Said("crochet, by hand", "手工钩织"), shares(cotton=100), gsm(250, 400))


def _broderie(_category: str) -> Cloth:
    name = Said("broderie anglaise, all over", "满幅英式镂空绣")
    return Cloth(name, shares(cotton=100), gsm(110, 160))


def _jacquard(category: str) -> Cloth:
    weight = gsm(260, 360) if category in _HEAVY else gsm(160, 230)
    composition = shares(viscose=60, polyester=40)
    return Cloth(Said("jacquard, figured weave", "提花梭织布"), composition, weight)


def _suede(_category: str) -> Cloth:
    thickness = Said("0.6–0.9 mm thick", "厚 0.6–0.9 mm")
    return Cloth(Said("suede, or cloth like it", "绒面革或仿麂皮"), NOTHING, thickness)


def _mesh(_category: str) -> Cloth:
    return Cloth(Said("open mesh, knitted", "经编网眼布"), shares(polyester=100), gsm(80, 140))


_SHELLS = {
    "cotton": _cotton,
    "satin": _satin,
    "denim": _denim,
    "knit": _knit,
    "leather": _leather,
    "sheer": _sheer,
    "tweed": _tweed,
    "quilted": _quilted,
    "faux fur": _fur,
    "linen": _linen,
    "velvet": _velvet,
    "corduroy": _corduroy,
    "wool": _wool,
    "jersey": _jersey,
    "ribbed": _ribbed,
    "crochet": _crochet,
    "broderie": _broderie,
    "jacquard": _jacquard,
    "suede": _suede,
    "mesh": _mesh,
}


_OF_GARMENTS: dict[tuple[str, str], Cloth] = {
    ("swimsuit", "cotton"): Cloth(
        Said("matt swim tricot, two-way stretch", "哑光泳衣布，双向弹力"),
        shares(polyamide=80, elastane=20),
        gsm(180, 220),
    ),
    ("swimsuit", "satin"): Cloth(
        Said("shiny swim tricot, two-way stretch", "亮光泳衣布，双向弹力"),
        shares(polyamide=80, elastane=20),
        gsm(180, 220),
    ),
    ("polo shirt", "cotton"): Cloth(
        Said("cotton piqué", "珠地布"), shares(cotton=100), gsm(180, 220)
    ),
    ("joggers", "cotton"): Cloth(
        Said("loopback sweatshirt cloth", "毛圈卫衣布"),
        shares(cotton=80, polyester=20),
        gsm(260, 320),
    ),
    ("leggings", "cotton"): Cloth(
        Said("stretch jersey", "弹力针织布"), shares(cotton=92, elastane=8), gsm(200, 260)
    ),
}
"""Category or leg, and fabric -> the cloth that such a garment is made of in trade."""


def asked_fibre(typed: Iterable[str]) -> Said:
    """The fibre that typed phrases name; empty for none."""
    for phrase in typed:
        words = phrase.lower().replace("-", " ").split()
        for word, fibre in _TYPED.items():
            found = word in words if word.isascii() else word in phrase
            if found and fibre:
                return FIBRES[fibre]
    return NOTHING


SLIPPED = (*SEE_THROUGH, "crochet", "broderie")
"""Fabrics with holes, or thin ones: what hangs below the waist has a slip of its own."""


def is_lined(spec: DesignSpec) -> bool:
    """Whether the design wants a lining or a slip of its own."""
    if spec["fabric"] in ("tweed", "faux fur", "leather", "quilted", "suede", "jacquard"):
        return True
    if spec["category"] == "coat":
        return spec["fabric"] not in (*KNITTED, *SEE_THROUGH)
    if spec["fabric"] in SLIPPED:
        return spec["category"] in ("dress", "skirt", "jumpsuit", "trousers", "shorts")
    lined = ("cotton", "satin", "linen", "velvet", "corduroy", "wool")
    if spec["category"] == "swimsuit":
        return True
    return spec["category"] in ("jacket", "waistcoat") and spec["fabric"] in lined
