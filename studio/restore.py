"""Put a backup into a new data folder, checked by digests: `python -m studio.restore FILE`."""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from studio.domain import StudioError
from studio.services.backup import restore_backup
from studio.settings import Settings

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Restore a backup; nothing that is there already is written over."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(prog="python -m studio.restore", description=__doc__)
    parser.add_argument("file", type=Path, help="what `studio.backup` wrote")
    parser.add_argument(
        "--data", type=Path, default=Settings().data, help="a folder that is new or empty"
    )
    options = parser.parse_args(arguments)
    try:
        backup = restore_backup(options.file, options.data)
    except StudioError as error:
        sys.exit(str(error))
    _log.info("%s holds %s Start with --data %s.", options.data, backup.sentence(), options.data)


if __name__ == "__main__":
    main()
