"""Cloths that are known by their threads: linen, jacquard, jersey and ribs."""

import math
from functools import lru_cache

import numpy as np

from studio.drawing.cloth import Cloth, Panel
from studio.drawing.lines import (
    Line,
    Numbers,
    line,
    many,
    ribbons,
    round_through,
    shares,
    shifted,
    stamped,
    warped,
)
from studio.drawing.paths import Path, together
from studio.drawing.pen import Pen
from studio.drawing.surface import (
    columns,
    lines_across,
    lines_down,
    rows,
    scattered,
    seen,
    short_lines,
    stitches_beside,
)


def draw_linen(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """A plain weave of uneven threads, thick in places, and cloth that creases."""
    rng = np.random.default_rng(31)
    down, across = columns(panel, 1.2), rows(panel, 1.2)
    down = down + rng.uniform(-0.25, 0.25, down.shape)
    across = across + rng.uniform(-0.25, 0.25, across.shape)
    for start, tone, alpha in ((0, cloth.darker(0.45), 0.22), (1, cloth.lighter(0.5), 0.26)):
        pen.line(lines_down(panel, down[start::2]), tone, 0.36, alpha)
        pen.line(lines_across(panel, across[start::2]), tone, 0.36, alpha)
    for tone, alpha, seed in ((cloth.darker(0.5), 0.3, 32), (cloth.lighter(0.42), 0.42, 33)):
        x, y = scattered(panel, 0.055, np.random.default_rng(seed))
        length = rng.uniform(1.2, 3.2, x.shape)
        t = shares(4, -1.0, 1.0)
        thick = 0.5 * np.array([0.3, 1.0, 0.8, 0.3])
        upright = rng.random(x.shape) < 0.5
        slubs = panel.place(
            x + np.where(upright, 0.0, length) * t, y + np.where(upright, length, 0.0) * t
        )
        slubs = seen(panel, slubs)
        pen.fill(ribbons(slubs, np.broadcast_to(thick, slubs.shape)), tone, alpha)
    _crumples(pen, cloth, panel)


def _crumples(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Short sharp creases, as of sitting in it."""
    rng = np.random.default_rng(34)
    count = int(min(14, 3 + panel.length * panel.half / 200))
    for _ in range(count):
        x, y = rng.uniform(-0.95, 0.95) * panel.half, rng.uniform(0.05, 0.97) * panel.length
        angle = rng.choice([-1.0, 1.0]) * rng.uniform(0.15, 0.75)
        reach = rng.uniform(2.6, 5.4)
        bend = rng.uniform(-0.8, 0.8)
        t = np.array([-1.0, 0.1, 1.0])
        crease = panel.place(
            x + reach * t * math.cos(angle), y + reach * t * math.sin(angle) + bend * (1 - t * t)
        )
        pen.brush(crease - 0.4j, cloth.light, 0.5, 0.4)
        pen.brush(crease, cloth.shade, 0.45, 0.42)


def draw_jersey(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Fine stitches in columns, flecked with paler yarn, and a twin row along each edge."""
    across, along = np.meshgrid(columns(panel, 1.25), rows(panel, 1.1))
    stitch = short_lines(panel, across, along, ((-0.5, 0.0), (0.0, 0.8), (0.5, 0.0)))
    pen.line(many(stitch), cloth.darker(0.4), 0.22, 0.4)
    for tone, alpha, per_unit, seed in (
        (cloth.lighter(0.45), 0.5, 0.3, 35),
        (cloth.darker(0.45), 0.34, 0.3, 36),
    ):
        x, y = scattered(panel, per_unit, np.random.default_rng(seed))
        fleck = panel.place(x + np.array([0.0, 0.15]), y + np.array([0.0, 0.55]))
        pen.line(many(seen(panel, fleck)), tone, 0.34, alpha)
    for depth in (2.4, 1.7):
        pen.line(many(stitches_beside(panel, depth)), cloth.texture, 0.3, 0.9)


_RIB = 2.9
"""From one rib to the next."""


def draw_ribs(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Ribs that stand out round as a finger does, of one column of stitches each."""
    ribs = columns(panel, _RIB)
    pen.line(lines_down(panel, ribs - 0.3), cloth.lighter(0.5), 1.1, 0.55)
    across, along = np.meshgrid(ribs, rows(panel, 1.5))
    stitch = short_lines(panel, across, along, ((-1.0, -0.5), (0.0, 0.7), (1.0, -0.5)))
    pen.line(many(stitch), cloth.darker(0.5), 0.34, 0.42)
    gaps = ribs + _RIB / 2
    pen.line(lines_down(panel, gaps - 0.3), cloth.darker(0.4), 1.3, 0.4)
    pen.line(lines_down(panel, gaps), cloth.shade, 0.8, 0.85)


@lru_cache(maxsize=1)
def _palmette() -> tuple[Path, Path]:
    """A damask bud between two scrolls, of radius about 1, and what is cut out of it."""
    bud = line((0.0, 0.3), (-0.3, -0.1), (-0.24, -0.55), (0.0, -1.0), (0.24, -0.55), (0.3, -0.1))
    scroll = line(
        *((0.08, 0.34), (0.5, 0.16), (0.62, -0.24), (0.42, -0.5), (0.66, -0.62), (0.9, -0.34)),
        *((0.86, 0.1), (0.58, 0.44), (0.2, 0.56)),
    )
    foot = line((0.0, 0.42), (-0.2, 0.66), (0.0, 1.02), (0.2, 0.66))
    berries = [0.2 * np.exp(2j * np.pi * shares(7)[:-1]) * 0.6 + each for each in _BERRIES]
    parts = [bud, scroll, -np.conj(scroll), foot, *berries]
    veins = [0.5 * (bud + 0.1j) - 0.12j, 0.45 * (foot - 0.7j) + 0.7j]
    return together([round_through(p) for p in parts]), together([round_through(v) for v in veins])


_BERRIES = (-0.42 - 0.78j, 0.42 - 0.78j, -0.46 + 0.72j, 0.46 + 0.72j)
_REPEAT = 13.0
"""Width of one figure of jacquard, in page units; it is half as high again."""


def draw_jacquard(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Figures that shine on a dull ground: flowers between curved bands."""
    pen.line(lines_across(panel, rows(panel, 0.9)), cloth.darker(0.45), 0.24, 0.3)
    figure = cloth.layered(0.42, 0.5)
    high = _REPEAT * 1.5
    count = int(panel.half * 1.45 / _REPEAT) + 2
    middles = _REPEAT * np.arange(-count, count + 1)
    y = shares(int((panel.length + 2 * high) / 1.6), -high, panel.length + high)
    sway = 0.5 * _REPEAT * (0.5 - 0.5 * np.cos(2 * np.pi * y / high))
    for side in (-1.0, 1.0):
        bands = panel.place(middles[:, None] + side * sway[None, :], y[None, :])
        pen.fill(ribbons(bands, np.full(bands.shape, 1.15)), figure, 0.85)
    flowers = _flowers(panel, middles, high)
    leaves, veins = (
        warped(stamped(part, flowers, 4.9), lambda points: panel.place(points.real, points.imag))
        for part in _palmette()
    )
    pen.fill(shifted(leaves, 0.25, 0.35), cloth.shade, 0.45)
    pen.fill(leaves, figure)
    pen.fill(veins, cloth.colour)
    pen.line(leaves, cloth.glint, 0.3, 0.55)


def _flowers(panel: Panel, middles: Numbers, high: float) -> Line:
    """A figure in each gap between the bands, in units of the piece; every other row is shifted."""
    places = np.arange(-1, int(panel.length / high) + 3)
    upper = middles[None, :] + 1j * (places[:, None] + 0.5) * high
    lower = middles[None, :] + _REPEAT / 2 + 1j * places[:, None] * high
    return np.asarray(np.concatenate([upper.ravel(), lower.ravel()]))
