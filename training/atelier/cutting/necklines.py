"""The upper edge of a garment. Shapes are right halves, relative to the middle line."""

import math

from training.atelier.attributes import BOTTOMS, Outfit
from training.atelier.cutting.widths import EASE
from training.atelier.figure import CENTRE, SHOULDER, Figure
from training.atelier.pen import Point


def neckline(outfit: Outfit, figure: Figure) -> list[Point]:
    """The upper edge from the left armpit to the right one; nothing for skirts and trousers."""
    if outfit["category"] in BOTTOMS:
        return []
    if outfit["neckline"] == "one-shoulder":
        edge = _one_shoulder(outfit, figure)
    else:
        right = _right_half(outfit, figure)
        edge = [*[(-x, y) for x, y in reversed(right)], *right[1:]]
    return [(CENTRE + x, y) for x, y in edge]


def _right_half(outfit: Outfit, figure: Figure) -> list[Point]:
    """From the middle to the armpit."""
    bare = _BARE.get(outfit["neckline"])
    if bare:
        return bare(outfit, figure)
    return [*_opening(outfit), *_shoulder(outfit, figure)]


def _opening(outfit: Outfit) -> list[Point]:
    """From the middle up to the side of the neck."""
    if outfit["neckline"] in _OPENINGS:
        return _OPENINGS[outfit["neckline"]]
    return _UNDER_COLLARS.get(outfit["collar"], _UNDER_ANY_COLLAR)


def _shoulder(outfit: Outfit, figure: Figure) -> list[Point]:
    """The tip of the shoulder, and without sleeves the way down to the armpit."""
    ease = EASE[outfit["fit"]][0]
    if _sleeved(outfit):
        return [(figure.shoulder + ease * 0.45, SHOULDER + 0.6)]
    tip = figure.shoulder - 2.5
    armpit = [(tip - 0.6, 52.0), (figure.bust - 1.5 + ease * 0.2, 58.0)]
    return [(tip, SHOULDER - 0.4), *armpit]


def _sleeved(outfit: Outfit) -> bool:
    return outfit["sleeve length"] != "sleeveless"


def _arc(bottom: float, x: float, y: float) -> list[Point]:
    """Quarter ellipse from (0, bottom) out to (x, y)."""
    return [
        (x * math.sin(t * math.pi / 14), y + (bottom - y) * math.cos(t * math.pi / 14))
        for t in range(8)
    ]


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


def _one_shoulder(outfit: Outfit, figure: Figure) -> list[Point]:
    """From the left armpit up to the right shoulder."""
    ease = EASE[outfit["fit"]][0]
    slope = [
        (-figure.bust - ease + 0.5, 64.0),
        (-figure.bust * 0.55, 57.0),
        (-3.0, 49.0),
        (6.2, 40.2),
    ]
    return [*slope, *_shoulder(outfit, figure)]


def _halter(outfit: Outfit, figure: Figure) -> list[Point]:
    ease = EASE[outfit["fit"]][0]
    return [
        (0.0, 56.0),
        (3.6, 37.0),
        (6.2, 37.6),
        (8.4, 48.0),
        (figure.bust * 0.8, 58.0),
        (figure.bust + ease - 1, 61.0),
    ]


def _sweetheart(outfit: Outfit, figure: Figure) -> list[Point]:
    heart = [(0.0, 60.5), (2.4, 56.6), (6.0, 53.6), (9.4, 53.4), (12.2, 55.4)]
    if _sleeved(outfit):
        strap = [(figure.shoulder - 5, 54.0), (figure.shoulder - 4.5, 43.2)]
        return [*heart, *strap, *_shoulder(outfit, figure)]
    ease = EASE[outfit["fit"]][0]
    return [*heart, (figure.bust + ease - 0.5, 58.5)]


def _off_shoulder(outfit: Outfit, figure: Figure) -> list[Point]:
    return [*_arc(55.5, figure.shoulder - 2, 52.0), (figure.shoulder + 1, 52.0)]


_BARE = {"halter neck": _halter, "sweetheart neck": _sweetheart, "off-shoulder": _off_shoulder}
