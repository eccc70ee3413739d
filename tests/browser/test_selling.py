"""From a ticked design to a production order, in Chromium."""

import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.steps import generate

pytestmark = pytest.mark.browser


@pytest.mark.slow
def test_the_whole_journey_from_a_tick_to_a_production_order(page):
    generate(page, "dress, red")
    page.keyboard.press("1")
    page.get_by_role("button", name="Sell it").click()
    expect(page.get_by_role("button", name="Open for orders")).to_be_visible()
    page.get_by_role("button", name="Open for orders").click()
    expect(page.locator(".toast-body")).to_contain_text("made of")

    page.get_by_label("Made of").fill("shell: cotton 100")
    page.get_by_label("Minimum", exact=True).first.fill("5")
    page.get_by_label("Sizes").fill("S, M")
    page.get_by_role("button", name="Open for orders").click()
    expect(page.locator(".sell-counted")).to_have_text("0 of 5 ordered")
    expect(page.locator(".sell-plot")).to_be_visible()

    page.get_by_role("button", name="Try it with simulated shoppers").click()
    expect(page.locator(".page-title .simulated")).to_be_visible()
    expect(page.get_by_text("What happened")).to_be_visible()
    send = page.get_by_role("button", name="Send to the factory")
    top_up = page.get_by_role("button", name="Top up")  # not every design is wanted enough
    expect(send.or_(top_up)).to_be_visible(timeout=90_000)
    sure = page.get_by_role("button", name="Sure?")
    if top_up.is_visible():
        top_up.click()
        sure.click()
    send.click()
    sure.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Production order (zip)").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        names = archive.namelist()

    assert download.value.suggested_filename == "SIMULATED-PO-00002-1.zip"
    assert {"SIMULATED.txt", "PO-00002-1.csv", "PO-00002-1.json"} < set(names)


def test_a_file_of_orders_is_brought_in_and_what_is_refused_is_told(page, tmp_path):
    page.get_by_role("tab", name="Sell").click()
    columns = "order_id,placed_at,sku,quantity,price,currency\n"
    file = tmp_path / "orders.csv"
    file.write_text(columns + "1,2026-10-02T09:00:00Z,NOBODYS,1,49.90,EUR\n")
    page.get_by_label("Shop that they come from").fill("my-shop.example")
    page.get_by_label("File of orders or returns").set_input_files(file)

    page.get_by_role("button", name="Import").click()

    expect(page.locator(".sell-batches")).to_contain_text("1 row, 0 new, 0 known, 1 refused")
    page.get_by_text("Refused rows").click()
    expect(page.locator(".sell-batches")).to_contain_text("No listing has an article")
