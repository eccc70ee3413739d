"""Sleeves, cut along the arms."""

import math
from collections.abc import Callable
from functools import cache

from studio.design.spec import DesignSpec
from studio.drawing.cloth import Panel
from studio.drawing.figure import RIGHT, SIDES, Figure
from studio.drawing.limbs import HalfWidth, Joints, bend, edges, outline
from studio.drawing.paths import Point

_ENDS = {"short sleeves": 0.42, "three-quarter sleeves": 0.74, "long sleeves": 0.99}
# How far a sleeve of its name may end beyond or before its usual place.
_LONGER = {"short sleeves": 0.11, "three-quarter sleeves": 0.08, "long sleeves": 0.05}
_SHORTER = {"short sleeves": 0.14, "three-quarter sleeves": 0.1, "long sleeves": 0.08}
_EASE = {"slim fit": 0.3, "regular fit": 1.3, "oversized": 3.6}


def sleeves(spec: DesignSpec, figure: Figure) -> tuple[Panel, ...]:
    """The sleeves from left to right; none for sleeveless garments."""
    if spec["sleeve length"] not in _ENDS:
        return ()
    start = 0.1 if spec["neckline"] == "off-shoulder" else -0.06
    end = _end(spec)
    half_width = _half_width(spec, figure, end)
    sides = (RIGHT,) if spec["neckline"] == "one-shoulder" else SIDES
    return tuple(_sleeve(figure.arms[side], half_width, start, end) for side in sides)


def _end(spec: DesignSpec) -> float:
    if spec["sleeve shape"] == "flutter sleeves":
        return 0.36 + 0.08 * spec.measures.sleeve_length
    reach, usual = spec.measures.sleeve_length, _ENDS[spec["sleeve length"]]
    end = usual + reach * (_LONGER if reach > 0 else _SHORTER)[spec["sleeve length"]]
    return end - 0.04 if spec["sleeve shape"] == "bell sleeves" else end


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


def _half_width(spec: DesignSpec, figure: Figure, end: float) -> HalfWidth:
    volume, snug = spec.measures.sleeve_volume, 4.6 * figure.limb
    ease = _EASE[spec["fit"]] * (1 + 0.4 * spec.measures.ease) + snug
    shape = _shape(spec)

    def half_width(place: float) -> float:
        cap = math.sqrt(min(max((place + 0.07) / 0.17, 0.0), 1.0))  # the round top of the sleeve
        half = shape(ease, min(max(place / end, 0.0), 1.0))
        return cap * (half + volume * (0.3 * max(half - snug + 1.0, 0.0) + 0.3))

    return half_width


# Shapes: half width without the cap, from the ease and the share (0..1) of the way to the end.


def _shape(spec: DesignSpec) -> Callable[[float, float], float]:
    if spec["sleeve shape"] == "puff sleeves" and spec["sleeve length"] == "short sleeves":
        return _short_puff
    return _SHAPES[spec["sleeve shape"]]


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
