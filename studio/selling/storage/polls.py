"""Polls before listing: which designs they ask about, and the votes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from studio.selling.errors import PollError
from studio.selling.instants import to_text
from studio.storage.database import Database
from studio.storage.request_rows import time_of


@dataclass(frozen=True)
class Poll:
    """A poll as it stands.

    Attributes:
        key: by which votes name it.
        votes: candidate id -> votes, in the order in which designs are asked about.
        voters: how many people voted for anything.
    """

    key: str
    title: str
    made_at: datetime
    votes: Mapping[int, int]
    voters: int


class PollStore:
    """Reads and writes a workspace's `polls`, `poll_designs` and `poll_votes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key: str, title: str, candidate_ids: Sequence[int], made_at: datetime) -> None:
        """Keep a new poll."""
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO polls (workspace_id, key, title, made_at) VALUES (?, ?, ?, ?)",
                (self._database.workspace_id, key, title, to_text(made_at)),
            )
            connection.executemany(
                "INSERT INTO poll_designs (poll_id, candidate_id) VALUES (?, ?)",
                [(cursor.lastrowid, each) for each in candidate_ids],
            )

    def get(self, key: str) -> tuple[int, str, tuple[int, ...]]:
        """A poll's id, title and designs.

        Raises:
            PollError: there is none with this key.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT id, title FROM polls WHERE key = ? AND workspace_id = ?",
                (key, self._database.workspace_id),
            ).fetchone()
            if row is None:
                raise PollError("There is no such poll. Take its key from the page that was made.")
            designs = connection.execute(
                "SELECT candidate_id FROM poll_designs WHERE poll_id = ? ORDER BY candidate_id",
                (row["id"],),
            ).fetchall()
        return row["id"], row["title"], tuple(each["candidate_id"] for each in designs)

    def all(self) -> tuple[Poll, ...]:
        """Every poll of the workspace, the newest first."""
        with self._database.reading() as connection:
            polls = connection.execute(
                "SELECT polls.*, (SELECT count(DISTINCT voter) FROM poll_votes "
                "WHERE poll_id = polls.id) AS voters FROM polls WHERE workspace_id = ? "
                "ORDER BY id DESC",
                (self._database.workspace_id,),
            ).fetchall()
            counts = connection.execute(
                "SELECT poll_designs.poll_id, poll_designs.candidate_id, count(voter) AS votes "
                "FROM poll_designs JOIN polls ON polls.id = poll_designs.poll_id "
                "LEFT JOIN poll_votes ON poll_votes.poll_id = poll_designs.poll_id "
                "AND poll_votes.candidate_id = poll_designs.candidate_id "
                "WHERE workspace_id = ? GROUP BY poll_designs.poll_id, poll_designs.candidate_id",
                (self._database.workspace_id,),
            ).fetchall()
        votes: dict[int, dict[int, int]] = {}
        for row in counts:
            votes.setdefault(row["poll_id"], {})[row["candidate_id"]] = row["votes"]
        return tuple(
            Poll(
                key=row["key"],
                title=row["title"],
                made_at=time_of(row["made_at"]),
                votes=votes.get(row["id"], {}),
                voters=row["voters"],
            )
            for row in polls
        )

    def vote(self, poll_id: int, candidate_id: int, voter: str) -> bool:
        """Keep a vote; the same one again changes nothing.

        Returns:
            Whether it was new.
        """
        with self._database.transaction() as connection:
            done = connection.execute(
                "INSERT OR IGNORE INTO poll_votes (poll_id, candidate_id, voter) VALUES (?, ?, ?)",
                (poll_id, candidate_id, voter),
            )
            return done.rowcount == 1

    def votes(self) -> dict[int, int]:
        """Candidate -> votes, over all polls of the workspace."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT candidate_id, count(*) AS votes FROM poll_votes JOIN polls "
                "ON polls.id = poll_id WHERE workspace_id = ? GROUP BY candidate_id",
                (self._database.workspace_id,),
            ).fetchall()
        return {row["candidate_id"]: row["votes"] for row in rows}
