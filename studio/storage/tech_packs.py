"""Tech packs: what people set by hand in them, and their revisions."""

import sqlite3
from datetime import datetime

from studio.domain import Correction, Revision, UnknownCandidateError
from studio.storage.database import Database
from studio.storage.request_rows import readable, time_of

_OWN = (
    "SELECT 1 FROM candidates JOIN groups ON groups.id = group_id "
    "WHERE candidates.id = ? AND workspace_id = ?"
)


class TechPackStore:
    """Reads and writes a workspace's `corrections` and `revisions`.

    Nothing is written over: a correction that was undone stays as a row, and the one before it
    counts again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def corrections(self, candidate_id: int) -> tuple[Correction, ...]:
        """The corrections of a design that count, in the order of making."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT corrections.* FROM corrections "
                "JOIN candidates ON candidates.id = candidate_id "
                "JOIN groups ON groups.id = group_id "
                "WHERE candidate_id = ? AND workspace_id = ? AND undone_at IS NULL "
                "ORDER BY corrections.id",
                (candidate_id, self._database.workspace_id),
            ).fetchall()
        return tuple(readable(rows, _correction))

    def correct(self, candidate_id: int, field: str, value: str, at: datetime, by: str) -> None:
        """Keep what somebody set.

        Raises:
            UnknownCandidateError: the workspace has no such design.
        """
        with self._database.transaction() as connection:
            self._check_own(connection, candidate_id)
            connection.execute(
                "INSERT INTO corrections (candidate_id, field, value, made_at, made_by) "
                "VALUES (?, ?, ?, ?, ?)",
                (candidate_id, field, value, at.isoformat(), by),
            )

    def undo(self, candidate_id: int, field: str, at: datetime) -> bool:
        """Take the newest correction of a field back; False where there is none.

        Raises:
            UnknownCandidateError: the workspace has no such design.
        """
        with self._database.transaction() as connection:
            self._check_own(connection, candidate_id)
            done = connection.execute(
                "UPDATE corrections SET undone_at = ? WHERE id = (SELECT max(id) FROM corrections "
                "WHERE candidate_id = ? AND field = ? AND undone_at IS NULL)",
                (at.isoformat(), candidate_id, field),
            )
            return done.rowcount > 0

    def latest_revision(self, candidate_id: int) -> Revision | None:
        """The newest revision of a design; None before its first sheet was taken away."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT revisions.* FROM revisions JOIN candidates ON candidates.id = candidate_id "
                "JOIN groups ON groups.id = group_id "
                "WHERE candidate_id = ? AND workspace_id = ? ORDER BY number DESC LIMIT 1",
                (candidate_id, self._database.workspace_id),
            ).fetchone()
        if row is None:
            return None
        return Revision(number=row["number"], digest=row["digest"], made_at=time_of(row["made_at"]))

    def revise(self, candidate_id: int, digest: str, at: datetime) -> Revision:
        """The revision that says this: the newest one, or a new one after it.

        Raises:
            UnknownCandidateError: the workspace has no such design.
        """
        with self._database.transaction() as connection:
            self._check_own(connection, candidate_id)
            latest = self.latest_revision(candidate_id)
            if latest is not None and latest.digest == digest:
                return latest
            number = 0 if latest is None else latest.number + 1
            connection.execute(
                "INSERT INTO revisions (candidate_id, number, digest, made_at) VALUES (?, ?, ?, ?)",
                (candidate_id, number, digest, at.isoformat()),
            )
        return Revision(number=number, digest=digest, made_at=at)

    def _check_own(self, connection: sqlite3.Connection, candidate_id: int) -> None:
        own = connection.execute(_OWN, (candidate_id, self._database.workspace_id))
        if own.fetchone() is None:
            raise UnknownCandidateError("That design is no longer there. Reload the page.")


def _correction(row: sqlite3.Row) -> Correction:
    return Correction(
        id=row["id"],
        candidate_id=row["candidate_id"],
        field=row["field"],
        value=row["value"],
        made_at=time_of(row["made_at"]),
        by=row["made_by"],
    )
