"""The patterns printed on or woven into cloth; they follow the frame of the piece.

Sizes are print units. One is a page unit on a large motif's scale of `_USUAL`, and turns and grows
with the design's print: at the usual scale a motif is as large as it can be told from afar.
"""

import cmath
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike

from studio.drawing.cloth import Cloth, Panel
from studio.drawing.lines import (
    Line,
    Numbers,
    chain,
    line,
    many,
    ribbon,
    round_through,
    shares,
    stamped,
    through,
)
from studio.drawing.paths import Path, spots, together
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour, lightness, mix

_BLOSSOM: Colour = (248, 200, 70)
_LEAF: Colour = (62, 112, 78)
_PALE_LEAF: Colour = (150, 194, 140)
_WHITE: Colour = (255, 255, 255)
_WINE: Colour = (120, 30, 60)
_USUAL = 0.62
"""Page units per print unit, of a print of the usual scale."""
_LINE_STEPS = 11


def draw_pattern(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """The cloth's pattern on one piece; plain cloth has none."""
    pattern = _PATTERNS.get(cloth.pattern)
    if pattern:
        pattern(pen, cloth, PrintFrame(panel, cloth.print_scale * _USUAL, cloth.print_angle))


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
        rows, columns = self.rows(step), self.columns(step)
        across = columns[None, :] + (np.arange(len(rows)) % 2)[:, None] * step / 2
        along = np.broadcast_to(rows[:, None], across.shape)
        if jitter:
            rng = np.random.default_rng(7)
            across = across + rng.uniform(-jitter, jitter, across.shape) * step
            along = along + rng.uniform(-jitter, jitter, across.shape) * step
        points = self.place(across, along).ravel()
        left, top, right, bottom = self.panel.bounds
        margin = 0.6 * step * self.unit
        return points[
            (points.real > left - margin)
            & (points.real < right + margin)
            & (points.imag > top - margin)
            & (points.imag < bottom + margin)
        ]


_Pattern = Callable[[Pen, Cloth, PrintFrame], None]


def _horizontal_stripes(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    pen.line(frame.lines_across(frame.rows(9)), cloth.accent, 3.8 * frame.unit)


def _vertical_stripes(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    columns = frame.columns(7.5)
    pen.line(frame.lines_down(columns), cloth.accent, 2.8 * frame.unit)
    pen.line(frame.lines_down(columns + 3.75), cloth.accent, 0.35 * frame.unit, 0.7)


def _gingham(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    pen.line(frame.lines_across(frame.rows(10)), cloth.accent, 5 * frame.unit, 0.55)
    pen.line(frame.lines_down(frame.columns(10)), cloth.accent, 5 * frame.unit, 0.55)


def _windowpane(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    lines = frame.lines_across(frame.rows(14)) + frame.lines_down(frame.columns(14) - 7)
    pen.line(lines, cloth.accent, 1.4 * frame.unit)


def _polka_dots(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    points = frame.grid(9)
    if len(points):
        pen.line(
            spots(zip(points.real.tolist(), points.imag.tolist(), strict=True)),
            cloth.accent,
            5 * frame.unit,
        )


@lru_cache(maxsize=1)
def _blossom() -> tuple[Path, Path, Path]:
    """Petals, the lines on them, and a pair of leaves, for a blossom of radius 1."""
    petal = line((0.1, 0.0), (0.45, -0.44), (0.98, -0.36), (0.9, 0.0), (0.98, 0.36), (0.45, 0.44))
    turns = [cmath.rect(1.0, k * math.tau / 5) for k in range(5)]
    petals = together([round_through(petal * turn) for turn in turns])
    veins = together([chain(line((0.3, 0.0), (0.74, 0.0)) * turn) for turn in turns])
    leaf = line((0.9, 0.0), (1.35, -0.34), (1.95, 0.0), (1.35, 0.3))
    leaves = [round_through(leaf * cmath.rect(1.0, angle)) for angle in (0.4, 1.5)]
    return petals, veins, together(leaves)


def _floral(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    unit = frame.unit
    centres = frame.grid(12.5, 0.13)
    if not len(centres):
        return
    rng = np.random.default_rng(3)
    sizes = rng.uniform(3.6, 5.0, len(centres)) * unit
    turns = sizes * np.exp(1j * (rng.uniform(0, math.tau, len(centres)) + frame.angle))
    kinds = rng.integers(0, 3, len(centres))
    petals, veins, leaves = _blossom()
    pale = cloth.lightness < 0.45
    pen.fill(stamped(leaves, centres, turns), _PALE_LEAF if pale else _LEAF)
    tones = (cloth.accent, cloth.accent, _second_bloom(cloth))
    for kind, tone in enumerate(tones):
        chosen = kinds == kind
        if chosen.any():
            pen.fill(stamped(petals, centres[chosen], turns[chosen]), tone)
            pen.line(
                stamped(veins, centres[chosen], turns[chosen]),
                mix(tone, _WINE, 0.4),
                0.28 * unit,
                0.8,
            )
    heart = np.abs(turns) * 0.3
    pen.fill(stamped(_disc(), centres, heart), _heart(cloth.accent))
    pen.fill(
        stamped(_disc(), centres + 0.12 * unit, heart * 0.45), mix(_heart(cloth.accent), _WINE, 0.5)
    )
    filler = frame.grid(6.25, 0.35)
    pen.fill(stamped(_disc(), filler, np.full(len(filler), 0.6 * unit)), tones[2], 0.9)


@lru_cache(maxsize=1)
def _disc() -> Path:
    return round_through(
        line((1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0), (-0.7, -0.7), (0, -1), (0.7, -0.7))
    )


def _second_bloom(cloth: Cloth) -> Colour:
    """Of the flowers that are not quite of the second colour, and yet show on the ground."""
    paler = mix(cloth.accent, _WHITE, 0.5)
    if abs(lightness(paler) - cloth.lightness) > 0.15:
        return paler
    return mix(cloth.accent, _WINE, 0.45)


def _heart(petals: Colour) -> Colour:
    """The middle of a blossom, which must show on its petals."""
    return _BLOSSOM if abs(lightness(petals) - lightness(_BLOSSOM)) > 0.2 else (150, 74, 40)


@lru_cache(maxsize=1)
def _rosette() -> tuple[Path, Path]:
    """The middle of a leopard's spot, and the broken ring round it."""
    middle = round_through(
        line((0.62, 0.1), (0.3, 0.6), (-0.35, 0.55), (-0.62, 0.0), (-0.3, -0.55), (0.35, -0.5))
    )
    pieces = []
    for start, end, width in ((10, 105, 0.46), (135, 205, 0.52), (235, 330, 0.42)):
        angles = np.radians(shares(5, start, end))
        arc = (0.92 + 0.1 * np.sin(angles * 3)) * np.exp(1j * angles)
        widths = width * np.array([0.5, 1.0, 0.85, 1.0, 0.45])
        pieces.append(ribbon(arc, widths))
    return middle, together(pieces)


def _leopard(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    centres = frame.grid(8.6, 0.16)
    if not len(centres):
        return
    rng = np.random.default_rng(5)
    sizes = rng.uniform(2.5, 3.7, len(centres)) * frame.unit
    turns = sizes * np.exp(1j * (rng.uniform(0, math.tau, len(centres)) + frame.angle))
    middle, ring = _rosette()
    rim = cloth.darker(0.85) if cloth.lightness > 0.3 else (206, 164, 104)
    pen.fill(stamped(middle, centres, turns * 1.15), mix(cloth.colour, cloth.accent, 0.5))
    pen.fill(stamped(ring, centres, turns), rim)
    between = frame.grid(8.6, 0.3) + 2.6 * frame.unit
    pen.fill(
        stamped(
            middle, between, 0.75 * frame.unit * np.exp(1j * rng.uniform(0, 6.3, len(between)))
        ),
        rim,
    )


def _chevron(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    count = int(frame.reach[0] / 6) + 2
    corners = np.arange(-count, count + 1)
    rows = frame.rows(9.5)
    zigzags = frame.place(6.0 * corners[None, :], rows[:, None] + 5.0 * (corners % 2)[None, :])
    pen.line(many(zigzags), cloth.accent, 3.2 * frame.unit)


def _argyle(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    rows = frame.rows(11)
    shift = (np.arange(len(rows)) % 2) * 7.0
    across = frame.columns(14)[None, :] + shift[:, None]
    along = np.broadcast_to(rows[:, None], across.shape)
    pen.fill(_diamonds(frame, across[1::2], along[1::2]), cloth.accent, 0.85)
    dash = (2.2 * frame.unit, frame.unit)
    pen.dashes(_diamonds(frame, across + 7, along), cloth.ink, 0.7 * frame.unit, dash)


def _diamonds(frame: PrintFrame, across: Numbers, along: Numbers) -> Path:
    dx, dy = np.array([0.0, 7.0, 0.0, -7.0]), np.array([-11.0, 0.0, 11.0, 0.0])
    x, y = across.ravel()[:, None] + dx, along.ravel()[:, None] + dy
    return many(frame.place(x, y), closed=True)


def _colour_block(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """A block below a line that the print's angle slants and its scale moves."""
    wide, far = frame.panel.half * 1.5, frame.panel.length
    middle = far * (0.5 if frame.panel.sleeve else 0.45) * frame.unit / _USUAL
    middle = min(max(middle, 0.2 * far), 0.8 * far)
    slope = 0.0 if frame.panel.sleeve else 0.5 * math.tan(frame.angle)
    across = shares(9, -wide, wide)
    low = frame.panel.place(across, middle + slope * across)
    end = frame.panel.place(across[::-1], far * 2 + 16)
    pen.fill(chain(np.concatenate([low, end]), closed=True), cloth.accent)
    pen.brush(low, cloth.ink, 0.35, 0.6)


def _ombre(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """One colour runs into the other, over a shorter or longer way."""
    left, top, right, bottom = frame.panel.bounds
    middle = complex((left + right) / 2, (top + bottom) / 2)
    way = (bottom - top) / 2 * min(0.3 + 0.7 * frame.unit / _USUAL, 1.5)
    towards = 1j * cmath.rect(way, frame.angle)
    stops = [(0.22, cloth.accent, 0.0), (0.95, cloth.accent, 1.0)]
    pen.shade(frame.panel.path, middle - towards, middle + towards, stops)


_PATTERNS: dict[str, _Pattern] = {
    "horizontal stripes": _horizontal_stripes,
    "vertical stripes": _vertical_stripes,
    "polka dots": _polka_dots,
    "gingham": _gingham,
    "windowpane": _windowpane,
    "floral": _floral,
    "leopard": _leopard,
    "chevron": _chevron,
    "argyle": _argyle,
    "colour block": _colour_block,
    "ombre": _ombre,
}
