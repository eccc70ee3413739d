"""Collars and hoods of flats, what is seen of the inside at the neck, and bows."""

import numpy as np

from studio.drawing.flats.form import Form
from studio.drawing.flats.ink import (
    EDGE,
    FINE,
    INSIDE,
    Ink,
    both,
    closed,
    dense,
    mirrored,
)
from studio.drawing.flats.necklines import draw_halter_band, draw_straps
from studio.drawing.lines import Line, at, line, shares

_LABEL = (2.6, 1.3)


def draw_inside_of_back(ink: Ink, form: Form) -> None:
    """The far side of the garment, seen through its neckline."""
    if form.has("neckline", "halter neck", "open back"):
        draw_halter_band(ink, form)
        return
    if form.draft.sleeve is None and form.has("neckline", "spaghetti straps", "cowl neck"):
        draw_straps(ink, form)
        return
    if not form.neck.shoulder.size or form.bottom:
        return
    if form.has("neckline", "one-shoulder"):
        return
    if form.back:
        return
    far = _far_edge(form)
    ink.cover(closed(far, form.neck.opening[::-1]), INSIDE)
    ink.draw("seams", EDGE, far)
    wide, high = _LABEL
    if form.draft.neck is None or form.draft.neck.front < 6:
        return
    y = float(far.imag.max()) + 0.15
    ink.patch(
        line((-wide / 2, y), (wide / 2, y), (wide / 2, y + high), (-wide / 2, y + high)),
        weight=FINE,
    )


def _far_edge(form: Form) -> Line:
    return Form(form.draft, "back").neck.opening


# --- Collars -------------------------------------------------------------------------------


def draw_collar(ink: Ink, form: Form) -> None:
    """The collar, if it has one."""
    neck = form.draft.neck
    if neck is None or neck.kind not in _COLLARS:
        return
    front, back = _COLLARS[neck.kind]
    (back if form.back else front)(ink, form)


def _sizes(form: Form) -> tuple[float, float, float]:
    """Half of the neck's width, the front's depth, and the collar's height."""
    neck = form.draft.neck
    assert neck is not None
    return neck.width / 2, neck.front, neck.collar


def _inside_of_collar(ink: Ink, half: float, rise: float) -> None:
    """The far side of a collar, standing at the back of the neck."""
    t = shares(9, -1.0, 1.0)
    top = at(half * t, -rise - 0.6 * (1 - t * t))
    low = at(half * t, -rise + 3.6 * (1 - t * t))
    ink.cover(closed(top, low[::-1]), INSIDE)
    ink.draw("details", EDGE, top)
    ink.fine(low)


def _shirt_front(ink: Ink, form: Form) -> None:
    half, front, height = _sizes(form)
    _inside_of_collar(ink, half - 0.7, 2.6)
    stand = line((0.9, front - 3.0), (half - 1.6, 0.4), (half - 0.4, 1.4))
    lower = line((half - 0.6, 3.0), (0.9, front + 0.3))
    ink.patch(*[stand, lower], weight=EDGE)
    ink.patch(mirrored(stand), mirrored(lower), weight=EDGE)
    meet = complex(0.25, front - 3.4)
    point = complex(half - 2.6, front - 3.4 + height)
    fold = complex(half - 0.7, -2.6)
    shoulder = complex(half + 2.0, 0.9)
    edge = [
        np.array([meet, (meet + fold) / 2 + 0.5 + 0.35j, fold]),
        np.array([fold, fold + 1.9 + 1.4j, shoulder]),
        np.array([shoulder, (shoulder + point) / 2 + 0.3, point]),
        np.array([point, (point + meet) / 2 + 0.1j, meet]),
    ]
    for turned in (edge, [mirrored(run) for run in edge]):
        ink.patch(*turned, weight=EDGE)
    inset = np.array([shoulder - 0.75 + 0.2j, point - 0.45 - 0.85j, meet + 0.75 + 0.55j])
    ink.stitch(*both(inset), curved=False)


def _shirt_back(ink: Ink, form: Form) -> None:
    half, _, height = _sizes(form)
    _fall_from_behind(ink, half, height * 0.6)


def _fall_from_behind(ink: Ink, half: float, fall: float) -> None:
    t = shares(11, -1.0, 1.0)
    top = at((half - 0.7) * t, -2.6 - 0.7 * (1 - t * t))
    low = at((half + 2.0) * t, 0.9 + (fall - 0.9) * (1 - t**4))
    ink.patch(top, low[::-1], weight=EDGE)
    ink.stitch(low[1:-1] - 0.75j)


