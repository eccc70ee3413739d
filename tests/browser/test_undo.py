"""Whatever a person changes on the page has a way back, in Chromium; desk and phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import DESK, PHONE, generate, type_phrases

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def device(page: Page, request: pytest.FixtureRequest) -> None:
    page.set_viewport_size(request.param)


def first_store(page: Page) -> str:
    page.locator("#store-card select").select_option(index=1)
    return page.locator("#store-card select option:checked").inner_text()


@pytest.mark.usefixtures("device")
def test_an_answer_is_taken_back_with_its_count_and_the_ticks_stay(page):
    first_store(page)
    generate(page, "dress")
    page.keyboard.press("1")
    page.keyboard.press("s")
    told = page.locator("#tile-board .told")
    expect(told).to_contain_text("Saved 1 of 2.")
    expect(page.locator("#store-card")).to_contain_text("1 round taught")

    told.get_by_role("button", name="Undo").click()

    expect(told).to_have_text("The answer to round 1 is as it was before.")
    expect(page.locator(".round-note")).not_to_contain_text("picked")
    expect(page.locator("#store-card")).to_contain_text("0 rounds taught")
    expect(page.get_by_role("checkbox", name="Design 1")).to_be_checked()
    page.keyboard.press("s")
    expect(page.locator(".round-note")).to_contain_text("1 picked")


def test_none_of_these_brings_its_ticks_back(page):
    generate(page, "dress")
    page.keyboard.press("2")
    page.get_by_role("button", name="None of these").click()
    expect(page.locator(".round-note")).to_contain_text("none picked")

    page.locator("#tile-board .told").get_by_role("button", name="Undo").click()

    expect(page.locator(".round-note")).not_to_contain_text("picked")
    expect(page.get_by_role("checkbox", name="Design 2")).to_be_checked()
    page.reload()
    expect(page.get_by_role("checkbox", name="Design 2")).to_be_checked()


def test_ticks_that_more_like_these_kept_are_taken_back_from_the_new_round(page):
    generate(page, "dress")
    page.keyboard.press("1")
    page.get_by_role("button", name="More like these").click()
    expect(page.locator(".round-title")).to_have_text("Round 2")

    page.locator("#tile-board .told").get_by_role("button", name="Undo").click()

    expect(page.locator("#tile-board .told")).to_contain_text("round 1 is as it was before")
    page.get_by_role("button", name="Round 1").click()
    expect(page.locator(".round-title")).to_have_text("Round 1")
    expect(page.locator(".round-note")).not_to_contain_text("picked")


@pytest.mark.usefixtures("device")
def test_phrases_that_something_replaced_come_back_and_go_again(page):
    replaced = page.locator("#plan .replaced")
    generate(page, "dress, red")
    expect(replaced).to_be_hidden()
    type_phrases(page, "navy, midi")
    page.get_by_role("tab", name="History").click()
    page.get_by_label("Open round 1").click()
    expect(page.locator(".chip")).to_have_text(["dress☆×", "red☆×"])
    expect(replaced).to_contain_text("What stood here was replaced.")

    replaced.get_by_role("button", name="Undo").click()
    expect(page.locator(".chip")).to_have_text(["dress☆×", "red☆×", "navy☆×", "midi☆×"])
    replaced.get_by_role("button", name="Undo").click()
    expect(page.locator(".chip")).to_have_text(["dress☆×", "red☆×"])

    page.get_by_role("button", name="start afresh").click()
    expect(page.locator(".chip")).to_have_count(0)
    replaced.get_by_role("button", name="Undo").click()
    expect(page.locator(".chip")).to_have_text(["dress☆×", "red☆×"])
    expect(page.locator(".refining")).to_contain_text("Going on from round 1")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".round-title")).to_have_text("Round 2")
    expect(replaced).to_be_hidden()


@pytest.mark.usefixtures("device")
def test_a_deleted_round_is_found_and_put_back_long_after(page):
    generate(page, "dress")
    page.get_by_role("tab", name="History").click()
    page.get_by_label("Delete round 1").click()
    expect(page.get_by_text("Round 1 was deleted.")).to_be_visible()
    page.reload()
    page.get_by_role("tab", name="History").click()
    expect(page.locator(".round-row")).to_have_count(0)

    page.get_by_label("Deleted").check()
    page.get_by_label("Put round 1 back").click()
    expect(page.get_by_text("Round 1 is back.")).to_be_visible()
    page.get_by_role("tab", name="Design").click()
    page.get_by_role("tab", name="History").click()
    expect(page.locator(".round-row")).to_have_count(0)

    page.get_by_label("Deleted").uncheck()
    expect(page.locator(".round-row")).to_have_count(1)


@pytest.mark.usefixtures("device")
def test_changes_of_stores_are_taken_back_at_once_and_removed_ones_later(page):
    page.get_by_role("tab", name="Stores").click()
    name = page.locator(".store-row-name").first.inner_text()
    page.locator(".store-row").first.click()
    page.get_by_label("Name").fill("Somebody’s")
    page.get_by_role("button", name="Save store").click()
    undo = page.locator("#store-book .undo-line")
    expect(undo).to_contain_text("Saved Somebody’s.")
    undo.get_by_role("button", name="Undo").click()
    expect(undo).to_contain_text(f"Saved {name}.")
    expect(page.locator(".store-row-name").filter(has_text=name)).to_have_count(1)

    count = page.locator(".store-row").count()
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".store-row")).to_have_count(count - 1)
    page.reload()
    page.get_by_role("tab", name="Stores").click()
    page.get_by_text("Removed stores").click()
    page.get_by_role("button", name=f"Bring {name} back").click()
    expect(page.locator(".store-row")).to_have_count(count)
    expect(page.get_by_text("Removed stores")).to_be_hidden()


def test_a_new_store_is_taken_back(page):
    page.get_by_role("tab", name="Stores").click()
    expect(page.locator(".store-row").first).to_be_visible()
    count = page.locator(".store-row").count()
    page.get_by_role("button", name="Add a store").click()
    page.get_by_label("Name").fill("Nord")
    page.get_by_role("button", name="Save store").click()
    expect(page.locator(".store-row")).to_have_count(count + 1)

    page.locator("#store-book .undo-line").get_by_role("button", name="Undo").click()

    expect(page.locator(".store-row")).to_have_count(count)


def test_a_store_that_is_gone_is_not_chosen(page, browser, address):
    name = first_store(page)
    page.locator("#store-card select").select_option(index=0)
    expect(page.locator("#store-card")).to_contain_text("as anybody may like them")
    other = browser.new_page()
    other.goto(address)
    other.get_by_role("tab", name="Stores").click()
    other.locator(".store-row").filter(has_text=name).click()
    other.get_by_role("button", name="Remove").click()
    expect(other.get_by_text(f"{name} was removed")).to_be_visible()
    other.close()

    page.locator("#store-card select").select_option(label=name)

    expect(page.locator("#store-card select option:checked")).to_have_text("nobody in particular")


@pytest.mark.usefixtures("device")
def test_a_deleted_collection_is_brought_back_long_after(page):
    page.get_by_role("tab", name="Collections").click()
    page.locator("#collection-book").get_by_label("New collection").fill("Autumn")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Autumn was deleted")).to_be_visible()
    page.reload()
    page.get_by_role("tab", name="Collections").click()

    page.get_by_text("Deleted collections").click()
    page.get_by_role("button", name="Bring Autumn back").click()

    expect(page.get_by_label("Name of the collection")).to_have_value("Autumn")


def test_a_draft_that_was_kept_is_taken_back_and_taking_it_off_is_asked_twice(page):
    generate(page, "dress, red")
    page.keyboard.press("1")
    page.get_by_role("button", name="Sell it").click()
    made_of = page.get_by_label("Made of")
    for said in ("shell: cotton 100", "shell: silk 100"):
        made_of.fill(said)
        page.get_by_role("button", name="Save draft").click()
        page.wait_for_timeout(500)

    undo = page.locator(".sell-listing").get_by_role("button", name="Undo")
    undo.click()
    expect(made_of).to_have_value("shell: cotton 100")
    undo.click()
    expect(made_of).to_have_value("")
    expect(undo).to_be_disabled()

    page.get_by_role("button", name="Take this listing off").click()
    expect(page.get_by_role("button", name="Sure?")).to_be_visible()
    expect(page.get_by_role("button", name="Open for orders")).to_be_visible()
    page.get_by_role("button", name="Sure?").click()
    expect(page.get_by_role("button", name="Open for orders")).to_have_count(0)
