"""Folds that rise from the wave of the hem, and the sheen of satin along them."""

import numpy as np

from studio.design.families import BOTTOMS
from studio.drawing.drape import drape_of
from studio.drawing.figure import BUST, HIP, SHOULDER, WAIST
from studio.drawing.garment import Garment
from studio.drawing.lines import Line, Numbers, shares
from studio.drawing.pen import Pen, Taper

_NARROW = 0.3
"""A hem of less fullness has no folds."""
_TUBE = 5.0
"""How far beyond the hips a narrow hem is wide enough for long folds."""
_LONG = Taper(0.15, 0.3, 0.55)
_NEAR_THE_TOP = 0.87
"""Folds draw together towards the waist."""


def draw_folds(pen: Pen, garment: Garment) -> None:
    """Each valley: nested strips of shade, a lit flank and a tapered line. Stays inside a clip."""
    if garment.edge.fullness < _NARROW:
        _draw_drags(pen, garment)
        return
    for number, (depth, left, right) in enumerate(garment.edge.valleys()):
        _draw_fold(pen, garment, (depth, left, right), _start(garment, number))


def _start(garment: Garment, number: int) -> float:
    """Where the fold begins; they differ, as on cloth."""
    top = max(garment.waist, WAIST) + 3 if not garment.has("category", "cape") else SHOULDER + 14
    low = 0.56 if garment.has("silhouette", "mermaid") else 0.1
    share = low + (0.0, 0.22, 0.08, 0.28, 0.15)[number % 5]
    return top + (garment.hem - top) * min(share, 0.75)


def _run(garment: Garment, share: Numbers, start: float, count: int) -> Line:
    """A line down to the hem at shares of the width, one for each point."""
    return garment.on(share, shares(count, start, garment.hem))


def _draw_fold(pen: Pen, garment: Garment, fold: tuple[float, float, float], start: float) -> None:
    depth, left, right = fold
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    t = shares(6)
    edge = _run(garment, depth * (_NEAR_THE_TOP + (1 - _NEAR_THE_TOP) * t), start, 6)
    opening = t**0.85
    near = depth * _NEAR_THE_TOP

    def flank(towards: float, share: float) -> Line:
        return _run(garment, near + (depth + (towards - depth) * share - near) * opening, start, 6)

    pen.strip(edge, flank(left, 0.95), cloth.shade, min(0.46 * drape.shade, 0.75))
    pen.strip(edge, flank(left, 0.42), cloth.shade, min(0.34 * drape.shade, 0.6))
    pen.strip(edge, flank(right, 0.75), cloth.light, min(0.38 * drape.light, 0.65))
    if drape.gloss:
        pen.soft_line(
            flank(right, 0.6)[1:], cloth.light, 2.6, 0.55 * drape.gloss, Taper(0.0, 0.5, 0.75)
        )
    if drape.line:
        pen.brush(edge[1:], cloth.ink, 0.62, min(0.62 * drape.line, 0.9), Taper(0.0, 0.85, 0.85))
    _draw_lesser(pen, garment, left * 0.96, start)
    _draw_lesser(pen, garment, (depth + right) / 2, start)


def _draw_lesser(pen: Pen, garment: Garment, share: float, start: float) -> None:
    """A shallow fold beside a deep one."""
    begin = start + (garment.hem - start) * 0.55
    t = shares(4)
    edge = _run(garment, share * (0.95 + 0.05 * t), begin, 4)
    soft = _run(garment, share * (0.95 + 0.05 * t) - 0.08 * t, begin, 4)
    shade = 0.3 * drape_of(garment.cloth).shade
    pen.strip(edge, soft, garment.cloth.shade, min(shade, 0.6))


def _draw_drags(pen: Pen, garment: Garment) -> None:
    """Narrow skirts and coats: the cloth is drawn from the hip that carries the weight."""
    if garment.hem < HIP + 14:
        if not garment.has("category", "swimsuit", "jumpsuit", *BOTTOMS):
            _draw_hanging(pen, garment)
        return
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    high = 1 if garment.figure.posture.tilt(HIP) < 0 else -1
    close = garment.half_width(HIP) < garment.figure.hip + _TUBE  # or nothing draws the cloth
    for start, end, y0, y1, width in (
        ()
        if not close
        else (
            (0.86, 0.1, 100.0, 116.0, 1.5),
            (0.9, -0.1, 105.0, 128.0, 1.3),
            (0.92, 0.3, 97.0, 106.0, 1.1),
        )
    ):
        shares_ = high * np.array([start, (start + end) / 2, end])
        points = garment.on(shares_, np.array([y0, y0 + (y1 - y0) * 0.35, y1]))
        pen.brush(points, cloth.shade, width, min(0.34 * drape.crease, 0.6), Taper(0.6, 0.0, 0.3))
    if garment.half_width(garment.hem) > garment.figure.hip + _TUBE:
        _draw_tube(pen, garment)
        return
    for share, width in ((-0.28, 2.4), (0.34, 2.0)):
        y = np.array([HIP + 12, (HIP + garment.hem) / 2, garment.hem])
        points = garment.on(share + np.array([0.0, 0.02, 0.05]), y)
        pen.soft_line(points, cloth.shade, width, min(0.3 * drape.shade, 0.5), Taper(0.0, 0.8, 0.8))


