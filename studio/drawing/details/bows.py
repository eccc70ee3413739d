"""Bows: at the neck, on the shoulders, and wherever something is tied."""

from studio.drawing.cloth import INK
from studio.drawing.figure import CENTRE, SHOULDER, SIDES
from studio.drawing.garment import Garment
from studio.drawing.paths import Point, circle, loop, polygon
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour


def draw_neck_bow(pen: Pen, garment: Garment) -> None:
    """The bow on top of everything at the neck."""
    if garment.has("bow", "neck bow"):
        y = max(garment.top - 1, 43.0) if garment.has("neckline", "crew neck") else 44.0
        draw_bow(pen, (CENTRE, y), 11.0, garment.cloth.contrast, tail=24)


def draw_shoulder_bows(pen: Pen, garment: Garment) -> None:
    """The bows where the straps end."""
    if garment.has("bow", "shoulder bows"):
        for side in SIDES:
            knot = (CENTRE + side * 12.5, SHOULDER - 2)
            draw_bow(pen, knot, 7.5, garment.cloth.contrast, tail=12)


def draw_bow(pen: Pen, knot: Point, size: float, tone: Colour, tail: float) -> None:
    """A bow round its knot; `size` is the length of a loop, `tail` that of the ends."""
    for side in SIDES:
        _draw_end(pen, knot, side, size, tone, tail)
    for side in SIDES:
        _draw_loop(pen, knot, side, size, tone)
    pen.patch(circle(*knot, size * 0.24), tone, INK, 1.0)


def _draw_end(pen: Pen, knot: Point, side: int, size: float, tone: Colour, tail: float) -> None:
    x, y = knot
    end = [
        (x, y),
        (x + side * 1.2, y),
        (x + side * (size * 0.62), y + tail),
        (x + side * (size * 0.2), y + tail - 2),
    ]
    pen.patch(polygon(end), tone, INK, 0.9)


def _draw_loop(pen: Pen, knot: Point, side: int, size: float, tone: Colour) -> None:
    x, y = knot
    points = [
        (x, y),
        (x + side * size * 0.7, y - size * 0.55),
        (x + side * size, y),
        (x + side * size * 0.7, y + size * 0.5),
    ]
    pen.patch(loop(points), tone, INK, 1.0)
