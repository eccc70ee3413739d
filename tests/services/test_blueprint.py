from datetime import date
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from studio.services.blueprint import (
    FRAME,
    PX_PER_MM,
    TABLES,
    PictureFacts,
    picture_sheet_png,
    seen_colours,
)
from studio.techpack.frame import Heading, Printing
from studio.techpack.pack import Brief
from studio.techpack.said import Said

LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenknopfloch in seventeen colours"


@pytest.fixture(scope="module")
def drawing() -> Image.Image:
    image = Image.new("RGB", (64, 128), "#efece4")
    ImageDraw.Draw(image).rectangle((20, 20, 44, 110), "#8c2a38", "#1d1a17", 2)
    return image


def sheet(drawing: Image.Image, rows: int, answer: str) -> Image.Image:
    texts = PngInfo()
    texts.add_itxt("perfusion", "the recipe")
    brief = Brief(number="PF-000015-3", made_on=date(2026, 11, 23), store=answer, footer=answer)
    facts = PictureFacts(
        image=drawing,
        heading=Heading(Said(answer, "连衣裙"), brief, {"asked": rows}),
        rows=tuple((Said(f"question {n}"), Said(answer), "asked") for n in range(rows)),
        texts=texts,
    )
    return Image.open(BytesIO(picture_sheet_png(facts, Printing("both"))))


def has_ink(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether anything but white lies in a part of the sheet, in mm."""
    return bool(np.asarray(part(picture, left, top, right, bottom).convert("L")).min() < 250)


def part(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    """A part of the sheet, in mm."""
    scale = PX_PER_MM
    return picture.crop(
        (round(left * scale), round(top * scale), round(right * scale), round(bottom * scale))
    )


@pytest.mark.parametrize(("rows", "answer"), [(0, ""), (5, "v-neck"), (28, "v-neck"), (40, LONG)])
def test_nothing_runs_over_its_margins_however_much_there_is_to_say(drawing, rows, answer):
    picture = sheet(drawing, rows, answer)

    assert picture.size == (2480, 3508)
    assert picture.info["perfusion"] == "the recipe"
    assert not has_ink(picture, 0, 0, 14.5, 297)
    assert not has_ink(picture, 195.6, 0, 210, 297)
    assert not has_ink(picture, FRAME[2] + 0.6, 34, TABLES[0] - 0.6, 282)
    assert not has_ink(picture, TABLES[0], TABLES[3] + 1, TABLES[2], 282)


def test_the_picture_stands_in_its_frame_on_its_own_ground(drawing):
    picture = sheet(drawing, 5, "v-neck").convert("RGB")

    at = [round(edge * PX_PER_MM) for edge in FRAME]
    assert picture.getpixel((at[0] + 8, at[1] + 8)) == (0xEF, 0xEC, 0xE4)
    assert picture.getpixel(((at[0] + at[2]) // 2, (at[1] + at[3]) // 2)) == (0x8C, 0x2A, 0x38)


def test_the_palette_shows_the_colours_that_it_names(drawing):
    picture = sheet(drawing, 2, "v-neck").convert("RGB")

    top = FRAME[3] + 12.0
    colours = part(picture, 15, top, 30, top + 1).getcolors(1 << 20)
    assert colours is not None
    assert max(colours)[1] == (0x8C, 0x2A, 0x38)


def test_the_colours_seen_in_a_picture_are_the_garments_without_the_ground(drawing):
    colours = seen_colours(drawing)

    assert colours[0][0] == "#8C2A38"
    assert "#EFECE4" not in [colour for colour, _ in colours]
    assert sum(share for _, share in colours) <= 1.0


def test_a_picture_of_the_ground_alone_has_no_colours():
    assert seen_colours(Image.new("RGB", (64, 128), "white")) == []
