"""Text of the studio's own fonts, in pictures, in SVG and in PDF."""

from xml.etree import ElementTree

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont

from studio.drawing.outline_fonts import _FILES, glyphs, text_width
from studio.drawing.pdf import pdf
from studio.drawing.pen import Pen
from studio.drawing.raster import picture
from studio.drawing.record import Drawing, Text
from studio.drawing.svg import svg

INK, PAPER = (0, 0, 0), (255, 255, 255)
LINE = "Waist 41.5 ± 0.5, 腰围 领圈"


def page_of(*texts: Text) -> Drawing:
    pen = Pen()
    for text in texts:
        pen.text(text)
    return pen.drawing((0.0, 0.0, 200.0, 40.0), PAPER)


def ink_box(image: Image.Image) -> tuple[int, int, int, int]:
    dark = np.asarray(image.convert("L")) < 128
    rows, columns = np.nonzero(dark.any(1))[0], np.nonzero(dark.any(0))[0]
    return columns[0], rows[0], columns[-1], rows[-1]


@pytest.mark.parametrize(
    ("face", "text"),
    [("sans", "Hamburgefonstiv 0123"), ("medium", "AQ&g%"), ("chinese", "领子与袖口")],
)
def test_letters_look_as_freetype_draws_them(face, text):
    size = 100
    ours = np.asarray(picture(page_of(Text(text, (5.0, 30.0), 20.0, INK, face=face)), 200))
    font = ImageFont.truetype(_FILES[face], size)
    theirs = Image.new("L", (1000, 200), 255)
    ImageDraw.Draw(theirs).text((25, 150), text, 0, font, anchor="ls", features=["-kern", "-liga"])

    assert np.abs(ours[..., 0].astype(int) - np.asarray(theirs).astype(int)).mean() < 3.0
    assert text_width(text, size, face) == pytest.approx(
        font.getlength(text, features=["-kern", "-liga"]), rel=0.01
    )


@pytest.mark.parametrize("turn", [0.0, -90.0, 30.0])
@pytest.mark.parametrize("align", ["start", "middle", "end"])
def test_a_text_stays_in_its_box(align, turn):
    text = Text("ÅQgjpq 领", (100.0, 20.0), 6.0, INK, align, turn=turn)
    left, top, right, bottom = ink_box(picture(page_of(text), 200))
    box = text.box()

    assert left >= box[0] * 5 - 4
    assert top >= box[1] * 5 - 4
    assert right <= box[2] * 5 + 4
    assert bottom <= box[3] * 5 + 4


def test_letters_that_no_font_has_are_question_marks():
    assert [letter for letter, _ in glyphs("a🧵")] == ["a", "?"]
    assert [letter for letter, _ in glyphs("a\u200b\n")] == ["a", " "]


def test_svg_says_what_its_outlines_mean():
    root = ElementTree.fromstring(svg(page_of(Text('<"领">', (5.0, 30.0), 8.0, INK))))

    assert [e.get("aria-label") for e in root.iter() if e.get("aria-label")] == ['<"领">']


def test_pdf_can_be_searched_and_embeds_its_letters():
    many = "".join(chr(0x4E00 + place) for place in range(300))  # more than one font can hold
    whole = pdf([page_of(Text(LINE, (5.0, 30.0), 8.0, INK), Text(many, (0.0, 10.0), 0.6, INK))])

    document = pypdfium2.PdfDocument(whole)
    read = document[0].get_textpage().get_text_range()
    assert LINE in read
    assert many in read.replace("\r\n", "")
    assert whole.count(b"/Type3") == 2
    assert b"/BaseFont" not in whole  # which a reader would have to have
