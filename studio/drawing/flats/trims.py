"""Trims of flats: sequins, lace, ruffles, embroidery, pearls and piping."""

import numpy as np

from studio.drawing.flats.form import Form
from studio.drawing.flats.ink import EDGE, FINE, Ink, both, clipped, inside, mirrored
from studio.drawing.flats.legs import FlatLeg
from studio.drawing.flats.necklines import cut_out_edge
from studio.drawing.flats.sleeves import FlatSleeve
from studio.drawing.lines import Line, at, corner_runs, line, normals, resampled, shares, smooth

_SEQUIN, _PEARL = 0.42, 0.5


def draw_trim(ink: Ink, form: Form, sleeve: FlatSleeve | None, leg: FlatLeg | None) -> None:
    """The design's trim, as far as this side shows it."""
    value = form.draft.spec["trim"]
    if value == "sequins":
        _sequins(ink, form.shape, form.draft.waist if leg is not None else None)
        for shape in both(leg.shape) if leg is not None else ():
            _sequins(ink, shape)
    elif value == "contrast piping":
        _piping(ink, form, sleeve, leg)
    elif value == "feathers":
        _feathers(ink, form, sleeve)
    elif value in _ALL_ROUND:
        _ALL_ROUND[value](ink, form)
    elif value in _AT_THE_FRONT and not form.back:
        _AT_THE_FRONT[value](ink, form)


def _cut_outs(ink: Ink, form: Form) -> None:
    """Holes above the waist, where the sides have no edge."""
    edge = cut_out_edge(form)
    reach = form.half(form.draft.underarm) + 3.0
    far = line((reach, float(edge[-1].imag)), (reach, float(edge[0].imag)))
    for turned in (np.concatenate([edge, far]), mirrored(np.concatenate([edge, far]))):
        ink.cover(turned)
    if form.back and form.has("neckline", "open back"):  # the front's, seen from within
        ink.draw("seams", EDGE, *both(edge))
    for each in both(edge):
        ink.outline(*clipped(each, form.shape))
    for each in both(edge[1:-1] - 0.9):
        ink.stitch(*clipped(each, form.shape))


def _feathers(ink: Ink, form: Form, sleeve: FlatSleeve | None) -> None:
    """Plumes along the hem, and at the ends of sleeves."""
    edge = form.above_hem(2.2)
    for root in resampled(edge, max(int(form.half(form.draft.hem) * 0.9), 8)):
        _plume(ink, complex(root), 9.0j * np.exp(-0.006j * root.real))
    if sleeve is not None:
        outer, inner = sleeve.end
        for share in np.linspace(0.04, 0.96, 7).tolist():
            root = outer + (inner - outer) * share - sleeve.along * 1.2
            for turned, way in ((root, sleeve.along), (-root.conjugate(), _mirror(sleeve.along))):
                _plume(ink, complex(turned), way * 6.0)


def _mirror(way: complex) -> complex:
    return complex(-way.real, way.imag)


def _plume(ink: Ink, root: complex, way: complex) -> None:
    """A quill with barbs on both sides."""
    quill = root + way * (shares(4) + 0.06j * np.sin(3 * shares(4)))
    ink.draw("details", FINE, quill)
    for place in (0.15, 0.35, 0.55, 0.75):
        start = root + way * place
        for turn in (0.6, -0.6):
            reach = way * 0.3 * np.exp(1j * turn)
            barb = np.array([start, start + reach * 0.6, start + reach + 0.06 * way])
            ink.draw("details", FINE, barb)


def _sequins(ink: Ink, shape: Line, above: float | None = None) -> None:
    """Rows over a piece, or what of it is above a height; thin, so that seams stay readable."""
    xs = np.arange(shape.real.min(), shape.real.max(), 3.2)
    ys = np.arange(shape.imag.min() + 2.0, shape.imag.max(), 3.0)
    columns, rows = np.meshgrid(xs, ys)
    columns = columns + 1.6 * (np.arange(len(ys)) % 2)[:, None]
    points = at(columns.ravel(), rows.ravel())
    within = inside(points, shape)
    for aside in (-1.0, 1.0, -1j, 1j):
        within &= inside(points + aside, shape)
    if above is not None:
        within &= points.imag < above
    ink.dots(points[within], _SEQUIN)


def _upper_edges(form: Form) -> list[Line]:
    if form.bottom:
        return []
    return corner_runs(form.neck.opening)


def _along(edge: Line, gap: float, cm: float, form: Form) -> Line:
    """Points beside an edge, so far apart and so far inside."""
    fine = smooth(edge, 6) if len(edge) > 2 else edge
    count = max(int(np.abs(np.diff(fine)).sum() / gap), 2)
    spots = resampled(fine, count)
    across = normals(spots) * cm
    if len(spots) > 2 and not inside((spots + across)[1:2], form.shape)[0]:
        across = -across
    return spots + across


