"""The slits of a cape, and what is seen of the arms that come through them."""

import numpy as np

from studio.drawing.cutting.sleeves import Sleeve
from studio.drawing.garment import Garment
from studio.drawing.lines import Line, joined
from studio.drawing.paths import Path
from studio.drawing.pen import EVEN, Pen

_PLACE, _SLANT, _REACH = 0.66, 0.05, 4.6
"""Where on an arm a slit crosses it, how much farther down on the outer side, and how wide."""


def has_slits(garment: Garment) -> bool:
    """Whether hands come through a cape: those of one without closure, or a short one, hang."""
    wrists = [float(arm.on(1.0).imag) for arm in garment.figure.arms.values()]
    long = garment.hem > max(wrists) + 8
    return long and not garment.back


def _slit(sleeve: Sleeve, margin: float = 0.0) -> Line:
    """From the inner to the outer side of the arm."""
    across = sleeve.side * (_REACH + margin) * np.array([-1.0, 0.0, 1.0])
    return sleeve.arm.on(_PLACE + _SLANT * np.array([-1.0, 0.1, 1.0]), across)


def below_slit(sleeve: Sleeve) -> Path:
    """Where the arm is seen: from the slit down."""
    upper = _slit(sleeve, 6.0)
    return joined(upper, (upper + sleeve.arm.along(0.95) * 60)[::-1])


def draw_slit(pen: Pen, garment: Garment, sleeve: Sleeve) -> None:
    """The stitched opening over the arm; `pen` draws on the page."""
    cloth, edge = garment.cloth, _slit(sleeve)
    pen.brush(edge + sleeve.arm.along(_PLACE) * 0.9, cloth.shade, 2.2, 0.55, EVEN)
    pen.brush(edge, cloth.visible_ink, 1.9, 1.0, EVEN)
    pen.brush(edge, cloth.colour, 1.2, 1.0, EVEN)
