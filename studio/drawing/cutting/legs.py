"""The legs of trousers, shorts and jumpsuits."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from studio.design.spec import DesignSpec
from studio.drawing.cloth import Panel
from studio.drawing.figure import CENTRE, CROTCH, HIP, WAIST, Figure
from studio.drawing.limbs import HalfWidth, Limb, Profile
from studio.drawing.lines import Line, Numbers, at, curve_between, eased, joined, shares

_WIDTHS = {  # half widths at thigh, knee and ankle
    "skinny": (8.4, 5.7, 3.5),
    "straight-leg": (9.0, 8.0, 7.4),
    "wide-leg": (9.6, 11.6, 14.6),
    "flared": (8.8, 6.8, 15.6),
    "leggings": (7.4, 4.6, 2.6),
    "joggers": (9.8, 9.2, 7.6),
}
JOGGER_CUFF = 0.055
"""How much of a leg its ribbed cuff takes."""
ABOVE_THE_KNEE = 0.45
"""The place of a hem up to which legs are short."""
_EASE = {"slim fit": 0.0, "regular fit": 1.1, "oversized": 3.2}
_TOP = WAIST - 2
_HIPS = (_TOP, 86.0, 91.0, 96.0, 101.0, 106.0)
_FIRST = 0.13
_THIGH = 0.3
_STEPS = 17


@dataclass(frozen=True)
class TrouserLeg:
    """One leg on the page, from the waist down.

    Attributes:
        side: of the page.
        limb: that it is on.
        end: place of its hem.
        outer: its outer edge, from the waist down.
        inner: its inner edge, from the crotch down.
        mouth: its hem, from the outer to the inner edge.
        half: half of its width at places, outer and inner alike.
        panel: its cloth.
    """

    side: int
    limb: Limb
    end: float
    outer: Line
    inner: Line
    mouth: Line
    half: Profile
    panel: Panel

    def on(self, place: float | Numbers, share: float | Numbers) -> Line:
        """Points at places along the leg, at shares of its half width; 1 is its outer edge."""
        places = np.asarray(place, dtype=float)
        return self.limb.on(places, self.side * self.half(places) * np.asarray(share))


def trouser_legs(spec: DesignSpec, figure: Figure, half_width: HalfWidth) -> tuple[TrouserLeg, ...]:
    """Both legs, the one that is drawn first before the other."""
    first = figure.posture.of_viewer(figure.posture.pose.first_leg)
    return tuple(_leg(spec, figure, side, half_width) for side in (first, -first))


def _leg(spec: DesignSpec, figure: Figure, side: int, half_width: HalfWidth) -> TrouserLeg:
    limb, end, warp = figure.legs[side], _end(spec), figure.posture.warp
    places = shares(_STEPS, _FIRST, end)
    wide = {inner: _half_width(spec, figure, inner) for inner in (True, False)}
    outer = limb.on(places, side * wide[False](places))
    inside = wide[True](places)
    if end < ABOVE_THE_KNEE:
        inside = _beside_the_other(figure, side, places, inside)
    inner = limb.on(places, -side * inside)
    half = np.array([half_width(y) for y in _HIPS])
    if spec["category"] == "jumpsuit":  # the bodice lies over the first point: no corner below it
        half[0] = half[1] - 0.8 * (half[2] - half[1])
    hips = warp(at(CENTRE + side * half, np.array(_HIPS)))
    lower = outer[places >= min(_THIGH, end - 0.06)]
    outer = np.concatenate([hips, curve_between(hips, lower, 4), lower])
    crotch = warp(at(CENTRE - side * 0.5, CROTCH + 2.5))
    shown = inner[places > 0.2]
    over = -side * (shown[0].real - crotch.real)  # of a wide leg, which lies over the other one
    if over > 0:
        near = np.clip((places[places > 0.2] - 0.2) / 0.24, 0.0, 1.0)
        shown = shown + side * over * (1 - eased(near))
    inner = np.concatenate([crotch.reshape(1), shown])
    middle = limb.on(end + 0.006) + limb.along(end) * 0.6
    mouth = np.array([outer[-1], complex(middle), inner[-1]])
    seam = warp(at(CENTRE - side * np.array([0.9, 1.0]), np.array([HIP, _TOP])))
    path = joined(outer, mouth[1:2], inner[::-1], seam)
    start = 26.0
    return TrouserLeg(
        side=side,
        limb=limb,
        end=end,
        outer=outer,
        inner=inner,
        mouth=mouth,
        half=wide[False],
        panel=Panel(
            path=path,
            half=11.0,
            length=limb.length * end + start,
            place=lambda across, along: _in_folds(limb, across, np.asarray(along) - start),
        ),
    )


def _in_folds(limb: Limb, across: ArrayLike, along: ArrayLike) -> Line:
    """Points of a print on a leg: round the leg its rows hang, and in its folds they bend."""
    x, y = np.broadcast_arrays(np.asarray(across, float), np.asarray(along, float))
    low = np.clip(y / limb.length, 0.0, 1.0)
    drop = (0.5 + 0.7 * low) * np.sin(0.72 * x + 0.045 * y) - 0.012 * x * x
    return limb.on((y + drop) / limb.length, x + 0.35 * np.sin(0.72 * x + 1.6 + 0.045 * y))


def _beside_the_other(figure: Figure, side: int, places: Numbers, half: Numbers) -> Numbers:
    """Inner half widths of a short leg: it ends beside the other one, not over it."""
    one, other = (figure.legs[each].on(places).real for each in (side, -side))
    room = side * (one - other) / 2 - 0.5
    return np.asarray(np.maximum(np.minimum(half, room), figure.leg_half(True)(places) + 0.6))


def _end(spec: DesignSpec) -> float:
    length = spec.measures.length
    if spec["category"] == "shorts" or spec["length"] == "mini":
        return 0.29 + 0.08 * length
    if spec["leg"] in ("leggings", "joggers") and spec["length"] == "full-length":
        return 0.975 + 0.015 * length
    return 0.99 + 0.03 * length if spec["length"] == "full-length" else 0.76 + 0.08 * length


def _half_width(spec: DesignSpec, figure: Figure, inner: bool) -> Callable[[Numbers], Numbers]:
    thigh, knee, ankle = _WIDTHS[spec["leg"]]
    ankle = max(ankle * (1 + 0.22 * spec.measures.flare), 3.3)
    share = {"skinny": 0.5, "leggings": 0.0}.get(spec["leg"], 1.0)
    ease = (_EASE[spec["fit"]] + 0.8 * spec.measures.ease) * share
    close = 0.3 + 0.2 * spec.measures.ease if spec["leg"] == "leggings" else 0.6
    end = _end(spec)
    bare = figure.leg_half(inner)

    def half_width(place: Numbers) -> Numbers:
        t = np.asarray(place, dtype=float)
        above = thigh + (knee - thigh) * (t / 0.5)
        below = knee + (ankle - knee) * np.maximum((t - 0.5) / 0.5, 0.0) ** 1.3
        width = np.where(t < 0.5, above, below)
        width = np.maximum((width + ease) * (0.75 + 0.25 * figure.limb) * 0.93, bare(t) + close)
        if spec["leg"] == "joggers":  # drawn in above the cuff
            drawn = eased(np.clip((t - end + JOGGER_CUFF + 0.045) / 0.05, 0.0, 1.0))
            width = width + (np.minimum(width, bare(t) + 1.5) - width) * drawn
        return np.asarray(width)

    return half_width
