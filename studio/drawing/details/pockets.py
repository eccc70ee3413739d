"""Pockets sewn onto a garment."""

from studio.drawing.cloth import GOLD
from studio.drawing.details.choice import draw_chosen
from studio.drawing.figure import BUST, CENTRE, HIP, SIDES
from studio.drawing.garment import Garment
from studio.drawing.paths import circle, polygon, straight
from studio.drawing.pen import Pen


def draw_pockets(pen: Pen, garment: Garment) -> None:
    """The design's pockets, if they show."""
    draw_chosen("pockets", _POCKETS, pen, garment)


def _patch_pockets(pen: Pen, garment: Garment) -> None:
    long = garment.hem > 112 or garment.has("category", "trousers", "shorts")
    top = 96.0 if long else garment.hem - 17.0
    for side in SIDES:
        _draw_pocket(pen, garment, CENTRE + side * 10.5 - 5.5, top, 11, 13)


def _chest_pocket(pen: Pen, garment: Garment) -> None:
    _draw_pocket(pen, garment, CENTRE + 4.5, BUST + 1, 9, 10)


def _cargo_pockets(pen: Pen, garment: Garment) -> None:
    top = min(122.0 if garment.hem < 150 else 134.0, garment.hem - 20)
    for side in SIDES:
        left = CENTRE + side * (garment.half_width(HIP) * 0.74) - 6.5
        _draw_pocket(pen, garment, left, top, 13, 15)
        _draw_flap(pen, garment, left, top + 4.5, 13)


_POCKETS = {
    "patch pockets": _patch_pockets,
    "chest pocket": _chest_pocket,
    "cargo pockets": _cargo_pockets,
}


def _draw_pocket(
    pen: Pen, garment: Garment, left: float, top: float, width: float, height: float
) -> None:
    right, bottom = left + width, top + height
    shape = [
        (left, top),
        (right, top),
        (right, bottom - 2.5),
        (left + width / 2, bottom),
        (left, bottom - 2.5),
    ]
    tone = garment.cloth.layered(0.14, dark_below=0.35)
    pen.patch(polygon(shape), tone, garment.cloth.visible_ink, 1.5)


def _draw_flap(pen: Pen, garment: Garment, left: float, y: float, width: float) -> None:
    pen.line(straight((left, y), (left + width, y)), garment.cloth.visible_ink, 1.5)
    pen.fill(circle(left + width / 2, y, 1.5), GOLD)
