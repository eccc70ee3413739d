"""Seams and gathers at the waist, peplums, and the bands that some categories have."""

from itertools import pairwise

import numpy as np

from studio.design.families import LEGGED, NONE
from studio.drawing.cloth import CREAM, GOLD, INK, Panel
from studio.drawing.details.choice import draw_chosen
from studio.drawing.details.gathers import draw_gathers
from studio.drawing.drape import drape_of
from studio.drawing.figure import CENTRE, SIDES, WAIST
from studio.drawing.garment import Garment
from studio.drawing.lines import (
    Line,
    at,
    between,
    joined,
    line,
    resampled,
    ribbons,
    round_through,
    shares,
    through,
)
from studio.drawing.paths import circle
from studio.drawing.pen import EVEN, FALLING, FIRM, Pen
from studio.drawing.pieces.trunk import lay

_SHORT = WAIST + 32
_LOOP = np.array([0.0, -1.8, 0.2, 3.2, 2.6])  # of a cord: how far below its knot


def draw_waist(pen: Pen, garment: Garment) -> None:
    """What is sewn at the waist, then the band of the category."""
    draw_chosen("waist", _WAISTS, pen, garment)
    if not garment.has("category", "dungarees"):  # theirs lies over the bib
        draw_band(pen, garment)


def draw_band(pen: Pen, garment: Garment) -> None:
    """The band of the category."""
    draw_chosen("category", _BANDS, pen, garment)


def _across(garment: Garment, y: float, rise: float, sag: float, reach: float = 1.0) -> Line:
    u = reach * np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    half = garment.half_width(y)
    return at(CENTRE + half * u, y + sag - (rise + sag) * u * u)


def _gathered_seam(pen: Pen, garment: Garment) -> None:
    seam = _across(garment, garment.waist, 1, 1)
    with pen.inside(garment.body.path):
        pen.brush(seam, garment.cloth.visible_ink, 0.62, 0.9, EVEN)
        draw_gathers(pen, garment, garment.waist + 1, 11.0, 8)
        draw_gathers(pen, garment, garment.waist - 0.5, -5.0, 6)


def _gathered_waist(pen: Pen, garment: Garment) -> None:
    y = garment.waist
    with pen.inside(garment.body.path):
        for dy in (-3.0, 0.0, 3.0):
            seam = _across(garment, y + dy, 1, 0.6)
            pen.brush(seam, garment.cloth.visible_ink, 0.5, 0.8, EVEN)
        draw_gathers(pen, garment, y + 3.4, 9.0, 8)
        draw_gathers(pen, garment, y - 3.4, -8.0, 7)


def _peplum_edge(garment: Garment) -> Line:
    """From right to left; a short garment's peplum is all that is below its waist."""
    if garment.hem < _SHORT:
        return garment.edge.edge()[::2]
    flare = garment.figure.waist + 16
    u = shares(25, 1.0, -1.0)
    rounded = np.maximum(np.abs(u) - 0.8, 0.0) / 0.2
    drop = 1.3 * np.cos(u * 11.0) - 3.4 * u * u - 3.2 * rounded**2
    return at(CENTRE + flare * u, WAIST + 22 + drop)


def _peplum(pen: Pen, garment: Garment) -> None:
    low = _peplum_edge(garment)
    end = float(low.imag.max())
    flare = (low[0] - low[-1]).real / 2
    high = _across(garment, WAIST, 0.4, 0.8)
    path = joined(high, low)
    cloth, drape, body = garment.cloth, drape_of(garment.cloth), garment.body
    if garment.hem >= _SHORT:  # else nothing is below that it could throw a shade on
        pen.fill(joined(high + 1.2j, low + 0.6 + 1.6j), cloth.shade, 0.3)
    lay(pen, cloth, Panel(path, body.half * 1.3, body.length, body.place))
    with pen.inside(path):
        for share in (-0.78, -0.5, -0.2, 0.08, 0.36, 0.64, 0.88):
            t = shares(5)
            top = CENTRE + garment.half_width(WAIST) * share * 0.95
            edge = at(top + (CENTRE + flare * share - top) * t, WAIST + 1 + (end - WAIST) * t)
            soft = edge - 4.2 * t
            pen.strip(edge, soft, cloth.shade, min(0.5 * drape.shade, 0.75))
            pen.brush(edge, cloth.visible_ink, 0.5, 0.6, FALLING)
    pen.brush(high, cloth.visible_ink, 0.8, 0.95, EVEN)
    pen.brush(low[::2], cloth.ink, 0.75, 0.95, FIRM)
    for side in (low[0], low[-1]):
        start = high[-1] if side.real > CENTRE else high[0]
        pen.brush(np.array([start, start * 0.5 + side * 0.5, side]), cloth.ink, 0.8, 0.95, FIRM)


