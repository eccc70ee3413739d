"""Write the answered rounds into a folder: `python -m studio.export FOLDER`."""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from studio.domain import StudioError
from studio.services.export import RoundExport
from studio.settings import Settings
from studio.storage.database import Database
from studio.storage.image_files import ImageFiles

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write an export; the studio may be running meanwhile."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(prog="python -m studio.export", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write; a name with .zip makes a zip")
    parser.add_argument("--data", type=Path, default=Settings().data, help="the data folder")
    parser.add_argument("--store", type=int, help="only this store's rounds (its number)")
    options = parser.parse_args(arguments)
    if not (options.data / "studio.db").is_file():
        sys.exit(f"There is no studio in {options.data}. Say where it is with --data.")
    try:
        export = RoundExport(
            Database(options.data / "studio.db"), ImageFiles(options.data / "images")
        )
        write = export.write_zip if options.folder.suffix == ".zip" else export.write_folder
        written = write(options.folder, options.store)
    except StudioError as error:
        sys.exit(str(error))
    _log.info("%d rounds written to %s.", written, options.folder)


if __name__ == "__main__":
    main()
