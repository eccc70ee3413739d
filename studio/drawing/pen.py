"""A pen that writes down what it draws."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from studio.drawing.paths import Box, Path, Point, oval, spots
from studio.drawing.record import Drawing, Fill, Group, Linear, Mark, Radial, Solid, Stop, Stroke
from studio.drawing.tones import Colour


class Pen:
    """Fills and strokes paths, one over the other; `drawing` is the record of it."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []

    def drawing(self, page: Box, ground: Colour, title: str = "") -> Drawing:
        """What has been drawn so far, on a page of this colour."""
        return Drawing(page, ground, tuple(self._marks), title)

    def fill(self, path: Path, colour: Colour, alpha: float = 1.0) -> None:
        """Fill the path."""
        self._marks.append(Fill(path, Solid(colour, alpha)))

    def line(self, path: Path, colour: Colour, width: float = 1.0, alpha: float = 1.0) -> None:
        """Stroke the path with round ends."""
        self._marks.append(Stroke(path, Solid(colour, alpha), width))

    def dots(
        self, points: Sequence[Point], radius: float, colour: Colour, alpha: float = 1.0
    ) -> None:
        """Discs of one size round the points, as one mark."""
        if points:
            self.line(spots(points), colour, 2 * radius, alpha)

    def dashes(
        self, path: Path, colour: Colour, width: float, pattern: tuple[float, float]
    ) -> None:
        """Stroke the path with dashes: so many units on, so many off."""
        self._marks.append(Stroke(path, Solid(colour), width, "butt", pattern))

    def patch(self, path: Path, colour: Colour, ink: Colour, width: float = 1.0) -> None:
        """Fill the path and line its edge."""
        self.fill(path, colour)
        self.line(path, ink, width)

    def shade(
        self,
        path: Path,
        start: Point,
        end: Point,
        stops: Sequence[tuple[float, Colour, float]],
    ) -> None:
        """Fill the path with a linear gradient; a stop is (place 0..1, colour, alpha)."""
        paint = Linear(start, end, tuple(Stop(*stop) for stop in stops))
        self._marks.append(Fill(path, paint))

    def glow(
        self, x: float, y: float, radii: tuple[float, float], colour: Colour, alpha: float
    ) -> None:
        """A soft spot: an ellipse that is `alpha` opaque in its middle and fades to its edge."""
        wide, high = radii
        stops = (Stop(0.0, colour, alpha), Stop(0.5, colour, alpha * 0.62), Stop(1.0, colour, 0.0))
        paint = Radial((x, y), wide, high / wide, stops)
        self._marks.append(Fill(oval(x, y, wide, high), paint))

    @contextmanager
    def inside(self, path: Path) -> Iterator[None]:
        """Whatever is drawn in this block stays inside the path."""
        with self._group() as marks:
            yield
        self._add(Group(tuple(marks), clip=path))

    @contextmanager
    def layer(self, name: str) -> Iterator[None]:
        """Whatever is drawn in this block is one layer of the file, with this name."""
        with self._group() as marks:
            yield
        self._add(Group(tuple(marks), name=name))

    @contextmanager
    def veiled(self, alpha: float) -> Iterator[None]:
        """Whatever is drawn in this block is `alpha` opaque as a whole."""
        with self._group() as marks:
            yield
        self._add(Group(tuple(marks), alpha=alpha))

    @contextmanager
    def _group(self) -> Iterator[list[Mark]]:
        around, self._marks = self._marks, []
        try:
            yield self._marks
        finally:
            self._marks = around

    def _add(self, group: Group) -> None:
        if group.marks:
            self._marks.append(group)
