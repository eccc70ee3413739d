"""What flats have at a neckline beside its edge: straps and bands, swags and keyholes."""

import numpy as np

from studio.drawing.flats.form import Form
from studio.drawing.flats.ink import EDGE, FINE, INSIDE, Ink, both, clipped, closed, mirrored
from studio.drawing.flats.necks import strap_root
from studio.drawing.lines import Line, Numbers, at, corner_runs, line, shares


def draw_halter_band(ink: Ink, form: Form) -> None:
    """The band behind the neck, and from behind the front piece that it holds."""
    front = Form(form.draft, "front").neck
    if form.back:
        far = [run for part in front.runs for run in corner_runs(part)]
        if form.has("neckline", "open back"):
            side = _side_to_the_waist(form)
            far += [side, mirrored(side)[::-1]]
        ink.cover(closed(*far), INSIDE)
        ink.draw("seams", EDGE, *far)
    strap = front.shoulder
    t = shares(11, -1.0, 1.0)
    outer, inner = float(strap[-1].real), float(strap[0].real)
    top = at(outer * t, float(strap[-1].imag) - 3.2 * (1 - t * t))
    low = at(inner * t, float(strap[0].imag) - 0.9 * (1 - t * t))
    ink.cover(closed(top, low[::-1]), INSIDE if not form.back else (255, 255, 255))
    ink.outline(top, low)
    if form.back:
        ink.detail(line((0.0, float(top.imag.min())), (0.0, float(low.imag.min()))))


def _side_to_the_waist(form: Form) -> Line:
    """The right side of the front, as an open back shows it; along the cut-out where it has one."""
    draft = form.draft
    if not form.has("trim", "cut-outs"):
        return form.on(1.0, shares(7, draft.underarm, draft.waist))
    return np.append(form.on(1.0, [draft.underarm]), cut_out_edge(form))


def cut_out_edge(form: Form) -> Line:
    """The inner edge of the right cut-out, from the top down."""
    draft = form.draft
    y = shares(13, draft.waist - 15.5, draft.waist - 1.2)
    half = np.array([form.half(float(each)) for each in y])
    return at(half - 7.5 * np.sin(np.pi * shares(13)) ** 0.7, y)


def draw_straps(ink: Ink, form: Form) -> None:
    """Thin straps from the front over the shoulders; behind they run closer together."""
    root = strap_root(form.draft)
    top = root * 0.94 if form.back else root
    low = complex(root.real * 0.8, form.draft.underarm + 2.0) if form.back else root + 1.0j
    top = complex(top.real, 0.6)
    edges = [np.array([top - 0.45, low - 0.45]), np.array([low + 0.45, top + 0.45])]
    for turned in (edges, [mirrored(run) for run in edges]):
        ink.patch(*turned, layer="outline", weight=EDGE)


def draw_cowl(ink: Ink, form: Form) -> None:
    """Swags below the edge of a cowl, one under the other."""
    neck = form.draft.neck
    if neck is None or form.back or neck.kind != "cowl neck":
        return
    opening = form.neck.opening
    half = neck.width / 2 if form.draft.sleeve else strap_root(form.draft).real
    high = float(np.interp(half, *_right_of(opening)))
    t = shares(17, -1.0, 1.0)
    for number, drop in enumerate((3.4, 7.0, 11.0)):
        low = neck.front + drop
        rise = (low - high - 1.6 * number - 1.0) * np.abs(t) ** (2.2 + 0.3 * number)
        swag = at(half * (1.0 + 0.06 * number) * t, low - rise)
        for piece in clipped(swag, form.shape):
            ink.detail(piece[:: max(len(piece) // 12, 1)])


def _right_of(edge: Line) -> tuple[Numbers, Numbers]:
    """Across and down of the right half of an edge, from the middle outwards."""
    right = edge[edge.real >= 0]
    order = np.argsort(right.real)
    return right.real[order], right.imag[order]


def draw_keyhole(ink: Ink, form: Form) -> None:
    """An opening like a drop below the neckline, held by a button."""
    neck = form.draft.neck
    if neck is None or form.back or neck.kind != "keyhole neck":
        return
    y = neck.front
    right = line((0.0, y + 0.4), (1.5, y + 5.0), (2.3, y + 9.0), (1.5, y + 12.2), (0.0, y + 13.2))
    ink.cover(closed(right, mirrored(right)[::-1]), INSIDE)
    ink.draw("details", EDGE, *both(right))
    ink.stitch(*both(right[1:-1] + np.array([0.9, 1.0, 0.8 + 0.6j])))
    t = np.linspace(0, 2 * np.pi, 13)
    ink.cover(complex(0, y + 0.5) + 0.6 * np.exp(1j * t))
    ink.draw("details", FINE, complex(0, y + 0.5) + 0.6 * np.exp(1j * t))
