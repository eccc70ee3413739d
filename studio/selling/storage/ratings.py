"""Panels of experts: which pictures they see, and what they gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from studio.selling.agreement import Rating
from studio.selling.errors import PanelError
from studio.selling.instants import to_text
from studio.storage.database import Database
from studio.storage.request_rows import time_of


@dataclass(frozen=True)
class Panel:
    """A panel on the list.

    Attributes:
        pictures: how many there are to rate.
        raters: how many people have rated any.
    """

    id: int
    name: str
    made_at: datetime
    pictures: int
    raters: int


class RatingStore:
    """Reads and writes a workspace's `rating_panels`, `rating_items` and `ratings`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, pictures: Mapping[str, bool], made_at: datetime) -> int:
        """Keep a panel: SHA-256 of each picture -> whether it was made with AI.

        Returns:
            Its id.
        """
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO rating_panels (workspace_id, name, made_at) VALUES (?, ?, ?)",
                (self._database.workspace_id, name, to_text(made_at)),
            )
            panel_id = int(cursor.lastrowid or 0)
            connection.executemany(
                "INSERT INTO rating_items (panel_id, image, is_ai) VALUES (?, ?, ?)",
                [(panel_id, image, int(is_ai)) for image, is_ai in pictures.items()],
            )
        return panel_id

    def panels(self) -> tuple[Panel, ...]:
        """Every panel of the workspace, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT rating_panels.*, (SELECT count(*) FROM rating_items "
                "WHERE panel_id = rating_panels.id) AS pictures, (SELECT count(DISTINCT rater) "
                "FROM ratings JOIN rating_items ON rating_items.id = item_id "
                "WHERE panel_id = rating_panels.id) AS raters FROM rating_panels "
                "WHERE workspace_id = ? ORDER BY id DESC",
                (self._database.workspace_id,),
            ).fetchall()
        return tuple(
            Panel(row["id"], row["name"], time_of(row["made_at"]), row["pictures"], row["raters"])
            for row in rows
        )

    def items(self, panel_id: int) -> dict[int, tuple[str, bool]]:
        """Item -> (SHA-256 of its picture, whether it was made with AI).

        Raises:
            PanelError: there is no such panel.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT rating_items.* FROM rating_items JOIN rating_panels "
                "ON rating_panels.id = panel_id WHERE panel_id = ? AND workspace_id = ?",
                (panel_id, self._database.workspace_id),
            ).fetchall()
        if not rows:
            raise PanelError("That panel is no longer there. Reload the page.")
        return {row["id"]: (row["image"], bool(row["is_ai"])) for row in rows}

    def put(self, item_id: int, rater: str, aspect: str, score: int) -> None:
        """Keep a score; a rater's later one replaces the earlier."""
        with self._database.transaction() as connection:
            connection.execute(
                "REPLACE INTO ratings (item_id, rater, aspect, score) VALUES (?, ?, ?, ?)",
                (item_id, rater, aspect, score),
            )

    def ratings(self, panel_id: int) -> dict[str, list[Rating]]:
        """Aspect -> its ratings."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT ratings.* FROM ratings JOIN rating_items ON rating_items.id = item_id "
                "JOIN rating_panels ON rating_panels.id = panel_id "
                "WHERE panel_id = ? AND workspace_id = ? ORDER BY item_id, rater",
                (panel_id, self._database.workspace_id),
            ).fetchall()
        found: dict[str, list[Rating]] = {}
        for row in rows:
            found.setdefault(row["aspect"], []).append((row["rater"], row["item_id"], row["score"]))
        return found
