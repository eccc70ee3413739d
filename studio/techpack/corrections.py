"""Corrections by hand: what may be set, checked before it is kept."""

import re

from studio.domain import CorrectionError
from studio.techpack.fields import Field
from studio.techpack.pack import Pack
from studio.techpack.said import Said
from studio.techpack.typesetting import readable

LONGEST = 200
"""Characters of a text."""
LEAST, MOST = 0.2, 3.0
"""A number may be so many times the derived one."""
_MOST_CM = 400.0
"""Of a number that nothing was derived for."""
_MOST_TOLERANCE_CM = 5.0

_NUMBER = re.compile(r"[+-]?\d{1,9}([.,]\d{1,9})?")
_CM = re.compile(r"\s*(cm|厘米|公分)$", re.IGNORECASE)


def checked(pack: Pack, key: str, typed: str) -> str:
    """What to keep of a correction: a number with a point, or a text on one line.

    Args:
        pack: of the design, as it is now.
        key: of the field.
        typed: by a person; a number may have a comma, and "cm" behind it.

    Raises:
        CorrectionError: there is no such field; or it is to be a number and the text is none, or
            none that a garment can have; or the text is empty, too long, or holds no letters that
            can be printed.
    """
    field = pack.find(key)
    if field is None:
        raise CorrectionError(
            "This tech pack has no such field. Reload the page, then correct it again."
        )
    typed = " ".join(typed.split())
    if not typed:
        raise CorrectionError("Type what it should say. To get the old value back, undo.")
    return _number(field, typed) if field.kind == "number" else _text(typed)


def _text(typed: str) -> str:
    if len(typed) > LONGEST:
        raise CorrectionError(
            f"That has {len(typed):,} characters, and a field of the sheet has room for {LONGEST}. "
            "Say it shorter."
        )
    if readable(typed) != typed:
        raise CorrectionError(
            "That holds letters that no font of the studio has, so a factory could not read them. "
            "Use Latin, Greek, Cyrillic, Chinese, Japanese or Korean letters."
        )
    return typed


def _number(field: Field, typed: str) -> str:
    found = _NUMBER.fullmatch(_CM.sub("", typed))
    if found is None:
        raise CorrectionError(f"“{typed:.30}” is no number. Type centimetres, such as 44.5.")
    number = float(found.group().replace(",", "."))
    low, high = _range(field)
    if not low <= number <= high:
        raise CorrectionError(
            f"{number:g} cm can’t be right here: it should be from {low:g} to {high:g} cm. Look at "
            "the decimal point, and whether a half or a whole girth is meant."
        )
    return f"{round(number, 1):.1f}"


def _range(field: Field) -> tuple[float, float]:
    """What a number may be, by what was derived for it."""
    if field.key.startswith("tolerance."):
        return 0.1, _MOST_TOLERANCE_CM
    derived = _derived(field)
    if not derived:
        return 0.1, _MOST_CM
    return max(0.1, round(LEAST * derived, 1)), round(MOST * derived, 1)


def _derived(field: Field) -> float | None:
    """What was derived, be it what the field says or what stood there before a person."""
    said: Said = field.before if field.status == "person" else field.said
    return float(said.en) if said else None
