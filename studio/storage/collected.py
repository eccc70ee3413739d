"""Collections of designs, each with its designs in order."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from studio.domain import CollectedDesign, Collection, CollectionError
from studio.storage.database import Database

_NOT_THERE = "That collection is no longer there. Reload the page."


class CollectionStore:
    """Reads and writes a workspace's `collections` and `collected`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Collection, ...]:
        """The collections that are not deleted, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id FROM collections WHERE workspace_id = ? AND deleted_at IS NULL "
                "ORDER BY id DESC",
                (self._database.workspace_id,),
            ).fetchall()
        return tuple(self.get(row["id"]) for row in rows)

    def deleted(self) -> tuple[tuple[int, str], ...]:
        """Ids and names of the deleted ones, the last deleted first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, name FROM collections WHERE workspace_id = ? "
                "AND deleted_at IS NOT NULL ORDER BY deleted_at DESC",
                (self._database.workspace_id,),
            ).fetchall()
        return tuple((row["id"], row["name"]) for row in rows)

    def get(self, collection_id: int) -> Collection:
        """One of them.

        Raises:
            CollectionError: it is not there, or deleted.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT * FROM collections WHERE id = ? AND workspace_id = ? "
                "AND deleted_at IS NULL",
                (collection_id, self._database.workspace_id),
            ).fetchone()
            if row is None:
                raise CollectionError(_NOT_THERE)
            designs = connection.execute(
                "SELECT * FROM collected WHERE collection_id = ? ORDER BY position, candidate_id",
                (collection_id,),
            ).fetchall()
        return Collection(
            id=row["id"],
            name=row["name"],
            notes=row["notes"],
            revision=row["revision"],
            designs=tuple(
                CollectedDesign(
                    candidate_id=each["candidate_id"],
                    name=each["name"],
                    price=each["price"],
                    note=each["note"],
                )
                for each in designs
            ),
        )

    def add(self, name: str, made_at: datetime) -> int:
        """Keep a new one, empty; returns its id."""
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO collections (workspace_id, name, made_at) VALUES (?, ?, ?)",
                (self._database.workspace_id, name, made_at.isoformat()),
            )
        return int(cursor.lastrowid or 0)

    def put(self, collection: Collection) -> None:
        """Replace name, notes and designs at once, if nobody else has meanwhile.

        Raises:
            CollectionError: it is not there, was changed since, or holds a design of nobody here.
        """
        with self._database.transaction() as connection:
            changed = connection.execute(
                "UPDATE collections SET name = ?, notes = ?, revision = revision + 1 "
                "WHERE id = ? AND workspace_id = ? AND deleted_at IS NULL AND revision = ?",
                (
                    collection.name,
                    collection.notes,
                    collection.id,
                    self._database.workspace_id,
                    collection.revision,
                ),
            ).rowcount
            if not changed:
                self.get(collection.id)
                raise CollectionError(
                    "This collection was changed in another tab. Open it again, then change it."
                )
            self._check_own(connection, [each.candidate_id for each in collection.designs])
            connection.execute("DELETE FROM collected WHERE collection_id = ?", (collection.id,))
            connection.executemany(
                "INSERT INTO collected (collection_id, candidate_id, position, name, price, note) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                _rows(collection.id, collection.designs),
            )

    def delete(self, collection_id: int, deleted_at: datetime | None) -> None:
        """Delete a collection, or put it back with None.

        Raises:
            CollectionError: there is no such one.
        """
        with self._database.transaction() as connection:
            changed = connection.execute(
                "UPDATE collections SET deleted_at = ? WHERE id = ? AND workspace_id = ?",
                (
                    None if deleted_at is None else deleted_at.isoformat(),
                    collection_id,
                    self._database.workspace_id,
                ),
            ).rowcount
        if not changed:
            raise CollectionError(_NOT_THERE)

    def _check_own(self, connection: sqlite3.Connection, candidate_ids: Sequence[int]) -> None:
        own = connection.execute(
            "SELECT count(DISTINCT candidates.id) FROM candidates "
            "JOIN groups ON groups.id = group_id WHERE workspace_id = ? "
            f"AND candidates.id IN ({', '.join('?' * len(candidate_ids))})",
            (self._database.workspace_id, *candidate_ids),
        ).fetchone()[0]
        if own != len(candidate_ids):
            raise CollectionError(
                "A design of this collection is no longer there. Reload the page."
            )


def _rows(
    collection_id: int, designs: Iterable[CollectedDesign]
) -> list[tuple[int, int, int, str, str, str]]:
    return [
        (collection_id, each.candidate_id, position, each.name, each.price, each.note)
        for position, each in enumerate(designs)
    ]
