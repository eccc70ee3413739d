"""Trouser legs laid flat: knee and hem as wide as they measure, the fork folded in."""

from dataclasses import dataclass

import numpy as np

from studio.design.families import KNITTED
from studio.drawing.flats.form import Form
from studio.drawing.flats.ink import CREASE, Ink, both
from studio.drawing.lines import Line, at, line, shares, smooth
from studio.patternmaking.allowances import LEG_CUFF
from studio.patternmaking.curves import monotone

UNCREASED = (*KNITTED, "denim", "leather", "quilted", "velvet", "corduroy", "suede")
"""Fabrics whose trousers have no pressed crease."""
_INNER = {  # how far the inner edge lies from the middle at the knee and at the hem
    "skinny": (2.4, 4.6),
    "straight-leg": (1.6, 2.6),
    "wide-leg": (1.2, 2.4),
    "flared": (3.4, 1.4),
    "leggings": (2.8, 5.2),
    "joggers": (1.8, 4.6),
}


@dataclass(frozen=True)
class FlatLeg:
    """The right leg of the page.

    Attributes:
        outer: its outer edge, from the waist to the hem.
        inner: its inner edge, from the crotch to the hem.
        mouth: its hem, from the outer to the inner edge.
        knee: the outer and the inner point at the knee; of shorts, at the hem.
        thigh: the outer point beside the crotch.
        waist: height of the waist.
    """

    outer: Line
    inner: Line
    mouth: Line
    knee: tuple[complex, complex]
    thigh: complex
    waist: float

    @property
    def shape(self) -> Line:
        """The closed line round it, with its half of the trunk from the waist down."""
        below = self.outer[self.outer.imag >= self.waist - 0.01]
        return np.concatenate([[complex(0.0, self.waist)], below, self.inner[::-1]])


def flat_leg(form: Form) -> FlatLeg | None:
    """The right leg of a form; None where it has none."""
    draft, leg = form.draft, form.draft.leg
    if leg is None:
        return None
    hem_y = draft.hem
    knee_in, hem_in = _INNER[draft.spec["leg"]]
    thigh = complex(form.half(draft.hip) + 0.9, draft.crotch + 2.0)
    folded = min(2 * thigh.real / leg.thigh, 1.0)  # the fork takes the rest
    knee_y = draft.crotch + leg.knee_down
    if leg.inseam <= leg.knee_down:  # shorts
        share = min(leg.inseam / 32.0, 1.0)
        wide = leg.hem / 2 * (folded + (1 - folded) * share)
        hem_in = 0.9
        ends = [(hem_y, hem_in + wide, hem_in)]
    else:
        ends = [
            (knee_y, knee_in + leg.knee / 2, knee_in),
            (hem_y, hem_in + leg.hem / 2, hem_in),
        ]
    if form.has("leg", "joggers") and leg.inseam > leg.knee_down:  # full down to the cuff
        wide = leg.hem / 2 + 3.0
        ends.insert(1, (hem_y - LEG_CUFF - 1.0, hem_in - 1.2 + wide + 1.0, hem_in - 1.2))
    outside = [(y, girth / 4) for y, girth in draft.knots if y <= draft.hip]
    straight = ends[0][1] < thigh.real + 3.0  # wide legs fall from the hip
    outside += [(thigh.imag, thigh.real)] if straight else []
    outside += [(y, out) for y, out, _ in ends]
    inside = [(draft.crotch, 0.0), *[(y, within) for y, _, within in ends]]
    ys = shares(31, draft.top, hem_y)
    outer = at([monotone(outside, float(y)) for y in ys], ys)
    ys = shares(13, draft.crotch, hem_y)
    inner = at([monotone(inside, float(y)) for y in ys], ys)
    middle = (outer[-1] + inner[-1]) / 2 + 0.6j
    y, out, within = ends[0]
    knee = (complex(out, y), complex(within, y))
    mouth = np.array([outer[-1], middle, inner[-1]])
    return FlatLeg(outer, inner, mouth, knee, thigh, draft.waist)


def draw_legs(ink: Ink, form: Form, leg: FlatLeg) -> None:
    """Outlines of both legs, and their hems."""
    ink.outline(*both(leg.outer, leg.inner, leg.mouth))
    if form.has("leg", "joggers"):
        _ribbed_cuff(ink, leg)
        return
    rows = leg.mouth[[0, 1, 2]] - 2.0j
    rows[0] -= 0.2
    rows[2] += 0.2
    ink.stitch(*both(rows))
    if _creased(form):
        hip = complex(form.half(form.draft.hip) * 0.52, form.draft.hip + 2.0)
        knee = (leg.knee[0] + leg.knee[1]) / 2
        hem = (leg.mouth[0] + leg.mouth[2]) / 2
        ink.draw("details", CREASE, *both(line(*[(p.real, p.imag) for p in (hip, knee, hem)])))


def _ribbed_cuff(ink: Ink, leg: FlatLeg) -> None:
    low, up = leg.mouth, -1j * LEG_CUFF
    places = np.linspace(0.0, 1.0, 3)
    ink.seam(*both(low + up + np.array([0.3, 0.0, -0.3])))
    for share in np.linspace(0.06, 0.94, 13):
        end = complex(np.interp(share, places, low))
        ink.fine(*both(np.array([end + up * 0.96, end - 0.2j])))
    for number, share in enumerate(np.linspace(0.12, 0.88, 7)):
        root = complex(np.interp(share, places, low)) + up
        ink.fine(*both(np.array([root - 0.2j, root - (3.0 + 1.8 * (number % 2)) * 1j])))


def _creased(form: Form) -> bool:
    long = form.draft.leg is not None and form.draft.leg.inseam > form.draft.leg.knee_down
    return (
        long
        and form.has("leg", "straight-leg", "wide-leg")
        and form.has("category", "trousers")
        and not form.has("fabric", *UNCREASED)
    )


def outer_at(leg: FlatLeg, y: float) -> complex:
    """The point of the outer edge at a height."""
    edge = smooth(leg.outer)
    return complex(float(np.interp(y, edge.imag, edge.real)), y)
