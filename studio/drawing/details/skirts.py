"""How a skirt falls: pleats, folds, tiers, and the edge of a slit."""

from studio.design.families import NONE, SKIRTED
from studio.drawing.cutting.hemlines import slit
from studio.drawing.details.choice import draw_chosen
from studio.drawing.details.gathers import draw_gathers
from studio.drawing.figure import WAIST
from studio.drawing.garment import Garment
from studio.drawing.paths import curve, polygon, straight
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour

_SHADOW: Colour = (20, 14, 30)


def draw_skirt_details(pen: Pen, garment: Garment) -> None:
    """Pleats, or else the folds of the silhouette, and the slit."""
    if not garment.has("category", *SKIRTED):
        return
    with pen.inside(garment.body.path):
        if garment.spec["pleats"] == NONE:
            draw_chosen("silhouette", _FOLDS, pen, garment)
        else:
            draw_chosen("pleats", _PLEATS, pen, garment)
    if garment.spec["slit"] != NONE:
        _draw_edge_of_slit(pen, garment)


def _top(garment: Garment) -> float:
    return max(garment.waist, WAIST)


def _knife_pleats(pen: Pen, garment: Garment) -> None:
    for k in range(-6, 7):
        pleat = garment.line_down(_top(garment) + 3, garment.hem + 4, k / 6.5)
        pen.line(pleat, garment.cloth.texture, 1.2)


def _box_pleats(pen: Pen, garment: Garment) -> None:
    top, bottom = _top(garment) + 3, garment.hem + 4
    for k in (-0.72, -0.24, 0.24, 0.72):
        pleat = [
            garment.at(top, k - 0.06),
            garment.at(top, k + 0.06),
            garment.at(bottom, k + 0.14),
            garment.at(bottom, k - 0.14),
        ]
        pen.patch(polygon(pleat), garment.cloth.darker(0.5), garment.cloth.texture, 1.1)


_PLEATS = {"knife pleats": _knife_pleats, "box pleats": _box_pleats}


def _soft_folds(pen: Pen, garment: Garment) -> None:
    _draw_folds(pen, garment, _top(garment) + 8)


def _low_folds(pen: Pen, garment: Garment) -> None:
    _draw_folds(pen, garment, garment.hem - 0.34 * (garment.hem - _top(garment)))


def _draw_folds(pen: Pen, garment: Garment, start: float) -> None:
    hem = garment.hem
    for k in (-0.66, -0.25, 0.22, 0.6):
        fold = [
            garment.at(start, k * 0.8),
            garment.at((start + hem) / 2, k * 0.95),
            garment.at(hem + 2, k),
        ]
        pen.line(curve(fold), _SHADOW, 1.6, 0.3)


def _tiers(pen: Pen, garment: Garment) -> None:
    fall = garment.hem - garment.waist
    for share in (1 / 3, 2 / 3):
        y = garment.waist + fall * share
        seam = garment.line_across(y, rise=1.5, sag=1, reach=1.02)
        pen.line(seam, garment.cloth.ink, 1.6)
        draw_gathers(pen, garment, y + 1, 7.0, 9)


_FOLDS = {"a-line": _soft_folds, "full": _soft_folds, "mermaid": _low_folds, "tiered": _tiers}


def _draw_edge_of_slit(pen: Pen, garment: Garment) -> None:
    wedge = straight(*slit(garment.spec, garment.half_width, garment.hem))
    pen.line(wedge, garment.cloth.ink, 1.8)
