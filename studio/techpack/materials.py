"""The bill of materials: what a design is made of, from its cloth to its labels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.design.families import BOTTOMS, KNITTED, NONE, SEE_THROUGH
from studio.design.spec import DesignSpec
from studio.patternmaking.landmarks import pointed
from studio.techpack.fibres import SLIPPED, asked_fibre, gsm, is_lined, shares, shell_of
from studio.techpack.fields import Corrections, Field, Status
from studio.techpack.said import NOTHING, Said, listed


@dataclass(frozen=True)
class MaterialLine:
    """One row of the bill: four fields of one part.

    Attributes:
        key: of the part.
        part: what it is for.
        material: what it is.
        composition: shares of fibres, or what it is made of.
        weight: grams per square metre, size or count.
        colour: which.
    """

    key: str
    part: Said
    material: Field
    composition: Field
    weight: Field
    colour: Field

    @property
    def fields(self) -> tuple[Field, ...]:
        """All four."""
        return self.material, self.composition, self.weight, self.colour


@dataclass(frozen=True)
class _Proposal:
    """A row before people corrected it; an empty text is open."""

    key: str
    part: Said
    material: Said
    composition: Said = NOTHING
    weight: Said = NOTHING
    colour: Said = NOTHING
    material_status: Status | None = None
    composition_status: Status | None = None


MATCHING = Said("to match the shell", "与面料同色")
_PLASTIC = Said("polyester", "聚酯")
_OF_TRIM = Said("trim", "辅料色")

SHELL = Said("shell", "面料")


def bill_of(
    spec: DesignSpec, typed: Sequence[str], colours: dict[str, Said], made: Corrections
) -> tuple[MaterialLine, ...]:
    """The bill of a design.

    Args:
        spec: the design.
        typed: phrases as they were typed; they may name a fibre.
        colours: what the cloth, the print and the trims are dyed, as far as the design has them.
        made: what people have set by hand.
    """
    proposals = [
        _shell(spec, typed, colours),
        *_linings(spec),
        *_interlinings(spec),
        *_closures(spec, colours),
        *_trims(spec, colours),
        *_threads_and_labels(spec),
    ]
    return tuple(_line(each, made) for each in proposals)


def _line(row: _Proposal, made: Corrections) -> MaterialLine:
    def field(name: str, said: Said, what: Said, status: Status | None = None) -> Field:
        ask = Said("Which {what} for: {part}?", "{part}：{what}？")
        question = ask.filled(what=what, part=row.part)
        return made.text(f"material.{row.key}.{name}", said, status, question)

    return MaterialLine(
        row.key,
        row.part,
        field("material", row.material, Said("material", "材料"), row.material_status),
        field("composition", row.composition, Said("composition", "成分"), row.composition_status),
        field("weight", row.weight, Said("weight, size or count", "克重、尺寸或数量")),
        field("colour", row.colour, Said("colour", "颜色")),
    )


def _shell(spec: DesignSpec, typed: Sequence[str], colours: dict[str, Said]) -> _Proposal:
    cloth, fibre = shell_of(spec), asked_fibre(typed)
    composition = cloth.composition
    status: Status | None = None
    if fibre:
        composition = Said("{fibre}, shares to confirm", "{fibre}，比例待确认").filled(fibre=fibre)
        status = "asked"
    colour = listed([colours[part] for part in ("cloth", "print") if part in colours])
    return _Proposal(
        "shell", SHELL, cloth.name, composition, cloth.weight, colour, composition_status=status
    )


def _linings(spec: DesignSpec) -> list[_Proposal]:
    if not is_lined(spec):
        return []
    slip = spec["fabric"] in SLIPPED
    return [
        _Proposal(
            "lining",
            Said("slip", "衬裙") if slip else Said("lining", "里料"),
            Said("taffeta", "塔夫绸"),
            shares(viscose=100),
            gsm(60, 90),
            MATCHING,
        )
    ]


_UNFACED = (*KNITTED, *SEE_THROUGH, "faux fur")


def _interlinings(spec: DesignSpec) -> list[_Proposal]:
    where = [
        said
        for said, there in (
            (Said("collar", "衣领"), spec["collar"] not in (NONE, "hood")),
            (Said("front edges", "门襟"), spec["closure"] in _INTERLINED),
            (Said("cuffs", "袖口"), spec["cuffs"] == "contrast cuffs"),
            (Said("waistband", "腰头"), spec["category"] in BOTTOMS),
            (Said("facings", "贴边"), spec["fabric"] not in _UNFACED),
        )
        if there
    ]
    if not where:
        return []
    return [
        _Proposal(
            "interlining",
            Said("interlining", "衬料"),
            Said("fusible, for {where}", "粘合衬：{where}").filled(where=listed(where)),
            shares(polyester=100),
            gsm(30, 60),
            Said("white or black", "白色或黑色"),
        )
    ]


_INTERLINED = ("button front", "double-breasted", "frog closure", "toggle closure")
_ZIPPED_BEHIND = (NONE, "lace-up front")
"""Closures of a front that can't be stepped into."""


