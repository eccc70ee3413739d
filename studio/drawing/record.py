"""What a pen has drawn: marks in page units, and no pixels yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from studio.drawing.paths import Box, Path, Point
from studio.drawing.tones import Colour


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


Mark = Fill | Stroke | Group


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
