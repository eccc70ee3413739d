"""Points of measure: where a garment is measured, from where to where, and what is found there.

Every value is derived: worked out from the design's geometry, a body of a stated size, and the
tables of this package. None was measured on a garment.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from studio.design.families import BARE_NECKLINES, LEGGED
from studio.design.spec import DesignSpec
from studio.patternmaking import allowances as allow
from studio.patternmaking.draft import Draft, draft_of
from studio.patternmaking.landmarks import leg_cut
from studio.patternmaking.point_names import POINT_NAMES, PointName
from studio.patternmaking.sizes import BASE, Size

Provenance = Literal["derived"]

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and no O, which read as 1 and 0
_HALF = 0.5


@dataclass(frozen=True)
class PointOfMeasure:
    """One line of a measurement table.

    Attributes:
        letter: on the flat; A is the first.
        key: its name for programs; the same in every design.
        name: what people call it, from where to where it goes, and its tolerance.
        value_cm: what is found there.
        provenance: how the value is known.
    """

    letter: str
    key: str
    name: PointName
    value_cm: float
    provenance: Provenance = "derived"

    @property
    def tolerance_cm(self) -> float:
        """How far a sewn garment may be off, up or down."""
        return self.name.tolerance_cm

    @property
    def half(self) -> bool:
        """Whether it is half of a girth, measured across the garment laid flat."""
        return self.name.half

    @property
    def girth_cm(self) -> float | None:
        """The whole girth, where the point is half of one."""
        return 2 * self.value_cm if self.half else None


def points_of_measure(spec: DesignSpec, size: Size = BASE) -> tuple[PointOfMeasure, ...]:
    """The points of a design in a size, in the order of its table.

    Which points there are follows from the design alone, so every size has the same ones.
    """
    return _measured(draft_of(spec, size))


def _measured(draft: Draft) -> tuple[PointOfMeasure, ...]:
    values = {key: _VALUES[key](draft) for key in POINT_NAMES}
    found = [(key, value) for key, value in values.items() if value is not None]
    return tuple(
        PointOfMeasure(letter, key, POINT_NAMES[key], round(value, 1))
        for letter, (key, value) in zip(_LETTERS, found, strict=False)
    )


class SizeRow(NamedTuple):
    """A point of measure, as it is at the base size, and its values over the run in cm."""

    point: PointOfMeasure
    values: tuple[float, ...]


@dataclass(frozen=True)
class SizeRun:
    """A graded measurement table.

    Attributes:
        sizes: its columns, from left to right.
        base: the size that the design is drawn in.
        rows: its points.
    """

    sizes: tuple[Size, ...]
    base: Size
    rows: tuple[SizeRow, ...]


def size_run(spec: DesignSpec, sizes: Sequence[Size], base: Size = BASE) -> SizeRun:
    """Grade a design over sizes, in the order in which they are given.

    Raises:
        ValueError: no size is given.
    """
    if not sizes:
        raise ValueError("A size run needs at least one size.")
    graded = [points_of_measure(spec, size) for size in sizes]
    columns = list(zip(*graded, strict=True))
    rows = (
        SizeRow(point, tuple(each.value_cm for each in column))
        for point, column in zip(points_of_measure(spec, base), columns, strict=True)
    )
    return SizeRun(tuple(sizes), base, tuple(rows))


# --- What is measured ----------------------------------------------------------------------


def _from_shoulder(draft: Draft) -> bool:
    return draft.hangs_from_shoulders


def _upper(draft: Draft) -> bool:
    return draft.neck is not None


def _in_legs(draft: Draft) -> bool:
    return draft.spec["category"] in LEGGED


def _body_length(draft: Draft) -> float | None:
    return draft.hem if _from_shoulder(draft) and not _in_legs(draft) else None


def _front_length(draft: Draft) -> float | None:
    if draft.neck is None or _from_shoulder(draft) or _in_legs(draft):
        return None
    return draft.hem - draft.neck.front


def _shortest_length(draft: Draft) -> float | None:
    if draft.short_hem == draft.hem:
        return None
    start = draft.waist if draft.neck is None else 0.0
    return draft.short_hem - start if draft.neck is None or _from_shoulder(draft) else None


def _bodice_length(draft: Draft) -> float | None:
    seamed = draft.spec["category"] in ("dress", "jumpsuit")
    return draft.seam if seamed and _from_shoulder(draft) else None


def _skirt_length(draft: Draft) -> float | None:
    if draft.spec["category"] not in ("skirt", "dress"):
        return None
    return draft.hem - (draft.waist if draft.neck is None else draft.seam)


def _half(draft: Draft, landmark: str) -> float | None:
    """Half the girth at a landmark, where the base size's sides reach it."""
    base = draft_of(draft.spec)
    shown = base.knots[0][0] <= _height(base, landmark) <= base.knots[-1][0] - 2.0
    return draft.girth(_height(draft, landmark)) * _HALF if shown else None


