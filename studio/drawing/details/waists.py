"""Seams and gathers at the waist, peplums, and the bands that some categories have."""

from studio.design.families import NONE
from studio.drawing.cloth import Panel
from studio.drawing.details.choice import draw_chosen
from studio.drawing.details.gathers import draw_gathers
from studio.drawing.figure import CENTRE, WAIST
from studio.drawing.garment import Garment
from studio.drawing.laying import lay
from studio.drawing.paths import polygon, straight
from studio.drawing.pen import Pen


def draw_waist(pen: Pen, garment: Garment) -> None:
    """What is sewn at the waist, then the band of the category."""
    draw_chosen("waist", _WAISTS, pen, garment)
    draw_chosen("category", _BANDS, pen, garment)


def _gathered_seam(pen: Pen, garment: Garment) -> None:
    pen.line(garment.line_across(garment.waist, rise=1, sag=1), garment.cloth.ink, 2.2)
    with pen.inside(garment.body.path):
        draw_gathers(pen, garment, garment.waist + 2, 10.0, 7)


def _gathered_waist(pen: Pen, garment: Garment) -> None:
    y = garment.waist
    with pen.inside(garment.body.path):
        for dy in (-3.5, 0.0, 3.5):
            thread = garment.line_across(y + dy, rise=1, sag=0.6)
            pen.line(thread, garment.cloth.texture, 1.0)
        draw_gathers(pen, garment, y + 4, 9.0, 6)
        draw_gathers(pen, garment, y - 10, 7.0, 6)


def _peplum(pen: Pen, garment: Garment) -> None:
    end = min(WAIST + 22, garment.hem)
    flare = garment.figure.waist + 17
    edge = [
        (CENTRE + flare * (1 - i / 6), end - 3 * (1 - i / 6) ** 2 + (1.6 if i % 2 else -0.6))
        for i in range(13)
    ]
    left, right = garment.at(WAIST, -1.0), garment.at(WAIST, 1.0)
    body = garment.body
    flounce = Panel(polygon([left, right, *edge]), body.half * 1.3, body.length, body.place)
    lay(pen, garment.cloth, flounce)
    for i in range(2, 11, 2):
        fold = straight(garment.at(WAIST + 1, 0.9 * (1 - i / 6)), edge[i])
        pen.line(fold, garment.cloth.texture, 1.1)
    pen.line(straight(left, right), garment.cloth.ink, 2.0)


_WAISTS = {
    "empire waist": _gathered_seam,
    "drop waist": _gathered_seam,
    "gathered waist": _gathered_waist,
    "peplum": _peplum,
}


def _waistband(pen: Pen, garment: Garment) -> None:
    top, bottom, reach = WAIST - 2.5, WAIST + 3, 1.02
    band = [
        garment.at(top, -reach),
        garment.at(top, reach),
        garment.at(bottom, reach),
        garment.at(bottom, -reach),
    ]
    pen.patch(polygon(band), garment.cloth.darker(0.22), garment.cloth.ink, 1.1)


def _ribs(pen: Pen, garment: Garment) -> None:
    """The ribbed end of a sweater."""
    y = garment.hem - 9
    pen.line(garment.line_across(y, rise=1.5, sag=0), garment.cloth.ink, 1.3)
    with pen.inside(garment.body.path):
        for k in range(-7, 8):
            rib = garment.line_down(y, garment.hem + 2, k / 7.5)
            pen.line(rib, garment.cloth.ink, 1.2, 0.8)


def _jacket_seam(pen: Pen, garment: Garment) -> None:
    if garment.spec["waist"] == NONE:
        seam = garment.line_across(garment.hem - 5, rise=1.5, sag=1)
        pen.line(seam, garment.cloth.ink, 1.2)


_BANDS = {
    "skirt": _waistband,
    "trousers": _waistband,
    "shorts": _waistband,
    "sweater": _ribs,
    "jacket": _jacket_seam,
}
