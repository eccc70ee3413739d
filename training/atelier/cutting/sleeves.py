"""Sleeves, cut along the arms."""

import math
from collections.abc import Callable
from functools import cache

from training.atelier.attributes import Outfit
from training.atelier.cloth import Panel
from training.atelier.figure import RIGHT, SIDES, Figure
from training.atelier.limbs import HalfWidth, Joints, bend, edges, outline
from training.atelier.pen import Point

_ENDS = {"short sleeves": 0.42, "three-quarter sleeves": 0.74, "long sleeves": 0.99}
_EASE = {"slim fit": 0.3, "regular fit": 1.3, "oversized": 3.6}


def sleeves(outfit: Outfit, figure: Figure) -> tuple[Panel, ...]:
    """The sleeves from left to right; none for sleeveless garments."""
    if outfit["sleeve length"] not in _ENDS:
        return ()
    start = 0.1 if outfit["neckline"] == "off-shoulder" else -0.06
    end = _end(outfit)
    half_width = _half_width(outfit, figure, end)
    sides = (RIGHT,) if outfit["neckline"] == "one-shoulder" else SIDES
    return tuple(_sleeve(figure.arms[side], half_width, start, end) for side in sides)


def _end(outfit: Outfit) -> float:
    if outfit["sleeve shape"] == "flutter sleeves":
        return 0.36
    end = _ENDS[outfit["sleeve length"]]
    return end - 0.04 if outfit["sleeve shape"] == "bell sleeves" else end


def _sleeve(arm: Joints, half_width: HalfWidth, start: float, end: float) -> Panel:
    length = math.dist(arm[0], arm[1]) + math.dist(arm[1], arm[2])
    at = bend(arm)

    @cache  # patterns go across the sleeve at the same height
    def frame(along: float) -> tuple[Point, Point]:
        return at(along / length + start)

    def place(across: float, along: float) -> Point:
        (x, y), (dx, dy) = frame(along)
        return x - dy * across, y + dx * across

    return Panel(
        path=outline(edges(arm, half_width, start, end)),
        half=max(half_width(start + (end - start) * i / 6) for i in range(7)),
        length=length * (end - start),
        place=place,
        sleeve=True,
    )


def _half_width(outfit: Outfit, figure: Figure, end: float) -> HalfWidth:
    ease = _EASE[outfit["fit"]] + 4.6 * figure.limb
    shape = _shape(outfit)

    def half_width(place: float) -> float:
        cap = math.sqrt(min(max((place + 0.07) / 0.17, 0.0), 1.0))  # the round top of the sleeve
        return cap * shape(ease, min(max(place / end, 0.0), 1.0))

    return half_width


# Shapes: half width without the cap, from the ease and the share (0..1) of the way to the end.


def _shape(outfit: Outfit) -> Callable[[float, float], float]:
    if outfit["sleeve shape"] == "puff sleeves" and outfit["sleeve length"] == "short sleeves":
        return _short_puff
    return _SHAPES[outfit["sleeve shape"]]


def _straight(ease: float, share: float) -> float:
    return ease + 2.0 - 2.6 * share


def _short_puff(ease: float, share: float) -> float:
    return ease + 1 + 6.5 * math.sin(math.pi * min(share * 0.92 + 0.12, 1.0))


def _long_puff(ease: float, share: float) -> float:
    return ease - 1.2 + 8.5 * max(0.0, math.sin(math.pi * min((share + 0.06) / 0.46, 1.0)))


def _bell(ease: float, share: float) -> float:
    flare: float = max(0.0, (share - 0.45) / 0.55) ** 1.4
    return ease + 0.6 + 11.5 * flare


def _bishop(ease: float, share: float) -> float:
    swell = math.sin(math.pi * min(share / 0.97, 1.0) ** 1.7)
    return ease - 1.4 * share + 6.8 * max(0.0, swell)


def _flutter(ease: float, share: float) -> float:
    flare: float = share**1.2
    return ease + 1 + 8.5 * flare


_SHAPES: dict[str, Callable[[float, float], float]] = {
    "straight sleeves": _straight,
    "puff sleeves": _long_puff,
    "bell sleeves": _bell,
    "bishop sleeves": _bishop,
    "flutter sleeves": _flutter,
}
