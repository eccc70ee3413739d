"""The upper edge of a garment. Shapes are right halves, relative to the middle line."""

import math

from studio.design.families import BOTTOMS
from studio.design.spec import DesignSpec
from studio.drawing.cutting.widths import ease
from studio.drawing.figure import CENTRE, SHOULDER, Figure
from studio.drawing.paths import Point


def neckline(spec: DesignSpec, figure: Figure) -> list[Point]:
    """The upper edge from the left armpit to the right one; nothing for skirts and trousers."""
    if spec["category"] in BOTTOMS:
        return []
    if spec["neckline"] == "one-shoulder":
        edge = _one_shoulder(spec, figure)
    else:
        right = _right_half(spec, figure)
        edge = [*[(-x, y) for x, y in reversed(right)], *right[1:]]
    return [(CENTRE + x, y) for x, y in edge]


def _right_half(spec: DesignSpec, figure: Figure) -> list[Point]:
    """From the middle to the armpit."""
    bare = _BARE.get(spec["neckline"])
    if bare:
        return _deepened(bare(spec, figure), spec)
    return [*_deepened(_opening(spec), spec), *_shoulder(spec, figure)]


def _deepened(edge: list[Point], spec: DesignSpec) -> list[Point]:
    """The edge drawn down or up in its middle; what is as high as the neck stays."""
    drop = spec.measures.neck_depth * _DROPS.get(spec["neckline"], _USUAL_DROP)
    lowest, highest = max(y for _, y in edge), min(y for _, y in edge)
    fall = max(lowest - highest, 1.0)
    return [(x, y + drop * _middle(x) * (y - highest) / fall) for x, y in edge]


def _middle(x: float) -> float:
    """1 near the middle line, falling to 0 at the armpits."""
    return min(max((15.0 - abs(x)) / 7.0, 0.0), 1.0)


def _opening(spec: DesignSpec) -> list[Point]:
    """From the middle up to the side of the neck."""
    if spec["neckline"] in _OPENINGS:
        return _OPENINGS[spec["neckline"]]
    return _UNDER_COLLARS.get(spec["collar"], _UNDER_ANY_COLLAR)


def _shoulder(spec: DesignSpec, figure: Figure) -> list[Point]:
    """The tip of the shoulder, and without sleeves the way down to the armpit."""
    room = ease(spec)[0]
    if _sleeved(spec):
        return [(figure.shoulder + room * 0.45, SHOULDER + 0.6)]
    tip = figure.shoulder - 2.5
    armpit = [(tip - 0.6, 52.0), (figure.bust - 1.5 + room * 0.2, 58.0)]
    return [(tip, SHOULDER - 0.4), *armpit]


def _sleeved(spec: DesignSpec) -> bool:
    return spec["sleeve length"] != "sleeveless"


def _arc(bottom: float, x: float, y: float) -> list[Point]:
    """Quarter ellipse from (0, bottom) out to (x, y)."""
    return [
        (x * math.sin(t * math.pi / 14), y + (bottom - y) * math.cos(t * math.pi / 14))
        for t in range(8)
    ]


# How far a neckline's lowest point moves when it is at its deepest.
_USUAL_DROP = 3.0
_DROPS = {
    "v-neck": 7.0,
    "scoop neck": 5.5,
    "square neck": 5.0,
    "halter neck": 4.0,
    "crew neck": 1.6,
    "keyhole neck": 1.6,
    "turtleneck": 1.0,
    "boat neck": 1.8,
}
_OPENINGS: dict[str, list[Point]] = {
    "crew neck": _arc(46.0, 7.6, 39.6),
    "keyhole neck": _arc(45.0, 7.2, 39.6),
    "v-neck": [(0.0, 66.0), (7.2, 39.6)],
    "scoop neck": _arc(60.0, 10.5, 41.0),
    "square neck": [(0.0, 57.5), (10.2, 57.5), (10.2, 41.0)],
    "boat neck": _arc(44.5, 15.0, 42.4),
    "turtleneck": _arc(42.5, 6.6, 38.6),
}
_UNDER_COLLARS: dict[str, list[Point]] = {
    "notched lapels": [(0.0, 80.0), (7.2, 39.6)],
    "stand collar": _arc(44.0, 7.0, 39.2),
    "hood": _arc(44.0, 7.0, 39.2),
}
_UNDER_ANY_COLLAR: list[Point] = [(0.0, 50.0), (6.6, 39.2)]


def _one_shoulder(spec: DesignSpec, figure: Figure) -> list[Point]:
    """From the left armpit up to the right shoulder."""
    room = ease(spec)[0]
    slope = [
        (-figure.bust - room + 0.5, 64.0),
        (-figure.bust * 0.55, 57.0),
        (-3.0, 49.0),
        (6.2, 40.2),
    ]
    return [*slope, *_shoulder(spec, figure)]


def _halter(spec: DesignSpec, figure: Figure) -> list[Point]:
    room = ease(spec)[0]
    return [
        (0.0, 56.0),
        (3.6, 37.0),
        (6.2, 37.6),
        (8.4, 48.0),
        (figure.bust * 0.8, 58.0),
        (figure.bust + room - 1, 61.0),
    ]


def _sweetheart(spec: DesignSpec, figure: Figure) -> list[Point]:
    heart = [(0.0, 60.5), (2.4, 56.6), (6.0, 53.6), (9.4, 53.4), (12.2, 55.4)]
    if _sleeved(spec):
        strap = [(figure.shoulder - 5, 54.0), (figure.shoulder - 4.5, 43.2)]
        return [*heart, *strap, *_shoulder(spec, figure)]
    room = ease(spec)[0]
    return [*heart, (figure.bust + room - 0.5, 58.5)]


def _off_shoulder(spec: DesignSpec, figure: Figure) -> list[Point]:
    return [*_arc(55.5, figure.shoulder - 2, 52.0), (figure.shoulder + 1, 52.0)]


_BARE = {"halter neck": _halter, "sweetheart neck": _sweetheart, "off-shoulder": _off_shoulder}
