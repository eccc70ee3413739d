"""Places on a piece of cloth, for weaves, stitches and hairs: many little lines drawn at once."""

import numpy as np

from studio.drawing.cloth import Panel
from studio.drawing.lines import Line, Numbers, line, many, ribbons, shares, within
from studio.drawing.paths import Path
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour


def columns(panel: Panel, step: float) -> Numbers:
    """Places across the piece, one of them in its middle."""
    count = int(panel.half * 1.45 / step) + 1
    return step * np.arange(-count, count + 1)


def rows(panel: Panel, step: float, before: float = 2.0) -> Numbers:
    """Places down the piece, from a little above it."""
    return np.arange(-before, panel.length + 6, step)


def seen(panel: Panel, pieces: Line) -> Line:
    """Those (n, m) pieces that meet the panel."""
    left, top, right, bottom = panel.bounds
    first = pieces[:, 0]
    return pieces[
        (first.real > left - 3)
        & (first.real < right + 3)
        & (first.imag > top - 3)
        & (first.imag < bottom + 3)
    ]


def short_lines(
    panel: Panel, across: Numbers, along: Numbers, shape: tuple[tuple[float, float], ...]
) -> Line:
    """(n, m) copies of a little shape, in units of the piece, at each of the places."""
    dx = np.array([x for x, _ in shape])
    dy = np.array([y for _, y in shape])
    return seen(panel, panel.place(across.ravel()[:, None] + dx, along.ravel()[:, None] + dy))


def lines_down(panel: Panel, across: Numbers) -> Path:
    """Lines down the whole piece at these places across it."""
    along = shares(25, -4.0, panel.length + 6.0)
    return many(panel.place(across[:, None], along[None, :]))


def lines_across(panel: Panel, along: Numbers) -> Path:
    """Lines across the whole piece at these places down it."""
    reach = panel.half * 1.45 * shares(11, -1.0, 1.0)
    return many(panel.place(reach[None, :], along[:, None]))


def stitches_beside(panel: Panel, depth: float, step: float = 1.6, reach: float = 1.0) -> Line:
    """(n, 2) stitches inside the piece along its whole edge, so far from it."""
    on, along = zip(*panel.path.every(step), strict=True)
    edge, way = line(*on), line(*along)
    inward = 1j * way
    turned = (edge * np.conj(np.roll(edge, -1))).imag.sum() > 0
    beside = edge + (-inward if turned else inward) * depth
    kept = within(beside, panel.path, depth * 0.9)
    return np.asarray((beside[:, None] + way[:, None] * np.array([-0.5, 0.5]) * reach)[kept])


def scattered(panel: Panel, per_unit: float, rng: np.random.Generator) -> tuple[Numbers, Numbers]:
    """(n, 1) places across and down the piece by lot, so many to a square unit."""
    wide = 1.45 * panel.half
    count = max(4, int(2 * wide * (panel.length + 8) * per_unit))
    across = rng.uniform(-wide, wide, (count, 1))
    return across, rng.uniform(-3.0, panel.length + 5, (count, 1))


def soft_lines(pen: Pen, lines: Line, width: Numbers, tone: Colour, alpha: float) -> None:
    """(n, m) soft lights or shades along many lines: nested ribbons that add up."""
    if not len(lines):
        return
    steps = (1.0, 0.82, 0.64, 0.46, 0.3, 0.16)
    share = 1 - (1 - alpha) ** (1 / len(steps))
    widths = np.broadcast_to(width, lines.shape)
    for part in steps:
        pen.fill(ribbons(lines, widths * part), tone, share)
