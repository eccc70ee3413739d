"""How a flat is closed at the front: plackets, buttons, zips, wraps and laces."""

from itertools import pairwise

import numpy as np

from studio.drawing.flats.collars import draw_bow
from studio.drawing.flats.fastenings import button, buttonhole, eyelet, visible_zip
from studio.drawing.flats.form import Form
from studio.drawing.flats.ink import EDGE, Ink, clipped, mirrored
from studio.drawing.lines import line, shares, smooth

_PLACKET = 1.6
_OUTER = ("jacket", "coat", "waistcoat", "cape")


def draw_closure(ink: Ink, form: Form) -> None:
    """The closure, if it is at the front."""
    if not form.back and form.draft.spec["closure"] in _CLOSURES:
        _CLOSURES[form.draft.spec["closure"]](ink, form)


def front_span(form: Form) -> tuple[float, float]:
    """Where a front closure begins and ends on the middle line."""
    draft = form.draft
    if draft.neck is None:
        end = draft.hem if form.has("category", "skirt") else draft.crotch - 8.0
        return draft.waist + 4.0, _middle_hem(form) if form.has("category", "skirt") else end
    start = draft.neck.front
    if form.legged:
        return start, draft.crotch - 7.0
    return start, _middle_hem(form)


def _middle_hem(form: Form) -> float:
    return float(form.hem_y(0.0))


def _buttons(ink: Ink, form: Form) -> None:
    start, end = front_span(form)
    outer = form.has("category", *_OUTER)
    if form.bottom and form.legged:
        _fly_buttons(ink, start, end)
        return
    if outer:
        _lapped_edge(ink, form, 2.2, start, end)
    else:
        x = _PLACKET
        ink.detail(line((x, start), (x, end)))
        ink.stitch(
            line((-x + 0.1, start + 0.4), (-x + 0.1, end)),
            line((x - 0.55, start + 0.4), (x - 0.55, end)),
        )
    radius, gap = (1.15, 11.0) if outer else (0.6, 8.5)
    for y in _button_heights(form, start, end, gap):
        button(ink, complex(0.0, y), radius)
        if outer:
            buttonhole(ink, complex(1.5, y), 0.9)


def _button_heights(form: Form, start: float, end: float, gap: float) -> list[float]:
    first = start + (1.6 if not form.has("collar", "notched lapels") else 2.6)
    if form.has("collar", "shirt collar", "peter pan collar", "stand collar"):
        first = start + 2.0
    last = end - (6.0 if form.has("category", *_OUTER) else 7.0)
    if last <= first:
        return [first]
    count = max(round((last - first) / gap), 1)
    if form.has("category", "coat"):
        count = min(count, 6)
    heights = np.linspace(first, first + (last - first) * _share_closed(form), count + 1)
    return [float(y) for y in heights]


def _share_closed(form: Form) -> float:
    """Long coats are not buttoned to the hem, and capes only at the neck."""
    if form.has("category", "cape"):
        return 0.4
    return 0.66 if form.has("category", "coat") else 1.0


def _fly_buttons(ink: Ink, start: float, end: float) -> None:
    for y in np.linspace(start + 3.0, end - 3.0, 3).tolist():
        button(ink, complex(1.6, y), 0.7)


def _lapped_edge(ink: Ink, form: Form, x: float, start: float, end: float) -> None:
    """The edge of the front that lies on top; it starts below the collar or lapel."""
    top = start * 0.35 if form.has("collar", "notched lapels") else start - 0.2
    top = max(top, _neckline_at(form, x))
    low = end if form.legged else float(form.hem_y(x / form.half(form.draft.hem)))
    ink.draw("details", EDGE, line((x, top), (x, low)))
    ink.stitch(line((x - 0.7, top + 1.0), (x - 0.7, low)))


def _neckline_at(form: Form, x: float) -> float:
    edge = smooth(form.neck.opening, 4)
    right = edge[edge.real >= 0]
    order = np.argsort(right.real)
    return float(np.interp(x, right.real[order], right.imag[order]))


def _double_breasted(ink: Ink, form: Form) -> None:
    start, end = front_span(form)
    _lapped_edge(ink, form, 7.5, start, end)
    first = start + 3.0
    rows = 2 if end - first < 22 else 3
    for y in np.linspace(first, min(first + 11.0 * (rows - 1), end - 7.0), rows).tolist():
        for x in (-5.2, 5.2):
            button(ink, complex(x, y), 1.15)


def _zip(ink: Ink, form: Form) -> None:
    start, end = front_span(form)
    if form.has("collar", "stand collar"):
        start -= 4.0
    if form.has("neckline", "turtleneck"):
        start = -form.draft.neck.collar + 1.0 if form.draft.neck else start
    visible_zip(ink, 0.0, start, end)


