import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.design.spec import DesignSpec
from studio.drawing.croquis import draw_croquis
from studio.drawing.flats.flat import draw_flat
from studio.drawing.raster import picture
from studio.drawing.record import Drawing
from studio.drawing.svg import svg
from studio.techpack.frame import Printing
from studio.techpack.pack import Pack, pack_of
from studio.techpack.page import HEIGHT, UNITS, WIDTH
from studio.techpack.said import LANGUAGES
from studio.techpack.sheets import first_sheet, page_png, sheets_of, sheets_pdf
from tests.techpack.packs import (
    brief,
    design,
    designs_with_every_value,
    overlapping,
    pack,
    texts_of,
)

NEEDS_POPPLER = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler-utils is not installed"
)
NEEDS_RSVG = pytest.mark.skipif(
    shutil.which("rsvg-convert") is None, reason="librsvg2-bin is not installed"
)
STORES = ["دار الأزياء", "🎉🎉", "W" * 200, "北方之家" * 40, "Ø" * 60]


def check(sheets: tuple[Drawing, ...], about: object) -> None:
    """No text lies on another, and none leaves its page."""
    for number, sheet in enumerate(sheets, 1):
        texts = list(texts_of(sheet))
        assert not overlapping(texts), (number, about)
        left, top, right, bottom = sheet.reach()
        boxes = [text.box() for text in texts]
        assert min(box[0] for box in boxes) >= 0, (number, about)
        assert max(box[2] for box in boxes) <= WIDTH * UNITS, (number, about)
        assert max(box[3] for box in boxes) <= HEIGHT * UNITS, (number, about)
        assert left >= -1, (number, about)
        assert top >= -1, (number, about)
        assert right <= WIDTH * UNITS + 1, (number, about)
        assert bottom <= HEIGHT * UNITS + 1, (number, about)


@pytest.mark.slow
def test_over_all_values_no_text_lies_on_another_or_leaves_its_page():
    for place, spec in enumerate(designs_with_every_value()):
        for language in ("en", "zh") if place % 3 else ("both",):
            check(sheets_of(pack(spec), Printing(language)), (spec.outfit, language))


@pytest.mark.parametrize("store", STORES)
def test_any_name_is_printed_without_boxes_and_in_its_room(store):
    spec = design()
    typed = store if len(store) < 100 else store[:180]

    sheets = sheets_of(pack_of(spec, brief(spec, typed, store=store)), Printing("both"))

    check(sheets, store)
    said = " ".join(text.text for text in texts_of(sheets[0]))
    assert "PF-000015-3" in said
    readable = all(ord(letter) < 0x0600 or 0x4E00 <= ord(letter) < 0xA000 for letter in store)
    assert ("no font" in said) == (not readable)


def test_everything_that_is_corrected_at_once_still_fits():
    whole = pack()
    made = [
        (each.key, "44.4" if each.kind == "number" else "cotton 55 %, linen 45 %, as agreed")
        for each in whole.fields()
        if not each.key.startswith("choice.")
    ]

    check(sheets_of(pack(None, *made), Printing("en")), "all corrected")


def test_a_long_title_is_printed_whole():
    spec = design(asked=("category", "colour"))
    typed = "a very particular shade of blue that reminds of the sea in the morning"
    sheet = first_sheet(pack_of(spec, brief(spec, typed_of={"colour": typed})), Printing())

    said = " ".join(text.text for text in texts_of(sheet))
    assert all(word in said for word in typed[2:].split())
    assert "…" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_speak_their_language(language):
    said = " ".join(
        text.text for sheet in sheets_of(pack(), Printing(language)) for text in texts_of(sheet)
    )

    assert ("Bill of materials" in said) == (language != "zh")
    assert ("物料清单" in said) == (language != "en")


def test_a_page_prints_at_a4_and_carries_its_texts():
    texts = PngInfo()
    texts.add_itxt("perfusion", "the recipe")

    with Image.open(BytesIO(page_png(first_sheet(pack(), Printing()), texts))) as page:
        assert page.size == (2480, 3508)
        assert page.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert page.info["perfusion"] == "the recipe"


def written(tmp_path: Path, whole: Pack, printing: Printing) -> Path:
    file = tmp_path / "pack.pdf"
    file.write_bytes(sheets_pdf(whole, printing))
    return file


@NEEDS_POPPLER
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pdf_embeds_its_fonts_and_every_measurement_can_be_found(tmp_path, language):
    whole = pack(None, ("point.waist.38", "44.5"), ("material.shell.composition", "silk 100 %"))
    file = written(tmp_path, whole, Printing(language, "B"))

    def run(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    text = run("pdftotext", "-layout", str(file), "-")
    fonts = run("pdffonts", str(file)).splitlines()[2:]
    assert "Pages:           3" in run("pdfinfo", str(file))
    assert all(line.split()[-5] == "yes" for line in fonts)
    assert fonts
    assert len(run("pdfimages", "-list", str(file)).splitlines()) == 2  # the head of the list
    found = set(text.split())
    numbers = {field.said.en for row in whole.points for field in (row.tolerance, *row.cells)}
    assert numbers <= found
    for row in whole.points:
        assert row.name.told(language).split()[0].rstrip(",")[:2] in text
    said = "".join(text.split())
    assert "silk100%" in said
    assert "PF-000015-3" in said


@NEEDS_RSVG
@pytest.mark.parametrize(
    "draw", [draw_croquis, lambda spec, view: draw_flat(spec, view)], ids=["croquis", "flat"]
)
@pytest.mark.parametrize("view", ["front", "back"])
def test_svg_looks_the_same_in_another_renderer(tmp_path, draw, view):
    spec: DesignSpec = design({"category": "dress", "pattern": "polka dots", "belt": "tied sash"})
    drawing = draw(spec, view)
    file, image = tmp_path / "drawing.svg", tmp_path / "drawing.png"
    file.write_text(svg(drawing))
    ElementTree.fromstring(file.read_text())
    height = 600

    subprocess.run(["rsvg-convert", "-h", str(height), "-o", image, file], check=True)

    with Image.open(image) as theirs:
        other = theirs.convert("L")
    ours = picture(drawing, height).convert("L").resize(other.size)
    difference = np.abs(np.asarray(ours).astype(int) - np.asarray(other).astype(int))
    assert difference.mean() < 3.0
    assert "inkscape:groupmode" in file.read_text()
