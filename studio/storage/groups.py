"""Groups: the rounds that were generated, with their candidates."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from studio.domain import (
    Candidate,
    CandidateGroup,
    NewCandidate,
    RoundRequest,
    UnknownGroupError,
)
from studio.storage.database import Database
from studio.storage.request_rows import request_from_text, request_to_text
from studio.storage.selections import SelectionStore


class GroupStore:
    """Reads and writes `groups` and `candidates`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._selections = SelectionStore(database)

    def latest_id(self) -> int | None:
        """The id of the newest round."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT max(id) AS id FROM groups").fetchone()
        return None if row["id"] is None else int(row["id"])

    def add(
        self,
        request: RoundRequest,
        prompt: str,
        candidates: Sequence[NewCandidate],
        made_at: datetime,
    ) -> int:
        """Keep a round; its images are on the disk already.

        Returns:
            The group's id.

        Raises:
            UnknownGroupError: the round it goes on from does not exist.
        """
        try:
            with self._database.transaction() as connection:
                cursor = connection.execute(
                    "INSERT INTO groups (parent_id, request, prompt, made_at) VALUES (?, ?, ?, ?)",
                    (request.parent_id, request_to_text(request), prompt, made_at.isoformat()),
                )
                group_id = int(cursor.lastrowid or 0)
                connection.executemany(
                    "INSERT INTO candidates (group_id, position, seed, image) VALUES (?, ?, ?, ?)",
                    [
                        (group_id, position, candidate.seed, candidate.image)
                        for position, candidate in enumerate(candidates, start=1)
                    ],
                )
        except sqlite3.IntegrityError as error:
            raise UnknownGroupError("The round to go on from is no longer there.") from error
        return group_id

    def get(self, group_id: int) -> CandidateGroup:
        """The round with this id, with its latest answer.

        Raises:
            UnknownGroupError: there is none.
        """
        with self._database.reading() as connection:
            row = connection.execute("SELECT * FROM groups WHERE id = ?", (group_id,)).fetchone()
            if row is None:
                raise UnknownGroupError("That round is no longer there. Reload the page.")
            candidates = connection.execute(
                "SELECT * FROM candidates WHERE group_id = ? ORDER BY position", (group_id,)
            ).fetchall()
        return CandidateGroup(
            id=row["id"],
            parent_id=row["parent_id"],
            request=request_from_text(row["request"]),
            prompt=row["prompt"],
            made_at=datetime.fromisoformat(row["made_at"]),
            candidates=tuple(_candidate(candidate) for candidate in candidates),
            selected_ids=self._selections.of_group(group_id),
        )

    def lineage(self, group_id: int, limit: int = 12) -> tuple[CandidateGroup, ...]:
        """The rounds that led to this one, oldest first, itself included; the last `limit`."""
        with self._database.reading() as connection:
            rows = connection.execute(
                """WITH RECURSIVE line (id, parent_id, depth) AS (
                    SELECT id, parent_id, 1 FROM groups WHERE id = ?
                    UNION ALL
                    SELECT groups.id, groups.parent_id, depth + 1
                    FROM groups JOIN line ON groups.id = line.parent_id WHERE depth < ?
                ) SELECT id FROM line ORDER BY depth DESC""",
                (group_id, limit),
            ).fetchall()
        return tuple(self.get(row["id"]) for row in rows)

    def image_digests(self) -> frozenset[str]:
        """The images that a round shows."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT image FROM candidates").fetchall()
        return frozenset(row["image"] for row in rows)


def _candidate(row: sqlite3.Row) -> Candidate:
    return Candidate(id=row["id"], position=row["position"], seed=row["seed"], image=row["image"])
