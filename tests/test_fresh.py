"""Command 1 of the README, then a training from the page; `tests.fresh` does it from a clone."""

import sys

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import browser as browser
from tests.fresh import ROOT, first_command, taught_from_the_page
from training.bench.studio import started


def test_the_first_command_makes_an_environment_fills_it_and_starts_the_app():
    make, fill, start = first_command()

    assert make == ["python3", "-m", "venv", ".venv"]
    assert fill == [".venv/bin/pip", "install", "-r", "requirements.txt"]
    assert start == [".venv/bin/python", "app.py"]


@pytest.mark.slow
@pytest.mark.browser
def test_twelve_rounds_and_a_click_on_teach_end_with_a_verdict(browser: Browser, tmp_path):
    with started(tmp_path / "data", program=(sys.executable, "app.py"), folder=ROOT) as app:
        told = taught_from_the_page(browser, app.address)

    assert told[0] == "Training 1 has ended."
    assert [each.split(":")[0] for each in told[1:]] == ["Scores", "Designs"]