def _flat_front(ink: Ink, form: Form) -> None:
    """Peter Pan: lies flat, with round ends."""
    half, front, height = _sizes(form)
    opening = form.neck.opening
    inner = opening[opening.real >= 0.0]
    inner = np.concatenate([[complex(0.15, front)], inner[inner.real > 0.2]])
    end = _on_shoulder(form, height * 0.86)
    outer = np.array(
        [
            complex(half, 0.0),
            end,
            complex(end.real - 0.6, end.imag + height * 0.35),
            complex(half * 0.92, front + height * 0.62),
            complex(half * 0.48, front + height * 0.96),
            complex(half * 0.18, front + height * 0.72),
            complex(0.15, front),
        ]
    )
    for run in both(inner):
        sign = 1 if run[-1].real > 0 else -1
        rest = outer if sign > 0 else mirrored(outer)
        ink.patch(run, rest[:2], rest[1:], weight=EDGE)
    inset = outer[2:6] + np.array([-0.75, -0.55 - 0.5j, -0.75j, 0.6 - 0.35j])
    ink.stitch(*both(inset))


def _on_shoulder(form: Form, cm: float) -> complex:
    """A point on the right shoulder's seam, so far from the neck."""
    start, end = form.neck.shoulder
    way = (end - start) / abs(end - start)
    return complex(start + way * min(cm, abs(end - start) - 0.5))


def _flat_back(ink: Ink, form: Form) -> None:
    half, _, height = _sizes(form)
    end = _on_shoulder(form, height * 0.86)
    back = form.neck.opening
    inner = back[back.real >= 0.0]
    inner = np.concatenate([[complex(0.15, float(back.imag.max()))], inner[1:]])
    depth = float(back.imag.max()) + height
    outer = np.array(
        [
            complex(half, 0.0),
            end,
            complex(end.real - 1.2, end.imag + height * 0.45),
            complex(half * 0.7, depth),
            complex(half * 0.22, depth - 0.6),
            complex(0.15, float(back.imag.max())),
        ]
    )
    for run in both(inner):
        rest = outer if run[-1].real > 0 else mirrored(outer)
        ink.patch(run, rest[:2], rest[1:], weight=EDGE)


def _stand_front(ink: Ink, form: Form) -> None:
    half, front, height = _sizes(form)
    _inside_of_collar(ink, half - 1.0, height - 1.2)
    low = form.neck.opening
    t = shares(15, 1.0, -1.0)
    top = at((half - 1.0) * t, -height + 1.2 + (front - 1.2) * np.sqrt(np.maximum(1 - t * t, 0)))
    ink.patch(low, top, weight=EDGE)
    ink.detail(line((0.0, float(top.imag.max())), (0.0, front)))
    ink.stitch(top[1:-1][::-1] + 0.75j)


def _stand_back(ink: Ink, form: Form) -> None:
    half, _, height = _sizes(form)
    low = form.neck.opening
    t = shares(11, 1.0, -1.0)
    top = at((half - 1.0) * t, -height + 1.2 - 0.6 * (1 - t * t))
    ink.patch(low, top, weight=EDGE)
    ink.stitch(top[1:-1][::-1] + 0.75j)


def _roll_front(ink: Ink, form: Form) -> None:
    """A turtleneck, folded once."""
    half, front, height = _sizes(form)
    _draw_tube(ink, form, (half, front * 0.62, height))


def _roll_back(ink: Ink, form: Form) -> None:
    half, _, height = _sizes(form)
    _draw_tube(ink, form, (half, 2.6, height))


def _draw_tube(ink: Ink, form: Form, sizes: tuple[float, float, float]) -> None:
    half, drop, height = sizes
    t = shares(11, -1.0, 1.0)
    top = at((half - 1.3) * t, -height + 1.0 - 0.5 * (1 - t * t))
    low = at((half + 0.5) * t, 0.6 + drop * np.sqrt(np.maximum(1 - t * t, 0.0)))
    sides = [np.array([top[-1], top[-1] * 0.5 + low[-1] * 0.5 + 0.35, low[-1]])]
    sides.append(mirrored(sides[0])[::-1])
    ink.patch(top, sides[0], low[::-1], sides[1], weight=EDGE)
    for place in range(1, 10):
        u = t[place]
        foot = at((half + 0.5) * u, 0.6 + drop * np.sqrt(1 - u * u))
        head = at((half - 1.3) * u, -height + 1.0 - 0.5 * (1 - u * u))
        ink.fine(np.array([complex(head), complex(foot)]) + np.array([0.5j, -0.3j]))


