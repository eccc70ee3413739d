"""Copy a whole studio into one zip while it runs: `python -m studio.backup FILE`."""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from studio.domain import StudioError
from studio.services.backup import write_backup
from studio.settings import Settings

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a backup; the studio may be running meanwhile."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(prog="python -m studio.backup", description=__doc__)
    parser.add_argument("file", type=Path, help="the zip file to write")
    parser.add_argument("--data", type=Path, default=Settings().data, help="the data folder")
    options = parser.parse_args(arguments)
    try:
        backup = write_backup(options.data, options.file)
    except StudioError as error:
        sys.exit(str(error))
    _log.info("%s holds %s", options.file, backup.sentence())


if __name__ == "__main__":
    main()
