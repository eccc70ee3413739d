"""Measure quality: `python -m training.evaluate NAME` writes docs/results/NAME.json."""

import argparse
import logging
import shlex
import sys
from collections.abc import Sequence
from typing import Any

from studio.domain import StudioError
from training.config import ConfigError
from training.evaluation import (
    atelier,
    generation,
    market,
    people,
    published,
    reward,
    selling,
    taste,
    words,
)

MODULES: dict[str, Any] = {
    "atelier": atelier,
    "generation": generation,
    "market": market,
    "people": people,
    "published": published,
    "reward": reward,
    "selling": selling,
    "taste": taste,
    "words": words,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and run one evaluation; returns the exit status."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    commands = parser.add_subparsers(dest="name", required=True)
    for name, module in MODULES.items():
        module.add_arguments(commands.add_parser(name, description=module.__doc__))
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    command = shlex.join(["python", "-m", "training.evaluate", *arguments])
    try:
        MODULES[options.name].run(MODULES[options.name].from_options(options), command)
    except (StudioError, ConfigError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
