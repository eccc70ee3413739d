"""The patterns printed on or woven into cloth; they follow the frame of the piece.

Sizes are print units. One is a page unit on a large motif's scale of `_USUAL`, and turns and grows
with the design's print: at the usual scale a motif is as large as it can be told from afar.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from studio.drawing.cloth import Cloth, Panel
from studio.drawing.paths import Path, Point, arc, curve, polygon, straight, together
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour, lightness, mix

_BLOSSOM: Colour = (248, 200, 70)
_LEAF: Colour = (74, 132, 78)
_PALE_LEAF: Colour = (150, 196, 140)
_USUAL = 0.62
"""Page units per print unit, of a print of the usual scale."""
_LINE_STEPS = 10


def draw_pattern(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """The cloth's pattern on one piece; plain cloth has none."""
    pattern = _PATTERNS.get(cloth.pattern)
    if pattern:
        pattern(pen, cloth, PrintFrame(panel, cloth.print_scale * _USUAL, cloth.print_angle))


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

    def place(self, across: float, along: float) -> Point:
        """A point of the print, in print units round the middle, on the page."""
        u, v = across * self.unit, along * self.unit
        if self.angle:
            cos, sin = math.cos(self.angle), math.sin(self.angle)
            u, v = u * cos - v * sin, u * sin + v * cos
        return self.panel.place(u, v + self.panel.length / 2)

    @cached_property
    def reach(self) -> Point:
        """How far the print must go across and along, from the middle, to cover the piece."""
        half, length = self.panel.half * 1.45, self.panel.length / 2 + 8
        cos, sin = abs(math.cos(self.angle)), abs(math.sin(self.angle))
        return (half * cos + length * sin) / self.unit, (half * sin + length * cos) / self.unit

    def rows(self, step: float) -> list[float]:
        """Places along the piece, one of them in the middle."""
        count = int(self.reach[1] / step) + 1
        return [step * i for i in range(-count, count + 1)]

    def columns(self, step: float) -> list[float]:
        """Places across the piece, one of them in the middle."""
        count = int(self.reach[0] / step) + 1
        return [step * i for i in range(-count, count + 1)]

    def across(self, along: float) -> Path:
        """A line across the piece."""
        left, width = -self.reach[0], 2 * self.reach[0] / _LINE_STEPS
        return curve([self.place(left + width * i, along) for i in range(_LINE_STEPS + 1)])

    def down(self, across: float) -> Path:
        """A line down the piece."""
        top, height = -self.reach[1], 2 * self.reach[1] / _LINE_STEPS
        return curve([self.place(across, top + height * i) for i in range(_LINE_STEPS + 1)])

    def grid(self, step: float) -> Iterator[tuple[int, int, Point]]:
        """Row, column and point of a staggered grid, where it meets the piece."""
        left, top, right, bottom = self.panel.bounds
        margin = step * self.unit
        for row, along in enumerate(self.rows(step)):
            for column, across in enumerate(self.columns(step)):
                x, y = self.place(across + (row % 2) * step / 2, along)
                if left - margin < x < right + margin and top - margin < y < bottom + margin:
                    yield row, column, (x, y)


_Pattern = Callable[[Pen, Cloth, PrintFrame], None]


