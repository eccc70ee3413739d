"""The launch desk: brings traffic in, and compares designs made with AI with the stores' own."""

from datetime import date, timedelta
from typing import IO

from studio.selling.errors import OrderError, OrdersFileError
from studio.selling.keeper import Keeper
from studio.selling.launch import Change, compare
from studio.selling.order_desk import Tally
from studio.selling.order_files import digest_of
from studio.selling.simulated_launch import simulated_traffic
from studio.selling.storage.orders import Batch
from studio.selling.storage.traffic import TrafficDay, TrafficStore
from studio.selling.tables import Row, name_in, pieces_in, read_table
from studio.storage.database import Database

TRAFFIC_COLUMNS = (
    "store",
    "item",
    "made_by",
    "channel",
    "day",
    "impressions",
    "clicks",
    "orders",
    "returns",
)
"""A row for each item, channel and day; made_by is "ai" or "own"."""
RETURN_WINDOW = timedelta(days=30)


class LaunchDesk:
    """Keeps traffic and compares.

    Args:
        database: a visitor's view of it.
        keeper: keeps what became of files, and knows the time.
    """

    def __init__(self, database: Database, keeper: Keeper) -> None:
        self._database = database
        self._keeper = keeper
        self._traffic = TrafficStore(database)

    def import_file(self, file: IO[bytes], is_simulated: bool = False) -> Batch:
        """Take a file of traffic, each row that can be used; the same twice changes nothing.

        Raises:
            OrdersFileError: it is no such table.
        """
        digest = digest_of(file)
        columns, rows = read_table(file)
        if not set(TRAFFIC_COLUMNS) <= set(columns):
            raise OrdersFileError(
                f"A table of traffic has the columns {', '.join(TRAFFIC_COLUMNS)}."
            )
        tally = Tally()
        with self._database.transaction():
            tally.take_rows(rows, lambda row: self._traffic.put(_day(row), is_simulated))
            kind = "simulated traffic" if is_simulated else "traffic"
            batch = tally.batch(kind, "traffic", digest, tally.rows, self._keeper.now())
            self._keeper.orders.add_batch(batch, None)
        return batch

    def simulate(self) -> None:
        """Bring the traffic of simulated stores in, the same each time; never beside real ones."""
        day = self._keeper.now().date() - 2 * RETURN_WINDOW
        with self._database.transaction():
            for each in simulated_traffic(day):
                self._traffic.put(each, is_simulated=True)

    def changes(self, is_simulated: bool = False) -> dict[str, Change]:
        """How rates differ, real or simulated; see `launch.compare`."""
        today = self._keeper.now().date()
        return compare(self._traffic.items(today, RETURN_WINDOW, is_simulated))


def _day(row: Row) -> TrafficDay:
    made_by = row.get("made_by", "")
    if made_by not in ("ai", "own"):
        raise OrderError(f"made_by should be ai or own, not {made_by[:40]!r}.")
    try:
        day = date.fromisoformat(row.get("day", ""))
    except ValueError:
        raise OrderError("day should be one such as 2026-11-30.") from None
    store, item = name_in(row, "store"), name_in(row, "item")
    if not store or not item:
        raise OrderError("store and item are needed in each row.")
    counts = {name: pieces_in(row, name) for name in TRAFFIC_COLUMNS[5:]}
    if counts["clicks"] > counts["impressions"] or counts["returns"] > counts["orders"]:
        raise OrderError("There are more clicks than impressions, or more returns than orders.")
    return TrafficDay(
        store=store, item=item, is_ai=made_by == "ai", channel=row.get("channel", ""), day=day,
        impressions=counts["impressions"], clicks=counts["clicks"], orders=counts["orders"],
        returns=counts["returns"],
    )  # fmt: skip
