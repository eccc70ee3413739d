"""Prose, a suggestion, a refusal: what the page makes of words, in Chromium."""

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
    expect(page.get_by_role("checkbox")).to_have_count(2)

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
