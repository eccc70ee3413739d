"""Where a print lies on a piece of cloth: its unit, its turn, and how far it must reach."""

import cmath
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from studio.drawing.cloth import Cloth, Panel
from studio.drawing.lines import Line, Numbers, shares, through, warped
from studio.drawing.paths import Path, together

USUAL = 0.62
"""Page units per print unit, of a print of the usual scale."""
_LINE_STEPS = 11


@dataclass(frozen=True)
class PrintFrame:
    """Where a print lies on a piece: turned round the piece's middle, and scaled.

    Attributes:
        panel: the piece.
        unit: page units per print unit.
        angle: how far it is turned, in radians, clockwise.
    """

    panel: Panel
    unit: float
    angle: float

    def place(self, across: ArrayLike, along: ArrayLike) -> Line:
        """Points of the print, in print units round the middle, on the piece."""
        local = (np.asarray(across) + 1j * np.asarray(along)) * cmath.rect(self.unit, self.angle)
        return self.panel.place(local.real, local.imag + self.panel.length / 2)

    def bent(self, path: Path) -> Path:
        """A path in print units round the middle, laid on the piece: it bends with the cloth."""
        return warped(path, lambda points: self.place(points.real, points.imag))

    @cached_property
    def reach(self) -> tuple[float, float]:
        """How far the print must go across and along, from the middle, to cover the piece."""
        half, length = self.panel.half * 1.45, self.panel.length / 2 + 8
        cos, sin = abs(math.cos(self.angle)), abs(math.sin(self.angle))
        return (half * cos + length * sin) / self.unit, (half * sin + length * cos) / self.unit

    def rows(self, step: float) -> Numbers:
        """Places along the piece, one of them in the middle."""
        count = int(self.reach[1] / step) + 1
        return step * np.arange(-count, count + 1)

    def columns(self, step: float) -> Numbers:
        """Places across the piece, one of them in the middle."""
        count = int(self.reach[0] / step) + 1
        return step * np.arange(-count, count + 1)

    def lines_across(self, places: Numbers) -> Path:
        """Lines across the piece at these places along it."""
        across = shares(_LINE_STEPS, -1.0, 1.0) * self.reach[0]
        grid = self.place(across[None, :], places[:, None])
        return together([through(row) for row in grid])

    def lines_down(self, places: Numbers) -> Path:
        """Lines down the piece at these places across it."""
        along = shares(2 * _LINE_STEPS - 1, -1.0, 1.0) * self.reach[1]
        grid = self.place(places[:, None], along[None, :])
        return together([through(row) for row in grid])

    def grid(self, step: float, jitter: float = 0.0) -> Line:
        """Points of a staggered grid where it meets the piece; `jitter` is a share of the step."""
        return self.stretched_grid(step, jitter)[0]

    def stretched_grid(self, step: float, jitter: float = 0.0) -> tuple[Line, Numbers]:
        """The same, and how much wider than drawn the piece is at each: flared skirts are."""
        rows, columns = self.rows(step), self.columns(step)
        across = columns[None, :] + (np.arange(len(rows)) % 2)[:, None] * step / 2
        along = np.broadcast_to(rows[:, None], across.shape)
        if jitter:
            rng = np.random.default_rng(7)
            across = across + rng.uniform(-jitter, jitter, across.shape) * step
            along = along + rng.uniform(-jitter, jitter, across.shape) * step
        points = self.place(across, along).ravel()
        beside = self.place(across + 0.5, along).ravel()
        stretch = np.abs(beside - points) * 2 / self.unit
        left, top, right, bottom = self.panel.bounds
        margin = 0.6 * step * self.unit
        met = (
            (points.real > left - margin)
            & (points.real < right + margin)
            & (points.imag > top - margin)
            & (points.imag < bottom + margin)
        )
        return points[met], np.clip(stretch[met], 1.0, 2.4)


def frame_of(cloth: Cloth, panel: Panel) -> PrintFrame:
    """How the cloth's print lies on this piece."""
    return PrintFrame(panel, cloth.print_scale * USUAL, cloth.print_angle)
