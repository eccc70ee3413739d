"""What flats of a category have beside their outline: bibs, plackets, welts, bands and sashes."""

import numpy as np

from studio.drawing.flats.collars import draw_bow
from studio.drawing.flats.fastenings import button
from studio.drawing.flats.form import Form
from studio.drawing.flats.ink import EDGE, Ink, both, clipped, mirrored
from studio.drawing.flats.waists import across
from studio.drawing.lines import Line, line, shares
from studio.patternmaking.allowances import STRAP_WIDTH, WAISTBAND
from studio.patternmaking.landmarks import pointed
from studio.patternmaking.points import bib_height, bib_width

_OBI = (7.0, 6.0)  # above and below the waist
_BAND = 5.5
PLACKET_END = 15.0
"""How far a polo shirt's placket goes below its neckline."""


def draw_make(ink: Ink, form: Form) -> None:
    """What every garment of this category, or with such legs, has."""
    for family, makes in (("category", _MAKES), ("leg", _LEG_MAKES)):
        make = makes.get(form.draft.spec[family])
        if make is not None:
            make(ink, form)


def _waistcoat(ink: Ink, form: Form) -> None:
    draft = form.draft
    if form.back:
        y = draft.waist + 1.0
        if not has_cinch(form):
            return
        ink.patch(across(form, y - 1.5, -1.0), across(form, y + 1.5, -1.0)[::-1])
        frame = complex(0.0, y + 0.7) + line((-2.6, -2.4), (2.6, -2.4), (2.6, 2.4), (-2.6, 2.4))
        ink.patch(*[frame[[i, (i + 1) % 4]] for i in range(4)], weight=EDGE)
        return
    if not has_welts(form):
        return
    y = welt_height(form)
    x = form.half(y) * 0.56
    welt = line((-5.5, 0.8), (5.5, -0.8), (5.5, 1.6), (-5.5, 3.2)) + complex(x, y)
    for shape in (welt, mirrored(welt)):
        ink.patch(*[shape[[i, (i + 1) % 4]] for i in range(4)])


def has_cinch(form: Form) -> bool:
    """Whether a strap draws in the back: of a tailored one that is long enough."""
    return pointed(form.draft.spec) and form.draft.waist + 1.0 <= form.draft.hem - 9.0


def has_welts(form: Form) -> bool:
    """Whether a waistcoat has its two pockets, for it has no others."""
    return form.has("category", "waistcoat") and not (
        form.has("fabric", "faux fur") or not form.has("pockets", "none")
    )


def welt_height(form: Form) -> float:
    """Where a waistcoat's two pockets lie."""
    return min(form.draft.waist + 7.0, form.draft.hem - 13.0)


def _cape(ink: Ink, form: Form) -> None:
    draft = form.draft
    end = form.at(1.0, draft.underarm + 12.0)
    tip = complex(form.neck.shoulder[-1])
    seam = np.array(
        [tip * 0.7, complex(tip.real, tip.imag + 3.0), complex(end.real * 0.86, end.imag)]
    )
    ink.seam(*both(seam))
    for number in range(form.folds):
        for side in (-1, 1):
            u = side * (number + 0.5) / form.folds
            reach = (0.55, 0.72, 0.45)[number % 3]
            y = draft.hem - (draft.hem - draft.underarm) * np.array([reach, reach / 2, 0.0])
            fold = form.on(u * np.array([0.95, 0.98, 1.0]), y)
            fold[-1] = complex(fold[-1].real, float(form.hem_y(u)) - 0.3)
            ink.fine(*clipped(fold, form.shape))
    if form.back or form.has("closure", "none"):
        return
    top = draft.underarm + 14.0
    for side in (-1, 1):
        opening = form.on(0.62 * side, np.array([top, top + 9.0, top + 18.0]))
        ink.draw("details", EDGE, opening)
        ink.stitch(opening - side * 0.9)


def _kimono(ink: Ink, form: Form) -> None:
    """The band along the edges, left over right, and the sash."""
    draft = form.draft
    if form.back:
        ink.seam(line((0.0, 2.0), (0.0, draft.hem)))
    else:
        front = draft.neck.front if draft.neck else 0.0
        half = draft.neck.width / 2 if draft.neck else 0.0
        t = shares(6)
        over = np.concatenate(
            [
                -half + (half + 1.0) * t + 1j * front * t,
                np.array([complex(6.5, draft.waist), complex(7.5, draft.hem)]),
            ]
        )
        under = half + (-half) * t[:-1] + 1j * front * t[:-1]
        for edge, outward in ((mirrored(under), -_BAND), (mirrored(over), _BAND)):
            ink.draw("details", EDGE, *clipped(edge, form.shape, curved=False))
            ink.seam(*clipped(edge + complex(outward), form.shape, curved=False))
    if form.has("belt", "none"):
        _obi(ink, form)


def _obi(ink: Ink, form: Form) -> None:
    y = form.draft.waist
    above, below = _OBI
    top, low = across(form, y - above, 0.4), across(form, y + below, 0.4)
    ink.patch(top, low[::-1], weight=EDGE)
    for share in (0.42, 0.58):
        ink.detail(top + (low - top) * share)
    if form.back:
        knot = complex(0.0, y - 0.5) + line((-10, -11), (10, -11), (10, 11), (-10, 11))
        ink.patch(*[knot[[i, (i + 1) % 4]] for i in range(4)], weight=EDGE)
        ink.detail(line((-10.0, y - 1.5), (10.0, y - 1.5)), line((-10.0, y + 1.5), (10.0, y + 1.5)))


