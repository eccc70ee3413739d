"""Bows: at the neck, on the shoulders, and wherever something is tied."""

from studio.drawing.cloth import INK
from studio.drawing.figure import CENTRE, SHOULDER, SIDES
from studio.drawing.garment import Garment
from studio.drawing.lines import joined, line, round_through
from studio.drawing.paths import Point, oval
from studio.drawing.pen import FALLING, Pen
from studio.drawing.tones import Colour, mix


def draw_neck_bow(pen: Pen, garment: Garment) -> None:
    """The bow on top of everything at the neck."""
    if garment.has("bow", "neck bow") and not garment.back:
        y = max(garment.top, 44.5) if garment.has("neckline", "crew neck") else 45.5
        draw_bow(pen, (CENTRE, y), 10.5, garment.cloth.contrast, tail=25)


def draw_shoulder_bows(pen: Pen, garment: Garment) -> None:
    """The bows where the straps end."""
    if garment.has("bow", "shoulder bows"):
        for side in SIDES:
            knot = (CENTRE + side * 11.5, SHOULDER - 0.6)
            draw_bow(pen, knot, 6.8, garment.cloth.contrast, tail=12)


def draw_bow(pen: Pen, knot: Point, size: float, tone: Colour, tail: float) -> None:
    """A bow round its knot; `size` is the length of a loop, `tail` that of the ends."""
    ink = mix(tone, INK, 0.72)
    for side in SIDES:
        _draw_end(pen, knot, side, (size, tail), tone)
    for side in SIDES:
        _draw_loop(pen, knot, side, size, tone)
    x, y = knot
    pen.patch(oval(x, y, size * 0.2, size * 0.23), tone, ink, 0.45)


def _draw_end(pen: Pen, knot: Point, side: int, sizes: tuple[float, float], tone: Colour) -> None:
    x, y = knot
    size, tail = sizes
    inner = line(
        (x, y), (x + side * size * 0.06, y + tail * 0.4), (x + side * size * 0.18, y + tail - 1.4)
    )
    outer = line(
        (x + side * size * 0.62, y + tail),
        (x + side * size * 0.4, y + tail * 0.45),
        (x + side * size * 0.16, y),
    )
    pen.patch(joined(inner, outer), tone, mix(tone, INK, 0.72), 0.42)
    fold = line(
        (x + side * size * 0.1, y + 2),
        (x + side * size * 0.24, y + tail * 0.45),
        (x + side * size * 0.36, y + tail * 0.85),
    )
    pen.brush(fold, mix(tone, INK, 0.45), 0.5, 0.5, FALLING)


def _draw_loop(pen: Pen, knot: Point, side: int, size: float, tone: Colour) -> None:
    x, y = knot
    points = line(
        (x, y - size * 0.05),
        (x + side * size * 0.5, y - size * 0.42),
        (x + side * size * 0.95, y - size * 0.4),
        (x + side * size * 1.02, y + size * 0.12),
        (x + side * size * 0.85, y + size * 0.44),
        (x + side * size * 0.45, y + size * 0.3),
    )
    pen.patch(round_through(points), tone, mix(tone, INK, 0.72), 0.45)
    for lift in (-0.16, 0.12):
        fold = line(
            (x + side * size * 0.12, y),
            (x + side * size * 0.42, y + size * lift),
            (x + side * size * 0.72, y + size * lift * 1.3),
        )
        pen.brush(fold, mix(tone, INK, 0.5), 0.55, 0.6, FALLING)
