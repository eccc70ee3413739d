"""The upper edge of a garment. Shapes are right halves, relative to the middle line."""

import math

from studio.design.families import BOTTOMS, NO_SHOULDERS, STRAPPED
from studio.design.spec import DesignSpec
from studio.drawing.cutting.widths import cape_shoulder, ease, has_armholes, shoulder_tip
from studio.drawing.figure import BUST, CENTRE, SHOULDER, Figure
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
    if figure.back:
        edge = _from_behind(edge, spec)
    return [(CENTRE + x, y) for x, y in edge]


def _from_behind(edge: list[Point], spec: DesignSpec) -> list[Point]:
    """The edge at the back: it lies high, unless the shoulders are bare."""
    neck = spec["neckline"]
    if neck == "off-shoulder":
        return edge
    if neck == "one-shoulder":
        return [(-x, y) for x, y in reversed(edge)]
    if neck == "open back":
        return _down_to_the_waist(edge[-1])
    if neck in (*NO_SHOULDERS, *STRAPPED) and not has_armholes(spec):
        end = edge[-1]
        x, y = end
        return [(-x, y), (-x * 0.5, y + 2.4), (0.0, y + 3.0), (x * 0.5, y + 2.4), end]
    outer = [point for point in edge if point[0] > 3]
    start = min(range(len(outer)), key=lambda i: (round(outer[i][1], 1), outer[i][0]))
    side = outer[start:]
    x, y = side[0]
    depth = 2.2 + 0.06 * x * x
    middle = [(x * math.sin(t), y + depth * math.cos(t)) for t in (-1.2, -0.6, 0.0, 0.6, 1.2)]
    return [*[(-a, b) for a, b in reversed(side)], *middle, *side]


def _down_to_the_waist(end: Point) -> list[Point]:
    """The edge of a back that is open from the armpits to the waist."""
    x, y = end
    turns = [math.pi / 2 * step / 8 for step in range(-8, 9)]
    return [(x * math.sin(t), y + (OPEN_TO - y) * math.cos(t)) for t in turns]


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
    if spec["category"] == "cape":  # round over the arms
        half = cape_shoulder(spec, figure)
        tip = figure.shoulder - 1.5
        return [(tip, 44.0), (tip + 3.4, 46.6), ((tip + half) / 2 + 2.4, 53.0), (half, BUST)]
    if has_armholes(spec):
        over = max(figure.shoulder - 4.0, 14.2)  # the shoulder's own slope, then that of a sleeve
        return [(over, SHOULDER - 0.6), shoulder_tip(spec, figure)]
    tip = figure.shoulder - 3.0
    armpit = [(tip - 0.8, 51.0), (figure.bust - 1.0 + room * 0.3, 57.6)]
    return [(tip, SHOULDER - 0.4), *armpit, (figure.bust + room, BUST)]


def _arc(bottom: float, x: float, y: float) -> list[Point]:
    """Quarter ellipse from (0, bottom) out to (x, y)."""
    return [
        (x * math.sin(t * math.pi / 14), y + (bottom - y) * math.cos(t * math.pi / 14))
        for t in range(8)
    ]


OPEN_TO = 85.0
"""Height of the lowest point of an open back."""
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
    "strapless": 1.2,
    "open back": 1.6,
    "plunging neck": 2.0,
}
_OPENINGS: dict[str, list[Point]] = {
    "crew neck": _arc(46.6, 7.0, 41.6),
    "keyhole neck": _arc(45.8, 6.8, 41.5),
    "v-neck": [(0.0, 66.0), (6.4, 41.3)],
    "scoop neck": _arc(60.0, 9.8, 42.2),
    "square neck": [(0.0, 57.5), (9.8, 57.5), (9.8, 42.2)],
    "boat neck": _arc(45.4, 13.4, 43.3),
    "turtleneck": _arc(43.0, 5.2, 41.0),
    "plunging neck": [(0.0, 80.0), (2.6, 66.0), (8.6, 42.0)],
}
_UNDER_COLLARS: dict[str, list[Point]] = {
    "notched lapels": [(0.0, 80.0), (6.4, 41.3)],
    "stand collar": _arc(44.6, 6.0, 41.2),
    "hood": _arc(44.6, 6.0, 41.2),
    "shawl collar": [(0.0, 79.0), (6.4, 41.3)],
    "sailor collar": [(0.0, 62.0), (6.4, 41.3)],
}
_UNDER_ANY_COLLAR: list[Point] = [(0.0, 50.0), (6.0, 41.2)]


