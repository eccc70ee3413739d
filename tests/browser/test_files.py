"""Taking designs away and bringing them back, in Chromium."""

import zipfile
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.steps import generate

pytestmark = pytest.mark.browser


def drop(page: Page, file: Path) -> None:
    """Drop a file on the page, as from a folder beside the browser."""
    transfer = page.evaluate_handle(
        """bytes => {
            const transfer = new DataTransfer();
            const file = new File([new Uint8Array(bytes)], "x.png", { type: "image/png" });
            transfer.items.add(file);
            return transfer;
        }""",
        list(file.read_bytes()),
    )
    page.dispatch_event(".phrase-box", "drop", {"dataTransfer": transfer})


def test_a_blueprint_is_taken_away_and_dropped_back(page, tmp_path):
    generate(page, "dress, red")
    page.keyboard.press("1")

    with page.expect_download() as download:
        page.get_by_role("button", name="Blueprint").click()
    download.value.save_as(tmp_path / "sheet.png")
    assert download.value.suggested_filename == "PF-000001-1 blueprint.png"
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (2480, 3508)

    page.get_by_role("button", name="Remove dress").click()
    expect(page.locator(".chip")).to_have_count(1)
    drop(page, tmp_path / "sheet.png")

    expect(page.locator(".chip")).to_have_text(["dress☆×", "red☆×"])
    expect(page.locator(".pin")).to_contain_text("seed")


def test_a_file_without_a_recipe_is_told_where_it_was_dropped(page, tmp_path):
    Image.new("RGB", (4, 4)).save(tmp_path / "plain.png")

    drop(page, tmp_path / "plain.png")

    expect(page.get_by_text("There is no recipe in that PNG")).to_be_visible()


def test_answered_rounds_are_exported_from_the_history(page):
    generate(page, "dress, red")
    page.get_by_role("tab", name="History").click()
    page.get_by_role("button", name="Export for training").click()
    expect(page.get_by_text("save picks first")).to_be_visible()

    page.get_by_role("tab", name="Design").click()
    page.get_by_role("button", name="None of these").click()
    expect(page.get_by_text("none picked")).to_be_visible()
    page.get_by_role("tab", name="History").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export for training").click()

    assert download.value.suggested_filename == "rounds.zip"


def test_an_export_can_be_preference_lines_and_says_when_there_are_none(page, tmp_path):
    generate(page, "dress, red")
    page.get_by_role("button", name="None of these").click()
    expect(page.get_by_text("none picked")).to_be_visible()
    page.get_by_role("tab", name="History").click()
    page.get_by_label("Format of the export").select_option("TRL preference lines")
    page.get_by_role("button", name="Export for training").click()
    expect(page.get_by_text("nothing to prefer yet")).to_be_visible()

    page.get_by_role("tab", name="Design").click()
    page.keyboard.press("1")
    page.keyboard.press("s")
    expect(page.get_by_text("1 picked")).to_be_visible()
    page.get_by_role("tab", name="History").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export for training").click()

    assert download.value.suggested_filename == "rounds-trl.zip"
    download.value.save_as(tmp_path / "rounds.zip")
    with zipfile.ZipFile(tmp_path / "rounds.zip") as archive:
        assert archive.read("preferences.jsonl").count(b"\n") == 1
        assert "rounds.parquet" not in archive.namelist()


def test_the_next_round_starts_from_a_design_that_is_brought_along(page, tmp_path):
    generate(page, "dress, red")
    page.get_by_role("button", name="Design 1, full screen").dispatch_event("click")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save PNG").click()
    download.value.save_as(tmp_path / "own.png")
    page.keyboard.press("Escape")

    page.locator("#reference input[type=file]").set_input_files(tmp_path / "own.png")
    expect(page.get_by_text("The next rounds start from this picture")).to_be_visible()
    page.get_by_role("button", name="Generate").click()

    expect(page.locator(".round-title")).to_have_text("Round 2")
    expect(page.locator(".round-note")).to_contain_text("from a picture")
    page.get_by_role("button", name="Take it away").click()
    expect(page.get_by_text("The next rounds start from this picture")).not_to_be_visible()


def test_the_design_of_a_dropped_png_is_offered_as_a_start(page, tmp_path):
    generate(page, "dress, red")
    page.keyboard.press("1")
    with page.expect_download() as download:
        page.get_by_role("button", name="Blueprint").click()
    download.value.save_as(tmp_path / "sheet.png")
    offer = page.get_by_role("button", name="Start from the design in that PNG instead")
    expect(offer).to_have_count(0)

    drop(page, tmp_path / "sheet.png")
    offer.click()
    expect(page.get_by_text("The next rounds start from this picture")).to_be_visible()
    expect(offer).to_have_count(0)
    page.get_by_role("button", name="Generate").click()

    expect(page.locator(".round-title")).to_have_text("Round 2")
    expect(page.locator(".round-note")).to_contain_text("from a picture")


def test_of_a_photograph_only_the_colours_are_offered(page, tmp_path):
    photograph = Image.new("RGB", (120, 160), "white")
    photograph.paste(Image.new("RGB", (70, 110), "#1c2656"), (25, 25))
    photograph.save(tmp_path / "photo.jpg")

    page.locator("#reference input[type=file]").set_input_files(tmp_path / "photo.jpg")
    expect(page.get_by_text("There is no design in this picture")).to_be_visible()
    page.locator("#reference").get_by_role("button", name="+ navy").click()

    expect(page.locator(".chip")).to_have_text(["navy☆×"])


def test_a_file_that_is_no_picture_is_told(page, tmp_path):
    (tmp_path / "drawing.png").write_text("<svg></svg>")

    page.locator("#reference input[type=file]").set_input_files(tmp_path / "drawing.png")

    expect(page.get_by_text("no whole picture that can be read")).to_be_visible()
