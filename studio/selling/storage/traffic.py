"""Days of traffic after launch, item by item."""

from dataclasses import dataclass
from datetime import date, timedelta

from studio.selling.launch import Traffic
from studio.storage.database import Database


@dataclass(frozen=True, kw_only=True)
class TrafficDay:
    """What an item met with on a day, by one channel.

    Attributes:
        orders: placed on that day.
        returns: of those orders, whenever they came back.
    """

    store: str
    item: str
    is_ai: bool
    channel: str
    day: date
    impressions: int
    clicks: int
    orders: int
    returns: int


class TrafficStore:
    """Reads and writes a workspace's `traffic_days`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, day: TrafficDay, is_simulated: bool) -> bool:
        """Keep a day; the same day of an item again replaces it.

        Returns:
            Whether anything was new.
        """
        counts = (int(day.is_ai), day.impressions, day.clicks, day.orders, day.returns)
        key = (
            self._database.workspace_id,
            int(is_simulated),
            day.store,
            day.item,
            day.channel,
            day.day.isoformat(),
        )
        with self._database.transaction() as connection:
            known = connection.execute(
                "SELECT is_ai, impressions, clicks, orders, returns FROM traffic_days WHERE "
                "workspace_id = ? AND is_simulated = ? AND store = ? AND item = ? AND channel = ? "
                "AND day = ?",
                key,
            ).fetchone()
            if known is not None and tuple(known) == counts:
                return False
            connection.execute(
                "REPLACE INTO traffic_days (workspace_id, is_simulated, store, item, channel, day, "
                "is_ai, impressions, clicks, orders, returns) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*key, *counts),
            )
        return True

    def items(self, today: date, return_window: timedelta, is_simulated: bool) -> list[Traffic]:
        """Each item with all its days together, real or simulated, never both.

        Returns count for orders alone that are older than the time for sending back.
        """
        settled = (today - return_window).isoformat()
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT store, item, is_ai, sum(impressions) AS impressions, sum(clicks) AS clicks,"
                " sum(orders) AS orders, sum(orders * (day <= ?1)) AS settled, "
                "sum(returns * (day <= ?1)) AS returns FROM traffic_days "
                "WHERE workspace_id = ?2 AND is_simulated = ?3 GROUP BY store, item, is_ai",
                (settled, self._database.workspace_id, int(is_simulated)),
            ).fetchall()
        return [
            Traffic(
                store=row["store"],
                is_ai=bool(row["is_ai"]),
                impressions=row["impressions"],
                clicks=row["clicks"],
                orders=row["orders"],
                settled=row["settled"],
                returns=row["returns"],
            )
            for row in rows
        ]
