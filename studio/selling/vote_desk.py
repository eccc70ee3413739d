"""The vote desk: votes of polls come in, by file or by call. They are never counted as orders."""

import hashlib
from typing import IO

from studio.selling.errors import OrdersFileError, PollError
from studio.selling.keeper import Keeper
from studio.selling.order_desk import Tally
from studio.selling.order_files import digest_of
from studio.selling.storage.orders import Batch
from studio.selling.storage.polls import Poll, PollStore
from studio.selling.tables import Row, name_in, pieces_in, read_table
from studio.storage.database import Database

VOTE_COLUMNS = ("poll", "design", "voter")
"""The columns of a file of votes; the design is its number on the poll's page."""


class VoteDesk:
    """Takes votes, and tells what polls have come to.

    Args:
        database: a visitor's view of it.
        keeper: keeps what became of files.
    """

    def __init__(self, database: Database, keeper: Keeper) -> None:
        self._database = database
        self._keeper = keeper
        self._polls = PollStore(database)

    def vote(self, key: str, candidate_id: int, voter: str) -> bool:
        """Count a vote; the same voter's for the same design counts once.

        Raises:
            PollError: the poll does not ask about this design, or nobody votes.
        """
        poll_id, _, designs = self._polls.get(key)
        if candidate_id not in designs:
            raise PollError("That poll does not ask about this design.")
        if not voter.strip():
            raise PollError("Say who votes, by any word that is the same next time.")
        mark = hashlib.sha256(f"{key} {voter.strip()}".encode()).hexdigest()[:24]
        return self._polls.vote(poll_id, candidate_id, mark)

    def import_votes(self, file: IO[bytes]) -> Batch:
        """Take a file of votes, each row that can be used.

        Raises:
            OrdersFileError: it is no such table.
        """
        digest = digest_of(file)
        columns, rows = read_table(file)
        if not set(VOTE_COLUMNS) <= set(columns):
            raise OrdersFileError(f"A table of votes has the columns {', '.join(VOTE_COLUMNS)}.")
        tally = Tally()
        with self._database.transaction():
            tally.take_rows(rows, self._vote_of)
            batch = tally.batch("votes", "poll", digest, tally.rows, self._keeper.now())
            self._keeper.orders.add_batch(batch, None)
        return batch

    def _vote_of(self, row: Row) -> bool:
        design = pieces_in(row, "design")
        return self.vote(name_in(row, "poll"), design, name_in(row, "voter"))

    def all(self) -> tuple[Poll, ...]:
        """Every poll with its votes, the newest first."""
        return self._polls.all()
