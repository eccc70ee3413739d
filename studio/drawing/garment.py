"""A garment: cut straight, and the lines that details hang on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from studio.design.families import BOTTOMS, LEGGED, NONE, SKIRTED, TROUSERED
from studio.design.spec import DesignSpec
from studio.drawing.cloth import Cloth, Panel
from studio.drawing.cutting.hemlines import CUT_ACROSS, Hem, hem_of, opened, slit
from studio.drawing.cutting.legs import TrouserLeg, trouser_legs
from studio.drawing.cutting.necklines import neckline
from studio.drawing.cutting.sleeves import Sleeve, sleeves
from studio.drawing.cutting.widths import (
    body_knots,
    ease,
    opens_at_the_waist,
    round_legs,
    seam_height,
    smooth,
)
from studio.drawing.figure import BUST, CENTRE, CROTCH, HIP, KNEE, SHOULDER, WAIST, Figure
from studio.drawing.limbs import HalfWidth
from studio.drawing.lines import Line, at, corner_runs, eased, joined, of_points, shares
from studio.drawing.paths import Point

_BOTTOM_TOP = WAIST - 2
_BAND_END = WAIST + 2.8
"""A waistband is upright; the hips begin below it."""
_BESIDE_THE_ARM = 0.2
"""The place of an arm that lies beside the end of a strapless edge."""
_STRETCH, _COVERED = 1.25, 1.38
"""How much a print widens on a flare, unless it would not reach the sides: flares are gores."""
_FOLD = 0.42
"""From one fold of cloth that hangs straight to the next, as a share of the half width."""
_UNDERARM = 9.0
"""How far below the underarm a side is back at its own width."""


@dataclass(frozen=True)
class Garment:
    """The cut pieces and the lines that details hang on; those of the body are straight.

    Attributes:
        spec: the design that it is a part of.
        cloth: what it is made of.
        figure: who wears it.
        body: the piece round the body, straight; a posed pen draws it.
        left: its left side, from the top down.
        right: its right side.
        edge: how it ends below.
        sleeves: the sleeves from left to right, on the page.
        legs: those of trousers, on the page.
        half_width: half of the body's width at a height.
        top: height of the upper edge on the middle line.
        waist: height of the waist's seam.
        hem: height of the hem.
        neckline: the upper edge, from left to right; empty for skirts and trousers.
    """

    spec: DesignSpec
    cloth: Cloth
    figure: Figure
    body: Panel
    left: Line
    right: Line
    edge: Hem
    sleeves: tuple[Sleeve, ...]
    legs: tuple[TrouserLeg, ...]
    half_width: HalfWidth
    top: float
    waist: float
    hem: float
    neckline: tuple[Point, ...]

    def has(self, family: str, *values: str) -> bool:
        """Whether the design's value of this family is one of these."""
        return self.spec[family] in values

    @property
    def back(self) -> bool:
        """Whether it is seen from behind."""
        return self.figure.back

    @cached_property
    def open_edges(self) -> list[Line]:
        """The parts of the upper edge where cloth ends, straight: all but seams on shoulders."""
        runs = corner_runs(of_points(self.neckline)) if self.neckline else []
        if self.has("category", "cape"):  # its sides are no edges
            return [
                run for run in runs if np.abs(run.real - CENTRE).max() < self.figure.shoulder - 3
            ]
        return [run for run in runs if not _on_the_shoulder(run)]

    @property
    def bare_arms(self) -> bool:
        """Whether arms come bare out of the armholes: without sleeves, or below caps."""
        return not self.sleeves or self.has("sleeve shape", "cap sleeves")

    def armhole_edge(self, side: int) -> Line | None:
        """The edge that a bare arm comes out of, straight, from shoulder to armpit; or none."""
        if not self.neckline or self.has("category", "cape"):
            return None
        edge = of_points(self.neckline)
        tip, *rest = edge[-4:] if side > 0 else edge[:4][::-1]
        covered = side * (tip.real - CENTRE) > self.figure.shoulder - 5 and tip.imag < SHOULDER + 2
        return np.array([tip, *rest[:-1]]) if self.bare_arms and covered else None

    def armhole(self, side: int) -> Line | None:
        """The same on the page."""
        edge = self.armhole_edge(side)
        return None if edge is None else self.figure.posture.warp(edge)

    def underarm(self, side: int) -> complex | None:
        """Where a strapless edge meets a bare arm, on the page; none where armholes do."""
        if not self.neckline or self.armhole(side) is not None:
            return None
        end = complex(*self.neckline[-1 if side > 0 else 0])
        if not BUST - 6 < end.imag < BUST + 3:
            return None
        arm, posture = self.figure.arms[side], self.figure.posture
        half = float(self.figure.arm_half(np.array([_BESIDE_THE_ARM]))[0])
        inner = complex(arm.on(_BESIDE_THE_ARM, -side * half))
        meets = posture.one(end.real, end.imag)
        x = side * min(side * meets.real, side * inner.real + 1.2)
        return complex(x, meets.imag)

    def at(self, y: float, share: float) -> Point:
        """The point `share` (-1..1) of the half width beside the middle, at a height."""
        return CENTRE + self.half_width(y) * share, y

    def on(self, share: ArrayLike, y: ArrayLike) -> Line:
        """Points at shares of the half width and heights; below the waist they wave."""
        return self.edge.on(share, y)


