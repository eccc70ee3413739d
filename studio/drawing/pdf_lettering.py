"""Text in PDF: fonts made of the very letters that a document uses, which can be searched.

Source of the format: ISO 32000-1 (PDF 1.7), sections 9.6.5 (Type 3 fonts), 9.10.3 (ToUnicode).
"""

from collections.abc import Callable

from studio.drawing.outline_fonts import Glyph
from studio.drawing.paths import Path

_MOST = 255  # letters that a font's codes can tell apart; the last code measures the font
_YARDSTICK = "/m"
_YARDSTICK_WIDTH = 600
"""Readers that look for words (poppler) take the width of a glyph with this name for 0.6 em, and
guess the size of a font without one by any other glyph, so that words of Chinese letters got lost.
"""
_OPERATORS = str.maketrans(
    {
        "M": "%.1f %.1f m\n",
        "L": "%.1f %.1f l\n",
        "C": "%.1f %.1f %.1f %.1f %.1f %.1f c\n",
        "Z": "h\n",
    }
)
_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CMapName /Letters def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange
{rows}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


class Lettering:
    """The letters of one document, in fonts of 255."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._letters: list[tuple[str, Glyph]] = []

    def place(self, letter: str, glyph: Glyph) -> tuple[int, int]:
        """In which font a letter is, and its code there."""
        if glyph.name not in self._places:
            self._places[glyph.name] = len(self._letters)
            self._letters.append((letter, glyph))
        return divmod(self._places[glyph.name], _MOST)

    def font(self, number: int, add_stream: Callable[[str], int]) -> str:
        """The dictionary of a font.

        Args:
            number: which one.
            add_stream: puts a stream into the document, and tells the number of its object.
        """
        letters = self._letters[number * _MOST : (number + 1) * _MOST]
        shapes = [add_stream(_shape(glyph)) for _, glyph in letters]
        shapes.append(add_stream(f"{_YARDSTICK_WIDTH} 0 0 0 0 0 d1\n"))
        names = [*(f"/g{code}" for code in range(len(letters))), _YARDSTICK]
        shapes_by_name = " ".join(
            f"{name} {shape} 0 R" for name, shape in zip(names, shapes, strict=True)
        )
        widths = " ".join(f"{glyph.advance * 1000:.1f}" for _, glyph in letters)
        meanings = add_stream(_CMAP.format(rows=_meanings([letter for letter, _ in letters])))
        return (
            f"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 0 0] "
            f"/FontMatrix [0.001 0 0 0.001 0 0] /Resources << >> "
            f"/Encoding << /Type /Encoding /Differences [0 {' '.join(names)}] >> "
            f"/CharProcs << {shapes_by_name} >> "
            f"/FirstChar 0 /LastChar {len(letters)} /Widths [{widths} {_YARDSTICK_WIDTH}] "
            f"/ToUnicode {meanings} 0 R >>"
        )


def _shape(glyph: Glyph) -> str:
    path = Path(glyph.path.verbs, tuple(number * 1000 for number in glyph.path.numbers))
    box = " ".join(f"{number:.1f}" for number in path.box) if path.verbs else "0 0 0 0"
    outline = f"{path.verbs.translate(_OPERATORS) % path.numbers}f" if path.verbs else ""
    return f"{glyph.advance * 1000:.1f} 0 {box} d1\n{outline}"


def _meanings(letters: list[str]) -> str:
    """Code -> letter, in blocks of a hundred, as the format wants them."""
    rows = [
        f"<{code:02X}> <{letter.encode('utf-16-be').hex().upper()}>"
        for code, letter in enumerate(letters)
    ]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    return "\n".join(
        f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks
    )
