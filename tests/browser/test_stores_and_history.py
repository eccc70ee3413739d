"""The Stores and History tabs as a person uses them, in Chromium."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import generate

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def add_store(page: Page, name: str) -> None:
    page.get_by_role("tab", name="Stores").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("minimalist").check()
    page.get_by_label("autumn").check()
    page.get_by_role("button", name="Save store").click()
    expect(page.get_by_role("button", name="Design for it")).to_be_visible()


def test_a_store_is_described_chosen_and_taught(page):
    add_store(page, "Maison Nord")
    page.get_by_role("button", name="Design for it").click()
    expect(page.locator(".store-name")).to_be_visible()
    expect(page.locator(".store-rows")).to_contain_text("minimalist")

    generate(page, "dress, red")
    page.keyboard.press("1")
    page.keyboard.press("s")

    expect(page.locator(".store-summary")).to_contain_text("1 round taught")


def test_an_answer_is_let_go_by_a_second_click(page):
    add_store(page, "Maison Nord")

    page.get_by_label("autumn").click()
    expect(page.get_by_label("autumn")).not_to_be_checked()


def test_a_removed_store_is_brought_back(page):
    add_store(page, "Maison Nord")

    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".store-row")).to_have_count(8)
    page.get_by_role("button", name="Undo").click()

    expect(page.locator(".store-row")).to_have_count(9)


def test_the_history_finds_stars_opens_deletes_and_puts_back(page):
    generate(page, "dress, red")
    page.get_by_role("tab", name="History").click()
    expect(page.locator(".round-row")).to_have_count(1)

    page.get_by_label("Words, a number, a store or a day").fill("navy")
    expect(page.locator(".round-row")).to_have_count(0)
    page.get_by_label("Words, a number, a store or a day").fill("red")
    expect(page.locator(".round-row")).to_have_count(1)

    page.get_by_label("Round 1 is a favourite").click()
    page.get_by_label("Favourites").check()
    expect(page.locator(".round-row")).to_have_count(1)

    page.get_by_label("Delete round 1").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_label("Open round 1").click()
    expect(page.locator(".round-title")).to_have_text("Round 1")
    expect(page.locator(".tiles").get_by_role("checkbox")).to_have_count(2)


def test_a_round_is_opened_for_its_store_as_long_as_there_is_one(page):
    add_store(page, "Atelier Sept")
    page.get_by_role("button", name="Design for it").click()
    generate(page, "dress, red")
    chosen = page.get_by_label("Store that designs are for").locator("option:checked")
    page.get_by_label("Store that designs are for").select_option(label="nobody in particular")

    page.get_by_role("tab", name="History").click()
    page.get_by_label("Open round 1").click()
    expect(chosen).to_have_text("Atelier Sept")

    page.get_by_role("tab", name="Stores").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("tab", name="History").click()
    page.get_by_label("Open round 1").click()
    expect(chosen).to_have_text("nobody in particular")
