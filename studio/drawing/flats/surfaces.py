"""How a draughtsman tells cloth on a flat: ribs, wales, nets, shells and eyelets, as fine lines.

Most cloth is left white; its name stands on the sheet beside it.
"""

import math
from collections.abc import Callable

import numpy as np

from studio.drawing.flats.form import Form
from studio.drawing.flats.ink import Ink, inside, mirrored
from studio.drawing.flats.legs import FlatLeg
from studio.drawing.lines import Line, line, shares

_SHORTEST = 0.4  # lines shorter than this are left out, in cm
_Box = tuple[float, float, float, float]
"""Left, top, right and bottom of what is to be filled, in cm."""


def draw_surface(ink: Ink, form: Form, leg: FlatLeg | None) -> None:
    """The cloth of body and legs; sleeves stay white, as their seams and folds say enough."""
    surface = _SURFACES.get(form.draft.spec["fabric"])
    if surface is None:
        return
    for shape in _pieces(form, leg):
        box = (
            float(shape.real.min()),
            float(shape.imag.min()),
            float(shape.real.max()),
            float(shape.imag.max()),
        )
        surface(ink, shape, box)


def _pieces(form: Form, leg: FlatLeg | None) -> list[Line]:
    """The closed lines round the body and round each leg, which do not overlap."""
    if leg is None:
        return [form.shape]
    legs = [leg.shape, mirrored(leg.shape)]
    if form.bottom:
        return legs
    above = form.shape.copy()
    above[above.imag > leg.waist] = above[above.imag > leg.waist].real + 1j * leg.waist
    return [above, *legs]


def _fill(ink: Ink, shape: Line, lines: list[Line]) -> None:
    """Straight lines, as far as they lie in the shape: they enter and leave it by turns."""
    for start, end in lines:
        beside = ((shape - start) * np.conj(end - start)).imag
        after = np.append(beside[1:], beside[0])
        crossing = (beside > 0) != (after > 0)
        share = beside[crossing] / (beside - after)[crossing]
        begun, ended = shape[crossing], np.append(shape[1:], shape[0])[crossing]
        met = begun + (ended - begun) * share
        met = met[np.argsort(((met - start) * np.conj(end - start)).real)]
        for first, last in zip(met[0::2], met[1::2], strict=False):
            if abs(last - first) > _SHORTEST:
                ink.fine(np.array([first, last]))


def _upright(box: _Box, step: float, shift: float = 0.0) -> list[Line]:
    left, top, right, bottom = box
    places = step * np.arange(math.ceil(left / step), math.floor(right / step) + 1) + shift
    return [line((x, top), (x, bottom)) for x in places.tolist()]


def _ribs(ink: Ink, shape: Line, box: _Box) -> None:
    """Ribs in pairs of lines: the rib, and the furrow beside it."""
    _fill(ink, shape, _upright(box, 2.8, -0.45) + _upright(box, 2.8, 0.45))


def _wales(ink: Ink, shape: Line, box: _Box) -> None:
    _fill(ink, shape, _upright(box, 1.5, 0.75))


_MESH = 3.2


def _net(ink: Ink, shape: Line, box: _Box) -> None:
    left, top, right, bottom = box
    reach = max(abs(left), abs(right))
    starts = np.arange(top - 2 * reach, bottom + 2 * reach, _MESH)
    slants = [
        line((-reach, y - lean * reach), (reach, y + lean * reach))
        for lean in (1, -1)
        for y in starts.tolist()
    ]
    _fill(ink, shape, slants)


_SHELL, _ROUND = 5.6, 4.6


def _shells(ink: Ink, shape: Line, box: _Box) -> None:
    """Rounds of bows, each round moved by half a bow."""
    left, top, right, bottom = box
    reach = max(abs(left), abs(right)) + _SHELL
    x = shares(int(2 * reach / _SHELL) * 10 + 1, -reach, reach)
    rows = np.arange(top + _ROUND, bottom + _ROUND, _ROUND)
    turns = np.arange(len(rows))[:, None] / 2
    bows = x - 3.2j * np.sqrt(np.abs(np.cos(np.pi * (x / _SHELL + turns)))) + 1j * rows[:, None]
    there = inside(bows.ravel(), shape).reshape(bows.shape)
    for row, seen in zip(bows, there, strict=True):
        ends = np.flatnonzero(np.diff(np.concatenate([[False], seen, [False]]).astype(int)))
        for first, last in zip(ends[0::2], ends[1::2], strict=True):
            if last - first > 2:
                ink.fine(row[first:last], curved=False)


_FLOWER = 8.5


def _eyelets(ink: Ink, shape: Line, box: _Box) -> None:
    """Flowers of six holes round one."""
    left, top, right, bottom = box
    across = np.arange(math.floor(left / _FLOWER), math.ceil(right / _FLOWER) + 1) * _FLOWER
    places = np.concatenate(
        [
            across + (number % 2) * _FLOWER / 2 + 1j * y
            for number, y in enumerate(np.arange(top + 4.0, bottom, 0.7 * _FLOWER).tolist())
        ]
    )
    petals = np.append(1.75 * np.exp(2j * np.pi * shares(7)[:-1]), 0.0)
    holes = (places[:, None] + petals[None, :]).ravel()
    radius = 0.62
    whole = np.all([inside(holes + radius * side, shape) for side in (1, -1, 1j, -1j)], axis=0)
    ink.dots(holes[whole], radius)


_SURFACES: dict[str, Callable[[Ink, Line, _Box], None]] = {
    "ribbed": _ribs,
    "corduroy": _wales,
    "mesh": _net,
    "crochet": _shells,
    "broderie": _eyelets,
}
