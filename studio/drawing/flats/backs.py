"""The back of a flat: its own seam or zip, vent and straps."""

import numpy as np

from studio.design.families import KNITTED
from studio.drawing.flats.fastenings import button, hidden_zip
from studio.drawing.flats.form import Form
from studio.drawing.flats.ink import EDGE, Ink
from studio.drawing.flats.skirts import skirt_top
from studio.drawing.lines import line, smooth


def draw_back(ink: Ink, form: Form) -> None:
    """What only the back has."""
    if not form.back:
        return
    back = _BACKS.get(form.draft.spec["category"])
    if back is not None:
        back(ink, form)


def top_of(form: Form) -> float:
    """Where the back begins on its middle line."""
    edge = smooth(form.neck.opening, 6)
    order = np.argsort(edge.real)
    return float(np.interp(0.0, edge.real[order], edge.imag[order]))


def _seam(ink: Ink, start: float, end: float) -> None:
    ink.seam(line((0.0, start), (0.0, end)))


def _dress(ink: Ink, form: Form) -> None:
    if not form.has("closure", "none", "lace-up front", "wrap front") or form.has(
        "fabric", *KNITTED
    ):
        return
    if form.has("waist", "smocked waist"):
        return
    draft = form.draft
    start = top_of(form)
    end = min(draft.hip - 2.0, draft.hem - 6.0)
    if form.legged:
        end = draft.crotch
    middle = float(form.hem_y(0.0)) if not form.legged else end
    _seam(ink, start, middle)
    if form.has("closure", "wrap front"):
        return
    for x in (-0.9, 0.9):
        ink.stitch(line((x, start + 0.4), (x, min(end, draft.hip - 2.0))))
    hidden_zip(ink, 0.0, start, min(end, draft.hip - 2.0))


def _top(ink: Ink, form: Form) -> None:
    """Close necklines need a slit to get the head through."""
    if not form.has("neckline", "crew neck", "boat neck", "turtleneck", "keyhole neck"):
        return
    if not form.has("closure", "none"):
        return
    start = top_of(form) if not form.has("neckline", "turtleneck") else 1.4
    _seam(ink, start, start + 12.0)
    ink.stitch(
        line((-0.7, start + 0.6), (-0.7, start + 12.6), (0.7, start + 12.6), (0.7, start + 0.6)),
        curved=False,
    )
    button(ink, complex(0.0, start + 0.8), 0.5)


def _tailored(ink: Ink, form: Form) -> None:
    if form.has("fabric", "quilted", "faux fur"):
        return
    draft = form.draft
    start, end = top_of(form), float(form.hem_y(0.0))
    fall = end - draft.waist
    vent = end - (0.4 * fall if form.has("category", "coat") else min(16.0, 0.6 * fall))
    _seam(ink, start, min(vent, end))
    if fall < 9.0 or form.has("waist", "peplum"):
        _seam(ink, vent, end)
        return
    _vent(ink, vent, end)


def _vent(ink: Ink, start: float, end: float) -> None:
    """Two layers that lap over each other."""
    ink.draw("details", EDGE, line((0.0, start), (0.0, end)))
    ink.stitch(line((0.3, start + 0.2), (3.4, start + 1.6)))
    ink.fine(line((3.4, start + 1.6), (3.4, end)))


def _skirt(ink: Ink, form: Form) -> None:
    draft = form.draft
    start, end = skirt_top(form) + 0.7, float(form.hem_y(0.0))
    if not form.has("waist", "none", "high waist") or not form.has("pleats", "none"):
        return
    if form.has("closure", "none"):
        _seam(ink, start, end)
        stop = min(draft.hip - 3.0, draft.hem - 6.0)
        for x in (-0.9, 0.9):
            ink.stitch(line((x, start), (x, stop)))
        hidden_zip(ink, 0.0, start, stop)
    if form.has("silhouette", "pencil") and form.has("slit", "none"):
        _vent(ink, end - min(18.0, 0.3 * (draft.hem - draft.waist)), end)


_BACKS = {
    "dress": _dress,
    "jumpsuit": _dress,
    "top": _top,
    "jacket": _tailored,
    "coat": _tailored,
    "skirt": _skirt,
}
