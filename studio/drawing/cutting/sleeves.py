"""Sleeves, cut along the arms and set into the armholes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from studio.design.families import NONE
from studio.design.spec import DesignSpec
from studio.drawing.cloth import Panel
from studio.drawing.cutting.widths import ease as body_ease
from studio.drawing.cutting.widths import shoulder_room, shoulder_tip
from studio.drawing.figure import BUST, CENTRE, RIGHT, SHOULDER, SIDES, Figure
from studio.drawing.limbs import HalfWidth, Limb, Profile
from studio.drawing.lines import (
    Line,
    Numbers,
    at,
    between,
    eased,
    joined,
    shares,
    without_loops,
)
from studio.drawing.paths import Path

_ENDS = {"short sleeves": 0.4, "three-quarter sleeves": 0.74, "long sleeves": 0.98}
# How far a sleeve of its name may end beyond or before its usual place.
_LONGER = {"short sleeves": 0.11, "three-quarter sleeves": 0.08, "long sleeves": 0.05}
_SHORTER = {"short sleeves": 0.14, "three-quarter sleeves": 0.1, "long sleeves": 0.08}
_EASE = {"slim fit": 0.2, "regular fit": 1.1, "oversized": 3.4}
_STEPS = 18
_LOW = "off-shoulder"


@dataclass(frozen=True)
class Sleeve:
    """One sleeve on the page.

    Attributes:
        side: of the page.
        arm: that it is on.
        start: place of its upper end on the arm.
        end: place of its lower end.
        half: half of its width at places.
        inward: what share of that it has towards the body at its end.
        left: its left edge, from the top down.
        right: its right edge.
        mouth: the lower end, from left to right.
        cap: the armhole, from the underarm up to the tip of the shoulder; empty without one.
        panel: its cloth.
    """

    side: int
    arm: Limb
    start: float
    end: float
    half: Profile
    inward: float
    left: Line
    right: Line
    mouth: Line
    cap: Line
    panel: Panel

    def on(self, place: float | Numbers, share: float | Numbers) -> Line:
        """Points at places along the sleeve, at shares (-1..1) of its half width."""
        places = np.asarray(place, dtype=float)
        return self.arm.on(places, self.half(places) * np.asarray(share))

    @property
    def inner(self) -> int:
        """Sign of the share that lies in the hollow of the elbow."""
        return 1 if self.arm.turn < 0 else -1


def has_sleeves(spec: DesignSpec) -> bool:
    """Whether this design has any."""
    return spec["sleeve length"] in _ENDS


def sleeves(spec: DesignSpec, figure: Figure, half_width: HalfWidth) -> tuple[Sleeve, ...]:
    """The sleeves from left to right; none for sleeveless garments."""
    if not has_sleeves(spec):
        return ()
    one = RIGHT * figure.posture.mirror
    sides = (one,) if spec["neckline"] == "one-shoulder" else SIDES
    if spec["sleeve shape"] == "cap sleeves":
        return tuple(_cap_sleeve(spec, figure, side) for side in sides)
    return tuple(_sleeve(spec, figure, side, half_width) for side in sides)


def _end(spec: DesignSpec) -> float:
    if spec["sleeve shape"] == "flutter sleeves":
        return 0.34 + 0.08 * spec.measures.sleeve_length
    reach, usual = spec.measures.sleeve_length, _ENDS[spec["sleeve length"]]
    end = usual + reach * (_LONGER if reach > 0 else _SHORTER)[spec["sleeve length"]]
    return end - 0.04 if spec["sleeve shape"] == "bell sleeves" else end


def _sleeve(spec: DesignSpec, figure: Figure, side: int, half_width: HalfWidth) -> Sleeve:
    arm, end = figure.arms[side], _end(spec)
    start = 0.1 if spec["neckline"] == _LOW else -0.055
    half = _half_width(spec, figure, start, end)
    swing, corner = _SWINGS.get(spec["sleeve shape"], (0.0, 0.0))
    places = shares(_STEPS, start, end - corner)
    inward = _inward(spec, end)
    edges = {
        side: arm.on(places, side * half(places)),
        -side: arm.on(
            places, -side * np.maximum(half(places) * inward(places), figure.arm_half(places) + 0.4)
        ),
    }
    tip, pit = _armhole(spec, figure, side, half_width)
    edges[-side] = without_loops(_from_the_pit(edges[-side], places, pit, arm, end))
    if spec["neckline"] == _LOW:
        edges[side] = _round_the_arm(edges[side], places, tip, side)
    else:
        edges[side] = _from_the_tip(edges[side], places, tip, side, spec)
    cap = _cap(spec, figure, side, tip, pit)
    across = shares(17, -1.0, 1.0) if swing else np.array([-1.0, -0.55, 0.0, 0.55, 1.0])
    hangs = 0.9 * (1 - np.abs(across) ** 2.4) + swing * (1 - across**6) * np.cos(8.4 * across + 0.8)
    low = end - corner * across**8
    across = np.where(across * side < 0, across * inward(low), across)
    mouth = arm.on(low, half(low) * across) + arm.along(end) * hangs
    return Sleeve(
        side=side,
        arm=arm,
        start=start,
        end=end,
        half=half,
        inward=float(inward(np.array([end]))[0]),
        left=edges[-1],
        right=edges[1],
        mouth=mouth,
        cap=cap,
        panel=Panel(
            path=_outline(edges, mouth, cap, side),
            half=float(half(shares(7, max(start, 0.0), end)).max()),
            length=arm.length * (end - start),
            place=lambda across, along: _in_folds(arm, start, across, along),
            sleeve=True,
        ),
    )


_SWINGS = {"flutter sleeves": (0.8, 0.045), "bell sleeves": (0.6, 0.03)}
"""How much the end of a wide sleeve waves, and the part of the arm on which its corners turn."""


def _in_folds(arm: Limb, start: float, across: ArrayLike, along: ArrayLike) -> Line:
    """Points of a print on a sleeve: its rows hang round the arm, and bend in the folds."""
    x, y = np.broadcast_arrays(np.asarray(across, float), np.asarray(along, float))
    low = np.clip(y / arm.length, 0.0, 1.0)
    drop = 0.7 * low * np.sin(0.8 * x + 0.06 * y) - 0.025 * x * x
    return arm.on(start + (y + drop) / arm.length, x + 0.3 * low * np.sin(0.8 * x + 1.6))


def _cap_sleeve(spec: DesignSpec, figure: Figure, side: int) -> Sleeve:
    """A cap over the shoulder: the armhole below it is bare."""
    arm, end = figure.arms[side], 0.165 + 0.035 * spec.measures.sleeve_length
    room = 1.2 + 0.5 * spec.measures.sleeve_volume
    tip, high, low = figure.posture.warp(
        at(
            CENTRE + side * (figure.shoulder - np.array([3.2, 3.6, 4.0])),
            SHOULDER + np.array([-0.6, 4.4, 9.6]),
        )
    )
    places = np.array([0.035, end * 0.62, end])
    over = arm.on(places, side * (figure.arm_half(places) + room * np.array([0.4, 0.8, 0.9])))
    back = np.array([end - 0.012, end - 0.045])
    under = arm.on(back, side * figure.arm_half(back) * np.array([0.35, -0.35]))
    edges = {side: np.append(tip, over), -side: np.array([low, (low + under[-1]) / 2])}
    mouth = np.array([over[-1], *under, low])
    whole = figure.arm_half(np.array([end]))[0] + room
    return Sleeve(
        side=side,
        arm=arm,
        start=-0.02,
        end=end,
        half=lambda place: np.full(np.shape(place), whole),
        inward=1.0,
        left=edges[-1],
        right=edges[1],
        mouth=mouth if side != RIGHT else mouth[::-1],
        cap=np.array([low, high, tip]),
        panel=Panel(
            path=joined(edges[side], mouth[1:], np.array([high, tip])),
            half=float(whole),
            length=arm.length * (end + 0.02),
            place=lambda across, along: arm.on(np.asarray(along) / arm.length - 0.02, across),
            sleeve=True,
        ),
    )


def _outline(edges: dict[int, Line], mouth: Line, cap: Line, side: int) -> Path:
    if not len(cap):
        return joined(edges[-1], mouth[1:-1], edges[1][::-1])
    to_outer = edges[side][::-1]
    across = mouth[1:-1] if side == RIGHT else mouth[1:-1][::-1]
    return joined(edges[-side], across, to_outer, cap[::-1])


def _armhole(
    spec: DesignSpec, figure: Figure, side: int, half_width: HalfWidth
) -> tuple[complex, complex]:
    """The tip of the shoulder, or where a bare one ends, and the underarm, on the page."""
    room = body_ease(spec)[0]
    warp = figure.posture.one
    x, y = shoulder_tip(spec, figure)
    if spec["neckline"] == _LOW:
        x, y = figure.shoulder - 2.8, SHOULDER + 7.9
    tip = warp(CENTRE + side * x, y)
    pit = warp(CENTRE + side * (half_width(BUST) - 0.3), BUST - 1.0 + room * 0.25)
    within = figure.arms[side].on(0.2, -side * (float(figure.arm_half(np.array([0.2]))[0]) + 0.9))
    across = min(side * pit.real, side * float(within.real)) * side  # no bare arm beside the sleeve
    return tip, complex(across, pit.imag)


def _cap(spec: DesignSpec, figure: Figure, side: int, tip: complex, pit: complex) -> Line:
    """From the underarm up to the tip: a curve that is hollow towards the body."""
    room = shoulder_room(spec)
    if spec["neckline"] == _LOW:
        return np.array([pit, (pit + tip) / 2 - side * 0.4, tip])
    middle = figure.posture.one(
        CENTRE + side * (figure.shoulder - 2.6 + 0.35 * room), 52.4 + 0.4 * room
    )
    return np.array([pit, pit * 0.45 + middle * 0.55 - side * 0.3, middle, tip])


def _from_the_tip(edge: Line, places: Numbers, tip: complex, side: int, spec: DesignSpec) -> Line:
    puffed = spec["sleeve shape"] == "puff sleeves"
    flutter = spec["sleeve shape"] == "flutter sleeves"
    dropped = 0.12 + 0.025 * max(shoulder_room(spec) - 2.6, 0.0)
    lower = edge[places > (0.06 if puffed else 0.14 if flutter else dropped)]
    below = lower[lower.imag > tip.imag + 3.0]  # that of a bent arm would rise over the shoulder
    lower = below if len(below) > 1 and not puffed else lower
    lift = complex(side * 1.7, -1.5) if puffed else complex(side * 0.7, -0.5)
    return np.concatenate([[tip, (tip + lower[0]) / 2 + lift], lower])


def _round_the_arm(edge: Line, places: Numbers, inner: complex, side: int) -> Line:
    """The upper edge goes on from the neckline round the arm, then the outer edge falls."""
    lower = edge[places > 0.16]
    outer = complex(edge[0])
    rise = complex(side * 0.2, -0.9)
    return np.concatenate(
        [[inner, inner * 0.5 + outer * 0.5 + rise, outer * 0.94 + inner * 0.06], lower]
    )


def _from_the_pit(edge: Line, places: Numbers, pit: complex, arm: Limb, end: float) -> Line:
    """The inner edge leaves the underarm along the arm, and runs into the sleeve's width."""
    first = min(0.2, end * 0.5)
    shown = places > first
    lower, at = edge[shown], places[shown]
    leaving = pit + arm.along(0.1) * (at - first) * arm.length
    share = eased((at - first) / max(min(0.3, end - first), 1e-6))
    return np.concatenate([[pit], between(leaving, lower, 0.35 + 0.65 * share)])


