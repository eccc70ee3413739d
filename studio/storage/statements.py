"""Statements: what people say that stores like and avoid, and what models made of it."""

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime

from studio.domain import NewStatement, Statement, ValueKindError
from studio.storage.database import Database
from studio.storage.request_rows import UnreadableRowError, readable
from studio.storage.stores import check_listed
from studio.values import json_of

_OWN = "store_id IN (SELECT id FROM stores WHERE workspace_id = ?)"


class StatementStore:
    """Reads and writes a workspace's `statements`; one that was taken back stays as a row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewStatement) -> None:
        """Keep what was said; what was said of the same value before counts no more.

        Raises:
            UnknownStoreError: the store is not there, or was taken off the list since.
        """
        with self._database.transaction() as connection:
            check_listed(connection, new.store_id, self._database.workspace_id)
            connection.execute(
                "UPDATE statements SET withdrawn_at = ? WHERE store_id = ? AND family = ? "
                "AND value = ? AND withdrawn_at IS NULL",
                (new.made_at, new.store_id, new.family, new.value),
            )
            connection.execute(
                "INSERT INTO statements "
                "(store_id, family, value, is_liked, made_at, prompt, designs) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    new.store_id,
                    new.family,
                    new.value,
                    int(new.is_liked),
                    new.made_at,
                    new.prompt,
                    json.dumps(new.designs),
                ),
            )

    def of_store(self, store_id: int) -> tuple[Statement, ...]:
        """The statements about a store that count, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT * FROM statements WHERE store_id = ? AND {_OWN} "
                "AND withdrawn_at IS NULL ORDER BY id DESC",
                (store_id, self._database.workspace_id),
            ).fetchall()
        return tuple(readable(rows, _statement))

    def withdraw(self, store_id: int, ids: Collection[int], at: datetime) -> int:
        """Let statements about a store count no more; how many of them did."""
        return self._mark(store_id, ids, at.isoformat(), "withdrawn_at IS NULL")

    def bring_back(self, store_id: int, ids: Collection[int]) -> int:
        """Let statements count again that were taken back; how many of them there are."""
        return self._mark(store_id, ids, None, "withdrawn_at IS NOT NULL")

    def evidence(self, store_id: int, mark: str) -> dict[int, bytes]:
        """Statement -> what was made of it, of those where it is known.

        Args:
            store_id: whom they are about.
            mark: what it has to follow from: models and profile.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT id, evidence FROM statements WHERE store_id = ? AND {_OWN} AND mark = ?",
                (store_id, self._database.workspace_id, mark),
            ).fetchall()
        return {row["id"]: row["evidence"] for row in rows}

    def keep_evidence(self, statement_id: int, mark: str, content: bytes) -> None:
        """Keep what was made of a statement."""
        with self._database.transaction() as connection:
            connection.execute(
                f"UPDATE statements SET mark = ?, evidence = ? WHERE id = ? AND {_OWN}",
                (mark, content, statement_id, self._database.workspace_id),
            )

    def _mark(self, store_id: int, ids: Collection[int], at: str | None, condition: str) -> int:
        if not ids:
            return 0
        with self._database.transaction() as connection:
            done = connection.execute(
                f"UPDATE statements SET withdrawn_at = ? WHERE store_id = ? AND {_OWN} "
                f"AND {condition} AND id IN ({', '.join('?' * len(ids))})",
                (at, store_id, self._database.workspace_id, *ids),
            )
            return done.rowcount


def _statement(row: sqlite3.Row) -> Statement:
    try:
        designs = tuple(map(str, json_of("A statement's designs", row["designs"])))
    except (ValueKindError, TypeError) as error:
        raise UnreadableRowError("A statement's designs can't be read.") from error
    return Statement(
        id=row["id"],
        store_id=row["store_id"],
        family=row["family"],
        value=row["value"],
        is_liked=bool(row["is_liked"]),
        made_at=row["made_at"],
        prompt=row["prompt"],
        designs=designs,
    )
