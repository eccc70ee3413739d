"""Belts and sashes round the waist."""

import numpy as np

from studio.drawing.cloth import CREAM, GOLD, INK
from studio.drawing.details.bows import draw_bow
from studio.drawing.details.choice import draw_chosen
from studio.drawing.figure import CENTRE, SIDES, WAIST
from studio.drawing.garment import Garment
from studio.drawing.lines import Line, at, between, joined, shares, through
from studio.drawing.paths import Path, box, circle
from studio.drawing.pen import EVEN, Pen
from studio.drawing.tones import Colour, mix

_LEATHER: Colour = (124, 76, 40)
_CORSET: Colour = (66, 42, 38)
_BONES: Colour = (150, 110, 90)
_CORSET_BELOW = 6.0
"""How far below its waist a corset ends."""
_STRIP = 11.0
"""Less than this of a garment, seen below a corset, is a strip of hem and no skirt."""


def belt_heights(garment: Garment) -> tuple[float, float] | None:
    """From where to where on the middle line the belt lies, if there is one."""
    around = {"belt": (3.4, 5.6), "tied sash": (3.4, 5.0), "corset belt": (10.4, 7.6)}
    if garment.spec["belt"] not in around:
        return None
    above, below = around[garment.spec["belt"]]
    y = _corset_height(garment) if garment.has("belt", "corset belt") else _height(garment)
    return y - above, y + below


def draw_belt(pen: Pen, garment: Garment) -> None:
    """The design's belt, if it has one."""
    draw_chosen("belt", _BELTS, pen, garment)


def _height(garment: Garment) -> float:
    """The waist, or higher: some of a short garment is to be seen below a belt."""
    return WAIST if garment.legs else min(WAIST, garment.hem - 6.0)


def _corset_height(garment: Garment) -> float:
    """The waist, or where the corset ends a short garment: no strip of hem is left below it."""
    left = garment.hem - (WAIST + _CORSET_BELOW)
    return WAIST if garment.legs or left > _STRIP else garment.hem - _CORSET_BELOW + 1.2


def _edge(garment: Garment, y: float, sag: float = 1.4) -> Line:
    half = garment.half_width(y) + 0.3
    across = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    return at(CENTRE + half * across, y + sag * (1 - across**2))


def _below(garment: Garment) -> Path:
    """The straight cloth on which a belt casts its shade."""
    y = shares(7, WAIST - 10.0, WAIST + 18.0)
    half = np.array([garment.half_width(float(each)) for each in np.minimum(y, garment.hem)])
    return joined(at(CENTRE + half, y), at(CENTRE - half, y)[::-1])


def _draw_band(pen: Pen, garment: Garment, heights: tuple[float, float], tone: Colour) -> None:
    upper, lower = _edge(garment, heights[0]), _edge(garment, heights[1])
    with pen.inside(_below(garment)):
        pen.strip(lower, lower + 4.6j, garment.cloth.shade, 0.75)
    pen.patch(joined(upper, lower[::-1]), tone, mix(tone, INK, 0.7), 0.5)
    pen.brush(lower, mix(tone, INK, 0.7), 0.6, 0.9, EVEN)


def _leather_belt(pen: Pen, garment: Garment) -> None:
    y = _height(garment)
    _draw_band(pen, garment, (y - 2.5, y + 2.5), _LEATHER)
    for shift in (-1.8, 1.8):
        stitch = through(_edge(garment, y + shift))
        pen.dashes(stitch, mix(_LEATHER, CREAM, 0.45), 0.22, (0.9, 0.6), 0.9)
    if garment.back:
        return
    buckle = box(CENTRE - 3.1, y - 2.4, CENTRE + 3.1, y + 4.9, 0.8)
    pen.line(buckle, mix(GOLD, INK, 0.55), 1.5)
    pen.line(buckle, GOLD, 0.95)
    pen.brush(at([CENTRE - 2.6, CENTRE + 2.6], [y + 1.3, y + 1.3]), GOLD, 0.7, 1.0, EVEN)
    for hole in (5.4, 7.6):
        pen.fill(circle(CENTRE + hole, y + 1.2, 0.32), mix(_LEATHER, INK, 0.75))


def _tied_sash(pen: Pen, garment: Garment) -> None:
    y, tone = _height(garment), garment.cloth.contrast
    _draw_band(pen, garment, (y - 2.8, y + 2.8), tone)
    upper, lower = _edge(garment, y - 2.8), _edge(garment, y + 2.8)
    for share in (0.35, 0.68):
        pen.brush(between(upper, lower, share), mix(tone, INK, 0.4), 0.45, 0.5)
    if not garment.back:
        draw_bow(pen, (CENTRE + 6, y + 1.4), 8.0, tone, tail=24)


def _corset_belt(pen: Pen, garment: Garment) -> None:
    y = _corset_height(garment)
    _draw_band(pen, garment, (y - 9.5, y + 6), _CORSET)
    for share in (-0.82, -0.5, 0.5, 0.82):
        bone = at(
            [garment.at(y - 9, share)[0], garment.at(y - 2, share)[0], garment.at(y + 6, share)[0]],
            [y - 8.6, y - 1, y + 6.4],
        )
        pen.brush(bone, _BONES, 0.6, 0.9, EVEN)
    if garment.back:
        return
    for k in range(4):
        row = y - 7 + k * 3.6
        for side in SIDES:
            lace = at([CENTRE + side * 3.2, CENTRE - side * 3.2], [row, row + 2.9])
            pen.brush(lace, CREAM, 0.65, 1.0, EVEN)
            pen.fill(circle(CENTRE + side * 3.6, row, 0.6), GOLD)


_BELTS = {"belt": _leather_belt, "tied sash": _tied_sash, "corset belt": _corset_belt}
