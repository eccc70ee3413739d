from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from studio.doors.policy import DoorPolicy
from studio.perfusion.generator import Generator
from studio.services.accounts import Accounts
from studio.storage.database import Database
from tests.browser.conftest import is_mistake
from tests.browser.steps import generate
from tests.serving import served
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"


@pytest.fixture
def guarded(pipeline, tmp_path) -> Iterator[str]:
    database = Database(tmp_path / "studio.db")
    accounts = Accounts(database)
    accounts.add("Ann", PASSWORD)
    accounts.add("Bea", PASSWORD, workspace="bea's")
    database.close()
    phrasebook = replace(tiny_phrasebook(), suggestions=("dress", "midi", "navy"))
    generator = Generator(pipeline, TINY_DEFAULTS, phrasebook)
    with served(tmp_path, generator, policy=DoorPolicy(login="password")) as address:
        yield address


def arrived(browser: Browser, address: str, mistakes: list[str]) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.on("console", lambda each: mistakes.append(each.text) if is_mistake(each) else None)
    page.goto(address)
    return page


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_two_people_see_each_their_own_studio(browser, guarded):
    mistakes: list[str] = []
    ann, bea = arrived(browser, guarded, mistakes), arrived(browser, guarded, mistakes)
    log_in(ann, "Ann", "a wrong password")
    expect(ann.get_by_role("alert")).to_contain_text("don't fit")
    mistakes.clear()  # the browser tells of every answer that is a refusal
    log_in(ann, "Ann")
    log_in(bea, "Bea")
    ann.locator(".empty-lead").wait_for()
    bea.locator(".empty-lead").wait_for()

    generate(ann, "dress")
    expect(ann.locator(".person")).to_contain_text("Ann")
    image = ann.locator(".tile img").first.get_attribute("src")

    bea.reload()
    expect(bea.locator(".empty-lead")).to_be_visible()
    expect(bea.locator(".person")).to_contain_text("Bea")
    bea.get_by_role("tab", name="History").click()
    expect(bea.locator("#round-list img")).to_have_count(0)
    assert bea.request.get(f"{guarded}{image}").status == 404
    assert ann.request.get(f"{guarded}{image}").status == 200

    ann.get_by_role("button", name="Log out").click()
    expect(ann.get_by_label("Password")).to_be_visible()
    assert ann.request.get(f"{guarded}{image}").status == 401
    assert mistakes == []


def test_an_owner_lets_somebody_in_gives_a_role_and_removes_them(browser, guarded):
    mistakes: list[str] = []
    ann, cy = arrived(browser, guarded, mistakes), arrived(browser, guarded, mistakes)
    log_in(ann, "Ann")
    ann.get_by_role("tab", name="People").click()
    ann.get_by_label("Name").fill("Cy")
    ann.get_by_role("button", name="Let in").click()
    expect(ann.locator(".handed-on")).to_contain_text("shown this once")
    password = ann.locator(".secret").inner_text()

    log_in(cy, "Cy", password)
    expect(cy.locator(".person")).to_contain_text("Cy")
    cy.get_by_role("tab", name="People").click()
    expect(cy.locator("#people")).to_contain_text("Ask one of them")
    expect(cy.locator(".person-row")).to_have_count(0)

    ann.reload()
    ann.get_by_role("tab", name="People").click()
    expect(ann.locator(".secret")).to_have_count(0)
    expect(ann.locator(".person-row")).to_have_count(2)
    ann.get_by_label("Role of Cy").select_option("viewer")
    expect(ann.get_by_label("Role of Cy")).to_have_value("viewer")
    ann.get_by_label("Role of Ann").select_option("viewer")
    expect(ann.get_by_text("at least one owner")).to_be_visible()
    expect(ann.get_by_label("Role of Ann")).to_have_value("owner")
    row = ann.locator(".person-row", has_text="Cy")
    row.get_by_role("button", name="Remove").click()
    row.get_by_role("button", name="Remove Cy?").click()
    expect(ann.locator(".person-row")).to_have_count(1)
    cy.reload()
    expect(cy.get_by_label("Password")).to_be_visible()
    assert mistakes == []
