"""The draughtsman's pen for flats: lines of four weights, in layers, and never one behind a part.

What lies on top covers what is below by cutting its lines, so a file holds only what is seen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from studio.drawing.flats.spacing import overlap
from studio.drawing.lines import Line, Numbers, as_points, chain, resampled, smooth, through
from studio.drawing.paths import Box, Path
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour

Layer = Literal["outline", "seams", "stitches", "details"]
LAYERS: tuple[Layer, ...] = ("outline", "seams", "stitches", "details")

INK: Colour = (22, 22, 26)
INSIDE: Colour = (226, 226, 229)
WHITE: Colour = (255, 255, 255)
_STEP = 0.5  # of the points at which lines are tested, in cm
_SHORTEST = 0.25  # pieces shorter than this are left out
_HALVINGS = 5


class Weight(NamedTuple):
    """How a line is drawn: its width in cm, and its dashes."""

    width: float
    dash: tuple[float, float] | None = None


OUTLINE, SEAM, DETAIL, FINE = Weight(0.44), Weight(0.24), Weight(0.28), Weight(0.15)
EDGE, RIM = Weight(0.36), Weight(0.2)
CREASE = Weight(0.15, (2.6, 0.9))
STITCH = Weight(0.17, (0.75, 0.5))


@dataclass(frozen=True)
class _Stroke:
    """A line; `whole` are the points that it was given by, None once a part of it is covered."""

    layer: Layer
    weight: Weight
    dense: Line
    whole: Line | None
    curved: bool

    @cached_property
    def box(self) -> Box:
        """Round its points."""
        return _box(self.dense)

    @property
    def path(self) -> Path:
        """As it is written into files."""
        if self.whole is None:
            return chain(self.dense)
        return through(self.whole) if self.curved else chain(self.whole)


class _Dots(NamedTuple):
    """Discs of one size: rings where they are wide enough to have a white middle."""

    layer: Layer
    points: Line
    radius: float


class _Area(NamedTuple):
    shape: Line
    tone: Colour


class Ink:
    """Collects lines and areas; `put_on` hands them to a pen, layer by layer.

    Args:
        scale: of the widths of lines; 1 suits a garment of a metre.
    """

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self._strokes: list[_Stroke] = []
        self._dots: list[_Dots] = []
        self._areas: list[_Area] = []

    # Lines.

    def draw(self, layer: Layer, weight: Weight, *lines: Line, curved: bool = True) -> None:
        """Lines through points: smooth ones, or straight from point to point."""
        for points in lines:
            bent = curved and len(points) > 2
            self._strokes.append(
                _Stroke(layer, weight, dense(points, bent), np.asarray(points), bent)
            )

    def outline(self, *lines: Line) -> None:
        """The edge of the garment."""
        self.draw("outline", OUTLINE, *lines)

    def seam(self, *lines: Line) -> None:
        """Where pieces are sewn together, and darts."""
        self.draw("seams", SEAM, *lines)

    def stitch(self, *lines: Line, curved: bool = True) -> None:
        """A row of stitches that is seen."""
        self.draw("stitches", STITCH, *lines, curved=curved)

    def detail(self, *lines: Line, curved: bool = True) -> None:
        """Whatever else has an edge."""
        self.draw("details", DETAIL, *lines, curved=curved)

    def fine(self, *lines: Line, curved: bool = True) -> None:
        """Folds, gathers and ribs."""
        self.draw("details", FINE, *lines, curved=curved)

    def dots(self, points: Line, radius: float) -> None:
        """Pearls, sequins and the like: a ring round each point."""
        self._dots.append(_Dots("details", points, radius))

    # Areas.

    def cover(self, shape: Line, tone: Colour = WHITE) -> None:
        """A part on top: what was drawn inside the shape is hidden. The shape is a closed line."""
        left: list[_Stroke] = []
        frame = _box(shape)
        for stroke in self._strokes:
            left += _outside(stroke, shape) if overlap(stroke.box, frame) else (stroke,)
        self._strokes = left
        self._dots = [
            each._replace(points=each.points[~inside(each.points, shape)]) for each in self._dots
        ]
        self._areas.append(_Area(shape, tone))

    def patch(self, *runs: Line, layer: Layer = "details", weight: Weight = DETAIL) -> None:
        """A part with its edge; the runs meet at its corners."""
        self.cover(closed(*runs))
        self.draw(layer, weight, *meeting(runs))

    # What came of it.

    def box(self) -> Box:
        """Round all lines."""
        return _box(np.concatenate([stroke.dense for stroke in self._strokes]))

    def put_on(self, pen: Pen) -> None:
        """All areas and lines, in one layer of the file for each layer of the flat."""
        for layer in LAYERS:
            with pen.layer(layer.capitalize()):
                if layer == "outline":
                    for area in self._areas:
                        pen.fill(chain(area.shape, closed=True), area.tone)
                for stroke in self._strokes:
                    if stroke.layer == layer:
                        self._put(pen, stroke)
                for dots in self._dots:
                    if dots.layer == layer:
                        spots = as_points(dots.points)
                        pen.dots(spots, dots.radius, INK)
                        pen.dots(spots, dots.radius - FINE.width * self.scale, WHITE)

    def _put(self, pen: Pen, stroke: _Stroke) -> None:
        width, dash = stroke.weight.width * self.scale, stroke.weight.dash
        if dash is None:
            pen.line(stroke.path, INK, width)
        else:
            on, off = dash
            pen.dashes(stroke.path, INK, width, (on * self.scale, off * self.scale))


def dense(points: Line, curved: bool = True) -> Line:
    """The line as many points, near enough for straight pieces between them."""
    if curved and len(points) > 2:
        points = smooth(points, 8)
    length = float(np.abs(np.diff(points)).sum())
    if curved or len(points) == 2:
        return resampled(points, max(int(length / _STEP), 2) + 1)
    parts = [
        resampled(points[i : i + 2], max(int(abs(points[i + 1] - points[i]) / _STEP), 1) + 1)
        for i in range(len(points) - 1)
    ]
    return np.concatenate(parts)


def closed(*runs: Line) -> Line:
    """The closed line round a shape whose runs meet at its corners."""
    return np.concatenate([smooth(run, 3) if len(run) > 2 else run for run in runs])


def meeting(runs: Sequence[Line]) -> list[Line]:
    """The runs, each drawn on to the start of the next where that is somewhere else."""
    whole: list[Line] = []
    for run, after in zip(runs, [*runs[1:], runs[0]], strict=True):
        whole.append(run)
        if abs(run[-1] - after[0]) > 1e-6:
            whole.append(np.array([run[-1], after[0]]))
    return whole


def inside(points: Line, shape: Line) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Which of the points lie in a closed line: those that a ray leaves an odd number of times."""
    found = np.zeros(len(points), dtype=np.bool_)
    left, top, right, bottom = _box(shape)
    near = (points.real > left) & (points.real < right)
    near &= (points.imag > top) & (points.imag < bottom)
    if not near.any():
        return found
    x, y = points.real[near, None], points.imag[near, None]
    x0, y0 = shape.real, shape.imag
    x1, y1 = np.append(x0[1:], x0[0]), np.append(y0[1:], y0[0])
    slant = (x1 - x0) / np.where(y1 == y0, 1.0, y1 - y0)
    spans = (y0 > y) != (y1 > y)
    found[near] = np.logical_xor.reduce(spans & (x < x0 + (y - y0) * slant), axis=1)
    return found


