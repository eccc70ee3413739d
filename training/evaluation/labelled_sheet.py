"""Contact sheets for people: pictures side by side on paper, each card with its phrases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import font_caladea
import font_hanken_grotesk
from PIL import Image, ImageDraw, ImageFont

PAPER, INK, MUTED, HAIRLINE = "#f7f4ed", "#1d1a17", "#6b655c", "#e0dacd"
MARGIN_PX, GUTTER_PX, SEAM_PX = 40, 32, 3
HEAD_PX, LABEL_PX, TEXT_GAP_PX, LINE_PX = 96, 24, 9, 18
MOST_LINES = 4


@dataclass(frozen=True)
class Card:
    """Pictures of one thing.

    Attributes:
        pictures: side by side, all of one size.
        labels: what each of them is, above it.
        text: below them, wrapped.
    """

    pictures: tuple[Image.Image, ...]
    labels: tuple[str, ...]
    text: str


class _Fonts(NamedTuple):
    title: ImageFont.FreeTypeFont
    text: ImageFont.FreeTypeFont
    label: ImageFont.FreeTypeFont


def labelled_sheet(title: str, note: str, cards: Sequence[Card], across: int) -> Image.Image:
    """Lay cards out in rows, with a headline.

    Args:
        title: the headline.
        note: one line below it.
        cards: all with the same number and size of pictures.
        across: cards in a row.
    """
    fonts = _fonts()
    wide = _width(cards[0])
    lines = max(len(wrapped(card.text, wide, fonts.text)) for card in cards)
    high = LABEL_PX + cards[0].pictures[0].height + TEXT_GAP_PX + lines * LINE_PX
    rows = -(-len(cards) // across)
    columns = min(across, len(cards))
    size = (
        2 * MARGIN_PX + columns * wide + (columns - 1) * GUTTER_PX,
        MARGIN_PX + HEAD_PX + rows * (high + GUTTER_PX),
    )
    sheet = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((MARGIN_PX, MARGIN_PX - 10), title, INK, fonts.title)
    pen.text((MARGIN_PX, MARGIN_PX + 36), note, MUTED, fonts.text)
    for place, card in enumerate(cards):
        left = MARGIN_PX + place % across * (wide + GUTTER_PX)
        top = MARGIN_PX + HEAD_PX - LABEL_PX // 2 + place // across * (high + GUTTER_PX)
        _draw_card(sheet, pen, fonts, card, (left, top))
    return sheet


def wrapped(text: str, wide_px: int, font: ImageFont.FreeTypeFont) -> list[str]:
    """Lines of whole words that are no wider than so; the last one shows what didn't fit."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= wide_px or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > MOST_LINES:
        return [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]} …"]
    return lines


def _width(card: Card) -> int:
    return len(card.pictures) * (card.pictures[0].width + SEAM_PX) - SEAM_PX


def _draw_card(
    sheet: Image.Image,
    pen: ImageDraw.ImageDraw,
    fonts: _Fonts,
    card: Card,
    corner: tuple[int, int],
) -> None:
    left, top = corner
    first = card.pictures[0]
    for place, (picture, label) in enumerate(zip(card.pictures, card.labels, strict=True)):
        x = left + place * (first.width + SEAM_PX)
        pen.text((x, top), label, MUTED, fonts.label)
        sheet.paste(picture, (x, top + LABEL_PX))
    bottom = top + LABEL_PX + first.height
    wide = _width(card)
    pen.line((left, bottom + 4, left + wide - 1, bottom + 4), HAIRLINE)
    for number, line in enumerate(wrapped(card.text, wide, fonts.text)):
        pen.text((left, bottom + TEXT_GAP_PX + number * LINE_PX), line, INK, fonts.text)


def _fonts() -> _Fonts:
    sans = font_hanken_grotesk.font_files_otf
    return _Fonts(
        ImageFont.truetype(font_caladea.font_files["Caladea"], 34),
        ImageFont.truetype(sans["HankenGrotesk"], 14),
        ImageFont.truetype(sans["HankenGroteskMedium"], 13),
    )
