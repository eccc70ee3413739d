"""What a new user does: the README's first command, twelve rounds, Teach, and its verdict.

`python -m tests.fresh FOLDER` clones this checkout into the folder and runs the command as the
README has it, in the environment that it makes. Rounds come through the studio's endpoints; Teach
is clicked in Chromium. Packages are downloaded; half an hour at most on two cores.
"""

import argparse
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIETLY
from training.bench.studio import open_client, started
from training.bench.teaching import answer_rounds

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 12
LONGEST_TRAINING_S = 1500
_FIRST_COMMAND = re.compile(r"```bash\n# Linux and macOS\n(.+)\n```")


def first_command() -> list[list[str]]:
    """The parts of the README's first command: make an environment, fill it, start the app."""
    found = _FIRST_COMMAND.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found, "The README has no first command."
    return [shlex.split(part) for part in found[1].split(" && ")]


def taught_from_the_page(browser: Browser, address: str) -> list[str]:
    """Answer twelve rounds, click Teach, and wait: what the page says when it is over."""
    answer_rounds(open_client(address), address, ROUNDS)
    page = browser.new_page()
    page.goto(address)
    page.get_by_role("tab", name="Teach").click()
    expect(page.locator(".ledger li").first).to_contain_text(f"{ROUNDS // 2} rounds taught")
    expect(page.get_by_text(f"{ROUNDS} answered rounds are few")).to_be_visible()
    page.get_by_role("button", name="Teach the models").click()
    expect(page.get_by_text("Training 1 is under way")).to_be_visible(timeout=60_000)
    over = page.get_by_text(re.compile(r"Training 1 (has ended|could not|was stopped|ended)"))
    expect(over).to_be_visible(timeout=LONGEST_TRAINING_S * 1000)
    told = page.locator(".training-told p").all_inner_texts()
    expect(over, "\n".join(told)).to_contain_text("has ended")
    page.close()
    return told


def main() -> None:
    """Parse the command line, and do it all."""
    parser = argparse.ArgumentParser(prog="python -m tests.fresh", description=__doc__)
    parser.add_argument("folder", type=Path, help="a new one, for the clone and its environment")
    options = parser.parse_args()
    clone, data = options.folder / "studio", options.folder / "data"
    began = time.monotonic()
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    *preparing, program = first_command()
    for part in preparing:
        subprocess.run(part, cwd=clone, check=True)
    sys.stdout.write(f"installed after {time.monotonic() - began:.0f} s\n")
    with sync_playwright() as playwright, started(data, program=program, folder=clone) as app:
        sys.stdout.write(f"started in {app.startup_s:.0f} s\n")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        told = taught_from_the_page(browser, app.address)
        browser.close()
    sys.stdout.write("\n".join([*told, f"all in {time.monotonic() - began:.0f} s", ""]))


if __name__ == "__main__":
    main()
