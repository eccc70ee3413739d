"""Prose, a suggestion, a refusal: what the page makes of words, in Chromium."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import type_phrases

pytestmark = pytest.mark.browser


def test_prose_is_read_word_by_word_and_its_refusal_is_obeyed(page):
    type_phrases(page, "a boho midi dress without v-neck, woman with green eyes")

    expect(page.locator(".chip")).to_have_text(
        ["boho midi dress☆×", "v-neck☆×", "woman with green eyes☆×"]
    )
    expect(page.locator(".chip.refused s")).to_have_text("v-neck")
    expect(page.locator(".chip.ignored")).to_have_count(1)
    notes = page.locator(".phrase-notices")
    expect(notes).to_contain_text("read as midi, dress, boho")
    expect(notes).to_contain_text("“boho”: a leaning")
    expect(notes).to_contain_text("Ignored, as the design has nothing of it: “green eyes”")

    page.get_by_role("button", name="+ navy").click()
    expect(page.locator(".chip")).to_have_count(4)
    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".tiles").get_by_role("checkbox")).to_have_count(2)

    page.get_by_role("checkbox", name="Design 1").focus()
    page.keyboard.press("Enter")
    for number in (1, 2):
        expect(page.get_by_text(f"{number} of 2")).to_be_visible()
        told = page.locator(".full-told")
        expect(told).to_contain_text("navy")
        expect(told).not_to_contain_text("v-neck")
        page.get_by_role("button", name="Next design").click()


def test_each_side_of_a_contradiction_has_its_button(page):
    type_phrases(page, "dress, red, not red")
    expect(page.locator(".conflict-notice")).to_contain_text("keep one of them")

    page.get_by_role("button", name="Keep it without “red”").click()

    expect(page.locator(".conflict-notice")).to_have_count(0)
    expect(page.locator(".chip")).to_have_text(["dress☆×", "red☆×"])
    expect(page.locator(".chip.refused")).to_have_count(1)


def test_a_word_that_is_not_known_gives_way_to_one_that_means_the_same(page):
    type_phrases(page, "dress, cathedral train")
    notice = page.locator(".unknown-notice")
    expect(notice).to_contain_text("“cathedral train” is not known")

    page.locator(".unknown-notice").get_by_role("button").first.click()

    expect(notice).to_have_count(0)
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator(".chip.unknown")).to_have_count(0)


def test_ten_thousand_characters_stay_in_the_field_and_are_told(page):
    typed = "dress " * 1_667

    type_phrases(page, typed)

    expect(page.locator(".toast-body.error")).to_contain_text("Shorten it to at most 1,000")
    expect(page.locator(".chip")).to_have_count(1)
    assert len(page.locator(".chip").inner_text()) > 9_000


def test_what_a_store_never_sells_is_set_once_told_and_obeyed(page):
    page.get_by_role("tab", name="Stores").click()
    page.get_by_label("Name").fill("Maison Nord")
    page.get_by_text("House rules").click()
    page.get_by_label("colour", exact=True).select_option("never these")
    page.locator(".house-rule").get_by_label("red", exact=True).check()
    page.get_by_role("button", name="Save store").click()
    page.get_by_role("button", name="Design for it").click()

    type_phrases(page, "dress, red")
    expect(page.locator(".conflict-notice")).to_contain_text("this store never sells red")
    page.get_by_role("button", name="Take “navy”").click()
    expect(page.locator(".conflict-notice")).to_have_count(0)

    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".tiles").get_by_role("checkbox")).to_have_count(2)
    page.get_by_role("checkbox", name="Design 1").focus()
    page.keyboard.press("Enter")
    told = page.locator(".full-told")
    expect(told).to_contain_text("navy")
    # Red hair is nothing that a store sells.
    expect(told).not_to_contain_text(re.compile(r"\bred\b(?! hair)"))
