import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright

from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.generator import Generator
from tests.serving import served
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook

expect.set_options(timeout=30_000)
CHROMIUM = shutil.which("chromium")
QUIETLY = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("There is no Chromium here.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        yield browser
        browser.close()


@pytest.fixture
def address(pipeline: CheckpointPipeline, tmp_path: Path) -> Iterator[str]:
    phrasebook = replace(tiny_phrasebook(), suggestions=("dress", "midi", "navy"))
    with served(tmp_path, Generator(pipeline, TINY_DEFAULTS, phrasebook)) as address:
        yield address


def is_mistake(message: ConsoleMessage) -> bool:
    """An error in the console, but not a download that was refused with a sentence."""
    refused = "409 (Conflict)" in message.text
    return message.type == "error" and not refused and not is_abort(message.text)


def is_abort(said: str) -> bool:
    """Gradio's own requests, cut off by a reload; which way it says so is a matter of timing."""
    return any(part in said for part in ("AbortError", "is aborted", "Connection errored out"))


def said_by(error: Error) -> str:
    return f"{error.name}: {error}"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A fresh tab on the studio; a mistake in our scripts fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    mistakes: list[str] = []
    thrown: list[str] = []
    page.on("pageerror", lambda each: thrown.append(said_by(each)))
    page.on("console", lambda each: mistakes.append(each.text) if is_mistake(each) else None)
    page.goto(address)
    page.locator(".empty-lead").wait_for()
    yield page
    context.close()
    assert mistakes + [each for each in thrown if not is_abort(each)] == []
