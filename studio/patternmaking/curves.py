"""Smooth curves through knots that never overshoot: what is widest at a knot is widest there.

Source: Fritsch and Butland, "A method for constructing local monotone piecewise cubic
interpolants" (1984), with their harmonic mean of neighbouring slopes.
"""

from collections.abc import Sequence
from itertools import pairwise

Knot = tuple[float, float]


def monotone(knots: Sequence[Knot], place: float) -> float:
    """The value at a place; beyond the first and last knot it stays.

    Args:
        knots: places, growing, and the values there.
        place: where.
    """
    if place <= knots[0][0]:
        return knots[0][1]
    slopes = _slopes(tuple(knots))
    for number, ((x0, y0), (x1, y1)) in enumerate(pairwise(knots)):
        if place <= x1:
            width = x1 - x0
            t = (place - x0) / width
            rest = 1 - t
            bends = slopes[number] * t * rest * rest - slopes[number + 1] * t * t * rest
            return y0 * rest * rest * (1 + 2 * t) + y1 * t * t * (3 - 2 * t) + width * bends
    return knots[-1][1]


def _slopes(knots: tuple[Knot, ...]) -> list[float]:
    rises = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise(knots)]
    inner = [0.0 if a * b <= 0 else 2 * a * b / (a + b) for a, b in pairwise(rises)]
    return [rises[0], *inner, rises[-1]]