def _half_width(spec: DesignSpec, figure: Figure, start: float, end: float) -> Profile:
    volume, snug = spec.measures.sleeve_volume, 2.3 + 2.1 * figure.limb
    ease = _EASE[spec["fit"]] * (1 + 0.4 * spec.measures.ease) + snug
    shape, cuffed = _shape(spec), _gathered(spec)
    least = figure.arm_half

    def width(t: Numbers) -> Numbers:
        share = np.clip(t / end, 0.0, 1.0)
        half = shape(ease, share) * 0.95
        wide = half + volume * (0.3 * np.maximum(half - snug + 1.0, 0.0) + 0.3)
        wide = np.maximum(wide, least(t) + 0.35)
        if cuffed:
            wrist = cuff_half(spec, figure, end)
            drawn = eased((t - end + 0.1) / 0.09)
            wide = wide + (np.minimum(wide, wrist) - wide) * drawn
        if start > 0 or spec["sleeve shape"] == "flutter sleeves":  # it lies on the arm first
            close = least(t) + 0.8
            wide = close + (wide - close) * eased((t - max(start, 0.0)) / 0.22)
        dome = np.sqrt(np.clip((t - start + 0.02) / 0.15, 0.0, 1.0))
        return np.asarray(wide * dome if start < 0 else wide)

    fine = shares(101, start - 0.02, end + 0.08)
    table = width(fine)
    return lambda place: np.interp(place, fine, table)


