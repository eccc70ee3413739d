"""The studio's fonts as outlines: which letters a font has, how wide they are, and their shapes.

Source of the formats: OpenType 1.9 (cmap, hmtx), Adobe Technical Note 5176 (CFF).
"""

import mmap
import struct
from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path as FilePath
from typing import NamedTuple

import cvttf_NotoSansCJK_Regular
import font_hanken_grotesk

from studio.drawing.charstrings import Charstring, short_number
from studio.drawing.mainland_forms import mainland_forms
from studio.drawing.paths import Path

_HANKEN = FilePath(font_hanken_grotesk.__file__).parent / "files"
_FILES = {
    "sans": _HANKEN / "HankenGrotesk-Regular.otf",
    "medium": _HANKEN / "HankenGrotesk-SemiBold.otf",
    "chinese": FilePath(cvttf_NotoSansCJK_Regular.get_TTF_path()),
}
_MISSING = "?"

_Index = tuple[int, int, int, int]
"""How many entries, bytes of an offset, where offsets begin, where the byte before the data is."""


class Glyph(NamedTuple):
    """A letter of a font.

    Attributes:
        name: unlike that of any other glyph of any font.
        advance: how far the next letter is, in ems.
        path: its outline in ems, y upwards from the baseline.
    """

    name: str
    advance: float
    path: Path


class _Font:
    """One OpenType file with CFF outlines; only what is asked for is read."""

    def __init__(self, name: str, file: FilePath) -> None:
        self.name = name
        with file.open("rb") as opened:
            self._data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        count = self._number(4, 2)
        rows = (12 + 16 * place for place in range(count))
        self._tables = {bytes(self._data[row : row + 4]): self._number(row + 8, 4) for row in rows}
        self._em = self._number(self._tables[b"head"] + 18, 2)
        self._measured = self._number(self._tables[b"hhea"] + 34, 2)
        self._glyphs: dict[str, Glyph | None] = {}

    def _number(self, place: int, size: int) -> int:
        return int.from_bytes(self._data[place : place + size], "big")

    def glyph(self, letter: str) -> Glyph | None:
        """The glyph of a letter; None where the font has none."""
        if letter not in self._glyphs:
            number = self._letters.get(ord(letter), 0)
            number = self._mainland.get(number, number)
            self._glyphs[letter] = self._read(number) if number else None
        return self._glyphs[letter]

    def _read(self, number: int) -> Glyph:
        row = self._tables[b"hmtx"] + 4 * min(number, self._measured - 1)
        advance = self._number(row, 2) / self._em
        private = self._private_of(number)
        outline = Charstring(self._entry_of(self._global), self._entry_of(private), self._em)
        return Glyph(
            f"{self.name}-{number}", advance, outline.path(self._entry(self._strings, number))
        )

    @cached_property
    def _mainland(self) -> dict[int, int]:
        """Number of a glyph -> number of its form on the Chinese mainland."""
        start = self._tables.get(b"GSUB")
        return {} if start is None else mainland_forms(self._data[start:])

    @cached_property
    def _letters(self) -> dict[int, int]:
        """Code point -> number of the glyph."""
        start = self._tables[b"cmap"]
        found = {}
        for place in range(self._number(start + 2, 2)):
            table = start + self._number(start + 8 + 8 * place, 4)
            found[self._number(table, 2)] = table
        return self._groups(found[12]) if 12 in found else self._segments(found[4])

    def _groups(self, table: int) -> dict[int, int]:
        count = self._number(table + 12, 4)
        rows = struct.iter_unpack(">III", self._data[table + 16 : table + 16 + 12 * count])
        return {
            code: glyph + code - first
            for first, last, glyph in rows
            for code in range(first, last + 1)
        }

    def _segments(self, table: int) -> dict[int, int]:
        twice = self._number(table + 6, 2)
        found = {}
        for row in range(table + 14, table + 14 + twice, 2):
            last, first = self._number(row, 2), self._number(row + twice + 2, 2)
            shift, near = self._number(row + 2 * twice + 2, 2), row + 3 * twice + 2
            far = self._number(near, 2)
            for code in range(first, min(last, 0xFFFE) + 1):
                glyph = self._number(near + far + 2 * (code - first), 2) if far else code
                found[code] = (glyph + shift) % 65_536 if glyph else 0
        return found

    # CFF: indexes of entries, and dictionaries of numbers.

    def _index(self, place: int) -> tuple[_Index, int]:
        """An index, and where the bytes after it begin."""
        count = self._number(place, 2)
        if not count:
            return (0, 1, place, place), place + 2
        size = self._data[place + 2]
        index = (count, size, place + 3, place + 2 + size * (count + 1))
        return index, index[3] + self._number(place + 3 + size * count, size)

    def _entry(self, index: _Index, number: int) -> bytes:
        count, size, offsets, before = index
        if not 0 <= number < count:
            return b""
        start, end = (self._number(offsets + size * (number + side), size) for side in (0, 1))
        return bytes(self._data[before + start : before + end])

    def _entry_of(self, index: _Index) -> Callable[[int], bytes]:
        """A subroutine by the number that a charstring calls it by."""
        count = index[0]
        bias = 107 if count < 1_240 else 1_131 if count < 33_900 else 32_768
        return lambda number: self._entry(index, number + bias)

    @cached_property
    def _start(self) -> int:
        return self._tables[b"CFF "]

    @cached_property
    def _indexes(self) -> tuple[dict[int, list[float]], _Index]:
        """The top dictionary, and the subroutines of all."""
        _, place = self._index(self._start + self._data[self._start + 2])
        top, place = self._index(place)
        _, place = self._index(place)
        return _dictionary(self._entry(top, 0)), self._index(place)[0]

    @property
    def _global(self) -> _Index:
        return self._indexes[1]

    @cached_property
    def _strings(self) -> _Index:
        return self._index(self._start + int(self._indexes[0][17][0]))[0]

    @cached_property
    def _privates(self) -> list[_Index]:
        """The subroutines of each part of the font; most fonts have one part."""
        top = self._indexes[0]
        if 1236 not in top:
            return [self._subroutines(top)]
        parts = self._index(self._start + int(top[1236][0]))[0]
        each = (_dictionary(self._entry(parts, number)) for number in range(parts[0]))
        return [self._subroutines(part) for part in each]

    def _subroutines(self, dictionary: dict[int, list[float]]) -> _Index:
        size, place = (int(number) for number in dictionary[18])
        place += self._start
        private = _dictionary(bytes(self._data[place : place + size]))
        if 19 not in private:
            return (0, 1, 0, 0)
        return self._index(place + int(private[19][0]))[0]

    def _private_of(self, number: int) -> _Index:
        top = self._indexes[0]
        if 1237 not in top:
            return self._privates[0]
        place = self._start + int(top[1237][0])
        if self._data[place] == 0:
            return self._privates[self._data[place + 1 + number]]
        low, high = 0, self._number(place + 1, 2) - 1
        while low < high:  # the last range that begins at this glyph or before
            middle = (low + high + 1) // 2
            if self._number(place + 3 + 3 * middle, 2) <= number:
                low = middle
            else:
                high = middle - 1
        return self._privates[self._data[place + 5 + 3 * low]]