def _height(draft: Draft, landmark: str) -> float:
    return draft.seam if landmark == "seam" else draft.levels[landmark]


def _hanging_free(draft: Draft) -> bool:
    """A cape touches the body at the shoulders alone."""
    return draft.spec["category"] == "cape"


def _chest(draft: Draft) -> float | None:
    if _hanging_free(draft):
        return None
    return draft.girth(draft.underarm) * _HALF if _upper(draft) else None


def _waist(draft: Draft) -> float | None:
    seamed = draft.has("waist", "empire waist", "drop waist")
    return None if seamed or _hanging_free(draft) else _half(draft, "waist")


def _at_seam(draft: Draft) -> float | None:
    return _half(draft, "seam") if draft.has("waist", "empire waist", "drop waist") else None


def _hip(draft: Draft) -> float | None:
    if draft.has("waist", "drop waist", "peplum") or draft.has("category", "cape", "swimsuit"):
        return None
    return _half(draft, "hip")


def _hem(draft: Draft) -> float | None:
    if _in_legs(draft) or draft.has("category", "swimsuit"):
        return None
    return draft.girth(draft.hem) * _HALF


def _hem_edge(draft: Draft) -> float | None:
    if _in_legs(draft) or draft.fullness == 1.0:
        return None
    return draft.girth(draft.hem) * _HALF * draft.fullness


def _shoulders(draft: Draft) -> float | None:
    return draft.shoulder if _from_shoulder(draft) and not _one_sided(draft) else None


def _one_sided(draft: Draft) -> bool:
    return draft.has("neckline", "one-shoulder")


def _armhole(draft: Draft) -> float | None:
    """Straight from the tip of the shoulder to the underarm."""
    if not _from_shoulder(draft) or _hanging_free(draft):
        return None
    aside = draft.girth(draft.underarm) / 4 - draft.shoulder / 2
    return math.hypot(aside, draft.underarm - draft.shoulder_drop)


def _neck_width(draft: Draft) -> float | None:
    shown = _from_shoulder(draft) and not draft.has("neckline", *BARE_NECKLINES)
    return draft.neck.width if shown and draft.neck else None


def _front_drop(draft: Draft) -> float | None:
    shown = _from_shoulder(draft) and not _one_sided(draft)
    return draft.neck.front if shown and draft.neck else None


def _back_drop(draft: Draft) -> float | None:
    shown = _from_shoulder(draft) and not _one_sided(draft)
    return draft.neck.back if shown and draft.neck else None


def _collar(draft: Draft) -> float | None:
    return (draft.neck.collar or None) if draft.neck else None


def _sleeve_length(draft: Draft) -> float | None:
    return draft.sleeve.length if draft.sleeve and _from_shoulder(draft) else None


def _underarm_sleeve(draft: Draft) -> float | None:
    """Of sleeves that begin below the shoulder, along the outer edge."""
    if draft.sleeve is None or _from_shoulder(draft) or draft.neck is None:
        return None
    base = draft_of(draft.spec)
    above = (base.neck.front if base.neck else 0.0) - base.shoulder_drop
    return draft.sleeve.length - above


def _upper_arm(draft: Draft) -> float | None:
    """Puffed sleeves are at their fullest there, and are measured so; caps end above it."""
    elsewhere = draft.has("sleeve shape", "puff sleeves", "cap sleeves")
    return draft.sleeve.upper_arm * _HALF if draft.sleeve and not elsewhere else None


def _fullest(draft: Draft) -> float | None:
    return draft.sleeve.widest * _HALF if draft.sleeve and draft.sleeve.gathered else None


def _sleeve_end(draft: Draft) -> float | None:
    capped = draft.has("sleeve shape", "cap sleeves")
    return draft.sleeve.opening * _HALF if draft.sleeve and not capped else None


