import numpy as np
import pytest
from PIL import Image, ImageFont

from training.evaluation.labelled_sheet import MOST_LINES, Card, labelled_sheet, wrapped

COLOURS = ["#c02020", "#20c020", "#2020c0", "#c0c020", "#20c0c0"]


def card(colour: str, pictures: int = 3) -> Card:
    picture = Image.new("RGB", (40, 80), colour)
    return Card((picture,) * pictures, ("drawn",) * pictures, "dress, navy, v-neck")


def pixels_of(sheet: Image.Image, colour: str) -> int:
    red, green, blue = Image.new("RGB", (1, 1), colour).getpixel((0, 0))  # type: ignore[misc]  # RGB
    return int((np.asarray(sheet) == (red, green, blue)).all(axis=2).sum())


@pytest.mark.parametrize(("cards", "across"), [(1, 4), (5, 2), (4, 4)])
def test_every_picture_is_on_the_sheet_whole(cards, across):
    sheet = labelled_sheet("Title", "Note", [card(each) for each in COLOURS[:cards]], across)

    for colour in COLOURS[:cards]:
        assert pixels_of(sheet, colour) == 3 * 40 * 80


def test_lines_are_no_wider_than_allowed_and_lose_no_word():
    font = ImageFont.load_default(14)
    assert isinstance(font, ImageFont.FreeTypeFont)
    text = "dress, navy, v-neck, long sleeves"

    lines = wrapped(text, 100, font)

    assert " ".join(lines) == text
    assert all(font.getlength(line) <= 100 for line in lines)


def test_what_does_not_fit_is_marked():
    font = ImageFont.load_default(14)
    assert isinstance(font, ImageFont.FreeTypeFont)

    lines = wrapped("many " * 50, 100, font)

    assert len(lines) == MOST_LINES
    assert lines[-1].endswith("…")
