"""Write the answered rounds into a folder: `python -m studio.export FOLDER`."""

import argparse
import logging
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from studio.domain import StorageError, StudioError, ValueKindError
from studio.perfusion.profile import FASHION_SCHEMA
from studio.selling.keeper import Keeper
from studio.selling.sales_desk import SalesDesk
from studio.services.accounts import FIRST_NAME, workspace_of
from studio.services.export import ExportFormat, RoundExport
from studio.services.stores import StoreBook
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
    parser.add_argument("--workspace", default=FIRST_NAME, help=f"whose (default: {FIRST_NAME})")
    parser.add_argument("--store", type=int, help="only this store's rounds (its number)")
    parser.add_argument(
        "--format",
        type=ExportFormat,
        choices=list(ExportFormat),
        default=ExportFormat.ROUNDS,
        help="rounds (for training), pickapic (its columns) or trl (preference lines)",
    )
    parser.add_argument(
        "--with-sales",
        action="store_true",
        help="rounds of what was ordered and kept as well; for a folder of rounds",
    )
    options = parser.parse_args(arguments)
    if not (options.data / "studio.db").is_file():
        sys.exit(f"There is no studio in {options.data}. Say where it is with --data.")
    try:
        database = workspace_of(Database(options.data / "studio.db"), options.workspace)
        export = RoundExport(database, ImageFiles(options.data / "images"))
        if options.with_sales:
            written = _write_with_sales(database, export, options)
        else:
            written = _write(export, options.folder, options.store, options.format)
    except StudioError as error:
        sys.exit(str(error))
    _log.info("%d rounds written to %s.", written, options.folder)


def _write_with_sales(database: Database, export: RoundExport, options: argparse.Namespace) -> int:
    if options.folder.suffix == ".zip" or options.format is not ExportFormat.ROUNDS:
        raise ValueKindError("--with-sales writes a folder of rounds, for training.finetune.")
    desk = SalesDesk(database, Keeper(database), StoreBook(database, FASHION_SCHEMA))
    more = desk.rounds(options.store)
    return export.write_folder(options.folder, options.store, more=more)


def _write(export: RoundExport, target: Path, store_id: int | None, kind: ExportFormat) -> int:
    if target.suffix != ".zip":
        return export.write_folder(target, store_id, kind)
    if target.exists():
        raise StorageError(f"{target} is there already. Choose another name, or move it away.")
    unfinished = target.with_name(f"{target.name}.{secrets.token_hex(8)}.unfinished")
    try:
        with unfinished.open("xb") as file:
            written = export.write_zip(file, store_id, kind)
        unfinished.rename(target)
    except OSError as error:
        raise StorageError(f"{target} can't be written ({error.strerror}).") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return written


if __name__ == "__main__":
    main()
