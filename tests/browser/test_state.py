"""What the page shows is what it will do: lineage, pins, places, messages; desk and phone."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from studio.perfusion.generator import Generator
from tests.browser.steps import DESK, PHONE, choose_number, generate, type_phrases
from tests.serving import served
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NINE = "dress, red, v-neck, midi, navy, maxi, mini, long sleeves, slim-fit"


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def device(page: Page, request: pytest.FixtureRequest) -> None:
    page.set_viewport_size(request.param)


def in_view(page, locator) -> bool:
    box, height = locator.bounding_box(), page.viewport_size["height"]
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= height


def covered(page) -> bool:
    """Whether a message lies on a tile."""
    return page.evaluate(
        """() => {
          const boxes = (name) =>
            [...document.querySelectorAll(name)].map((each) => each.getBoundingClientRect());
          return boxes(".toast-body").some((toast) => boxes(".tile").some((tile) =>
            toast.left < tile.right && tile.left < toast.right
            && toast.top < tile.bottom && tile.top < toast.bottom));
        }"""
    )


@pytest.mark.usefixtures("device")
def test_a_line_goes_on_from_its_newest_round_and_says_so(page):
    generate(page, "dress, red")
    expect(page.locator("#plan .refining")).to_be_hidden()
    page.get_by_role("button", name="Refine phrases").click()
    expect(page.locator(".refining")).to_contain_text("Going on from round 1")
    page.get_by_role("button", name=re.compile("^Generate")).click()
    expect(page.locator(".round-title")).to_have_text("Round 2")
    expect(page.locator(".refining")).to_contain_text("Going on from round 2")
    page.keyboard.press("1")
    page.get_by_role("button", name="More like these").click()
    expect(page.locator(".round-title")).to_have_text("Round 3")
    expect(page.locator(".refining")).to_contain_text("Going on from round 3")

    page.get_by_role("button", name=re.compile("^Generate")).click()

    expect(page.locator(".round-title")).to_have_text("Round 4")
    expect(page.locator(".lineage-numbers")).to_have_text("1 → 2 → 3 → 4")


@pytest.mark.usefixtures("device")
def test_starting_afresh_is_one_click(page):
    generate(page, "dress, red")
    page.get_by_role("button", name="Refine phrases").click()

    page.get_by_role("button", name="start afresh").click()

    expect(page.locator("#plan .refining")).to_be_hidden()
    expect(page.locator(".chip")).to_have_count(0)
    generate(page, "navy")
    expect(page.locator(".round-title")).to_have_text("Round 2")
    expect(page.locator(".lineage")).to_be_hidden()


@pytest.mark.usefixtures("device")
def test_an_opened_round_brings_its_phrases_and_a_link_leads_to_it(page, address):
    generate(page, "dress, red")
    page.get_by_role("button", name="Remove red").click()
    generate(page, "navy")
    expect(page.locator(".round-title")).to_have_text("Round 2")
    assert page.url.endswith("?round=2")

    page.get_by_role("tab", name="History").click()
    expect(page.get_by_label("Open round 1")).to_be_visible()
    assert page.url.endswith("?tab=history")
    page.get_by_label("Open round 1").click()
    expect(page.locator(".round-title")).to_have_text("Round 1")
    expect(page.locator(".chip")).to_have_text(["dress☆×", "red☆×"])
    expect(page.locator(".refining")).to_contain_text("Going on from round 1")

    page.go_back()
    expect(page.get_by_role("tab", name="History")).to_have_attribute("aria-selected", "true")
    page.go_back()
    expect(page.get_by_role("tab", name="Design")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".round-title")).to_have_text("Round 2")
    expect(page.locator(".chip")).to_have_text(["dress☆×", "navy☆×"])

    page.goto(f"{address}?round=1")
    expect(page.locator(".round-title")).to_have_text("Round 1")
    expect(page.locator(".chip")).to_have_text(["dress☆×", "red☆×"])
    page.goto(f"{address}?tab=stores")
    expect(page.get_by_role("tab", name="Stores")).to_have_attribute("aria-selected", "true")
    page.goto(f"{address}?round=nothing-known")
    expect(page.locator(".round-title")).to_have_text("Round 2")


@pytest.mark.usefixtures("device")
def test_an_opened_round_brings_its_store_and_its_options(page):
    page.locator("#store-card select").select_option(index=2)
    store = page.locator("#store-card select option:checked").inner_text()
    generate(page, "dress, red")
    page.get_by_role("button", name="Options").click()
    choose_number(page, "Designs in a round", "1")
    page.locator("#store-card select").select_option(index=0)
    page.get_by_role("button", name="Generate 1").click()
    expect(page.locator(".round-title")).to_have_text("Round 2")
    page.get_by_role("tab", name="History").click()

    page.get_by_label("Open round 1").click()

    expect(page.locator(".round-title")).to_be_in_viewport()
    expect(page.locator("#store-card select option:checked")).to_have_text(store)
    expect(page.get_by_role("button", name="Generate 2")).to_be_visible()


def test_a_round_that_is_opened_twice_is_gone_to_twice(page):
    page.set_viewport_size(PHONE)
    generate(page, "dress")
    for _ in range(2):
        page.get_by_role("tab", name="History").click()
        page.evaluate("scrollTo(0, 0)")
        page.get_by_label("Open round 1").click()
        expect(page.locator(".round-title")).to_be_in_viewport()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_cancelling_leaves_the_board_of_before(browser, pipeline, tmp_path, size):
    slow = replace(TINY_DEFAULTS, num_inference_steps=100, candidates_per_pass=1)
    with served(tmp_path, Generator(pipeline, slow, tiny_phrasebook())) as address:
        page = browser.new_page(viewport=size)
        page.goto(address)
        generate(page, "dress, red")
        page.get_by_role("button", name=re.compile("^Generate")).click()
        page.get_by_role("button", name="Cancel").click()

        expect(page.locator("#tile-board .told")).to_contain_text("ancelled")
        expect(page.locator(".round-title")).to_have_text("Round 1")
        expect(page.locator(".tiles").get_by_role("checkbox")).to_have_count(2)
        page.close()


@pytest.mark.usefixtures("device")
def test_a_png_pins_its_seed_for_one_round_in_sight(page, tmp_path):
    generate(page, "dress, red")
    found = re.search(r"seed \d+", page.locator(".round-note").inner_text())
    assert found
    seed = found[0]
    source = page.locator(".tile img").first.get_attribute("src")
    file = tmp_path / "design.png"
    file.write_bytes(
        page.request.get(page.evaluate("name => new URL(name, location).href", source)).body()
    )

    page.locator("#phrase-field input[type=file]").set_input_files(file)
    expect(page.locator(".pin")).to_have_text([f"{seed}×"])
    page.get_by_role("button", name=f"Without {seed}").click()
    expect(page.locator(".pin")).to_have_count(0)

    page.locator("#phrase-field input[type=file]").set_input_files(file)
    expect(page.locator(".pin")).to_have_text([f"{seed}×"])
    page.get_by_role("button", name=re.compile("^Generate")).click()
    expect(page.locator(".round-title")).to_have_text("Round 2")
    expect(page.locator(".round-note")).to_contain_text(seed)
    expect(page.locator(".pin")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Generate")).click()
    expect(page.locator(".round-title")).to_have_text("Round 3")
    expect(page.locator(".round-note")).not_to_contain_text(seed)


def test_generate_stays_in_sight_with_nine_phrases(page):
    page.set_viewport_size({"width": 1440, "height": 900})
    type_phrases(page, NINE)
    expect(page.locator(".chip")).to_have_count(9)
    page.wait_for_timeout(500)

    assert in_view(page, page.locator("#generate"))
    box = page.locator("#generate").bounding_box()
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    assert page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('#generate') !== null", middle
    )


def test_on_a_phone_the_page_goes_to_the_result(page):
    page.set_viewport_size(PHONE)
    type_phrases(page, "dress, red, v-neck")
    expect(page.locator(".chip")).to_have_count(3)
    assert in_view(page, page.locator("#generate"))

    page.get_by_role("button", name=re.compile("^Generate")).click()
    expect(page.locator(".tiles").get_by_role("checkbox")).to_have_count(2)
    page.wait_for_timeout(1500)

    assert in_view(page, page.locator(".round-title"))
    assert page.evaluate("scrollY") > 100
    page.keyboard.press("1")
    page.get_by_role("button", name="Save 1 pick").click()
    expect(page.locator("#tile-board .told")).to_contain_text("Saved 1 of 2.")
    assert not covered(page)


@pytest.mark.parametrize("width", [390, 1440])
def test_messages_cover_no_tile_and_go_with_their_cause(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    generate(page, "dress")
    page.keyboard.press("1")
    page.keyboard.press("s")
    expect(page.locator("#tile-board .told")).to_contain_text("Saved 1 of 2.")
    page.get_by_role("button", name="Remove dress").click()
    page.get_by_role("button", name=re.compile("^Generate")).click()
    expect(page.locator(".toast-body")).to_contain_text("Type what you want to see")
    assert not covered(page)

    generate(page, "dress")
    expect(page.locator(".round-title")).to_have_text("Round 2")
    expect(page.locator("#tile-board .told")).to_have_text("")


@pytest.mark.usefixtures("device")
def test_what_is_enabled_looks_enabled(page):
    generate(page, "dress")
    save = page.locator("#tile-board .action.primary")
    assert float(save.evaluate("each => getComputedStyle(each).opacity")) < 0.6
    page.keyboard.press("1")

    expect(save).to_be_enabled()
    expect(save).to_have_css("opacity", "1")


@pytest.mark.usefixtures("device")
def test_counts_agree_on_all_pages_at_once(page):
    page.locator("#store-card select").select_option(index=1)
    name = page.locator("#store-card select option:checked").inner_text()
    generate(page, "dress")
    page.keyboard.press("1")
    page.keyboard.press("s")
    expect(page.locator("#store-card")).to_contain_text("1 round taught")

    page.get_by_role("tab", name="Stores").click()

    row = page.locator(".store-row").filter(has_text=name)
    expect(row).to_contain_text("1 round taught")
