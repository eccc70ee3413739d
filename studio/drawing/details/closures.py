"""How a garment is closed: buttons, zips, wraps and laces."""

import numpy as np

from studio.design.families import BOTTOMS
from studio.drawing.cloth import CREAM, GOLD, INK
from studio.drawing.details.belts import belt_heights
from studio.drawing.details.bows import draw_bow
from studio.drawing.details.choice import draw_chosen
from studio.drawing.details.pockets import pocket_heights
from studio.drawing.figure import BUST, CENTRE, CROTCH, HIP, SIDES, WAIST
from studio.drawing.garment import Garment
from studio.drawing.lines import (
    at,
    chain,
    joined,
    line,
    round_through,
    shares,
    smooth,
    stamped,
    through,
)
from studio.drawing.paths import box, circle
from studio.drawing.pen import EVEN, FIRM, Pen
from studio.drawing.tones import Colour, mix

_ZIP_TAPE: Colour = (46, 46, 52)
_ZIP_TEETH: Colour = (220, 222, 228)
_WHITE: Colour = (255, 255, 255)


_BAND = 4.6
"""How far below the waist the waistband ends, which a closure begins under."""


def draw_closure(pen: Pen, garment: Garment) -> None:
    """The design's closure, if it shows; the caller keeps it inside the body."""
    draw_chosen("closure", _CLOSURES, pen, garment)


def _front(garment: Garment) -> tuple[float, float]:
    """Where a closure starts and ends on the middle line."""
    if garment.has("category", *BOTTOMS):
        return WAIST + _BAND, garment.hem - 4 if garment.has("category", "skirt") else CROTCH - 5
    end = CROTCH - 7 if garment.has("category", "jumpsuit") else garment.hem
    return garment.top, end - 27 if garment.has("hem", "high-low hem") else end


def _free(garment: Garment, rows: list[float], half: float, wide: bool = False) -> list[float]:
    """The heights at which a button lies on nothing else: no belt, no bow, and if wide, no pocket.

    Args:
        garment: what is closed.
        rows: heights on the middle line.
        half: of a button's height.
        wide: whether it reaches where pockets lie.
    """
    taken = [belt_heights(garment), pocket_heights(garment) if wide and not garment.back else None]
    if garment.has("bow", "neck bow") and not garment.back:
        taken.append((40.0, 72.0))
    if garment.has("belt", "tied sash") and wide:
        taken.append((WAIST, WAIST + 27.0))
    spans = [span for span in taken if span]
    return [y for y in rows if all(y + half < a or y - half > b for a, b in spans)]


def draw_button(pen: Pen, x: float, y: float, radius: float, tone: Colour) -> None:
    """A button with its shadow, rim and two holes."""
    pen.fill(circle(x + 0.25, y + 0.45, radius), INK, 0.3)
    pen.fill(circle(x, y, radius), tone)
    pen.line(circle(x, y, radius), mix(tone, INK, 0.65), 0.3)
    pen.line(circle(x, y, radius * 0.66), mix(tone, INK, 0.35), 0.2, 0.8)
    pen.fill(circle(x - radius * 0.35, y - radius * 0.4, radius * 0.24), _WHITE, 0.55)
    for hole in (-0.3, 0.3):
        pen.fill(circle(x + hole * radius, y, radius * 0.14), mix(tone, INK, 0.7))


def _placket(pen: Pen, garment: Garment, x: float, start: float, end: float) -> None:
    ink = garment.cloth.visible_ink
    y = shares(6, start, end + 3)
    pen.brush(at(np.full(6, CENTRE + x), y), ink, 0.55, 0.85, FIRM)
    pen.dashes(through(at(np.full(6, CENTRE + x - 0.9), y)), ink, 0.22, (0.9, 0.6), 0.7)


def _buttons(pen: Pen, garment: Garment) -> None:
    start, end = _front(garment)
    if garment.has("category", "cape"):
        end = min(end, start + 30.0)
    _placket(pen, garment, 2.6, start, end if not garment.has("category", "cape") else garment.hem)
    for y in _free(garment, np.arange(start + 3.6, end - 2, 9.0).tolist(), 1.6):
        draw_button(pen, CENTRE, y, 1.35, garment.cloth.contrast)


def _double_breasted(pen: Pen, garment: Garment) -> None:
    start, end = _front(garment)
    _placket(pen, garment, 9.0, start - 8, end)
    rows = np.arange(start + 6, min(end - 4, start + 60), 11.0).tolist()
    for y in _free(garment, rows, 2.2, wide=True):
        for side in SIDES:
            draw_button(pen, CENTRE + side * 5.0, y, 1.9, GOLD)


