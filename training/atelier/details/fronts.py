"""The front of a garment: trims, closures, pockets and shoulder bows, in the order of drawing."""

from training.atelier.details.bows import draw_shoulder_bows
from training.atelier.details.closures import draw_closure
from training.atelier.details.pockets import draw_pockets
from training.atelier.details.trims import draw_edge_trim, draw_front_trim
from training.atelier.garment import Garment
from training.atelier.pen import Pen


def draw_front(pen: Pen, garment: Garment) -> None:
    """All that lies on the front below the collar."""
    with pen.inside(garment.body.path):
        draw_front_trim(pen, garment)
        draw_closure(pen, garment)
    draw_edge_trim(pen, garment)
    draw_pockets(pen, garment)
    draw_shoulder_bows(pen, garment)
