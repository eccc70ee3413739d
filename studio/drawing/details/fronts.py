"""The front of a garment: its closure, and pockets over it."""

from studio.drawing.details.closures import draw_closure
from studio.drawing.details.pockets import draw_pockets
from studio.drawing.garment import Garment
from studio.drawing.pen import Pen


def draw_front(pen: Pen, garment: Garment) -> None:
    """All that lies on the front below the collar; `pen` is posed."""
    with pen.inside(garment.body.path):
        draw_closure(pen, garment)
    draw_pockets(pen, garment)
