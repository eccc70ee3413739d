"""Seams and darts that shape a garment, and the stitches along its edges."""

import numpy as np

from studio.design.families import KNITTED, LEGGED
from studio.drawing.flats.form import Form
from studio.drawing.flats.ink import Ink, both, clipped, inside, mirrored
from studio.drawing.lines import Line, at, corner_runs, line, normals, shares, smooth
from studio.patternmaking.allowances import HEM_ALLOWANCE, RIB_HEIGHT

_PRINCESS = ("jacket", "coat", "waistcoat")
_STRETCHES = (*KNITTED, "faux fur")


def draw_seams(ink: Ink, form: Form) -> None:
    """Darts or princess seams, and the seam at the waist."""
    if form.bottom:
        return
    if has_princess_seams(form):
        _princess_seams(ink, form)
    else:
        _darts(ink, form)
    if _seamed_at_waist(form):
        y = form.draft.waist
        ink.seam(form.on(shares(9, -1.0, 1.0), y) + 0.5j * (1 - shares(9, -1.0, 1.0) ** 2))
    if form.has("category", "shirt") and form.back:
        _yoke(ink, form)
    if form.has("fabric", "quilted"):
        _quilting(ink, form)


def has_princess_seams(form: Form) -> bool:
    """Whether seams from armhole to hem shape it, in place of darts."""
    if form.bottom or form.has("fabric", "quilted", *_STRETCHES):
        return False
    return form.has("category", *_PRINCESS) or form.has("silhouette", "mermaid", "pencil")


def _darted(form: Form) -> bool:
    woven = not form.has("fabric", *_STRETCHES)
    return woven and form.has("category", "dress", "top", "jumpsuit")


def has_bust_darts(form: Form) -> bool:
    """Whether darts from the side seam shape the bust."""
    if has_princess_seams(form) or not _darted(form):
        return False
    room = form.draft.underarm + 6.0 < form.draft.seam
    return room and not form.has("closure", "wrap front", "double-breasted")


def has_waist_darts(form: Form) -> bool:
    """Whether darts take in the waist."""
    if has_princess_seams(form) or not _darted(form):
        return False
    if form.back and form.has("neckline", "open back"):  # there is no cloth to take in
        return False
    draft = form.draft
    fitted = draft.girth(draft.underarm) - draft.girth(draft.waist) > 6.0
    return fitted and form.has("waist", "none", "peplum")


def _seamed_at_waist(form: Form) -> bool:
    if form.has("category", "jumpsuit"):
        return form.has("waist", "none")
    if not form.has("category", "dress") or not form.has("waist", "none"):
        return False
    return form.has("silhouette", "full", "a-line", "tiered") or not form.has("pleats", "none")


def _princess_seams(ink: Ink, form: Form) -> None:
    """From the armhole, or from the upper edge, over the bust and down to the hem."""
    draft = form.draft
    both_sided = not form.neck.one_sided
    if len(form.neck.armhole) and len(form.neck.shoulder) and both_sided:
        start = complex(smooth(form.neck.armhole, 8)[14])
    else:
        start = _on_upper_edge(form, 0.5)
        if form.neck.one_sided:
            start = complex(start.real, form.draft.underarm - 0.5)
    low = draft.waist - 17.0
    y = [max(low, start.imag + 4.0), draft.waist, min(draft.hip, draft.hem - 1), draft.hem]
    share = [0.6, 0.52, 0.55, 0.57] if not form.back else [0.56, 0.5, 0.52, 0.55]
    points = [start, *[form.at(s, h) for s, h in zip(share, y, strict=True)]]
    seam = np.array([p for i, p in enumerate(points) if i < 2 or p.imag > points[i - 1].imag + 2])
    seam[-1] = _onto_hem(form, seam[-1])
    for each in both(seam):
        ink.seam(*clipped(each, form.shape))


def _onto_hem(form: Form, place: complex) -> complex:
    share = place.real / form.half(form.draft.hem)
    return complex(place.real, float(form.hem_y(share)))


def _on_upper_edge(form: Form, share: float) -> complex:
    edge = smooth(form.neck.opening, 4)
    x = form.half(form.draft.underarm) * share
    right = edge[edge.real > 0]
    return complex(x, float(np.interp(x, right.real, right.imag)))


def _darts(ink: Ink, form: Form) -> None:
    """Bust darts at the front, and darts into the waist."""
    draft = form.draft
    short = draft.hem < draft.waist + 4 and not form.legged
    if not form.back and has_bust_darts(form):
        y = draft.underarm + 4.0
        edge, apex = form.at(1.0, y), form.at(0.62, y + 1.4)
        ink.seam(*both(np.array([edge, apex]), np.array([form.at(1.0, y + 2.0), apex])))
    if not has_waist_darts(form):
        return
    end = min(draft.waist + (11.0 if not _seamed_at_waist(form) else 0.0), draft.hem - 1.0)
    top = draft.waist - (14.0 if form.back else 12.0)
    for shift in (-0.55, 0.55):
        upper = [form.at(0.5, top), form.at(0.5, draft.waist) + shift]
        lower = [form.at(0.5, end)] if end > draft.waist + 3 and not short else []
        ink.seam(*both(*_straight([*upper, *lower])))