def _zip(pen: Pen, garment: Garment) -> None:
    start, end = _front(garment)
    if garment.has("category", "skirt"):
        end += 8.0  # down to the hem
    elif garment.legs:
        _end_of_zip(pen, garment, end + 3)
    middle = through(at(np.full(6, CENTRE), shares(6, start, end + 3)))
    pen.line(middle, _ZIP_TAPE, 2.5)
    pen.dashes(middle, _ZIP_TEETH, 1.5, (0.7, 0.6))
    for side in (-1.9, 1.9):
        seam = through(at(np.full(6, CENTRE + side), shares(6, start, end + 3)))
        pen.dashes(seam, garment.cloth.visible_ink, 0.22, (0.9, 0.6), 0.8)
    pull = box(CENTRE - 0.95, start + 2.6, CENTRE + 0.95, start + 7.4, 0.6)
    pen.patch(pull, (206, 208, 214), INK, 0.35)


def _end_of_zip(pen: Pen, garment: Garment, y: float) -> None:
    """The seam goes on to the crotch; the stitches of the fly turn towards it, and end in a bar."""
    ink = garment.cloth.visible_ink
    pen.brush(at([CENTRE, CENTRE], [y, CROTCH + 2]), ink, 0.55, 0.9, EVEN)
    turn = at(CENTRE + np.array([4.6, 4.6, 3.8, 0.3]), [y - 13.0, y - 4.0, y + 0.6, y + 2.4])
    pen.dashes(through(turn), ink, 0.24, (0.9, 0.6), 0.85)
    pen.brush(at([CENTRE - 1.7, CENTRE + 1.7], [y + 0.4] * 2), _ZIP_TEETH, 1.3, 1.0, EVEN)


def _wrap(pen: Pen, garment: Garment) -> None:
    if garment.has("category", "kimono"):
        return  # its band and sash are drawn as what makes it one
    knot = garment.at(WAIST, 0.8)
    ink = garment.cloth.visible_ink
    high = at([CENTRE - 5.6, CENTRE - 3, CENTRE + 4, knot[0]], [42.5, 52, 68, knot[1]])
    pen.brush(high, ink, 0.9, 0.95, FIRM)
    pen.dashes(through(high - 1.0 + 0.7j), ink, 0.22, (0.9, 0.6), 0.7)
    for lean in (0.25, 0.5, 0.75):  # folds that run into the knot
        start = garment.at(WAIST - 14 * lean - 3, 0.8 - 1.2 * lean)
        fold = line(start, ((start[0] + knot[0]) / 2, (start[1] + knot[1]) / 2 + 1.2), knot)
        pen.brush(fold, garment.cloth.shade, 0.8, 0.5)
    if garment.hem > HIP:
        y = np.array([WAIST, (WAIST + garment.hem) / 2, garment.hem + 3])
        pen.brush(garment.on(np.array([0.8, 0.5, 0.05]), y), ink, 0.9, 0.95, FIRM)
    draw_bow(pen, (knot[0] - 1.5, WAIST), 5.6, garment.cloth.darker(0.2), tail=17)


def _laces(pen: Pen, garment: Garment) -> None:
    start, tone = garment.top + 1, garment.cloth.contrast
    gap = joined(
        at([CENTRE - 3.2, CENTRE - 2.2], [start - 2, start + 19]),
        at([CENTRE + 2.2, CENTRE + 3.2], [start + 19, start - 2]),
    )
    pen.fill(gap, garment.cloth.shade, 0.45)
    eyes = []
    for k in range(4):
        y = start + k * 5.0
        for side in SIDES:
            lace = at([CENTRE - side * 3.6, CENTRE + side * 3.6], [y, y + 4.6])
            pen.brush(lace, mix(tone, INK, 0.6), 1.1, 1.0, EVEN)
            pen.brush(lace, tone, 0.75, 1.0, EVEN)
            eyes.append((CENTRE + side * 3.9, y))
    pen.fill(stamped(circle(0, 0, 0.85), line(*eyes), np.ones(len(eyes))), GOLD)
    pen.fill(stamped(circle(0, 0, 0.4), line(*eyes), np.ones(len(eyes))), INK, 0.8)
    for side in SIDES:
        end = at(
            [CENTRE, CENTRE + side * 3.4, CENTRE + side * 2.6], [start + 19, start + 24, start + 31]
        )
        pen.brush(end, tone, 0.85, 1.0, EVEN)


