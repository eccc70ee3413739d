"""A drawing put onto another page, smaller or larger: all marks are moved, and stay marks."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from studio.drawing.paths import Box, Path, Point
from studio.drawing.record import (
    Drawing,
    Fill,
    Group,
    Linear,
    Mark,
    Paint,
    Radial,
    Solid,
    Stroke,
    Text,
)


def placed(drawing: Drawing, frame: Box, name: str = "") -> Group:
    """A drawing as large as fits into a frame, in the frame's middle.

    Args:
        drawing: whose page is to be seen; what reaches beyond it is cut off.
        frame: left, top, right and bottom on the other page, in its units.
        name: of the layer that it becomes there.
    """
    left, top, right, bottom = frame
    scale = min((right - left) / drawing.width, (bottom - top) / drawing.height)
    corner = (
        (left + right - drawing.width * scale) / 2 - drawing.page[0] * scale,
        (top + bottom - drawing.height * scale) / 2 - drawing.page[1] * scale,
    )
    mover = _Mover(scale, corner)
    page_left, page_top, page_right, page_bottom = drawing.page
    page = Path(
        "MLLLZ",
        (
            page_left,
            page_top,
            page_right,
            page_top,
            page_right,
            page_bottom,
            page_left,
            page_bottom,
        ),
    )
    return Group(mover.marks(drawing.marks), clip=mover.path(page), name=name)


def alike(drawings: Sequence[Drawing]) -> tuple[Drawing, ...]:
    """Drawings of one thing, on pages of one size: placed in equal frames, their scale is one."""
    top = min(drawing.page[1] for drawing in drawings)
    bottom = max(drawing.page[3] for drawing in drawings)
    half = max(drawing.width for drawing in drawings) / 2
    return tuple(
        replace(drawing, page=(_middle(drawing) - half, top, _middle(drawing) + half, bottom))
        for drawing in drawings
    )


def _middle(drawing: Drawing) -> float:
    return (drawing.page[0] + drawing.page[2]) / 2


class _Mover:
    """Scales, then shifts. A path that several marks share stays one path."""

    def __init__(self, scale: float, shift: Point) -> None:
        self._scale = scale
        self._shift = np.array(shift)
        self._moved: dict[int, Path] = {}

    def marks(self, marks: Sequence[Mark]) -> tuple[Mark, ...]:
        """All of them, from back to front."""
        return tuple(self._mark(mark) for mark in marks)

    def path(self, path: Path) -> Path:
        """A path where it lies on the other page."""
        if id(path) not in self._moved:
            points = np.asarray(path.numbers).reshape(-1, 2) * self._scale + self._shift
            self._moved[id(path)] = Path(path.verbs, tuple(points.ravel().tolist()))
        return self._moved[id(path)]

    def _point(self, place: Point) -> Point:
        x, y = np.asarray(place) * self._scale + self._shift
        return float(x), float(y)

    def _mark(self, mark: Mark) -> Mark:
        if isinstance(mark, Group):
            clip = None if mark.clip is None else self.path(mark.clip)
            return mark._replace(marks=self.marks(mark.marks), clip=clip)
        if isinstance(mark, Text):
            return mark._replace(place=self._point(mark.place), size=mark.size * self._scale)
        if isinstance(mark, Stroke):
            dash = tuple(part * self._scale for part in mark.dash)
            width = mark.width * self._scale
            return mark._replace(path=self.path(mark.path), width=width, dash=dash)
        return Fill(self.path(mark.path), self._paint(mark.paint))

    def _paint(self, paint: Paint) -> Paint:
        if isinstance(paint, Solid):
            return paint
        if isinstance(paint, Linear):
            return Linear(self._point(paint.start), self._point(paint.end), paint.stops)
        return Radial(
            self._point(paint.centre), paint.radius * self._scale, paint.height, paint.stops
        )