def _inward(spec: DesignSpec, end: float) -> Profile:
    """What share of its half width a sleeve has towards the body: wide ones flare outwards."""
    least = {
        "flutter sleeves": 0.42,
        "bell sleeves": 0.62,
        "puff sleeves": 0.8,
        "kimono sleeves": 0.75,
    }
    share = least.get(spec["sleeve shape"], 1.0)
    return lambda place: 1 - (1 - share) * eased(np.asarray(place) / end * 1.2)


def _gathered(spec: DesignSpec) -> bool:
    """Whether a cuff draws the end of the sleeve in."""
    shape = spec["sleeve shape"]
    if shape == "bishop sleeves" or (shape == "puff sleeves" and spec["sleeve length"] != NONE):
        return True
    return shape == "straight sleeves" and spec["cuffs"] in ("ribbed cuffs", "contrast cuffs")


def cuff_half(spec: DesignSpec, figure: Figure, end: float) -> float:
    """Half the width of a cuff."""
    wrist = 3.0 if end > 0.86 else 3.9 if end > 0.6 else 4.5
    return wrist * (0.6 + 0.4 * figure.limb) + (0.6 if spec["fit"] == "oversized" else 0.0)


# Shapes: half width without the cap, from the ease and the share (0..1) of the way to the end.

