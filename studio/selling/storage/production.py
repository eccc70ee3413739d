"""Production orders, what came of them, and which orders it is set aside for."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from studio.selling.errors import ProductionError
from studio.selling.instants import to_text
from studio.selling.records import ProductionOrder, ProductionState
from studio.storage.database import Database
from studio.storage.request_rows import time_of


class ProductionStore:
    """Reads and writes a workspace's `production_orders`, their lines, receipts, allocations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, order: ProductionOrder) -> None:
        """Draw up an order of a batch; its id is given by the database.

        Raises:
            ProductionError: the batch has one.
        """
        try:
            with self._database.transaction() as connection:
                connection.execute(
                    "INSERT INTO production_orders (listing_id, batch, colour, state, tolerance, "
                    "incoterm, incoterm_place, made_at, ship_by) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        order.listing_id,
                        order.batch,
                        order.colour,
                        order.state,
                        order.tolerance,
                        *order.incoterm,
                        to_text(order.made_at),
                        to_text(order.ship_by),
                    ),
                )
        except sqlite3.IntegrityError as error:
            raise ProductionError(
                "This batch has a production order already. Reload the page to see it."
            ) from error

    def of_listing(self, listing_id: int) -> tuple[ProductionOrder, ...]:
        """A listing's production orders by batch."""
        return self._read("WHERE listings.id = ?", listing_id)

    def all(self) -> tuple[ProductionOrder, ...]:
        """Every production order, by listing and batch."""
        return self._read("WHERE 1")

    def get(self, order_id: int) -> ProductionOrder:
        """The production order with this id.

        Raises:
            ProductionError: there is none.
        """
        found = self._read("WHERE production_orders.id = ?", order_id)
        if not found:
            raise ProductionError("That production order is no longer there. Reload the page.")
        return found[0]

    def set_state(self, order_id: int, state: ProductionState) -> None:
        """Say where an order is."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE production_orders SET state = ? WHERE id = ?", (state, order_id)
            )

    def freeze(
        self, order_id: int, quantities: Mapping[int, int], sent_at: datetime, ship_by: datetime
    ) -> None:
        """Keep what is ordered; from now on it stays."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE production_orders SET state = ?, sent_at = ?, ship_by = ? WHERE id = ?",
                (ProductionState.SENT, to_text(sent_at), to_text(ship_by), order_id),
            )
            connection.executemany(
                "INSERT INTO production_lines (production_order_id, variant_id, quantity) "
                "VALUES (?, ?, ?)",
                [(order_id, variant, pieces) for variant, pieces in quantities.items()],
            )

    def keep_pack(self, order_id: int, name: str, content: bytes, digest: str) -> None:
        """Keep what was sent, with its SHA-256; what was kept before stays."""
        with self._database.transaction() as connection:
            done = connection.execute(
                "INSERT INTO production_packs (production_order_id, name, content) "
                "VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (order_id, name, content),
            )
            if done.rowcount:
                connection.execute(
                    "UPDATE production_orders SET digest = ? WHERE id = ?", (digest, order_id)
                )

    def pack(self, order_id: int) -> tuple[str, bytes] | None:
        """What was sent: file name and content; None where nothing was kept.

        Raises:
            ProductionError: there is no such order.
        """
        self.get(order_id)
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT name, content FROM production_packs WHERE production_order_id = ?",
                (order_id,),
            ).fetchone()
        return None if row is None else (row["name"], row["content"])

    def receive(self, order_id: int, pieces: Mapping[int, int], at: datetime) -> None:
        """Keep a delivery: variant id -> pieces."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO receipts (production_order_id, variant_id, pieces, received_at) "
                "VALUES (?, ?, ?, ?)",
                [(order_id, variant, count, to_text(at)) for variant, count in pieces.items()],
            )
            connection.executemany(
                "UPDATE production_lines SET received = received + ? "
                "WHERE production_order_id = ? AND variant_id = ?",
                [(count, order_id, variant) for variant, count in pieces.items()],
            )

    def replace_allocations(
        self, listing_id: int, allocations: Mapping[tuple[int, int], int]
    ) -> None:
        """Set pieces aside anew: (line id, production order id) -> pieces."""
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM allocations WHERE production_order_id IN "
                "(SELECT id FROM production_orders WHERE listing_id = ?)",
                (listing_id,),
            )
            connection.executemany(
                "INSERT INTO allocations (line_id, production_order_id, pieces) VALUES (?, ?, ?)",
                [(line, order, pieces) for (line, order), pieces in allocations.items()],
            )

    def allocations(self, listing_id: int) -> dict[tuple[int, int], int]:
        """(line id, production order id) -> pieces set aside."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT allocations.* FROM allocations JOIN production_orders "
                "ON production_orders.id = production_order_id JOIN listings "
                "ON listings.id = listing_id WHERE listing_id = ? AND workspace_id = ?",
                (listing_id, self._database.workspace_id),
            ).fetchall()
        return {(row["line_id"], row["production_order_id"]): row["pieces"] for row in rows}

    def _read(self, condition: str, *values: int) -> tuple[ProductionOrder, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT production_orders.* FROM production_orders JOIN listings "
                f"ON listings.id = listing_id {condition} AND workspace_id = ? "
                "ORDER BY listing_id, batch",
                (*values, self._database.workspace_id),
            ).fetchall()
            lines = connection.execute(
                "SELECT production_lines.* FROM production_lines JOIN production_orders "
                "ON production_orders.id = production_order_id JOIN listings "
                f"ON listings.id = listing_id {condition} AND workspace_id = ? ORDER BY variant_id",
                (*values, self._database.workspace_id),
            ).fetchall()
        of_order: dict[int, list[sqlite3.Row]] = {row["id"]: [] for row in rows}
        for line in lines:
            of_order[line["production_order_id"]].append(line)
        return tuple(_order(row, of_order[row["id"]]) for row in rows)


def _order(row: sqlite3.Row, lines: list[sqlite3.Row]) -> ProductionOrder:
    return ProductionOrder(
        id=row["id"],
        listing_id=row["listing_id"],
        colour=row["colour"],
        batch=row["batch"],
        state=ProductionState(row["state"]),
        quantities={line["variant_id"]: line["quantity"] for line in lines},
        received={line["variant_id"]: line["received"] for line in lines},
        tolerance=row["tolerance"],
        incoterm=(row["incoterm"], row["incoterm_place"]),
        made_at=time_of(row["made_at"]),
        ship_by=time_of(row["ship_by"]),
        sent_at=time_of(row["sent_at"]) if row["sent_at"] else None,
        digest=row["digest"],
    )
