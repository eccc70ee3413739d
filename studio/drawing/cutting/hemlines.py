"""The lower edge of a garment, and the slit in it."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from studio.design.families import NONE, SKIRTED
from studio.design.spec import DesignSpec
from studio.drawing.figure import CENTRE, HIP, WAIST
from studio.drawing.limbs import HalfWidth
from studio.drawing.lines import Line, Numbers, at, joined, line, shares
from studio.drawing.paths import Path
from studio.patternmaking.landmarks import leg_cut, pointed

_HIGHEST_SLIT = 122.0
_FULLNESS = {
    "full": 1.0,
    "a-line": 0.6,
    "tiered": 0.8,
    "mermaid": 0.75,
    "straight": 0.14,
    "pencil": 0.0,
    NONE: 0.0,
}
_BESIDE = np.array([1.0, 0.985, 0.965, 0.94])
"""Shares of the width at which the lower edge turns into a side."""
_SEWN_ON = ("ruffled hem", "fringed hem", "scalloped hem")
_PHASE = 0.6
_HANGING = ("dress", "skirt")
"""Whose lower edge waves a little even where it is narrow."""
CUT_ACROSS = ("asymmetric hem", "high-low hem", "handkerchief hem")
"""Hems that are cut across the print."""
_POINTS, _POINTED = 2, 17.0  # of a handkerchief hem: between its sides, and how long they are
_CAPE_FOLDS = 60.0
"""Where the folds of a cape begin, which hangs from the shoulders."""


@dataclass(frozen=True)
class Hem:
    """How a garment ends below: a wave of folds that fades in from the waist.

    Shares `u` run from -1 (left side) to 1 (right side).

    Attributes:
        spec: the design.
        half_width: of the body.
        height: of the hem.
        fullness: 0 for a hem without folds, 1 for the fullest one.
        folds: how many waves lie across the front.
        mirror: -1 seen from behind.
    """

    spec: DesignSpec
    half_width: HalfWidth
    height: float
    fullness: float
    folds: float
    mirror: int

    @cached_property
    def widths(self) -> tuple[Numbers, Numbers]:
        """Heights, and half of the body's width there."""
        heights = np.arange(20.0, self.height + 24.0, 0.5)
        return heights, np.array([self.half_width(y) for y in heights.tolist()])

    def wave(self, u: ArrayLike) -> Numbers:
        """Where the cloth comes towards the viewer (1) and goes away (-1)."""
        return np.asarray(np.cos(math.pi * self.folds * np.asarray(u) + _PHASE))

    def height_at(self, u: ArrayLike) -> Numbers:
        """Height of the edge at shares of the width."""
        u = np.asarray(u, dtype=float)
        sag = (3.0 + 0.05 * self.half_width(self.height)) * min(0.55 + 0.75 * self.fullness, 1.0)
        second = 0.35 * np.cos(2 * math.pi * self.folds * u + 1)
        if self.spec["category"] == "swimsuit":
            return self.height - self._leg_opening(u)
        y = self.height - sag * u * u + self.fullness * 1.9 * (self.wave(u) + second)
        if self.spec["category"] in _HANGING and self.fullness < 0.3:
            limp = 0.5 if self.spec["silhouette"] == "pencil" else 0.75
            y = y + limp * (1 - u**6) * np.cos(math.pi * 4.2 * u + 1.4)
        if self.spec["hem"] == "asymmetric hem":
            y = y + 13 * u * self.mirror - 13
        elif self.spec["hem"] == "high-low hem" and self.mirror > 0:
            y = y - 26 * (1 - u * u)
        elif self.spec["hem"] == "handkerchief hem":
            y = y - _POINTED * between_points(u)
        return np.asarray(y)

    def _leg_opening(self, u: Numbers) -> Numbers:
        """How far above the crotch a swimsuit is cut away: high at the hip, and less behind."""
        beside = np.clip((np.abs(u) - 0.13) / 0.87, 0.0, 1.0)
        front = self.mirror > 0
        return np.asarray(
            (1.0 if front else 0.8) * leg_cut(self.spec) * beside ** (0.8 if front else 1.5)
        )

    def on(self, u: ArrayLike, y: ArrayLike) -> Line:
        """Points of the body at shares of the width and heights; below the waist they wave."""
        u, y = np.broadcast_arrays(np.asarray(u, dtype=float), np.asarray(y, dtype=float))
        start = _CAPE_FOLDS if self.spec["category"] == "cape" else WAIST
        fall = max(self.height - start, 30.0)
        v = np.minimum(np.maximum((y - start) / fall, 0.0), 1.0)
        half = np.interp(y, *self.widths)
        sway = 0.035 * self.fullness * v * np.sin(math.pi * self.folds * u)
        rest = self.height_at(u) - self.height
        return at(CENTRE + half * (u + sway), y + rest * v * v)

    def edge(self) -> Line:
        """The lower edge, from right to left; it turns into the sides by a small round corner."""
        u = np.concatenate([_BESIDE, shares(29, _BESIDE[-1], -_BESIDE[-1])[1:-1], -_BESIDE[::-1]])
        points = self.on(u, np.full(len(u), self.height)) + 1j * self._cut_away(u)
        rounded = 0.3 if self.spec["hem"] in _SEWN_ON else min(2.4 * self.fullness + 0.35, 2.6)
        side = np.interp(points.imag, *self.widths)  # a flared hem rises to where it is narrower
        points.real = CENTRE + np.clip(points.real - CENTRE, -side, side)
        count = len(_BESIDE)
        t = shares(count)
        for run in (slice(0, count), slice(-1, -count - 1, -1)):
            corner, below = points[run][0], points[run][-1]
            y = float(corner.imag) - rounded
            above = complex(CENTRE + float(u[run][0]) * self.half_width(y), y)
            points[run] = (1 - t) ** 2 * above + 2 * t * (1 - t) * corner + t**2 * below
        return points

    def _cut_away(self, u: Numbers) -> Numbers:
        """What points and leg openings add to the height of the edge; none at the sides."""
        if pointed(self.spec) and self.mirror > 0:
            return np.interp(np.abs(u), [0.0, 0.2, 0.75, 1.0], [-2.5, 7.5, 0.5, 0.0])
        return np.zeros(len(u))

    def valleys(self) -> list[tuple[float, float, float]]:
        """Each fold's depth, and the crests to its left and right, as shares of the width."""
        u = shares(121, -0.98, 0.98)
        wave = self.wave(u)
        lower, higher = wave[1:-1] < wave[:-2], wave[1:-1] <= wave[2:]
        depths = u[1:-1][lower & higher]
        crests = u[1:-1][(wave[1:-1] > wave[:-2]) & (wave[1:-1] >= wave[2:])]
        found = []
        for depth in depths.tolist():
            left = max([c for c in crests.tolist() if c < depth], default=depth - 0.24)
            right = min([c for c in crests.tolist() if c > depth], default=depth + 0.24)
            found.append((depth, left, right))
        return found


