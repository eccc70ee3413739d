"""The patterns printed on or woven into cloth; they follow the frame of the piece.

Sizes are print units. One is a page unit on a large motif's scale of `USUAL`, and turns and grows
with the design's print: at the usual scale a motif is as large as it can be told from afar.
"""

import cmath
import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from studio.drawing.checks import draw_geometric, draw_herringbone, draw_houndstooth, draw_tartan
from studio.drawing.cloth import INK, WHITE, Cloth, Panel
from studio.drawing.dyed import draw_camouflage, draw_tie_dye, draw_zebra
from studio.drawing.lines import Numbers, chain, line, many, ribbon, round_through, shares, stamped
from studio.drawing.motifs import draw_ditsy, draw_floral, draw_paisley, draw_tropical
from studio.drawing.paths import Path, spots, together
from studio.drawing.pen import EVEN, Pen
from studio.drawing.print_frame import USUAL, PrintFrame, frame_of
from studio.drawing.toile import draw_toile
from studio.drawing.tones import Colour, lightness, mix


def draw_pattern(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """The cloth's pattern on one piece; plain cloth has none."""
    pattern = _PATTERNS.get(cloth.pattern)
    if pattern:
        pattern(pen, cloth, frame_of(cloth, panel))


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
    middle = far * (0.5 if frame.panel.sleeve else 0.45) * frame.unit / USUAL
    middle = min(max(middle, 0.2 * far), 0.8 * far)
    slope = 0.0 if frame.panel.sleeve else 0.5 * math.tan(frame.angle)
    across = shares(9, -wide, wide)
    low = frame.panel.place(across, middle + slope * across)
    end = frame.panel.place(across[::-1], far * 2 + 16)
    pen.fill(chain(np.concatenate([low, end]), closed=True), cloth.accent)
    pen.strip(low, low + 4j, cloth.ink, 0.32)
    pen.brush(low, cloth.ink, 0.6, 0.9, EVEN)


def _ombre(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """One colour runs into the other, over a shorter or longer way."""
    left, top, right, bottom = frame.panel.bounds
    middle = complex((left + right) / 2, (top + bottom) / 2)
    way = (bottom - top) / 2 * min(0.1 + 0.9 * frame.unit / USUAL, 1.8)
    towards = 1j * cmath.rect(way, frame.angle)
    end = _told_apart(cloth.colour, cloth.accent)
    stops = [(0.12, end, 0.0), (0.85, end, 1.0)]
    pen.shade(frame.panel.path, middle - towards, middle + towards, stops)


def _told_apart(colour: Colour, other: Colour) -> Colour:
    """The other colour, made paler or deeper where it is nearly as light as the first."""
    if abs(lightness(colour) - lightness(other)) > _TOLD_BY_LIGHT:
        return other
    if max(abs(a - b) for a, b in zip(colour, other, strict=True)) > _TOLD_BY_HUE:
        return other
    return mix(other, WHITE, 0.65) if lightness(colour) < 0.5 else mix(other, INK, 0.6)


_TOLD_BY_LIGHT, _TOLD_BY_HUE = 0.22, 110
_PATTERNS: dict[str, _Pattern] = {
    "horizontal stripes": _horizontal_stripes,
    "vertical stripes": _vertical_stripes,
    "polka dots": _polka_dots,
    "gingham": _gingham,
    "windowpane": _windowpane,
    "floral": draw_floral,
    "leopard": _leopard,
    "chevron": _chevron,
    "argyle": _argyle,
    "colour block": _colour_block,
    "ombre": _ombre,
    "tartan": draw_tartan,
    "houndstooth": draw_houndstooth,
    "herringbone": draw_herringbone,
    "paisley": draw_paisley,
    "tropical": draw_tropical,
    "ditsy": draw_ditsy,
    "zebra": draw_zebra,
    "tie-dye": draw_tie_dye,
    "camouflage": draw_camouflage,
    "toile": draw_toile,
    "geometric": draw_geometric,
}
