"""Selections: which candidates of a round a person ticked."""

import sqlite3

from studio.domain import Selection, UnknownCandidateError
from studio.storage.database import Database
from studio.storage.request_rows import time_of


class SelectionStore:
    """Reads and writes a workspace's `selections` and `ticks`; a group's latest selection wins."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, selection: Selection) -> None:
        """Replace the group's selection, or leave the earlier one untouched on error.

        Raises:
            UnknownCandidateError: the group is not there, or holds not all of the candidates.
        """
        ticks = [(selection.group_id, candidate_id) for candidate_id in selection.candidate_ids]
        try:
            with self._database.transaction() as connection:
                own = connection.execute(
                    "SELECT 1 FROM groups WHERE id = ? AND workspace_id = ?",
                    (selection.group_id, self._database.workspace_id),
                )
                if own.fetchone() is None:
                    raise sqlite3.IntegrityError("The round is another workspace's, or nobody's.")
                connection.execute(
                    "REPLACE INTO selections (group_id, made_at, profile) VALUES (?, ?, ?)",
                    (selection.group_id, selection.made_at.isoformat(), selection.profile),
                )
                connection.executemany(
                    "INSERT INTO ticks (group_id, candidate_id) VALUES (?, ?)", ticks
                )
        except sqlite3.IntegrityError as error:
            raise UnknownCandidateError(
                f"Round {selection.group_id} does not hold all of these images. Reload the page, "
                "then tick again."
            ) from error

    def withdraw(self, group_id: int) -> None:
        """Take the group's answer away: it is unanswered again."""
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM selections WHERE group_id = "
                "(SELECT id FROM groups WHERE id = ? AND workspace_id = ?)",
                (group_id, self._database.workspace_id),
            )

    def of_group(self, group_id: int) -> Selection | None:
        """The answer to a round; None when it has none."""
        with self._database.reading() as connection:
            answer = connection.execute(
                "SELECT selections.* FROM selections JOIN groups ON groups.id = group_id "
                "WHERE group_id = ? AND workspace_id = ?",
                (group_id, self._database.workspace_id),
            ).fetchone()
            if answer is None:
                return None
            rows = connection.execute(
                "SELECT candidate_id FROM ticks WHERE group_id = ?", (group_id,)
            ).fetchall()
        return Selection(
            group_id=group_id,
            candidate_ids=frozenset(row["candidate_id"] for row in rows),
            made_at=time_of(answer["made_at"]),
            profile=answer["profile"],
        )
