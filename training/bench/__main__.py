"""Measure speed and memory: `python -m training.bench NAME` writes docs/results/NAME.json."""

import argparse
import shlex
import sys
from collections.abc import Sequence
from typing import Any

from studio.domain import StudioError
from training.bench import cost, draw, generate, sizes, studio, teaching

MODULES: dict[str, Any] = {
    "cost": cost,
    "draw": draw,
    "generate": generate,
    "sizes": sizes,
    "studio": studio,
    "teaching": teaching,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and run one measurement; returns the exit status."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    parser = argparse.ArgumentParser(prog="python -m training.bench", description=__doc__)
    commands = parser.add_subparsers(dest="name", required=True)
    for name, module in MODULES.items():
        module.add_arguments(commands.add_parser(name, description=module.__doc__))
    options = parser.parse_args(arguments)
    command = shlex.join(["python", "-m", "training.bench", *arguments])
    try:
        MODULES[options.name].run(MODULES[options.name].from_options(options), command)
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
