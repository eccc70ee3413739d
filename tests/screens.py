"""Pictures of every screen, to be looked at: `python -m tests.screens FOLDER`.

Serves the committed checkpoint, works with it a little in Chromium, and photographs each screen
in English and Chinese, light and dark, wide and narrow; then nine phrases with Generate in view, a
phone after Generate, a poll as it is sent, and a collection's line sheet and page. Takes about two
minutes a language on two cores.
"""

import argparse
import io
import re
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from studio.ui.words import CHINESE, ENGLISH, EXAMPLES
from tests.browser.conftest import CHROMIUM, QUIETLY
from tests.serving import Classroom, load_models, served

CHECKPOINT = Path(__file__).parents[1] / "checkpoints" / "atelier"
NINE = "dress, v-neck, slim-fit, long sleeves, midi, red, satin, belt, long-hair model"
ROUNDS = 3
"""How many `prepare` draws."""
COLLECTION = "Autumn"
POLL = "poll.html"
SIZES = {"wide": (1440, 1000), "narrow": (390, 844)}
PATIENCE_MS = 180_000
SETTLED_MS = 800

Said = Mapping[str, str]
"""What the page says, by name."""
LANGUAGES: dict[str, Said] = {"en": ENGLISH, "zh": CHINESE}
Screen = Callable[[Page, Said], object]
"""Brings a screen into view."""
LAID_OVER = ("full-screen", "tech-pack")
"""Screens that lie over a page, which is not photographed to its end then."""


def prepare(page: Page, say: Said) -> None:
    """A round for a store with two picks, a collection of them, and two stores compared."""
    page.get_by_label(say["choose_store"]).select_option(label="Palazzo Vero")
    page.get_by_label(say["phrases_label"]).fill(EXAMPLES[say["language"]][0] + ",")
    page.get_by_role("button", name=_begins(say["generate"])).click()
    first = say["design_number"].format(number=1)
    expect(page.get_by_role("checkbox", name=first)).to_be_visible()
    page.keyboard.press("2")
    page.keyboard.press("5")
    page.keyboard.press("s")
    expect(page.locator(".round-note")).to_contain_text(say["answered"].format(count=2))
    for number in (2, 5):
        collect(page, say, number)
    page.get_by_role("button", name=say["compare_round"]).click()
    page.get_by_label(say["first_store"]).select_option(label="Maison Nord")
    page.get_by_label(say["second_store"]).select_option(label="Palazzo Vero")
    page.get_by_role("combobox", name=say["count"]).select_option("4")
    page.get_by_role("button", name=say["compare_start"]).click()
    expect(page.get_by_role("button", name=_begins(say["open_round"])).first).to_be_visible()


def collect(page: Page, say: Said, number: int) -> None:
    """Put a design into the collection; the first one starts it."""
    page.get_by_role("checkbox", name=say["design_number"].format(number=number)).hover()
    page.get_by_role("button", name=say["collect_number"].format(number=number)).click()
    menu = page.get_by_role("dialog", name=say["collect"])
    name = menu.get_by_role("button", name=COLLECTION)
    page.wait_for_timeout(SETTLED_MS)
    if name.count():
        name.click()
    else:
        menu.get_by_label(say["new_collection"]).fill(COLLECTION)
        menu.get_by_role("button", name=say["add"], exact=True).click()
    expect(page.locator(".collected")).to_contain_text(COLLECTION)


def design(page: Page, say: Said) -> None:
    """The round with its picks; on a narrow page it lies below the phrases."""
    page.get_by_role("tab", name=say["design"], exact=True).click()
    page.locator(".round-title").scroll_into_view_if_needed()


def full_screen(page: Page, say: Said) -> None:
    """One design, large."""
    design(page, say)
    page.get_by_role("checkbox", name=say["design_number"].format(number=2)).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def tech_pack(page: Page, say: Said) -> None:
    """What a factory asks for, over the full screen."""
    full_screen(page, say)
    page.get_by_role("button", name=say["tech_pack"]).click()
    expect(page.locator(".pack-table").first).to_be_visible()


def tab(name: str) -> Screen:
    """A page that is one click away."""
    return lambda page, say: page.get_by_role("tab", name=say[name], exact=True).click()


