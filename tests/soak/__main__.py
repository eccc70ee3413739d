"""Long runs that try to break the studio: `python -m tests.soak kill --cycles 50`."""

import argparse
import sys
from collections.abc import Sequence

from tests.soak import kill


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and run; returns the exit status, 1 when something was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    commands = parser.add_subparsers(dest="name", required=True)
    options = kill.add_arguments(commands.add_parser("kill", description=kill.__doc__))
    parsed = parser.parse_args(arguments)
    config = kill.KillSoak(**{name: getattr(parsed, name) for name in options})
    try:
        report = kill.run(config, say=lambda line: print(line, flush=True))  # noqa: T201  a command's output
    except kill.LostError as error:
        print(error)  # noqa: T201  a command's output
        return 1
    print(report.sentence())  # noqa: T201  a command's output
    return 0


if __name__ == "__main__":
    sys.exit(main())
