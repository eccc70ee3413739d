"""A store's taste on the page, in Chromium: a line is corrected, and a score says why."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from studio.domain import CandidateGroup
from studio.services.studio import Studio
from tests.serving import served
from tests.tiny_models import tiny_personal_generator
from tests.tiny_reward_models import shake, tiny_reward_model

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SEED = 5


def drawn(studio: Studio, store_id: int) -> CandidateGroup:
    """A round drawn at once, however busy the machine is."""
    job = studio.request_round("dress", 4, SEED, store_id=store_id)
    studio._line.run_next()
    group = studio.status(job.id).group
    assert group is not None, studio.status(job.id).job.message
    return group


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A studio with a store that has answered two rounds, and a third round drawn since."""
    models = tiny_personal_generator(), shake(tiny_reward_model(variant="text-only"))
    studio = Studio.open(tmp_path, models[0], "tiny", models[1])
    store = studio.stores.add("Anna", {"style": ["minimalist"]})
    for _ in range(2):
        group = drawn(studio, store.id)
        studio.select(group.id, {group.candidates[0].id})
        studio.tastes.learn(store.id)
    drawn(studio, store.id)
    studio.stop()
    with served(tmp_path, *models) as address:
        yield address


def scores_of(page: Page) -> list[str]:
    tips = page.locator(".tile-score").evaluate_all("all => all.map((each) => each.title)")
    return [str(each) for each in tips]


def open_round(page: Page, number: int) -> None:
    page.get_by_role("tab", name="History").click()
    page.get_by_label(f"Open round {number}", exact=True).click()
    expect(page.locator(".round-title")).to_have_text(f"Round {number}")


def test_a_corrected_line_changes_the_next_round_and_can_be_taken_back(page):
    open_round(page, 3)
    before = scores_of(page)
    pictures = page.locator(".tiles img").evaluate_all("all => all.map((each) => each.src)")
    page.get_by_role("tab", name="Stores").click()
    page.locator(".store-row").first.click()
    line = page.locator(".likings li").first
    said = line.locator(".name").inner_text()
    expect(line.locator(".liking-pictures img").first).to_be_visible()

    line.get_by_role("button", name="no, it avoids this").click()

    corrected = page.locator(".likings li").filter(has_text="you said so")
    expect(corrected.locator(".name")).to_have_text(said)
    expect(page.locator(".taught")).to_contain_text("2 rounds, 1 correction")
    page.get_by_role("tab", name="Design").click()
    page.get_by_role("button", name="Options").click()
    page.get_by_label("Seed").fill(str(SEED))
    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".round-title")).to_have_text("Round 4")
    now = page.locator(".tiles img").evaluate_all("all => all.map((each) => each.src)")
    assert now != pictures

    page.get_by_role("tab", name="Stores").click()
    page.locator(".store-row").first.click()
    page.get_by_role("button", name="take that back").click()
    expect(page.locator(".taught")).not_to_contain_text("correction")
    open_round(page, 3)
    assert scores_of(page) == before


def test_a_receipt_says_why_and_takes_a_correction(page):
    open_round(page, 3)
    page.get_by_role("checkbox", name="Design 2").focus()
    page.keyboard.press("Enter")

    page.get_by_role("button", name="Why this score?").click()

    panel = page.get_by_role("dialog", name="What makes the score")
    expect(panel.locator(".receipt-line").first).to_be_visible()
    expect(panel).to_contain_text("For Anna.")
    figures = panel.locator(
        ".receipt-body > .receipt-lines .receipt-number, .receipt-sum .receipt-number"
    ).all_inner_texts()
    *parts, total = (float(each.replace("−", "-")) for each in figures)
    assert sum(parts) == pytest.approx(total, abs=0.005 * len(figures))
    panel.get_by_role("button", name="it likes this").first.click()
    expect(panel).to_contain_text("Noted.")
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
