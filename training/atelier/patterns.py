"""The patterns printed on or woven into cloth; they follow the frame of the piece."""

import math
from collections.abc import Iterator

import skia

from training.atelier.cloth import CREAM, Cloth, Panel
from training.atelier.pen import Colour, Pen, Point, circle, mix, oval, polygon, straight

_BLOSSOM: Colour = (248, 200, 70)


def draw_pattern(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """The cloth's pattern on one piece; plain cloth has none."""
    pattern = _PATTERNS.get(cloth.pattern)
    if pattern:
        pattern(pen, cloth, panel)


def steps(start: float, stop: float, step: float) -> list[float]:
    """Numbers from `start` up to `stop`."""
    return [start + step * i for i in range(int((stop - start) / step) + 1)]


def columns(panel: Panel, step: float) -> list[float]:
    """Places across the piece, one of them in the middle."""
    return steps(-round(panel.half * 1.4 / step) * step, panel.half * 1.5, step)


def staggered_grid(panel: Panel, step: float) -> Iterator[tuple[int, int, Point]]:
    """Row, column and point of a grid over the piece; odd rows are shifted by half a step."""
    reach = int(panel.half * 1.4 / step) + 1
    for row in range(-1, int(panel.length / step) + 2):
        along = row * step + step / 2
        for column in range(-reach, reach + 1):
            yield row, column, panel.place((column + (row % 2) / 2) * step, along)


def _horizontal_stripes(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for along in steps(4, panel.length + 6, 9):
        pen.line(panel.across(along), cloth.accent, 3.6)


def _vertical_stripes(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for across in columns(panel, 7):
        pen.line(panel.down(across), cloth.accent, 2.4)


def _gingham(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for along in steps(3, panel.length + 8, 10):
        pen.line(panel.across(along), cloth.accent, 5, 0.55)
    for across in columns(panel, 10):
        pen.line(panel.down(across), cloth.accent, 5, 0.55)


def _windowpane(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for along in steps(6, panel.length + 8, 13):
        pen.line(panel.across(along), cloth.accent, 1.3)
    for across in steps(-6.5 - 13 * round(panel.half * 1.4 / 13), panel.half * 1.6, 13):
        pen.line(panel.down(across), cloth.accent, 1.3)


def _polka_dots(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for _, _, (x, y) in staggered_grid(panel, 8.5):
        pen.fill(circle(x, y, 2.3), cloth.accent)


def _floral(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    light = cloth.lightness > 0.62
    petal: Colour = (206, 52, 96) if light else (255, 198, 208)
    leaf: Colour = (66, 124, 70) if light else (170, 214, 150)
    for row, column, (x, y) in staggered_grid(panel, 13):
        pen.fill(oval(x + 5.5, y + 3.5, 2.6, 1.3), leaf)
        turn = 0.7 * ((row + column) % 2)
        for k in range(5):
            angle = turn + k * math.tau / 5
            pen.fill(circle(x + 2.9 * math.cos(angle), y + 2.9 * math.sin(angle), 2.1), petal)
        pen.fill(circle(x, y, 1.6), _BLOSSOM)


def _leopard(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    dark = cloth.darker(0.85) if cloth.lightness > 0.3 else (206, 164, 104)
    middle = mix(cloth.colour, (150, 90, 40), 0.45)
    for row, column, (x, y) in staggered_grid(panel, 9):
        pen.fill(circle(x, y, 2.2), middle)
        turn = 70 * ((row * 3 + column * 5) % 5)
        rim = skia.Rect.MakeLTRB(x - 3, y - 2.7, x + 3, y + 2.7)
        broken_ring = skia.Path()
        broken_ring.addArc(rim, turn, 130)
        broken_ring.addArc(rim, turn + 180, 110)
        pen.line(broken_ring, dark, 1.9)


def _chevron(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    reach = int(panel.half * 1.4 / 6) + 2
    for along in steps(-4, panel.length + 8, 9.5):
        zigzag = [panel.place(6 * k, along + (5 if k % 2 else 0)) for k in range(-reach, reach + 1)]
        pen.line(straight(*zigzag), cloth.accent, 3)


def _argyle(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    reach = int(panel.half * 1.4 / 14) + 1
    for row in range(-1, int(panel.length / 11) + 2):
        for column in range(-reach, reach + 1):
            diamond = _diamond(panel, (column + (row % 2) / 2) * 14, row * 11 + 5.5)
            if row % 2:
                pen.fill(diamond, cloth.accent, 0.85)
            pen.dashes(diamond, cloth.ink, 0.8, (2.0, 1.4))


def _diamond(panel: Panel, across: float, along: float) -> skia.Path:
    corners = [
        (across, along - 11),
        (across + 7, along),
        (across, along + 11),
        (across - 7, along),
    ]
    return polygon([panel.place(*corner) for corner in corners])


def _colour_block(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    middle = panel.length * (0.5 if panel.sleeve else 0.45)
    low = [panel.place(-panel.half * 1.4 + panel.half * 2.8 * i / 8, middle) for i in range(9)]
    end = [panel.place(-panel.half * (1.4 - 2.8 * i / 8), panel.length + 16) for i in range(9)]
    pen.fill(polygon([*low, *reversed(end)]), cloth.accent)


def _ombre(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    _, top, _, bottom = panel.bounds
    end = CREAM if cloth.lightness < 0.62 else mix(cloth.colour, (70, 50, 110), 0.75)
    pen.shade(panel.path, (0, top), (0, bottom), [(0.25, end, 0.0), (1.0, end, 1.0)])


_PATTERNS = {
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
