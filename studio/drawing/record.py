"""What a pen has drawn: marks in page units, and no pixels yet."""

import cmath
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from studio.drawing.outline_fonts import Glyph, glyphs, text_width
from studio.drawing.paths import Box, Path, Point, together
from studio.drawing.tones import Colour

ASCENT, DESCENT = 0.8, 0.24
"""How far a line of text reaches above and below its baseline, in ems."""


class Stop(NamedTuple):
    """A place of a gradient, 0 to 1, and the colour and opacity there."""

    place: float
    colour: Colour
    alpha: float


class Solid(NamedTuple):
    """One colour; `alpha` is its opacity, 0 to 1."""

    colour: Colour
    alpha: float = 1.0


class Linear(NamedTuple):
    """Colours from one point to another; beyond them the outermost go on."""

    start: Point
    end: Point
    stops: tuple[Stop, ...]


class Radial(NamedTuple):
    """Colours from a centre outwards; `height` is that of the ellipse, as a share of its width."""

    centre: Point
    radius: float
    height: float
    stops: tuple[Stop, ...]


Paint = Solid | Linear | Radial


class Fill(NamedTuple):
    """A filled shape."""

    path: Path
    paint: Paint


class Stroke(NamedTuple):
    """A line along a path.

    Attributes:
        path: what it goes along.
        paint: its colour.
        width: in page units.
        cap: how its ends look.
        dash: so many units on, so many off; empty for an unbroken line.
    """

    path: Path
    paint: Solid
    width: float
    cap: Literal["round", "butt"] = "round"
    dash: tuple[float, ...] = ()


class Text(NamedTuple):
    """A line of text; its shapes come from the studio's own fonts, so it looks alike everywhere.

    Attributes:
        text: what it says.
        place: where its baseline starts, or its middle or end lies.
        size: of the font, in page units.
        colour: of the letters.
        align: which part of it `place` is.
        face: "sans" or "medium"; letters that these lack come from the Chinese font.
        turn: degrees, clockwise, round `place`.
    """

    text: str
    place: Point
    size: float
    colour: Colour
    align: Literal["start", "middle", "end"] = "start"
    face: Literal["sans", "medium"] = "sans"
    turn: float = 0.0

    @property
    def width(self) -> float:
        """How long the line is, in page units."""
        return text_width(self.text, self.size, self.face)

    def letters(self) -> list[tuple[str, Glyph, complex]]:
        """Each letter with its glyph and the start of its baseline on the page."""
        along = cmath.rect(1.0, math.radians(self.turn))
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.align]
        here = complex(*self.place) - along * self.width * share
        found = []
        for letter, glyph in glyphs(self.text, self.face):
            found.append((letter, glyph, here))
            here += along * glyph.advance * self.size
        return found

    def outline(self) -> Path:
        """All letters as one shape on the page."""
        along = cmath.rect(self.size, math.radians(self.turn))
        shapes = []
        for _, glyph, start in self.letters():
            points = glyph.path.numbers
            numbers: list[float] = []
            for x, y in zip(points[0::2], points[1::2], strict=True):
                place = start + along * complex(x, -y)
                numbers += (place.real, place.imag)
            shapes.append(Path(glyph.path.verbs, tuple(numbers)))
        return together(shapes)

    def box(self) -> Box:
        """Round it, with room for capitals and descenders whatever it says."""
        along = cmath.rect(1.0, math.radians(self.turn))
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.align]
        start = complex(*self.place) - along * self.width * share
        up, down = 1j * along * -ASCENT * self.size, 1j * along * DESCENT * self.size
        corners = [end + side for end in (start, start + along * self.width) for side in (up, down)]
        xs, ys = [c.real for c in corners], [c.imag for c in corners]
        return min(xs), min(ys), max(xs), max(ys)


class Group(NamedTuple):
    """Marks that belong together.

    Attributes:
        marks: what is drawn, from back to front.
        clip: the shape that they stay inside of, if any.
        alpha: opacity of all together.
        name: of a layer, as people read it; empty for other groups.
    """

    marks: "tuple[Mark, ...]"
    clip: Path | None = None
    alpha: float = 1.0
    name: str = ""


Mark = Fill | Stroke | Text | Group


@dataclass(frozen=True)
class Drawing:
    """A whole page.

    Attributes:
        page: the part of the plane that is shown: left, top, right and bottom in page units.
        ground: the colour of the paper.
        marks: what is drawn, from back to front.
        title: what it shows, for readers of the file; may be empty.
    """

    page: Box
    ground: Colour
    marks: tuple[Mark, ...]
    title: str = ""

    @property
    def width(self) -> float:
        """Of the page, in page units."""
        return self.page[2] - self.page[0]

    @property
    def height(self) -> float:
        """Of the page, in page units."""
        return self.page[3] - self.page[1]

    def reach(self) -> Box:
        """The smallest box round all that is drawn, as far as clips let it show."""
        boxes = list(_boxes(self.marks))
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)


def _boxes(marks: tuple[Mark, ...]) -> Iterator[Box]:
    for mark in marks:
        if isinstance(mark, Group):
            inner = _boxes(mark.marks)
            yield from inner if mark.clip is None else _cut(inner, mark.clip.box)
        elif isinstance(mark, Text):
            yield mark.box()
        else:
            wider = mark.width / 2 if isinstance(mark, Stroke) else 0.0
            left, top, right, bottom = mark.path.box
            yield left - wider, top - wider, right + wider, bottom + wider


def _cut(boxes: Iterator[Box], frame: Box) -> Iterator[Box]:
    for box in boxes:
        left, top = max(box[0], frame[0]), max(box[1], frame[1])
        right, bottom = min(box[2], frame[2]), min(box[3], frame[3])
        if left < right and top < bottom:
            yield left, top, right, bottom
