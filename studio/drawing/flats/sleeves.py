"""Sleeves laid flat beside the body, set into the armhole, with the width that they measure."""

import math
from dataclasses import dataclass

import numpy as np

from studio.drawing.flats.fastenings import button
from studio.drawing.flats.form import Form
from studio.drawing.flats.ink import EDGE, Ink, mirrored
from studio.drawing.flats.necks import tip, underarm
from studio.drawing.lines import Line, resampled, shares, smooth
from studio.patternmaking.draft import Draft, Sleeve

_ANGLES = {  # of the sleeve against the vertical, in degrees: short ones stand off
    "short sleeves": 48.0,
    "three-quarter sleeves": 36.0,
    "long sleeves": 30.0,
}
_KIMONO = 64.0
_STEEPEST = 74.0
_LEAST_SEAM = 5.0  # of the seam below the arm, in cm


@dataclass(frozen=True)
class FlatSleeve:
    """The right sleeve of the page.

    Attributes:
        sleeve: its measurements.
        along: unit vector from the shoulder to the wrist.
        out: unit vector across it, away from the body.
        outer: its outer edge, from the tip of the shoulder to the cuff or the end.
        inner: its inner edge, from the underarm to the cuff or the end.
        end: the points at its end: outer and inner, the cuff included.
        bicep: the outer end of the line at which the upper arm is measured; it starts at the
            underarm.
    """

    sleeve: Sleeve
    along: complex
    out: complex
    outer: Line
    inner: Line
    end: tuple[complex, complex]
    bicep: complex

    @property
    def shape(self) -> Line:
        """The closed line round it, the cuff left out."""
        inner = smooth(self.inner)[::-1]
        return np.concatenate([smooth(self.outer), inner])


def flat_sleeve(form: Form) -> FlatSleeve | None:
    """The right sleeve of a form; None without sleeves."""
    draft = form.draft
    if draft.sleeve is None:
        return None
    if form.has("sleeve shape", "cap sleeves"):
        return _capped(form, draft.sleeve)
    angle = _ANGLES[draft.spec["sleeve length"]]
    if draft.has("sleeve shape", "kimono sleeves"):
        angle = _KIMONO
    start = _start(form)
    length = draft.sleeve.length - (0.0 if draft.hangs_from_shoulders else _below_tip(form, start))
    while True:
        made = _laid(draft, start, length, math.radians(angle))
        if made is not None or angle >= _STEEPEST:
            break
        angle += 3.0
    return made or _laid(draft, start, length, math.radians(_STEEPEST), True)


def _capped(form: Form, sleeve: Sleeve) -> FlatSleeve:
    """A cap over the shoulder, set into the upper half of the armhole."""
    angle = math.radians(52.0)
    along = complex(math.sin(angle), math.cos(angle))
    out = complex(math.cos(angle), -math.sin(angle))
    start = tip(form.draft)
    end = start + along * sleeve.length
    edge = smooth(form.neck.armhole, 8)
    low = complex(edge[int(0.52 * len(edge))])
    outer = np.array([start, (start + end) / 2 + out * 0.9, end])
    return FlatSleeve(sleeve, along, out, outer, np.array([start, low]), (end, low), low)


def _below_tip(form: Form, start: complex) -> float:
    return start.imag - form.draft.shoulder_drop


def _start(form: Form) -> complex:
    """Where its outer edge begins: at the tip of the shoulder, or at a bare shoulder's edge."""
    if len(form.neck.shoulder):
        return tip(form.draft)
    return complex(form.neck.armhole[0])


