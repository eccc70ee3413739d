"""Trims: sequins, lace, ruffles, embroidery, pearls and piping."""

import math

from studio.design.families import BOTTOMS
from studio.drawing.cloth import CREAM, INK
from studio.drawing.details.choice import draw_chosen
from studio.drawing.figure import BUST, CENTRE, SIDES
from studio.drawing.garment import Garment
from studio.drawing.paths import Path, Point, circle, curve, polygon, straight, together
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour

_SEQUIN: Colour = (238, 200, 120)
_BRIGHT_SEQUIN: Colour = (255, 240, 190)
_SPARKLE: Colour = (255, 250, 226)
_LACE: Colour = (150, 120, 104)
_PEARL: Colour = (244, 236, 226)
_PEARL_EDGE: Colour = (120, 104, 110)
_PEARL_LIGHT: Colour = (255, 255, 255)
_PEARL_STEP = 4.4
_STAMENS: Colour = (255, 244, 214)
_FLOWERS: tuple[tuple[float, float, float, Colour], ...] = (  # dx, dy, radius, petals
    (0, 0, 4.4, (228, 60, 84)),
    (4, -8, 3.2, (250, 176, 60)),
    (-5, 8, 3.0, (96, 120, 220)),
)


def draw_front_trim(pen: Pen, garment: Garment) -> None:
    """The part of the trim that lies on the body, below belts and sleeves."""
    with pen.inside(garment.body.path):
        draw_chosen("trim", _FRONT_TRIMS, pen, garment)


def draw_edge_trim(pen: Pen, garment: Garment) -> None:
    """The part of the trim along the edges and on the sleeves."""
    draw_chosen("trim", _EDGE_TRIMS, pen, garment)


def _sequins(pen: Pen, garment: Garment) -> None:
    _scatter_sequins(pen, garment.body.bounds)


def _sequined_sleeves(pen: Pen, garment: Garment) -> None:
    for sleeve in garment.sleeves:
        with pen.inside(sleeve.path):
            _scatter_sequins(pen, sleeve.bounds)


def _scatter_sequins(pen: Pen, bounds: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = bounds
    dull: list[Point] = []
    bright: list[Point] = []
    for row in range(int((bottom - top) / 3.4) + 1):
        for column in range(int((right - left) / 4) + 1):
            place = left + (column + (row % 2) / 2) * 4, top + row * 3.4 + 1
            (dull if (row * 5 + column * 3) % 11 else bright).append(place)
    pen.dots(dull, 0.8, _SEQUIN)
    for reach, width in ((2.6, 0.5), (1.5, 1.0)):
        rays = [
            straight((x - dx, y - dy), (x + dx, y + dy))
            for x, y in bright
            for dx, dy in ((reach, 0.0), (0.0, reach))
        ]
        pen.line(together(rays), _SPARKLE, width)
    pen.dots(bright, 1.2, _BRIGHT_SEQUIN)


def _piping(pen: Pen, garment: Garment) -> None:
    for panel in garment.panels:
        with pen.inside(panel.path):
            pen.line(panel.path, garment.cloth.contrast, 4.4)
        pen.line(panel.path, garment.cloth.ink, 1.0)


def _lace_yoke(pen: Pen, garment: Garment) -> None:
    left, right = CENTRE - 30, CENTRE + 30
    edge = [(left + 6 * i, BUST + 4 + (3.4 if i % 2 else 0)) for i in range(11)]
    pen.patch(polygon([(left, 36), (right, 36), *reversed(edge)]), CREAM, INK, 1.1)
    for row in range(6):
        for column in range(-5, 6):
            x, y = CENTRE + (column + (row % 2) / 2) * 5.4, 42 + row * 4.4
            pen.line(circle(x, y, 1.6), _LACE, 0.9)


def _front_ruffles(pen: Pen, garment: Garment) -> None:
    top, bottom = garment.top, garment.top + 34
    for side in SIDES:
        edge = [
            (CENTRE + side * (9.5 + (1.8 if i % 2 else -1.4) - i * 0.35), top + i * 3.6)
            for i in range(10)
        ]
        frill = polygon([(CENTRE, top), *edge, (CENTRE, bottom)])
        pen.patch(frill, garment.cloth.lighter(0.45), INK, 1.1)
        for i in range(1, 9, 2):
            pen.line(straight((CENTRE + side, top + i * 3.6 - 1), edge[i]), INK, 0.8)
    pen.line(straight((CENTRE, top), (CENTRE, bottom)), INK, 1.0)


def _embroidery(pen: Pen, garment: Garment) -> None:
    light = garment.cloth.lightness > 0.55
    stem: Colour = (40, 112, 70) if light else (160, 216, 140)
    for place, size in _places_of_embroidery(garment):
        _draw_spray(pen, place, size, stem)


def _places_of_embroidery(garment: Garment) -> list[tuple[Point, float]]:
    if garment.has("category", *BOTTOMS):
        return [
            (garment.at(garment.waist + 34, -0.5), 1.0),
            (garment.at(garment.waist + 22, 0.55), 0.8),
        ]
    low = min(garment.hem - 14, 128.0)
    return [((CENTRE - 9.5, 68.0), 0.85), (garment.at(low, 0.45), 1.0)]


def _draw_spray(pen: Pen, place: Point, size: float, stem: Colour) -> None:
    """Three flowers on one stem."""
    x, y = place
    twig = [(x - 5 * size, y + 10 * size), (x - 1, y + 3), (x + 3 * size, y - 8 * size)]
    pen.line(curve(twig), stem, 1.5)
    for dx, dy, radius, petals in _FLOWERS:
        centre_x, centre_y = x + dx * size, y + dy * size
        reach = radius * 0.6 * size
        for k in range(5):
            angle = k * math.tau / 5
            petal_x, petal_y = (
                centre_x + reach * math.cos(angle),
                centre_y + reach * math.sin(angle),
            )
            pen.fill(circle(petal_x, petal_y, radius * 0.46 * size), petals)
        pen.fill(circle(centre_x, centre_y, radius * 0.34 * size), _STAMENS)


def _pearls(pen: Pen, garment: Garment) -> None:
    collar = [point for point in garment.neckline if abs(point[0] - CENTRE) < 17]
    if len(collar) > 1:
        _string_pearls(pen, curve(collar), 2.6)
    _string_pearls(pen, curve(garment.hem_line), -3.0)


def _string_pearls(pen: Pen, line: Path, drop: float) -> None:
    places = [(x, y + drop) for (x, y), _ in line.every(_PEARL_STEP)]
    pen.dots(places, 2.1, _PEARL_EDGE)
    pen.dots(places, 1.5, _PEARL)
    pen.dots([(x - 0.4, y - 0.4) for x, y in places], 0.5, _PEARL_LIGHT)


_FRONT_TRIMS = {
    "sequins": _sequins,
    "lace yoke": _lace_yoke,
    "front ruffles": _front_ruffles,
    "embroidery": _embroidery,
    "pearls": _pearls,
}
_EDGE_TRIMS = {"sequins": _sequined_sleeves, "contrast piping": _piping}
