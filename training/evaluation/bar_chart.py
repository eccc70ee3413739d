"""Bar charts for people, with intervals, on paper and in the studio's colours."""

import math
from collections.abc import Mapping

import font_caladea
import font_hanken_grotesk
from PIL import Image, ImageDraw, ImageFont

from training.evaluation.labelled_sheet import HAIRLINE, INK, MARGIN_PX, MUTED, PAPER
from training.results import Figure

ACCENT = "#b3541e"
WIDE_PX, HEAD_PX, ROW_PX, BAR_PX, FOOT_PX = 960, 104, 46, 22, 44
LABEL_PX, NUMBER_PX = 230, 80


def bar_chart(
    title: str, note: str, bars: Mapping[str, Figure], low: float, high: float
) -> Image.Image:
    """One bar per name, its 95% interval as a whisker, its value at the end; lines at tenths.

    Args:
        title: the headline.
        note: one line below it.
        bars: name -> figure, in the order shown; the first one is the accent.
        low: value at the left end of the bars. Say so in the note where it isn't zero.
        high: value at their right end.
    """
    tall = MARGIN_PX + HEAD_PX + ROW_PX * len(bars) + FOOT_PX
    chart = Image.new("RGB", (WIDE_PX, tall), PAPER)
    pen = ImageDraw.Draw(chart)
    sans = font_hanken_grotesk.font_files_otf
    text = ImageFont.truetype(sans["HankenGrotesk"], 15)
    strong = ImageFont.truetype(sans["HankenGroteskMedium"], 15)
    pen.text(
        (MARGIN_PX, MARGIN_PX - 10),
        title,
        INK,
        ImageFont.truetype(font_caladea.font_files["Caladea"], 32),
    )
    pen.text((MARGIN_PX, MARGIN_PX + 36), note, MUTED, text)
    left, right = MARGIN_PX + LABEL_PX, WIDE_PX - MARGIN_PX - NUMBER_PX
    top = MARGIN_PX + HEAD_PX - 24

    def place(value: float) -> float:
        share = (min(max(value, low), high) - low) / (high - low)
        return left + share * (right - left)

    bottom = top + ROW_PX * len(bars)
    for tenths in range(math.ceil(10 * low), math.floor(10 * high) + 1):
        at = place(tenths / 10)
        pen.line((at, top, at, bottom), HAIRLINE)
        pen.text((at, bottom + 8), f"{tenths / 10:.1f}", MUTED, text, anchor="ma")
    for row, (name, figure) in enumerate(bars.items()):
        middle = top + ROW_PX * row + ROW_PX // 2
        pen.text((left - 14, middle), name, INK, strong if row == 0 else text, anchor="rm")
        colour = ACCENT if row == 0 else MUTED
        box = (left, middle - BAR_PX // 2, place(figure.value), middle + BAR_PX // 2)
        pen.rectangle(box, colour)
        pen.line((place(figure.low), middle, place(figure.high), middle), INK, 2)
        for end in (figure.low, figure.high):
            pen.line((place(end), middle - 5, place(end), middle + 5), INK, 2)
        end_of_row = (WIDE_PX - MARGIN_PX, middle)
        pen.text(end_of_row, f"{figure.value:.3f}", INK, strong, anchor="rm")
    return chart
