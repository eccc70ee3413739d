"""The lower edge of a garment, and the slit in it."""

from dataclasses import dataclass

import skia

from training.atelier.attributes import NONE, Outfit
from training.atelier.figure import CENTRE, HIP
from training.atelier.limbs import HalfWidth
from training.atelier.pen import Point, polygon, without

_STEPS = 24


@dataclass(frozen=True)
class LowerEdge:
    """How a garment ends below.

    Attributes:
        points: from the end of the right side round to the end of the left one.
        hem_line: the points that lie on the hem, from right to left.
        hem: the height of the hem.
        right_end: where the right side of the body ends.
        left_end: where its left side ends.
    """

    points: list[Point]
    hem_line: list[Point]
    hem: float
    right_end: float
    left_end: float


def lower_edge(outfit: Outfit, half_width: HalfWidth, hem: float) -> LowerEdge:
    """The hem of whatever is not in legs."""
    line = _hem_line(outfit["hem"], half_width, hem)
    return LowerEdge(line, line, hem, line[0][1], line[-1][1])


def _hem_line(kind: str, half_width: HalfWidth, hem: float) -> list[Point]:
    sag = 3.0 + 0.04 * half_width(hem)
    points = []
    for step in range(_STEPS + 1):
        u = 1 - step / (_STEPS / 2)
        y = hem - sag * u * u * 0.8
        if kind == "asymmetric hem":
            y += 13 * u - 13
        elif kind == "high-low hem":
            y -= 26 * (1 - u * u)
        points.append((CENTRE + half_width(y if abs(u) == 1 else hem) * u, y))
    return points


def slit_top(outfit: Outfit, half_width: HalfWidth, hem: float) -> Point:
    """Where the slit begins."""
    side = outfit["slit"] == "side slit"
    x = CENTRE + (-half_width(hem) * 0.74 if side else 3.5)
    return x, max(hem - 0.55 * (hem - HIP), 122.0)


def with_slit(outfit: Outfit, path: skia.Path, half_width: HalfWidth, hem: float) -> skia.Path:
    """The path without the outfit's slit."""
    if outfit["slit"] == NONE:
        return path
    x, top = slit_top(outfit, half_width, hem)
    return without(path, polygon([(x + 0.5, top), (x + 6, hem + 6), (x - 6, hem + 6)]))
