"""Folds of wide sleeves, and cuffs."""

from collections.abc import Callable

from studio.design.families import NONE
from studio.drawing.cloth import GOLD, INK, Panel
from studio.drawing.garment import Garment
from studio.drawing.paths import circle, curve, polygon, straight
from studio.drawing.pen import Pen

_CUFF_DEPTH = 8.5


def draw_sleeve_details(pen: Pen, garment: Garment) -> None:
    """Folds and cuff of each sleeve."""
    folds = _FOLDS.get(garment.spec["sleeve shape"])
    for sleeve in garment.sleeves:
        if folds:
            folds(pen, garment, sleeve)
        if garment.spec["cuffs"] != NONE:
            _CUFFS[garment.spec["cuffs"]](pen, garment, sleeve)


def _gathered_cap(pen: Pen, garment: Garment, sleeve: Panel) -> None:
    for across in (-0.6, 0.0, 0.6):
        fold = [sleeve.place(across * 4, 1), sleeve.place(across * 8, sleeve.length * 0.2)]
        pen.line(curve(fold), garment.cloth.ink, 1.0, 0.7)


def _flared_end(pen: Pen, garment: Garment, sleeve: Panel) -> None:
    for across in (-0.5, 0.0, 0.5):
        fold = [
            sleeve.place(across * 5, sleeve.length * 0.5),
            sleeve.place(across * sleeve.half, sleeve.length * 0.96),
        ]
        pen.line(curve(fold), garment.cloth.ink, 1.0, 0.7)


_SleeveDetail = Callable[[Pen, Garment, Panel], None]
_FOLDS: dict[str, _SleeveDetail] = {
    "puff sleeves": _gathered_cap,
    "flutter sleeves": _flared_end,
    "bell sleeves": _flared_end,
}


def _ruffled_cuff(pen: Pen, garment: Garment, sleeve: Panel) -> None:
    half, end, place = _half_width(garment), sleeve.length, sleeve.place
    rim = [place(half * 1.75 * (1 - i / 4), end + 4.5 + (2.2 if i % 2 else 0)) for i in range(9)]
    cuff = polygon([place(-half * 0.9, end - 6), place(half * 0.9, end - 6), *rim])
    pen.patch(cuff, garment.cloth.contrast, INK, 1.0)
    for i in range(2, 7, 2):
        pen.line(straight(place(half * 0.8 * (1 - i / 4), end - 5), rim[i]), INK, 0.8)


def _ribbed_cuff(pen: Pen, garment: Garment, sleeve: Panel) -> None:
    half, end, place = _half_width(garment), sleeve.length, sleeve.place
    cuff = polygon(_corners(garment, sleeve))
    pen.fill(cuff, garment.cloth.colour)
    for k in range(-3, 4):
        across = half * k / 3.5
        rib = straight(place(across, end - _CUFF_DEPTH + 0.5), place(across, end + 1))
        pen.line(rib, garment.cloth.texture, 1.2)
    pen.line(cuff, garment.cloth.ink, 1.1)


def _contrast_cuff(pen: Pen, garment: Garment, sleeve: Panel) -> None:
    cuff = polygon(_corners(garment, sleeve))
    pen.fill(cuff, garment.cloth.contrast)
    x, y = sleeve.place(_half_width(garment) * 0.45, sleeve.length - _CUFF_DEPTH / 2 + 0.5)
    pen.fill(circle(x, y, 1.4), GOLD)
    pen.line(cuff, garment.cloth.ink, 1.1)


_CUFFS: dict[str, _SleeveDetail] = {
    "ribbed cuffs": _ribbed_cuff,
    "contrast cuffs": _contrast_cuff,
    "ruffled cuffs": _ruffled_cuff,
}


def _half_width(garment: Garment) -> float:
    wrist = 5.6 if garment.has("sleeve shape", "bishop sleeves") else 6.8
    return wrist + (1.6 if garment.has("fit", "oversized") else 0)


def _corners(garment: Garment, sleeve: Panel) -> list[tuple[float, float]]:
    half, top, bottom = _half_width(garment), sleeve.length - _CUFF_DEPTH, sleeve.length + 1.5
    return [
        sleeve.place(-half, top),
        sleeve.place(half, top),
        sleeve.place(half, bottom),
        sleeve.place(-half, bottom),
    ]
