"""A sheet of paper in millimetres that is drawn by the studio's pen, and what all sheets share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from studio.drawing.paths import Box, circle, polygon, straight
from studio.drawing.pen import Pen
from studio.drawing.placing import placed
from studio.drawing.record import Drawing, Text
from studio.drawing.tones import Colour
from studio.techpack.fields import Status
from studio.techpack.said import Language, Said
from studio.techpack.typesetting import INK as _INK
from studio.techpack.typesetting import Style, fitted, readable, wrapped

UNITS = 10.0
"""Page units of a millimetre: numbers are written with two places."""
WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT, TOP, BOTTOM = 15.0, 195.0, 13.0, 283.0

INK: Colour = _INK
WHITE: Colour = (255, 255, 255)
MUTED: Colour = (111, 105, 95)
HAIRLINE: Colour = (207, 200, 187)
ACCENT: Colour = (140, 42, 56)
AMBER: Colour = (150, 92, 12)

TITLE = Style(7.6, "medium")
HEADING = Style(4.2, "medium")
LABEL = Style(2.6, "sans", MUTED)
TEXT = Style(2.9)
STRONG = Style(2.9, "medium")
SMALL = Style(2.4, "sans", MUTED)

Align = Literal["start", "middle", "end"]

_COLOURS: dict[Status, Colour] = {
    "asked": INK,
    "derived": INK,
    "person": ACCENT,
    "open": AMBER,
}
OPEN = Said("open", "待定")
MARK_MM = 2.6
"""Room for a field's mark before its text."""


class Sheet:
    """One page, from its top left corner, in one language or two."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.pen = Pen()

    def drawing(self, title: str) -> Drawing:
        """What has been drawn so far."""
        return self.pen.drawing((0.0, 0.0, WIDTH * UNITS, HEIGHT * UNITS), WHITE, title)

    def say(self, said: Said) -> str:
        """A text in the sheet's language, as far as its fonts can show it."""
        return readable(said.told(self.language))

    def write(
        self, x: float, baseline: float, text: str, style: Style, align: Align = "start"
    ) -> None:
        """One line of text."""
        place = (x * UNITS, baseline * UNITS)
        size = style.size_mm * UNITS
        self.pen.text(Text(text, place, size, style.colour, align, style.face))

    def write_in(self, x: float, baseline: float, said: Said, style: Style, room: float) -> None:
        """One line, made smaller until it fits."""
        lines, fits = fitted(self.say(said), style, room, 1)
        self.write(x, baseline, lines[0], fits)

    def paragraph(self, x: float, top: float, said: Said, style: Style, room: float) -> float:
        """Lines below each other; returns where they end."""
        for line in wrapped(self.say(said), style, room):
            self.write(x, top + 0.78 * style.line_mm, line, style)
            top += style.line_mm
        return top

    def line(
        self, start: tuple[float, float], end: tuple[float, float], colour: Colour, weight: float
    ) -> None:
        """A straight line; its weight in millimetres."""
        points = [(x * UNITS, y * UNITS) for x, y in (start, end)]
        self.pen.line(straight(*points), colour, weight * UNITS)

    def box(self, frame: Box, fill: Colour | None = None, outline: Colour | None = None) -> None:
        """A rectangle."""
        left, top, right, bottom = (edge * UNITS for edge in frame)
        path = polygon([(left, top), (right, top), (right, bottom), (left, bottom)])
        if fill is not None:
            self.pen.fill(path, fill)
        if outline is not None:
            self.pen.line(path, outline, 0.18 * UNITS)

    def place(self, drawing: Drawing, frame: Box, name: str) -> None:
        """A drawing in a frame, as a layer of the page."""
        left, top, right, bottom = (edge * UNITS for edge in frame)
        self.pen.add(placed(drawing, (left, top, right, bottom), name))

    def mark(self, status: Status, x: float, baseline: float, size: float) -> None:
        """The mark of a status: a disc, a ring, a diamond or a triangle."""
        r = 0.26 * size * UNITS
        cx, cy = x * UNITS + r, (baseline - 0.32 * size) * UNITS
        colour, weight = _COLOURS[status], 0.16 * UNITS
        if status == "asked":
            self.pen.fill(circle(cx, cy, r), colour)
        elif status == "derived":
            self.pen.line(circle(cx, cy, 0.85 * r), MUTED, weight)
        elif status == "person":
            points = [
                (cx, cy - 1.2 * r),
                (cx + 1.2 * r, cy),
                (cx, cy + 1.2 * r),
                (cx - 1.2 * r, cy),
            ]
            self.pen.fill(polygon(points), colour)
        else:
            points = [
                (cx, cy - 1.1 * r),
                (cx + 1.1 * r, cy + 0.9 * r),
                (cx - 1.1 * r, cy + 0.9 * r),
            ]
            self.pen.line(polygon(points), colour, weight)


