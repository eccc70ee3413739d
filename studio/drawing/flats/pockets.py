"""Pockets of flats: patch, chest and cargo pockets, and those that trousers have anyway."""

import numpy as np

from studio.design.families import TROUSERED
from studio.drawing.flats.fastenings import button
from studio.drawing.flats.form import Form
from studio.drawing.flats.ink import Ink, both, clipped, mirrored
from studio.drawing.flats.legs import FlatLeg, outer_at
from studio.drawing.lines import Line, line
from studio.patternmaking.allowances import RIB_HEIGHT, WAISTBAND


def draw_pockets(ink: Ink, form: Form, leg: FlatLeg | None) -> None:
    """The pockets of this side."""
    value = form.draft.spec["pockets"]
    if form.has("category", *TROUSERED):
        _trouser_pockets(ink, form, leg)
    if value in ("patch pockets", "cargo pockets") and not form.back:
        cargo = value == "cargo pockets"
        if leg is not None and form.has("category", *TROUSERED):
            _leg_pockets(ink, form, leg, cargo)
        else:
            _patch_pockets(ink, form, cargo)
    elif value == "chest pocket" and not form.back:
        _chest_pocket(ink, form)


def _pocket(middle: complex, width: float, height: float) -> Line:
    """Corners of a patch pocket from its top left one; its lower edge comes to a soft point."""
    half = width / 2
    corners = line(
        (-half, 0.0),
        (half, 0.0),
        (half, height - 2.0),
        (half - 2.0, height),
        (-half + 2.0, height),
        (-half, height - 2.0),
    )
    return middle + corners


def _put(ink: Ink, corners: Line, flap: bool) -> None:
    runs = [corners[[i, (i + 1) % 6]] for i in range(6)]
    ink.patch(*runs)
    centre = complex((corners[0] + corners[1]) / 2 + 1j * (corners[3].imag - corners[0].imag) / 2)
    inset = centre + (corners - centre) * 0.9
    ink.stitch(np.append(inset[1:], inset[0]), curved=False)
    if not flap:
        ink.stitch(corners[:2] + np.array([0.3 + 2.2j, -0.3 + 2.2j]))
        return
    for x in (-1.3, 1.3):  # the pleat that gives it room
        ink.fine(np.array([(corners[0] + corners[1]) / 2 + x, (corners[3] + corners[4]) / 2 + x]))
    left, right = corners[0] - 0.5 - 1.0j, corners[1] + 0.5 - 1.0j
    deep = 5.0j
    flap_runs = [
        np.array([left, right]),
        np.array([right, right + deep]),
        np.array([right + deep, left + deep]),
        np.array([left + deep, left]),
    ]
    ink.patch(*flap_runs)
    ink.stitch(
        np.array(
            [
                left + 0.7 + 0.2j,
                left + 0.7 + deep - 0.7j,
                right - 0.7 + deep - 0.7j,
                right - 0.7 + 0.2j,
            ]
        ),
        curved=False,
    )
    button(ink, complex((left + right) / 2 + deep * 0.66), 0.55)


def _patch_pockets(ink: Ink, form: Form, cargo: bool) -> None:
    draft = form.draft
    room = draft.hem - draft.waist
    height = min(15.0, max(room - 8.0, 9.0))
    if form.legged:
        height = 14.0
    y = draft.waist + (8.0 if room > 28 else 3.0)
    if room < 16 and not form.legged:
        y = max(draft.hem - height - 5.0, draft.underarm + 4.0)
    free = RIB_HEIGHT + 1.0 if form.has("category", "sweater") else 3.0
    if not form.legged:
        y = max(min(y, draft.hem - free - height), draft.underarm + 3.0)
        height = min(height, draft.hem - free - y)
    width = min(13.0, form.half(y) * 0.6)
    x = form.half(y + 2.0) * 0.54
    for turn in (1, -1):
        _put(ink, _pocket(complex(turn * x, y), width, height), cargo)


def _leg_pockets(ink: Ink, form: Form, leg: FlatLeg, cargo: bool) -> None:
    draft = form.draft
    y = draft.crotch + 4.0 if cargo and draft.hem - draft.crotch > 28 else draft.hip + 0.5
    if form.has("category", "shorts") or form.has("length", "mini"):
        y = draft.hip - 1.0
    height = min(15.0, draft.hem - y - 4.0)
    edge = outer_at(leg, y + 5.0).real
    width = 12.0
    x = edge - width / 2 - 2.2
    corners = _pocket(complex(x, y), width, height)
    for placed in (corners, mirrored(corners)[[1, 0, 5, 4, 3, 2]]):
        _put(ink, placed, cargo)


