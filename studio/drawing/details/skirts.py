"""How a skirt is made: pleats, tiers, and the edge of a slit."""

from studio.design.families import NONE, SKIRTED
from studio.drawing.cutting.hemlines import opened, slit
from studio.drawing.details.choice import draw_chosen
from studio.drawing.details.gathers import draw_gathers
from studio.drawing.drape import drape_of
from studio.drawing.figure import WAIST
from studio.drawing.garment import Garment
from studio.drawing.lines import Line, joined, shares
from studio.drawing.pen import EVEN, FIRM, Pen, Taper


def draw_skirt_details(pen: Pen, garment: Garment) -> None:
    """Pleats or tiers, and the slit."""
    if not garment.has("category", *SKIRTED):
        return
    with pen.inside(garment.body.path):
        if garment.spec["pleats"] != NONE:
            draw_chosen("pleats", _PLEATS, pen, garment)
            seam = garment.on(shares(5, -1.0, 1.0), _top(garment) + 2.0)
            pen.brush(seam, garment.cloth.visible_ink, 0.6, 0.9, EVEN)
        elif garment.has("silhouette", "tiered"):
            _tiers(pen, garment)
    if garment.spec["slit"] == "side slit" or (
        garment.has("slit", "front slit") and not garment.back
    ):
        _, up, down, _ = opened(garment.edge.edge(), slit(garment.edge))
        pen.brush(up, garment.cloth.ink, 0.7, 0.95, FIRM)
        pen.brush(down, garment.cloth.ink, 0.9, 0.95, FIRM)


def _top(garment: Garment) -> float:
    return max(garment.waist, WAIST)


def _down(garment: Garment, share: float, spread: float = 0.0) -> Line:
    """A line from the waist to the hem at a share of the width."""
    t = shares(7)
    y = _top(garment) + 3 + (garment.hem + 3 - _top(garment)) * t
    return garment.on(share + spread * t, y)


def _knife_pleats(pen: Pen, garment: Garment) -> None:
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    for k in range(-7, 8):
        share = k / 7.4
        edge = _down(garment, share)
        pen.strip(
            edge, _down(garment, share - 0.02, -0.08), cloth.shade, min(0.55 * drape.shade, 0.75)
        )
        pen.strip(
            edge, _down(garment, share + 0.02, 0.05), cloth.light, min(0.3 * drape.light, 0.5)
        )
        pen.brush(edge, cloth.visible_ink, 0.5, 0.8, Taper(0.5, 0.8))


def _box_pleats(pen: Pen, garment: Garment) -> None:
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    for k in (-0.72, -0.24, 0.24, 0.72):
        left, right = _down(garment, k - 0.03, -0.09), _down(garment, k + 0.03, 0.09)
        middle = _down(garment, k)
        pen.fill(joined(left, right[::-1]), cloth.shade, min(0.6 * drape.shade, 0.8))
        pen.strip(left, middle, cloth.ink, 0.5)
        pen.strip(right, _down(garment, k + 0.08, 0.14), cloth.light, min(0.3 * drape.light, 0.5))
        pen.brush(left, cloth.visible_ink, 0.55, 0.9, FIRM)
        pen.brush(right, cloth.visible_ink, 0.55, 0.9, FIRM)


_PLEATS = {"knife pleats": _knife_pleats, "box pleats": _box_pleats}


def _tiers(pen: Pen, garment: Garment) -> None:
    fall = garment.hem - garment.waist
    cloth = garment.cloth
    u = shares(9, -1.04, 1.04)
    for share in (1 / 3, 2 / 3):
        y = garment.waist + fall * share
        seam = garment.on(u, y + 1.0 - 2.2 * u * u)
        pen.strip(seam, seam + 7j, cloth.shade, 0.4 * drape_of(cloth).shade)
        pen.brush(seam + 0.5j, cloth.light, 0.5, 0.4, EVEN)
        pen.brush(seam, cloth.visible_ink, 0.75, 0.95, EVEN)
        draw_gathers(pen, garment, y + 0.6, 9.0, 9)
