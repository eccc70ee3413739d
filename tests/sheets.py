"""Contact sheets of everything that can be drawn: `python -m tests.sheets FOLDER`.

Each sheet shows one value of a family, or a lot of designs: croquis and flat, front and back. A
person looks at them; errors and words that overlap are told. With `--shown` only the pictures of
the README are made: `python -m tests.sheets docs/images --shown`.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from PIL import Image

from studio.design.families import FAMILIES
from studio.design.spec import DesignSpec, spec_of_values
from studio.drawing.croquis import draw_croquis
from studio.drawing.flats.flat import draw_flat
from studio.drawing.raster import picture
from studio.techpack.frame import Printing
from studio.techpack.pack import Brief, pack_of
from studio.techpack.sheets import first_sheet
from training.atelier.world import sample_design

LOT, SEED = 300, 7
TILE = (640, 460)
A_SHEET = 6
SHOWN_SEED, SHOWN, IN_FULL = 9606, 8, 4
"""Seed and number of the README's designs, and which one of them has its flats and sheet shown."""
SHOWN_CROQUIS, SHOWN_FLAT, SHOWN_SHEET = 512, 480, 1240
"""Heights of the README's pictures, in pixels."""


def designs(count: int) -> Iterator[tuple[str, DesignSpec]]:
    """The name of a sheet, and a design on it: every value of every family, then some by lot."""
    for family, values in FAMILIES.items():
        for value in values:
            yield f"{family}", spec_of_values({family: value})
    rng = random.Random(SEED)
    for number in range(count):
        yield f"lot {number // (4 * A_SHEET):02d}", sample_design(rng)


def tile(spec: DesignSpec) -> Image.Image:
    """One design: croquis from both sides, then both flats."""
    width, height = TILE
    views = [draw_croquis(spec, "front"), draw_croquis(spec, "back")]
    flats = [draw_flat(spec, "front"), draw_flat(spec, "back")]
    whole = Image.new("RGB", (2 * (height // 2) + 2 * width, height), "white")
    left = 0
    for drawing, room in [*((view, height // 2) for view in views), *((f, width) for f in flats)]:
        high = min(height, int(room * drawing.height / drawing.width))
        image = picture(drawing, high)
        whole.paste(image, (left + (room - image.width) // 2, (height - image.height) // 2))
        left += room
    return whole


def write_sheets(folder: Path, count: int = LOT) -> list[str]:
    """Draw everything; returns a sentence for each design that could not be drawn."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting: dict[str, list[Image.Image]] = {}
    written: dict[str, int] = {}
    problems = []
    for name, spec in designs(count):
        try:
            waiting.setdefault(name, []).append(tile(spec))
        except Exception as error:  # every one is wanted, not only the first
            problems.append(f"{name}: {spec.outfit} could not be drawn: {error!r}")
        if len(waiting.get(name, [])) == A_SHEET:
            _write(folder, name, waiting.pop(name), written)
    for name, tiles in waiting.items():
        _write(folder, name, tiles, written)
    return problems


def _write(folder: Path, name: str, tiles: Sequence[Image.Image], written: dict[str, int]) -> None:
    number = written[name] = written.get(name, 0) + 1
    sheet = Image.new("RGB", (tiles[0].width, sum(each.height for each in tiles)), "white")
    top = 0
    for each in tiles:
        sheet.paste(each, (0, top))
        top += each.height
    sheet.save(folder / f"{name.replace(' ', '-')}-{number}.png")


def write_shown(folder: Path) -> None:
    """The pictures of the README: croquis drawn by lot, and flats and first sheet of one."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(SHOWN_SEED)
    lot = [sample_design(rng) for _ in range(SHOWN)]
    _beside([picture(draw_croquis(spec), SHOWN_CROQUIS) for spec in lot], folder / "croquis.png")
    flats = [picture(draw_flat(lot[IN_FULL], view), SHOWN_FLAT) for view in ("front", "back")]
    _beside(flats, folder / "flat.png")
    pack = pack_of(lot[IN_FULL], Brief(number="PF-000001-1", made_on=date(2026, 11, 30)))
    _beside([picture(first_sheet(pack, Printing()), SHOWN_SHEET)], folder / "sheet.png")


def _beside(images: Sequence[Image.Image], file: Path) -> None:
    row = Image.new("RGB", (sum(each.width for each in images), images[0].height), "white")
    left = 0
    for each in images:
        row.paste(each, (left, 0))
        left += each.width
    row.save(file, optimize=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the sheets; 1 if something could not be drawn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=LOT, help="designs drawn by lot")
    parser.add_argument("--shown", action="store_true", help="only the pictures of the README")
    options = parser.parse_args(arguments)
    if options.shown:
        write_shown(options.folder)
        return 0
    problems = write_sheets(options.folder, options.count)
    sys.stdout.write("\n".join([*problems, f"{len(problems)} could not be drawn."]) + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