def _hood_front(ink: Ink, form: Form) -> None:
    half, front, height = _sizes(form)
    outside = line(
        (half + 0.4, 0.6),
        (half + 3.4, -height * 0.32),
        (half + 2.2, -height * 0.7),
        (half * 0.55, -height * 0.95),
        (0.0, -height),
    )
    rim = line(
        (0.0, -height + 5.5),
        (half * 0.5, -height + 7.5),
        (half - 0.6, -height * 0.52),
        (half - 1.6, -height * 0.2),
        (1.6, front - 2.0),
        (0.0, front + 0.4),
    )
    whole = np.concatenate([dense(outside), dense(mirrored(outside)[::-1])])
    ink.cover(closed(whole, form.neck.opening))
    ink.outline(*both(outside))
    hole = np.concatenate([dense(rim), dense(mirrored(rim)[::-1])])
    ink.cover(hole, INSIDE)
    ink.draw("details", EDGE, *both(rim))
    ink.stitch(*both(rim[1:-1] + np.array([0.4 - 1.3j, 1.4, 1.4, 1.2])))
    ink.draw("seams", EDGE, form.neck.opening)
    cord = line((1.9, front - 0.4), (2.5, front + 5.0), (2.1, front + 13.0))
    ink.detail(*both(cord))
    for tip in both(cord[-1:]):
        ink.detail(np.array([tip[0], tip[0] + 1.6j]))


def _hood_back(ink: Ink, form: Form) -> None:
    half, _, height = _sizes(form)
    right = line(
        (half + 0.4, 0.6),
        (half + 3.6, -height * 0.3),
        (half + 2.4, -height * 0.68),
        (half * 0.6, -height * 0.94),
        (0.0, -height),
    )
    low = form.neck.opening
    ink.cover(closed(low, right, mirrored(right)[::-1]))
    ink.outline(*both(right))
    ink.draw("seams", EDGE, low)
    ink.seam(line((0.0, -height), (0.0, float(low.imag.max()))))


def _lapels_front(ink: Ink, form: Form) -> None:
    half, front, _ = _sizes(form)
    _inside_of_collar(ink, half - 0.6, 2.6)
    wide = 1.25 if form.has("closure", "double-breasted") else 1.0
    bottom = complex(0.0, front)
    fold = complex(half - 0.6, -2.6)
    gorge = complex(half - 1.0, front * 0.17)
    notch = complex(half + 2.0 * wide, front * 0.285)
    tip = complex(half + 4.8 * wide, front * 0.265 if wide == 1.0 else front * 0.2)
    shoulder = complex(half + 2.4, 1.1)
    collar_tip = complex(half + 4.2 * wide, front * 0.185 if wide == 1.0 else front * 0.165)
    roll = np.array([bottom, bottom * 0.5 + gorge * 0.5 + 0.35, gorge])
    lapel = [
        roll,
        np.array([gorge, notch]),
        np.array([notch, tip]),
        np.array([tip, complex(tip.real * 0.74 + 0.4, front * 0.62), bottom]),
    ]
    collar = [
        np.array([gorge, (gorge + fold) / 2 + 0.3, fold]),
        np.array([fold, fold + 2.0 + 1.5j, shoulder]),
        np.array([shoulder, (shoulder + collar_tip) / 2 + 0.2, collar_tip]),
        np.array([collar_tip, notch]),
        np.array([notch, gorge]),
    ]
    for piece in (lapel, collar):
        for turned in (piece, [mirrored(run) for run in piece]):
            ink.patch(*turned, weight=EDGE)


def _lapels_back(ink: Ink, form: Form) -> None:
    half, _, height = _sizes(form)
    _fall_from_behind(ink, half + 0.3, height * 0.72)


def _shawl_front(ink: Ink, form: Form) -> None:
    """One curve without a notch, from the neck to where the front closes."""
    half, front, _ = _sizes(form)
    _inside_of_collar(ink, half - 0.6, 2.6)
    bottom, fold = complex(0.0, front), complex(half - 0.6, -2.6)
    roll = np.array([bottom, complex(half * 0.62, front * 0.5), complex(half - 1.0, front * 0.14)])
    outer = np.array(
        [
            fold,
            fold + 2.2 + 1.6j,
            complex(half + 4.6, front * 0.2),
            complex(half + 4.4, front * 0.48),
            complex(half + 0.6, front * 0.78),
            bottom,
        ]
    )
    pieces = [roll, np.array([roll[-1], (roll[-1] + fold) / 2 + 0.3, fold]), outer]
    for turned in (pieces, [mirrored(run) for run in pieces]):
        ink.patch(*turned, weight=EDGE)
    ink.stitch(*both(outer[1:-1] - np.array([0.5 - 0.6j, 0.8, 0.8 + 0.2j, 0.5 + 0.7j])))


