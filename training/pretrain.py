"""Trains atelier's base models: `python -m training.pretrain COMMAND`.

`tiles` draws what the others learn from; they draw it themselves where it is missing.
"""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from studio.domain import StudioError
from training.config import (
    COMMANDS,
    ConfigError,
    RunConfig,
    TextConfig,
    TilesConfig,
    UnetConfig,
    load_config,
)
from training.data.designs import load_designs
from training.data.tiles import load_tiles
from training.loops import clip, text, unet

log = logging.getLogger(__name__)

ON_DESIGNS: dict[str, Callable[[Any, Any, Any], dict[str, float]]] = {
    "text": text.run,
    "unet": unet.run,
}
"""What learns from designs."""
ON_TILES: dict[str, Callable[[Any, Any, Any], dict[str, float]]] = {"clip": clip.run}
"""What learns from pictures of them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.pretrain", description=__doc__)
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("--recipe", type=Path, help="TOML file with a table per command")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting"
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        run(options.command, load_config(options.command, options.recipe, options.set))
    except (StudioError, ConfigError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def run(command: str, config: TilesConfig | RunConfig) -> None:
    """Make what is missing of what it learns from, then run the command."""
    tiles = config if isinstance(config, TilesConfig) else config.tiles
    figures: dict[str, float] = {}
    if isinstance(config, (TextConfig, UnetConfig)):
        folder = Path(tiles.folder)
        train = load_designs(folder, "train", config.designs, tiles.seed, tiles.workers)
        held_out = load_designs(folder, "held-out", tiles.held_out, tiles.seed, tiles.workers)
        figures = ON_DESIGNS[command](config, train, held_out)
    else:
        pictures = (load_tiles(tiles, part) for part in ("train", "held-out"))
        if command in ON_TILES:
            figures = ON_TILES[command](config, *pictures)
        else:
            list(pictures)
    log.info("held-out figures: %s", json.dumps(figures))


if __name__ == "__main__":
    sys.exit(main())
