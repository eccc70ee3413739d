"""Collars, and what else is drawn at the neck."""

from studio.drawing.cloth import CREAM, INK
from studio.drawing.details.choice import draw_chosen
from studio.drawing.figure import CENTRE, SIDES
from studio.drawing.garment import Garment
from studio.drawing.paths import loop, polygon, straight
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour

_PALE_INK: Colour = (130, 130, 140)


def draw_hood_behind(pen: Pen, garment: Garment) -> None:
    """The part of a hood that lies round the neck, behind the head."""
    if garment.has("collar", "hood"):
        hood = loop([(49, 46), (47, 30), (54, 22), (74, 22), (81, 30), (79, 46), (64, 50)])
        pen.patch(hood, garment.cloth.darker(0.3), garment.cloth.ink, 1.2)


def draw_neck(pen: Pen, garment: Garment) -> None:
    """The collar, and what a neckline has beside its edge."""
    draw_chosen("collar", _COLLARS, pen, garment)
    draw_chosen("neckline", _NECKLINES, pen, garment)


def _shirt_collar(pen: Pen, garment: Garment) -> None:
    for side in SIDES:
        wing = [
            (CENTRE, 43.5),
            (CENTRE + side * 6.4, 35.5),
            (CENTRE + side * 11.5, 45),
            (CENTRE + side * 6.5, 53.5),
        ]
        pen.patch(polygon(wing), garment.cloth.lighter(0.3), garment.cloth.ink, 1.2)


def _peter_pan_collar(pen: Pen, garment: Garment) -> None:
    for side in SIDES:
        wing = [
            (CENTRE, 44),
            (CENTRE + side * 7.0, 38.2),
            (CENTRE + side * 14, 44.5),
            (CENTRE + side * 11.5, 53),
            (CENTRE + side * 4.5, 53.5),
        ]
        pen.patch(loop(wing), garment.cloth.contrast, INK, 1.1)


def _stand_collar(pen: Pen, garment: Garment) -> None:
    for side in SIDES:
        band = [
            (CENTRE + side * 7, 34.5),
            (CENTRE + side * 0.8, 38),
            (CENTRE + side * 0.8, 44.5),
            (CENTRE + side * 8.2, 41.5),
        ]
        pen.patch(polygon(band), garment.cloth.darker(0.2), garment.cloth.ink, 1.2)


def _notched_lapels(pen: Pen, garment: Garment) -> None:
    cloth = garment.cloth
    for side in SIDES:
        lapel = [
            (CENTRE + side * 6.6, 38),
            (CENTRE + side * 12.5, 49),
            (CENTRE + side * 15.5, 53.5),
            (CENTRE + side * 11.5, 57),
            (CENTRE + side * 0.4, 80),
        ]
        edge = cloth.ink if cloth.lightness > 0.2 else _PALE_INK
        pen.patch(polygon(lapel), cloth.layered(0.16, dark_below=0.5), edge, 1.3)
        notch = straight((CENTRE + side * 12.5, 49), (CENTRE + side * 8.6, 52))
        pen.line(notch, cloth.ink, 1.1)


def _hood(pen: Pen, garment: Garment) -> None:
    for side in SIDES:
        fold = [
            (CENTRE + side * 2, 49),
            (CENTRE + side * 9, 45),
            (CENTRE + side * 12.5, 36),
            (CENTRE + side * 16, 42),
            (CENTRE + side * 12, 51),
            (CENTRE + side * 5, 54),
        ]
        pen.patch(loop(fold), garment.cloth.colour, garment.cloth.ink, 1.2)
        cord = straight((CENTRE + side * 4.4, 52), (CENTRE + side * 4.8, 68))
        pen.line(cord, INK, 2.2)
        pen.line(cord, CREAM, 1.2)


_COLLARS = {
    "shirt collar": _shirt_collar,
    "peter pan collar": _peter_pan_collar,
    "stand collar": _stand_collar,
    "notched lapels": _notched_lapels,
    "hood": _hood,
}


def _tube(pen: Pen, garment: Garment) -> None:
    tube = [(CENTRE - 6, 33.5), (CENTRE + 6, 33.5), (CENTRE + 7, 42.5), (CENTRE - 7, 42.5)]
    pen.patch(polygon(tube), garment.cloth.colour, garment.cloth.ink, 1.1)
    turn = straight((CENTRE - 6.4, 37.5), (CENTRE + 6.4, 37.5))
    pen.line(turn, garment.cloth.texture, 1.3)


def _keyhole(pen: Pen, garment: Garment) -> None:
    hole = [(CENTRE, 47.5), (CENTRE + 4.6, 56), (CENTRE, 60.5), (CENTRE - 4.6, 56)]
    pen.patch(loop(hole), garment.figure.skin, garment.cloth.ink, 1.4)


def _straps(pen: Pen, garment: Garment) -> None:
    if garment.sleeves:
        return
    for side in SIDES:
        strap = straight((CENTRE + side * 10.8, 54), (CENTRE + side * 11.4, 42.6))
        pen.line(strap, garment.cloth.ink, 2.2)
        pen.line(strap, garment.cloth.colour, 1.0)


_NECKLINES = {"turtleneck": _tube, "keyhole neck": _keyhole, "sweetheart neck": _straps}