def cut(spec: DesignSpec, figure: Figure, cloth: Cloth | None = None) -> Garment:
    """Cut the design's garment for the figure, of its own cloth unless another is given."""
    knots, hem_height = _knots(spec, figure)
    half_width = smooth(knots, opens_at_the_waist(spec))
    edge = hem_of(spec, half_width, hem_height, figure.posture.mirror)
    start = _BOTTOM_TOP if spec["category"] in BOTTOMS else BUST
    above = neckline(spec, figure)
    lower = edge.edge()
    right, left = _sides(spec, half_width, start, lower, figure)
    worn = sleeves(spec, figure, half_width)
    for sleeve in worn:
        if len(sleeve.cap) and spec["sleeve shape"] != "cap sleeves":
            side = right if sleeve.side > 0 else left
            side[:] = _from_the_underarm(side, complex(sleeve.cap[0]), figure)
    runs = (
        [lower]
        if spec["slit"] == NONE or not _slit_shows(spec, figure)
        else opened(lower, slit(edge))
    )
    upper = corner_runs(of_points(above)) if above else [_waist_edge(half_width, start)]
    top = min((y for _, y in above), default=start)
    return Garment(
        spec=spec,
        cloth=cloth or Cloth.of(spec),
        figure=figure,
        body=Panel(
            path=joined(*upper, right, *runs, left[::-1]),
            half=half_width(HIP if spec["category"] in BOTTOMS else BUST),
            length=hem_height - top,
            place=_body_place(edge, top, start),
        ),
        left=left,
        right=right,
        edge=edge,
        sleeves=worn,
        legs=trouser_legs(spec, figure, half_width) if spec["category"] in LEGGED else (),
        half_width=half_width,
        top=max((y for x, y in above if abs(x - CENTRE) < 1.5), default=start),
        waist=seam_height(spec),
        hem=hem_height,
        neckline=tuple(above),
    )


def _knots(spec: DesignSpec, figure: Figure) -> tuple[list[tuple[float, float]], float]:
    """Widths of the body, and the height of its hem; trousers end at the crotch there."""
    if spec["category"] in TROUSERED:
        hip = figure.hip + ease(spec)[2] * 0.35 + 0.3
        band = figure.waist + 0.8
        below = band + 0.25 * (hip - band)
        return [(_BOTTOM_TOP, band), (_BAND_END, below), (HIP, hip), (KNEE, hip + 2)], CROTCH
    knots = body_knots(spec, figure)
    if spec["category"] in SKIRTED:
        knots = round_legs(knots, spec, figure)
    if spec["category"] == "jumpsuit":
        return knots, CROTCH - 6
    return knots, knots[-1][0]


