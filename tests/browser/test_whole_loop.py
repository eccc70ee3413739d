"""The whole loop in one sitting, and a page that is reloaded while a round is drawn."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.generator import Generator
from tests.browser.steps import generate
from tests.browser.test_files import drop
from tests.serving import served
from tests.tiny_models import TINY_DEFAULTS, tiny_personal_generator, tiny_phrasebook
from tests.tiny_reward_models import shake, tiny_reward_model

pytestmark = pytest.mark.browser


@pytest.fixture
def address(
    request: pytest.FixtureRequest, pipeline: CheckpointPipeline, tmp_path: Path
) -> Iterator[str]:
    """A studio that knows stores; for one that is slow, a test is parametrised with `slow`."""
    generator, reward_model = tiny_personal_generator(), shake(tiny_reward_model())
    if getattr(request, "param", "") == "slow":
        slowly = replace(
            TINY_DEFAULTS, num_inference_steps=100, num_candidates=12, preview_every=25
        )
        generator = Generator(pipeline, slowly, tiny_phrasebook())
    with served(tmp_path / "data", generator, reward_model) as address:
        yield address


def describe_store(page: Page, name: str) -> None:
    page.get_by_role("tab", name="Stores").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("minimalist").check()
    page.get_by_role("button", name="Save store").click()
    page.get_by_role("button", name="Design for it").click()
    expect(page.get_by_label("Store that designs are for")).to_have_value("9")


def test_from_a_profile_to_a_blueprint_and_back(page, tmp_path):
    describe_store(page, "Atelier Sept")
    generate(page, "dress, red")
    expect(page.locator(".round-note")).to_contain_text("for Atelier Sept")
    expect(page.locator(".score-rank").first).to_contain_text("of 2")

    page.keyboard.press("2")
    page.keyboard.press("s")
    expect(page.locator(".round-note")).to_contain_text("1 picked")
    expect(page.locator(".store-summary")).to_contain_text("1 round taught")

    page.get_by_role("button", name="More like these").click()
    expect(page.locator(".round-title")).to_have_text("Round 2")
    expect(page.locator(".lineage-numbers")).to_have_text("1 → 2")

    page.keyboard.press("1")
    with page.expect_download() as download:
        page.get_by_role("button", name="Blueprint").click()
    download.value.save_as(tmp_path / "sheet.png")

    page.get_by_label("Store that designs are for").select_option(label="nobody in particular")
    page.get_by_role("button", name="Remove red").click()
    drop(page, tmp_path / "sheet.png")

    expect(page.locator(".chip")).to_have_text(["dress☆×", "red☆×"])
    expect(page.get_by_label("Store that designs are for")).to_have_value("9")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".round-title")).to_have_text("Round 3")


@pytest.mark.parametrize("address", ["slow"], indirect=True)
def test_a_page_that_is_reloaded_while_a_round_is_drawn_goes_on_watching_it(page):
    page.get_by_label("Add a phrase").fill("dress,")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".progress-sentence")).to_contain_text("of 100")

    page.reload()

    expect(page.locator(".progress-sentence")).to_contain_text("of 100")
    expect(page.locator(".tile.preview img").first).to_be_visible()
    expect(page.locator(".round-title")).to_have_text("Round 1", timeout=120_000)
    expect(page.locator(".tiles").get_by_role("checkbox")).to_have_count(12)


@pytest.mark.parametrize("address", ["slow"], indirect=True)
def test_a_round_is_cancelled_and_its_phrases_stay(page):
    page.get_by_label("Add a phrase").fill("dress,")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".progress-sentence")).to_contain_text("of 100")

    page.get_by_role("button", name="Cancel").click()

    expect(page.locator(".round-note")).to_contain_text("Cancelled")
    expect(page.locator(".chip")).to_have_count(1)
