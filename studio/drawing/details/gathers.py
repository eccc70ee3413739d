"""Cloth gathered into a seam."""

import numpy as np

from studio.drawing.drape import drape_of
from studio.drawing.garment import Garment
from studio.drawing.lines import ribbons, shares
from studio.drawing.pen import Pen


def draw_gathers(pen: Pen, garment: Garment, y: float, length: float, count: int) -> None:
    """Short folds that run from the height `y`, `count` on each side of the middle one."""
    k = np.arange(-count, count + 1)
    reach = length * np.where(k % 2 == 0, 0.65, 1.0)
    t = shares(5)
    folds = garment.on((k / (count + 0.6))[:, None] * (1 + 0.02 * t), y + reach[:, None] * t)
    widths = np.broadcast_to(0.55 * (1 - 0.85 * t), folds.shape)
    depth = garment.on((k / (count + 0.6) - 0.02)[:, None], y + reach[:, None] * t * 0.9)
    shade = min(0.3 * drape_of(garment.cloth).shade, 0.5)
    pen.fill(
        ribbons(depth, np.broadcast_to(1.5 * (1 - 0.8 * t), depth.shape)),
        garment.cloth.shade,
        shade,
    )
    pen.fill(ribbons(folds, widths), garment.cloth.visible_ink, 0.75)