def _box(points: Line) -> Box:
    x, y = points.real, points.imag
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def clipped(points: Line, shape: Line, curved: bool = True) -> list[Line]:
    """The pieces of a line that lie inside a closed line."""
    fine = dense(points, curved)
    return _pieces(fine, inside(fine, shape), shape, False)


def _outside(stroke: _Stroke, shape: Line) -> Iterable[_Stroke]:
    points = stroke.dense
    kept = ~inside(points, shape)
    if kept.all():
        return [stroke]
    return [
        _Stroke(stroke.layer, stroke.weight, piece, None, stroke.curved)
        for piece in _pieces(points, kept, shape, True)
    ]


def _pieces(
    points: Line, kept: "np.ndarray[tuple[int], np.dtype[np.bool_]]", shape: Line, outside: bool
) -> list[Line]:
    """Runs of kept points, each drawn on to the shape's edge."""
    if kept.all():
        return [points]
    change = np.nonzero(kept[1:] != kept[:-1])[0]
    edges = _crossings(points[change], points[change + 1], kept[change], shape, outside)
    pieces: list[Line] = []
    begun: list[Line] = [points[:1]] if kept[0] else []
    start = 0
    for at, edge in zip(change.tolist(), edges, strict=True):
        if kept[at]:
            begun.append(points[start : at + 1])
            pieces.append(np.append(np.concatenate(begun), edge))
            begun = []
        else:
            begun, start = [np.array([edge])], at + 1
    if kept[-1]:
        pieces.append(np.concatenate([*begun, points[start:]]))
    return [piece for piece in pieces if np.abs(np.diff(piece)).sum() > _SHORTEST]


def _crossings(
    near: Line,
    far: Line,
    kept: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    shape: Line,
    outside: bool,
) -> Line:
    """Where steps of a line cross the shape's edge, by halving."""
    if not len(near):
        return near
    low: Numbers = np.zeros(len(near))
    high: Numbers = np.ones(len(near))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        same = (inside(near + (far - near) * middle, shape) != outside) == kept
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return near + (far - near) * (low + high) / 2


def mirrored(points: Line) -> Line:
    """The same on the other side of the middle line."""
    return -np.conj(points)


def both(*lines: Line) -> list[Line]:
    """Lines on both sides of the middle line."""
    return [side for points in lines for side in (points, mirrored(points))]
