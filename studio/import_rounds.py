"""Bring an export's rounds into a data folder: `python -m studio.import_rounds FOLDER`."""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from studio.domain import StudioError
from studio.services.accounts import FIRST_NAME
from studio.services.import_rounds import open_import
from studio.settings import Settings

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read an export; the studio must be closed meanwhile."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(prog="python -m studio.import_rounds", description=__doc__)
    parser.add_argument("folder", type=Path, help="an export, or Pick-a-Pic's Parquet files")
    parser.add_argument("--data", type=Path, default=Settings().data, help="the data folder")
    parser.add_argument("--workspace", default=FIRST_NAME, help=f"whose (default: {FIRST_NAME})")
    options = parser.parse_args(arguments)
    try:
        rounds, database = open_import(options.data, options.workspace)
        try:
            imported = rounds.read_folder(options.folder)
        finally:
            database.close()
    except StudioError as error:
        sys.exit(str(error))
    _log.info("%s", imported.sentence())


if __name__ == "__main__":
    main()
