"""Scores on the tiles, in Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from studio.perfusion.generator import Generator
from tests.browser.steps import DESK, PHONE, choose_number
from tests.serving import served
from tests.tiny_reward_models import shake, tiny_reward_model

pytestmark = pytest.mark.browser


@pytest.fixture
def address(generator: Generator, tmp_path: Path) -> Iterator[str]:
    """A studio whose checkpoint has a reward model."""
    with served(tmp_path, generator, shake(tiny_reward_model())) as address:
        yield address


def scores_shown(page: Page) -> list[str]:
    """The figures, which the tiles have in their tooltips."""
    tips = page.locator(".tile-score").evaluate_all("all => all.map((each) => each.title)")
    return [re.findall(r"[+−]?\d+\.\d+", tip)[0] for tip in tips]


def scores_other_than(page, before):
    """The scores as soon as they change; the page's words may come a moment sooner."""
    for _ in range(100):
        if (shown := scores_shown(page)) != before:
            return shown
        page.wait_for_timeout(100)
    raise AssertionError("The scores stayed as they were.")


def test_another_store_rescores_the_round_at_once_and_the_best_can_come_first(page):
    page.get_by_label("Add a phrase").fill("dress, red,")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".score-note")).to_contain_text("General scores")
    general = scores_shown(page)

    page.get_by_label("Store that designs are for").select_option(label="Palazzo Vero")
    expect(page.locator(".score-note")).to_contain_text("Palazzo Vero")
    expect(page.locator(".tile-score").first).to_contain_text("of 2")
    expect(page.locator(".tile-score").first).to_have_attribute("title", re.compile("own"))
    luxurious = scores_other_than(page, general)
    page.get_by_label("Store that designs are for").select_option(label="Maison Nord")
    expect(page.locator(".score-note")).to_contain_text("Maison Nord")
    scores_other_than(page, luxurious)

    page.get_by_role("button", name="by score").click()
    best_first = [float(each.replace("−", "-")) for each in scores_shown(page)]
    assert best_first == sorted(best_first, reverse=True)
    assert page.locator(".score-rank").first.inner_text() == "1 of 2"
    page.keyboard.press("2")
    expect(page.get_by_role("checkbox", name="Design 2")).to_be_checked()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_best_of_many_is_a_chip_that_can_be_taken_away(page, size):
    page.set_viewport_size(size)
    page.get_by_role("button", name="Options").click()
    choose_number(page, "Drawn for each design shown", "2")
    expect(page.locator(".pin")).to_have_text(["best 2 of 4×"])

    page.get_by_role("button", name="Without best 2 of 4").click()

    expect(page.locator(".pin")).to_have_count(0)
    expect(page.get_by_label("number input for Drawn for each design shown")).to_have_value("1")
