"""Stores: who the designs are for."""

import sqlite3
from datetime import datetime

from studio.domain import Store, UnknownStoreError
from studio.storage.database import Database

_COLUMNS = """stores.id, stores.key, stores.name, stores.profile, stores.house_rules, (
    SELECT count(*) FROM groups JOIN selections ON selections.group_id = groups.id
    WHERE groups.store_id = stores.id AND groups.deleted_at IS NULL
) AS taught"""


class StoreStore:
    """Reads and writes a workspace's `stores`; a removed one keeps its rounds and can come back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key: str, name: str, profile: str) -> int:
        """Keep a new store.

        Returns:
            Its id.
        """
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO stores (workspace_id, key, name, profile) VALUES (?, ?, ?, ?)",
                (self._database.workspace_id, key, name, profile),
            )
            return int(cursor.lastrowid or 0)

    def add_if_new(self, key: str, name: str, profile: str) -> None:
        """Keep a store unless its key is known; a removed one stays removed."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO stores (workspace_id, key, name, profile) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (workspace_id, key) DO NOTHING",
                (self._database.workspace_id, key, name, profile),
            )

    def change(self, store_id: int, name: str, profile: str) -> None:
        """Replace a store's name and profile; its rounds keep the profile that they had.

        Raises:
            UnknownStoreError: there is no such store.
        """
        self._update(
            "UPDATE stores SET name = ?, profile = ? WHERE id = ?", name, profile, store_id
        )

    def set_house_rules(self, store_id: int, rules: str) -> None:
        """Replace what a store never sells; its rounds keep the rules that they were drawn by.

        Raises:
            UnknownStoreError: there is no such store.
        """
        self._update("UPDATE stores SET house_rules = ? WHERE id = ?", rules, store_id)

    def remove(self, store_id: int, removed_at: datetime) -> None:
        """Take a store off the list.

        Raises:
            UnknownStoreError: there is no such store.
        """
        self._update(
            "UPDATE stores SET removed_at = ? WHERE id = ?", removed_at.isoformat(), store_id
        )

    def bring_back(self, store_id: int) -> None:
        """Undo a removal.

        Raises:
            UnknownStoreError: there is no such store.
        """
        self._update("UPDATE stores SET removed_at = NULL WHERE id = ?", store_id)

    def get(self, store_id: int) -> Store:
        """The store with this id, removed or not.

        Raises:
            UnknownStoreError: there is none.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM stores WHERE id = ? AND workspace_id = ?",
                (store_id, self._database.workspace_id),
            ).fetchone()
        if row is None:
            raise UnknownStoreError("That store is no longer there. Reload the page.")
        return _store(row)

    def find(self, key: str) -> int | None:
        """The id of the store with this key, removed or not; None if there is none."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT id FROM stores WHERE key = ? AND workspace_id = ?",
                (key, self._database.workspace_id),
            ).fetchone()
        return int(row["id"]) if row else None

    def all(self) -> tuple[Store, ...]:
        """The stores that are not removed, by name."""
        return self._by_name("removed_at IS NULL")

    def removed(self) -> tuple[Store, ...]:
        """Those that are, by name."""
        return self._by_name("removed_at IS NOT NULL")

    def _by_name(self, which: str) -> tuple[Store, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM stores WHERE {which} AND workspace_id = ? "
                "ORDER BY name COLLATE NOCASE, id",
                (self._database.workspace_id,),
            ).fetchall()
        return tuple(_store(row) for row in rows)

    def _update(self, statement: str, *values: str | int) -> None:
        with self._database.transaction() as connection:
            statement = f"{statement} AND workspace_id = ?"
            values = (*values, self._database.workspace_id)
            if connection.execute(statement, values).rowcount == 0:
                raise UnknownStoreError("That store is no longer there. Reload the page.")


def _store(row: sqlite3.Row) -> Store:
    return Store(
        id=row["id"],
        key=row["key"],
        name=row["name"],
        profile=row["profile"],
        taught=row["taught"],
        house_rules=row["house_rules"],
    )


def check_listed(connection: sqlite3.Connection, store_id: int, workspace_id: int) -> None:
    """Refuse a store that nothing is to be kept of.

    Raises:
        UnknownStoreError: the workspace has no such store, or it was taken off the list.
    """
    own = connection.execute(
        "SELECT 1 FROM stores WHERE id = ? AND workspace_id = ? AND removed_at IS NULL",
        (store_id, workspace_id),
    )
    if own.fetchone() is None:
        raise UnknownStoreError("That store is no longer there. Reload the page.")
