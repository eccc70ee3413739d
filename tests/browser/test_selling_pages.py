"""Polls, the comparison after launch and experts' ratings, in Chromium."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from studio.selling.agreement import ASPECTS
from tests.browser.steps import generate

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def sell_page(page, name):
    page.get_by_role("tab", name="Sell", exact=True).click()
    page.get_by_role("tab", name=name).click()


def test_simulated_stores_are_compared_apart_from_real_ones(page):
    sell_page(page, "After launch")
    expect(page.locator("#launch-page")).to_contain_text("Nothing to compare yet")

    page.get_by_role("button", name="Simulated stores").click()
    page.get_by_role("button", name="Try it with simulated stores").click()

    expect(page.locator(".launch-rate")).to_have_count(3)
    expect(page.locator(".launch-rate").first.locator(".store-ring")).to_have_count(8)
    expect(page.locator("#launch-page .simulated")).to_be_visible()
    page.get_by_role("button", name="Real stores").click()
    expect(page.locator(".launch-rate")).to_have_count(0)


@pytest.mark.slow
def test_a_poll_goes_out_as_one_file_and_its_votes_come_back(page, tmp_path):
    generate(page, "dress, red")
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.get_by_role("button", name="Sell it").click()
    sell_page(page, "Polls")
    boxes = page.locator("#poll-page .poll-choice input")
    expect(boxes).to_have_count(2)
    boxes.first.check()
    boxes.last.check()
    page.get_by_label("Question").fill("Which would you wear?")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the poll").click()
    file = tmp_path / "poll.html"
    download.value.save_as(file)

    asked = page.context.browser.new_page()
    asked.goto(file.as_uri())
    asked.locator("input").first.check()
    votes = asked.locator("textarea").input_value()
    asked.close()
    page.locator("#poll-page input[type=file]").set_input_files(
        {"name": "votes.csv", "mimeType": "text/csv", "buffer": votes.encode()}
    )
    page.locator("#poll-page").get_by_role("button", name="Import").click()

    expect(page.locator(".vote-bars li").first).to_contain_text("1 vote,")
    expect(page.locator("#poll-page")).to_contain_text("1 person voted")


@pytest.mark.slow
def test_an_expert_rates_blind_and_the_result_is_told(page):
    generate(page, "dress, red")
    page.keyboard.press("1")
    page.get_by_role("button", name="Sell it").click()
    sell_page(page, "Expert ratings")
    page.locator("#rating-page .poll-choice input").first.check()
    page.get_by_label("Name of the panel").fill("Autumn")
    picture = io.BytesIO()
    Image.new("RGB", (256, 512), "#b7a58d").save(picture, "PNG")
    page.get_by_label("Pictures of designs by people").set_input_files(
        {"name": "own.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_label("Your name").fill("Rater 1")
    page.get_by_role("button", name="Rate", exact=True).click()

    for place in (1, 2):
        expect(page.locator(".rating-sheet")).to_contain_text(f"Picture {place} of 2")
        page.get_by_role("button", name="Save and next").click()
        expect(page.locator("#rating-page .told")).to_contain_text("all six")
        for aspect in range(len(ASPECTS)):
            page.locator(".rating-scale").nth(aspect).locator("input").nth(place).check()
        page.get_by_role("button", name="Save and next").click()
    page.get_by_role("button", name="Result").click()

    expect(page.locator("#rating-page .sell-chart")).to_be_visible()
    expect(page.locator("#rating-page .sell-table")).to_contain_text("one rater")
