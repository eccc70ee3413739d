"""Orders with their lines, and the pieces that they add up to."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from studio.selling.instants import to_text
from studio.selling.records import Order, Units, Waiting
from studio.selling.storage.order_writer import OrderWriter
from studio.storage.database import Database
from studio.storage.request_rows import time_of

_UNITS = """sum((lines.ordered - lines.cancelled) * orders.is_firm) AS firm,
    sum((lines.ordered - lines.cancelled) * orders.is_firm * orders.is_paid) AS paid,
    sum(lines.returned) AS returned"""
_LINES = """order_lines AS lines JOIN orders ON orders.id = lines.order_id
    JOIN variants ON variants.id = lines.variant_id"""


@dataclass(frozen=True)
class Wanted:
    """A line that pieces can be set aside for.

    Attributes:
        pieces: firm ones.
    """

    line_id: int
    variant_id: int
    pieces: int
    order: str


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What became of a file that was imported.

    Attributes:
        reasons: (number of a row, why it was refused); the first ones of them.
    """

    kind: str
    source: str
    digest: str
    rows: int
    taken: int
    unchanged: int
    refused: int
    reasons: tuple[tuple[int, str], ...]
    made_at: datetime


class OrderStore:
    """Reads and writes a workspace's `orders`, `order_lines` and `import_batches`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def writer(self, orders: Sequence[Order]) -> OrderWriter:
        """What writes some orders of one shop, within the transaction that has begun."""
        return OrderWriter(self._database, orders)

    def pieces_of_line(self, source: str, external_id: str, key: str) -> int | None:
        """Firm pieces of a line; None where it is not known."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT (lines.ordered - lines.cancelled) * orders.is_firm FROM order_lines AS "
                "lines JOIN orders ON orders.id = lines.order_id WHERE workspace_id = ? "
                "AND source = ? AND external_id = ? AND key = ?",
                (self._database.workspace_id, source, external_id, key),
            ).fetchone()
        return None if row is None else int(row[0])

    def return_pieces(
        self, source: str, name: str, sku: str, returned: int, as_of: datetime
    ) -> int:
        """Say how many pieces of an order came back in all; what is older changes nothing.

        Args:
            source: the shop.
            name: the order's name or id there.
            sku: of the line.
            returned: pieces, of all lines with this article together.
            as_of: when this was so.

        Returns:
            -1 for no such order, 0 where nothing was new, 1 where something was, -2 where more
            would come back than were ordered.
        """
        with self._database.transaction() as connection:
            lines = connection.execute(
                f"SELECT lines.id, lines.ordered, lines.returned FROM {_LINES} "
                "WHERE orders.workspace_id = ? AND source = ? AND (external_id = ? OR name = ?) "
                "AND sku = ? ORDER BY lines.id",
                (self._database.workspace_id, source, name, name, sku),
            ).fetchall()
            if not lines:
                return -1
            if returned > sum(line["ordered"] for line in lines):
                return -2
            if returned <= sum(line["returned"] for line in lines):
                return 0
            left = returned
            for line in lines:
                here = min(left, line["ordered"])
                left -= here
                connection.execute(
                    "UPDATE order_lines SET returned = ? WHERE id = ?", (here, line["id"])
                )
        return 1

    def units(self, listing_id: int) -> dict[int, Units]:
        """Variant id -> pieces, of one listing."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT variants.id, {_UNITS} FROM {_LINES} WHERE variants.listing_id = ? "
                "AND orders.workspace_id = ? GROUP BY variants.id",
                (listing_id, self._database.workspace_id),
            ).fetchall()
        return {row["id"]: Units(row["firm"], row["paid"], row["returned"]) for row in rows}

    def all_units(self) -> dict[int, dict[int, Units]]:
        """Listing id -> variant id -> pieces, of every listing."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT variants.listing_id, variants.id, {_UNITS} FROM {_LINES} "
                "WHERE orders.workspace_id = ? GROUP BY variants.listing_id, variants.id",
                (self._database.workspace_id,),
            ).fetchall()
        found: dict[int, dict[int, Units]] = {}
        for row in rows:
            units = Units(row["firm"], row["paid"], row["returned"])
            found.setdefault(row["listing_id"], {})[row["id"]] = units
        return found

    def sold(self, listing_id: int) -> int:
        """Firm pieces of a whole listing."""
        return sum(each.firm for each in self.units(listing_id).values())

    def come_by(self, steps: int, listing_ids: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
        """Of some listings: for each part of its time, (pieces ordered at first, firm pieces).

        Args:
            steps: how many parts the time has.
            listing_ids: of the listings.
        """
        if not listing_ids:
            return {}
        places = ", ".join("?" * len(listing_ids))
        part = (
            "(unixepoch(orders.placed_at) - unixepoch(opens)) * ? / "
            "max(unixepoch(closes) - unixepoch(opens), 1)"
        )
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT listings.id, min(max({part}, 0), ? - 1) AS part, sum(lines.ordered) AS "
                "ordered, sum((lines.ordered - lines.cancelled) * orders.is_firm) AS firm "
                f"FROM {_LINES} JOIN listings ON listings.id = variants.listing_id "
                f"WHERE orders.workspace_id = ? AND listings.id IN ({places}) "
                "GROUP BY listings.id, part",
                (steps, steps, self._database.workspace_id, *listing_ids),
            ).fetchall()
        found = {listing_id: [(0, 0)] * steps for listing_id in listing_ids}
        for row in rows:
            found[row["id"]][row["part"]] = (row["ordered"], row["firm"])
        return found

    def wanted(self, listing_id: int) -> list[Wanted]:
        """Lines that pieces are set aside for, first those already sent, then the oldest."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT lines.id, variants.id AS variant_id, orders.name, "
                f"lines.ordered - lines.cancelled AS pieces FROM {_LINES} "
                "WHERE variants.listing_id = ? AND orders.workspace_id = ? AND orders.is_firm = 1 "
                "AND lines.ordered > lines.cancelled "
                "ORDER BY orders.is_fulfilled DESC, orders.placed_at, orders.id, lines.id",
                (listing_id, self._database.workspace_id),
            ).fetchall()
        return [Wanted(row["id"], row["variant_id"], row["pieces"], row["name"]) for row in rows]

    def known_of(self, source: str) -> dict[str, bool]:
        """Id of each order of a shop -> whether it is firm."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT external_id, is_firm FROM orders WHERE workspace_id = ? AND source = ?",
                (self._database.workspace_id, source),
            ).fetchall()
        return {row["external_id"]: bool(row["is_firm"]) for row in rows}

    def to_refund(self, listing_id: int, variant_ids: Sequence[int]) -> list[Waiting]:
        """The paid lines of some variants: of a mixed order only these."""
        places = ", ".join("?" * len(variant_ids))
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT orders.source, orders.name, variants.sku, lines.ordered - lines.cancelled "
                f"AS pieces FROM {_LINES} WHERE variants.listing_id = ? AND orders.workspace_id = ?"
                f" AND orders.is_firm = 1 AND orders.is_paid = 1 AND lines.ordered > "
                f"lines.cancelled AND variants.id IN ({places}) "
                "ORDER BY orders.placed_at, orders.id, lines.id",
                (listing_id, self._database.workspace_id, *variant_ids),
            ).fetchall()
        return [Waiting(row["name"], row["sku"], row["pieces"]) for row in rows]

    def oversold(self, listing_id: int) -> int:
        """How many lines came in beyond the cap."""
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT count(*) FROM {_LINES} WHERE variants.listing_id = ? AND is_oversold = 1 "
                "AND orders.workspace_id = ?",
                (listing_id, self._database.workspace_id),
            ).fetchone()
        return int(row[0])

    def add_batch(self, batch: Batch, as_of: datetime | None) -> None:
        """Keep what became of a file."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO import_batches (workspace_id, kind, source, digest, as_of, rows, "
                "taken, unchanged, refused, reasons, made_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    self._database.workspace_id,
                    batch.kind,
                    batch.source,
                    batch.digest,
                    None if as_of is None else to_text(as_of),
                    batch.rows,
                    batch.taken,
                    batch.unchanged,
                    batch.refused,
                    json.dumps(batch.reasons, ensure_ascii=False),
                    to_text(batch.made_at),
                ),
            )

    def batches(self, newest: int = 20) -> tuple[Batch, ...]:
        """The newest imports, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM import_batches WHERE workspace_id = ? ORDER BY id DESC LIMIT ?",
                (self._database.workspace_id, newest),
            ).fetchall()
        return tuple(_batch(row) for row in rows)


def _batch(row: sqlite3.Row) -> Batch:
    reasons: Iterable[Sequence[object]] = json.loads(row["reasons"])
    return Batch(
        kind=row["kind"],
        source=row["source"],
        digest=row["digest"],
        rows=row["rows"],
        taken=row["taken"],
        unchanged=row["unchanged"],
        refused=row["refused"],
        reasons=tuple((int(str(number)), str(reason)) for number, reason in reasons),
        made_at=time_of(row["made_at"]),
    )
