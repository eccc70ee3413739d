"""What flats have at the waist: seams, gathers, peplums, waistbands, belts and sashes."""

from itertools import pairwise

import numpy as np

from studio.drawing.flats.collars import draw_bow
from studio.drawing.flats.fastenings import button, eyelet, hidden_zip
from studio.drawing.flats.form import Form
from studio.drawing.flats.ink import EDGE, OUTLINE, Ink, both, closed, mirrored
from studio.drawing.lines import Line, line, shares
from studio.patternmaking.allowances import BELT_WIDTHS, HIGH_WAIST, WAISTBAND

_U = shares(9, -1.0, 1.0)
_SAG = 0.7 * (1 - _U * _U)


def across(form: Form, y: float, wider: float = 0.0) -> Line:
    """A line from side to side at a height, that sags a little."""
    return np.asarray((form.half(y) + wider) * _U + 1j * (y + _SAG))


def gathers(ink: Ink, form: Form, y: float, reach: float, count: int = 13) -> None:
    """Folds that run down from a seam, or up where `reach` is negative."""
    spread = 1.0 if reach > 0 else 0.85
    for number, u in enumerate(np.linspace(-0.92, 0.92, count).tolist()):
        run = reach * (0.62 + 0.38 * ((number * 7) % 5) / 4)
        root = complex(form.half(y) * u, y + 0.7 * (1 - u * u))
        low = y + run
        end = complex(form.half(low) * u * spread, low)
        ink.fine(np.array([root, (root + end) / 2 + 0.15 * u, end]))


def draw_waist(ink: Ink, form: Form) -> None:
    """Seams and gathers; a peplum."""
    value = form.draft.spec["waist"]
    y = form.draft.seam
    if value in ("empire waist", "drop waist"):
        ink.seam(across(form, y))
        gathers(ink, form, y, 9.0)
        if value == "empire waist" and not form.back:
            gathers(ink, form, y, -4.5, 9)
    elif value == "gathered waist":
        for shift in (-1.6, 0.0, 1.6):
            ink.seam(across(form, y + shift if not form.bottom else y + 2.0 + shift))
        gathers(ink, form, y + (4.0 if form.bottom else 1.8), 8.0)
        if not form.bottom:
            gathers(ink, form, y - 1.8, -7.0, 11)
    elif value == "smocked waist":
        _smocked(ink, form)
    elif value == "peplum":
        _peplum(ink, form)


def _smocked(ink: Ink, form: Form) -> None:
    """Rows of elastic thread with puckers between them."""
    draft = form.draft
    start = draft.underarm + 4.5
    end = draft.waist if form.legged else min(draft.waist + 6.0, draft.hem - 3.0)
    rows = np.arange(start, end, 2.0).tolist()
    for y in rows:
        ink.seam(across(form, y))
    for number, y in enumerate(rows[:-1]):
        for u in (np.linspace(-0.94, 0.94, 21) + 0.04 * (number % 2)).tolist():
            sag = 0.7 * (1 - u * u)
            ink.fine(line((form.half(y) * u, y + sag + 0.3), (form.half(y) * u, y + sag + 1.6)))
    gathers(ink, form, rows[0], -4.0, 11)
    gathers(ink, form, rows[-1], 7.0)


def _peplum(ink: Ink, form: Form) -> None:
    draft = form.draft
    if not form.skirted:
        ink.seam(across(form, draft.waist))
        _peplum_folds(ink, form, draft.hem)
        return
    end = form.peplum_end()
    wide = form.half(draft.waist) + 10.0
    u = shares(37, 1.0, -1.0)
    low = wide * u + 1j * (end - 3.2 * u * u + 0.6 * np.cos(6 * np.pi * u))
    top = across(form, draft.waist)
    sides = [np.array([top[-1], top[-1] * 0.55 + low[0] * 0.45 - 0.5j, low[0]])]
    sides.append(np.array([low[-1], top[0] * 0.55 + low[-1] * 0.45 - 0.5j, top[0]]))
    ink.cover(closed(top, sides[0], low, sides[1]))
    ink.draw("details", OUTLINE, low, *sides)
    ink.seam(top)
    ink.stitch(low[2:-2] - 1.1j)
    for share in (-0.68, -0.34, 0.0, 0.34, 0.68):
        root = complex(form.half(draft.waist) * share, draft.waist + 0.8)
        foot = complex(wide * share, end - 3.2 * share * share - 1.2)
        ink.fine(np.array([root + (foot - root) * 0.25, root + (foot - root) * 0.97]))