def _smocked_waist(pen: Pen, garment: Garment) -> None:
    """Rows of elastic thread from below the bust on, with puckers between them."""
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    end = WAIST - 0.5 if garment.has("category", *LEGGED) else WAIST + 6.0
    rows = np.arange(65.0, min(end, garment.hem - 2.0), 2.7).tolist()
    u = shares(41, -1.0, 1.0)
    lines = []
    with pen.inside(garment.body.path):
        for number, y in enumerate(rows):
            half = garment.half_width(y)
            wave = 0.26 * np.cos(np.arange(41) * np.pi + number)
            lines.append(at(CENTRE + half * u, y + 0.8 - 1.4 * u * u + wave))
        for upper, lower in pairwise(lines):
            pen.fill(joined(lower - 0.95j, lower[::-1]), cloth.shade, min(0.5 * drape.shade, 0.6))
            pen.fill(joined(upper + 0.2j, upper[::-1] + 1.0j), cloth.light, 0.3)
            puckers = between(upper[1::2, None], lower[1::2, None], shares(3, 0.08, 0.8)[None, :])
            pen.fill(ribbons(puckers, np.full(puckers.shape, 0.42)), cloth.visible_ink, 0.6)
        for row in lines:
            pen.brush(row, cloth.visible_ink, 0.5, 0.85, EVEN)
        draw_gathers(pen, garment, rows[0], -5.0, 9)
        draw_gathers(pen, garment, rows[-1] + 0.6, 10.0, 9)


_WAISTS = {
    "smocked waist": _smocked_waist,
    "empire waist": _gathered_seam,
    "drop waist": _gathered_seam,
    "gathered waist": _gathered_waist,
    "peplum": _peplum,
}


def _edge_of_band(pen: Pen, garment: Garment, top: Line) -> None:
    """The contour of a waistband, where what is worn above goes into it."""
    pen.brush(top, garment.cloth.ink, 0.75, 0.95, EVEN)


def _elastic_band(pen: Pen, garment: Garment) -> None:
    """A gathered band with a cord that is tied at the front."""
    cloth = garment.cloth
    top = _across(garment, WAIST - 3.2, -0.2, 0.6, 1.01)
    low = _across(garment, WAIST + 3.6, -0.2, 0.6, 1.01)
    with pen.inside(garment.body.path):
        draw_gathers(pen, garment, WAIST + 4.0, 13.0, 8)
    pen.patch(joined(top, low[::-1]), cloth.layered(0.1, dark_below=0.3), cloth.visible_ink, 0.5)
    _edge_of_band(pen, garment, top)
    u = shares(25, -0.96, 0.96)
    roots, ends = (np.interp(u, shares(5, -1.0, 1.0), edge) for edge in (top, low))
    folds = between(roots[:, None], ends[:, None], shares(3, 0.06, 0.94)[None, :])
    pen.fill(ribbons(folds - 0.25, np.full(folds.shape, 0.7)), cloth.shade, 0.55)
    pen.fill(ribbons(folds, np.full(folds.shape, 0.34)), cloth.visible_ink, 0.8)
    if garment.back:
        return
    y = WAIST + 1.4
    for width, tone in ((1.5, INK), (0.95, CREAM)):
        for side in SIDES:
            loop = at(CENTRE + side * np.array([0.3, 3.0, 6.2, 5.4, 2.2]), y + _LOOP)
            end = at(CENTRE + side * np.array([0.3, 1.8, 2.6]), [y, y + 7.0, y + 15.0])
            pen.line(round_through(loop), tone, width)
            pen.brush(end, tone, width, 1.0, EVEN)
    pen.fill(circle(CENTRE, y, 1.1), CREAM)
    pen.line(circle(CENTRE, y, 1.1), INK, 0.3)
    for side in SIDES:
        pen.fill(circle(CENTRE + side * 2.6, y + 15.4, 0.9), CREAM)


