"""Every screen under axe-core, light and dark, wide and narrow, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from studio.services.import_rounds import open_import
from tests.scripted_training import ended_training
from tests.serving import Classroom, served
from tests.tiny_models import tiny_personal_generator
from tests.tiny_reward_models import shake, tiny_reward_model
from tests.training.tiny_rounds import write_tiny_rounds

pytestmark = pytest.mark.browser

SCREENS = {
    "wide and light": (1440, "?__theme=light"),
    "narrow and dark": (390, "?__theme=dark"),
    "Chinese and dark": (1440, "zh?__theme=dark"),
}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    ended_training(tmp_path / "data")
    write_tiny_rounds(tmp_path / "export")
    rounds, database = open_import(tmp_path / "data")
    rounds.read_folder(tmp_path / "export")
    database.close()
    models = tiny_personal_generator(), shake(tiny_reward_model())
    with served(tmp_path / "data", *models, Classroom(tmp_path / "tiny", ("unused",))) as address:
        yield address


@pytest.fixture(params=SCREENS)
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    width, path = SCREENS[request.param]
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address + path)
    page.locator(".empty-lead").wait_for()
    yield page
    context.close()


def serious_findings(page: Page, screen: str) -> list[str]:
    """What axe finds that keeps somebody out: screen, rule and the first place."""
    found = Axe().run(page).response["violations"]
    return [
        f"{screen}: {each['id']} ({each['help']}) {each['nodes'][0]['html'][:120]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def test_no_screen_keeps_anybody_out(page):
    findings = serious_findings(page, "before the first round")
    page.locator(".chip-input").fill("dress, unheard-of,")
    expect(page.locator(".chip.unknown")).to_be_visible()
    page.locator(".side button.primary").hover()
    findings += serious_findings(page, "under the mouse")
    page.locator(".side button.primary").click()
    expect(page.locator(".tiles").get_by_role("checkbox").first).to_be_visible()
    page.locator(".tiles").get_by_role("checkbox").first.click()
    page.locator(".options > .label-wrap").click()
    expect(page.locator(".options input[type=range]").first).to_be_visible()
    findings += serious_findings(page, "a round")

    page.locator(".tile").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    findings += serious_findings(page, "full screen")
    page.locator(".full-keep .action").click()
    expect(page.locator(".pack-table").first).to_be_visible()
    page.locator(".field").first.click()
    findings += serious_findings(page, "tech pack")
    for _ in range(3):  # the field, the pack, the full screen
        page.keyboard.press("Escape")

    page.locator("#page-compare-button").click()
    page.locator(".compare-form input.wide").first.fill("dress")
    page.locator(".compare-form button[type=submit]").first.click()
    expect(page.get_by_role("table")).to_be_visible()
    findings += serious_findings(page, "two stores")

    page.locator("#page-history-button").click()
    expect(page.locator(".round-row").first).to_be_visible()
    findings += serious_findings(page, "history")

    page.locator("#page-stores-button").click()
    page.locator(".store-row").first.click()
    findings += serious_findings(page, "stores")

    page.locator("#page-teach-button").click()
    expect(page.get_by_text("held-out rounds it is better")).to_be_visible()
    findings += serious_findings(page, "teach")

    assert findings == []
