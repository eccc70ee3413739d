"""Pictures of every screen, to be looked at: `python -m tests.screens FOLDER`.

Serves the committed checkpoint, works with it a little in Chromium, and photographs each screen
light and dark, wide and narrow; then nine phrases with Generate in view, a phone after Generate,
and a collection's line sheet and page. Takes about two minutes on two cores.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIETLY
from tests.serving import Classroom, load_models, served

CHECKPOINT = Path(__file__).parents[1] / "checkpoints" / "atelier"
PHRASES = "dress, v-neck, slim-fit, long sleeves, long-hair model"
NINE = "dress, v-neck, slim-fit, long sleeves, midi, red, satin, belt, long-hair model"
COLLECTION = "Autumn"
SIZES = {"wide": (1440, 1000), "narrow": (390, 844)}
PATIENCE_MS = 180_000
SETTLED_MS = 800

Screen = Callable[[Page], object]
"""Brings a screen into view."""


def prepare(page: Page) -> None:
    """A round for a store with two picks, a collection of them, and two stores compared."""
    page.get_by_label("Store that designs are for").select_option(label="Palazzo Vero")
    page.get_by_label("Add a phrase").fill(PHRASES + ",")
    page.get_by_role("button", name="Generate").click()
    expect(page.get_by_role("checkbox", name="Design 1")).to_be_visible()
    page.keyboard.press("2")
    page.keyboard.press("5")
    page.keyboard.press("s")
    expect(page.locator(".round-note")).to_contain_text("2 picked")
    for number in (2, 5):
        collect(page, number)
    page.get_by_role("button", name="Compare two stores").click()
    page.get_by_label("First store").select_option(label="Maison Nord")
    page.get_by_label("Second store").select_option(label="Palazzo Vero")
    page.get_by_role("combobox", name="Designs in a round").select_option("4")
    page.get_by_role("button", name="Draw for both").click()
    expect(page.get_by_role("button", name="Open round").first).to_be_visible()


def collect(page: Page, number: int) -> None:
    """Put a design into the collection; the first one starts it."""
    page.get_by_role("checkbox", name=f"Design {number}").hover()
    page.get_by_role("button", name=f"Add design {number} to a collection").click()
    menu = page.get_by_role("dialog", name="Add to a collection")
    name = menu.get_by_role("button", name=COLLECTION)
    page.wait_for_timeout(SETTLED_MS)
    if name.count():
        name.click()
    else:
        menu.get_by_label("New collection").fill(COLLECTION)
        menu.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".collected")).to_contain_text(COLLECTION)


def design(page: Page) -> None:
    """The round with its picks; on a narrow page it lies below the phrases."""
    page.get_by_role("tab", name="Design").click()
    page.locator(".round-title").scroll_into_view_if_needed()


def full_screen(page: Page) -> None:
    """One design, large."""
    design(page)
    page.get_by_role("checkbox", name="Design 2").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def tech_pack(page: Page) -> None:
    """What a factory asks for, over the full screen."""
    full_screen(page)
    page.get_by_role("button", name="Tech pack").click()
    expect(page.locator(".pack-table").first).to_be_visible()


def tab(name: str) -> Screen:
    """A page that is one click away."""
    return lambda page: page.get_by_role("tab", name=name).click()


def prepare_sales(page: Page) -> None:
    """Picked designs listed, one sold to simulated shoppers; a poll, traffic, and a panel."""
    page.get_by_role("tab", name="Design").click()
    page.get_by_role("button", name="Sell it").click()
    page.get_by_role("tab", name="After launch").click()
    page.get_by_role("button", name="Simulated stores").click()
    page.get_by_role("button", name="Try it with simulated stores").click()
    expect(page.locator(".launch-rate")).to_have_count(3)
    page.get_by_role("tab", name="Listings").click()
    page.locator(".sell-open").first.click()
    page.get_by_role("button", name="Try it with simulated shoppers").click()
    expect(page.locator(".sell-plot")).to_be_visible()
    page.get_by_role("tab", name="Polls").click()
    boxes = page.locator("#poll-page .poll-choice input")
    expect(boxes).to_have_count(2)
    boxes.first.check()
    boxes.last.check()
    page.get_by_label("Question").fill("Which would you wear?")
    with page.expect_download(timeout=PATIENCE_MS) as download:
        page.get_by_role("button", name="Make the poll").click()
    votes = _vote(page, download.value.path())
    page.locator("#poll-page input[type=file]").set_input_files(
        {"name": "votes.csv", "mimeType": "text/csv", "buffer": votes.encode()}
    )
    page.locator("#poll-page").get_by_role("button", name="Import").click()
    expect(page.locator("#poll-page .vote-bars")).to_contain_text("1 votes")
    page.get_by_role("tab", name="Expert ratings").click()
    page.locator("#rating-page .poll-choice input").first.check()
    page.get_by_label("Name of the panel").fill("Autumn")
    page.get_by_label("Pictures of designs by people").set_input_files(
        {"name": "own.png", "mimeType": "image/png", "buffer": _plain_picture()}
    )
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.locator(".rating-panel")).to_be_visible()


def _vote(page: Page, poll: Path) -> str:
    """What somebody sends back who likes the first design."""
    assert page.context.browser is not None
    asked = page.context.browser.new_page()
    asked.goto(poll.resolve().as_uri())
    asked.locator("input").first.check()
    answer = asked.locator("textarea").input_value()
    asked.close()
    return answer


def _plain_picture() -> bytes:
    """A picture that stands for what a person designed."""
    file = io.BytesIO()
    Image.new("RGB", (512, 1024), "#b7a58d").save(file, "PNG")
    return file.getvalue()


def sell_page(name: str) -> Screen:
    """A page of the Sell tab."""

    def show(page: Page) -> None:
        page.get_by_role("tab", name="Sell", exact=True).click()
        page.get_by_role("tab", name=name).click()

    return show


def listing(page: Page) -> None:
    """The newest listing, which simulated shoppers order."""
    sell_page("Listings")(page)
    if page.locator(".sell-back").is_visible():
        page.get_by_role("button", name="All listings").click()
    page.locator(".sell-open").first.click()
    expect(page.locator("#sell-board .sell-listing")).to_be_visible()


def board(page: Page) -> None:
    """All listings."""
    listing(page)
    page.get_by_role("button", name="All listings").click()


def rating(page: Page) -> None:
    """A picture to rate."""
    sell_page("Expert ratings")(page)
    if page.locator("#rating-page .sell-back").is_visible():
        return
    page.get_by_label("Your name").fill("Rater 1")
    page.get_by_role("button", name="Rate", exact=True).click()
    expect(page.locator(".rating-sheet")).to_be_visible()


def collection(page: Page) -> None:
    """A board of designs, with names and prices to be filled in."""
    page.get_by_role("tab", name="Collections").click()
    page.locator(".collection-list button").first.click()
    expect(page.locator(".collection-card").first).to_be_visible()


SCREENS: dict[str, Screen] = {
    "design": design,
    "full-screen": full_screen,
    "tech-pack": tech_pack,
    "compare": tab("Compare"),
    "history": tab("History"),
    "collection": collection,
    "stores": tab("Stores"),
    "teach": tab("Teach"),
    "sell-board": board,
    "sell-listing": listing,
    "sell-polls": sell_page("Polls"),
    "sell-launch": sell_page("After launch"),
    "sell-ratings": sell_page("Expert ratings"),
    "sell-rating": rating,
}


def photograph(page: Page, folder: Path, screens: dict[str, Screen]) -> None:
    """Every screen in every look."""
    for look in ("light", "dark"):
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for name, show in screens.items():
                show(page)
                page.wait_for_timeout(SETTLED_MS)
                page.screenshot(path=folder / f"{name}-{look}-{size}.png")
                page.keyboard.press("Escape")
                page.keyboard.press("Escape")
        page.get_by_role("button", name="Light or dark").click()


def nine_phrases(browser: Browser, address: str, folder: Path) -> None:
    """The desk of a person with much to say: Generate stays in view."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address)
    page.get_by_label("Add a phrase").fill(NINE + ",")
    expect(page.locator(".chip")).to_have_count(9)
    page.wait_for_timeout(SETTLED_MS)
    page.screenshot(path=folder / "nine-phrases.png")
    page.close()