def _chest_pocket(ink: Ink, form: Form) -> None:
    """On the wearer's left, which is the right of the page."""
    draft = form.draft
    y = draft.underarm - 1.0
    height = min(11.5, draft.hem - y - 4.0)
    x = form.half(draft.underarm) * 0.52
    corners = _pocket(complex(x, y), 10.0, height)
    if form.has("category", "jacket", "waistcoat"):
        _welt(ink, complex(x, y + 2.0), 10.0, 2.2)
        return
    _put(ink, corners, False)


def _welt(ink: Ink, middle: complex, width: float, height: float) -> None:
    lean = 0.6j
    left, right = middle - width / 2 + lean, middle + width / 2 - lean
    down = height * 1j
    ink.patch(
        np.array([left, right]),
        np.array([right, right + down]),
        np.array([right + down, left + down]),
        np.array([left + down, left]),
    )


# --- Of trousers ---------------------------------------------------------------------------


def _trouser_pockets(ink: Ink, form: Form, leg: FlatLeg | None) -> None:
    if leg is None or form.elastic:
        return
    if form.back:
        _back_pockets(ink, form)
        return
    top = form.draft.waist + WAISTBAND
    start = complex(form.half(top) - 5.5, top)
    end = outer_at(leg, top + 15.0)
    if form.has("fabric", "denim"):
        curve = np.array(
            [start - 1.5, complex(start.real + 1.0, top + 6.0), outer_at(leg, top + 8.5)]
        )
        ink.detail(*both(curve))
        ink.stitch(*both(curve - np.array([0.7, 0.6 - 0.4j, 0.1 - 0.8j])))
        return
    slant = np.array([start, end])
    ink.detail(*both(slant))
    ink.stitch(
        *both(slant - np.array([0.7, 0.6 - 0.5j])), *both(slant - np.array([1.3, 1.2 - 1.0j]))
    )


def _back_pockets(ink: Ink, form: Form) -> None:
    draft = form.draft
    y = draft.waist + 10.5
    x = form.half(y) * 0.52
    if form.has("fabric", "denim") or not form.has("pockets", "none"):
        for turn in (1, -1):
            _put(ink, _pocket(complex(turn * x, y), 12.5, 13.5), False)
        return
    for turn in (1, -1):
        middle = complex(turn * x, y + 2.0)
        band = line((-6.0, 0.0), (6.0, 0.0), (6.0, 1.1), (-6.0, 1.1))
        runs = [middle + band[[i, (i + 1) % 4]] for i in range(4)]
        ink.patch(*runs)
        ink.detail(middle + line((-6.0, 0.55), (6.0, 0.55)))
        button(ink, middle + 2.4j, 0.55)


def draw_fly(ink: Ink, form: Form) -> None:
    """The middle seam, and at the front the stitched shield of the fly."""
    draft = form.draft
    if not form.legged or form.has("category", "jumpsuit"):
        if form.legged:
            ink.seam(line((0.0, draft.waist), (0.0, draft.crotch)))
        return
    gathered = form.elastic
    top = draft.waist + (WAISTBAND if not gathered else 3.0)
    ink.seam(line((0.0, top), (0.0, draft.crotch)))
    if form.back:
        if form.has("fabric", "denim"):
            seam = np.array(
                [form.at(-1.0, top + 3.5), complex(0.0, top + 7.5), form.at(1.0, top + 3.5)]
            )
            ink.seam(*clipped(seam, form.shape, curved=False))
            ink.stitch(*clipped(seam + 0.7j, form.shape, curved=False))
        elif not gathered:
            x = form.half(top + 4.0) * 0.5
            ink.seam(
                *both(line((x - 0.6, top), (x, top + 7.5)), line((x + 0.6, top), (x, top + 7.5)))
            )
        return
    if has_fly(form):
        low = draft.crotch - 8.0
        shield = line((3.4, top), (3.4, low - 6.0), (2.9, low - 2.0), (0.1, low + 1.5))
        ink.stitch(shield, shield - np.array([0.6, 0.6, 0.55 + 0.3j, 0.0 + 0.9j]))


def has_fly(form: Form) -> bool:
    """Whether trousers have a fly with a stitched shield."""
    trousers = form.has("category", "trousers", "shorts") and not form.elastic
    return trousers and form.has("closure", "none", "button front")
