"""What hangs from the lower edge of a garment, or shows behind it."""

import math

from studio.drawing.details.choice import draw_chosen
from studio.drawing.figure import CENTRE
from studio.drawing.garment import Garment
from studio.drawing.paths import circle, polygon, straight
from studio.drawing.pen import Pen


def draw_hem(pen: Pen, garment: Garment) -> None:
    """Ruffles, fringes, scallops and the longer back; drawn before the body."""
    draw_chosen("hem", _HEMS, pen, garment)


def _ruffles(pen: Pen, garment: Garment) -> None:
    line, cloth = garment.hem_line, garment.cloth
    edge = [
        (CENTRE + (x - CENTRE) * 1.13, y + 12.0 + 1.9 * math.sin(i * math.pi / 1.5))
        for i, (x, y) in enumerate(line)
    ]
    ruffle = polygon([*[(x, y - 1) for x, y in line], *reversed(edge)])
    pen.patch(ruffle, cloth.lighter(0.12), cloth.ink, 1.1)
    for start, (x, y) in zip(line[1:-1:2], edge[1:-1:2], strict=True):
        pen.line(straight(start, (x, y - 1)), cloth.ink, 1.0, 0.8)


def _fringes(pen: Pen, garment: Garment) -> None:
    line, tones = garment.hem_line, (garment.cloth.colour, garment.cloth.ink)
    for i in range(len(line) * 2 - 1):  # at the points of the hem, and between them
        (x0, y0), (x1, y1) = line[i // 2], line[min((i + 1) // 2, len(line) - 1)]
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        thread = straight((x, y - 1), (x + (x - CENTRE) * 0.04, y + 11 + (i % 2)))
        pen.line(thread, tones[i % 2], 1.3)


def _scallops(pen: Pen, garment: Garment) -> None:
    width = garment.half_width(garment.hem)
    count = max(4, round(width / 4.2))
    for i in range(count):
        x = CENTRE - width + (i + 0.5) * 2 * width / count
        u = (x - CENTRE) / width
        y = garment.hem - (2.4 + 0.03 * width) * u * u
        scallop = circle(x, y, width / count + 0.6)
        pen.patch(scallop, garment.cloth.colour, garment.cloth.ink, 1.2)


def _longer_back(pen: Pen, garment: Garment) -> None:
    edge = [(x, garment.hem - 1 + 5 * math.cos((x - CENTRE) / 14)) for x, _ in garment.hem_line]
    high = garment.hem - 34
    back = polygon([*edge, garment.at(high, -0.9), garment.at(high, 0.9)])
    pen.patch(back, garment.cloth.darker(0.42), garment.cloth.ink, 1.0)


_HEMS = {
    "ruffled hem": _ruffles,
    "fringed hem": _fringes,
    "scalloped hem": _scallops,
    "high-low hem": _longer_back,
}