def _laid(
    draft: Draft, start: complex, length: float, angle: float, anyhow: bool = False
) -> FlatSleeve | None:
    """The sleeve at an angle; None where that leaves no seam below the arm."""
    sleeve = draft.sleeve
    assert sleeve is not None
    along = complex(math.sin(angle), math.cos(angle))
    out = complex(math.cos(angle), -math.sin(angle))
    pit = underarm(draft)
    spans = _widths(draft, sleeve)
    bicep = pit + out * float(np.interp(0.0, *spans))
    cap = _cap(draft, start, bicep, along)
    rest = length - float(np.abs(np.diff(np.append(cap, bicep))).sum())
    if rest < _LEAST_SEAM and not anyhow:
        return None
    rest = max(rest, _LEAST_SEAM - 1.0)
    axis = (pit + bicep) / 2
    seam = rest - sleeve.cuff if sleeve.cuff else rest
    t = shares(13)
    wide = np.interp(t, *spans) / 2
    points = axis + along * seam * t
    outer = np.concatenate([cap, points + out * wide])
    inner = points - out * wide
    inner[0] = pit
    tail = axis + along * rest
    half = sleeve.opening / 4
    return FlatSleeve(
        sleeve, along, out, outer, inner, (tail + out * half, tail - out * half), bicep
    )


def _widths(draft: Draft, sleeve: Sleeve) -> tuple[list[float], list[float]]:
    """Shares of the way from the underarm to the cuff, and how wide the flat sleeve is there."""
    arm, full, end = sleeve.upper_arm / 2, sleeve.widest / 2, sleeve.opening / 2
    loose = end * 1.14
    shape, short = draft.spec["sleeve shape"], draft.has("sleeve length", "short sleeves")
    if shape == "puff sleeves" and short:
        return [0.0, 0.35, 0.7, 0.9, 1.0], [full, full * 1.02, full * 0.96, full * 0.8, end]
    if shape == "puff sleeves":
        places = [0.0, 0.2, 0.42, 0.55, 0.95, 1.0]
        return places, [full, full * 0.98, arm * 1.1, arm * 0.92, loose, end]
    if shape == "bishop sleeves":
        places = [0.0, 0.4, 0.75, 0.9, 0.97, 1.0]
        return places, [arm, arm * 1.06, full, full * 0.94, full * 0.7, end]
    if shape == "bell sleeves":
        return [0.0, 0.45, 1.0], [arm, arm * 0.92 + end * 0.04, end]
    if sleeve.cuff and not draft.has("cuffs", "ruffled cuffs"):
        return [0.0, 0.93, 1.0], [arm, arm * 0.1 + loose * 0.92, end]
    return [0.0, 1.0], [arm, end]


def _cap(draft: Draft, start: complex, bicep: complex, along: complex) -> Line:
    """The outer edge from the tip over the cap, a curve that runs into that of the sleeve."""
    puffed = draft.has("sleeve shape", "puff sleeves")
    reach = abs(bicep - start)
    pull = bicep - along * reach * (0.55 if puffed else 0.27)
    if puffed:
        pull += complex(1.0, -3.0)
    t = shares(16)[:-1]
    return np.asarray((1 - t) ** 2 * start + 2 * t * (1 - t) * pull + t * t * bicep)


def draw_sleeves(ink: Ink, form: Form, sleeve: FlatSleeve) -> None:
    """Both sleeves, or the one of a one-shouldered garment; the body is drawn over them."""
    for turn in _sides(form):
        _draw(ink, form, sleeve, turn)


def _sides(form: Form) -> tuple[int, ...]:
    if form.neck.one_sided:
        return (form.neck.mirror,)
    return (1, -1)


def _turned(points: Line, turn: int) -> Line:
    return points if turn > 0 else mirrored(points)


def _draw(ink: Ink, form: Form, sleeve: FlatSleeve, turn: int) -> None:
    def put(points: Line) -> Line:
        return _turned(points, turn)

    ink.cover(put(sleeve.shape))
    ink.outline(put(sleeve.outer), put(sleeve.inner))
    if sleeve.sleeve.cuff and not form.has("cuffs", "ruffled cuffs"):
        _draw_cuff(ink, form, sleeve, turn)
    else:
        _draw_end(ink, form, sleeve, turn)
    if sleeve.sleeve.gathered:
        _draw_gathers(ink, form, sleeve, turn)
    if form.has("sleeve shape", "puff sleeves"):
        _draw_gathered_cap(ink, form, sleeve, turn)
    if form.has("sleeve shape", "bell sleeves", "flutter sleeves"):
        _draw_flare(ink, sleeve, turn)
    elif form.has("category", "jacket", "coat") and form.has("sleeve length", "long sleeves"):
        _draw_second_seam(ink, form, sleeve, turn)


