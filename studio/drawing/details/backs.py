"""The back of a garment: its seam or zip, yoke, darts, vent and pockets."""

import numpy as np

from studio.drawing.figure import BUST, CENTRE, HIP, SIDES, WAIST
from studio.drawing.garment import Garment
from studio.drawing.lines import at, chain, joined, line, shares, through
from studio.drawing.paths import box
from studio.drawing.pen import EVEN, FALLING, FIRM, Pen

_METAL = (190, 190, 196)


def draw_back(pen: Pen, garment: Garment) -> None:
    """All that lies on the back below the collar; `pen` is posed."""
    with pen.inside(garment.body.path):
        back = _BACKS.get(garment.spec["category"])
        if back:
            back(pen, garment)


def _seam(pen: Pen, garment: Garment, start: float, end: float) -> None:
    points = at(np.full(6, CENTRE), shares(6, start, end))
    pen.brush(points, garment.cloth.visible_ink, 0.5, 0.85, EVEN)


def _zip(pen: Pen, garment: Garment, start: float, end: float) -> None:
    _seam(pen, garment, start, end)
    for side in (-0.9, 0.9):
        stitch = through(at(np.full(6, CENTRE + side), shares(6, start, end)))
        pen.dashes(stitch, garment.cloth.visible_ink, 0.22, (0.9, 0.6), 0.7)
    pull = box(CENTRE - 0.5, start + 1.0, CENTRE + 0.5, start + 4.0, 0.3)
    pen.fill(pull, _METAL)
    pen.line(pull, garment.cloth.ink, 0.2)


def _darts(pen: Pen, garment: Garment) -> None:
    for side in SIDES:
        dart = garment.on(side * np.array([0.5, 0.47, 0.5]), np.array([72.0, WAIST, 96.0]))
        pen.brush(dart, garment.cloth.visible_ink, 0.42, 0.65)


def _dress(pen: Pen, garment: Garment) -> None:
    stretches = garment.has("waist", "smocked waist")
    if garment.has("closure", "none", "lace-up front") and not stretches:
        _zip(pen, garment, garment.top, min(HIP, garment.hem - 6))
    if garment.has("waist", "none") and garment.has("belt", "none"):
        _darts(pen, garment)


def _top(pen: Pen, garment: Garment) -> None:
    if garment.has("neckline", "turtleneck", "crew neck", "boat neck") and garment.has(
        "fabric", "satin", "sheer"
    ):
        _zip(pen, garment, garment.top, min(66.0, garment.hem - 8))


def _shirt(pen: Pen, garment: Garment) -> None:
    half = garment.half_width(BUST)
    yoke = at(CENTRE + half * np.array([-1.0, -0.5, 0.0, 0.5, 1.0]), [52.4, 53.4, 53.8, 53.4, 52.4])
    pen.brush(yoke, garment.cloth.visible_ink, 0.5, 0.85, EVEN)
    pen.dashes(through(yoke + 0.8j), garment.cloth.visible_ink, 0.22, (0.9, 0.6), 0.7)
    for side in SIDES:
        pleat = at(CENTRE + side * np.array([2.2, 2.0, 1.9]), [54.0, 75.0, garment.hem])
        pen.brush(pleat, garment.cloth.shade, 0.7, 0.7, FALLING)


def _jacket(pen: Pen, garment: Garment) -> None:
    _seam(pen, garment, garment.top, garment.hem + 2)
    for side in SIDES:
        y = np.array([55.0, 68.0, WAIST, garment.hem])
        panel = garment.on(side * np.array([0.92, 0.56, 0.5, 0.54]), y)
        pen.brush(panel, garment.cloth.visible_ink, 0.42, 0.7, FIRM)
    _vent(pen, garment, garment.hem - 0.28 * (garment.hem - WAIST))


def _coat(pen: Pen, garment: Garment) -> None:
    _seam(pen, garment, garment.top, garment.hem + 2)
    _vent(pen, garment, garment.hem - 0.4 * (garment.hem - WAIST))


def _vent(pen: Pen, garment: Garment, start: float) -> None:
    depth = garment.hem + 4 - start
    wedge = at(CENTRE + np.array([0.0, 0.5, 1.7]), [start, start + depth / 2, garment.hem + 4])
    pen.fill(joined(wedge, at([CENTRE], [garment.hem + 4])), garment.cloth.shade, 0.8)
    pen.brush(wedge, garment.cloth.visible_ink, 0.65, 0.95, FIRM)


def _skirt(pen: Pen, garment: Garment) -> None:
    if garment.has("waist", "elastic waist"):
        return
    high = garment.has("waist", "high waist")
    _zip(pen, garment, WAIST - 12 if high else WAIST + 2.8, min(HIP, garment.hem - 6))
    if garment.has("pleats", "none") and garment.has(
        "silhouette", "straight", "pencil", "a-line", "mermaid"
    ):
        for side in SIDES:
            dart = garment.on(side * np.array([0.5, 0.5]), np.array([WAIST + 3, 96.0]))
            pen.brush(dart, garment.cloth.visible_ink, 0.42, 0.7, FALLING)
    if garment.has("silhouette", "pencil"):
        _vent(pen, garment, garment.hem - 0.22 * (garment.hem - WAIST))


def _trousers(pen: Pen, garment: Garment) -> None:
    """The seat's seam, the yoke's darts, and two patch pockets."""
    if garment.has("leg", "leggings", "joggers"):
        return
    ink = garment.cloth.visible_ink
    for side in SIDES:
        x, y = CENTRE + side * garment.half_width(100) * 0.5, 95.0
        shape = line(
            (x - 3.6, y), (x + 3.6, y), (x + 3.6, y + 9.0), (x, y + 11.0), (x - 3.6, y + 9.0)
        )
        pen.patch(
            joined(*[shape[[i, (i + 1) % 5]] for i in range(5)]), garment.cloth.colour, ink, 0.45
        )
        inset = x + 1j * (y + 5) + (shape - x - 1j * (y + 5)) * 0.84
        pen.dashes(chain(inset, closed=True), ink, 0.22, (0.9, 0.6), 0.7)
        dart = at([x - side * 0.4, x], [WAIST + 3, 93.0])
        pen.brush(dart, ink, 0.42, 0.7, FALLING)


_BACKS = {
    "dress": _dress,
    "top": _top,
    "shirt": _shirt,
    "jacket": _jacket,
    "coat": _coat,
    "skirt": _skirt,
    "trousers": _trousers,
    "shorts": _trousers,
    "dungarees": _trousers,
    "jumpsuit": _dress,
}
