"""The lower edge of a garment, and the slit in it."""

from dataclasses import dataclass

from studio.design.families import NONE
from studio.design.spec import DesignSpec
from studio.drawing.figure import CENTRE, HIP
from studio.drawing.limbs import HalfWidth
from studio.drawing.paths import Point

_STEPS = 24
_HIGHEST_SLIT = 122.0


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


def lower_edge(spec: DesignSpec, half_width: HalfWidth, hem: float) -> LowerEdge:
    """The hem of whatever is not in legs."""
    line = _hem_line(spec["hem"], half_width, hem)
    points = line if spec["slit"] == NONE else _slit_open(line, slit(spec, half_width, hem))
    return LowerEdge(points, line, hem, line[0][1], line[-1][1])


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


def slit(spec: DesignSpec, half_width: HalfWidth, hem: float) -> tuple[Point, Point, Point]:
    """The corners of the slit: at the hem on the left, its top, at the hem on the right."""
    half = half_width(hem)
    x = CENTRE + (-half * 0.74 if spec["slit"] == "side slit" else 3.5)
    top = max(hem - 0.55 * (hem - HIP), _HIGHEST_SLIT)
    opening = min(6.0, half - abs(x - CENTRE) - 0.5)
    return (x - opening, hem), (x + 0.5, top), (x + opening, hem)


def _slit_open(line: list[Point], corners: tuple[Point, Point, Point]) -> list[Point]:
    """The hem line, from right to left, with a way up into the slit and down again."""
    (left, _), top, (right, _) = corners
    before = [point for point in line if point[0] > right]
    after = [point for point in line if point[0] < left]
    return [*before, (right, before[-1][1]), top, (left, after[0][1]), *after]
