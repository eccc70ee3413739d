"""The Design tab as a person uses it, in Chromium."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import generate, type_phrases

pytestmark = pytest.mark.browser


def test_phrases_become_designs_that_are_ticked_by_keyboard_and_kept(page):
    generate(page, "dress, red, v-neck")

    page.keyboard.press("2")
    expect(page.get_by_role("checkbox", name="Design 2")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Design 2")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Save 2 picks")).to_be_enabled()
    page.keyboard.press("1")
    page.keyboard.press("s")
    expect(page.get_by_text("1 picked")).to_be_visible()

    page.reload()

    expect(page.get_by_role("checkbox", name="Design 2")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Design 1")).not_to_be_checked()


def test_ticks_that_were_not_saved_outlive_a_refresh(page):
    generate(page, "dress")
    page.get_by_role("checkbox", name="Design 1").click()

    page.reload()

    expect(page.get_by_role("checkbox", name="Design 1")).to_be_checked()
    expect(page.get_by_text("1 picked")).to_have_count(0)


def test_none_of_these_is_an_answer(page):
    generate(page, "dress")
    page.keyboard.press("1")

    page.get_by_role("button", name="None of these").click()

    expect(page.get_by_text("none picked")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Design 1")).not_to_be_checked()


def test_more_like_these_and_back_again_by_the_lineage(page):
    generate(page, "dress, red")
    page.keyboard.press("1")

    page.get_by_role("button", name="More like these").click()
    expect(page.locator(".round-title")).to_have_text("Round 2")
    expect(page.locator(".round-note")).to_contain_text("more like round 1")
    page.get_by_role("button", name="Round 1").click()

    expect(page.locator(".round-title")).to_have_text("Round 1")
    expect(page.get_by_role("checkbox", name="Design 1")).to_be_checked()


def test_refining_goes_on_from_the_round(page):
    generate(page, "dress, red")

    page.get_by_role("button", name="Refine phrases").click()
    expect(page.locator(".refining")).to_contain_text("Going on from round 1")
    page.get_by_label("Add a phrase").fill("midi,")
    page.get_by_role("button", name="Generate").click()

    expect(page.locator(".round-title")).to_have_text("Round 2")
    expect(page.locator(".lineage-numbers")).to_have_text("1 → 2")


def test_the_full_screen_view_ticks_and_turns(page):
    generate(page, "dress, red")
    page.get_by_role("checkbox", name="Design 1").focus()

    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("2 of 2")).to_be_visible()
    page.keyboard.press("2")
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="Design 2")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Design 2")).to_be_focused()


def test_the_full_screen_view_tells_what_was_asked_for_from_what_was_generated(page):
    told = page.locator(".full-told")
    generate(page, "dress, red")
    page.get_by_role("checkbox", name="Design 1").focus()
    page.keyboard.press("Enter")

    expect(told.locator("dt").first).to_have_text("Asked for")
    expect(told.locator("dd").first).to_have_text("dress, red")
    expect(told.locator("dt", has_text=re.compile("^Generated$"))).to_have_count(1)
    expect(told.locator(".full-colour").first).to_have_text(re.compile("^red #[0-9A-F]{6}$"))


def test_the_full_screen_view_is_drawn_again_at_twice_the_size(page):
    generate(page, "dress, red")
    page.get_by_role("checkbox", name="Design 1").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".full-picture img")).to_have_attribute("src", re.compile("/large/"))
    assert page.evaluate("document.querySelector('.full-picture img').naturalHeight") == 2048


def test_only_the_sleeves_are_drawn_again_by_keyboard_alone(page):
    generate(page, "dress, red")
    page.get_by_role("checkbox", name="Design 2").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    change = page.get_by_role("button", name="Change a part")

    change.focus()
    page.keyboard.press("Space")
    expect(change).to_have_attribute("aria-expanded", "true")
    again = dialog.get_by_role("button", name="Draw again")
    expect(again).to_be_disabled()
    sleeves = dialog.get_by_role("checkbox", name="sleeves")
    sleeves.focus()
    page.keyboard.press("Space")
    expect(sleeves).to_be_checked()
    expect(again).to_be_enabled()
    again.focus()
    page.keyboard.press("Enter")

    expect(page.locator(".round-title")).to_have_text("Round 2")
    expect(page.locator(".round-note")).to_contain_text(
        "sleeves of a design of round 1 drawn again"
    )
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Round 1").click()
    expect(page.locator(".round-title")).to_have_text("Round 1")
    expect(page.get_by_role("checkbox", name="Design 2")).not_to_be_checked()


def test_a_wider_change_stays_chosen_while_designs_are_turned(page):
    generate(page, "dress, red")
    page.get_by_role("checkbox", name="Design 1").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Change a part").click()
    page.get_by_role("checkbox", name="fabric").check()
    page.get_by_role("checkbox", name="print").check()

    page.get_by_role("button", name="Next design").click()

    expect(page.get_by_text("2 of 2")).to_be_visible()
    expect(page.get_by_role("checkbox", name="fabric")).to_be_checked()
    expect(page.get_by_role("button", name="Draw again")).to_be_enabled()


def test_an_unknown_phrase_is_marked_and_replaced_with_one_click(page):
    type_phrases(page, "red, v-nekk, dress")

    expect(page.locator(".chip.unknown")).to_contain_text("v-nekk ?")
    page.locator(".unknown-notice").get_by_role("button", name="v-neck").click()

    expect(page.locator(".chip.unknown")).to_have_count(0)
    expect(page.locator(".chip")).to_have_text(["red☆×", "v-neck☆×", "dress☆×"])


def test_a_contradiction_is_marked_and_told(page):
    type_phrases(page, "dress, mini, maxi")

    expect(page.locator(".chip.contradicted")).to_have_count(2)
    expect(page.locator(".conflict-notice")).to_contain_text("mini")

    page.get_by_role("button", name="Remove mini").click()

    expect(page.locator(".conflict-notice")).to_have_count(0)


def test_a_suggestion_becomes_a_chip(page):
    page.get_by_role("button", name="+ navy").click()

    expect(page.locator(".chip")).to_have_text(["navy☆×"])
    expect(page.get_by_role("button", name="+ navy")).to_have_count(0)


def test_a_favourite_phrase_outlives_the_page_and_is_toggled(page):
    type_phrases(page, "red")
    page.get_by_role("button", name="Keep red as a favourite").click()
    favourite = page.locator(".favourites").get_by_role("button", name="red")
    expect(favourite).to_have_attribute("aria-pressed", "true")

    page.reload()
    expect(favourite).to_have_attribute("aria-pressed", "false")
    favourite.click()
    expect(page.locator(".chip")).to_have_text(["red★×"])
    favourite.click()
    expect(page.locator(".chip")).to_have_count(0)


def test_generating_from_nothing_says_what_to_do(page):
    page.get_by_role("button", name="Generate").click()

    expect(page.get_by_text("Type what you want to see").first).to_be_visible()


def test_markup_in_a_phrase_stays_text(page):
    type_phrases(page, "<img src=x onerror=alert(1)>, ${alert(1)}, {{constructor}}")

    expect(page.locator(".chip").nth(0)).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator(".chip").nth(1)).to_contain_text("${alert(1)}")
    expect(page.locator(".phrase-box img")).to_have_count(0)


def test_another_tab_shows_the_same_round(page, browser, address):
    generate(page, "dress")
    title = page.locator(".round-title").inner_text()

    other = browser.new_page()
    other.goto(address)

    expect(other.locator(".round-title")).to_have_text(title)
    expect(other.get_by_role("checkbox")).to_have_count(2)
    other.close()


def test_the_page_asks_no_other_host_for_anything(browser, address):
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.locator(".empty-lead").wait_for()
    page.close()

    assert asked
    assert all(url.startswith((address, "data:", "blob:")) for url in asked)


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_wider_than_the_window(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    generate(
        page, "dress, red, v-neck, midi, some-very-long-unknown-phrase-without-any-space-at-all"
    )

    assert page.evaluate("document.documentElement.scrollWidth") <= width
