"""What goes wrong between several pages and clicks: a clear sentence, and nothing is lost."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from studio.storage.database import Database
from studio.storage.groups import GroupStore
from tests.browser.steps import generate

pytestmark = pytest.mark.browser


def test_ticks_on_a_grid_that_is_gone_are_told_and_stay_on_the_page(page, tmp_path):
    generate(page, "dress")
    database = Database(tmp_path / "studio.db")
    rounds, now = GroupStore(database), datetime.now(UTC)
    rounds.delete(1, now)
    rounds.purge(now + timedelta(days=1), now, days_of_work=0)
    database.close()

    page.keyboard.press("1")
    page.keyboard.press("s")

    expect(page.locator(".toast-body.error")).to_contain_text("Reload the page")
    expect(page.get_by_role("checkbox", name="Design 1")).to_be_checked()


def test_two_tabs_that_answer_the_same_round_are_told_of_each_other(page, browser, address):
    generate(page, "dress")
    other = browser.new_page()
    other.goto(address)
    expect(other.get_by_role("checkbox")).to_have_count(2)
    page.keyboard.press("1")
    page.keyboard.press("s")
    expect(page.get_by_text("1 picked")).to_be_visible()

    other.keyboard.press("2")
    other.keyboard.press("s")

    told = other.locator(".told").filter(has_text="Saved 1 of 2.")
    expect(told).to_contain_text("replaces an answer from another tab (1 picked)")
    other.close()
    page.reload()
    expect(page.get_by_role("checkbox", name="Design 2")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Design 1")).not_to_be_checked()


def test_double_clicks_do_no_harm(page):
    generate(page, "dress")
    page.keyboard.press("1")
    page.get_by_role("button", name="Save 1 pick").dblclick()
    expect(page.get_by_text("1 picked")).to_be_visible()

    page.get_by_role("button", name="Generate").dblclick()
    expect(page.locator(".round-title")).to_have_text(re.compile("Round [23]"))
    page.get_by_role("tab", name="History").click()
    page.get_by_label("Open round 1").click()

    expect(page.locator(".round-title")).to_have_text("Round 1")
    expect(page.get_by_role("checkbox", name="Design 1")).to_be_checked()
    expect(page.locator(".toast-body.error")).to_have_count(0)


def test_markup_in_the_name_of_a_store_stays_text(page):
    name = "<img src=x onerror=alert(1)> ${1} {{1}}"
    page.get_by_role("tab", name="Stores").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Save store").click()
    expect(page.locator("#store-book .undo-line")).to_contain_text("Saved")
    assert page.locator(".store-book img").count() == 0

    page.get_by_role("button", name="Design for it").click()
    expect(page.locator(".store-name")).to_contain_text(name)
    generate(page, "dress")
    expect(page.locator(".round-note")).to_contain_text(name)
    page.get_by_role("tab", name="History").click()
    expect(page.locator(".round-meta")).to_contain_text(name)