def _polo(ink: Ink, form: Form) -> None:
    draft = form.draft
    for side in (-1, 1):
        end = form.on(side, np.array([float(form.hem_y(1.0)) - 5.0, float(form.hem_y(1.0))]))
        ink.stitch(end - side * 1.2)
    if form.back or draft.neck is None:
        return
    start, low = draft.neck.front - 1.0, draft.neck.front + PLACKET_END
    band = line((-1.6, start), (1.6, start), (1.6, low), (-1.6, low))
    ink.patch(*[band[[i, (i + 1) % 4]] for i in range(4)])
    ink.stitch(line((-1.6, low - 1.6), (1.6, low - 1.6)))
    for y in (start + 5.0, start + 11.0):
        button(ink, complex(0.0, y), 0.65)


# --- Dungarees -----------------------------------------------------------------------------


def _dungarees(ink: Ink, form: Form) -> None:
    draft = form.draft
    y, low = draft.waist, form.half(draft.waist) * 0.9
    if form.back:
        top = y - 0.42 * draft.waist
        runs = [strap_behind(form), mirrored(strap_behind(form))]
        for run in runs:
            _strap(ink, run)
        _trapeze(ink, (4.0, low * 0.7), (top, y + 0.6))
        return
    top, half = y - bib_height(draft), bib_width(draft) / 2
    for run in both(line((half + 1.0, 0.5), (half - 1.9, top + 2.0))):
        _strap(ink, run)
    _trapeze(ink, (half, low), (top, y + 0.6))
    ink.stitch(line((-half + 0.4, top + 2.2), (half - 0.4, top + 2.2)))
    pocket = complex(0.0, top + 7.0) + line((-6, 0), (6, 0), (6, 8.5), (0, 11), (-6, 8.5))
    ink.patch(*[pocket[[i, (i + 1) % 5]] for i in range(5)])
    ink.stitch(line((-5.8, top + 9.0), (5.8, top + 9.0)))
    for side in (-1, 1):
        x = side * (half - 2.1)
        frame = complex(x, top + 0.6) + line((-2.1, -2.4), (2.1, -2.4), (2.1, 2.0), (-2.1, 2.0))
        ink.patch(*[frame[[i, (i + 1) % 4]] for i in range(4)], weight=EDGE)
        button(ink, complex(x, top + 1.4), 0.8)
        for down in (5.5, 9.0):
            button(ink, complex(side * (form.half(y + WAISTBAND) - 1.4), y + down), 0.7)


def strap_behind(form: Form) -> Line:
    """The middle of the strap that goes over the right shoulder, seen from behind."""
    draft = form.draft
    return line((bib_width(draft) / 2 + 1.0, 0.5), (-1.0, draft.waist * 0.62))


def _strap(ink: Ink, run: Line) -> None:
    way = (run[-1] - run[0]) / abs(run[-1] - run[0]) * 1j * STRAP_WIDTH / 2
    corners = np.array([run[0] + way, run[0] - way, run[-1] - way, run[-1] + way])
    ink.patch(*[corners[[i, (i + 1) % 4]] for i in range(4)], layer="outline", weight=EDGE)
    for side in (0.7, -0.7):
        ink.stitch(run + way * side)


def _trapeze(ink: Ink, halves: tuple[float, float], heights: tuple[float, float]) -> None:
    """A piece above the waist, narrower at its top."""
    (high, low), (top, end) = halves, heights
    middle = complex(high + 0.25 * (low - high), top + 0.6 * (end - top))
    right = np.array([complex(high, top), middle, complex(low, end)])
    ink.patch(
        line((-high, top), (high, top)),
        right,
        line((low, end), (-low, end)),
        mirrored(right)[::-1],
        layer="outline",
        weight=EDGE,
    )
    ink.stitch(*both(right - complex(0.8)))


def _swimsuit(ink: Ink, form: Form) -> None:
    """The lining's seam, that a swimsuit's front is shaped by."""
    if form.back:
        return
    draft = form.draft
    low = 0.12
    ys = np.array([draft.underarm + 8.0, draft.waist, draft.hem - 14.0])
    ink.seam(*both(form.on(np.array([0.6, 0.52, 0.4]), ys)))
    ink.seam(form.on(low * np.array([-1.0, 1.0]), draft.hem - 7.0))


_MAKES = {
    "waistcoat": _waistcoat,
    "cape": _cape,
    "kimono": _kimono,
    "polo shirt": _polo,
    "dungarees": _dungarees,
    "swimsuit": _swimsuit,
}


def _drawstring(ink: Ink, form: Form) -> None:
    if not form.back:
        draw_bow(ink, complex(0.0, form.draft.waist + WAISTBAND / 2 + 0.5), 3.4, 13.0)


def _yoga_band(ink: Ink, form: Form) -> None:
    y = form.draft.waist + WAISTBAND
    dip = line((-form.half(y), y), (0.0, y + 5.0), (form.half(y), y))
    ink.seam(*clipped(dip, form.shape, curved=False))


_LEG_MAKES = {"joggers": _drawstring, "leggings": _yoga_band}