def _closures(spec: DesignSpec, colours: dict[str, Said]) -> list[_Proposal]:
    rows = []
    if spec["closure"] in _CLOSURES:
        rows.append(_CLOSURES[spec["closure"]](spec, colours))
    elastic = spec["waist"] == "elastic waist"
    if pointed(spec):
        rows.append(
            _Proposal(
                "back-buckle",
                Said("back buckle", "后背调节扣"),
                Said("slide buckle, 3 cm", "日字扣，3 cm"),
                Said("steel", "钢"),
            )
        )
    if spec["leg"] in _ELASTIC_LEGS:
        rows += _elastic(spec)
    elif spec["category"] in ("trousers", "shorts") and not elastic:
        rows.append(
            _Proposal(
                "fly",
                Said("fly", "门襟拉链"),
                Said("closed-end zip, hook and bar", "闭尾拉链，裤钩"),
                Said("polyamide teeth on polyester tape", "聚酰胺齿，聚酯带"),
                NOTHING,
                MATCHING,
            )
        )
    elif _zipped_behind(spec):
        rows.append(
            _Proposal(
                "zip",
                Said("zip", "拉链"),
                Said("concealed zip, hook and eye", "隐形拉链，风纪扣"),
                Said("polyamide teeth on polyester tape", "聚酰胺齿，聚酯带"),
                NOTHING,
                MATCHING,
            )
        )
    return rows


def _zipped_behind(spec: DesignSpec) -> bool:
    """Whether a zip behind lets somebody in: elastic waists and smocked bodices need none."""
    stretches = spec["waist"] in ("elastic waist", "smocked waist")
    skirted = spec["category"] in ("dress", "skirt", "jumpsuit")
    return skirted and not stretches and spec["closure"] in _ZIPPED_BEHIND


_ELASTIC_LEGS = ("leggings", "joggers")
"""Legs of trousers that are pulled on."""


def _elastic(spec: DesignSpec) -> list[_Proposal]:
    """The band of trousers that are pulled on; joggers have ribs and a cord beside it."""
    elastic = _Proposal(
        "waist-elastic",
        Said("waist elastic", "腰部松紧带"),
        Said("woven elastic, 4 cm wide", "织造松紧带，宽 4 cm"),
        shares(polyester=70, elastane=30),
        NOTHING,
        Said("white or black", "白色或黑色"),
    )
    if spec["leg"] != "joggers":
        return [elastic]
    cord = _Proposal(
        "drawstring",
        Said("drawstring", "抽绳"),
        Said("braided cord, tipped", "编织绳，带绳头"),
        shares(cotton=100),
        Said("1 cm, 140 cm long", "1 cm，长 140 cm"),
        MATCHING,
    )
    rib = _Proposal(
        "leg-rib",
        Said("leg cuffs", "脚口"),
        Said("rib 2 × 2", "2×2 罗纹"),
        shares(cotton=95, elastane=5),
        gsm(280, 340),
        MATCHING,
    )
    return [elastic, cord, rib]


def _buttons(spec: DesignSpec, colours: dict[str, Said]) -> _Proposal:
    heavy = spec["category"] in ("coat", "jacket")
    size = Said("32L, 20 mm") if heavy else Said("18L, 11.5 mm")
    return _Proposal(
        "buttons",
        Said("buttons", "纽扣"),
        Said("4-hole button", "四孔纽扣"),
        _PLASTIC,
        size,
        colours.get("trim", MATCHING),
    )


def _double(_spec: DesignSpec, colours: dict[str, Said]) -> _Proposal:
    return _Proposal(
        "buttons",
        Said("buttons", "纽扣"),
        Said("4-hole button, and one inside", "四孔纽扣，另加内扣"),
        _PLASTIC,
        Said("32L, 20 mm"),
        colours.get("trim", MATCHING),
    )


def _zip(spec: DesignSpec, _colours: dict[str, Said]) -> _Proposal:
    open_end = spec["category"] in ("jacket", "coat", "sweater", "shirt")
    kind = Said("open-end zip", "开尾拉链") if open_end else Said("closed-end zip", "闭尾拉链")
    return _Proposal(
        "zip",
        Said("zip", "拉链"),
        kind,
        Said("metal teeth on polyester tape", "金属齿，聚酯带"),
        NOTHING,
        MATCHING,
    )


def _ties(_spec: DesignSpec, _colours: dict[str, Said]) -> _Proposal:
    return _Proposal(
        "ties",
        Said("ties", "系带"),
        Said("self cloth; one snap inside", "本布；内侧一粒暗扣"),
        Said("as the shell", "同面料"),
        NOTHING,
        MATCHING,
    )