def _across(sleeve: FlatSleeve, back_cm: float, inset: float = 0.0, count: int = 9) -> Line:
    """A line across the sleeve, so far before its end."""
    outer, inner = sleeve.outer[-1], sleeve.inner[-1]
    if sleeve.sleeve.cuff:
        outer, inner = sleeve.end
    t = shares(count, inset, 1 - inset)
    sag = 0.35 * np.sin(np.pi * t) * (1.6 if not sleeve.sleeve.cuff else 0.6)
    return np.asarray(outer + (inner - outer) * t + sleeve.along * (sag - back_cm))


def _draw_end(ink: Ink, form: Form, sleeve: FlatSleeve, turn: int) -> None:
    wavy = form.has("sleeve shape", "bell sleeves", "flutter sleeves")
    t = shares(17)
    outer, inner = sleeve.outer[-1], sleeve.inner[-1]
    edge = outer + (inner - outer) * t + sleeve.along * 0.6 * np.sin(np.pi * t)
    if wavy:
        edge = edge + sleeve.along * (0.8 * np.sin(np.pi * t) + 0.35 * np.sin(6 * np.pi * t))
    if form.has("cuffs", "ruffled cuffs"):
        _draw_ruffle(ink, sleeve, turn)
        return
    ink.outline(_turned(edge, turn))
    if form.has("category", "polo shirt"):
        _draw_ribs(ink, sleeve, edge, turn)
        return
    height = 1.0 if wavy else 2.0
    ink.stitch(_turned(edge[1:-1] - sleeve.along * height, turn))


def _draw_ribs(ink: Ink, sleeve: FlatSleeve, edge: Line, turn: int) -> None:
    """The knitted band that a polo shirt's sleeve ends with."""
    up = -sleeve.along * 2.6
    ink.seam(_turned(edge + up, turn))
    for share in np.linspace(0.05, 0.95, 19):
        root = complex(np.interp(share, np.linspace(0, 1, len(edge)), edge))
        ink.fine(_turned(np.array([root, root + up * 0.95]), turn))


def _draw_ruffle(ink: Ink, sleeve: FlatSleeve, turn: int) -> None:
    outer, inner = sleeve.outer[-1], sleeve.inner[-1]
    t = shares(25)
    wide = sleeve.out * (0.5 - t) * sleeve.sleeve.opening * 0.32
    depth = sleeve.along * sleeve.sleeve.cuff
    top = outer + (inner - outer) * t
    low = top + depth + wide + sleeve.along * 0.45 * np.cos(8 * np.pi * t)
    put = _turned
    ink.patch(put(top, turn), put(low[::-1], turn), weight=EDGE)
    for place in range(2, 23, 3):
        ink.fine(put(np.array([top[place], top[place] * 0.35 + low[place] * 0.65]), turn))


