"""Skirts of flats: folds, pleats, tiers, slits, and what the hem is made of."""

import numpy as np

from studio.drawing.flats.form import Form
from studio.drawing.flats.ink import EDGE, FINE, INSIDE, OUTLINE, Ink, clipped, closed
from studio.drawing.flats.waists import gathers
from studio.drawing.lines import at, line, shares
from studio.patternmaking.allowances import WAISTBAND
from studio.patternmaking.points import slit_length

_FRINGE, _RUFFLE, _SCALLOP = 8.0, 9.0, 5.0


def skirt_top(form: Form) -> float:
    """Where the skirt begins: below the band, or at the seam."""
    return form.draft.waist + WAISTBAND if form.bottom else form.draft.seam


def draw_far_side(ink: Ink, form: Form) -> None:
    """The inside of the back, seen below a hem that is higher at the front."""
    if not form.has("hem", "high-low hem") or form.back:
        return
    far = Form(form.draft, "back").hem
    near = form.hem
    ink.cover(closed(near, far[::-1]), INSIDE)
    ink.draw("outline", EDGE, far)


def draw_skirt(ink: Ink, form: Form) -> None:
    """What falls from the waist."""
    if not form.skirted:
        return
    if form.has("pleats", "knife pleats", "box pleats"):
        _pleats(ink, form)
    elif form.has("silhouette", "tiered"):
        _tiers(ink, form)
    else:
        _folds(ink, form)
    if form.has("silhouette", "full") and form.has("pleats", "none") and form.has("waist", "none"):
        gathers(ink, form, skirt_top(form), 7.0, 15)
    if form.has("slit", "side slit", "front slit"):
        _slit(ink, form)
    if form.has("category", "skirt") and form.has("waist", "none"):
        _darts(ink, form)


def _darts(ink: Ink, form: Form) -> None:
    if not form.has("silhouette", "straight", "pencil", "a-line", "mermaid"):
        return
    if not form.has("pleats", "none"):
        return
    top = skirt_top(form)
    for side in (-1, 1):
        x = form.half(top) * 0.5 * side
        for shift in (-0.6, 0.6):
            ink.seam(
                line((x + shift, top + 0.5), (x * 1.04, top + (8.0 if not form.back else 10.0)))
            )


def _folds(ink: Ink, form: Form) -> None:
    """Lines that rise from the waves of the hem."""
    count = form.folds
    if not count or form.has("hem", "fringed hem"):
        return
    draft = form.draft
    start = max(skirt_top(form), draft.hip if form.has("silhouette", "a-line") else 0.0)
    if form.has("silhouette", "mermaid"):
        start = draft.waist + 0.62 * (draft.hem - draft.waist)
    fall = draft.hem - start
    for number in range(count):
        for side in (-1, 1):
            u = side * (number + 0.5) / count
            reach = (0.72, 0.5, 0.62, 0.45)[number % 4]
            y = np.array([draft.hem - fall * reach, draft.hem - fall * reach * 0.5, draft.hem])
            lean = np.array([0.9, 0.96, 1.0])
            fold = form.on(u * lean, y)
            fold[-1] = complex(form.half(draft.hem) * u, float(form.hem_y(u)) - 0.3)
            ink.fine(*clipped(fold, form.shape))


def _pleats(ink: Ink, form: Form) -> None:
    draft = form.draft
    top = skirt_top(form)
    box_pleats = form.has("pleats", "box pleats")
    count = 6 if box_pleats else 13
    for number in range(count):
        u = -1 + 2 * (number + 0.5) / count
        ys = np.array([top + 0.7 * (1 - u * u), (top + draft.hem) / 2, float(form.hem_y(u)) + 0.2])
        if not box_pleats:
            ink.draw("details", EDGE, *clipped(form.on(u, ys), form.shape))
            ink.fine(*clipped(form.on(u + 0.035, ys + np.array([0, 0, -0.5])), form.shape))
            continue
        for shift in (-0.045, 0.045):
            ink.draw("details", EDGE, *clipped(form.on(u + shift, ys), form.shape))
        stitched = form.on(np.array([u - 0.045, u + 0.045]), top + 7.0)
        ink.stitch(stitched)


