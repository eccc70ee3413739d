"""The Teach tab as a person uses it, in Chromium."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from studio.perfusion.checkpoint import save_pipeline
from studio.services.import_rounds import open_import
from tests.scripted_training import ENDLESS, ended_training, scripted_training
from tests.serving import Classroom, load_models, served
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook, tiny_pipeline
from tests.tiny_reward_models import save_tiny_backbone
from tests.training.tiny_rounds import write_tiny_rounds
from tests.training.tiny_taste import LEARNS, as_options

pytestmark = pytest.mark.browser

ROUNDS = 96
REAL = (sys.executable, "-m", "training.finetune", *as_options("reward", LEARNS))
A_PROCESS_S = 180
"""For a training that loads its libraries and learns, however busy the machine is."""


@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A studio that two stores have taught; a test is parametrised with how a training goes."""
    write_tiny_rounds(tmp_path / "export", ROUNDS)
    rounds, database = open_import(tmp_path / "data")
    rounds.read_folder(tmp_path / "export")
    database.close()
    checkpoint = tmp_path / "tiny"
    save_pipeline(tiny_pipeline(), checkpoint, phrasebook=tiny_phrasebook(), defaults=TINY_DEFAULTS)
    save_tiny_backbone("clip", checkpoint / "clip")
    command = REAL if request.param == "real" else scripted_training(tmp_path, request.param)
    generator, _ = load_models(checkpoint)
    with served(tmp_path / "data", generator, None, Classroom(checkpoint, command)) as address:
        yield address


def open_teach(page: Page) -> None:
    page.get_by_role("tab", name="Teach").click()
    expect(page.locator(".ledger li").nth(0)).to_have_text("anna 48 rounds taught")
    expect(page.locator(".ledger li").nth(1)).to_have_text("berta 48 rounds taught")


@pytest.mark.parametrize("address", ["real"], indirect=True)
def test_saved_rounds_teach_a_checkpoint_that_is_put_in_service_and_back(page, browser, address):
    open_teach(page)
    page.get_by_label("What to teach").select_option("scores only")
    page.get_by_role("button", name="Teach the models").click()
    expect(page.get_by_text("Training 1 is under way")).to_be_visible()
    expect(page.get_by_text("Scores: better")).to_be_visible(timeout=A_PROCESS_S * 1000)
    expect(page.get_by_text("held-out rounds of 2 stores")).to_be_visible()

    page.get_by_role("button", name="Put in service").click()
    expect(page.locator(".model")).to_have_text("taught-1")
    other = browser.new_page()
    other.goto(address)
    expect(other.locator(".model")).to_have_text("taught-1")
    other.close()
    page.get_by_role("tab", name="Design").click()
    expect(page.locator(".store-note")).to_contain_text("no adaptive network")

    page.get_by_role("tab", name="Teach").click()
    page.get_by_role("button", name="Put in service").click()
    expect(page.locator(".model")).to_have_text("tiny")
    expect(page.get_by_text("tiny draws and scores now.")).to_be_visible()
    page.locator(".training-told").get_by_role("button", name="Undo").click()
    expect(page.locator(".model")).to_have_text("taught-1")
    page.get_by_role("button", name="Put in service").click()
    expect(page.locator(".model")).to_have_text("tiny")
    page.get_by_role("tab", name="Design").click()
    expect(page.locator(".store-note")).to_contain_text("can’t tell stores apart")


@pytest.mark.parametrize("address", [ENDLESS], indirect=True, ids=["endless"])
def test_a_training_is_watched_over_a_reload_and_stopped(page):
    open_teach(page)
    page.get_by_role("button", name="Teach the models").click()
    expect(page.get_by_text("Learning to score: step 7.")).to_be_visible()
    expect(page.get_by_role("button", name="Teach the models")).to_have_count(0)

    page.reload()
    open_teach(page)
    expect(page.get_by_text("About 2 min left for this part.")).to_be_visible()
    page.get_by_role("button", name="Stop").click()

    expect(page.get_by_text("Training 1 was stopped. Nothing has changed.")).to_be_visible()
    expect(page.get_by_role("button", name="Teach the models")).to_be_enabled()


@pytest.mark.parametrize("address", [ENDLESS], indirect=True, ids=["endless"])
def test_a_checkpoint_that_cannot_be_read_is_told_and_the_old_one_stays(page, tmp_path):
    ended_training(tmp_path / "data")
    open_teach(page)

    page.get_by_role("button", name="Put in service").click()

    expect(page.locator(".toast-body").filter(has_text="taught-1")).to_be_visible()
    expect(page.get_by_role("button", name="Put in service")).to_be_enabled()
    expect(page.locator(".model")).to_have_text("tiny")