_Shape = Callable[[float, Numbers], Numbers]


def _shape(spec: DesignSpec) -> _Shape:
    if spec["sleeve shape"] == "puff sleeves" and spec["sleeve length"] == "short sleeves":
        return _short_puff
    return _SHAPES[spec["sleeve shape"]]


def _straight(ease: float, share: Numbers) -> Numbers:
    return ease + 1.7 - 2.7 * share


def _short_puff(ease: float, share: Numbers) -> Numbers:
    return np.asarray(ease + 1 + 6.2 * np.sin(np.pi * np.minimum(share * 0.92 + 0.12, 1.0)))


def _long_puff(ease: float, share: Numbers) -> Numbers:
    swell = np.sin(np.pi * np.minimum((share + 0.06) / 0.46, 1.0))
    return np.asarray(ease - 1.4 + 8.0 * np.maximum(0.0, swell))


def _bell(ease: float, share: Numbers) -> Numbers:
    return np.asarray(ease + 0.4 + 8.8 * np.maximum(0.0, (share - 0.45) / 0.55) ** 1.4)


def _bishop(ease: float, share: Numbers) -> Numbers:
    swell = np.sin(np.pi * np.minimum(share / 0.97, 1.0) ** 1.7)
    return np.asarray(ease - 1.4 * share + 6.8 * np.maximum(0.0, swell))


def _flutter(ease: float, share: Numbers) -> Numbers:
    return np.asarray(ease + 0.6 + 7.5 * share**1.2)


def _kimono(ease: float, share: Numbers) -> Numbers:
    """Wide from the armhole to the end, and cut off straight there."""
    return np.asarray(ease + 1.7 + 8.0 * np.minimum(share / 0.85, 1.0))


_SHAPES: dict[str, _Shape] = {
    "straight sleeves": _straight,
    "puff sleeves": _long_puff,
    "bell sleeves": _bell,
    "bishop sleeves": _bishop,
    "flutter sleeves": _flutter,
    "kimono sleeves": _kimono,
}