def _tiers(ink: Ink, form: Form) -> None:
    top, end = skirt_top(form), form.draft.hem
    for share in (1 / 3, 2 / 3):
        y = top + (end - top) * share
        u = shares(15, -1.0, 1.0)
        sag = 1.2 * (1 - u * u) + 0.15 * np.cos(8 * np.pi * u)
        ink.draw("details", EDGE, at([form.half(y) * v for v in u.tolist()], y + sag))
        gathers(ink, form, y + 0.5, 7.0, 17)
    gathers(ink, form, top, 6.0, 13)


def _slit(ink: Ink, form: Form) -> None:
    if form.has("slit", "front slit") and form.back:
        return
    top, foot = slit_ends(form)
    wide = 1.5
    shape = np.array([top, foot + wide * 0.5 + 0.1j, foot - wide + 0.1j])
    ink.cover(closed(*[shape[[i, (i + 1) % 3]] for i in range(3)]), INSIDE)
    ink.draw("details", EDGE, np.array([top, foot + wide * 0.5]), np.array([top, foot - wide]))
    for side, x in ((1, wide * 0.5), (-1, -wide)):
        ink.stitch(np.array([top + side * 0.9 + 0.2j, foot + x + side * 0.9]))
    ink.stitch(np.array([top - 0.9 + 0.2j, top - 0.9j, top + 0.9 + 0.2j]), curved=False)


def slit_ends(form: Form) -> tuple[complex, complex]:
    """The top of the slit, and its foot at the hem."""
    draft, length = form.draft, slit_length(form.draft)
    u = -0.62 * form.mirror if form.has("slit", "side slit") else 0.16
    foot = complex(form.half(draft.hem) * u, float(form.hem_y(u)))
    return complex(form.half(draft.hem - length) * u, foot.imag - length), foot


# --- Hems ----------------------------------------------------------------------------------


def draw_lower_edge(ink: Ink, form: Form) -> None:
    """The hem's outline, whatever it is made of."""
    value = form.draft.spec["hem"]
    if value == "scalloped hem":
        _scallops(ink, form)
    elif value == "fringed hem":
        _fringe(ink, form)
    else:
        ink.outline(form.hem)
        if value == "ruffled hem":
            _ruffle(ink, form)


def _scallops(ink: Ink, form: Form) -> None:
    u = shares(241, -1.0, 1.0)
    half = form.half(form.draft.hem)
    count = max(int(2 * half / _SCALLOP), 4)
    phase = np.abs(np.cos(np.pi * count * (u + 1) / 2))
    edge = at(half * u, form.hem_y(u) - 1.6 * (1 - phase))
    edge[0], edge[-1] = form.left[-1], form.right[-1]
    ink.draw("outline", OUTLINE, edge, curved=False)
    ink.draw("details", FINE, edge[4:-4] - 1.1j, curved=False)


def _fringe(ink: Ink, form: Form) -> None:
    top = form.above_hem(_FRINGE)
    ink.seam(top)
    half = form.half(form.draft.hem)
    count = int(2 * half / 1.0)
    for number in range(count + 1):
        u = -1 + 2 * number / count
        place = (u + 1) / 2 * (len(top) - 1)
        start = complex(np.interp(place, range(len(top)), top))
        end = complex(half * u, float(form.hem_y(u)) + (0.0, -0.5, -0.2)[number % 3])
        ink.draw("details", FINE, np.array([start, end]))


def _ruffle(ink: Ink, form: Form) -> None:
    cm = min(_RUFFLE, 0.3 * (form.draft.hem - skirt_top(form)) + 3.0)
    top = form.above_hem(cm)
    ink.seam(top)
    u = np.linspace(-0.95, 0.95, 21)
    for number, share in enumerate(u.tolist()):
        place = (share + 1) / 2 * (len(top) - 1)
        root = complex(np.interp(place, range(len(top)), top))
        ink.fine(
            np.array(
                [root + 0.1j, root * 1.0 + 1j * cm * (0.45 + 0.2 * (number % 2)) + 0.02 * root.real]
            )
        )
