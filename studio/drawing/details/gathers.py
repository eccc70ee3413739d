"""Cloth gathered into a seam."""

from studio.drawing.garment import Garment
from studio.drawing.pen import Pen


def draw_gathers(pen: Pen, garment: Garment, y: float, length: float, count: int) -> None:
    """Short folds that hang from the height `y`, `count` on each side of the middle one."""
    for k in range(-count, count + 1):
        drop = length * (1.0 if k % 2 else 0.6)
        fold = garment.line_down(y, y + drop, k / (count + 0.6), spread=1.02)
        pen.line(fold, garment.cloth.texture, 1.0, 0.95)
