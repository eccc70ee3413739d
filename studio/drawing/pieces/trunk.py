"""The piece round the body: cloth, form, folds, creases and contour, all drawn straight."""

import numpy as np

from studio.design.families import BOTTOMS, LEGGED, NONE, SEE_THROUGH
from studio.drawing.cloth import INK, Cloth, Panel
from studio.drawing.cutting.hemlines import CUT_ACROSS, opened, slit, slit_hole
from studio.drawing.cutting.necklines import OPEN_TO
from studio.drawing.drape import drape_of
from studio.drawing.fabrics import draw_fabric, draw_tufts
from studio.drawing.figure import BUST, CENTRE, SHOULDER, SIDES, WAIST
from studio.drawing.garment import Garment
from studio.drawing.lines import Line, at, corner_runs, joined, of_points, shares
from studio.drawing.patterns import draw_pattern
from studio.drawing.pen import FALLING, FIRM, Pen, Taper
from studio.drawing.pieces.folds import draw_folds, draw_sheen
from studio.drawing.tones import mix

_CONTOUR = Taper(0.85, 0.9)
"""Contours meet at corners: ends that are let go would leave notches there."""
_OPACITY = {"sheer": 0.5, "mesh": 0.32}
"""Of cloth through which one sees."""


def lay(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Cloth and what is on it, without light and shade. What overlaps it stays inside."""
    pen.fill(panel.path, cloth.colour, _OPACITY.get(cloth.fabric, 1.0))
    with pen.inside(panel.path):
        draw_pattern(pen, cloth, panel)
        draw_fabric(pen, cloth, panel)


def draw_trunk_piece(pen: Pen, garment: Garment) -> None:
    """The body of a garment; `pen` is posed. That of a jumpsuit ends at its waist."""
    if not garment.has("category", "jumpsuit"):
        _draw_piece(pen, garment)
        return
    seam = at(CENTRE + 60 * np.array([1.0, 0.0, -1.0]), WAIST + np.array([0.0, 1.2, 0.0]))
    with pen.inside(joined(at([CENTRE - 60, CENTRE + 60], [20.0, 20.0]), seam)):
        _draw_piece(pen, garment)
    half = garment.half_width(WAIST)
    line = at(CENTRE + half * np.array([-1.0, 0.0, 1.0]), WAIST + np.array([0.0, 1.2, 0.0]))
    pen.brush(line, garment.cloth.visible_ink, 0.6, 0.9, FIRM)


def _draw_piece(pen: Pen, garment: Garment) -> None:
    cloth, panel = garment.cloth, garment.body
    lay(pen, cloth, panel)
    with pen.inside(panel.path):
        _draw_form(pen, garment)
        if cloth.fabric == "satin":
            draw_sheen(pen, garment)
        if garment.spec["pleats"] == NONE:
            draw_folds(pen, garment)
        if not garment.has("category", *BOTTOMS):
            _draw_bodice(pen, garment)
    _draw_contour(pen, garment)


def _draw_form(pen: Pen, garment: Garment) -> None:
    """Shade along the right side, light along the left one: cloth goes round the body."""
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    strength = min(drape.shade, 1.1)
    top = WAIST - 2 if garment.has("category", *BOTTOMS) else SHOULDER
    whole = garment.edge.fullness or garment.has("category", "swimsuit")
    low = garment.hem + 4 if whole else float(garment.right[-1].imag) + 2
    y = shares(8, top - 1, low)
    narrow = np.where(y < BUST, garment.figure.shoulder / garment.half_width(BUST), 1.0)
    narrow = np.minimum(narrow, 1.0) * np.where(y < BUST - 8, 1.03, 1.0)
    within = np.minimum(narrow, 1.0)
    right, left = garment.on(1.03 * narrow, y), garment.on(-1.03 * narrow, y)
    pen.rounded(right, garment.on(0.44 * within, y), cloth.shade, 0.5 * strength)
    pen.rounded(left, garment.on(-0.7 * within, y), cloth.shade, 0.24 * strength)
    pen.soft_line(garment.on(-0.5, y[1:-1]), cloth.light, 5.0, min(0.2 * drape.light, 0.4))


def _draw_bodice(pen: Pen, garment: Garment) -> None:
    if garment.has("category", "cape"):
        return  # it hides the body's form
    if garment.back:
        _draw_shoulder_blades(pen, garment)
    else:
        _draw_bust(pen, garment)
    _draw_creases(pen, garment)


def _draw_bust(pen: Pen, garment: Garment) -> None:
    figure, cloth, drape = garment.figure, garment.cloth, drape_of(garment.cloth)
    bust = figure.bust
    loose = garment.has("fit", "oversized")
    for side in SIDES:
        x = bust * 0.5
        under = at(
            CENTRE + side * np.array([x - bust * 0.32, x, x + bust * 0.34]), [67.4, 69.6, 66.4]
        )
        alpha = (0.26 if side > 0 else 0.17) * min(drape.shade, 1.2) * (0.5 if loose else 1.0)
        pen.soft_line(under, cloth.shade, 3.0, alpha)
        light = min(0.16 * drape.light, 0.16) * (0.5 if loose else 1.0)
        pen.glow(CENTRE + side * x - 1.0, 62.0, (6.4, 6.2), cloth.light, light)


def _draw_shoulder_blades(pen: Pen, garment: Garment) -> None:
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    for side in SIDES:
        blade = at(CENTRE + side * np.array([5.0, 7.4, 6.2]), [50, 58, 66])
        pen.soft_line(blade, cloth.shade, 2.0, 0.25 * drape.shade)
    spine = at(np.array([CENTRE, CENTRE + 0.2, CENTRE]), [50, 66, 82])
    pen.soft_line(spine, cloth.shade, 1.8, 0.22 * drape.shade)


_WAIST_CREASES = (  # shares of the half width and heights, and the width of the stroke
    ((0.98, 79.0), (0.7, 77.5), (0.42, 73.5), 0.7),
    ((0.99, 83.0), (0.72, 83.0), (0.4, 81.0), 0.6),
    ((0.98, 86.5), (0.74, 88.5), (0.5, 92.0), 0.55),
)


def _draw_creases(pen: Pen, garment: Garment) -> None:
    """Cloth drawn in at the waist, from under the arm, or hanging loosely."""
    cloth, drape, figure = garment.cloth, drape_of(garment.cloth), garment.figure
    if not drape.crease:
        return
    alpha = min(0.5 * drape.crease, 0.7)
    half = garment.half_width
    close = half(WAIST) < figure.waist + 9 and not garment.has("waist", "empire waist")
    for side in SIDES:
        heavier = 1.0 if side > 0 else 0.75
        for *spots, width in _WAIST_CREASES if close else ():
            points = at(
                [CENTRE + side * half(y) * share for share, y in spots],
                [y for _, y in spots],
            )
            pen.brush(points, cloth.shade, width * 1.7 * heavier, alpha, Taper(0.8, 0.0, 0.25))
        under_arm = at(
            CENTRE + side * np.array([half(BUST) + 0.5, figure.bust * 0.8, figure.bust * 0.56]),
            [58.5, 60.0, 62.6],
        )
        pen.brush(under_arm, cloth.shade, 1.1 * heavier, alpha * 0.9, FALLING)
    if garment.has("fit", "oversized"):
        low = min(garment.hem, 106.0)
        for share, lean in ((-0.6, 0.04), (0.62, -0.06), (0.15, 0.05)):
            y = np.array([66.0, (66.0 + low) / 2, low])
            x = CENTRE + np.array([half(float(h)) for h in y]) * (
                share + lean * np.array([0, 0.6, 1])
            )
            pen.soft_line(at(x, y), cloth.shade, 2.6, min(0.34 * drape.shade, 0.5))


def _draw_contour(pen: Pen, garment: Garment) -> None:
    cloth = garment.cloth
    if cloth.fabric == "faux fur":
        draw_tufts(pen, cloth, garment.left, 1.0)
        draw_tufts(pen, cloth, garment.right, -1.0)
        if garment.spec["category"] not in LEGGED:
            draw_tufts(pen, cloth, garment.edge.edge(), -1.0)
        return
    pen.brush(garment.left, cloth.ink, 0.66, 0.95, _CONTOUR)
    pen.brush(garment.right, cloth.ink, 1.05, 1.0, _CONTOUR)
    if garment.spec["category"] not in LEGGED:
        if garment.has("hem", "scalloped hem"):  # the scallops are cut, not sewn on
            pen.brush(garment.edge.edge(), cloth.visible_ink, 0.35, 0.5, FIRM)
        else:
            for run in _lower_runs(garment):
                pen.brush(run, cloth.ink, 0.8, 0.95, Taper(1.0, 0.8))
    for run in _upper_runs(garment):
        pen.brush(run, cloth.ink, 0.64, 0.95, _CONTOUR)


def _lower_runs(garment: Garment) -> list[Line]:
    """The lower edge from corner to corner; where a slit is open, it has none."""
    runs = [garment.edge.edge()]
    if _slit_shows(garment):
        runs = opened(runs[0], slit(garment.edge))[::3]
    return [part for run in runs for part in corner_runs(run)]


def _slit_shows(garment: Garment) -> bool:
    return garment.has("slit", "side slit") or (
        garment.has("slit", "front slit") and not garment.back
    )


def _upper_runs(garment: Garment) -> list[Line]:
    if not garment.neckline:
        return []
    return corner_runs(of_points(garment.neckline))


def draw_inside_of_slit(pen: Pen, garment: Garment) -> None:
    """The inside of the far side, seen through a slit."""
    if _slit_shows(garment):
        hole, cloth = slit_hole(garment.edge), garment.cloth
        pen.fill(hole, cloth.shade)
        top, end = slit(garment.edge)[1], slit(garment.edge)[2]
        deep = mix(cloth.shade, INK, 0.4)
        pen.shade(hole, top, end, [(0.0, deep, 0.95), (0.6, deep, 0.3), (1.0, cloth.colour, 0.3)])


def draw_inside_of_front(pen: Pen, garment: Garment) -> None:
    """What is seen of the front's inside beside an open back; drawn before the figure's trunk."""
    if garment.back and garment.has("neckline", "open back"):
        y = shares(7, BUST + 1, OPEN_TO)
        half = np.array([garment.half_width(float(each)) for each in y])
        shape = joined(at(CENTRE + half, y), at(CENTRE - half, y)[::-1])
        pen.fill(shape, garment.cloth.shade, _OPACITY.get(garment.cloth.fabric, 1.0))


def draw_inside_behind(pen: Pen, garment: Garment) -> None:
    """The inside of the far side of a full skirt, seen below its hem; sheer cloth shows none."""
    edge, full = garment.edge, garment.edge.fullness
    if full < 0.3 or garment.has("hem", *CUT_ACROSS):
        return
    if garment.has("fabric", *SEE_THROUGH):
        return
    cloth, half = garment.cloth, garment.half_width(garment.hem)
    u = shares(25, 0.9, -0.9)  # it ends behind the corners of the front
    wave = 1.1 * full * np.cos(2.1 * np.pi * u * edge.folds / 2 + 2.4)
    y = garment.hem - 1.2 - 2.2 * full - (3 + 0.05 * half) * u * u * 0.8 + wave
    low = at(CENTRE + np.interp(y, *edge.widths) * 0.95 * u, y)
    high = at(CENTRE + garment.half_width(garment.hem - 16) * 0.95 * u[::-1], garment.hem - 16)
    pen.fill(joined(low, high), cloth.shade)
    pen.brush(low[::2], cloth.ink, 0.5, 0.8, FIRM)