def between_points(u: ArrayLike) -> Numbers:
    """0 at the points of a handkerchief hem, at both sides and between; 1 midway."""
    place = (np.asarray(u, dtype=float) + 1) * _POINTS / 2
    return np.asarray(np.sin(math.pi * np.abs(place - np.round(place))))


def hem_of(spec: DesignSpec, half_width: HalfWidth, height: float, mirror: int) -> Hem:
    """The hem of whatever is not in legs."""
    full = _FULLNESS[spec["silhouette"]] if spec["category"] in SKIRTED else 0.0
    if spec["category"] == "coat":
        full *= 0.5
    if spec["category"] == "cape":
        full = 0.75
    if full:
        full = min(max(full * (1 + 0.4 * spec.measures.flare), 0.05), 1.3)
    folds = 3.6 if full > 0.9 else 2.8 if full > 0.4 else 2.0
    return Hem(spec, half_width, height, full, folds, mirror)


def slit(hem: Hem) -> Line:
    """The slit's left corner at the hem, its top, and its right corner at the hem."""
    half = hem.half_width(hem.height)
    x = CENTRE + (-half * 0.7 * hem.mirror if hem.spec["slit"] == "side slit" else 3.5)
    top = max(hem.height - 0.55 * (hem.height - HIP), _HIGHEST_SLIT)
    opening = min(6.0, half - abs(x - CENTRE) - 0.5)
    ends = np.array([x - opening, x + opening])
    lows = hem.height_at((ends - CENTRE) / half)
    return line((ends[0], lows[0]), (x + 0.5, top), (ends[1], lows[1]))


def slit_hole(hem: Hem) -> Path:
    """What is open between the two edges of the slit, clockwise on the page, as bodies are."""
    _, up, down, _ = opened(hem.edge(), slit(hem))
    return joined(down[::-1], up[::-1])


def opened(edge: Line, corners: Line) -> list[Line]:
    """The lower edge, from right to left, in runs with a way up into the slit and down again."""
    left, top, right = corners
    before = np.append(edge[edge.real > right.real], right)
    after = np.insert(edge[edge.real < left.real], 0, left)
    rise = shares(5)
    up = right + (top - right) * rise + 1.2 * np.sin(math.pi * rise)
    down = top + (left - top) * rise - 0.8 * np.sin(math.pi * rise)
    return [before, up, down, after]