def _horizontal_stripes(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    stripes = together(frame.across(along) for along in frame.rows(9))
    pen.line(stripes, cloth.accent, 3.6 * frame.unit)


def _vertical_stripes(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    stripes = together(frame.down(across) for across in frame.columns(7.5))
    pen.line(stripes, cloth.accent, 2.8 * frame.unit)


def _gingham(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    for lines in (map(frame.across, frame.rows(10)), map(frame.down, frame.columns(10))):
        pen.line(together(lines), cloth.accent, 5 * frame.unit, 0.55)


def _windowpane(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    across = map(frame.across, frame.rows(14))
    down = (frame.down(place - 7) for place in frame.columns(14))
    pen.line(together([*across, *down]), cloth.accent, 1.5 * frame.unit)


def _polka_dots(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    pen.dots([point for _, _, point in frame.grid(9)], 2.5 * frame.unit, cloth.accent)


def _floral(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    unit, step = frame.unit, 13.5
    leaves, petals, hearts = [], [], []
    for row, column, (x, y) in frame.grid(step):
        turn = frame.angle + 0.7 * ((row + column) % 2)
        for side in (0.55, 0.55 + math.pi):
            lean = turn + side
            leaves.append((x + 5.6 * unit * math.cos(lean), y + 5.6 * unit * math.sin(lean)))
        hearts.append((x, y))
        for k in range(5):
            angle = turn + k * math.tau / 5
            petals.append((x + 3.1 * unit * math.cos(angle), y + 3.1 * unit * math.sin(angle)))
    pale = cloth.lightness < 0.45
    pen.dots(leaves, 1.7 * unit, _PALE_LEAF if pale else _LEAF)
    pen.dots(petals, 2.3 * unit, cloth.accent)
    pen.dots(hearts, 1.7 * unit, _heart(cloth.accent))


def _heart(petals: Colour) -> Colour:
    """The middle of a blossom, which must show on its petals."""
    return _BLOSSOM if abs(lightness(petals) - lightness(_BLOSSOM)) > 0.2 else (150, 74, 40)


def _leopard(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    unit = frame.unit
    rim = cloth.darker(0.85) if cloth.lightness > 0.3 else (206, 164, 104)
    spots, rims = [], []
    for row, column, (x, y) in frame.grid(9):
        x += unit * 1.1 * math.sin(row * 2.1 + column * 3.7)
        y += unit * 1.1 * math.cos(row * 1.7 + column * 2.9)
        spots.append((x, y))
        turn = 70.0 * ((row * 3 + column * 5) % 5)
        radii = (3 * unit, 2.7 * unit)
        rims += [arc(x, y, radii, turn, 130), arc(x, y, radii, turn + 180, 110)]
    pen.dots(spots, 2.2 * unit, mix(cloth.colour, cloth.accent, 0.5))
    if rims:
        pen.line(together(rims), rim, 1.9 * unit)


def _chevron(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    count = int(frame.reach[0] / 6) + 2
    corners = range(-count, count + 1)
    zigzags = [
        straight(*[frame.place(6 * k, along + (5 if k % 2 else 0)) for k in corners])
        for along in frame.rows(9.5)
    ]
    pen.line(together(zigzags), cloth.accent, 3.2 * frame.unit)


def _argyle(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    filled, outlines = [], []
    for row, along in enumerate(frame.rows(11)):
        for across in frame.columns(14):
            place = across + (row % 2) * 7
            filled += [_diamond(frame, place, along)] if row % 2 else []
            outlines.append(_diamond(frame, place + 7, along))
    pen.fill(together(filled), cloth.accent, 0.85)
    pen.dashes(together(outlines), cloth.ink, 0.9 * frame.unit, (2.2 * frame.unit, frame.unit))


def _diamond(frame: PrintFrame, across: float, along: float) -> Path:
    corners = [
        (across, along - 11),
        (across + 7, along),
        (across, along + 11),
        (across - 7, along),
    ]
    return polygon([frame.place(*corner) for corner in corners])


def _colour_block(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """A block below a line that the print's angle slants and its scale moves."""
    wide, far = frame.panel.half * 1.5, frame.panel.length
    middle = far * (0.5 if frame.panel.sleeve else 0.45) * frame.unit / _USUAL
    middle = min(max(middle, 0.2 * far), 0.8 * far)
    slope = 0.0 if frame.panel.sleeve else 0.5 * math.tan(frame.angle)
    low = [(wide * (i / 4 - 1), middle + slope * wide * (i / 4 - 1)) for i in range(9)]
    corners = [*low, (wide, far * 2 + 16), (-wide, far * 2 + 16)]
    pen.fill(polygon([frame.panel.place(*corner) for corner in corners]), cloth.accent)


def _ombre(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """One colour runs into the other, over a shorter or longer way."""
    left, top, right, bottom = frame.panel.bounds
    x, y = (left + right) / 2, (top + bottom) / 2
    way = (bottom - top) / 2 * min(0.3 + 0.7 * frame.unit / _USUAL, 1.5)
    dx, dy = -way * math.sin(frame.angle), way * math.cos(frame.angle)
    stops = [(0.22, cloth.accent, 0.0), (0.95, cloth.accent, 1.0)]
    pen.shade(frame.panel.path, (x - dx, y - dy), (x + dx, y + dy), stops)


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