def _peplum_folds(ink: Ink, form: Form, end: float) -> None:
    for share in (-0.7, -0.35, 0.0, 0.35, 0.7):
        start = form.draft.waist + 0.25 * (end - form.draft.waist)
        ink.fine(
            form.on(share, np.array([start, (start + end) / 2, float(form.hem_y(share)) - 0.6]))
        )


# --- Bands and belts -----------------------------------------------------------------------


def draw_waistband(ink: Ink, form: Form) -> None:
    """The band of skirts and trousers, with its button, and loops on trousers."""
    draft = form.draft
    if not form.bottom:
        return
    y = draft.waist
    top, low = across(form, y), across(form, y + WAISTBAND)
    low[0] -= 0.1
    low[-1] += 0.1
    if form.elastic:
        _elastic(ink, form, top, low)
        return
    if form.has("waist", "high waist"):
        _high_band(ink, form, low)
        return
    ink.patch(top, low[::-1], weight=EDGE)
    _stitch_band(ink, form, y, y + WAISTBAND)
    if form.has("category", "skirt"):
        if form.back:
            ink.detail(line((0.0, y + 0.7), (0.0, y + WAISTBAND + 0.7)))
            button(ink, complex(1.3, y + WAISTBAND / 2 + 0.7), 0.6)
        return
    if not form.has("category", "dungarees"):
        _button_and_loops(ink, form, y)


def _button_and_loops(ink: Ink, form: Form, y: float) -> None:
    if not form.back:
        ink.detail(line((0.0, y + 0.7), (0.0, y + WAISTBAND + 0.7)))
        button(ink, complex(1.5, y + WAISTBAND / 2 + 0.7), 0.75)
    for share in (-0.62, 0.62) if not form.back else (-0.62, 0.0, 0.62):
        _loop(ink, form, share, y)


def _high_band(ink: Ink, form: Form, low: Line) -> None:
    """A broad band up to the ribs, shaped by seams; it buttons at the front."""
    y = form.draft.waist
    wide = form.half(y) + 1.6
    top = wide * _U + 1j * (y - HIGH_WAIST + _SAG)
    side = np.array([top[-1], complex(form.half(y) + 0.2, y), low[-1]])
    ink.patch(top, side, low[::-1], mirrored(side)[::-1], layer="outline", weight=OUTLINE)
    for place in (2, 6):
        ink.seam(np.array([top[place], (top[place] + low[place]) / 2 * 0.98, low[place]]))
    ink.stitch(top[1:-1] + 0.8j, low[1:-1] - 0.8j)
    if form.back:
        if form.has("category", "skirt"):
            ink.detail(line((0.0, y - HIGH_WAIST + 0.7), (0.0, y + WAISTBAND + 0.7)))
        return
    ink.detail(line((0.0, y - HIGH_WAIST + 0.7), (0.0, y + WAISTBAND + 0.7)))
    for height in np.linspace(y - HIGH_WAIST + 2.6, y + WAISTBAND - 1.2, 3).tolist():
        for x in (-2.0, 2.0):
            button(ink, complex(x, height), 0.75)


def _stitch_band(ink: Ink, form: Form, top: float, low: float) -> None:
    """Stitches along both edges of a band."""
    ink.stitch(across(form, top + 0.6, -0.5), across(form, low - 0.6, -0.5))


def _loop(ink: Ink, form: Form, share: float, y: float) -> None:
    x = form.half(y) * share
    sag = 0.7 * (1 - share * share)
    loop = line(
        (x - 0.5, y + sag - 0.3),
        (x + 0.5, y + sag - 0.3),
        (x + 0.5, y + sag + WAISTBAND + 0.5),
        (x - 0.5, y + sag + WAISTBAND + 0.5),
    )
    ink.patch(*[loop[[i, (i + 1) % 4]] for i in range(4)])


def _elastic(ink: Ink, form: Form, top: Line, low: Line) -> None:
    ink.patch(top, low[::-1], weight=EDGE)
    if form.has("leg", "leggings"):  # the cloth itself stretches
        ink.stitch(low[1:-1] - 0.8j)
        return
    ink.stitch(top[1:-1] + 1.4j, low[1:-1] - 1.3j)
    for place in np.linspace(0.3, 7.7, 25).tolist():
        at_place = [complex(np.interp(place, range(9), run)) for run in (top, low)]
        ink.fine(np.array([at_place[0] + 0.5j, at_place[1] - 0.5j]))
    if form.has("waist", "elastic waist"):
        y = form.draft.waist
        gathers(ink, form, y + WAISTBAND + 0.4, 9.0)
        if not form.back:
            _cord(ink, complex(0.0, y + WAISTBAND / 2 + 0.7))


