"""Blind tests of tastes, and what was voted in them."""

import sqlite3
from datetime import datetime

from studio.domain import NewSwapTest, SwapTest, SwapTestError, SwapVote
from studio.storage.database import Database
from studio.storage.request_rows import UnreadableRowError, readable, time_of

_LEFT, _RIGHT = "l", "r"
_NOT_THERE = "That blind test is no longer there. Begin another one."


class SwapTestStore:
    """Reads and writes a workspace's `swap_tests` and `swap_votes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, test: NewSwapTest) -> SwapTest:
        """Keep a new test."""
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO swap_tests (workspace_id, store_id, against_id, own_job_id, "
                "other_job_id, sides, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    self._database.workspace_id,
                    test.store_id,
                    test.against_id,
                    test.own_job_id,
                    test.other_job_id,
                    "".join(_LEFT if each else _RIGHT for each in test.own_is_left),
                    test.made_at.isoformat(),
                ),
            )
        return self.get(int(cursor.lastrowid or 0))

    def get(self, test_id: int) -> SwapTest:
        """A test with its votes.

        Raises:
            SwapTestError: there is no such test.
        """
        found = self._find("swap_tests.id = ?1", test_id)
        if not found:
            raise SwapTestError(_NOT_THERE)
        return found[0]

    def of_store(self, store_id: int) -> tuple[SwapTest, ...]:
        """All tests of a store's taste, newest first."""
        return self._find("store_id = ?1", store_id)

    def vote(self, test_id: int, place: int, vote: SwapVote, made_at: datetime) -> SwapTest:
        """Keep a vote; the first one for a pair stands, since it alone was blind.

        Raises:
            SwapTestError: there is no such test.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO swap_votes (test_id, place, vote, made_at) "
                "SELECT id, ?, ?, ? FROM swap_tests WHERE id = ? AND workspace_id = ? "
                "ON CONFLICT (test_id, place) DO NOTHING",
                (place, str(vote), made_at.isoformat(), test_id, self._database.workspace_id),
            )
        return self.get(test_id)

    def _find(self, condition: str, value: int) -> tuple[SwapTest, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT * FROM swap_tests WHERE {condition} AND workspace_id = ?2 "
                "ORDER BY id DESC",
                (value, self._database.workspace_id),
            ).fetchall()
            votes: dict[int, dict[int, str]] = {}
            for row in rows:
                cast = connection.execute(
                    "SELECT place, vote FROM swap_votes WHERE test_id = ?", (row["id"],)
                ).fetchall()
                votes[row["id"]] = {each["place"]: each["vote"] for each in cast}
        return tuple(readable(rows, lambda row: _test(row, votes[row["id"]])))


def _test(row: sqlite3.Row, votes: dict[int, str]) -> SwapTest:
    try:
        read = {place: SwapVote(vote) for place, vote in votes.items()}
    except ValueError as error:
        raise UnreadableRowError("A vote in a blind test can't be read.") from error
    return SwapTest(
        id=row["id"],
        store_id=row["store_id"],
        against_id=row["against_id"],
        own_job_id=row["own_job_id"],
        other_job_id=row["other_job_id"],
        own_is_left=tuple(side == _LEFT for side in row["sides"]),
        made_at=time_of(row["made_at"]),
        votes=read,
    )
