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
from training.atelier.croquis import draw
from training.config import (
    COMMANDS,
    ConfigError,
    LotsConfig,
    RunConfig,
    TilesConfig,
    load_config,
)
from training.data.tiles import Tiles, load_tiles
from training.loops import autoencoder, clip, few_steps, lots, reader, text, unet

log = logging.getLogger(__name__)

LOOPS: dict[str, Callable[[Any, Tiles, Tiles], dict[str, float]]] = {
    "autoencoder": autoencoder.run,
    "text": text.run,
    "clip": clip.run,
    "reader": reader.run,
    "critic": reader.run,
    "unet": unet.run,
    "few-steps": few_steps.run,
    "lots": lots.run,
}


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


def run(command: str, config: TilesConfig | LotsConfig | RunConfig) -> None:
    """Draw what is missing, then run the command."""
    tiles = config if isinstance(config, TilesConfig) else config.tiles
    train, held_out = (load_tiles(tiles, part, draw) for part in ("train", "held-out"))
    if command != "tiles":
        figures = LOOPS[command](config, train, held_out)
        log.info("held-out figures: %s", json.dumps(figures))


if __name__ == "__main__":
    sys.exit(main())
