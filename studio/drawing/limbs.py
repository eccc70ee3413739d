"""Limbs of two bones: arms and legs, and what sleeves and trouser legs follow."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from studio.drawing.lines import Line, Numbers, between, eased, shares

HalfWidth = Callable[[float], float]
"""Half of a width at a height."""
Profile = Callable[[Numbers], Numbers]
"""Half widths at places along a limb."""


class Limb:
    """Two bones with a rounded bend between them.

    Places run from 0 (the upper joint) to 1 (the lower one); beyond them the limb goes on straight.

    Attributes:
        joints: upper, middle and lower joint.
        length: from end to end, in page units.
        middle: the place of the bend.
        turn: > 0 where the middle joint bends to the left of the page, for a hanging limb.
    """

    def __init__(self, upper: complex, middle: complex, lower: complex, softness: float) -> None:
        self.joints = (upper, middle, lower)
        first = between(np.array(upper), np.array(middle), shares(12, 0.0, 1 - softness))
        last = between(np.array(middle), np.array(lower), shares(12, softness, 1.0))
        t = shares(11)[1:-1]
        bend = (1 - t) ** 2 * first[-1] + 2 * t * (1 - t) * middle + t**2 * last[0]
        self._points = np.concatenate([first, bend, last])
        run = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(self._points)))])
        self.length = float(run[-1])
        self._places = run / run[-1]
        along = np.gradient(self._points)
        self._along = along / np.abs(along)
        bones = abs(middle - upper), abs(lower - middle)
        self.middle = bones[0] / (bones[0] + bones[1])
        self.turn = ((lower - middle) / (middle - upper)).imag

    def on(self, place: ArrayLike, across: ArrayLike = 0.0) -> Line:
        """Points at places along the limb; `across` runs to the right of a hanging limb."""
        t = np.asarray(place, dtype=float)
        inside = np.minimum(np.maximum(t, 0.0), 1.0)
        along = np.interp(inside, self._places, self._along)
        spine = np.interp(inside, self._places, self._points)
        beyond = (t - inside) * self.length
        return np.asarray(spine + along * beyond - 1j * along * np.asarray(across))

    def along(self, place: float) -> complex:
        """The direction at a place, of length 1."""
        found = complex(np.interp(min(max(place, 0.0), 1.0), self._places, self._along))
        return found / abs(found)


def profile(*knots: tuple[float, float]) -> Profile:
    """Half widths through knots of place and half width, without overshoot."""
    at = np.array([knot[0] for knot in knots])
    widths = np.array([knot[1] for knot in knots])
    fine = np.linspace(at[0], at[-1], 121)
    i = np.clip(np.searchsorted(at, fine, side="right") - 1, 0, len(at) - 2)
    share = eased((fine - at[i]) / (at[i + 1] - at[i]))
    table = widths[i] + (widths[i + 1] - widths[i]) * share

    def half(place: Numbers) -> Numbers:
        t = np.asarray(place, dtype=float)
        return np.asarray(np.interp(t, fine, table))

    return half
