"""A new store ticks one family of colours, three rounds long: `python -m tests.four_rounds FILE`.

Serves a checkpoint, adds a store that tells nothing of itself, and works with it in Chromium: three
rounds of one garment, in which whatever has a warm colour is ticked, and a fourth, which shows what
three answers have taught. The picture has all four as the page shows them; how many designs of each
have such a colour is printed. Takes some minutes on two cores.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from gradio_client import Client
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIETLY
from tests.serving import load_models, served

CHECKPOINT = Path(__file__).parents[1] / "checkpoints" / "atelier"
WARM = ("red", "burgundy", "coral", "orange", "mustard", "yellow")
PHRASES, STORE = "dress", "Atelier Sept"
ROUNDS = 4
FIRST_SEED = 700
PATIENCE_MS = 300_000
WIDTH_PX, GAP_PX, PAPER = 760, 24, "#f7f2e8"


@dataclass(frozen=True)
class Shown:
    """A round on the page: the colours of its designs, and what the board looks like."""

    colours: tuple[str, ...]
    picture: Image.Image

    def share(self, colours: Collection[str]) -> float:
        """How many of its designs have one of these colours."""
        return sum(each in colours for each in self.colours) / len(self.colours)


def add_store(page: Page) -> None:
    """A store that tells nothing of itself, chosen."""
    page.get_by_role("tab", name="Stores").click()
    page.get_by_label("Name").fill(STORE)
    page.get_by_role("button", name="Save store").click()
    page.get_by_role("button", name="Design for it").click()
    expect(page.locator("#store-card select option:checked")).to_have_text(STORE)


def work(page: Page, address: str, liked: Collection[str]) -> list[Shown]:
    """Four rounds; in the first three every design of a liked colour is ticked."""
    client = Client(address, verbose=False)
    add_store(page)
    page.get_by_role("button", name="Options").click()
    page.get_by_label("Add a phrase").fill(f"{PHRASES},")
    rounds = []
    for number in range(1, ROUNDS + 1):
        page.get_by_role("textbox", name="Seed").fill(str(FIRST_SEED * number))
        page.get_by_role("button", name="Generate").click()
        expect(page.locator(".round-title")).to_have_text(f"Round {number}", timeout=PATIENCE_MS)
        expect(page.get_by_role("checkbox", name="Design 1,")).to_be_visible()
        candidates = client.predict(number, api_name="/round")["candidates"]
        colours = tuple(each["design"]["values"]["colour"] for each in candidates)
        if number < ROUNDS:
            answer(page, [place for place, each in enumerate(colours, 1) if each in liked])
        rounds.append(Shown(colours, photograph(page)))
    return rounds


def answer(page: Page, places: Collection[int]) -> None:
    """Tick these designs and save, or say that there are none of them; wait for the taste."""
    if not places:
        page.get_by_role("button", name="None of these").click()
    else:
        for place in places:
            page.get_by_role("checkbox", name=f"Design {place},").click()
        page.keyboard.press("s")
    expect(page.locator(".round-note")).to_contain_text("picked")


def photograph(page: Page) -> Image.Image:
    """The board, once all of its pictures are there."""
    for image in page.locator(".tiles img").all():
        expect(image).to_have_js_property("complete", value=True)
    return Image.open(io.BytesIO(page.locator("#tile-board").screenshot()))


def together(rounds: list[Shown]) -> Image.Image:
    """All rounds in one picture, two beside each other."""
    shown = [
        each.picture.convert("RGB").resize(
            (WIDTH_PX, round(each.picture.height * WIDTH_PX / each.picture.width))
        )
        for each in rounds
    ]
    high = max(each.height for each in shown)
    sheet = Image.new("RGB", (2 * WIDTH_PX + 3 * GAP_PX, 2 * high + 3 * GAP_PX), PAPER)
    for place, each in enumerate(shown):
        row, column = divmod(place, 2)
        sheet.paste(each, (GAP_PX + column * (WIDTH_PX + GAP_PX), GAP_PX + row * (high + GAP_PX)))
    return sheet


def main() -> None:
    """Parse the command line, work through the rounds, write the picture."""
    parser = argparse.ArgumentParser(prog="python -m tests.four_rounds", description=__doc__)
    parser.add_argument("picture", type=Path, help="the file to write")
    parser.add_argument("--checkpoint", type=Path, default=CHECKPOINT)
    options = parser.parse_args()
    expect.set_options(timeout=PATIENCE_MS)
    models = load_models(options.checkpoint)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        with served(Path(data), *models) as address:
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            page.goto(address)
            page.locator(".empty-lead").wait_for()
            rounds = work(page, address, WARM)
        browser.close()
    for number, each in enumerate(rounds, 1):
        sys.stdout.write(
            f"round {number}: {each.share(WARM):.2f} warm, {', '.join(each.colours)}\n"
        )
    together(rounds).quantize(256).save(options.picture, optimize=True)


if __name__ == "__main__":
    main()
