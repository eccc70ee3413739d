"""Tastes: what stores' ticks have taught, version by version, and what models made of rounds."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from studio.domain import (
    BroughtTaste,
    NewTaste,
    RoundAnswer,
    TasteFacts,
    TasteVersion,
    UnknownStoreError,
    ValueKindError,
)
from studio.storage.database import Database
from studio.storage.request_rows import UnreadableRowError, readable, time_of
from studio.storage.stores import check_listed
from studio.values import json_of

KEPT_VERSIONS = 20
"""Of each store; older ones are forgotten."""
_AT_ONCE = 500


class TasteStore:
    """Reads and writes a workspace's `tastes` and `evidence`; versions are only ever added."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, taste: NewTaste) -> None:
        """Keep a new version.

        Raises:
            UnknownStoreError: the store is not there, or was taken off the list since.
        """
        with self._database.transaction() as connection:
            check_listed(connection, taste.store_id, self._database.workspace_id)
            connection.execute(
                "INSERT INTO tastes "
                "(store_id, before_id, checkpoint, mark, made_at, facts, content) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    taste.store_id,
                    taste.before_id,
                    taste.checkpoint,
                    taste.mark,
                    taste.made_at.isoformat(),
                    json.dumps(asdict(taste.facts)),
                    taste.content,
                ),
            )
            connection.execute(
                "DELETE FROM tastes WHERE store_id = ?1 AND id NOT IN "
                "(SELECT id FROM tastes WHERE store_id = ?1 ORDER BY id DESC LIMIT ?2)",
                (taste.store_id, KEPT_VERSIONS),
            )

    def latest(self, store_id: int, checkpoint: str | None = None) -> TasteVersion | None:
        """The newest version of a store that can be read.

        Args:
            store_id: whose.
            checkpoint: learnt with these models; None for any.
        """
        return self._first("(?2 IS NULL OR checkpoint = ?2)", store_id, checkpoint)

    def with_mark(self, store_id: int, mark: str) -> TasteVersion | None:
        """The newest version of a store with this content; None where none is kept."""
        return self._first("mark = ?2", store_id, mark)

    def get(self, store_id: int, version_id: int) -> TasteVersion | None:
        """A version of a store; None when it is forgotten."""
        return self._first("tastes.id = ?2", store_id, version_id)

    def answers(self, store_id: int) -> tuple[RoundAnswer, ...]:
        """The rounds that a store has answered and that are not deleted, newest answer first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT group_id, selections.made_at FROM selections "
                "JOIN groups ON groups.id = group_id "
                "WHERE store_id = ? AND workspace_id = ? AND deleted_at IS NULL "
                "ORDER BY selections.made_at DESC, group_id DESC",
                (store_id, self._database.workspace_id),
            ).fetchall()
        return tuple(RoundAnswer(row["group_id"], row["made_at"]) for row in rows)

    def evidence(self, group_ids: Iterable[int], mark: str) -> dict[int, bytes]:
        """What was made of these rounds, of those where it is known.

        Args:
            group_ids: the rounds.
            mark: what it has to follow from: models and profile.
        """
        wanted, found = list(group_ids), dict[int, bytes]()
        with self._database.reading() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                rows = connection.execute(
                    "SELECT group_id, content FROM evidence JOIN groups ON groups.id = group_id "
                    f"WHERE group_id IN ({', '.join('?' * len(some))}) AND mark = ? "
                    "AND workspace_id = ?",
                    (*some, mark, self._database.workspace_id),
                ).fetchall()
                found |= {row["group_id"]: row["content"] for row in rows}
        return found

    def keep_evidence(self, contents: Mapping[int, bytes], mark: str) -> None:
        """Keep what was made of rounds; of rounds that are gone nothing is kept."""
        with self._database.transaction() as connection:
            connection.executemany(
                "REPLACE INTO evidence (group_id, mark, content) "
                "SELECT id, ?, ? FROM groups WHERE id = ? AND workspace_id = ?",
                [
                    (mark, content, group_id, self._database.workspace_id)
                    for group_id, content in contents.items()
                ],
            )

    def brought(self, store_id: int) -> BroughtTaste | None:
        """What came with a file from another studio; None where nothing did."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT brought_tastes.made_at, content FROM brought_tastes "
                "JOIN stores ON stores.id = store_id WHERE store_id = ? AND workspace_id = ?",
                (store_id, self._database.workspace_id),
            ).fetchone()
        return None if row is None else BroughtTaste(row["made_at"], row["content"])

    def keep_brought(self, store_id: int, brought: BroughtTaste) -> None:
        """Keep what came with a file.

        Raises:
            UnknownStoreError: the store is not there.
        """
        with self._database.transaction() as connection:
            kept = connection.execute(
                "REPLACE INTO brought_tastes (store_id, made_at, content) "
                "SELECT id, ?, ? FROM stores WHERE id = ? AND workspace_id = ?",
                (brought.made_at, brought.content, store_id, self._database.workspace_id),
            )
            if not kept.rowcount:
                raise UnknownStoreError("That store is no longer there. Reload the page.")

    def _first(self, condition: str, store_id: int, value: str | int | None) -> TasteVersion | None:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT tastes.* FROM tastes JOIN stores ON stores.id = store_id "
                f"WHERE store_id = ?1 AND {condition} AND workspace_id = ?3 "
                "ORDER BY tastes.id DESC",
                (store_id, value, self._database.workspace_id),
            ).fetchall()
        return next(readable(rows, _version), None)


def _version(row: sqlite3.Row) -> TasteVersion:
    return TasteVersion(
        id=row["id"],
        store_id=row["store_id"],
        before_id=row["before_id"],
        checkpoint=row["checkpoint"],
        mark=row["mark"],
        made_at=time_of(row["made_at"]),
        facts=_facts(row["facts"]),
        content=row["content"],
    )


def _facts(text: str) -> TasteFacts:
    try:
        read = json_of("A taste's facts", text)
        for name in ("counted", "left_out"):
            read[name] = tuple(RoundAnswer(**each) for each in read[name])
        read["said"] = tuple(read.get("said", ()))  # older versions know of none
        return TasteFacts(**read)
    except (ValueKindError, KeyError, TypeError) as error:
        raise UnreadableRowError("What is told of a taste can't be read.") from error