def _cuff(draft: Draft) -> float | None:
    return (draft.sleeve.cuff or None) if draft.sleeve else None


def _band(draft: Draft) -> float | None:
    if draft.neck is not None:
        return None
    return allow.WAISTBAND + allow.HIGH_WAIST * draft.has("waist", "high waist")


def _belt(draft: Draft) -> float | None:
    return allow.BELT_WIDTHS.get(draft.spec["belt"])


def _slit(draft: Draft) -> float | None:
    return slit_length(draft) if draft.has("slit", "side slit", "front slit") else None


def slit_length(draft: Draft) -> float:
    """How long a slit is: half of what lies below the hip, and never above mid-thigh."""
    highest = draft.levels["crotch"] + 4.0
    return max(draft.hem - max(draft.hip + 0.45 * (draft.hem - draft.hip), highest), 5.0)


def _outseam(draft: Draft) -> float | None:
    """From the top of the waist to the hem; of a jumpsuit, from its waist."""
    return draft.leg.rise + draft.leg.inseam if draft.leg else None


def _jumpsuit_length(draft: Draft) -> float | None:
    return draft.hem if draft.leg and _from_shoulder(draft) else None


def _rise(draft: Draft) -> float | None:
    return draft.leg.rise if draft.leg else None


def _inseam(draft: Draft) -> float | None:
    return draft.leg.inseam if draft.leg else None


def _bib_height(draft: Draft) -> float | None:
    return bib_height(draft) if draft.has("category", "dungarees") else None


def bib_height(draft: Draft) -> float:
    """From the waist up to a bib's upper edge."""
    return allow.BIB_HEIGHT * draft.waist


def _bib_width(draft: Draft) -> float | None:
    return bib_width(draft) if draft.has("category", "dungarees") else None


def bib_width(draft: Draft) -> float:
    """Of a bib's upper edge."""
    return allow.BIB_WIDTH * draft.body["waist"]


def _strap(draft: Draft) -> float | None:
    return allow.STRAP_WIDTH if draft.has("category", "dungarees") else None


def _leg_opening(draft: Draft) -> float | None:
    """Straight from the crotch to the end of the side seam."""
    if not draft.has("category", "swimsuit"):
        return None
    cut = leg_cut(draft.spec)
    aside = draft.girth(draft.hem - cut) / 4 - allow.GUSSET * draft.girth(draft.hem) / 4
    return math.hypot(aside, cut)


def _leg_cuff(draft: Draft) -> float | None:
    return allow.LEG_CUFF if draft.has("leg", "joggers") else None


def _thigh(draft: Draft) -> float | None:
    return draft.leg.thigh * _HALF if draft.leg else None


def _knee(draft: Draft) -> float | None:
    base = draft_of(draft.spec).leg
    shown = base and base.inseam > base.knee_down  # shorts end above it
    return draft.leg.knee * _HALF if draft.leg and shown else None


def _leg_hem(draft: Draft) -> float | None:
    return draft.leg.hem * _HALF if draft.leg else None


_VALUES: dict[str, Callable[[Draft], float | None]] = {
    "body_length": _body_length,
    "front_length": _front_length,
    "full_length": _jumpsuit_length,
    "shortest_length": _shortest_length,
    "bodice_length": _bodice_length,
    "skirt_length": _skirt_length,
    "outseam": _outseam,
    "rise": _rise,
    "inseam": _inseam,
    "chest": _chest,
    "waist": _waist,
    "seam": _at_seam,
    "hip": _hip,
    "hem": _hem,
    "hem_edge": _hem_edge,
    "shoulders": _shoulders,
    "armhole": _armhole,
    "neck_width": _neck_width,
    "front_drop": _front_drop,
    "back_drop": _back_drop,
    "collar": _collar,
    "sleeve_length": _sleeve_length,
    "outer_sleeve": _underarm_sleeve,
    "upper_arm": _upper_arm,
    "fullest_sleeve": _fullest,
    "sleeve_end": _sleeve_end,
    "cuff": _cuff,
    "thigh": _thigh,
    "knee": _knee,
    "leg_hem": _leg_hem,
    "waistband": _band,
    "belt": _belt,
    "slit": _slit,
    "bib_height": _bib_height,
    "bib_width": _bib_width,
    "strap_width": _strap,
    "leg_opening": _leg_opening,
    "leg_cuff": _leg_cuff,
}
"""Key -> what is found there; None where a design has no such place."""
