"""Lines and shapes as numbers. Nothing here knows how they are drawn."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

NUMBERS_OF = {"M": 2, "L": 2, "C": 6, "Z": 0}
"""Verb -> how many numbers follow it."""
_ROUND = 0.5522847498  # control points of a quarter circle, in radii
_PIECES = 12  # straight ones that a curve is measured by


@dataclass(frozen=True)
class Path:
    """A line or shape: what the pen does, and with which numbers.

    All numbers lie in one flat tuple, so that a path is written by formatting once.

    Attributes:
        verbs: one letter a segment: M (move), L (line), C (cubic Bezier curve), Z (close).
        numbers: x and y of each point of each segment in turn, in page units.
    """

    verbs: str
    numbers: tuple[float, ...]

    def __add__(self, other: "Path") -> "Path":
        """Both as one path; neither is moved or joined."""
        return Path(self.verbs + other.verbs, self.numbers + other.numbers)

    def closed(self) -> "Path":
        """The path with a straight line from its end to its start."""
        return Path(self.verbs + "Z", self.numbers)

    @cached_property
    def box(self) -> Box:
        """Round all points, and round the control points of curves too."""
        xs, ys = self.numbers[0::2], self.numbers[1::2]
        return min(xs), min(ys), max(xs), max(ys)

    def segments(self) -> Iterator[tuple[str, tuple[float, ...]]]:
        """Each verb with its numbers."""
        place = 0
        for verb in self.verbs:
            end = place + NUMBERS_OF[verb]
            yield verb, self.numbers[place:end]
            place = end

    def pieces(self) -> Iterator[tuple[Point, Point]]:
        """Straight pieces along the path; a curve has twelve."""
        here = start = (0.0, 0.0)
        for verb, numbers in self.segments():
            if verb == "M":
                here = start = (numbers[0], numbers[1])
            elif verb == "C":
                points = [here, *_along_curve(here, numbers)]
                yield from pairwise(points)
                here = points[-1]
            else:
                there = (numbers[0], numbers[1]) if verb == "L" else start
                yield here, there
                here = there

    def every(self, step: float) -> Iterator[tuple[Point, Point]]:
        """Points along the path, `step` units apart, each with its direction of length 1."""
        rest = 0.0
        for (x, y), (end_x, end_y) in self.pieces():
            length = math.hypot(end_x - x, end_y - y)
            if length == 0:
                continue
            dx, dy = (end_x - x) / length, (end_y - y) / length
            while rest < length:
                yield (x + dx * rest, y + dy * rest), (dx, dy)
                rest += step
            rest -= length


def _along_curve(start: Point, numbers: Sequence[float]) -> Iterator[Point]:
    x0, y0 = start
    x1, y1, x2, y2, x3, y3 = numbers
    for piece in range(1, _PIECES + 1):
        t = piece / _PIECES
        rest = 1 - t
        a, b, c, d = rest**3, 3 * rest * rest * t, 3 * rest * t * t, t**3
        yield a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3


def together(paths: Iterable[Path]) -> Path:
    """Many paths as one: of one paint, they are one mark and quickly drawn."""
    listed = list(paths)
    numbers = chain.from_iterable(path.numbers for path in listed)
    return Path("".join(path.verbs for path in listed), tuple(numbers))


def straight(*points: Point) -> Path:
    """Straight lines from point to point, open."""
    return Path("M" + "L" * (len(points) - 1), tuple(chain.from_iterable(points)))


def polygon(points: Sequence[Point]) -> Path:
    """Straight lines round the points, closed."""
    return straight(*points).closed()


def curve(points: Sequence[Point]) -> Path:
    """A smooth line through the points (Catmull-Rom), open."""
    return _spline([points[0], *points, points[-1]])


def loop(points: Sequence[Point]) -> Path:
    """A smooth line round the points (Catmull-Rom), closed."""
    return _spline([points[-1], *points, *points[:2]]).closed()


def _spline(points: Sequence[Point]) -> Path:
    """Through all but the first and the last point, which only give directions."""
    numbers = list(points[1])
    for i in range(1, len(points) - 2):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = points[i - 1 : i + 3]
        numbers += (bx + (cx - ax) / 6, by + (cy - ay) / 6)
        numbers += (cx - (dx - bx) / 6, cy - (dy - by) / 6, cx, cy)
    return Path("M" + "C" * (len(points) - 3), tuple(numbers))


def circle(x: float, y: float, radius: float) -> Path:
    """A disc."""
    return oval(x, y, radius, radius)


def oval(x: float, y: float, half_width: float, half_height: float) -> Path:
    """An upright ellipse around its centre."""
    w, h = half_width, half_height
    kw, kh = w * _ROUND, h * _ROUND
    right = (x + w, y + kh, x + kw, y + h, x, y + h)
    below = (x - kw, y + h, x - w, y + kh, x - w, y)
    left = (x - w, y - kh, x - kw, y - h, x, y - h)
    above = (x + kw, y - h, x + w, y - kh, x + w, y)
    return Path("MCCCCZ", (x + w, y, *right, *below, *left, *above))


def arc(x: float, y: float, radii: Point, start: float, sweep: float) -> Path:
    """A part of an ellipse, open; `start` and `sweep` in degrees, clockwise from the right."""
    count = max(1, math.ceil(abs(sweep) / 90))
    step = math.radians(sweep / count)
    pull = 4 / 3 * math.tan(step / 4)
    wide, high = radii
    angle = math.radians(start)
    cos, sin = math.cos(angle), math.sin(angle)
    numbers = [x + wide * cos, y + high * sin]
    for _ in range(count):
        angle += step
        from_cos, from_sin, cos, sin = cos, sin, math.cos(angle), math.sin(angle)
        numbers += (
            x + wide * (from_cos - pull * from_sin),
            y + high * (from_sin + pull * from_cos),
        )
        numbers += (x + wide * (cos + pull * sin), y + high * (sin - pull * cos))
        numbers += (x + wide * cos, y + high * sin)
    return Path("M" + "C" * count, tuple(numbers))


def box(left: float, top: float, right: float, bottom: float, radius: float) -> Path:
    """A rectangle with round corners."""
    r = min(radius, (right - left) / 2, (bottom - top) / 2)
    k = r * (1 - _ROUND)
    above = (left + r, top, right - r, top, right - k, top, right, top + k, right, top + r)
    beside = (right, bottom - r, right, bottom - k, right - k, bottom, right - r, bottom)
    below = (left + r, bottom, left + k, bottom, left, bottom - k, left, bottom - r)
    back = (left, top + r, left, top + k, left + k, top, left + r, top)
    return Path("MLCLCLCLCZ", (*above, *beside, *below, *back))


def outside(path: Path, page: Box) -> Path:
    """All of the page but the path, as one path: the two run in opposite directions."""
    area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in path.pieces())
    left, top, right, bottom = page
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return polygon(corners if area < 0 else corners[::-1]) + path


def spots(points: Iterable[Point]) -> Path:
    """Lines without length: stroked with round ends, each is a dot as wide as the stroke."""
    numbers: list[float] = []
    for x, y in points:
        numbers += (x, y, x, y)
    return Path("ML" * (len(numbers) // 4), tuple(numbers))
