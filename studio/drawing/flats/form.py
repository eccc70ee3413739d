"""A garment laid flat: where its edges lie, in centimetres.

The middle line is x = 0, the high point of the shoulder y = 0, and y grows downwards. Lines are
those of the right half of the page; the left half is their mirror image.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from studio.design.families import BOTTOMS, LEGGED, NONE, SKIRTED
from studio.drawing.cutting.hemlines import between_points
from studio.drawing.flats.ink import closed, mirrored
from studio.drawing.flats.necks import NeckEdges, neck_edges
from studio.drawing.lines import Line, Numbers, at, corner_runs, line, shares
from studio.patternmaking.allowances import GUSSET, PEPLUM_LENGTH
from studio.patternmaking.draft import Draft
from studio.patternmaking.landmarks import POINTS, leg_cut, pointed

Side = Literal["front", "back"]

_FOLDS = {"full": 3, "mermaid": 3, "tiered": 4, "a-line": 2}


@dataclass(frozen=True)
class Form:
    """One side of a garment.

    Attributes:
        draft: its measurements.
        side: which side is seen.
    """

    draft: Draft
    side: Side

    @property
    def back(self) -> bool:
        """Whether it is seen from behind."""
        return self.side == "back"

    @property
    def mirror(self) -> int:
        """1 seen from the front, -1 from behind: where left and right differ."""
        return -1 if self.back else 1

    def has(self, family: str, *values: str) -> bool:
        """Whether the design's value of this family is one of these."""
        return self.draft.has(family, *values)

    @property
    def bottom(self) -> bool:
        """Whether it hangs from the waist."""
        return self.has("category", *BOTTOMS)

    @property
    def legged(self) -> bool:
        """Whether it has legs."""
        return self.has("category", *LEGGED)

    @property
    def elastic(self) -> bool:
        """Whether an elastic band holds it up: no fly, no loops, no button."""
        return self.has("waist", "gathered waist", "elastic waist") or self.has(
            "leg", "leggings", "joggers"
        )

    def half(self, y: float) -> float:
        """Half of the width at a height, laid flat: a quarter of the girth."""
        return self.draft.girth(y) / 4

    def at(self, share: float, y: float) -> complex:
        """The point a share (-1..1) of the half width beside the middle, at a height."""
        return complex(self.half(y) * share, y)

    def on(self, share: ArrayLike, ys: ArrayLike) -> Line:
        """Points at shares of the half width and heights, as one line."""
        share, ys = np.broadcast_arrays(np.asarray(share, float), np.asarray(ys, float))
        halves = np.array([self.half(float(y)) for y in ys])
        return at(halves * share, ys)

    # The body.

    @cached_property
    def neck(self) -> NeckEdges:
        """The edges above the sides; of skirts and trousers, the waist."""
        return neck_edges(self.draft, self.back)

    @cached_property
    def trunk_end(self) -> float:
        """Where the sides end: at the hem, or where legs begin."""
        return self.draft.crotch - 5.0 if self.legged else self.draft.hem

    @cached_property
    def right(self) -> Line:
        """The right side, from the top down."""
        top = self.draft.top
        end = self.trunk_end if self.legged else float(self.hem_y(1.0))
        count = max(int((end - top) / 3.0), 4)
        ys = shares(count + 1, top, end)
        return self.on(1.0, ys)

    @property
    def left(self) -> Line:
        """The left side, from the top down."""
        return mirrored(self._mirrored.right if self._lopsided else self.right)

    @cached_property
    def _mirrored(self) -> "_OtherSide":
        return _OtherSide(self.draft, self.side)

    @property
    def _lopsided(self) -> bool:
        return self.has("hem", "asymmetric hem")

    def hem_y(self, u: ArrayLike) -> Numbers:
        """Height of the hem at shares of the width."""
        u = np.asarray(u, dtype=float)
        draft = self.draft
        if self.has("category", "swimsuit"):
            return np.asarray(draft.hem - self._leg_cut(u))
        if pointed(draft.spec):
            return np.asarray(self._pointed_hem(u))
        y = draft.hem - self.side_rise * u * u
        folds = self.folds
        if folds:
            y = y + self._wave * np.cos(2 * np.pi * folds * np.abs(u)) * (1 - 0.25 * u * u)
        rise = draft.hem - draft.short_hem
        if self.has("hem", "asymmetric hem"):
            y = y - rise * (1 - u * self.mirror) / 2
        elif self.has("hem", "high-low hem") and not self.back:
            y = y - rise * (1 - u * u)
        elif self.has("hem", "handkerchief hem"):
            y = y - rise * between_points(u)
        return np.asarray(y)

    def _leg_cut(self, u: Numbers) -> Numbers:
        """How far above the crotch the edge round a leg lies."""
        beside = np.clip((np.abs(u) - GUSSET) / (1 - GUSSET), 0.0, 1.0)
        if self.back:
            return np.asarray(leg_cut(self.draft.spec) * (0.25 * beside + 0.75 * beside**2.2))
        return np.asarray(leg_cut(self.draft.spec) * beside**0.8)

    def _pointed_hem(self, u: Numbers) -> Numbers:
        """Of a waistcoat: two points at the front, straight behind."""
        above = self.draft.hem - POINTS - 0.4 * u * u
        if self.back:
            return np.asarray(above)
        down = np.interp(np.abs(u), [0.0, 0.2, 0.75, 1.0], [-2.0, POINTS, 0.6, 0.0])
        return np.asarray(above + down)

    @property
    def folds(self) -> int:
        """How many folds lie on each half of a hem that is fuller than it is wide."""
        if self.legged or self.has("pleats", "knife pleats", "box pleats"):
            return 0
        if self.has("category", "cape"):
            return 3
        if self.has("waist", "peplum") and self.draft.neck and not self.skirted:
            return 3
        return _FOLDS.get(self.draft.spec["silhouette"], 0) if self.skirted else 0

    @property
    def skirted(self) -> bool:
        """Whether a skirt is a part of it."""
        return self.has("category", *SKIRTED)

    @property
    def _wave(self) -> float:
        usual = {"a-line": 0.3, "tiered": 0.5, NONE: 0.5}
        share = 0.5 if self.has("category", "coat") else 1.0
        return usual.get(self.draft.spec["silhouette"], 0.7) * share

    @cached_property
    def side_rise(self) -> float:
        """How much higher the hem ends at the sides: flared sides are as long as the middle."""
        draft = self.draft
        start = draft.hip if draft.hem > draft.hip + 6 else draft.waist - 12
        aside = self.half(draft.hem) - self.half(min(start, draft.hem))
        fall = max(draft.hem - start, 8.0)
        if self.has("category", "shirt"):
            return 5.0
        if self.has("category", "cape"):
            return 1.0
        return float(min(max(0.5 * aside * abs(aside) / fall, -1.0), 7.0)) + 0.3

    @cached_property
    def hem(self) -> Line:
        """The hem, from left to right."""
        u = shares(61, -1.0, 1.0)
        ys = self.hem_y(u)
        half = self.half(self.draft.hem)
        points = at(half * u, ys)
        if self.has("category", "swimsuit") or pointed(self.draft.spec):  # the sides end higher
            points = at(
                [self.half(y) * v for v, y in zip(u.tolist(), ys.tolist(), strict=True)], ys
            )
        points[0], points[-1] = self.left[-1], self.right[-1]
        return points

    def above_hem(self, cm: float, count: int = 41) -> Line:
        """A line that follows the hem, so far above it."""
        u = shares(count, -1.0, 1.0)
        ys = self.hem_y(u) - cm
        halves = np.array([self.half(float(min(y, self.draft.hem))) for y in ys])
        return at(halves * u, ys)

    @cached_property
    def shape(self) -> Line:
        """The closed line round the body; legs are not in it."""
        if self.legged:
            end = self.trunk_end
            low = line((self.half(end), end), (0.0, self.draft.crotch), (-self.half(end), end))
        else:
            low = self.hem[::-1]
        upper = [part for run in self.neck.runs for part in corner_runs(run)]
        whole = [*upper, self.right, *corner_runs(low), self.left[::-1]]
        return closed(*whole)

    def peplum_end(self) -> float:
        """Where a peplum ends."""
        return min(self.draft.waist + PEPLUM_LENGTH, self.draft.hem)


class _OtherSide(Form):
    """The same garment with its lopsided hem the other way round."""

    @property
    def mirror(self) -> int:
        return -1 * super().mirror
