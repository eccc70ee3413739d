"""Collections as a person uses them, in Chromium."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import generate

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def collect(page, number: int, name: str, is_new: bool = False) -> None:
    page.get_by_role("checkbox", name=f"Design {number}").hover()
    page.get_by_role("button", name=f"Add design {number} to a collection").click()
    menu = page.get_by_role("dialog", name="Add to a collection")
    if is_new:
        menu.get_by_label("New collection").fill(name)
        menu.get_by_role("button", name="Add", exact=True).click()
    else:
        menu.get_by_role("button", name=name).click()
    expect(page.locator(".collected")).to_contain_text(f"“{name}”")


def test_a_collection_across_rounds_is_ordered_named_undone_and_shared(page):
    generate(page, "dress, red")
    collect(page, 1, "Autumn", is_new=True)
    page.get_by_role("button", name="Remove red").click()
    generate(page, "navy")
    expect(page.locator(".round-title")).to_have_text("Round 2")
    collect(page, 2, "Autumn")
    page.get_by_role("tab", name="Collections").click()
    page.locator(".collection-list button").click()

    cards = page.locator(".collection-card")
    expect(cards).to_have_count(2)
    expect(cards.first.locator(".card-name")).to_have_attribute("placeholder", "PF-000001-1")
    cards.first.locator(".card-name").fill("Rosa")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Move Rosa on")).to_be_visible()
    page.get_by_role("button", name="Move Rosa on").click()
    expect(cards.last.locator(".card-name")).to_have_value("Rosa")
    page.get_by_role("button", name="Undo").click()
    expect(cards.first.locator(".card-name")).to_have_value("Rosa")

    page.get_by_label("Choose Rosa").check()
    page.get_by_label("Choose PF-000002-2").check()
    page.get_by_role("button", name="Side by side").click()
    expect(page.locator(".side-columns figure")).to_have_count(2)
    page.get_by_role("button", name="Close").click()
    for label, name in (("Page to share", "Autumn.html"), ("Line sheet", "Autumn.pdf")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == name

    page.get_by_role("button", name="Take Rosa out").click()
    expect(cards).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(cards).to_have_count(2)
    page.get_by_role("button", name="Delete").click()
    expect(cards).to_have_count(0)
    page.locator(".collection-side").get_by_role("button", name="Undo").click()
    expect(cards).to_have_count(2)


def test_a_design_of_the_full_screen_goes_into_a_collection_and_out_again(page):
    generate(page, "dress")
    page.get_by_role("checkbox", name="Design 1").focus()
    page.keyboard.press("Enter")
    page.locator(".full-line").get_by_role("button", name="Add to a collection").click()
    page.get_by_label("New collection").last.fill("One")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".collected")).to_contain_text("Added to “One”")

    page.locator(".collected").get_by_role("button", name="Undo").click()

    expect(page.locator(".collected")).to_contain_text("Taken out of “One”")


def test_a_tile_is_dragged_out_as_its_png(page):
    generate(page, "dress")

    told = page.evaluate(
        """() => {
          const data = new DataTransfer();
          document.querySelector(".tile").dispatchEvent(
            new DragEvent("dragstart", { dataTransfer: data, bubbles: true }));
          return data.getData("DownloadURL");
        }"""
    )

    assert re.fullmatch(r"image/png:design-\d+\.png:http://.*/designs/\d+\.png", told)
    assert page.request.get(told.split(":", 2)[2]).headers["content-type"] == "image/png"
    assert page.locator(".tile img").first.get_attribute("alt") == "dress"