def _high_band(pen: Pen, garment: Garment) -> None:
    """A broad band that reaches up to the ribs, shaped by seams, with buttons at the front."""
    figure, cloth, drape = garment.figure, garment.cloth, drape_of(garment.cloth)
    y = shares(5, WAIST - 12.5, WAIST + 2.6)
    ribs = figure.waist + 0.36 * (figure.bust - figure.waist) + 1.5
    half = np.interp(y, [y[0], WAIST, y[-1]], [ribs, figure.waist + 1.2, garment.half_width(y[-1])])
    u = shares(9, 1.0, -1.0)
    right, left = at(CENTRE + half, y), at(CENTRE - half, y)
    low = at(CENTRE + half[-1] * u, y[-1] + 1.0 * (1 - u * u))
    top = at(CENTRE + half[0] * u, y[0] + 1.0 * (1 - u * u))
    path = joined(right, low[1:-1], left[::-1], top[::-1][1:-1])
    lay(pen, cloth, Panel(path, garment.body.half, garment.body.length, garment.body.place))
    with pen.inside(path):
        pen.strip(right + 0.4, right - 0.9 * half, cloth.shade, min(0.55 * drape.shade, 0.7))
        pen.strip(left - 0.4, left + 0.35 * half, cloth.shade, min(0.25 * drape.shade, 0.4))
        for share in (-0.52, 0.52):
            pen.brush(at(CENTRE + share * half, y), cloth.visible_ink, 0.5, 0.85, EVEN)
        pen.dashes(through(top[1:-1] + 1.1j), cloth.visible_ink, 0.24, (0.9, 0.6), 0.8)
    for edge in (left, right):
        pen.brush(edge, cloth.ink, 0.9, 0.95, EVEN)
    pen.brush(top, cloth.ink, 0.8, 0.95, EVEN)
    pen.brush(low, cloth.visible_ink, 0.7, 0.95, EVEN)
    if garment.back:
        return
    for x in (-2.6, 2.6):
        for height in (WAIST - 9.0, WAIST - 4.5, WAIST):
            button = circle(CENTRE + x, height, 1.1)
            pen.fill(button, GOLD)
            pen.line(button, INK, 0.35)


def _waistband(pen: Pen, garment: Garment) -> None:
    if garment.has("waist", "elastic waist"):
        _elastic_band(pen, garment)
        return
    if garment.has("waist", "high waist"):
        _high_band(pen, garment)
        return
    if garment.has("leg", "leggings", "joggers"):
        return  # they have bands of their own
    top = _across(garment, WAIST - 2.4, -0.2, 0.6, 1.01)
    low = _across(garment, WAIST + 2.6, -0.2, 0.6, 1.01)
    cloth = garment.cloth
    pen.patch(joined(top, low[::-1]), cloth.layered(0.1, dark_below=0.3), cloth.visible_ink, 0.5)
    _edge_of_band(pen, garment, top)
    pen.dashes(through(low - 0.8j), cloth.visible_ink, 0.22, (0.9, 0.6), 0.7)
    if garment.has("category", "skirt", "dungarees") or garment.back:
        return
    fly = line((CENTRE + 2.8, WAIST + 3), (CENTRE + 2.8, 102), (CENTRE + 0.6, 113))
    pen.dashes(through(fly), cloth.visible_ink, 0.24, (0.9, 0.6), 0.8)
    for share in (-0.6, 0.6):
        loop = garment.on(share * np.array([1.0, 1.0]), np.array([WAIST - 2.2, WAIST + 3.2]))
        pen.brush(loop, cloth.visible_ink, 1.2, 0.7, EVEN)
        pen.brush(loop, cloth.colour, 0.7, 1.0, EVEN)


def _ribs(pen: Pen, garment: Garment) -> None:
    """The ribbed end of a sweater."""
    edge = resampled(garment.edge.edge()[::-1], 31)
    seam = CENTRE + 1.04 * (edge.real - CENTRE) + 1j * (edge.imag - 7.4)
    cloth = garment.cloth
    with pen.inside(garment.body.path):
        pen.fill(joined(seam, edge[::-1] + 3j), cloth.shade, 0.14)
        shares_of = np.linspace(0.02, 0.98, 21)
        places = np.linspace(0, 1, len(edge))
        roots = np.asarray(np.interp(shares_of, places, seam), complex)
        ends = np.asarray(np.interp(shares_of, places, edge), complex)
        ribs = between(roots[:, None], ends[:, None], shares(3)[None, :])
        pen.fill(ribbons(ribs, np.full(ribs.shape, 0.55)), cloth.shade, 0.6)
        pen.brush(seam[::3], cloth.ink, 0.5, 0.8, EVEN)


def _jacket_seam(pen: Pen, garment: Garment) -> None:
    if garment.spec["waist"] == NONE:
        edge = garment.edge.edge()
        pen.dashes(through(edge - 1.6j), garment.cloth.visible_ink, 0.26, (1.0, 0.7), 0.7)
        if garment.back:
            return
        for side in (-1, 1):
            y = np.array([66.0, 76.0, WAIST, min(garment.hem, 100.0)])
            dart = garment.on(side * np.array([0.6, 0.5, 0.5, 0.56]), y)
            pen.brush(dart, garment.cloth.visible_ink, 0.42, 0.6, FIRM)


_BANDS = {
    "skirt": _waistband,
    "trousers": _waistband,
    "shorts": _waistband,
    "dungarees": _waistband,
    "sweater": _ribs,
    "jacket": _jacket_seam,
}
