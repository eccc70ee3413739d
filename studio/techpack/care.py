"""How to care for a garment: a proposal by its fabric and trims, as five signs of ISO 3758.

The factory tests before it prints a label; so the sheet calls this a proposal.
"""

from dataclasses import dataclass, replace
from typing import Literal

from studio.design.families import NONE
from studio.design.spec import DesignSpec
from studio.techpack.said import Said, listed

Wash = Literal["none", "hand", "30", "40"]
Bleach = Literal["none", "oxygen", "any"]
Tumble = Literal["none", "low", "normal"]
Dry = Literal["line", "flat", "line in shade"]
Iron = Literal["none", "1", "2", "3"]
Cleaning = Literal["none", "P"]


@dataclass(frozen=True)
class Care:
    """What five signs say, and the sixth of drying without a machine.

    Attributes:
        wash: at how many degrees Celsius at most, by hand, or not.
        bars: how much milder than usual the wash is, as the bars below its tub: 0 to 2.
        bleach: with what.
        tumble: whether in a dryer; "low" is one dot, 60 degrees.
        dry: how, without a machine.
        iron: dots; one is 110 degrees, two are 150, three are 200.
        cleaning: what a cleaner may use.
        cleaning_bars: as for washing.
    """

    wash: Wash
    bars: int = 0
    bleach: Bleach = "none"
    tumble: Tumble = "none"
    dry: Dry = "line"
    iron: Iron = "1"
    cleaning: Cleaning = "none"
    cleaning_bars: int = 0


_BY_FABRIC = {
    "cotton": Care("40", 0, "oxygen", "low", "line", "2", "P"),
    "satin": Care("30", 2, "none", "none", "line in shade", "1", "P", 1),
    "denim": Care("30", 1, "none", "none", "line", "2", "P"),
    "knit": Care("30", 2, "none", "none", "flat", "1", "P", 1),
    "leather": Care("none", 0, "none", "none", "line in shade", "none", "none"),
    "sheer": Care("hand", 0, "none", "none", "line in shade", "1", "P", 1),
    "tweed": Care("none", 0, "none", "none", "flat", "2", "P", 1),
    "quilted": Care("30", 2, "none", "low", "line", "none", "none"),
    "faux fur": Care("hand", 0, "none", "none", "line in shade", "none", "none"),
    "linen": Care("40", 1, "oxygen", "none", "line", "3", "P"),
    "velvet": Care("none", 0, "none", "none", "line in shade", "none", "P", 1),
    "corduroy": Care("30", 1, "none", "none", "line", "1", "P"),
    "wool": Care("none", 0, "none", "none", "flat", "2", "P", 1),
    "jersey": Care("40", 1, "oxygen", "low", "flat", "2", "P"),
    "ribbed": Care("30", 2, "none", "none", "flat", "1", "P", 1),
    "crochet": Care("hand", 0, "none", "none", "flat", "1", "P", 1),
    "broderie": Care("30", 2, "none", "none", "line", "2", "P", 1),
    "jacquard": Care("none", 0, "none", "none", "line in shade", "1", "P", 1),
    "suede": Care("none", 0, "none", "none", "line in shade", "none", "none"),
    "mesh": Care("hand", 0, "none", "none", "line in shade", "1", "none"),
}
_DELICATE = ("sequins", "pearls", "lace yoke", "embroidery")
_NEVER_WASHED = ("feathers",)


def care_of(spec: DesignSpec) -> Care:
    """The proposal for a design; delicate trims make it milder than its cloth alone."""
    care = _BY_FABRIC[spec["fabric"]]
    if spec["trim"] in _DELICATE:
        wash: Wash = "none" if care.wash == "none" else "hand"
        care = replace(care, wash=wash, bars=0, tumble="none", bleach="none")
        if spec["trim"] in ("sequins", "pearls"):
            care = replace(care, iron="none")
    if spec["trim"] in _NEVER_WASHED:
        care = replace(
            care, wash="none", bars=0, tumble="none", bleach="none", dry="flat", iron="none"
        )
    if spec["hem"] == "fringed hem" or spec["bow"] != NONE:
        care = replace(care, tumble="none")
    return care


_WASH = {
    "none": Said("do not wash", "不可水洗"),
    "hand": Said("wash by hand, 40 °C at most", "手洗，最高 40°C"),
    "30": Said("wash at 30 °C at most", "最高水温 30°C"),
    "40": Said("wash at 40 °C at most", "最高水温 40°C"),
}
_MILD = (Said(""), Said("mild", "缓和"), Said("very mild", "非常缓和"))
_BLEACH = {
    "none": Said("do not bleach", "不可漂白"),
    "oxygen": Said("bleach with oxygen only", "仅允许氧漂"),
    "any": Said("any bleach", "允许任何漂白剂"),
}
_TUMBLE = {
    "none": Said("do not tumble dry", "不可翻转干燥"),
    "low": Said("tumble dry, low", "可低温翻转干燥"),
    "normal": Said("tumble dry", "可翻转干燥"),
}
_DRY = {
    "line": Said("dry on a line", "悬挂晾干"),
    "flat": Said("dry flat", "平摊晾干"),
    "line in shade": Said("dry on a line in the shade", "在阴凉处悬挂晾干"),
}
_IRON = {
    "none": Said("do not iron", "不可熨烫"),
    "1": Said("iron at 110 °C at most", "熨斗底板最高 110°C"),
    "2": Said("iron at 150 °C at most", "熨斗底板最高 150°C"),
    "3": Said("iron at 200 °C at most", "熨斗底板最高 200°C"),
}
_CLEANING = {
    "none": Said("do not dry clean", "不可干洗"),
    "P": Said("dry clean with P", "可用 P 类溶剂干洗"),
}


def told(care: Care) -> tuple[Said, ...]:
    """What each of the six signs says."""
    wash = listed([_WASH[care.wash], _MILD[care.bars]])
    cleaning = listed([_CLEANING[care.cleaning], _MILD[care.cleaning_bars]])
    return (
        wash,
        _BLEACH[care.bleach],
        _TUMBLE[care.tumble],
        _DRY[care.dry],
        _IRON[care.iron],
        cleaning,
    )