def _straight(points: list[complex]) -> list[Line]:
    return [np.array(points[i : i + 2]) for i in range(len(points) - 1)]


def _yoke(ink: Ink, form: Form) -> None:
    """Of a shirt's back, with the box pleat that hangs from it."""
    edge = smooth(form.neck.armhole, 8)
    end = complex(edge[len(edge) // 3]) if len(edge) else form.at(0.9, form.draft.underarm - 8)
    t = shares(9, -1.0, 1.0)
    seam = at(end.real * t, end.imag + 0.6 * (1 - t * t))
    ink.seam(seam)
    ink.stitch(seam[1:-1] + 0.8j)
    low = float(end.imag) + 0.6
    for x in (-1.5, 1.5):
        ink.fine(line((x, low), (x * 0.95, low + 16.0)))


def _quilting(ink: Ink, form: Form) -> None:
    """Rows of stitches across."""
    start = form.neck.shoulder[1].imag + 6.0 if len(form.neck.shoulder) else form.draft.top + 4.0
    for y in np.arange(start, form.trunk_end - 4.0, 7.0).tolist():
        row = line((-90.0, y), (90.0, y))
        for piece in clipped(row, form.shape):
            ink.stitch(piece[:: max(len(piece) - 1, 1)])


# --- Edges ---------------------------------------------------------------------------------


def stitch_edges(ink: Ink, form: Form) -> None:
    """Stitches along the neckline, bare armholes and set-in sleeves."""
    if form.bottom or form.has("fabric", "faux fur"):
        return
    if form.has("category", "sweater"):
        _ribbed_neck(ink, form)
        return
    neck = form.draft.neck
    if neck is not None and neck.collar == 0.0:
        for run in corner_runs(form.neck.opening):
            _beside(ink, form, run, 0.9)
    bare = form.draft.sleeve is None and not form.has("category", "cape")
    if bare and len(form.neck.armhole):
        for each in _of_each_side(form, form.neck.armhole):
            _beside(ink, form, each, 0.9)


def _of_each_side(form: Form, run: Line) -> list[Line]:
    """A line of the right shoulder, on the sides that have one."""
    if not form.neck.one_sided:
        return both(run)
    return [run if form.neck.mirror > 0 else mirrored(run)]


def _beside(ink: Ink, form: Form, run: Line, cm: float) -> None:
    """A row of stitches inside an edge."""
    fine = smooth(run, 4) if len(run) > 2 else between_ends(run)
    row = _into(form, fine, cm)
    for piece in clipped(row, form.shape, curved=False):
        ink.stitch(piece[::4] if len(piece) > 16 else piece[[0, -1]])


def _into(form: Form, edge: Line, cm: float) -> Line:
    """The edge moved into the garment."""
    across = normals(edge) * cm
    middle = len(edge) // 2
    within = inside((edge + across)[middle : middle + 1], form.shape)[0]
    return np.asarray(edge + across if within else edge - across)


def between_ends(run: Line) -> Line:
    """Five points along a straight run."""
    return np.asarray(run[0] + (run[-1] - run[0]) * shares(5))


def _ribbed_neck(ink: Ink, form: Form) -> None:
    """A band of ribs, knitted on."""
    neck = form.draft.neck
    if neck is None or neck.collar or form.has("neckline", "off-shoulder"):
        return
    edge = form.neck.opening
    fine = smooth(edge, 3)
    band = _into(form, fine, 2.2)
    for piece in clipped(band, form.shape, curved=False):
        ink.seam(piece)
    for place in range(2, len(fine) - 2, max(len(fine) // 26, 1)):
        for piece in clipped(np.array([fine[place], band[place]]), form.shape):
            ink.fine(piece[[0, -1]])


def draw_hem_stitches(ink: Ink, form: Form) -> None:
    """The hem, or the ribs that a sweater ends with."""
    if form.has("category", *LEGGED):
        return
    if form.has("category", "sweater"):
        _ribbed_hem(ink, form)
        return
    if form.has("hem", "ruffled hem", "fringed hem", "scalloped hem"):
        return
    if form.has("trim", "feathers"):
        return
    cm = 4.0 if form.has("category", "coat", "jacket") else HEM_ALLOWANCE
    if form.has("silhouette", "full", "tiered", "mermaid") or form.has("category", "swimsuit"):
        cm = 1.0
    ink.stitch(form.above_hem(cm)[1:-1])


def _ribbed_hem(ink: Ink, form: Form) -> None:
    top, low = form.above_hem(RIB_HEIGHT), form.above_hem(0.0)
    ink.seam(top)
    count = int(form.half(form.draft.hem) / 1.1)
    places = np.linspace(0.02, 0.98, 2 * count)
    x = np.linspace(0, 1, len(top))
    for share in places:
        ends = np.array([np.interp(share, x, top), np.interp(share, x, low)])
        ink.fine(ends + np.array([0.1j, -0.2j]))