_CURL = np.array([0.9, 3.4 - 1.5j, 6.2 - 1.1j, 7.0, 6.2 + 1.1j, 3.4 + 1.5j])
_WOOD: Colour = (206, 164, 108)
_STRAP: Colour = (96, 62, 40)


def _frog(pen: Pen, place: complex, along: complex, tone: Colour) -> None:
    """A knot between two loops of cord that end in a curl; `along` is across the opening."""
    ink = mix(tone, INK, 0.75)
    for side in (-along, along):
        loop = round_through(place + side * _CURL)
        curl = place + side * 8.0
        for width, colour in ((1.9, ink), (1.15, tone)):
            pen.line(loop, colour, width)
            pen.line(circle(curl.real, curl.imag, 1.0), colour, width)
    pen.fill(circle(place.real + 0.3, place.imag + 0.5, 1.75), INK, 0.35)
    pen.fill(circle(place.real, place.imag, 1.75), ink)
    pen.fill(circle(place.real, place.imag, 1.4), tone)
    pen.fill(circle(place.real - 0.45, place.imag - 0.45, 0.4), _WHITE, 0.6)


def _frogs(pen: Pen, garment: Garment) -> None:
    """Down the middle of jackets, coats and shirts; dresses close from the neck to the side."""
    tone, ink = garment.cloth.contrast, garment.cloth.visible_ink
    start, end = _front(garment)
    if garment.has("category", "jacket", "coat", "shirt"):
        pen.brush(at(np.full(6, CENTRE), shares(6, start, end + 3)), ink, 0.7, 0.95, FIRM)
        rows = np.arange(start + 5.0, min(end - 3.0, start + 66.0), 13.0).tolist()
        for y in _free(garment, rows, 2.0, wide=True):
            _frog(pen, complex(CENTRE, y), 1.0 + 0j, tone)
        return
    side = complex(CENTRE - garment.half_width(BUST) + 2.2, BUST + 2.0)
    edge = np.array([complex(CENTRE, start - 1.0), complex(CENTRE - 3.2, start + 4.6), side])
    edge = smooth(np.insert(edge, 2, (edge[1] + side) / 2 + 1.0 + 1.3j), 6)
    heights = shares(6, BUST + 2.0, min(end, HIP))
    down = at([CENTRE - garment.half_width(float(y)) + 2.2 for y in heights], heights)
    for width, colour in ((1.9, mix(tone, INK, 0.72)), (1.2, tone)):
        pen.brush(edge, colour, width, 1.0, EVEN)
        pen.brush(down, colour, width, 1.0, EVEN)
    for number in (4, 12):
        way = edge[number + 1] - edge[number - 1]
        _frog(pen, complex(edge[number]), complex(way / abs(way) * -0.85j), tone)
    _frog(pen, complex(down[2]) + 5.4, 0.85 + 0j, tone)


def _toggles(pen: Pen, garment: Garment) -> None:
    """Wooden pegs in loops of cord, which leather holds on both sides."""
    start, end = _front(garment)
    _placket(pen, garment, 3.4, start, end)
    rows = np.arange(start + 7.0, min(end - 5.0, start + 62.0), 14.0).tolist()
    for y in _free(garment, rows, 2.8, wide=True):
        for side in SIDES:
            x = CENTRE + side * np.array([6.6, 11.6, 11.6, 6.6])
            tab = at(x, y + np.array([-1.4, -2.6, 2.6, 1.4]))
            pen.patch(chain(tab, closed=True), _STRAP, INK, 0.45)
            for drop in (-0.9, 0.9):
                cord = at(CENTRE + side * np.array([8.4, 5.0, 1.6]), y + drop * np.array([1, 1, 0]))
                pen.brush(cord, INK, 1.3, 1.0, EVEN)
                pen.brush(cord, CREAM, 0.8, 1.0, EVEN)
        peg = at(CENTRE + 4.8 * np.array([-1.0, -0.6, 0.6, 1.0, 0.6, -0.6]), y + _PEG)
        pen.patch(round_through(peg), _WOOD, mix(_WOOD, INK, 0.8), 0.5)
        pen.brush(at([CENTRE, CENTRE], [y - 1.5, y + 1.5]), INK, 0.7, 0.9, EVEN)


_PEG = np.array([0.0, -1.6, -1.6, 0.0, 1.6, 1.6])
_CLOSURES = {
    "frog closure": _frogs,
    "toggle closure": _toggles,
    "button front": _buttons,
    "double-breasted": _double_breasted,
    "zip front": _zip,
    "wrap front": _wrap,
    "lace-up front": _laces,
}