def prepare_sales(page: Page, say: Said, poll: Path) -> None:
    """Picked designs listed, one sold to simulated shoppers; a poll, traffic, and a panel.

    The poll is kept as a file, for what somebody sees who is asked.
    """
    page.get_by_role("tab", name=say["design"], exact=True).click()
    page.get_by_role("button", name=say["sell_it"]).click()
    page.get_by_role("tab", name=say["launch"], exact=True).click()
    page.get_by_role("button", name=say["launch_simulated"]).click()
    page.get_by_role("button", name=say["launch_simulate"]).click()
    expect(page.locator(".launch-rate")).to_have_count(3)
    page.get_by_role("tab", name=say["sell_board"], exact=True).click()
    page.locator(".sell-open").first.click()
    page.get_by_role("button", name=say["sell_try"]).click()
    expect(page.locator(".sell-plot")).to_be_visible()
    page.get_by_role("tab", name=say["polls"], exact=True).click()
    boxes = page.locator("#poll-page .poll-choice input")
    expect(boxes).to_have_count(2)
    boxes.first.check()
    boxes.last.check()
    page.get_by_label(say["poll_title"]).fill(say["poll_title_hint"])
    with page.expect_download(timeout=PATIENCE_MS) as download:
        page.get_by_role("button", name=say["poll_make"]).click()
    download.value.save_as(poll)
    votes = _vote(page, poll)
    page.locator("#poll-page input[type=file]").set_input_files(
        {"name": "votes.csv", "mimeType": "text/csv", "buffer": votes.encode()}
    )
    page.locator("#poll-page").get_by_role("button", name=say["sell_import"]).click()
    expect(page.locator("#poll-page .vote-bars")).to_contain_text("1")
    page.get_by_role("tab", name=say["ratings"], exact=True).click()
    page.locator("#rating-page .poll-choice input").first.check()
    page.get_by_label(say["rating_name"]).fill("Autumn")
    page.get_by_label(say["rating_humans"]).set_input_files(
        {"name": "own.png", "mimeType": "image/png", "buffer": _plain_picture()}
    )
    page.get_by_role("button", name=say["rating_begin"], exact=True).click()
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


def _begins(sentence: str) -> re.Pattern[str]:
    """A sentence with a number in it, as far as it is known before."""
    return re.compile(re.escape(sentence.split("{")[0].strip()))


def _plain_picture() -> bytes:
    """A picture that stands for what a person designed."""
    file = io.BytesIO()
    Image.new("RGB", (512, 1024), "#b7a58d").save(file, "PNG")
    return file.getvalue()


def sell_page(name: str) -> Screen:
    """A page of the Sell tab."""

    def show(page: Page, say: Said) -> None:
        tab("sell")(page, say)
        tab(name)(page, say)

    return show


def listing(page: Page, say: Said) -> None:
    """The newest listing, which simulated shoppers order."""
    sell_page("sell_board")(page, say)
    if page.locator("#sell-board .sell-back").is_visible():
        page.get_by_role("button", name=say["sell_back"]).click()
    page.locator(".sell-open").first.click()
    expect(page.locator("#sell-board .sell-listing")).to_be_visible()


def board(page: Page, say: Said) -> None:
    """All listings."""
    listing(page, say)
    page.get_by_role("button", name=say["sell_back"]).click()


def rating(page: Page, say: Said) -> None:
    """A picture to rate."""
    sell_page("ratings")(page, say)
    if page.locator("#rating-page .sell-back").is_visible():
        return
    page.get_by_label(say["rating_rater"]).fill("Rater 1")
    page.get_by_role("button", name=say["rating_rate"], exact=True).click()
    expect(page.locator(".rating-sheet")).to_be_visible()


def collection(page: Page, say: Said) -> None:
    """A board of designs, with names and prices to be filled in."""
    page.get_by_role("tab", name=say["collections"], exact=True).click()
    page.locator(".collection-list button").first.click()
    expect(page.locator(".collection-card").first).to_be_visible()


SCREENS: dict[str, Screen] = {
    "design": design,
    "full-screen": full_screen,
    "tech-pack": tech_pack,
    "compare": tab("compare"),
    "history": tab("history"),
    "collection": collection,
    "stores": tab("stores"),
    "teach": tab("teach"),
    "sell-board": board,
    "sell-listing": listing,
    "sell-polls": sell_page("polls"),
    "sell-launch": sell_page("launch"),
    "sell-ratings": sell_page("ratings"),
    "sell-rating": rating,
}


