"""Many croquis as one picture, to look at: `python -m training.atelier.contact_sheet`."""

import argparse
import logging
import random
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from studio.design.families import FAMILIES
from studio.design.garment_rules import GARMENT_RULES, RULES
from studio.design.measures import typical_measures
from studio.design.outfit import Outfit
from studio.design.spec import DesignSpec
from studio.drawing.croquis import GROUND, draw_croquis
from studio.drawing.raster import picture
from studio.drawing.tones import Colour
from training.atelier.world import sample_design, sample_outfit
from training.contact_sheet import contact_sheet
from training.data.tiles import Images

_INK: Colour = (34, 30, 40)
_BASES = 48
_FREE = [
    family for family in FAMILIES if not any(family in (rule.family, rule.other) for rule in RULES)
]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SheetConfig:
    """What to show, and where to write it.

    Attributes:
        out: the picture's file; its ending says which format.
        seed: of the designs.
        rows: rows of random designs; a family takes as many as it needs.
        columns: croquis in a row.
        height_px: height of one croquis.
        family: show one labelled croquis per value of this family.
        fixed: family -> value that every design has.
    """

    out: Path = Path("runs/croquis.png")
    seed: int = 0
    rows: int = 2
    columns: int = 8
    height_px: int = 384
    family: str | None = None
    fixed: Mapping[str, str] = field(default_factory=dict)


def run(config: SheetConfig) -> None:
    """Draw the sheet and write it.

    Raises:
        ValueError: no design has what the configuration asks for.
    """
    rng = random.Random(config.seed)
    if config.family:
        outfits = outfits_of_family(config.family, rng, config.fixed)
        pictures = [
            labelled(_draw(DesignSpec(outfit, typical_measures(outfit)), config.height_px), value)
            for value, outfit in outfits.items()
        ]
    else:
        count = config.rows * config.columns
        designs = [sample_design(rng, **config.fixed) for _ in range(count)]
        pictures = [_draw(design, config.height_px) for design in designs]
    config.out.parent.mkdir(parents=True, exist_ok=True)
    contact_sheet(_rows(pictures, config.columns)).save(config.out)


def outfits_of_family(
    family: str, rng: random.Random, fixed: Mapping[str, str]
) -> dict[str, Outfit]:
    """One outfit per value of a family; they differ in nothing else where the rules permit.

    Args:
        family: whose values to show.
        rng: source of chance; the same state gives the same outfits.
        fixed: family -> value that every outfit has. Values that do not go with it are left out.

    Raises:
        ValueError: no outfit has all of `fixed`.
    """
    bases = [sample_outfit(rng, **fixed) for _ in range(_BASES)]
    base = max(bases, key=lambda outfit: len(GARMENT_RULES.allowed(family, outfit)))
    permitted = GARMENT_RULES.allowed(family, base)
    outfits = {}
    for value in FAMILIES[family]:
        if value in permitted:
            outfits[value] = Outfit({**base, family: value})
            continue
        with suppress(ValueError):
            kept = {other: base[other] for other in _FREE}
            outfits[value] = sample_outfit(rng, **{**kept, **fixed, family: value})
    return outfits


def _draw(design: DesignSpec, height_px: int) -> Images:
    return np.asarray(picture(draw_croquis(design), height_px))


def labelled(drawn: Images, label: str) -> Images:
    """The picture with a line of text below it."""
    height, width, _ = drawn.shape
    strip = Image.new("RGB", (width, height // 12), GROUND)
    font = ImageFont.load_default(height // 24)
    ImageDraw.Draw(strip).text((width / 2, strip.height / 2), label, _INK, font, anchor="mm")
    return np.concatenate([drawn, np.asarray(strip)])


def _rows(pictures: list[Images], columns: int) -> list[Tensor]:
    """Rows of the same length, each (columns, 3, H, W) in [0, 1]; the last one is filled up."""
    blank = np.full_like(pictures[0], GROUND)
    missing = -len(pictures) % columns
    tiles = np.stack([*pictures, *[blank] * missing])
    images = torch.from_numpy(tiles).permute(0, 3, 1, 2).float() / 255
    return list(torch.split(images, columns))


def _setting(text: str) -> tuple[str, str]:
    family, _, value = text.partition("=")
    family = family.replace("_", " ")
    if value not in FAMILIES.get(family, ()):
        raise argparse.ArgumentTypeError(f"{text!r} is no attribute; write e.g. neckline=v-neck")
    return family, value


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and write one sheet; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m training.atelier.contact_sheet", description=__doc__
    )
    parser.add_argument("--seed", type=int, default=SheetConfig.seed)
    parser.add_argument("--rows", type=int, default=SheetConfig.rows)
    parser.add_argument("--columns", type=int, default=SheetConfig.columns)
    parser.add_argument("--height-px", type=int, default=SheetConfig.height_px)
    parser.add_argument("--family", choices=FAMILIES, metavar="NAME")
    parser.add_argument(
        "--set", type=_setting, action="append", default=[], metavar="FAMILY=VALUE", dest="fixed"
    )
    parser.add_argument("--out", type=Path, default=SheetConfig.out)
    options = vars(parser.parse_args(arguments))
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    config = SheetConfig(**{**options, "fixed": dict(options["fixed"])})
    try:
        run(config)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    log.info("wrote %s", config.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
