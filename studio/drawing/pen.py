"""A pen that writes down what it draws."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from studio.drawing.lines import (
    Line,
    Warp,
    joined,
    normals,
    point,
    pressure,
    shifted,
    smooth,
    two_sided,
    warped,
)
from studio.drawing.paths import Box, Path, Point, oval, spots
from studio.drawing.record import (
    Drawing,
    Fill,
    Group,
    Linear,
    Mark,
    Radial,
    Solid,
    Stop,
    Stroke,
    Text,
)
from studio.drawing.tones import Colour, lightness

_SHADE: Colour = (26, 16, 40)
_LIGHT: Colour = (255, 255, 255)


class Taper(NamedTuple):
    """How a brush is pressed: width at start and end as shares of the full one, at `belly`."""

    start: float = 0.0
    end: float = 0.0
    belly: float = 0.5


THIN = Taper()
"""Pointed at both ends."""
FIRM = Taper(0.55, 0.65)
"""A contour: it never quite ends."""
FALLING = Taper(0.9, 0.0, 0.2)
"""Pressed at its start, then let go."""
EVEN = Taper(1.0, 1.0)
_PALE, _PALE_FORM = 0.78, 0.5
"""How light a patch is that shade would make look like metal, and how much of it that has."""
_MANY = 6
"""Points of a line that say well enough how wide a brush is along it."""
_STEP = 1.3
"""How wide the steps of shade are that rounds a form, on average."""


class Pen:
    """Fills and strokes paths, one over the other; `drawing` is the record of it.

    A posed pen (`posed`) writes into the same record, but moves all that it is given.
    """

    def __init__(self) -> None:
        self._record: list[list[Mark]] = [[]]
        self._warp: Warp | None = None

    def posed(self, warp: Warp | None) -> "Pen":
        """A pen for straight pieces that are seen through a pose."""
        pen = Pen()
        pen._record, pen._warp = self._record, warp
        return pen

    def drawing(self, page: Box, ground: Colour, title: str = "") -> Drawing:
        """What has been drawn so far, on a page of this colour."""
        return Drawing(page, ground, tuple(self._record[-1]), title)

    def _seen(self, path: Path) -> Path:
        return path if self._warp is None else warped(path, self._warp)

    def seen(self, points: Line) -> Line:
        """Where points given to this pen lie on the page."""
        return points if self._warp is None else self._warp(points)

    def _seen_point(self, place: Point | complex) -> Point:
        if not isinstance(place, complex):
            place = complex(*place) if isinstance(place, tuple) else complex(place)
        return point(place if self._warp is None else self._warp(np.array([place]))[0])

    def _mark(self, mark: Mark) -> None:
        self._record[-1].append(mark)

    def fill(self, path: Path, colour: Colour, alpha: float = 1.0) -> None:
        """Fill the path; one of no points leaves no mark."""
        if path.numbers:
            self._mark(Fill(self._seen(path), Solid(colour, alpha)))

    def line(self, path: Path, colour: Colour, width: float = 1.0, alpha: float = 1.0) -> None:
        """Stroke the path with round ends; one of no points leaves no mark."""
        if path.numbers:
            self._mark(Stroke(self._seen(path), Solid(colour, alpha), width))

    def brush(
        self,
        points: Line,
        colour: Colour,
        width: float,
        alpha: float = 1.0,
        taper: Taper = THIN,
    ) -> None:
        """A stroke of varying width through the points: the contour of all that is drawn."""
        seen = self.seen(points)
        if 2 < len(seen) < _MANY:
            seen = smooth(seen, 3)
        elif len(seen) == 2:
            seen = smooth(seen, 4)
        across = normals(seen) * (width / 2 * pressure(len(seen), taper))
        self._mark(Fill(two_sided(seen, across), Solid(colour, alpha)))

    def strip(
        self, edge: Line, soft: Line, colour: Colour, alpha: float, turn: float = 0.35
    ) -> None:
        """Shade that is deepest at the line `edge` and fades out to the line `soft`."""
        one, other = self.seen(edge), self.seen(soft)
        across = normals(one)[len(one) // 2]
        reach = other - one
        far = float((reach * np.conj(across)).real[np.argmax(np.abs(reach))])
        start = complex(one[-1]) if abs(reach[-1]) > abs(reach[0]) else complex(one[0])
        middle = complex(one[len(one) // 2])
        start = middle if abs(reach[len(one) // 2]) > 0.7 * abs(far) else start
        path = joined(one, other[::-1])
        stops = (Stop(0.0, colour, alpha), Stop(turn, colour, alpha * 0.5), Stop(1.0, colour, 0.0))
        self._mark(Fill(path, Linear(point(start), point(start + across * far), stops)))

    def rounded(self, edge: Line, soft: Line, colour: Colour, alpha: float) -> None:
        """Shade like a `strip`'s between lines that bend: nested ribbons that add up.

        One gradient runs one way; where the lines turn from it, its end would be seen.
        """
        one, other = self.seen(edge), self.seen(soft)
        reach = other - one
        count = min(max(int(np.abs(reach).max() / _STEP), 4), 14)
        share = 1 - (1 - alpha) ** (1 / count)
        for part in ((np.arange(count) + 1) / count) ** 1.4:
            self._mark(Fill(joined(one, (one + reach * part)[::-1]), Solid(colour, share)))

    def soft_line(
        self, points: Line, colour: Colour, width: float, alpha: float, taper: Taper = THIN
    ) -> None:
        """A soft light or shade along a line: nested ribbons that add up."""
        seen = self.seen(points)
        seen = smooth(seen, 3) if len(seen) < _MANY else seen
        across = normals(seen) * (width / 2 * pressure(len(seen), taper))
        share = 1 - (1 - alpha) ** 0.25
        for part in (1.0, 0.72, 0.46, 0.22):
            self._mark(Fill(two_sided(seen, across * part), Solid(colour, share)))

    def dots(
        self, points: Sequence[Point], radius: float, colour: Colour, alpha: float = 1.0
    ) -> None:
        """Discs of one size round the points, as one mark."""
        if points:
            self.line(spots(points), colour, 2 * radius, alpha)

    def dashes(
        self,
        path: Path,
        colour: Colour,
        width: float,
        pattern: tuple[float, float],
        alpha: float = 1.0,
    ) -> None:
        """Stroke the path with dashes: so many units on, so many off."""
        self._mark(Stroke(self._seen(path), Solid(colour, alpha), width, "butt", pattern))

    def text(self, text: Text) -> None:
        """A line of text; a pose does not bend it."""
        if text.text.strip():
            self._mark(text)

    def patch(
        self, path: Path, colour: Colour, ink: Colour, width: float = 0.5, form: float = 1.0
    ) -> None:
        """A piece that lies on others: its cast shadow, its lit and its shaded side, its edge.

        What lies flat over a large part has less light and shade of its own: a `form` below 1.
        """
        seen = self._seen(path)
        left, top, right, bottom = seen.box
        form *= _PALE_FORM if lightness(colour) > _PALE else 1.0
        self._mark(Fill(shifted(seen, 0.45, 0.8), Solid(_SHADE, 0.26)))
        self._mark(Fill(seen, Solid(colour)))
        start, end = (left, top), (right, top + (bottom - top) * 0.25)
        lit = (Stop(0.0, _LIGHT, 0.22 * form), Stop(0.36, _LIGHT, 0.0))
        dark = (Stop(0.6, _SHADE, 0.0), Stop(1.0, _SHADE, 0.3 * form))
        self._mark(Fill(seen, Linear(start, end, lit)))
        self._mark(Fill(seen, Linear(start, end, dark)))
        self._mark(Stroke(seen, Solid(ink, 0.95), width))

    def shade(
        self,
        path: Path,
        start: Point | complex,
        end: Point | complex,
        stops: Sequence[tuple[float, Colour, float]],
    ) -> None:
        """Fill the path with a linear gradient; a stop is (place 0..1, colour, alpha)."""
        places_of = tuple(Stop(*stop) for stop in stops)
        paint = Linear(self._seen_point(start), self._seen_point(end), places_of)
        self._mark(Fill(self._seen(path), paint))

    def glow(
        self, x: float, y: float, radii: tuple[float, float], colour: Colour, alpha: float
    ) -> None:
        """A soft spot: an ellipse that is `alpha` opaque in its middle and fades to its edge."""
        wide, high = radii
        x, y = self._seen_point((x, y))
        stops = (Stop(0.0, colour, alpha), Stop(0.5, colour, alpha * 0.62), Stop(1.0, colour, 0.0))
        paint = Radial((x, y), wide, high / wide, stops)
        self._mark(Fill(oval(x, y, wide, high), paint))

    @contextmanager
    def inside(self, path: Path) -> Iterator[None]:
        """Whatever is drawn in this block stays inside the path."""
        clip = self._seen(path)
        with self._group() as marks:
            yield
        self.add(Group(tuple(marks), clip=clip))

    @contextmanager
    def layer(self, name: str) -> Iterator[None]:
        """Whatever is drawn in this block is one layer of the file, with this name."""
        with self._group() as marks:
            yield
        self.add(Group(tuple(marks), name=name))

    @contextmanager
    def veiled(self, alpha: float) -> Iterator[None]:
        """Whatever is drawn in this block is `alpha` opaque as a whole."""
        with self._group() as marks:
            yield
        self.add(Group(tuple(marks), alpha=alpha))

    @contextmanager
    def _group(self) -> Iterator[list[Mark]]:
        self._record.append([])
        try:
            yield self._record[-1]
        finally:
            self._record.pop()

    def add(self, group: Group) -> None:
        """Marks that are where they belong already: no pose moves them."""
        if group.marks:
            self._record[-1].append(group)
