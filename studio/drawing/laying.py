"""Cloth laid over a piece of a garment."""

from studio.drawing.cloth import Cloth, Panel
from studio.drawing.fabrics import draw_edge, draw_fabric
from studio.drawing.patterns import draw_pattern
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour

_SHADOW: Colour = (20, 14, 34)
_SHEER_ALPHA = 0.5


def lay(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Fill a piece with cloth: ground, pattern, fabric, shading and edge."""
    pen.fill(panel.path, cloth.colour, _SHEER_ALPHA if cloth.fabric == "sheer" else 1.0)
    with pen.inside(panel.path):
        draw_pattern(pen, cloth, panel)
        draw_fabric(pen, cloth, panel)
    _shade_sides(pen, panel)
    draw_edge(pen, cloth, panel)


def _shade_sides(pen: Pen, panel: Panel) -> None:
    left, top, right, _ = panel.bounds
    stops = [(0.0, _SHADOW, 0.2), (0.3, _SHADOW, 0.0), (0.62, _SHADOW, 0.0), (1.0, _SHADOW, 0.24)]
    pen.shade(panel.path, (left, top), (right, top), stops)
