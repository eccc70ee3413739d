"""Loose images: pictures that this database had written, or named alone, and names no longer."""

from collections.abc import Iterable
from datetime import UTC, datetime

from studio.storage.database import Database
from studio.storage.request_rows import readable, time_of


class LooseImageStore:
    """Reads and writes `loose_images`.

    A picture is entered before its file is written, and leaves in the transaction that adds the
    row naming it. So what a crash left behind is known by name, and nobody has to guess from a
    folder which files are ours: another database's pictures, or a person's, are never in here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def enter(self, images: Iterable[str], since: datetime) -> None:
        """Note pictures that no row names yet, or no longer; what was noted counts from now."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO loose_images (image, since) VALUES (?, ?) "
                "ON CONFLICT (image) DO UPDATE SET since = excluded.since",
                [(image, since.astimezone(UTC).isoformat()) for image in images],
            )

    def leave(self, images: Iterable[str]) -> None:
        """Forget pictures: a row names them now, or their files are away."""
        with self._database.transaction() as connection:
            connection.executemany(
                "DELETE FROM loose_images WHERE image = ?", [(image,) for image in images]
            )

    def entered_before(self, limit: datetime) -> tuple[str, ...]:
        """What was noted before then; never what was noted in the future of that time."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT image, since FROM loose_images").fetchall()
        since = readable(rows, lambda row: (row["image"], time_of(row["since"])))
        return tuple(image for image, entered in since if entered < limit)
