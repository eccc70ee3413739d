"""What hangs from the lower edge of a garment, or shows behind it."""

import numpy as np

from studio.design.families import LEGGED
from studio.drawing.cloth import INK, Panel
from studio.drawing.details.choice import draw_chosen
from studio.drawing.drape import drape_of
from studio.drawing.figure import CENTRE
from studio.drawing.garment import Garment
from studio.drawing.lines import Line, at, joined, resampled, ribbons, shares, shifted, stamped
from studio.drawing.paths import circle
from studio.drawing.pen import FALLING, FIRM, Pen, Taper
from studio.drawing.pieces.trunk import lay
from studio.drawing.tones import mix


def draw_hem(pen: Pen, garment: Garment) -> None:
    """Ruffles, fringes and scallops; drawn before the body."""
    if not garment.has("category", *LEGGED):
        draw_chosen("hem", _HEMS, pen, garment)


def _outward(points: Line, share: float) -> Line:
    return np.asarray(points + (points.real - CENTRE) * share)


def _ruffles(pen: Pen, garment: Garment) -> None:
    cloth = garment.cloth
    drape = drape_of(cloth)
    count = 6 * max(4, round(garment.half_width(garment.hem) / 4.4)) + 1
    line = resampled(garment.edge.edge(), count)
    wave = 1.5 * np.sin(np.arange(count) * np.pi / 3)
    low = _outward(line, 0.11) + 1j * (11.0 + wave)
    path = joined(line - 1j, low[::-1])
    pen.fill(shifted(path, 0.4, 1.0), cloth.shade, 0.3)
    pen.fill(path, cloth.lighter(0.06))
    with pen.inside(path):
        pen.strip(line - 1j, line + 5j, cloth.shade, min(0.5 * drape.shade, 0.6))
        for i in range(4, count - 1, 6):  # the cloth goes back where the edge is high
            drop = np.array([0.02, 0.4, 0.75, 1.05])
            fold = line[i] + (low[i] - line[i]) * drop
            reach = drop * (low[min(i + 2, count - 1)] - low[i]).real
            pen.strip(fold, fold + reach, cloth.shade, min(0.6 * drape.shade, 0.7))
            pen.strip(fold, fold - 0.8 * reach, cloth.light, min(0.4 * drape.light, 0.5))
            pen.brush(fold[::-1], cloth.visible_ink, 0.6, 0.75, FALLING)
    for i in range(1, count - 1, 3):
        gather = line[i] + (low[i] - line[i]) * np.array([0.0, 0.16, 0.3 + 0.1 * (i % 2)])
        pen.brush(gather, cloth.visible_ink, 0.5, 0.6, FALLING)
    pen.brush(low, cloth.ink, 0.8, 0.95, FIRM)
    for side in (0, -1):
        pen.brush(np.array([line[side], low[side]]), cloth.ink, 0.8, 0.95, FIRM)


def _fringes(pen: Pen, garment: Garment) -> None:
    line = resampled(garment.edge.edge()[2:-2], 90)
    rng = np.random.default_rng(2)
    t = shares(4)
    drop = (10.5 + rng.uniform(-1.0, 1.6, 90))[:, None] * t
    sway = rng.uniform(-0.8, 0.8, 90)[:, None] * t**2 + _inwards(90)[:, None] * t
    threads = line[:, None] - 1j + sway + 1j * drop
    widths = np.broadcast_to(1.0 - 0.45 * t, threads.shape)
    for start, tone in (
        (0, garment.cloth.shade),
        (1, garment.cloth.colour),
        (2, garment.cloth.light),
    ):
        pen.fill(ribbons(threads[start::3], widths[start::3]), tone)


def _inwards(count: int) -> Line:
    """How far threads lean from the right side to the left one: none hangs outside."""
    u = shares(count, 1.0, -1.0)
    return np.asarray(-1.2 * np.sign(u) * np.maximum(np.abs(u) - 0.8, 0.0) / 0.2 + 0j)


def _scallops(pen: Pen, garment: Garment) -> None:
    edge = garment.edge.edge()
    count = max(5, round(garment.half_width(garment.hem) / 3.2))
    steps = resampled(edge, 2 * count + 1)
    centres = steps[1::2] - 0.9j
    size = np.abs(steps[2::2] - steps[:-2:2]) / 2
    pen.fill(stamped(circle(0, 0, 1.0), centres + 0.3 + 0.7j, size), garment.cloth.shade, 0.3)
    scallops = stamped(circle(0, 0, 1.0), centres, size)
    body = garment.body
    lay(pen, garment.cloth, Panel(scallops, body.half, body.length, body.place))
    pen.line(scallops, garment.cloth.ink, 0.6)
    pen.line(stamped(circle(0, 0, 0.66), centres, size), garment.cloth.visible_ink, 0.24, 0.7)


def draw_longer_back(pen: Pen, garment: Garment) -> None:
    """What is longer behind, seen from inside: drawn before the legs that stand in it."""
    if garment.back or not garment.has("hem", "high-low hem") or garment.has("category", *LEGGED):
        return
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    u = shares(25, 1.0, -1.0)
    half = garment.half_width(garment.hem)
    y = garment.hem - 1 + 1.4 * np.cos(u * 9) - 4 * u * u
    low = at(CENTRE + half * 0.98 * u, y)
    high = garment.on(0.95 * np.array([-1.0, 0.0, 1.0]), garment.hem - 36)
    path = joined(low, high)
    deep = mix(cloth.shade, INK, 0.3)
    top, end = complex(CENTRE, garment.hem - 34), complex(CENTRE, garment.hem)
    pen.fill(path, cloth.shade)
    inside = [(0.0, deep, 0.9), (0.5, deep, 0.35), (1.0, cloth.colour, 0.3)]
    pen.shade(path, top, end, inside)
    with pen.inside(path):
        for share in (-0.62, -0.2, 0.25, 0.66):
            x = CENTRE + half * share * np.array([0.9, 0.97, 1.0])
            fold = at(x, garment.hem - np.array([26.0, 12.0, -2.0]))
            lit = fold + half * np.array([0.02, 0.08, 0.16])
            pen.strip(fold, lit, cloth.colour, min(0.6 * drape.light, 0.6))
            pen.strip(fold, fold - (lit - fold), deep, 0.45)
            pen.brush(fold, cloth.ink, 0.7, 0.55, Taper(0.0, 0.9, 0.8))
    pen.brush(low, cloth.ink, 0.7, 0.95, FIRM)


_HEMS = {
    "ruffled hem": _ruffles,
    "fringed hem": _fringes,
    "scalloped hem": _scallops,
}
