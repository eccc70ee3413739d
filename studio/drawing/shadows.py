"""Shadows that one layer casts on the layer below, clipped to that."""

import numpy as np

from studio.drawing.cutting.sleeves import Sleeve
from studio.drawing.figure import FLOOR, Figure
from studio.drawing.flesh import trunk_path
from studio.drawing.garment import Garment
from studio.drawing.lines import corner_runs, joined, of_points, shares, through
from studio.drawing.paths import together
from studio.drawing.pen import EVEN, Pen, Taper
from studio.drawing.tones import Colour

_FLOOR: Colour = (92, 80, 78)
_SHADE: Colour = (26, 16, 40)
_BOOT_TOP = 184.0


def draw_floor_shadow(pen: Pen, figure: Figure) -> None:
    """A soft pool of shade below the feet."""
    feet = [complex(leg.on(1.0)) for leg in figure.legs.values()]
    middle = sum(foot.real for foot in feet) / 2 + 3
    pen.glow(middle, FLOOR - 0.5, (32, 5.0), _FLOOR, 0.4)
    for foot in feet:
        pen.glow(foot.real + 2.5, foot.imag + 15.5, (12, 2.6), _FLOOR, 0.5)


def cast_on_legs(pen: Pen, upper: Garment, lower: Garment | None) -> None:
    """The hem's shade on trousers, or on bare legs."""
    figure = upper.figure
    warp = figure.posture.warp
    hem = warp(upper.edge.edge())
    drop = 8.0 if lower else 13.0
    if hem.imag.min() > 222:
        return
    if upper.has("category", "swimsuit"):  # its edge climbs to the hips: a band would be a wedge
        legs = [figure.leg_bounds(side, shares(12)) for side in figure.legs]
        for leg, (left, right) in zip(figure.legs.values(), legs, strict=True):
            limb = joined(leg.on(shares(12), -left), leg.on(shares(12), right)[::-1])
            with pen.inside(limb):
                pen.soft_line(hem + 0.6j, figure.skin_shadow, 4.4, 0.6, EVEN)
        return
    below = joined(hem - 1.5j, (hem + 1j * drop)[::-1])
    middle = complex(hem[len(hem) // 2])
    for side, leg in figure.legs.items():
        if lower:
            path = next(piece.panel.path for piece in lower.legs if piece.side == side)
            tone, alpha = _SHADE, 0.5
        else:
            places = shares(12, 0.0, 1.0)
            left, right = figure.leg_bounds(side, places)
            path = joined(leg.on(places, -left), leg.on(places, right)[::-1])
            booted = upper.has("shoes", "boots") and middle.imag > _BOOT_TOP
            tone, alpha = (_SHADE, 0.5) if booted else (figure.skin_shadow, 0.95)
        start = middle - 1.5j
        stops = [(0.0, tone, alpha), (0.4, tone, alpha * 0.55), (1.0, tone, 0.0)]
        with pen.inside(path):
            pen.shade(below, start, start + 1j * drop, stops)


def cast_by_leg(pen: Pen, garment: Garment) -> None:
    """The shade of the leg in front on the one behind, so that the two are told apart."""
    behind, front = garment.legs
    edge = front.inner
    with pen.inside(behind.panel.path):
        pen.soft_line(edge, garment.cloth.shade, 7.0, 0.55, Taper(0.35, 0.9, 0.7))


def cast_by_arm(pen: Pen, garment: Garment, side: int) -> None:
    """An arm's shade on the garment's body."""
    arm = garment.figure.arms[side]
    path = garment.body.path
    posed = pen.posed(garment.figure.posture.warp)
    points = arm.on(np.array([0.12, 0.35, 0.6, 0.85])) + complex(1.8, 1.2)
    with posed.inside(path):
        pen.soft_line(points, garment.cloth.shade, 9.0, 0.3, Taper(0.7, 0.7))


def cast_by_neckline(pen: Pen, garment: Garment) -> None:
    """A line of shade on the skin along a garment's upper edge; `pen` is posed."""
    if not garment.neckline:
        return
    with pen.inside(trunk_path(garment.figure)):
        runs = corner_runs(of_points(garment.neckline))
        edge = together([through(run) for run in runs])  # one line: its pieces do not add up
        pen.line(edge, garment.figure.skin_shadow, 2.6, 0.55)


def cast_by_sleeve(pen: Pen, figure: Figure, sleeve: Sleeve) -> None:
    """A band of shade on the arm below a sleeve's end."""
    half = float(figure.arm_half(np.array([sleeve.end]))[0])
    down = sleeve.arm.along(sleeve.end)
    band = sleeve.arm.on(sleeve.end - 0.01, half * np.array([-0.96, -0.5, 0.0, 0.5, 0.96]))
    band = band + down * 0.9 * np.array([0.0, 0.8, 1.0, 0.8, 0.0])
    pen.strip(band, band + down * 5.0, figure.skin_shadow, 0.8, 0.4)