@dataclass(frozen=True)
class Cell:
    """What stands in a table's cell.

    Attributes:
        text: in the sheet's language.
        style: of the text.
        status: whose mark stands before it; None for none.
    """

    text: str
    style: Style = TEXT
    status: Status | None = None


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        columns: width of each, in parts of the whole.
        rows: cells, as many as there are columns.
        head: names of the columns; empty for none.
        aligned: of each column; empty for all at the start.
        pad: above and below the text of a row, in millimetres.
    """

    columns: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    head: tuple[str, ...] = ()
    aligned: tuple[Align, ...] = ()
    pad: float = 1.1

    def set(self, sheet: Sheet | None, frame: tuple[float, float, float], scale: float) -> float:
        """Draw it, or only measure it where there is no sheet; returns where it ends.

        Args:
            sheet: the page.
            frame: left, top and right.
            scale: of all text and padding, 1 for the usual size.
        """
        left, y, right = frame
        if self.head:
            y = self._row(sheet, [Cell(name, LABEL) for name in self.head], (left, y, right), scale)
        for row in self.rows:
            y = self._row(sheet, row, (left, y, right), scale)
        return y

    def _row(
        self,
        sheet: Sheet | None,
        cells: Sequence[Cell],
        frame: tuple[float, float, float],
        scale: float,
    ) -> float:
        left, y, right = frame
        pad, whole = self.pad * scale, sum(self.columns)
        x, placed_cells = left, []
        for share, cell in zip(self.columns, cells, strict=True):
            width = share / whole * (right - left)
            style = cell.style.scaled(scale)
            indent = MARK_MM * scale if cell.status else 0.0
            lines = wrapped(cell.text, style, max(width - 1.2 - indent, 2.0))
            placed_cells.append((x, width, indent, lines, style, cell.status))
            x += width
        height = max(len(lines) * style.line_mm for _, _, _, lines, style, _ in placed_cells)
        if sheet is not None:
            for place, (x, width, indent, lines, style, status) in enumerate(placed_cells):
                align = self.aligned[place] if self.aligned else "start"
                at = {"start": x + indent, "middle": x + width / 2, "end": x + width - 1.2}[align]
                for number, text in enumerate(lines):
                    baseline = y + pad + (number + 0.78) * style.line_mm
                    sheet.write(at, baseline, text, style, align)
                    if status and not number:
                        sheet.mark(status, x, baseline, style.size_mm)
            bottom = y + height + 2 * pad
            sheet.line((left, bottom), (right, bottom), HAIRLINE, 0.15)
        return y + height + 2 * pad


def largest_scale(measure: Callable[[float], float], bottom: float, smallest: float = 0.3) -> float:
    """How large the text of a part of the page can be so that it ends above `bottom`.

    Args:
        measure: where it ends at a scale.
        bottom: the last millimetre that it may take.
        smallest: text is made no smaller than this.
    """
    scale = 1.0
    while measure(scale) > bottom and scale > smallest:
        scale -= 0.03
    return scale
