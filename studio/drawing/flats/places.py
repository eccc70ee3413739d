"""Where points of measure lie on a flat: the two ends of each, in the flat's own centimetres."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from studio.drawing.flats.backs import top_of
from studio.drawing.flats.makes import strap_behind
from studio.drawing.flats.parts import FlatSide
from studio.drawing.flats.skirts import slit_ends
from studio.drawing.flats.sleeves import FlatSleeve
from studio.drawing.flats.waists import belt_height
from studio.drawing.lines import smooth
from studio.patternmaking.allowances import GUSSET, HIGH_WAIST, LEG_CUFF, STRAP_WIDTH, WAISTBAND
from studio.patternmaking.points import bib_height, bib_width

Lane = Literal["left", "above", "below"]
"""Beside the garment, above or below it, where nothing else is drawn."""


class Place(NamedTuple):
    """A measured line.

    Attributes:
        start: one end.
        end: the other one.
        lane: where the line is drawn in place of across the garment; None for across it.
    """

    start: complex
    end: complex
    lane: Lane | None = None


def place_of(side: FlatSide, key: str) -> Place | None:
    """Where a point lies on a side; None where that side has no such place."""
    found = _PLACES.get(key)
    return found(side) if found is not None else None


def _width_at(side: FlatSide, y: float) -> Place:
    return Place(side.form.at(-1.0, y), side.form.at(1.0, y))


def _waist(side: FlatSide) -> Place:
    """Of bottoms, above their edge."""
    place = _width_at(side, side.form.draft.waist)
    return place._replace(lane="above") if side.form.bottom else place


def _lengths(side: FlatSide, top: float, low: float) -> Place:
    return Place(complex(0.0, top), complex(0.0, low), "left")


def _start_y(side: FlatSide) -> float:
    """Where lengths of the whole garment begin."""
    draft = side.form.draft
    return draft.waist if draft.neck is None else 0.0


def _body_length(side: FlatSide) -> Place:
    return _lengths(side, 0.0, side.form.draft.hem)


def _front_length(side: FlatSide) -> Place | None:
    neck = side.form.draft.neck
    return _lengths(side, neck.front, side.form.draft.hem) if neck else None


def _shortest(side: FlatSide) -> Place:
    return _lengths(side, _start_y(side), side.form.draft.short_hem)


def _bodice_length(side: FlatSide) -> Place:
    x = float(side.form.neck.opening[0].real) - 0.6
    return Place(complex(x, 0.0), complex(x, side.form.draft.seam))


def _skirt_length(side: FlatSide) -> Place:
    form = side.form
    x = 0.32 * form.half(form.draft.waist)
    top = form.draft.waist if form.bottom else form.draft.seam
    return Place(complex(x, top), complex(x, form.draft.hem))


def _outseam(side: FlatSide) -> Place:
    return _lengths(side, side.form.draft.waist, side.form.draft.hem)


def _rise(side: FlatSide) -> Place:
    draft = side.form.draft
    return Place(complex(-2.4, draft.waist), complex(-2.4, draft.crotch))


def _inseam(side: FlatSide) -> Place:
    draft = side.form.draft
    return Place(complex(0.0, draft.crotch + 1.0), complex(0.0, draft.hem))


def _hem(side: FlatSide) -> Place:
    right, left = side.form.right[-1], side.form.left[-1]
    return Place(
        complex(left.real, side.form.draft.hem), complex(right.real, side.form.draft.hem), "below"
    )


def _shoulders(side: FlatSide) -> Place:
    draft = side.form.draft
    half = draft.shoulder / 2
    return Place(complex(-half, draft.shoulder_drop), complex(half, draft.shoulder_drop))


def _armhole(side: FlatSide) -> Place:
    edge = side.form.neck.armhole
    turn = side.form.neck.mirror
    return Place(_turned(complex(edge[0]), turn), _turned(complex(edge[-1]), turn))


def _turned(place: complex, turn: int) -> complex:
    return place if turn > 0 else complex(-place.real, place.imag)


def _neck_width(side: FlatSide) -> Place:
    edge = side.form.neck.opening
    return Place(complex(edge[0]), complex(edge[-1]))


def _front_drop(side: FlatSide) -> Place | None:
    neck = side.form.draft.neck
    return Place(0j, complex(0.0, neck.front)) if neck else None


def _back_drop(side: FlatSide) -> Place:
    return Place(0j, complex(0.0, top_of(side.form)))


def _collar(side: FlatSide) -> Place | None:
    neck = side.form.draft.neck
    if neck is None:
        return None
    top, low = _COLLAR_ENDS[neck.kind]
    return Place(complex(2.2, top * neck.collar), complex(2.2, low * neck.collar + 0.6))


_COLLAR_ENDS = {  # of the back, in heights of the collar
    "turtleneck": (-0.92, 0.3),
    "shirt collar": (-0.42, 0.5),
    "notched lapels": (-0.42, 0.62),
    "peter pan collar": (0.25, 1.1),
    "stand collar": (-0.8, 0.3),
    "hood": (-0.98, 0.03),
    "shawl collar": (-0.42, 0.62),
    "sailor collar": (0.1, 1.05),
}


def _sleeve(side: FlatSide) -> tuple[FlatSleeve, int] | None:
    """The sleeve with the sign of its side; the right one where there are two."""
    if side.sleeve is None:
        return None
    return side.sleeve, side.form.neck.mirror if side.form.neck.one_sided else 1


def _sleeve_length(side: FlatSide) -> Place | None:
    found = _sleeve(side)
    if found is None:
        return None
    sleeve, turn = found
    start, end = complex(sleeve.outer[0]), sleeve.end[0]
    chord = end - start
    across = chord / abs(chord) * -1j
    bulge = float(((smooth(sleeve.outer) - start) * np.conj(across)).real.max())
    away = across * (max(bulge, 0.0) + 2.0)
    return Place(_turned(start + away, turn), _turned(end + away, turn))


def _upper_arm(side: FlatSide) -> Place | None:
    found = _sleeve(side)
    if found is None:
        return None
    sleeve, turn = found
    return Place(_turned(complex(sleeve.inner[0]), turn), _turned(sleeve.bicep, turn))


def _fullest(side: FlatSide) -> Place | None:
    found = _sleeve(side)
    if found is None:
        return None
    sleeve, turn = found
    if side.form.has("sleeve shape", "puff sleeves"):
        return _upper_arm(side)
    outer, inner = sleeve.outer[-len(sleeve.inner) :], sleeve.inner
    place = int(np.argmax(np.abs(outer - inner)))
    return Place(_turned(complex(inner[place]), turn), _turned(complex(outer[place]), turn))


def _sleeve_end(side: FlatSide) -> Place | None:
    """On the other sleeve, where there are two."""
    found = _sleeve(side)
    if found is None:
        return None
    sleeve, turn = found
    turn = turn if side.form.neck.one_sided else -1
    outer, inner = sleeve.end if sleeve.sleeve.cuff else (sleeve.outer[-1], sleeve.inner[-1])
    away = sleeve.along * 2.6
    return Place(_turned(complex(outer + away), turn), _turned(complex(inner + away), turn))


def _cuff(side: FlatSide) -> Place | None:
    found = _sleeve(side)
    if found is None:
        return None
    sleeve, turn = found
    away = sleeve.out * 1.8
    end = sleeve.end[0] + away
    return Place(_turned(end - sleeve.along * sleeve.sleeve.cuff, turn), _turned(end, turn))


def _thigh(side: FlatSide) -> Place | None:
    if side.leg is None:
        return None
    y = side.form.draft.crotch + 1.0
    return Place(complex(0.3, y), complex(side.leg.thigh.real, y))


def _knee(side: FlatSide) -> Place | None:
    return Place(*side.leg.knee[::-1]) if side.leg else None


def _leg_hem(side: FlatSide) -> Place | None:
    if side.leg is None:
        return None
    outer, inner = complex(side.leg.mouth[0]), complex(side.leg.mouth[-1])
    return Place(inner, outer, "below")


def _waistband(side: FlatSide) -> Place:
    y = side.form.draft.waist
    x = side.form.half(y) * 0.82
    above = HIGH_WAIST if side.form.has("waist", "high waist") else 0.0
    return Place(complex(x, y - above + 0.2), complex(x, y + WAISTBAND + 0.2))


def _belt(side: FlatSide) -> Place:
    y = belt_height(side.form)
    x = -0.8 * side.form.half(y)
    width = {"belt": (2.0, 2.0), "tied sash": (2.5, 2.5), "corset belt": (8.0, 5.0)}
    up, down = width[side.form.draft.spec["belt"]]
    return Place(complex(x, y - up + 0.2), complex(x, y + down + 0.2))


def _slit(side: FlatSide) -> Place:
    top, foot = slit_ends(side.form)
    return Place(top + 2.2, foot + 2.2)


def _bib_height(side: FlatSide) -> Place:
    draft = side.form.draft
    return Place(complex(-3.0, draft.waist), complex(-3.0, draft.waist - bib_height(draft)))


def _bib_width(side: FlatSide) -> Place:
    draft = side.form.draft
    y, half = draft.waist - bib_height(draft) + 3.0, bib_width(draft) / 2
    return Place(complex(-half, y), complex(half, y))


def _strap(side: FlatSide) -> Place:
    run = strap_behind(side.form)
    middle = complex(run[0] + 0.3 * (run[-1] - run[0]))
    across = complex((run[-1] - run[0]) / abs(run[-1] - run[0])) * 1j * STRAP_WIDTH / 2
    return Place(middle - across, middle + across)


def _leg_opening(side: FlatSide) -> Place:
    form = side.form
    low = complex(GUSSET * form.half(form.draft.hem), form.draft.hem)
    return Place(low, complex(form.right[-1]))


def _leg_cuff(side: FlatSide) -> Place | None:
    if side.leg is None:
        return None
    end = complex(side.leg.mouth[0]) + 1.8
    return Place(end - 1j * LEG_CUFF, end)


_PLACES: dict[str, Callable[[FlatSide], Place | None]] = {
    "body_length": _body_length,
    "front_length": _front_length,
    "full_length": _body_length,
    "shortest_length": _shortest,
    "bodice_length": _bodice_length,
    "skirt_length": _skirt_length,
    "outseam": _outseam,
    "rise": _rise,
    "inseam": _inseam,
    "chest": lambda side: _width_at(side, side.form.draft.underarm + 2.5),
    "waist": _waist,
    "seam": lambda side: _width_at(side, side.form.draft.seam),
    "hip": lambda side: _width_at(side, side.form.draft.hip),
    "hem": _hem,
    "hem_edge": _hem,
    "shoulders": _shoulders,
    "armhole": _armhole,
    "neck_width": _neck_width,
    "front_drop": _front_drop,
    "back_drop": _back_drop,
    "collar": _collar,
    "sleeve_length": _sleeve_length,
    "outer_sleeve": _sleeve_length,
    "upper_arm": _upper_arm,
    "fullest_sleeve": _fullest,
    "sleeve_end": _sleeve_end,
    "cuff": _cuff,
    "thigh": _thigh,
    "knee": _knee,
    "leg_hem": _leg_hem,
    "waistband": _waistband,
    "belt": _belt,
    "slit": _slit,
    "bib_height": _bib_height,
    "bib_width": _bib_width,
    "strap_width": _strap,
    "leg_opening": _leg_opening,
    "leg_cuff": _leg_cuff,
}
