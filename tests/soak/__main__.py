"""Long runs that try to break the studio: `python -m tests.soak kill --cycles 50`.

`kill` ends its process at any moment, `fill` takes its disk away, `load` brings fifty people.
"""

import argparse
import sys
from collections.abc import Sequence

from tests.soak import fill, kill, load

COMMANDS = {
    "kill": (kill, kill.KillSoak),
    "fill": (fill, fill.FillSoak),
    "load": (load, load.LoadSoak),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and run; returns the exit status, 1 when something went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    commands = parser.add_subparsers(dest="name", required=True)
    options = {
        name: module.add_arguments(commands.add_parser(name, description=module.__doc__))
        for name, (module, _) in COMMANDS.items()
    }
    parsed = parser.parse_args(arguments)
    module, config_class = COMMANDS[parsed.name]
    config = config_class(**{name: getattr(parsed, name) for name in options[parsed.name]})
    try:
        report = module.run(config, say=lambda line: print(line, flush=True))  # noqa: T201  a command's output
    except (kill.LostError, OSError) as error:
        print(error)  # noqa: T201  a command's output
        return 1
    print(report.sentence())  # noqa: T201  a command's output
    wrong = list(dict.fromkeys(getattr(report, "errors", [])))
    print("\n".join(wrong))  # noqa: T201  a command's output
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
