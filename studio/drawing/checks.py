"""Prints of straight lines: tartan, houndstooth, herringbone, and shapes of geometry."""

import math
from functools import lru_cache

import numpy as np

from studio.drawing.cloth import INK, WHITE, Cloth
from studio.drawing.lines import Line, chain, line, many, round_through, shares, stamped
from studio.drawing.paths import Path, together
from studio.drawing.pen import Pen
from studio.drawing.print_frame import PrintFrame
from studio.drawing.tones import Colour, lightness, mix

_SETT = 19.0
"""From one broad band of a tartan to the next."""
_GOLD: Colour = (240, 190, 70)


def draw_tartan(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """Broad and narrow bands that cross, darker where two meet, with bright lines between."""
    unit = frame.unit
    dark = mix(cloth.accent, INK, 0.55)
    if abs(lightness(dark) - cloth.lightness) < 0.12:
        dark = mix(cloth.accent, WHITE, 0.3)
    bright = WHITE if cloth.lightness < 0.7 and lightness(cloth.accent) < 0.7 else _GOLD
    for places, lines in (
        (frame.rows(_SETT), frame.lines_across),
        (frame.columns(_SETT), frame.lines_down),
    ):
        pen.line(lines(places), cloth.accent, 6.6 * unit, 0.5)
        for shift in (-4.9, 4.9):
            pen.line(lines(places + shift), dark, 1.7 * unit, 0.6)
    for places, lines in (
        (frame.rows(_SETT), frame.lines_across),
        (frame.columns(_SETT), frame.lines_down),
    ):
        pen.line(lines(places), dark, 0.9 * unit, 0.6)
        pen.line(lines(places + _SETT / 2), bright, 1.0 * unit, 0.9)
    _twill(pen, cloth, frame)


def _twill(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """The slanting lines of the weave, which make a check look woven."""
    wide, far = frame.reach
    t = shares(9, -1.0, 1.0)
    starts = np.arange(-far - wide, far + wide, 1.7)
    slants = frame.place(wide * t[None, :], starts[:, None] + wide * t[None, :])
    pen.line(many(slants), cloth.layered(0.3, 0.3), 0.3 * frame.unit, 0.4)


@lru_cache(maxsize=1)
def _tooth() -> tuple[Line, ...]:
    """One broken check of houndstooth, in cells of 2 x 2: a square and the slants beside it."""
    return (
        line((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
        line((0.0, 1.0), (0.5, 1.0), (0.0, 1.5), (0.0, 1.5)),
        line((1.0, 1.0), (1.0, 1.5), (0.5, 2.0), (0.0, 2.0)),
        line((1.5, 0.0), (2.0, 0.0), (1.0, 1.0), (1.0, 0.5)),
        line((2.0, 0.5), (2.0, 1.0), (1.5, 1.0), (1.5, 1.0)),
    )


def draw_houndstooth(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """Checks with broken corners, as a twill of four and four threads has."""
    half = 3.6
    columns, rows = np.meshgrid(frame.columns(2 * half), frame.rows(2 * half))
    across, along = columns.reshape(-1, 1), rows.reshape(-1, 1)
    parts = [
        many(frame.place(across + half * part.real, along + half * part.imag), closed=True)
        for part in _tooth()
    ]
    pen.fill(together(parts), cloth.accent)


def draw_herringbone(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """Columns of slanting strokes that lean by turns to the left and to the right."""
    wide, step = 5.6, 3.1
    columns, rows = np.meshgrid(frame.columns(wide), frame.rows(step))
    place = np.round(columns / wide).astype(int).reshape(-1, 1)
    lean = np.where(place % 2 == 0, 1.0, -1.0)
    across, along = columns.reshape(-1, 1), rows.reshape(-1, 1) + (place % 2) * step / 2
    x, thick = 0.46 * wide, 0.72
    dx = np.array([-x, x, x, -x])
    dy = np.array([-1.0, 1.0, 1.0, -1.0]) * 0.44 * wide
    edge = np.array([-thick, -thick, thick, thick])
    pen.fill(
        many(frame.place(across + dx, along + lean * dy + edge), closed=True), cloth.accent, 0.95
    )


@lru_cache(maxsize=1)
def _shapes() -> tuple[Path, ...]:
    """Shapes that fill a square of half-width 1; the last one is a disc."""
    round_ = np.exp(1j * shares(17)[:-1] * math.tau)
    half = 0.92 * np.exp(1j * math.pi * shares(9))
    triangle = line((-0.92, 0.92), (0.92, 0.92), (-0.92, -0.92))
    quarter = np.concatenate(
        [[-0.92 - 0.92j], -0.92 - 0.92j + 1.84 * np.exp(0.5j * math.pi * shares(7))]
    )
    return (
        chain(triangle, closed=True),
        chain(half, closed=True),
        chain(quarter, closed=True),
        round_through(0.72 * round_),
    )


def draw_geometric(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """Triangles, discs and parts of discs in squares, in three tones."""
    step = 8.6
    columns, rows = np.meshgrid(frame.columns(step), frame.rows(step))
    across, along = columns.ravel(), rows.ravel()
    centres = frame.place(across, along)
    i = np.round(across / step).astype(int)
    j = np.round(along / step).astype(int)
    kind = (i * 2 + j * 3 + (i * j)) % 4
    tone = (i + 2 * j) % 3
    turns = 0.5 * step * frame.unit * np.exp(1j * (frame.angle + math.pi / 2 * ((i * 3 + j) % 4)))
    mixed = mix(cloth.accent, cloth.colour, 0.5)
    tones = (cloth.accent, mixed, _contrast(cloth))
    for number, shape in enumerate(_shapes()):
        for place, colour in enumerate(tones):
            chosen = (kind == number) & (tone == place)
            if chosen.any():
                pen.fill(stamped(shape, centres[chosen], turns[chosen]), colour)
    discs = kind == 3
    inner = round_through(0.34 * np.exp(1j * shares(13)[:-1] * math.tau))
    if discs.any():
        pen.fill(stamped(inner, centres[discs], turns[discs]), cloth.colour)


def _contrast(cloth: Cloth) -> Colour:
    """A third tone, far from the cloth and from the second colour."""
    options: tuple[Colour, ...] = ((232, 92, 72), (240, 178, 60), (52, 110, 170), (40, 40, 60))

    def apart(tone: Colour) -> int:
        return min(
            sum(abs(a - b) for a, b in zip(tone, other, strict=True))
            for other in (cloth.colour, cloth.accent)
        )

    return max(options, key=apart)
