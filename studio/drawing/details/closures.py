"""How a garment is closed: buttons, zips, wraps and laces."""

from collections.abc import Iterator

from studio.design.families import BOTTOMS
from studio.drawing.cloth import GOLD, INK
from studio.drawing.details.bows import draw_bow
from studio.drawing.details.choice import draw_chosen
from studio.drawing.figure import CENTRE, CROTCH, HIP, SIDES, WAIST
from studio.drawing.garment import Garment
from studio.drawing.paths import box, circle, curve, straight
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour

_ZIP_TAPE: Colour = (40, 40, 46)
_ZIP_TEETH: Colour = (226, 228, 232)
_ZIP_PULL: Colour = (214, 216, 222)


def draw_closure(pen: Pen, garment: Garment) -> None:
    """The design's closure, if it shows; the caller keeps it inside the body."""
    draw_chosen("closure", _CLOSURES, pen, garment)


def _front(garment: Garment) -> tuple[float, float]:
    """Where a closure starts and ends on the middle line."""
    if garment.has("category", *BOTTOMS):
        return WAIST + 2, garment.hem - 4 if garment.has("category", "skirt") else CROTCH
    end = CROTCH if garment.has("category", "jumpsuit") else garment.hem
    return garment.top, end - 27 if garment.has("hem", "high-low hem") else end


def _places(start: float, end: float, step: float) -> Iterator[float]:
    y = start
    while y < end:
        yield y
        y += step


def _buttons(pen: Pen, garment: Garment) -> None:
    start, end = _front(garment)
    edge = straight((CENTRE + 3.2, start), (CENTRE + 3.2, end + 3))
    pen.line(edge, garment.cloth.ink, 1.0, 0.85)
    for y in _places(start + 4.5, end - 2, 10.0):
        pen.patch(circle(CENTRE, y, 2.0), garment.cloth.contrast, INK, 0.8)


def _double_breasted(pen: Pen, garment: Garment) -> None:
    start, end = _front(garment)
    edge = straight((CENTRE + 9.5, start - 8), (CENTRE + 9.5, end + 3))
    pen.line(edge, garment.cloth.ink, 1.4)
    for y in _places(start + 6, min(end - 4, start + 60), 11.0):
        for side in SIDES:
            pen.patch(circle(CENTRE + side * 5.5, y, 2.5), GOLD, INK, 0.9)


def _zip(pen: Pen, garment: Garment) -> None:
    start, end = _front(garment)
    middle = straight((CENTRE, start), (CENTRE, end + 3))
    pen.line(middle, _ZIP_TAPE, 4.2)
    pen.dashes(middle, _ZIP_TEETH, 2.8, (1.7, 1.5))
    pull = box(CENTRE - 1.8, start + 3, CENTRE + 1.8, start + 10, 1)
    pen.patch(pull, _ZIP_PULL, INK, 0.8)


def _wrap(pen: Pen, garment: Garment) -> None:
    knot = garment.at(WAIST, 0.8)
    pen.line(curve([(CENTRE - 7, 40), (CENTRE + 1, 62), knot]), garment.cloth.ink, 2.2)
    if garment.hem > HIP:
        below = [
            knot,
            garment.at((WAIST + garment.hem) / 2, 0.5),
            garment.at(garment.hem + 3, 0.05),
        ]
        pen.line(curve(below), garment.cloth.ink, 2.2)
    draw_bow(pen, (knot[0] - 1.5, WAIST), 6.0, garment.cloth.darker(0.25), tail=17)


def _laces(pen: Pen, garment: Garment) -> None:
    start, tone = garment.top + 1, garment.cloth.contrast
    for k in range(4):
        y = start + k * 5.6
        for side in SIDES:
            lace = straight((CENTRE - side * 4.4, y), (CENTRE + side * 4.4, y + 5))
            pen.line(lace, tone, 1.5)
            pen.fill(circle(CENTRE + side * 4.6, y, 1.3), GOLD)
    for side in SIDES:
        end = [
            (CENTRE, start + 22),
            (CENTRE + side * 4, start + 27),
            (CENTRE + side * 3, start + 34),
        ]
        pen.line(curve(end), tone, 1.5)


_CLOSURES = {
    "button front": _buttons,
    "double-breasted": _double_breasted,
    "zip front": _zip,
    "wrap front": _wrap,
    "lace-up front": _laces,
}