def phone_after_generate(browser: Browser, address: str, folder: Path) -> None:
    """What a phone shows by itself once a round is drawn."""
    width, height = SIZES["narrow"]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.get_by_role("button", name="Generate").click()
    expect(page.get_by_role("checkbox", name="Design 1")).to_be_visible()
    page.wait_for_timeout(2 * SETTLED_MS)
    page.screenshot(path=folder / "phone-after-generate.png")
    page.close()


def shared(browser: Browser, page: Page, folder: Path) -> None:
    """What a collection is shared as: a line sheet on paper, and a page of one file."""
    collection(page)
    for label, name in (("Line sheet", "line-sheet.pdf"), ("Page to share", "shared.html")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        download.value.save_as(folder / name)
    paper = pypdfium2.PdfDocument(folder / "line-sheet.pdf")[0]
    paper.render(scale=1.5).to_pil().save(folder / "line-sheet.png")
    sent = browser.new_page(viewport={"width": 1200, "height": 900})
    sent.goto((folder / "shared.html").resolve().as_uri())
    sent.screenshot(path=folder / "shared.png", full_page=True)
    sent.close()


def main() -> None:
    """Parse the command line and take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--checkpoint", type=Path, default=CHECKPOINT)
    parser.add_argument("--only", default=",".join(SCREENS), help="names, with commas between")
    options = parser.parse_args()
    wanted = options.only.split(",")
    options.folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    models = load_models(options.checkpoint)
    classroom = Classroom(options.checkpoint, (sys.executable, "-m", "training.finetune"))
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        with served(Path(data), *models, classroom) as address:
            page = browser.new_page()
            page.goto(address)
            page.locator(".empty-lead").wait_for()
            photograph(page, options.folder, {"empty": tab("Design")})
            prepare(page)
            prepare_sales(page)
            photograph(page, options.folder, {name: SCREENS[name] for name in wanted})
            shared(browser, page, options.folder)
            nine_phrases(browser, address, options.folder)
            phone_after_generate(browser, address, options.folder)
        browser.close()


if __name__ == "__main__":
    main()
