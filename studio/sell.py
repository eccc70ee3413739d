"""Sell from the command line: `python -m studio.sell board`, and orders."""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from studio.domain import StorageError, StudioError
from studio.selling.board import Board, row_record
from studio.selling.keeper import Keeper
from studio.selling.order_desk import OrderDesk
from studio.services.accounts import FIRST_NAME, workspace_of
from studio.settings import Settings
from studio.storage.database import Database
from studio.values import moment

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Do one thing about selling; the studio may be running meanwhile."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(prog="python -m studio.sell", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    board = commands.add_parser("board", description="How every listing stands, as lines of JSON.")
    orders = commands.add_parser("orders", description="Bring a file of orders or returns in.")
    orders.add_argument("file", type=Path, help="Shopify's export of orders, or a plain table")
    orders.add_argument("--source", required=True, help="the shop that they come from")
    orders.add_argument("--exported", help="when it was exported (default: the file's own time)")
    for command in (board, orders):
        command.add_argument("--data", type=Path, default=Settings().data, help="the data folder")
        command.add_argument(
            "--workspace", default=FIRST_NAME, help=f"whose (default: {FIRST_NAME})"
        )
    options = parser.parse_args(arguments)
    if not (options.data / "studio.db").is_file():
        sys.exit(f"There is no studio in {options.data}. Say where it is with --data.")
    steps: dict[str, Callable[[Database, argparse.Namespace], None]] = {
        "board": _board,
        "orders": _orders,
    }
    try:
        database = workspace_of(Database(options.data / "studio.db"), options.workspace)
        steps[options.command](database, options)
    except StudioError as error:
        sys.exit(str(error))


def _board(database: Database, _options: argparse.Namespace) -> None:
    keeper = Keeper(database)
    keeper.sweep()
    for row in Board(keeper).rows():
        _log.info(json.dumps(row_record(row), ensure_ascii=False))


def _orders(database: Database, options: argparse.Namespace) -> None:
    desk = OrderDesk(database, Keeper(database))
    try:
        with options.file.open("rb") as file:
            own = datetime.fromtimestamp(options.file.stat().st_mtime, UTC)
            exported = moment("--exported", options.exported) if options.exported else own
            batch = desk.import_file(file, options.source, exported)
    except OSError as error:
        raise StorageError(f"{options.file} can't be read ({error.strerror}).") from error
    for number, reason in batch.reasons:
        _log.info("Row %d: %s", number, reason)
    _log.info(
        "%d rows: %d new, %d known already, %d refused.",
        batch.rows,
        batch.taken,
        batch.unchanged,
        batch.refused,
    )


if __name__ == "__main__":
    main()