def _pearls(ink: Ink, form: Form) -> None:
    for edge in _upper_edges(form):
        ink.dots(_along(edge, 1.9, 1.9, form), _PEARL)
    if not form.legged:
        ink.dots(
            resampled(form.above_hem(3.0)[1:-1], max(int(form.half(form.draft.hem)), 3)), _PEARL
        )


def _piping(ink: Ink, form: Form, sleeve: FlatSleeve | None, leg: FlatLeg | None) -> None:
    """A cord in the seam: a second line beside each edge."""
    for edge in _upper_edges(form):
        for piece in clipped(_along(edge, 0.6, 0.55, form), form.shape):
            ink.draw("details", FINE, piece[::2])
    if sleeve is not None:
        way = sleeve.along * 0.7
        low = np.array([sleeve.end[0], sleeve.end[1]]) - way
        ink.draw("details", FINE, *both(low))
    if leg is not None:
        ink.draw("details", FINE, *both(leg.outer - 0.8, leg.mouth - 0.8j))
    else:
        ink.draw("details", FINE, form.above_hem(0.7)[1:-1])


def _lace_yoke(ink: Ink, form: Form) -> None:
    y = form.draft.underarm - 1.0
    if form.has("sleeve length", "sleeveless"):
        y -= 2.0
    reach = form.half(form.draft.underarm) + 4
    x = np.linspace(-reach, reach, 181)
    low = at(x, y + 1.4 * np.abs(np.sin(np.pi * x / 4.0)))
    shape = np.concatenate([low, line((reach, -30.0), (-reach, -30.0))])
    for piece in clipped(low, form.shape, curved=False):
        ink.draw("details", EDGE, piece, curved=False)
    for slope in (-1, 1):
        for start in np.arange(-2 * reach, 2 * reach, 2.2).tolist():
            mesh = line((start, -3.0), (start + slope * (y + 5.0), y + 2.0))
            for piece in clipped(mesh, form.shape):
                for seen in clipped(piece[[0, -1]], shape):
                    ink.draw("details", FINE, seen[[0, -1]])


def _front_ruffles(ink: Ink, form: Form) -> None:
    draft = form.draft
    top = draft.neck.front if draft.neck else draft.waist
    end = min(top + 30.0, draft.hem - 5.0)
    t = shares(25)
    edge = at(6.4 - 2.2 * t + 0.75 * np.cos(np.pi * np.arange(25)), top - 1.0 + (end - top) * t)
    root = at(np.full(25, 1.7), top - 1.0 + (end - top) * t)
    edge[-1] = root[-1]
    for turn in (False, True):
        outer, inner = (mirrored(edge), mirrored(root)) if turn else (edge, root)
        ink.patch(inner[[0, -1]], outer[::-1], weight=EDGE)
        for place in range(1, 24, 2):
            ink.fine(np.array([inner[place], inner[place] * 0.35 + outer[place] * 0.65]))


def _embroidery(ink: Ink, form: Form) -> None:
    draft = form.draft
    if form.bottom:
        spots = [form.at(-0.5, draft.waist + 17.0), form.at(0.55, draft.waist + 12.0)]
    else:
        low = min(draft.hem - 9.0, draft.waist + 22.0)
        spots = [form.at(-0.5, draft.underarm + 4.0), form.at(0.5, max(low, draft.underarm + 6.0))]
    for spot in spots:
        _spray(ink, spot)


def _spray(ink: Ink, place: complex) -> None:
    stem = place + line((-3.4, 7.0), (-0.8, 1.6), (2.2, -5.4))
    ink.draw("details", FINE, stem)
    for spot, size in ((0.2 + 0j, 2.5), (2.6 - 5.0j, 1.9), (-3.0 + 4.8j, 1.8)):
        centre = place + spot
        t = np.linspace(0, 2 * np.pi, 41)
        petals = centre + size * (0.72 + 0.28 * np.cos(5 * t)) * np.exp(1j * t)
        ink.cover(petals)
        ink.draw("details", FINE, petals)
        ink.draw("details", FINE, centre + size * 0.24 * np.exp(1j * t[::4]))
    for root, turn in ((-1.9 + 3.4j, 1), (1.4 - 2.6j, -1)):
        base = place + root
        leaf = base + turn * line((0.0, 0.0), (1.3, -1.1), (2.8, -0.9), (1.5, 0.35), (0.0, 0.0))
        ink.draw("details", FINE, leaf)


_ALL_ROUND = {"pearls": _pearls, "lace yoke": _lace_yoke, "cut-outs": _cut_outs}
_AT_THE_FRONT = {"front ruffles": _front_ruffles, "embroidery": _embroidery}
