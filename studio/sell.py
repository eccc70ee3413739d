"""Sell from the command line: `python -m studio.sell board`, files, polls and comparisons."""

import argparse
import dataclasses
import json
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from studio.domain import StorageError, StudioError
from studio.selling.board import Board, row_record
from studio.selling.keeper import Keeper
from studio.selling.launch_desk import LaunchDesk
from studio.selling.order_desk import OrderDesk
from studio.selling.storage.orders import Batch
from studio.selling.vote_book import VoteBook, poll_record
from studio.selling.vote_desk import VoteDesk
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
    traffic = commands.add_parser("traffic", description="Bring a file of traffic in.")
    votes = commands.add_parser("votes", description="Bring the votes of polls in.")
    for command in (traffic, votes):
        command.add_argument("file", type=Path, help="a table; docs/selling.md has its columns")
    polls = commands.add_parser("polls", description="What polls came to, as lines of JSON.")
    launch = commands.add_parser(
        "after-launch", description="Designs made with AI beside the stores' own, as JSON."
    )
    for command in (board, orders, traffic, votes, polls, launch):
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
        "traffic": _traffic,
        "votes": _votes,
        "polls": _polls,
        "after-launch": _after_launch,
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

    def bring(file: IO[bytes]) -> Batch:
        own = datetime.fromtimestamp(options.file.stat().st_mtime, UTC)
        exported = moment("--exported", options.exported) if options.exported else own
        return desk.import_file(file, options.source, exported)

    _bring(options.file, bring)


def _traffic(database: Database, options: argparse.Namespace) -> None:
    _bring(options.file, LaunchDesk(database, Keeper(database)).import_file)


def _votes(database: Database, options: argparse.Namespace) -> None:
    _bring(options.file, VoteDesk(database, Keeper(database)).import_votes)


def _polls(database: Database, _options: argparse.Namespace) -> None:
    keeper = Keeper(database)
    votes = VoteBook(keeper).now()
    real = [each for each in keeper.listings.all() if not each.is_simulated]
    listed = {each.listed.candidate_id: each for each in real}
    for poll in VoteDesk(database, keeper).all():
        _log.info(json.dumps(poll_record(poll, listed, votes), ensure_ascii=False))


def _after_launch(database: Database, _options: argparse.Namespace) -> None:
    changes = LaunchDesk(database, Keeper(database)).changes()
    for name, change in changes.items():
        record = {"rate": name, **dataclasses.asdict(change)}
        _log.info(json.dumps(record, ensure_ascii=False))


def _bring(path: Path, bring: Callable[[IO[bytes]], Batch]) -> None:
    """Bring a file in, and tell what became of each row that can't be used."""
    try:
        with path.open("rb") as file:
            batch = bring(file)
    except OSError as error:
        raise StorageError(f"{path} can't be read ({error.strerror}).") from error
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
