"""Attack a studio of one's own: `python -m tests.attack`. It starts one, and no other is asked."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict

from tests.attack.campaign import Campaign, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and run; returns the exit status, 1 when a fault was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    default = asdict(Campaign())
    for name, value in default.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    damage = run(
        Campaign(**vars(parser.parse_args(arguments))),
        say=lambda line: print(line, flush=True),  # noqa: T201  a command's output
    )
    print("\n".join(f"Gradio's own: {each}" for each in damage.of_gradio))  # noqa: T201  a command's output
    print("\n".join([*dict.fromkeys(damage.found), damage.sentence()]))  # noqa: T201  a command's output
    return 1 if damage.found else 0


if __name__ == "__main__":
    sys.exit(main())