def _on_the_shoulder(run: Line) -> bool:
    """Whether a part of the upper edge is a seam from the neck to the tip of a shoulder."""
    start, end = complex(run[0]) - CENTRE, complex(run[-1]) - CENTRE
    level = max(start.imag, end.imag) < SHOULDER + 4 and abs((end - start).imag) < 5
    return level and start.real * end.real > 0 and abs((end - start).real) > 3


def _slit_shows(spec: DesignSpec, figure: Figure) -> bool:
    return spec["slit"] == "side slit" or not figure.back


def _sides(
    spec: DesignSpec, half_width: HalfWidth, start: float, lower: Line, figure: Figure
) -> tuple[Line, Line]:
    """The right and the left side, from the top down to the ends of the lower edge."""
    sides = []
    for side, end in ((1, lower[0]), (-1, lower[-1])):
        count = max(4, int((end.imag - start) / 7)) + 1
        heights = shares(count, start, float(end.imag))
        widths = np.array([half_width(float(y)) for y in heights])
        sides.append(at(CENTRE + side * widths, heights))
    if spec["neckline"] == "one-shoulder":  # the bare side begins lower
        bare = 0 if figure.back else 1
        begins = complex(CENTRE + (1 - 2 * bare) * half_width(64.0), 64.0)
        sides[bare] = np.insert(sides[bare][sides[bare].imag > 64], 0, begins)
    return sides[0], sides[1]


def _from_the_underarm(side: Line, pit: complex, figure: Figure) -> Line:
    """The side, led to where the sleeve is set in, so that both contours meet there."""
    top = complex(side[0])
    aside = figure.posture.one(CENTRE, top.imag).real - CENTRE
    x = pit.real - aside
    y = pit.imag - figure.posture.tilt(top.imag) * (x - CENTRE)
    led = side + (x - top.real) * (1 - eased((side.imag - top.imag) / _UNDERARM))
    led[0] = complex(x, min(y, float(side[1].imag) - 2.0))
    return led


def _waist_edge(half_width: HalfWidth, y: float) -> Line:
    half = half_width(y)
    return at(CENTRE + half * np.array([-1.0, 0.0, 1.0]), [y, y + 0.8, y])


def _body_place(edge: Hem, top: float, start: float) -> Callable[[ArrayLike, ArrayLike], Line]:
    """Patterns get a little wider with the body, wave with its hem, and bend in its folds."""
    heights = np.arange(top - 30.0, edge.height + 60.0, 2.0)
    reference = edge.half_width(HIP if start > BUST else start)
    whole = np.array([edge.half_width(max(float(y), start)) for y in heights])
    at_hem = edge.half_width(edge.height)
    widest = max(_STRETCH * reference, at_hem / _COVERED)
    widths = np.clip(whole, 0.75 * reference, widest)
    fall = max(edge.height - WAIST, 30.0)
    plain = edge.spec["hem"] in CUT_ACROSS
    hanging = 1 - min(edge.fullness, 1.0)  # full skirts have their hem's wave

    def place(across: ArrayLike, along: ArrayLike) -> Line:
        across, along = np.broadcast_arrays(np.asarray(across, float), np.asarray(along, float))
        y = top + along
        u = across / reference
        v = np.clip((y - WAIST) / fall, 0.0, 1.2)
        half = np.interp(y, heights, widths)
        sway = 0.06 * edge.fullness * v * np.sin(np.pi * edge.folds * u - 0.6)
        w = np.clip((y - BUST) / (edge.height - BUST), 0.0, 1.2) * hanging
        fold = 2 * np.pi * (u + 0.6) / _FOLD
        sway = sway + 0.017 * w * np.sin(fold)
        flat = -(3.0 + 0.05 * half) * u * u
        rest = flat if plain else np.clip(edge.height_at(u) - edge.height, -14.0, 8.0)
        return at(CENTRE + half * (u + sway), y + rest * v * v + 1.3 * w * np.cos(fold))

    return place
