"""Favourite phrases, as they were typed."""

from datetime import datetime

from studio.storage.database import Database


class PhraseStore:
    """Reads and writes a workspace's `favourite_phrases`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[str, ...]:
        """The favourites, in the order of keeping."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT phrase FROM favourite_phrases WHERE workspace_id = ? "
                "ORDER BY kept_at, phrase",
                (self._database.workspace_id,),
            ).fetchall()
        return tuple(row["phrase"] for row in rows)

    def keep(self, phrase: str, kept_at: datetime) -> None:
        """Keep a phrase; one that is kept already stays where it is."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO favourite_phrases (workspace_id, phrase, kept_at) VALUES (?, ?, ?) "
                "ON CONFLICT (workspace_id, phrase) DO NOTHING",
                (self._database.workspace_id, phrase, kept_at.isoformat()),
            )

    def drop(self, phrase: str) -> None:
        """Keep a phrase no longer; nothing happens to one that is not kept."""
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM favourite_phrases WHERE workspace_id = ? AND phrase = ?",
                (self._database.workspace_id, phrase),
            )
