"""Setting type on a picture, Latin and Chinese, measured and wrapped; the fonts come with us."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cvttf_NotoSansCJK_Regular
import font_caladea
import font_hanken_grotesk
from PIL import Image, ImageDraw, ImageFont, features

DPI = 300
PX_PER_MM = DPI / 25.4

_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_RUN = re.compile(rf"[{_CHINESE}]+|[^{_CHINESE}]+")
_BREAK = re.compile(rf"(?<=[\s,/-])|(?=[{_CHINESE}])")

_LANGUAGE = "zh-Hans" if features.check("raqm") else None
"""Chooses the mainland forms of Chinese characters, where Pillow can."""

_FILES = {
    "serif": Path(font_caladea.__file__).parent / "files" / "Caladea-Regular.ttf",
    "sans": Path(font_hanken_grotesk.__file__).parent / "files" / "HankenGrotesk-Regular.otf",
    "medium": Path(font_hanken_grotesk.__file__).parent / "files" / "HankenGrotesk-SemiBold.otf",
    "chinese": Path(cvttf_NotoSansCJK_Regular.get_TTF_path()),
}


@dataclass(frozen=True)
class Style:
    """How a text looks.

    Attributes:
        size_mm: the font's size, about the height of a capital and a descender together.
        face: "serif", "sans" or "medium"; Chinese characters always have their own.
        colour: as Pillow reads it.
    """

    size_mm: float
    face: str = "sans"
    colour: str = "#1d1a17"

    @property
    def line_mm(self) -> float:
        """From one line to the next."""
        return 1.28 * self.size_mm

    def scaled(self, scale: float) -> "Style":
        """The same at another size."""
        return Style(self.size_mm * scale, self.face, self.colour)


class Sheet:
    """A white page in millimetres, from its top left corner."""

    def __init__(self, width_mm: float, height_mm: float) -> None:
        self.image = Image.new("RGB", (px(width_mm), px(height_mm)), "white")
        self._pen = ImageDraw.Draw(self.image)

    def write(
        self, x: float, baseline: float, text: str, style: Style, align: str = "left"
    ) -> None:
        """One line of text; `align` says whether x is its left, right or middle."""
        x -= {"left": 0.0, "middle": 0.5, "right": 1.0}[align] * width_mm(text, style)
        _write_runs(self._pen, x * PX_PER_MM, baseline * PX_PER_MM, text, style, style.colour)

    def write_upwards(self, middle_x: float, middle_y: float, text: str, style: Style) -> None:
        """One line that reads from bottom to top, centred on a point."""
        mask = Image.new("L", (px(width_mm(text, style) + 1.0), px(style.line_mm)), 0)
        pen = ImageDraw.Draw(mask)
        _write_runs(pen, 0.5 * PX_PER_MM, 0.75 * style.line_mm * PX_PER_MM, text, style, 255)
        turned = mask.rotate(90, expand=True)
        corner = (px(middle_x) - turned.width // 2, px(middle_y) - turned.height // 2)
        self.image.paste(style.colour, corner, turned)

    def line(
        self, start: tuple[float, float], end: tuple[float, float], colour: str, weight_mm: float
    ) -> None:
        """A straight line."""
        points = [(point[0] * PX_PER_MM, point[1] * PX_PER_MM) for point in (start, end)]
        self._pen.line(points, fill=colour, width=max(1, px(weight_mm)))

    def box(
        self,
        corner: tuple[float, float],
        size: tuple[float, float],
        fill: str | None = None,
        outline: str | None = None,
    ) -> None:
        """A rectangle."""
        left, top = px(corner[0]), px(corner[1])
        right, bottom = px(corner[0] + size[0]), px(corner[1] + size[1])
        self._pen.rectangle((left, top, right, bottom), fill, outline, max(1, px(0.18)))

    def paste(self, image: Image.Image, corner: tuple[float, float]) -> None:
        """A picture at its own size in pixels."""
        self.image.paste(image, (px(corner[0]), px(corner[1])))


def px(mm: float) -> int:
    """Millimetres as whole pixels of the print."""
    return round(mm * PX_PER_MM)


@lru_cache(maxsize=8192)
def width_mm(text: str, style: Style) -> float:
    """How wide a line of text is."""
    runs = _RUN.findall(text)
    lengths = (_font(run, style).getlength(run, language=_LANGUAGE) for run in runs)
    return float(sum(lengths)) / PX_PER_MM


def wrapped(text: str, style: Style, room_mm: float, most_lines: int = 3) -> list[str]:
    """The text in lines that fit; a word that is wider than a line is cut, as is the last line."""
    lines = [""]
    for word in _pieces(text, style, room_mm):
        if width_mm((lines[-1] + word).rstrip(), style) <= room_mm:
            lines[-1] += word
        else:
            lines.append(word.lstrip())
    lines = [line.rstrip() for line in lines if line.strip()] or [""]
    if len(lines) > most_lines:
        lines = [
            *lines[: most_lines - 1],
            shortened(" ".join(lines[most_lines - 1 :]), style, room_mm),
        ]
    return lines


def shortened(text: str, style: Style, room_mm: float) -> str:
    """The text on one line; what does not fit gives way to an ellipsis."""
    if width_mm(text, style) <= room_mm:
        return text
    while text and width_mm(text.rstrip() + "…", style) > room_mm:
        text = text[:-1]
    return text.rstrip() + "…"


def _write_runs(
    pen: ImageDraw.ImageDraw, left: float, baseline: float, text: str, style: Style, fill: str | int
) -> None:
    for run in _RUN.findall(text):
        font = _font(run, style)
        pen.text((left, baseline), run, fill, font, anchor="ls", language=_LANGUAGE)
        left += font.getlength(run, language=_LANGUAGE)


def _pieces(text: str, style: Style, room_mm: float) -> Sequence[str]:
    pieces: list[str] = []
    for word in filter(None, _BREAK.split(text)):
        while width_mm(word, style) > room_mm:
            fits = _fitting(word, style, room_mm)
            pieces.append(word[:fits])
            word = word[fits:]
        pieces.append(word)
    return pieces


def _fitting(word: str, style: Style, room_mm: float) -> int:
    """How many of the word's letters fit, but one at least."""
    lengths = range(len(word) - 1, 1, -1)
    return next((n for n in lengths if width_mm(word[:n], style) <= room_mm), 1)


def _font(run: str, style: Style) -> ImageFont.FreeTypeFont:
    face = "chinese" if re.match(f"[{_CHINESE}]", run) else style.face
    return _face(face, round(style.size_mm * PX_PER_MM))


@lru_cache(maxsize=64)
def _face(face: str, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FILES[face], size_px)
