"""The page in Chinese, light and dark, in Chromium."""

import pytest
from playwright.sync_api import expect

from tests.browser.steps import PHONE

pytestmark = pytest.mark.browser


def test_the_page_speaks_chinese_and_says_what_went_wrong_in_it(page, address):
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("tab", name="设计")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh"

    page.get_by_role("button", name="生成").click()
    expect(page.get_by_text("请用短语输入").first).to_be_visible()

    page.get_by_role("link", name="EN").click()
    expect(page.get_by_role("tab", name="Design")).to_be_visible()


def test_dark_stays_dark_after_a_reload(page):
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("body.dark")).to_have_count(1)

    page.reload()

    expect(page.locator(".brand")).to_be_visible()
    expect(page.locator("body.dark")).to_have_count(1)


@pytest.mark.parametrize("language", ["", "zh"])
def test_on_a_phone_every_page_is_named_in_full(page, address, language):
    page.set_viewport_size(PHONE)
    page.goto(f"{address}{language}?tab=sell")

    for pages, count in (("#pages", 6), ("#sell-pages", 4)):
        names = page.locator(f"{pages} > .tab-wrapper [role=tab]")
        expect(names).to_have_count(count)
        assert names.evaluate_all("all => all.every((one) => one.scrollWidth <= one.clientWidth)")
        expect(names.last).to_be_in_viewport(ratio=1)
