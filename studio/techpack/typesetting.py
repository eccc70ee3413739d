"""Setting type on a page of millimetres: measured, wrapped, and made smaller, but never cut off."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from studio.drawing.outline_fonts import glyphs, text_width
from studio.drawing.tones import Colour

INK: Colour = (29, 26, 23)
_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_BREAK = re.compile(rf"(?<=[\s,/·-])|(?=[{_CHINESE}])")
_NEVER_FIRST, _NEVER_LAST = "，。；：！？）」、", "（「"


@dataclass(frozen=True)
class Style:
    """How a text looks.

    Attributes:
        size_mm: the font's size, about the height of a capital and a descender together.
        face: "sans" or "medium"; Chinese characters always have their own.
        colour: of the letters.
    """

    size_mm: float
    face: Literal["sans", "medium"] = "sans"
    colour: Colour = INK

    @property
    def line_mm(self) -> float:
        """From one line to the next."""
        return 1.28 * self.size_mm

    def scaled(self, scale: float) -> "Style":
        """The same at another size."""
        return replace(self, size_mm=self.size_mm * scale)


def width_mm(text: str, style: Style) -> float:
    """How wide a line of text is."""
    return text_width(text, style.size_mm, style.face)


@lru_cache(maxsize=8192)
def _has_glyph(letter: str) -> bool:
    found = glyphs(letter)
    return bool(found) and (letter == "?" or found[0][0] != "?")


def readable(text: str) -> str:
    """A text without the letters that no font of the studio has; lines stay lines."""
    lines = [
        " ".join("".join(each if _has_glyph(each) else " " for each in line).split())
        for line in text.split("\n")
    ]
    return "\n".join(line for line in lines if line)


@lru_cache(maxsize=16_384)
def wrapped(text: str, style: Style, room_mm: float) -> tuple[str, ...]:
    """The text in lines that fit; only a word that is wider than a line is divided.

    Lines of their own stay so, unless all of them fit on one line together; an empty line between
    them keeps them apart in any case.
    """
    if "\n\n" in text:
        return tuple(one for part in text.split("\n\n") for one in wrapped(part, style, room_mm))
    if "\n" in text:
        whole = text.replace("\n", " ")
        if width_mm(whole, style) <= room_mm:
            return (whole,)
        return tuple(one for line in text.split("\n") for one in wrapped(line, style, room_mm))
    lines = [""]
    for word in _pieces(text, style, room_mm):
        if width_mm((lines[-1] + word).rstrip(), style) <= room_mm:
            lines[-1] += word
        else:
            lines.append(word.lstrip())
    return tuple(line.rstrip() for line in lines if line.strip()) or ("",)


def fitted(
    text: str, style: Style, room_mm: float, most_lines: int, smallest: float = 0.02
) -> tuple[tuple[str, ...], Style]:
    """The whole text in so many lines at most, as large as fits; the lines, and their style."""
    scale = 1.0
    lines = wrapped(text, style, room_mm)
    while len(lines) > most_lines and scale > smallest:
        scale *= 0.94
        lines = wrapped(text, style.scaled(scale), room_mm)
    return lines, style.scaled(scale)


def _pieces(text: str, style: Style, room_mm: float) -> Sequence[str]:
    pieces: list[str] = []
    for word in filter(None, _BREAK.split(text)):
        if pieces and (word[0] in _NEVER_FIRST or pieces[-1][-1] in _NEVER_LAST):
            pieces[-1] += word
            continue
        while width_mm(word, style) > room_mm and len(word) > 1:
            fits = _fitting(word, style, room_mm)
            pieces.append(word[:fits])
            word = word[fits:]
        pieces.append(word)
    return pieces


def _fitting(word: str, style: Style, room_mm: float) -> int:
    """How many of the word's letters fit, but one at least."""
    lengths = range(len(word) - 1, 1, -1)
    return next((n for n in lengths if width_mm(word[:n], style) <= room_mm), 1)
