"""Which glyphs of a font have another form on the Chinese mainland: its characters and commas.

Source of the format: OpenType 1.9, table GSUB (scripts, features, single substitution).
"""

import struct
from collections.abc import Iterator

_SCRIPT, _LANGUAGE, _FEATURE = b"hani", b"ZHS ", b"locl"
_SINGLE, _EXTENSION = 1, 7
_ROW_OF_TAG, _ROW_OF_RANGE = 6, 6


def mainland_forms(table: bytes) -> dict[int, int]:
    """Number of a glyph -> number of its form on the mainland, where the font has another one.

    Args:
        table: the font's GSUB.
    """
    scripts, features, lookups = struct.unpack_from(">HHH", table, 4)
    forms: dict[int, int] = {}
    for script in _tagged(table, scripts, _SCRIPT):
        for language in _tagged(table, script + 2, _LANGUAGE, script):
            for place in _numbers(table, language + 4):
                row = features + 2 + _ROW_OF_TAG * place
                if table[row : row + 4] == _FEATURE:
                    feature = features + _number(table, row + 4)
                    for lookup in _numbers(table, feature + 2):
                        start = lookups + _number(table, lookups + 2 + 2 * lookup)
                        forms |= _single_forms(table, start)
    return forms


def _number(table: bytes, place: int) -> int:
    return int(struct.unpack_from(">H", table, place)[0])


def _numbers(table: bytes, place: int) -> tuple[int, ...]:
    """A list that begins with its length."""
    return struct.unpack_from(f">{_number(table, place)}H", table, place + 2)


def _tagged(table: bytes, place: int, tag: bytes, start: int | None = None) -> Iterator[int]:
    """Where the parts of a list begin that have a tag; offsets count from `start` or the list."""
    for row in range(place + 2, place + 2 + _ROW_OF_TAG * _number(table, place), _ROW_OF_TAG):
        if table[row : row + 4] == tag:
            yield (place if start is None else start) + _number(table, row + 4)


def _single_forms(table: bytes, lookup: int) -> dict[int, int]:
    kind = _number(table, lookup)
    forms: dict[int, int] = {}
    for offset in _numbers(table, lookup + 4):
        part = lookup + offset
        if kind == _EXTENSION:
            if _number(table, part + 2) != _SINGLE:
                continue
            part += int(struct.unpack_from(">I", table, part + 4)[0])
        elif kind != _SINGLE:
            continue
        covered = _covered(table, part + _number(table, part + 2))
        if _number(table, part) == 1:
            shift = _number(table, part + 4)
            forms |= {glyph: (glyph + shift) % 65_536 for glyph in covered}
        else:
            forms |= dict(zip(covered, _numbers(table, part + 4), strict=False))
    return forms


def _covered(table: bytes, place: int) -> list[int]:
    """The glyphs that a part is about, in their order."""
    if _number(table, place) == 1:
        return list(_numbers(table, place + 2))
    found: list[int] = []
    for row in range(_number(table, place + 2)):
        first, last, _ = struct.unpack_from(">HHH", table, place + 4 + _ROW_OF_RANGE * row)
        found.extend(range(first, last + 1))
    return found
