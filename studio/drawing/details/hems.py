"""What hangs from the lower edge of a garment, or shows behind it."""

import numpy as np

from studio.design.families import LEGGED
from studio.drawing.cloth import Panel
from studio.drawing.details.choice import draw_chosen
from studio.drawing.figure import CENTRE
from studio.drawing.garment import Garment
from studio.drawing.lines import Line, at, joined, resampled, ribbons, shares, stamped
from studio.drawing.paths import circle
from studio.drawing.pen import FALLING, FIRM, Pen
from studio.drawing.pieces.trunk import lay


def draw_hem(pen: Pen, garment: Garment) -> None:
    """Ruffles, fringes, scallops and the longer back; drawn before the body."""
    if not garment.has("category", *LEGGED):
        draw_chosen("hem", _HEMS, pen, garment)


def _outward(points: Line, share: float) -> Line:
    return np.asarray(points + (points.real - CENTRE) * share)


def _ruffles(pen: Pen, garment: Garment) -> None:
    cloth = garment.cloth
    line = resampled(garment.edge.edge(), 33)
    wave = 1.3 * np.sin(np.arange(33) * np.pi / 2)
    low = _outward(line, 0.09) + 1j * (11.0 + wave)
    pen.patch(joined(line - 1j, low[::-1]), cloth.lighter(0.1), cloth.ink, 0.5)
    for i in range(1, 32, 2):
        drop = np.array([0.0, 0.5, 0.96 if i % 4 == 1 else 0.7])
        fold = line[i] + (low[i] - line[i]) * drop
        pen.brush(fold, cloth.visible_ink, 0.6, 0.7, FALLING)
    pen.brush(low[::2], cloth.ink, 0.8, 0.95, FIRM)


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


def _longer_back(pen: Pen, garment: Garment) -> None:
    if garment.back:
        return
    u = shares(25, 1.0, -1.0)
    half = garment.half_width(garment.hem)
    y = garment.hem - 1 + 1.4 * np.cos(u * 9) - 4 * u * u
    low = at(CENTRE + half * 0.98 * u, y)
    high = garment.on(0.95 * np.array([-1.0, 0.0, 1.0]), garment.hem - 36)
    pen.fill(joined(low, high), garment.cloth.shade)
    for share in (-0.6, -0.2, 0.25, 0.65):
        fold = at(
            CENTRE + half * share * np.array([0.9, 0.97, 1.0]), garment.hem - np.array([26, 12, 2])
        )
        pen.brush(fold, garment.cloth.ink, 0.9, 0.5)
    pen.brush(low[::2], garment.cloth.ink, 0.7, 0.95, FIRM)


_HEMS = {
    "ruffled hem": _ruffles,
    "fringed hem": _fringes,
    "scalloped hem": _scallops,
    "high-low hem": _longer_back,
}
