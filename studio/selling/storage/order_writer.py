"""Writes orders: what is known of many of them is read at once, then each is compared with it."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from studio.selling.instants import to_text
from studio.selling.records import Order, OrderLine
from studio.storage.database import Database

NAMED = "name:"
"""How the id of an order begins of which a shop tells the name alone."""
_ORDERS = """SELECT id, as_of, external_id, name, placed_at, is_firm, is_paid, is_fulfilled
    FROM orders WHERE workspace_id = ? AND source = ?"""
_LISTED = "IN (SELECT value FROM json_each(?))"


@dataclass
class _KnownOrder:
    """An order as its row says; `facts` as `_facts_of` gives them."""

    id: int
    as_of: str
    external_id: str
    facts: tuple[object, ...]


@dataclass
class _KnownLine:
    """A line as its row says; `counts` are ordered, cancelled, returned and the price."""

    id: int
    as_of: str
    counts: tuple[int, int, int, int]


class OrderWriter:
    """Writes some orders of one shop, within one transaction.

    Args:
        database: a visitor's view of it; its transaction has begun.
        orders: all that will be written.
    """

    def __init__(self, database: Database, orders: Sequence[Order]) -> None:
        self._workspace_id = database.workspace_id
        with database.transaction() as connection:  # a part of the one that has begun
            self._connection = connection
        self._told: tuple[datetime | None, str] = (None, "")
        self._by_id: dict[str, _KnownOrder] = {}
        self._by_name: dict[str, list[_KnownOrder]] = {}
        self._lines: dict[tuple[int, str], _KnownLine] = {}
        if orders:
            self._read(orders)

    def _read(self, orders: Sequence[Order]) -> None:
        whose, connection = (self._workspace_id, orders[0].source), self._connection
        ids = json.dumps([each.external_id for each in orders])
        names = json.dumps([each.name for each in orders])
        rows = connection.execute(f"{_ORDERS} AND external_id {_LISTED}", (*whose, ids))
        found = {row["id"]: row for row in rows}
        rows = connection.execute(f"{_ORDERS} AND name {_LISTED}", (*whose, names))
        found |= {row["id"]: row for row in rows}
        for row in found.values():
            self._remember(_KnownOrder(row["id"], row["as_of"], row[2], tuple(row)[3:]))
        lines = connection.execute(
            f"SELECT * FROM order_lines WHERE order_id {_LISTED}", (json.dumps([*found]),)
        )
        for line in lines:
            self._lines[line["order_id"], line["key"]] = _known_line(line)

    def put(self, order: Order, is_simulated: bool) -> tuple[int, bool]:
        """Keep what an order says, unless something newer is known.

        Returns:
            Its id, and whether anything was new.
        """
        facts, as_of = _facts_of(order), self._text(order.as_of)
        connection = self._connection
        known = self._find(order)
        if known is None:
            cursor = connection.execute(
                "INSERT INTO orders (workspace_id, source, external_id, name, placed_at, "
                "is_firm, is_paid, is_fulfilled, as_of, is_simulated) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    self._workspace_id,
                    order.source,
                    order.external_id,
                    *facts,
                    as_of,
                    int(is_simulated),
                ),
            )
            order_id = int(cursor.lastrowid or 0)
            self._remember(_KnownOrder(order_id, as_of, order.external_id, facts))
            return order_id, True
        if as_of < known.as_of:
            return known.id, False
        is_new = known.facts != facts
        if is_new or as_of > known.as_of:
            connection.execute(
                "UPDATE orders SET name = ?, placed_at = ?, is_firm = ?, is_paid = ?, "
                "is_fulfilled = ?, as_of = ? WHERE id = ?",
                (*facts, as_of, known.id),
            )
            known.facts, known.as_of = facts, as_of
        return known.id, is_new

    def put_line(
        self, order_id: int, line: OrderLine, variant_id: int, as_of: datetime, is_oversold: bool
    ) -> bool:
        """Keep what a line says, unless something newer is known.

        Returns:
            Whether anything was new.
        """
        told, connection = self._text(as_of), self._connection
        known = self._lines.get((order_id, line.key))
        if known is None:
            counts = (line.ordered, line.cancelled, line.returned or 0, line.price.minor)
            cursor = connection.execute(
                "INSERT INTO order_lines (order_id, key, variant_id, ordered, cancelled, "
                "returned, price, as_of, is_oversold) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (order_id, line.key, variant_id, *counts, told, int(is_oversold)),
            )
            line_id = int(cursor.lastrowid or 0)
            self._lines[order_id, line.key] = _KnownLine(line_id, told, counts)
            return True
        if told < known.as_of:
            return False
        ordered, cancelled = merged(known.counts[0], line)
        returned = known.counts[2] if line.returned is None else line.returned
        counts = (ordered, cancelled, min(returned, ordered), line.price.minor)
        is_new = counts != known.counts
        if is_new or told > known.as_of:
            connection.execute(
                "UPDATE order_lines SET ordered = ?, cancelled = ?, returned = ?, price = ?, "
                "as_of = ? WHERE id = ?",
                (*counts, told, known.id),
            )
            known.counts, known.as_of = counts, told
        return is_new

    def _text(self, as_of: datetime) -> str:
        """A moment as rows keep it; all orders of a file often have the same."""
        if as_of is not self._told[0]:
            self._told = (as_of, to_text(as_of))
        return self._told[1]

    def _remember(self, known: _KnownOrder) -> None:
        self._by_id[known.external_id] = known
        self._by_name.setdefault(str(known.facts[0]), []).append(known)

    def _find(self, order: Order) -> _KnownOrder | None:
        """What is known of an order: by its id; by its name where one of the two has no id."""
        found = self._by_id.get(order.external_id)
        if found is not None:
            return found
        named = self._by_name.get(order.name, [])
        if order.external_id == f"{NAMED}{order.name}":
            return named[0] if len(named) == 1 else None
        nameless = [each for each in named if each.external_id == f"{NAMED}{order.name}"]
        if not nameless:
            return None
        known = nameless[0]
        self._connection.execute(
            "UPDATE orders SET external_id = ? WHERE id = ?", (order.external_id, known.id)
        )
        del self._by_id[known.external_id]
        known.external_id = order.external_id
        self._by_id[known.external_id] = known
        return known


def merged(known_ordered: int, line: OrderLine) -> tuple[int, int]:
    """(ordered, cancelled) of a line that is told again: fewer pieces than before are cancelled."""
    ordered = max(known_ordered, line.ordered)
    return ordered, line.cancelled + ordered - line.ordered


def _facts_of(order: Order) -> tuple[object, ...]:
    """Name, moment and the three truths, as rows keep them."""
    truths = (int(order.is_firm), int(order.is_paid), int(order.is_fulfilled))
    return (order.name, to_text(order.placed_at), *truths)


def _known_line(row: sqlite3.Row) -> _KnownLine:
    counts = (row["ordered"], row["cancelled"], row["returned"], row["price"])
    return _KnownLine(row["id"], row["as_of"], counts)
