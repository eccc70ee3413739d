from datetime import date
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from studio.services.blueprint import (
    FIGURE_HEIGHT_PX,
    FRAME,
    TABLES,
    Facts,
    Section,
    Swatch,
    blueprint_png,
    seen_colours,
)
from studio.services.enlarging import enlarged_drawing
from studio.services.typesetting import px

LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenknopfloch in seventeen colours"


@pytest.fixture(scope="module")
def drawing() -> Image.Image:
    image = Image.new("RGB", (64, 128), "#efece4")
    ImageDraw.Draw(image).rectangle((20, 20, 44, 110), "#8c2a38", "#1d1a17", 2)
    return image


@pytest.fixture(scope="module")
def print_of_it(drawing: Image.Image) -> Image.Image:
    """As large as on the sheet, which then need not enlarge it."""
    return drawing.resize((FIGURE_HEIGHT_PX // 2 + 1, FIGURE_HEIGHT_PX), Image.Resampling.NEAREST)


def sheet(
    drawing: Image.Image, asked: int, answer: str, generated: int = 0, colours: int = 3
) -> Image.Image:
    texts = PngInfo()
    texts.add_itxt("perfusion", "the recipe")
    sections = [
        Section(
            heading, tuple((f"question {row}", answer, "连衣裙" * 9) for row in range(rows)), note
        )
        for heading, note, rows in (("Asked for", "", asked), ("Generated", answer, generated))
    ]
    facts = Facts(
        image=drawing,
        title=answer,
        subtitle=("连衣裙", answer),
        number="PF-000015-3",
        made_on=date(2026, 11, 23),
        told=tuple(each for each in sections if each.rows or each.heading == "Asked for"),
        palette=(Swatch("#8C2A38", answer),) * colours,
        palette_note=answer[:40],
        measurements=(("A", answer, "± 1.0"),) * 6,
        materials=(("shell", "", answer),) * 10,
        footer=answer,
        texts=texts,
    )
    return Image.open(BytesIO(blueprint_png(facts)))


def has_ink(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether anything but white lies in a part of the sheet, in mm."""
    part = picture.convert("L").crop((px(left), px(top), px(right), px(bottom)))
    return bool(np.asarray(part).min() < 250)


def test_the_sheet_prints_at_a4_and_carries_the_recipe(print_of_it):
    picture = sheet(print_of_it, 5, "v-neck")

    assert picture.size == (2480, 3508)
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert picture.info["perfusion"] == "the recipe"


@pytest.mark.parametrize(
    ("asked", "answer", "generated"),
    [(0, "", 0), (5, "v-neck", 17), (28, "v-neck", 0), (2, LONG, 40), (40, LONG, 30)],
)
def test_nothing_runs_over_its_margins_however_much_there_is_to_say(
    print_of_it, asked, answer, generated
):
    picture = sheet(print_of_it, asked, answer, generated, colours=5)

    assert not has_ink(picture, 0, 0, 14.5, 297)
    assert not has_ink(picture, 195.6, 0, 210, 297)
    assert not has_ink(picture, FRAME[2] + 0.6, 34, TABLES[0] - 0.6, 283)
    assert not has_ink(picture, TABLES[0], TABLES[3] + 1, TABLES[2], 283)


def test_what_was_generated_is_told_in_the_column_of_tables_alone(print_of_it):
    without, told = (
        np.asarray(sheet(print_of_it, 2, "v-neck", generated).convert("L")) for generated in (0, 3)
    )

    changed = np.flatnonzero((without != told).any(axis=0))
    assert px(TABLES[0] - 0.5) < changed[0] < changed[-1] < px(TABLES[2] + 0.5)


def test_the_words_of_the_dimensions_do_not_lie_on_the_figure(print_of_it):
    picture = sheet(print_of_it, 5, "v-neck").convert("RGB")
    red = Image.new("RGB", picture.size, "#8c2a38")
    part = picture.crop((px(26), px(45), px(110), px(207)))

    # The figure is one upright block: each row of it is red between its two outlines.
    middle = part.crop((part.width // 2 - 40, part.height // 3, part.width // 2 + 40, 1400))
    assert middle.getextrema() == red.crop((0, 0, 80, 10)).getextrema()


def test_a_picture_drawn_for_the_sheet_is_shown_pixel_for_pixel():
    noise = np.random.default_rng(3).integers(0, 255, (FIGURE_HEIGHT_PX, 957, 3), dtype=np.uint8)
    picture = sheet(Image.fromarray(noise), 2, "v-neck")

    pixels = np.asarray(picture.convert("RGB"))
    top, left = px(45.0), px(26.0)
    part = pixels[top - 40 : top + 40, left - 5 : left + 40]
    windows = np.lib.stride_tricks.sliding_window_view(part, (8, 8, 3))[:, :, 0]
    assert (windows == noise[:8, :8]).all(axis=(2, 3, 4)).any()


def test_the_palette_shows_the_colours_that_it_names(print_of_it):
    picture = sheet(print_of_it, 2, "v-neck", colours=5).convert("RGB")

    row = picture.crop((px(15), px(232), px(118), px(233)))
    colours = row.getcolors(1 << 20)
    assert colours is not None
    assert max(colours)[1] == (0x8C, 0x2A, 0x38)


def test_the_colours_seen_in_a_picture_are_the_garments_without_the_ground(drawing):
    colours = seen_colours(drawing)

    assert colours[0][0] == "#8C2A38"
    assert "#EFECE4" not in [colour for colour, _ in colours]
    assert sum(share for _, share in colours) <= 1.0


def test_a_picture_of_the_ground_alone_has_no_colours():
    assert seen_colours(Image.new("RGB", (64, 128), "white")) == []


def test_enlarging_keeps_flat_colours_and_the_range_of_levels(drawing):
    large = enlarged_drawing(drawing, (640, 1280))

    assert large.size == (640, 1280)
    assert large.getpixel((5, 5)) == (0xEF, 0xEC, 0xE4)
    assert large.getpixel((320, 640)) == (0x8C, 0x2A, 0x38)
    for band in "RGB":
        levels = np.asarray(drawing.getchannel(band))
        new_levels = np.asarray(large.getchannel(band))
        assert levels.min() <= new_levels.min()
        assert new_levels.max() <= levels.max()


def test_enlarging_makes_edges_narrower_than_plain_enlarging():
    step = Image.new("RGB", (32, 64), "white")
    step.paste("black", (16, 0, 32, 64))

    def soft(image: Image.Image) -> int:
        row = image.convert("L").crop((0, 320, 320, 321)).tobytes()
        return sum(20 < level < 235 for level in row)

    plain = step.resize((320, 640), Image.Resampling.BICUBIC)
    assert soft(enlarged_drawing(step, (320, 640))) < soft(plain)