@dataclass(frozen=True)
class Studio:
    """A studio that is served, in one language, and where its pictures go."""

    browser: Browser
    address: str
    say: Said
    folder: Path

    def opened(self, width: int, height: int) -> Page:
        """Its page in a window of this size, ready to be used."""
        page = self.browser.new_page(viewport={"width": width, "height": height})
        page.goto(self.address if self.say is ENGLISH else f"{self.address}zh")
        page.locator(".empty-lead").wait_for()
        return page

    def keep(self, page: Page, name: str, to_its_end: bool = False) -> None:
        """Photograph a page once it has settled."""
        page.wait_for_timeout(SETTLED_MS)
        path = self.folder / f"{name}-{self.say['language']}.png"
        page.screenshot(path=path, full_page=to_its_end)

    def photograph(self, page: Page, screens: Mapping[str, Screen]) -> None:
        """Every screen in every look."""
        for look in ("light", "dark"):
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                for name, show in screens.items():
                    show(page, self.say)
                    self.keep(page, f"{name}-{look}-{size}", name not in LAID_OVER)
                    page.keyboard.press("Escape")
                    page.keyboard.press("Escape")
            page.get_by_role("button", name=self.say["theme"]).click()

    def nine_phrases(self) -> None:
        """The desk of a person with much to say: Generate stays in view."""
        page = self.opened(1440, 900)
        self.has_its_round(page)
        page.get_by_label(self.say["phrases_label"]).fill(NINE + ",")
        expect(page.locator(".chip")).to_have_count(9)
        self.keep(page, "nine-phrases")
        page.close()

    def has_its_round(self, page: Page) -> None:
        """The page opens with the last round; what is typed before that may not be alone."""
        expected = self.say["round"].format(number=ROUNDS)
        expect(page.locator(".round-title")).to_have_text(expected)

    def phone_after_generate(self) -> None:
        """What a phone shows by itself once a round is drawn."""
        page = self.opened(*SIZES["narrow"])
        title = page.locator(".round-title")
        self.has_its_round(page)
        page.get_by_label(self.say["phrases_label"]).fill(NINE + ",")
        page.get_by_role("button", name=_begins(self.say["generate"])).click()
        expect(title).to_have_text(self.say["round"].format(number=ROUNDS + 1))
        page.wait_for_timeout(SETTLED_MS)
        self.keep(page, "phone-after-generate")
        page.close()

    def shared(self, page: Page) -> None:
        """What a collection is shared as: a line sheet on paper, and a page of one file."""
        collection(page, self.say)
        for label, name in (("save_line_sheet", "line-sheet.pdf"), ("save_page", "shared.html")):
            with page.expect_download(timeout=PATIENCE_MS) as download:
                page.get_by_role("button", name=self.say[label]).click()
            download.value.save_as(self.folder / name)
        paper = pypdfium2.PdfDocument(self.folder / "line-sheet.pdf")[0]
        language = self.say["language"]
        paper.render(scale=1.5).to_pil().save(self.folder / f"line-sheet-{language}.png")
        self.sent("shared.html", "shared")

    def sent(self, file: str, name: str) -> None:
        """A page of one file, as somebody elsewhere sees it."""
        for size, (width, height) in SIZES.items():
            page = self.browser.new_page(viewport={"width": width, "height": height})
            page.goto((self.folder / file).resolve().as_uri())
            self.keep(page, f"{name}-{size}", to_its_end=True)
            page.close()


def tour(studio: Studio, wanted: Sequence[str]) -> None:
    """Work in it a little, and take all pictures."""
    page = studio.opened(*SIZES["wide"])
    studio.photograph(page, {"empty": tab("design")})
    width, height = SIZES["wide"]
    page.set_viewport_size({"width": width, "height": height})
    prepare(page, studio.say)
    prepare_sales(page, studio.say, studio.folder / POLL)
    studio.photograph(page, {name: SCREENS[name] for name in wanted})
    studio.shared(page)
    studio.sent(POLL, "poll-sent")
    studio.nine_phrases()
    studio.phone_after_generate()
    page.close()


def main() -> None:
    """Parse the command line and take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--checkpoint", type=Path, default=CHECKPOINT)
    parser.add_argument("--only", default=",".join(SCREENS), help="names, with commas between")
    parser.add_argument("--languages", default=",".join(LANGUAGES), help="en, zh or both")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    models = load_models(options.checkpoint)
    classroom = Classroom(options.checkpoint, (sys.executable, "-m", "training.finetune"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        for language in options.languages.split(","):
            with (
                tempfile.TemporaryDirectory() as data,
                served(Path(data), *models, classroom) as address,
            ):
                studio = Studio(browser, address, LANGUAGES[language], options.folder)
                tour(studio, options.only.split(","))
        browser.close()


if __name__ == "__main__":
    main()