def _lacing(_spec: DesignSpec, colours: dict[str, Said]) -> _Proposal:
    return _Proposal(
        "lacing",
        Said("lacing", "绑带"),
        Said("cord and eyelets", "绳与气眼"),
        Said("polyester; brass", "聚酯；黄铜"),
        NOTHING,
        colours.get("trim", NOTHING),
    )


def _frogs(_spec: DesignSpec, colours: dict[str, Said]) -> _Proposal:
    return _Proposal(
        "frogs",
        Said("frogs", "盘扣"),
        Said("frogs of bias cord, snaps between", "斜条盘扣，其间暗扣"),
        shares(polyester=100),
        NOTHING,
        colours.get("trim", MATCHING),
    )


def _toggles(_spec: DesignSpec, _colours: dict[str, Said]) -> _Proposal:
    return _Proposal(
        "toggles",
        Said("toggles", "牛角扣"),
        Said("toggles with cord and tabs", "牛角扣，绳襻与皮袢"),
        Said("wood; cotton cord; leather", "木；棉绳；皮革"),
        Said("50 mm"),
        NOTHING,
    )


_CLOSURES: dict[str, Callable[[DesignSpec, dict[str, Said]], _Proposal]] = {
    "button front": _buttons,
    "double-breasted": _double,
    "zip front": _zip,
    "wrap front": _ties,
    "lace-up front": _lacing,
    "frog closure": _frogs,
    "toggle closure": _toggles,
}

_SELF = Said("as the shell", "同面料")
_TRIMS: dict[tuple[str, str], tuple[Said, Said, Said]] = {
    ("trim", "sequins"): (
        Said("sequins", "亮片"),
        Said("flat round sequins", "圆形平片"),
        _PLASTIC,
    ),
    ("trim", "lace yoke"): (
        Said("lace", "蕾丝"),
        Said("lace for the yoke", "育克蕾丝"),
        shares(polyamide=100),
    ),
    ("trim", "front ruffles"): (Said("ruffles", "荷叶边"), Said("self cloth", "本布"), _SELF),
    ("trim", "contrast piping"): (
        Said("piping", "嵌条"),
        Said("bias piping on cord", "斜裁嵌条包绳"),
        shares(cotton=100),
    ),
    ("trim", "embroidery"): (
        Said("embroidery thread", "绣花线"),
        Said("stranded thread, no. 40", "绣花线 40 号"),
        shares(polyester=100),
    ),
    ("trim", "pearls"): (Said("pearls", "珍珠"), Said("imitation pearls", "仿珍珠"), Said("ABS")),
    ("belt", "belt"): (Said("belt", "腰带"), Said("belt with buckle", "带扣腰带"), NOTHING),
    ("belt", "tied sash"): (
        Said("sash", "系带腰带"),
        Said("self cloth or contrast", "本布或撞色布"),
        NOTHING,
    ),
    ("belt", "corset belt"): (
        Said("corset belt", "束腰带"),
        Said("interlined, boned, laced", "加衬、鱼骨、绑带"),
        NOTHING,
    ),
    ("bow", "neck bow"): (
        Said("neck bow", "领结"),
        Said("self cloth or contrast", "本布或撞色布"),
        NOTHING,
    ),
    ("bow", "shoulder bows"): (
        Said("shoulder bows", "肩部蝴蝶结"),
        Said("self cloth or contrast", "本布或撞色布"),
        NOTHING,
    ),
    ("cuffs", "ribbed cuffs"): (
        Said("rib", "罗纹"),
        Said("rib 1 × 1", "1×1 罗纹"),
        shares(cotton=95, elastane=5),
    ),
    ("cuffs", "contrast cuffs"): (Said("cuffs", "袖口"), Said("contrast cloth", "撞色布"), NOTHING),
    ("cuffs", "ruffled cuffs"): (
        Said("cuff frill", "袖口荷叶边"),
        Said("self cloth or contrast", "本布或撞色布"),
        NOTHING,
    ),
    ("collar", "peter pan collar"): (
        Said("collar", "衣领"),
        Said("contrast cloth", "撞色布"),
        NOTHING,
    ),
    ("hem", "fringed hem"): (
        Said("fringe", "流苏"),
        Said("cut fringe, 8–12 cm", "流苏，8–12 cm"),
        shares(viscose=100),
    ),
    ("trim", "feathers"): (
        Said("feathers", "羽毛"),
        Said("feather trim on tape", "羽毛带"),
        NOTHING,
    ),
    ("collar", "sailor collar"): (
        Said("collar", "衣领"),
        Said("contrast cloth, bands of the shell", "撞色布，本布织带"),
        NOTHING,
    ),
    ("waist", "smocked waist"): (
        Said("elastic thread", "橡筋线"),
        Said("elastic thread for the bobbin", "底线用橡筋线"),
        NOTHING,
    ),
    ("waist", "elastic waist"): (
        Said("elastic and cord", "松紧带与绳"),
        Said("elastic 3.5 cm wide, cord 4 mm", "松紧带宽 3.5 cm，绳 4 mm"),
        NOTHING,
    ),
    ("neckline", "strapless"): (
        Said("boning", "鱼骨"),
        Said("boning, and silicone tape 1 cm wide", "鱼骨，硅胶防滑带宽 1 cm"),
        NOTHING,
    ),
    ("neckline", "spaghetti straps"): (
        Said("sliders", "调节扣"),
        Said("rings and sliders, 8 mm", "圆环与调节扣，8 mm"),
        Said("metal", "金属"),
    ),
    ("neckline", "off-shoulder"): (
        Said("elastic", "松紧带"),
        Said("elastic, 1 cm wide", "松紧带，宽 1 cm"),
        NOTHING,
    ),
    ("category", "dungarees"): (
        Said("buckles", "背带扣"),
        Said("two strap buckles with buttons; four side buttons", "两副背带扣；四粒侧扣"),
        Said("brass", "黄铜"),
    ),
    ("category", "polo shirt"): (
        Said("placket buttons", "门襟纽扣"),
        Said("two 4-hole buttons, 18L", "两粒四孔纽扣，18L"),
        _PLASTIC,
    ),
    ("category", "swimsuit"): (
        Said("leg elastic", "腿口橡筋"),
        Said("swim elastic, 0.8 cm, against chlorine", "泳衣橡筋，宽 0.8 cm，耐氯"),
        NOTHING,
    ),
    ("category", "kimono"): (
        Said("band and sash", "襟边与腰带"),
        Said("contrast cloth, interlined", "撞色布，加衬"),
        NOTHING,
    ),
}
_DYED = {
    "trim": ("contrast piping",),
    "collar": ("peter pan collar", "sailor collar"),
    "belt": ("tied sash",),
    "category": ("kimono",),
    "cuffs": ("contrast cuffs", "ruffled cuffs"),
    "bow": ("neck bow", "shoulder bows"),
}