def _one_shoulder(spec: DesignSpec, figure: Figure) -> list[Point]:
    """From the left armpit up to the right shoulder."""
    room = ease(spec)[0]
    slope = [
        (-figure.bust - room + 0.5, 64.0),
        (-figure.bust * 0.55, 57.0),
        (-3.0, 49.0),
        (6.0, 41.2),
    ]
    return [*slope, *_shoulder(spec, figure)]


def _halter(spec: DesignSpec, figure: Figure) -> list[Point]:
    room = ease(spec)[0]
    return [
        (0.0, 56.0),
        (2.6, 40.0),
        (4.6, 40.6),
        (7.6, 49.0),
        (figure.bust * 0.8, 58.0),
        (figure.bust + room - 1, 61.0),
    ]


def _sweetheart(spec: DesignSpec, figure: Figure) -> list[Point]:
    heart = [(0.0, 60.5), (2.4, 56.6), (6.0, 53.6), (9.0, 53.4), (11.4, 55.6)]
    if has_armholes(spec):
        strap = [(figure.shoulder - 5.4, 54.0), (figure.shoulder - 4.8, 43.4)]
        return [*heart, *strap, *_shoulder(spec, figure)]
    room = ease(spec)[0]
    return [*heart, (figure.bust + room - 0.5, 58.5)]


def _off_shoulder(spec: DesignSpec, figure: Figure) -> list[Point]:
    return [*_arc(55.5, figure.shoulder - 3, 52.0), (figure.shoulder - 1.2, 52.6)]


def _strapless(spec: DesignSpec, figure: Figure) -> list[Point]:
    """Straight across, with only the curve of the body."""
    end = figure.bust + ease(spec)[0] - 0.5
    return [(0.0, 56.4), (end * 0.35, 56.2), (end * 0.7, 55.9), (end, 56.6)]


def _camisole(spec: DesignSpec, figure: Figure) -> list[Point]:
    """Two shallow points that thin straps hang from."""
    room = ease(spec)[0]
    return [
        (0.0, 60.0),
        (4.6, 57.4),
        (STRAP, 52.8),
        (11.6, 56.0),
        (figure.bust + room - 0.5, 59.0),
    ]


def _cowl(spec: DesignSpec, figure: Figure) -> list[Point]:
    """A fold that hangs between straps or shoulders."""
    if has_armholes(spec):
        return [*_arc(61.0, 11.6, 43.0), *_shoulder(spec, figure)]
    room = ease(spec)[0]
    return [*_arc(63.0, STRAP, 52.6), (11.4, 55.8), (figure.bust + room - 0.5, 59.0)]


def _high_halter(spec: DesignSpec, figure: Figure) -> list[Point]:
    """Closed at the neck, cut in at the shoulders: the front of an open back."""
    room = ease(spec)[0]
    return [
        *_arc(45.4, 5.4, 41.2),
        (6.6, 42.2),
        (8.4, 49.0),
        (figure.bust * 0.78, 56.6),
        (figure.bust + room - 1, 61.0),
    ]


STRAP = 9.4
"""How far from the middle line thin straps begin."""
_BARE = {
    "halter neck": _halter,
    "sweetheart neck": _sweetheart,
    "off-shoulder": _off_shoulder,
    "strapless": _strapless,
    "spaghetti straps": _camisole,
    "cowl neck": _cowl,
    "open back": _high_halter,
}
