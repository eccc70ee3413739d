"""Pockets sewn onto a garment."""

import numpy as np

from studio.design.families import TROUSERED
from studio.drawing.cloth import GOLD
from studio.drawing.cutting.legs import TrouserLeg
from studio.drawing.details.choice import draw_chosen
from studio.drawing.figure import BUST, CENTRE, HIP, SIDES
from studio.drawing.garment import Garment
from studio.drawing.lines import Line, Warp, chain, joined, line
from studio.drawing.paths import Point, circle
from studio.drawing.pen import Pen


def draw_pockets(pen: Pen, garment: Garment) -> None:
    """The design's pockets, if they show."""
    if not garment.back:
        draw_chosen("pockets", _POCKETS, pen, garment)


def _patch_pockets(pen: Pen, garment: Garment) -> None:
    top = _top_of_patches(garment)
    wide = min(10.5, garment.half_width(top + 6) * 0.62)
    for side in SIDES:
        left = CENTRE + side * garment.half_width(top + 6) * 0.56 - wide / 2
        _draw_pocket(pen, garment, (left, top), (wide, 12.5))


def pocket_heights(garment: Garment) -> tuple[float, float] | None:
    """From where to where pockets lie beside the middle line, if there are any."""
    if garment.has("pockets", "chest pocket"):
        return BUST - 4, BUST + 7
    if garment.has("pockets", "patch pockets"):
        top = _top_of_patches(garment)
        return top - 1, top + 13.5
    return None


def _top_of_patches(garment: Garment) -> float:
    long = garment.hem > 112 or garment.has("category", *TROUSERED)
    return 95.0 if long else garment.hem - 17.0


def _chest_pocket(pen: Pen, garment: Garment) -> None:
    _draw_pocket(pen, garment, (CENTRE + 3.8, BUST - 3), (8.0, 9.0))


def _cargo_pockets(pen: Pen, garment: Garment) -> None:
    if garment.legs:
        for leg in garment.legs:
            page = pen.posed(_along_leg(leg))
            place = 0.27 if leg.end > 0.5 else 0.1
            half = float(leg.half(np.array([place]))[0]) * leg.side
            _draw_pocket(page, garment, (half * 0.35 - 5.5, place), (11, 0.115), flap=True)
        return
    top = min(120.0 if garment.hem < 150 else 132.0, garment.hem - 20)
    half = min(garment.half_width(y) for y in (top, top + 7.0, top + 14.0))
    wide = min(12.0, 0.74 * half)
    beside = min(garment.half_width(HIP) * 0.72, half - 0.55 * wide - 0.6)
    for side in SIDES:
        left = CENTRE + side * beside - wide / 2
        _draw_pocket(pen, garment, (left, top), (wide, 14), flap=True)


def _along_leg(leg: TrouserLeg) -> Warp:
    """A frame whose y is the place along a leg."""
    return lambda points: leg.limb.on(points.imag, points.real)


_POCKETS = {
    "patch pockets": _patch_pockets,
    "chest pocket": _chest_pocket,
    "cargo pockets": _cargo_pockets,
}


def _draw_pocket(
    pen: Pen, garment: Garment, corner: Point, size: Point, flap: bool = False
) -> None:
    (left, top), (width, height) = corner, size

    def shape(*points: Point) -> Line:
        return line(*[(left + x * width, top + y * height) for x, y in points])

    cloth, ink = garment.cloth, garment.cloth.visible_ink
    tone = cloth.layered(0.1, dark_below=0.35)
    outline = shape((0, 0), (1, 0), (1, 0.82), (0.5, 1.0), (0, 0.82))
    pen.patch(joined(*[outline[[i, (i + 1) % 5]] for i in range(5)]), tone, ink, 0.5)
    inset = shape((0.08, 0.14), (0.08, 0.79), (0.5, 0.93), (0.92, 0.79), (0.92, 0.14))
    pen.dashes(chain(inset), ink, 0.22, (0.9, 0.6), 0.8)
    if not flap:
        pen.dashes(chain(shape((0, 0.14), (1, 0.14))), ink, 0.22, (0.9, 0.6), 0.8)
        return
    lid = shape((-0.04, -0.06), (1.04, -0.06), (1.04, 0.24), (0.5, 0.36), (-0.04, 0.24))
    pen.patch(joined(*[lid[[i, (i + 1) % 5]] for i in range(5)]), tone, ink, 0.5)
    button = complex(shape((0.5, 0.2))[0])
    spot = complex(pen.seen(np.array([button]))[0])
    page = pen.posed(None)
    page.fill(circle(spot.real, spot.imag, 0.9), GOLD)
    page.line(circle(spot.real, spot.imag, 0.9), ink, 0.25)