def _wrap(ink: Ink, form: Form) -> None:
    """The front on top goes from the neckline to the other side of the waist."""
    if form.has("category", "kimono"):
        return  # its band and sash are drawn as what makes it one
    draft = form.draft
    start = draft.neck.front if draft.neck else draft.waist
    waist = min(draft.waist, _middle_hem(form) - 8.0)
    low = form.at(0.86, waist)
    edge = np.array(
        [complex(0.0, start), complex(low.real * 0.42, (start + waist) * 0.5 - 0.5), low]
    )
    ink.draw("details", EDGE, edge)
    ink.stitch(edge - np.array([0.5 - 0.9j, 0.6 - 0.8j, 0.3 - 1.0j]))
    if _middle_hem(form) > waist + 6.0:
        end = form.at(0.62, draft.hem)
        end = complex(end.real, float(form.hem_y(0.62)))
        fall = np.array(
            [low, complex(low.real * 0.55 + end.real * 0.45 + 0.6, (waist + end.imag) / 2), end]
        )
        ink.draw("details", EDGE, *clipped(fall, form.shape))
        ink.stitch(*clipped(np.asarray(fall - 0.9), form.shape))
    if form.has("belt", "none") and form.has("waist", "none"):
        band = form.on(shares(9, -1.0, 1.0), waist) + 0.4j * (1 - shares(9, -1.0, 1.0) ** 2)
        ink.seam(*clipped(band[band.real <= low.real], form.shape))
        draw_bow(ink, low, 4.4, 11.0)


def _laces(ink: Ink, form: Form) -> None:
    start, end = front_span(form)
    low = min(start + 24.0, form.draft.waist if not form.bottom else end, end - 4.0)
    rows = max(int((low - start) / 4.0), 2)
    heights = np.linspace(start + 1.4, low - 1.0, rows)
    for x in (-2.9, 2.9):
        ink.detail(line((x, _top_of_placket(form, abs(x))), (x, low + 0.8)))
    ink.detail(line((-2.9, low + 0.8), (2.9, low + 0.8)))
    ink.detail(line((0.0, start), (0.0, low + 0.8)))
    for upper, lower in pairwise(heights.tolist()):
        for side in (-1, 1):
            ink.draw("details", EDGE, line((side * 1.8, upper), (-side * 1.8, lower)))
    for y in heights.tolist():
        for x in (-1.9, 1.9):
            eyelet(ink, complex(x, y))
    draw_bow(ink, complex(0.0, start + 0.6), 3.4, 7.0)


def _top_of_placket(form: Form, x: float) -> float:
    return _neckline_at(form, x)


_FROG_LOOP = line((0.6, 0.0), (2.8, -1.3), (5.2, -0.9), (5.9, 0.0), (5.2, 0.9), (2.8, 1.3))


def _frog(ink: Ink, place: complex, along: complex) -> None:
    """A knot between two loops of cord; `along` is across the opening."""
    for way in (along, -along):
        loop = place + way * np.append(_FROG_LOOP, _FROG_LOOP[0])
        ink.cover(smooth(loop, 4))
        ink.draw("details", EDGE, loop)
        eyelet(ink, place + way * 6.7, 0.8)
    button(ink, place, 1.2)


def _frogs(ink: Ink, form: Form) -> None:
    """Down the middle of jackets, coats and shirts; dresses close from the neck to the side."""
    start, end = front_span(form)
    if form.has("category", "jacket", "coat", "shirt"):
        ink.detail(line((0.0, start), (0.0, end)))
        for y in np.arange(start + 3.0, min(end - 3.0, start + 42.0), 9.0).tolist():
            _frog(ink, complex(0.0, y), 1.0 + 0j)
        return
    side = form.at(-0.94, form.draft.underarm + 1.5)
    edge = np.array([start * 1j, complex(-2.6, start + 3.4), complex(-9.5, start + 10.0), side])
    low = min(form.draft.hip, end - 2.0)
    down = form.on(-0.94, shares(6, side.imag, low))
    ink.draw("details", EDGE, edge, down)
    ink.stitch(edge - 0.8j + 0.4)
    fine = smooth(edge, 6)
    for number in (5, 13):
        way = fine[number + 1] - fine[number - 1]
        _frog(ink, complex(fine[number]), complex(way / abs(way) * 1j))
    _frog(ink, complex(down[2]) + 2.5, 1.0 + 0j)


def _toggles(ink: Ink, form: Form) -> None:
    """Pegs in loops of cord, which leather holds on both sides."""
    start, end = front_span(form)
    _lapped_edge(ink, form, 2.6, start, end)
    for y in np.arange(start + 5.0, min(end - 5.0, start + 40.0), 10.0).tolist():
        place = complex(0.0, y)
        for side in (-1, 1):
            tab = line((4.6, -1.0), (8.0, -1.9), (8.0, 1.9), (4.6, 1.0))
            shape = place + (tab if side > 0 else mirrored(tab))
            ink.patch(*[shape[[i, (i + 1) % 4]] for i in range(4)])
            for drop in (-0.5, 0.5):
                cord = line((5.6, drop), (3.0, drop), (1.4, 0.0))
                ink.detail(place + (cord if side > 0 else mirrored(cord)))
        peg = place + line((-3.4, 0.0), (-2.2, -1.0), (2.2, -1.0), (3.4, 0.0), (2.2, 1.0))
        peg = np.append(peg, [place + complex(-2.2, 1.0), peg[0]])
        ink.cover(smooth(peg, 4))
        ink.draw("details", EDGE, peg)
        ink.detail(place + line((0.0, -1.0), (0.0, 1.0)))


_CLOSURES = {
    "frog closure": _frogs,
    "toggle closure": _toggles,
    "button front": _buttons,
    "double-breasted": _double_breasted,
    "zip front": _zip,
    "wrap front": _wrap,
    "lace-up front": _laces,
}
