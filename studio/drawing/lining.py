"""What keeps sheer cloth decent: a slip, or below trousers a pair of shorts."""

import numpy as np

from studio.design.families import BOTTOMS, LEGGED, SEE_THROUGH
from studio.drawing.figure import BUST, CENTRE, HIP, WAIST
from studio.drawing.garment import Garment
from studio.drawing.lines import at, joined, shares
from studio.drawing.pen import Pen

_SHORTS = 0.28
"""The place of a leg where they end."""
_OPACITY, _FADE = 0.75, 17.0
"""Of the lining, and over which height it fades: a hard edge would read as underwear."""


def draw_lining(pen: Pen, garment: Garment) -> None:
    """Drawn before the cloth; `pen` is posed."""
    if not garment.has("fabric", *SEE_THROUGH):
        return
    if garment.has("category", *LEGGED):
        _shorts(pen.posed(None), garment)
    if not garment.has("category", *BOTTOMS) or not garment.legs:
        _slip(pen, garment)


def _slip(pen: Pen, garment: Garment) -> None:
    figure = garment.figure
    end = WAIST - 1 if garment.legs else min(garment.hem - 8, 126)
    heights = np.array([57.0, BUST, 72.0, WAIST, 95.0, HIP, end])
    knots = ([BUST, WAIST, HIP], [figure.bust + 0.5, figure.waist + 0.6, figure.hip + 0.6])
    half = np.interp(heights[heights <= end], *knots)
    right = at(CENTRE + half, heights[heights <= end])
    left = at(CENTRE - half, heights[heights <= end])
    top = at(CENTRE + figure.bust * np.array([-0.5, 0.0, 0.5]), [55.0, 57.6, 55.0])
    hem = at(np.array([CENTRE]), [end + 1.2])
    slip, tone = joined(top, right, hem, left[::-1]), garment.cloth.colour
    with pen.inside(garment.body.path):
        if garment.legs:
            pen.fill(slip, tone, _OPACITY)
        else:
            stops = [(0.0, tone, _OPACITY), (1.0, tone, 0.0)]
            pen.shade(slip, (CENTRE, end - _FADE), (CENTRE, end), stops)


def _shorts(pen: Pen, garment: Garment) -> None:
    """Close to the legs, and ending on them: drawn on the page."""
    figure, cloth = garment.figure, garment.cloth
    y = shares(6, WAIST - 1.0, HIP + 8.0)
    half = np.interp(y, [WAIST, HIP], [figure.waist + 0.3, figure.hip + 0.1])
    trunk = [figure.posture.warp(at(CENTRE + side * half, y)) for side in (1, -1)]
    shape = joined(trunk[0], trunk[1][::-1])
    places = shares(8, 0.0, _SHORTS)
    for side, leg in figure.legs.items():
        left, right = figure.leg_bounds(side, places)
        shape = shape + joined(leg.on(places, right + 0.2), leg.on(places, -left - 0.2)[::-1])
    low = min(float(leg.on(_SHORTS).imag) for leg in figure.legs.values()) - 1.0
    stops = [(0.0, cloth.colour, _OPACITY), (1.0, cloth.colour, 0.0)]
    pen.shade(shape, (CENTRE, low - _FADE), (CENTRE, low), stops)