def _trims(spec: DesignSpec, colours: dict[str, Said]) -> list[_Proposal]:
    rows = []
    for (family, value), (part, material, composition) in _TRIMS.items():
        if spec[family] != value:
            continue
        dyed = value in _DYED.get(family, ()) and "trim" in colours
        colour = colours["trim"] if dyed else NOTHING
        if not colour and composition == _SELF:
            colour = MATCHING
        status: Status | None = "asked" if family in spec.asked else None
        key = family.replace(" ", "-")
        rows.append(
            _Proposal(key, part, material, composition, NOTHING, colour, material_status=status)
        )
    return rows


_THREADS = {
    "denim": (
        Said("core-spun thread; topstitching thicker", "包芯线；明线用粗线"),
        Said("Tex 40; topstitch Tex 60"),
    ),
    "leather": (Said("bonded thread", "粘合线"), Said("Tex 70")),
    "tweed": (Said("core-spun thread", "包芯线"), Said("Tex 40")),
    "faux fur": (Said("core-spun thread", "包芯线"), Said("Tex 40")),
    "wool": (Said("core-spun thread", "包芯线"), Said("Tex 40")),
    "corduroy": (Said("core-spun thread", "包芯线"), Said("Tex 40")),
    "suede": (Said("bonded thread", "粘合线"), Said("Tex 70")),
    "jersey": (Said("textured thread, which stretches", "弹力变形线"), Said("Tex 24")),
    "ribbed": (Said("textured thread, which stretches", "弹力变形线"), Said("Tex 24")),
    "mesh": (Said("textured thread, which stretches", "弹力变形线"), Said("Tex 18")),
    "crochet": (
        Said("the same yarn, for linking", "同色纱线，用于缝合"),
        Said("as the cloth's", "同面料"),
    ),
}
_THREAD = (Said("spun thread", "短纤线"), Said("Tex 27"))


def _threads_and_labels(spec: DesignSpec) -> list[_Proposal]:
    material, weight = _THREADS.get(spec["fabric"], _THREAD)
    return [
        _Proposal(
            "thread", Said("thread", "缝线"), material, shares(polyester=100), weight, MATCHING
        ),
        _Proposal(
            "labels",
            Said("labels", "标签"),
            Said(
                "brand and size, woven; care and composition, printed",
                "织造主标和尺码标；印刷洗水标",
            ),
            shares(polyester=100),
            Said("at neck or waist; at left side seam", "领后或腰后；左侧缝"),
            Said("white on black, or black on white", "黑底白字或白底黑字"),
        ),
    ]