def _sailor_front(ink: Ink, form: Form) -> None:
    """Broad over the shoulders, with a knot where its ends meet."""
    half, front, _ = _sizes(form)
    bottom, neck = complex(0.0, front), complex(half - 0.4, 0.0)
    end = _on_shoulder(form, 9.5)
    outer = np.array(
        [end, complex(end.real - 0.6, front * 0.45), complex(half * 0.9, front * 0.86), bottom]
    )
    inner = np.array([bottom, complex(half * 0.52, front * 0.5), neck])
    pieces = [inner, np.array([neck, end]), outer]
    for turned in (pieces, [mirrored(run) for run in pieces]):
        ink.patch(*turned, weight=EDGE)
    for cm in (1.2, 2.2):
        ink.fine(*both(outer - np.array([cm, cm + 0.2j * cm, 0.6 * cm + 0.8j * cm, 1.3j * cm])))
    draw_bow(ink, bottom + 0.4j, 4.4, 9.0)


def _sailor_back(ink: Ink, form: Form) -> None:
    """The square flap."""
    _, _, height = _sizes(form)
    end = _on_shoulder(form, 9.5)
    low = float(form.neck.opening.imag.max()) + height
    high = form.neck.opening
    corner = complex(end.real + 0.3, low)
    ink.patch(
        high,
        np.array([high[-1], end]),
        np.array([end, corner]),
        np.array([corner, complex(-corner.real, low)]),
        np.array([complex(-corner.real, low), mirrored(np.array([end]))[0]]),
        weight=EDGE,
    )
    for cm in (1.4, 2.6):
        inset = [end - cm + 1.0j, corner - cm - 1j * cm]
        band = np.array([*inset, *mirrored(np.array(inset[::-1]))])
        ink.fine(band, curved=False)


_COLLARS = {
    "shirt collar": (_shirt_front, _shirt_back),
    "peter pan collar": (_flat_front, _flat_back),
    "stand collar": (_stand_front, _stand_back),
    "turtleneck": (_roll_front, _roll_back),
    "hood": (_hood_front, _hood_back),
    "notched lapels": (_lapels_front, _lapels_back),
    "shawl collar": (_shawl_front, _lapels_back),
    "sailor collar": (_sailor_front, _sailor_back),
}


# --- Bows ---------------------------------------------------------------------


def draw_bows(ink: Ink, form: Form) -> None:
    """Bows at the neck or on the shoulders."""
    neck = form.draft.neck
    if neck is None:
        return
    if form.has("bow", "neck bow") and not form.back:
        draw_bow(ink, complex(0.0, min(neck.front, 9.0) + 0.5), 7.5, 15.0)
    if form.has("bow", "shoulder bows"):
        middle = complex(np.mean(form.neck.shoulder))
        for side in (middle, complex(-middle.real, middle.imag)):
            draw_bow(ink, side - 0.4j, 4.6, 7.0)


def draw_bow(ink: Ink, knot: complex, loop: float, tail: float) -> None:
    """A bow round its knot: two tails, two loops."""
    end = line((0.1, 0.2), (0.9, tail * 0.45), (loop * 0.34, tail))
    back = line((loop * 0.62, tail - 0.8), (loop * 0.42, tail * 0.4), (loop * 0.2, 0.2))
    lobe = loop * line(
        (0.06, -0.1),
        (0.45, -0.42),
        (0.92, -0.38),
        (1.0, 0.06),
        (0.84, 0.38),
        (0.42, 0.26),
        (0.06, 0.12),
    )
    for turn in (False, True):
        pieces = [[end, back], [lobe]]
        for piece in pieces:
            placed = [knot + (mirrored(run) if turn else run) for run in piece]
            ink.patch(*placed, weight=EDGE)
        for rise in (-0.12, 0.1):
            fold = loop * line((0.14, 0.0), (0.4, rise), (0.68, rise * 1.5))
            ink.fine(knot + (mirrored(fold) if turn else fold))
    t = np.linspace(0, 2 * np.pi, 13)
    ink.cover(knot + loop * (0.16 * np.cos(t) + 0.19j * np.sin(t)))
    ink.draw("details", EDGE, knot + loop * (0.16 * np.cos(t) + 0.19j * np.sin(t)))
