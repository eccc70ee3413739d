"""Which pictures a workspace may look at: those of its rounds, and those that it brought along."""

from collections.abc import Iterable

from studio.storage.database import Database


class BroughtPictureStore:
    """Reads and writes a workspace's `brought_pictures`.

    A picture's file is shared by all who have the same picture, so its name alone opens nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, images: Iterable[str]) -> None:
        """Note pictures that somebody of the workspace brought along."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO brought_pictures (workspace_id, image) VALUES (?, ?) "
                "ON CONFLICT DO NOTHING",
                [(self._database.workspace_id, image) for image in images],
            )

    def may_see(self, image: str) -> bool:
        """Whether a round of the workspace shows the picture, or somebody of it brought it.

        Args:
            image: the SHA-256 of its file.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM candidates JOIN groups ON groups.id = group_id "
                "WHERE image = ?1 AND workspace_id = ?2) OR EXISTS "
                "(SELECT 1 FROM brought_pictures WHERE image = ?1 AND workspace_id = ?2)",
                (image, self._database.workspace_id),
            ).fetchone()
        return bool(row[0])
