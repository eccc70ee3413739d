"""What other catalogues offer, by what their words tell."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from studio.storage.database import Database
from studio.values import json_of


@dataclass(frozen=True)
class Item:
    """An article of another catalogue.

    Attributes:
        handle: what tells it from the catalogue's others.
        told: family -> value, as far as its words tell.
    """

    handle: str
    title: str
    told: Mapping[str, str]


class CatalogueStore:
    """Reads and writes a workspace's `catalogue_items`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, source: str, item: Item) -> bool:
        """Keep an article; the same one again replaces what was known.

        Returns:
            Whether anything was new.
        """
        key = (self._database.workspace_id, source, item.handle)
        new = (item.title, json.dumps(dict(sorted(item.told.items())), ensure_ascii=False))
        with self._database.transaction() as connection:
            known = connection.execute(
                "SELECT title, told FROM catalogue_items WHERE workspace_id = ? AND source = ? "
                "AND handle = ?",
                key,
            ).fetchone()
            if known is not None and tuple(known) == new:
                return False
            connection.execute(
                "REPLACE INTO catalogue_items (workspace_id, source, handle, title, told) "
                "VALUES (?, ?, ?, ?, ?)",
                (*key, *new),
            )
        return True

    def all(self) -> tuple[tuple[str, Item], ...]:
        """Every article with its catalogue."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM catalogue_items WHERE workspace_id = ? ORDER BY source, handle",
                (self._database.workspace_id,),
            ).fetchall()
        return tuple(
            (row["source"], Item(row["handle"], row["title"], json_of("An article", row["told"])))
            for row in rows
        )
