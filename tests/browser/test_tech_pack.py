"""The tech pack and the other files of a design, as a person takes and corrects them."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import generate

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHEST = "[data-key='point.chest.38']"


def opened(page: Page) -> None:
    """A design's pack, opened from its full screen."""
    generate(page, "dress, red, v-neck")
    page.get_by_role("checkbox", name="Design 1").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Tech pack").click()
    expect(page.locator(CHEST)).to_be_visible()


def taken(page: Page, folder: Path, role: str, name: str | re.Pattern[str]) -> Path:
    with page.expect_download() as download:
        page.get_by_role(role, name=name).click()  # type: ignore[arg-type]  # a role's name
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def test_a_number_is_corrected_refused_and_undone_by_keyboard(page):
    opened(page)
    field = page.locator(CHEST)
    derived = field.inner_text()

    field.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("wide")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="“wide” is no number")).to_be_visible()
    expect(page.locator(".field-input")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("51,5")
    page.keyboard.press("Enter")

    expect(field).to_have_text("51.5")
    expect(field).to_be_focused()
    expect(page.get_by_text("set by a person 1")).to_be_visible()
    expect(field).to_have_attribute("title", re.compile(f"set by hand, .*derived {derived}"))
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-key='point.chest.40']")).to_be_focused()

    page.get_by_role("button", name=re.compile("Undo: D Chest|Undo: . Chest")).click()
    expect(field).to_have_text(derived)
    expect(page.get_by_text("set by a person 0")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Design, full screen")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_pack_that_was_closed_opens_again(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    opened(page)

    for _ in range(2):
        page.keyboard.press("Escape")
        expect(page.locator(CHEST)).to_be_hidden()
        page.get_by_role("button", name="Tech pack").click()
        expect(page.locator(CHEST)).to_be_visible()
        expect(page.locator(".pack-table").first).to_be_visible()


def test_escape_leaves_a_field_as_it_was_and_the_pack_open(page):
    opened(page)

    page.locator("[data-key='note.hem']").click()
    page.keyboard.type("something else")
    page.keyboard.press("Escape")

    expect(page.locator("[data-key='note.hem']")).to_be_focused()
    expect(page.get_by_text("set by a person 0")).to_be_visible()


def test_a_pack_is_taken_away_as_pdf_and_as_a_folder(page, tmp_path):
    opened(page)

    page.get_by_label("Language of the sheets").select_option("both")
    pdf = taken(page, tmp_path, "button", "PDF")
    everything = taken(page, tmp_path, "button", "All files")

    assert pdf.name == "PF-000001-1 tech pack rev A.pdf"
    assert pdf.read_bytes().startswith(b"%PDF-1.7")
    with zipfile.ZipFile(everything) as archive:
        assert len(archive.namelist()) == 8


def test_a_design_is_seen_from_behind_and_saved_so(page, tmp_path):
    generate(page, "dress, red")
    page.get_by_role("checkbox", name="Design 1").focus()
    page.keyboard.press("Enter")
    picture = page.locator(".full-picture img")
    expect(picture).to_have_attribute("src", re.compile("large/"))

    page.keyboard.press("b")

    expect(picture).to_have_attribute("src", re.compile("view=back"))
    file = taken(page, tmp_path, "link", "PNG, 1024 × 2048 px, back")
    assert file.name == "PF-000001-1 back.png"
    drawing = taken(page, tmp_path, "link", "SVG, flat, front")
    assert drawing.read_text().startswith("<svg")
    page.get_by_role("button", name="See the front").click()
    expect(picture).not_to_have_attribute("src", re.compile("view=back"))


def test_ticked_designs_are_saved_as_svg(page, tmp_path):
    generate(page, "dress, red")
    page.keyboard.press("1")
    page.keyboard.press("2")

    page.get_by_label("Save ticked as").select_option("SVG")
    file = taken(page, tmp_path, "button", "Save files")

    with zipfile.ZipFile(file) as archive:
        assert len(archive.namelist()) == 8