def _cord(ink: Ink, knot: complex) -> None:
    """A cord that comes out of two eyelets and is tied."""
    loop = line((0.3, 0.0), (2.6, -1.4), (4.6, 0.6), (3.4, 2.4), (0.3, 0.2))
    end = line((0.3, 0.2), (1.3, 5.0), (1.9, 11.0))
    for turn in (False, True):
        for run in (loop, end):
            ink.draw("details", EDGE, knot + (mirrored(run) if turn else run))
        eyelet(ink, knot + (-2.0 if turn else 2.0) - 0.2j, 0.35)
    eyelet(ink, knot, 0.7)


def draw_belt(ink: Ink, form: Form) -> None:
    """The belt, sash or corset round the waist."""
    value = form.draft.spec["belt"]
    if value not in BELT_WIDTHS:
        return
    width = BELT_WIDTHS[value]
    y = belt_height(form)
    upper, lower = (0.5, 0.5) if value != "corset belt" else (0.62, 0.38)
    top, low = across(form, y - width * upper, 0.5), across(form, y + width * lower, 0.5)
    ink.patch(top, low[::-1], weight=EDGE)
    _BELTS[value](ink, form, y, top, low)


def belt_height(form: Form) -> float:
    """Where the middle of a belt lies."""
    draft = form.draft
    if form.bottom:
        return draft.waist + WAISTBAND / 2
    if form.has("length", "cropped") and not form.legged:
        return min(draft.waist, draft.hem - 5.0)
    return draft.waist


def _buckle(ink: Ink, form: Form, y: float, top: Line, low: Line) -> None:
    _stitch_band(ink, form, y - 2.0, y + 2.0)
    for share in (-0.6, 0.6):
        x = form.half(y) * share
        loop = line((x - 0.5, y - 2.6), (x + 0.5, y - 2.6), (x + 0.5, y + 3.4), (x - 0.5, y + 3.4))
        ink.patch(*[loop[[i, (i + 1) % 4]] for i in range(4)])
    if form.back:
        return
    frame = complex(0.0, y + 0.6) + line((-2.6, -2.7), (2.6, -2.7), (2.6, 2.7), (-2.6, 2.7))
    ink.patch(*[frame[[i, (i + 1) % 4]] for i in range(4)], weight=EDGE)
    inner = complex(0.0, y + 0.6) + 0.72 * (frame - complex(0.0, y + 0.6))
    ink.detail(np.append(inner, inner[0]), curved=False)
    ink.detail(line((-2.0, y + 0.6), (2.6, y + 0.6)))
    for hole in (4.4, 6.4, 8.4):
        eyelet(ink, complex(hole, y + 0.5), 0.25)


def _sash(ink: Ink, form: Form, y: float, top: Line, low: Line) -> None:
    for share in (0.36, 0.68):
        ink.fine(top[1:-1] + (low - top)[1:-1] * share)
    if not form.back:
        draw_bow(ink, complex(min(5.0, form.half(y) * 0.4), y + 0.5), 6.4, 20.0)


def _corset(ink: Ink, form: Form, y: float, top: Line, low: Line) -> None:
    _stitch_band(ink, form, float(top[0].imag), float(low[0].imag))
    for place in (1, 2, 6, 7):
        for shift in (-0.35, 0.35):
            ink.fine(np.array([top[place] + shift + 0.2j, low[place] + shift - 0.2j]))
    if form.back:
        hidden_zip(ink, 0.0, float(top[4].imag), float(low[4].imag) - 0.4)
        ink.detail(np.array([top[4], low[4]]))
        return
    ink.detail(*both(np.array([top[4] + 2.2, low[4] + 2.2])))
    rows = np.linspace(float(top[4].imag) + 1.4, float(low[4].imag) - 1.4, 5)
    for upper, lower in pairwise(rows.tolist()):
        for side in (-1, 1):
            ink.draw("details", EDGE, line((side * 1.4, upper), (-side * 1.4, lower)))
    for row in rows.tolist():
        for x in (-1.5, 1.5):
            eyelet(ink, complex(x, row), 0.35)


_BELTS = {"belt": _buckle, "tied sash": _sash, "corset belt": _corset}
