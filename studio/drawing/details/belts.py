"""Belts and sashes round the waist."""

from studio.drawing.cloth import CREAM, GOLD, INK
from studio.drawing.details.bows import draw_bow
from studio.drawing.details.choice import draw_chosen
from studio.drawing.figure import CENTRE, SIDES, WAIST
from studio.drawing.garment import Garment
from studio.drawing.paths import Path, box, polygon, straight
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour

_LEATHER: Colour = (128, 78, 40)
_CORSET: Colour = (64, 40, 36)
_BONES: Colour = (150, 110, 90)


def draw_belt(pen: Pen, garment: Garment) -> None:
    """The design's belt, if it has one."""
    draw_chosen("belt", _BELTS, pen, garment)


def _height(garment: Garment) -> float:
    full = garment.has("category", "trousers", "jumpsuit")  # their `cropped` is at the leg
    return WAIST - 2 if garment.has("length", "cropped") and not full else WAIST


def _band(garment: Garment, top: float, bottom: float) -> Path:
    return polygon(
        [
            garment.at(top, -1.03),
            (CENTRE, top + 1.5),
            garment.at(top, 1.03),
            garment.at(bottom, 1.03),
            (CENTRE, bottom + 1.5),
            garment.at(bottom, -1.03),
        ]
    )


def _leather_belt(pen: Pen, garment: Garment) -> None:
    y = _height(garment)
    pen.patch(_band(garment, y - 2.8, y + 2.8), _LEATHER, INK, 1.0)
    buckle = box(CENTRE - 3.6, y - 2.8, CENTRE + 3.6, y + 5, 1)
    pen.line(buckle, GOLD, 1.9)


def _tied_sash(pen: Pen, garment: Garment) -> None:
    y, tone = _height(garment), garment.cloth.contrast
    pen.patch(_band(garment, y - 3, y + 3), tone, INK, 0.9)
    draw_bow(pen, (CENTRE + 6, y + 1), 8.5, tone, tail=24)


def _corset_belt(pen: Pen, garment: Garment) -> None:
    y = _height(garment)
    pen.patch(_band(garment, y - 10, y + 6), _CORSET, INK, 1.2)
    for k in range(4):
        row = y - 7.5 + k * 4
        for side in SIDES:
            lace = straight((CENTRE + side * 4, row), (CENTRE - side * 4, row + 3.4))
            pen.line(lace, CREAM, 1.1)
    for side in SIDES:
        pen.line(garment.line_down(y - 9, y + 6, 0.62 * side), _BONES, 1.0)


_BELTS = {"belt": _leather_belt, "tied sash": _tied_sash, "corset belt": _corset_belt}