def _dictionary(data: bytes) -> dict[int, list[float]]:
    """Operator -> its numbers; operators of two bytes are 1200 and more. Fractions count as 0."""
    found: dict[int, list[float]] = {}
    numbers: list[float] = []
    place = 0
    while place < len(data):
        first = data[place]
        if first <= 21:
            if first == 12:
                place += 1
                first = 1200 + data[place]
            found[first], numbers = numbers, []
            place += 1
        elif first == 30:
            while data[place] & 15 != 15 and data[place] >> 4 != 15:
                place += 1
            numbers.append(0.0)
            place += 1
        elif first == 29:
            numbers.append(int.from_bytes(data[place + 1 : place + 5], "big", signed=True))
            place += 5
        else:
            number, place = short_number(data, place)
            numbers.append(number)
    return found


@lru_cache(maxsize=8)
def _font(name: str) -> _Font:
    return _Font(name, _FILES[name])


def glyphs(text: str, face: str = "sans") -> list[tuple[str, Glyph]]:
    """The letters of a text with their glyphs, from left to right.

    What the face lacks comes from the Chinese font; what that lacks too is a question mark, or is
    left out where it is not printed.
    """
    fonts = (_font(face), _font("chinese"))
    found = []
    for letter in text:
        letter = " " if letter.isspace() else letter
        glyph = next((g for font in fonts if (g := font.glyph(letter))), None)
        if glyph is None and letter.isprintable():
            letter, glyph = _MISSING, fonts[1].glyph(_MISSING)
        if glyph is not None:
            found.append((letter, glyph))
    return found


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, face: str = "sans") -> float:
    """How wide a line of text of this size is."""
    return size * sum(glyph.advance for _, glyph in glyphs(text, face))
