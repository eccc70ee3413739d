"""A garment: its pieces of cloth, and the lines that details hang on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from studio.design.families import BOTTOMS
from studio.design.spec import DesignSpec
from studio.drawing.cloth import Cloth, Panel
from studio.drawing.cutting.hemlines import LowerEdge, lower_edge
from studio.drawing.cutting.legs import legs
from studio.drawing.cutting.necklines import neckline
from studio.drawing.cutting.sleeves import sleeves
from studio.drawing.cutting.widths import body_knots, ease, seam_height, smooth
from studio.drawing.figure import BUST, CENTRE, HIP, KNEE, WAIST, Figure
from studio.drawing.limbs import HalfWidth
from studio.drawing.paths import Path, Point, curve, polygon, straight


@dataclass(frozen=True)
class Garment:
    """The cut pieces and the lines that details hang on.

    Attributes:
        spec: the design that it is a part of.
        cloth: what it is made of.
        figure: who wears it.
        body: the piece round the body.
        sleeves: the sleeves from left to right.
        half_width: half of the body's width at a height.
        top: height of the upper edge on the middle line.
        waist: height of the waist's seam.
        hem: height of the hem.
        hem_line: the lower edge, from right to left.
        neckline: the upper edge, from left to right; empty for skirts and trousers.
    """

    spec: DesignSpec
    cloth: Cloth
    figure: Figure
    body: Panel
    sleeves: tuple[Panel, ...]
    half_width: HalfWidth
    top: float
    waist: float
    hem: float
    hem_line: tuple[Point, ...]
    neckline: tuple[Point, ...]

    def has(self, family: str, *values: str) -> bool:
        """Whether the design's value of this family is one of these."""
        return self.spec[family] in values

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All pieces of the outer cloth."""
        return (self.body, *self.sleeves)

    def at(self, y: float, share: float) -> Point:
        """The point `share` (-1..1) of the half width beside the middle, at a height."""
        return CENTRE + self.half_width(y) * share, y

    def line_across(self, y: float, rise: float, sag: float, reach: float = 1.0) -> Path:
        """A line from side to side: `rise` units higher at the sides, `sag` lower amid them.

        It ends at the share `reach` of the half width.
        """
        return curve([self.at(y - rise, -reach), self.at(y + sag, 0), self.at(y - rise, reach)])

    def line_down(self, top: float, bottom: float, share: float, spread: float = 1.0) -> Path:
        """A straight line down at a share of the half width, `spread` times that at its end."""
        return straight(self.at(top, share), self.at(bottom, share * spread))


def cut(spec: DesignSpec, figure: Figure) -> Garment:
    """Cut the design's garment for the figure."""
    if spec["category"] in ("trousers", "shorts"):
        return _cut_trousers(spec, figure)
    knots = body_knots(spec, figure)
    half_width = smooth(knots)
    if spec["category"] == "jumpsuit":
        below = legs(spec, figure)
    else:
        below = lower_edge(spec, half_width, knots[-1][0])
    start = WAIST - 2 if spec["category"] in BOTTOMS else BUST
    above = neckline(spec, figure)
    top = min((y for _, y in above), default=start)
    path = _outline(spec, half_width, above, below, start)
    return Garment(
        spec=spec,
        cloth=Cloth.of(spec),
        figure=figure,
        body=Panel(
            path=path,
            half=half_width(HIP if spec["category"] in BOTTOMS else BUST),
            length=below.hem - top,
            place=_body_place(half_width, top, below.hem, start),
        ),
        sleeves=sleeves(spec, figure),
        half_width=half_width,
        top=max((y for x, y in above if abs(x - CENTRE) < 1.5), default=start),
        waist=seam_height(spec),
        hem=below.hem,
        hem_line=tuple(below.hem_line),
        neckline=tuple(above),
    )


def _outline(
    spec: DesignSpec, half_width: HalfWidth, above: list[Point], below: LowerEdge, start: float
) -> Path:
    """Upper edge, right side, lower edge, left side."""
    right = [(CENTRE + half_width(y), y) for y in _heights(start, below.right_end)]
    left = [(CENTRE - half_width(y), y) for y in reversed(_heights(start, below.left_end))]
    if spec["neckline"] == "one-shoulder":  # the left side begins lower
        left = [point for point in left if point[1] > 64]
    return polygon([*above, *right, *below.points, *left])


def _heights(start: float, end: float) -> list[float]:
    count = max(2, int((end - start) / 4))
    return [start + (end - start) * i / count for i in range(count + 1)]


def _body_place(
    half_width: HalfWidth, top: float, hem: float, start: float
) -> Callable[[float, float], Point]:
    """Patterns get wider with the body, and sag towards the hem at its sides."""
    reference = half_width(start)

    @cache  # patterns go across the body at the same height
    def frame(along: float) -> tuple[float, float, float]:
        y = top + along
        stretch = max(half_width(max(y, start)) / reference, 0.75)
        sag = 4.0 * max(0.0, (y - WAIST) / max(hem - WAIST, 40.0))
        return y, stretch, sag

    def place(across: float, along: float) -> Point:
        y, stretch, sag = frame(along)
        u = across / reference
        return CENTRE + across * stretch, y - sag * u * u

    return place


def _cut_trousers(spec: DesignSpec, figure: Figure) -> Garment:
    hip = figure.hip + ease(spec)[2] * 0.7 + 0.5
    half_width = smooth([(WAIST - 2, figure.waist + 1.5), (HIP, hip), (KNEE, hip + 2)])
    below = legs(spec, figure)
    heights = _heights(WAIST - 2, HIP + 2)
    right = [(CENTRE + half_width(y), y) for y in heights]
    left = [(CENTRE - half_width(y), y) for y in reversed(heights)]
    return Garment(
        spec=spec,
        cloth=Cloth.of(spec),
        figure=figure,
        body=Panel(
            path=polygon([*right, *below.points, *left]),
            half=hip,
            length=below.hem - WAIST,
            place=lambda across, along: (CENTRE + across * 1.3, WAIST + along),
        ),
        sleeves=(),
        half_width=half_width,
        top=WAIST - 2,
        waist=WAIST,
        hem=below.hem,
        hem_line=tuple(below.hem_line),
        neckline=(),
    )
