"""Two stores compared, and the best of many, in Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.steps import choose_number, generate
from tests.serving import served
from tests.tiny_models import tiny_personal_generator
from tests.tiny_reward_models import shake, tiny_reward_model

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A studio whose checkpoint knows stores: it scores for them and draws for them."""
    with served(tmp_path, tiny_personal_generator(), shake(tiny_reward_model())) as address:
        yield address


def test_two_stores_are_compared_from_a_round_and_one_side_is_opened(page):
    generate(page, "dress, red")
    page.get_by_role("button", name="Compare two stores").click()
    expect(page.get_by_role("textbox", name="Phrases", exact=True)).to_have_value("dress, red")
    page.get_by_label("First store").select_option(label="Maison Nord")
    page.get_by_label("Second store").select_option(label="Palazzo Vero")
    page.get_by_role("combobox", name="Designs in a round").select_option("2")

    page.get_by_role("button", name="Draw for both").click()

    expect(page.get_by_role("table")).to_contain_text("Scored for Palazzo Vero")
    expect(page.locator(".compare-column")).to_have_count(2)
    expect(page.locator(".pair-scores")).to_have_count(4)

    page.reload()
    page.get_by_role("tab", name="Compare").click()
    expect(page.get_by_role("table")).to_contain_text("Drawn for Maison Nord")
    page.get_by_role("button", name="Open round 3").click()
    expect(page.locator(".round-title")).to_have_text("Round 3")
    store = page.get_by_label("Store that designs are for")
    expect(store.locator("option:checked")).to_have_text("Palazzo Vero")


def test_a_store_is_not_compared_with_itself(page):
    page.get_by_role("tab", name="Compare").click()
    page.get_by_label("First store").select_option(label="Stride")
    page.get_by_label("Second store").select_option(label="Stride")

    page.get_by_role("button", name="Draw for both").click()

    expect(page.get_by_text("Choose two different stores").first).to_be_visible()


def test_the_cost_of_the_best_of_many_is_told_before_and_the_best_are_shown(page):
    page.get_by_role("button", name="Options").click()
    choose_number(page, "Drawn for each design shown", "3")
    expect(page.get_by_text("shows the best 2")).to_be_visible()

    generate(page, "dress, red")

    expect(page.locator(".round-note")).to_contain_text("best 2 of 6")
    expect(page.locator(".tiles").get_by_role("checkbox")).to_have_count(2)