_HANGING = (  # shares of the half width at the top and at the hem, the height it begins at, depth
    (-0.62, -0.74, 76.0, 0.8),
    (-0.3, -0.22, 84.0, 0.55),
    (0.26, 0.18, 80.0, 0.6),
    (0.58, 0.66, 72.0, 1.0),
)


def _draw_hanging(pen: Pen, garment: Garment) -> None:
    """A top's folds, from below the bust down to its hem."""
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    loose = 1.0 if garment.half_width(WAIST) > garment.figure.waist + 5.0 else 0.65
    t = shares(5)
    for start, end, top, deep in _HANGING:
        y = shares(5, min(top, garment.hem - 14.0), garment.hem + 1.0)
        u = start + (end - start) * t
        edge, opening = garment.on(u, y), 0.24 * t**0.8
        alpha = min(0.46 * deep * loose * drape.shade, 0.6)
        pen.strip(edge, garment.on(u - opening, y), cloth.shade, alpha)
        lit = min(0.34 * loose * drape.light, 0.5)
        pen.strip(edge, garment.on(u + 0.8 * opening, y), cloth.light, lit)
        line = min(0.45 * deep * loose * drape.line, 0.7)
        pen.brush(edge[1:], cloth.visible_ink, 0.5, line, Taper(0.0, 0.8, 0.8))


_TUBES = (  # shares of the half width at the top and at the hem, where the fold begins, its depth
    (-0.5, -0.62, 0.3, 0.8),
    (-0.16, -0.1, 0.5, 0.6),
    (0.3, 0.26, 0.15, 1.0),
    (0.62, 0.7, 0.42, 0.7),
)


def _draw_tube(pen: Pen, garment: Garment) -> None:
    """Cloth that stands off the legs without flaring: a few long soft folds."""
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    top = max(garment.top + 26.0, WAIST - 8.0)
    t = shares(6)
    for start, end, begin, deep in _TUBES:
        y = shares(6, top + (garment.hem - top) * begin, garment.hem)
        u = start + (end - start) * (begin + (1 - begin) * t)
        edge = garment.on(u, y)
        opening = 0.26 * t**0.8
        pen.strip(
            edge, garment.on(u - opening, y), cloth.shade, min(0.55 * deep * drape.shade, 0.75)
        )
        pen.strip(edge, garment.on(u + 0.8 * opening, y), cloth.light, min(0.42 * drape.light, 0.6))
        line = min(0.55 * deep * drape.line, 0.8)
        pen.brush(edge[1:], cloth.visible_ink, 0.5, line, Taper(0.0, 0.8, 0.8))


_SHEENS = (  # shares of the half width at the top and at the hem, width of the light, its strength
    (-0.56, -0.62, 8.5, 1.0),
    (0.12, 0.2, 6.5, 0.75),
    (0.62, 0.66, 4.0, 0.5),
)


def draw_sheen(pen: Pen, garment: Garment) -> None:
    """Satin's broad soft lights, which run down the whole piece and swing with the folds."""
    top = max(garment.top + 4.0, 48.0)
    y = shares(9, top, garment.hem + 4.0)
    t = shares(9)
    within = np.where(
        y < BUST, np.minimum(garment.figure.shoulder / garment.half_width(BUST), 1.0), 1.0
    )
    for number, (start, end, width, strength) in enumerate(_SHEENS):
        swing = 0.06 * np.sin(y * 0.085 + 1.7 * number)
        lights = garment.on((start + (end - start) * t + swing) * within, y)
        draw_gloss(pen, garment, lights, width, strength)


def draw_gloss(pen: Pen, garment: Garment, lights: Line, width: float, strength: float) -> None:
    """One broad light of satin along a line: between two reflections, with a bright middle."""
    cloth = garment.cloth
    for side, part in ((1, 0.62), (-1, 0.4)):
        dim = lights + side * width * 0.78
        pen.soft_line(dim, cloth.reflection, width * 1.0, part * strength * 0.75, _LONG)
    pen.soft_line(lights, cloth.glint, width, 0.62 * strength, _LONG)
    pen.soft_line(lights[1:-1], cloth.glint, width * 0.36, 0.75 * strength, _LONG)
