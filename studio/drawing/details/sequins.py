"""Sequins: sewn on in rows, whole ones only, and some of them sparkle."""

import numpy as np
from numpy.typing import NDArray

from studio.design.families import BOTTOMS, NONE, TROUSERED
from studio.drawing.cloth import INK, Cloth
from studio.drawing.figure import CENTRE, WAIST
from studio.drawing.garment import Garment
from studio.drawing.lines import Line, Numbers, at, many, within
from studio.drawing.paths import Box, Path, spots
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour, mix

_SEQUIN: Colour = (238, 200, 120)
_BRIGHT_SEQUIN: Colour = (255, 240, 190)
_SPARKLE: Colour = (255, 250, 226)
_ROOM, _ROOM_TO_SPARKLE = 1.2, 2.3
"""How far from an edge the middle of a sequin is, at least."""
_BAND = 4.4
"""How far below the waist the band of skirts and trousers ends."""


def sequin_body(pen: Pen, garment: Garment) -> None:
    """The piece round the body; trousers have none."""
    if garment.has("category", *TROUSERED):
        return
    places = _rows(garment.body.bounds)
    y = places.imag
    if garment.has("category", "jumpsuit"):
        shown = y < WAIST - 0.6
    elif garment.has("category", *BOTTOMS):
        shown = y > WAIST + _BAND
    else:
        shown = np.ones(len(places), dtype=bool)
    if not garment.has("waist", NONE):
        shown &= np.abs(y - garment.waist) > 1.6
    _sew(pen, garment.cloth, places[shown], garment.body.path)


def sequin_legs(pen: Pen, garment: Garment) -> None:
    """Both legs, from the waistband down; where one lies behind the other, it has none."""
    page, posture = pen.posed(None), garment.figure.posture
    start = WAIST + (_BAND if garment.has("category", *BOTTOMS) else 1.8)
    aside = posture.one(CENTRE, WAIST).real
    for number, leg in enumerate(garment.legs):
        places = _rows(leg.panel.bounds)
        places = places[places.imag > start + posture.tilt(WAIST) * (places.real - aside)]
        for above in garment.legs[number + 1 :]:
            places = places[~within(places, above.panel.path, -_ROOM)]
        _sew(page, garment.cloth, places, leg.panel.path)


def sequin_sleeves(pen: Pen, garment: Garment) -> None:
    """All sleeves."""
    for sleeve in garment.sleeves:
        _sew(pen.posed(None), garment.cloth, _rows(sleeve.panel.bounds), sleeve.panel.path)


def _rows(bounds: Box) -> Line:
    """Places in staggered rows, all over the box."""
    left, top, right, bottom = bounds
    rows, columns = np.meshgrid(
        np.arange(int((bottom - top) / 2.6) + 1), np.arange(int((right - left) / 3) + 1)
    )
    return at(left + (columns + (rows % 2) / 2) * 3, top + rows * 2.6 + 1).ravel()


def _lots(places: Line) -> tuple[Numbers, NDArray[np.bool_]]:
    """A number of 0 to 1 for each place, always the same one there, and which may sparkle.

    Those that may are apart from each other; they would be lumps beside each other.
    """
    rows, columns = np.round(places.imag / 2.6), np.round(places.real / 1.5)
    lot = np.asarray((np.sin(rows * 12.9898 + columns * 78.233) * 43758.5453) % 1.0)
    apart = (rows % 3 == 0) & ((columns + 4 * (rows // 3 % 2)) % 8 < 2)
    return lot, np.asarray(apart & (lot < 0.7))


def _sew(pen: Pen, cloth: Cloth, places: Line, piece: Path) -> None:
    """Those that lie on the piece as a whole."""
    places = places[within(places, piece, _ROOM)]
    if not len(places):
        return
    lot, apart = _lots(places)
    bright = apart & within(places, piece, _ROOM_TO_SPARKLE)
    plain = places[~bright]
    turned = lot[~bright] > 0.6  # towards the light
    pen.line(_spots(plain), mix(cloth.colour, INK, 0.45), 1.9, 0.85)
    for part, tone in ((plain[~turned], 0.5), (plain[turned], 0.85)):
        pen.line(_spots(part - 0.14 - 0.14j), mix(cloth.colour, _SEQUIN, tone), 1.45)
    if bright.any():
        for reach, width in ((1.9, 0.32), (1.1, 0.6)):
            rays = [
                places[bright][:, None] + np.array([-1.0, 1.0]) * turn * reach for turn in (1, 1j)
            ]
            pen.line(many(np.concatenate(rays)), _SPARKLE, width)
        pen.line(_spots(places[bright]), _BRIGHT_SEQUIN, 1.8)


def _spots(points: Line) -> Path:
    return spots(zip(points.real.tolist(), points.imag.tolist(), strict=True))