def _draw_cuff(ink: Ink, form: Form, sleeve: FlatSleeve, turn: int) -> None:
    outer, inner = sleeve.end
    height = sleeve.sleeve.cuff
    up = -sleeve.along * height
    t = shares(7)
    bend = sleeve.along * 0.4 * np.sin(np.pi * t)
    top = outer + up + (inner - outer) * t + bend
    low = outer + (inner - outer) * t + bend
    ink.patch(_turned(top, turn), _turned(low[::-1], turn), weight=EDGE)
    if form.has("cuffs", "ribbed cuffs"):
        for share in np.linspace(0.06, 0.94, 13):
            ends = [outer + (inner - outer) * share + up * 0.94, outer + (inner - outer) * share]
            ink.fine(_turned(np.array(ends) + sleeve.along * 0.25, turn))
        return
    if height < 4:
        ink.stitch(_turned(top + sleeve.along * 0.6, turn), _turned(low - sleeve.along * 0.6, turn))
        return
    ink.stitch(_turned(top + sleeve.along * 0.7, turn), _turned(low - sleeve.along * 0.7, turn))
    place = outer + (inner - outer) * (0.28 if not form.back else 0.4) + up / 2
    button(ink, _turned(np.array([place]), turn)[0], 0.55)
    if form.back and not sleeve.sleeve.gathered:  # the slit that lets a hand through
        slit = outer + (inner - outer) * 0.42 + up
        ink.detail(_turned(np.array([slit, slit - sleeve.along * 7.0]), turn))


def _draw_gathers(ink: Ink, form: Form, sleeve: FlatSleeve, turn: int) -> None:
    """Folds that run up from the cuff."""
    outer, inner = sleeve.outer[-1], sleeve.inner[-1]
    long = 9.0 if not form.has("sleeve length", "short sleeves") else 4.0
    for number, share in enumerate(np.linspace(0.1, 0.9, 9)):
        root = outer + (inner - outer) * share + sleeve.along * 0.1
        lean = sleeve.out * (0.5 - share) * long * 0.7
        reach = long * (0.65 + 0.35 * (number % 2))
        ink.fine(
            _turned(
                np.array(
                    [
                        root,
                        root - sleeve.along * reach * 0.5 + lean * 0.25,
                        root - sleeve.along * reach + lean,
                    ]
                ),
                turn,
            )
        )


def _draw_gathered_cap(ink: Ink, form: Form, sleeve: FlatSleeve, turn: int) -> None:
    edge = smooth(form.neck.armhole, 8)
    for number, share in enumerate(np.linspace(0.02, 0.72, 9)):
        root = complex(edge[int(share * (len(edge) - 1))])
        way = sleeve.out * (0.95 - 0.9 * share) + sleeve.along * (0.25 + 0.7 * share)
        reach = 4.5 + 1.8 * (number % 2)
        ink.fine(
            _turned(np.array([root, root + way * reach * 0.5 - 0.2j, root + way * reach]), turn)
        )


def _draw_second_seam(ink: Ink, form: Form, sleeve: FlatSleeve, turn: int) -> None:
    """Tailored sleeves have two seams: the one at the back, and buttons where it ends."""
    if not form.back or sleeve.sleeve.cuff:
        return
    armhole = smooth(form.neck.armhole, 8)
    start = complex(armhole[int(0.62 * len(armhole))])
    t = shares(7)
    outer, inner = resampled(smooth(sleeve.outer[12:]), 7), resampled(smooth(sleeve.inner), 7)
    seam = outer + (inner - outer) * (0.42 - 0.1 * t)
    seam = np.concatenate([[start], seam[2:]])
    ink.seam(_turned(seam, turn))
    for number in range(3):
        spot = seam[-1] - sleeve.along * (2.6 + 2.0 * number) + sleeve.out * 1.1
        button(ink, _turned(np.array([spot]), turn)[0], 0.6)


def _draw_flare(ink: Ink, sleeve: FlatSleeve, turn: int) -> None:
    """Soft folds that open towards a wide end."""
    outer, inner = sleeve.outer[-1], sleeve.inner[-1]
    length = min(abs(sleeve.inner[-1] - sleeve.inner[0]), 22.0)
    for share, reach in ((0.24, 0.7), (0.5, 0.5), (0.76, 0.65)):
        root = outer + (inner - outer) * share + sleeve.along * 1.0
        lean = sleeve.out * (0.5 - share) * length * -0.55
        tip_of = root - sleeve.along * length * reach + lean * reach
        ink.fine(_turned(np.array([root, (root + tip_of) / 2 + sleeve.out * 0.15, tip_of]), turn))
