"""Files of orders: Shopify's export with its habits, and a plain table of our own."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from studio.selling.errors import MoneyError, OrderError, OrdersFileError
from studio.selling.instants import to_text
from studio.selling.money import Money
from studio.selling.records import Order, OrderLine
from studio.selling.storage.order_writer import NAMED
from studio.selling.storage.staging import Head, Line, Staging
from studio.selling.tables import Row, moment_in, name_in, pieces_in, read_table
from studio.storage.request_rows import time_of

SHOPIFY, PLAIN, RETURNS = "shopify orders", "plain orders", "returns"
_NEEDED = {
    SHOPIFY: ("name", "created at", "currency", "lineitem quantity", "lineitem sku"),
    PLAIN: ("order_id", "placed_at", "sku", "quantity", "price", "currency"),
    RETURNS: ("order_id", "sku", "returned", "as_of"),
}
_SHOPIFY_COLUMNS = (
    "name",
    "id",
    "created at",
    "paid at",
    "fulfilled at",
    "cancelled at",
    "financial status",
    "fulfillment status",
    "currency",
    "lineitem quantity",
    "lineitem sku",
    "lineitem price",
)
"""All that is read of Shopify's seventy-five; the person's are not among them."""
PLAIN_COLUMNS = (
    "order_id",
    "name",
    "line",
    "placed_at",
    "updated_at",
    "status",
    "sku",
    "quantity",
    "cancelled",
    "returned",
    "price",
    "currency",
)
"""The columns of our own table; of these, name, line, updated_at, cancelled and returned can be
left out. A status is one of `STATUSES`."""
STATUSES = ("open", "paid", "fulfilled", "cancelled")

_BLOCK = 2**20

Refuse = Callable[[int, str], None]


def kind_of(columns: tuple[str, ...]) -> str:
    """Which kind of file has these columns.

    Raises:
        OrdersFileError: none that is known.
    """
    for kind, needed in _NEEDED.items():
        if set(needed) <= set(columns):
            return kind
    raise OrdersFileError(
        "These are no orders that can be read. Take Shopify's export of orders (CSV), or a table "
        f"with the columns {', '.join(_NEEDED[PLAIN])}; for returns: {', '.join(_NEEDED[RETURNS])}."
    )


def digest_of(file: IO[bytes]) -> str:
    """SHA-256 of a file, which is then at its start again."""
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


@dataclass
class Read:
    """How many rows a file had, and the latest moment that it names."""

    rows: int = 0
    latest: datetime | None = None

    def saw(self, moment: datetime | None) -> None:
        """Note a moment."""
        if moment is not None and (self.latest is None or moment > self.latest):
            self.latest = moment


def stage(file: IO[bytes], rows: Staging, refuse: Refuse) -> tuple[str, Read]:
    """Read a file of orders row by row into a staging place.

    Args:
        file: the table.
        rows: where they go.
        refuse: told the number and the reason of a row that can't be used.

    Returns:
        The kind of file, and what was seen of it.

    Raises:
        OrdersFileError: it can't be read at all, or is none of orders.
    """
    columns, table = read_table(file, {*_SHOPIFY_COLUMNS, *PLAIN_COLUMNS})
    kind = kind_of(columns)
    if kind == RETURNS:
        raise OrdersFileError("These are returns, not orders.")
    read, take = Read(), _shopify if kind == SHOPIFY else _plain
    for number, row in table:
        read.rows += 1
        if isinstance(row, str):
            refuse(number, row)
            continue
        try:
            head, line = take(number, row, read)
        except (OrderError, MoneyError) as error:
            refuse(number, str(error))
            continue
        rows.add(head, line)
    rows.settle()
    for number in rows.orphans():
        refuse(number, "The file doesn't tell the order that this line belongs to.")
    return kind, read


def staged_orders(
    rows: Staging, source: str, as_of: datetime, refuse: Refuse
) -> Iterator[tuple[Order, dict[str, int]]]:
    """The orders of a staging place, the oldest first, with the row of each line by its key.

    Args:
        rows: what a file told.
        source: the shop that it comes from.
        as_of: when the file was exported; rows that say so themselves win.
        refuse: as in `stage`.
    """
    for head, lines in rows.orders():
        made = dict[str, OrderLine]()
        places, seen = dict[str, int](), dict[tuple[int | None, str], int]()
        for told in lines:
            key = told.line
            if not key:  # the shop numbers no lines: the article does, and how often it stands
                count = seen[told.block, told.sku] = seen.get((told.block, told.sku), 0) + 1
                key = told.sku if count == 1 else f"{told.sku} {count}"
            try:
                price = Money.parse(told.price, head.currency)
            except MoneyError as error:
                refuse(told.row, str(error))
                continue
            made.pop(key, None)  # the same order may stand twice in the file; the later counts
            made[key] = OrderLine(
                key=key,
                sku=told.sku,
                ordered=told.ordered,
                cancelled=told.cancelled,
                returned=told.returned,
                price=price,
            )
            places[key] = told.row
        order = Order(
            source=source,
            external_id=head.key,
            name=head.name,
            placed_at=time_of(head.placed_at),
            as_of=time_of(head.as_of) if head.as_of else as_of,
            is_firm=bool(head.is_firm),
            is_paid=bool(head.is_paid),
            is_fulfilled=bool(head.is_fulfilled),
            lines=tuple(made.values()),
        )
        yield order, places


def read_returns(file: IO[bytes], refuse: Refuse) -> Iterator[tuple[int, str, str, int, datetime]]:
    """The rows of a file of returns: number, order, article, pieces in all, as of when."""
    columns, table = read_table(file)
    if kind_of(columns) != RETURNS:
        raise OrdersFileError("These are no returns.")
    for number, row in table:
        try:
            if isinstance(row, str):
                raise OrderError(row)
            as_of = moment_in(row, "as_of")
            if as_of is None:
                raise OrderError("as_of is empty. Say when these pieces had come back.")
            order, sku = name_in(row, "order_id"), name_in(row, "sku")
            yield number, order, sku, pieces_in(row, "returned"), as_of
        except OrderError as error:
            refuse(number, str(error))


def _shopify(number: int, row: Row, read: Read) -> tuple[Head | None, Line | None]:
    """A row of Shopify's export: what is of the order stands in its first row only."""
    name, key = name_in(row, "name"), name_in(row, "id")
    if not name and not key:
        raise OrderError("The row names no order.")
    placed = moment_in(row, "created at")
    head = None
    if placed is not None:
        cancelled = moment_in(row, "cancelled at")
        for each in (placed, moment_in(row, "paid at"), moment_in(row, "fulfilled at"), cancelled):
            read.saw(each)
        key = key or f"{NAMED}{name}"
        money = row.get("financial status", "").casefold()
        is_sent = row.get("fulfillment status", "").casefold() == "fulfilled"
        head = Head(
            number,
            key,
            name,
            to_text(placed),
            currency=row.get("currency", ""),
            is_firm=cancelled is None
            and money not in ("voided", "expired")
            and (money != "refunded" or is_sent),
            is_paid=money in ("paid", "partially_refunded") or (money == "refunded" and is_sent),
            is_fulfilled=is_sent,
        )
    line = None
    if row.get("lineitem quantity", "") or row.get("lineitem sku", ""):
        if not row.get("lineitem sku", ""):
            raise OrderError("The line has no SKU, so nobody knows what was ordered.")
        line = Line(
            number,
            key or None,
            name,
            line="",
            sku=name_in(row, "lineitem sku"),
            ordered=pieces_in(row, "lineitem quantity"),
            cancelled=0,
            returned=None,
            price=row.get("lineitem price", "") or "0",
        )
    return head, line


def _plain(number: int, row: Row, read: Read) -> tuple[Head, Line]:
    """A row of our own table: every row tells of its order."""
    key = name_in(row, "order_id")
    placed, updated = moment_in(row, "placed_at"), moment_in(row, "updated_at")
    if not key or placed is None:
        raise OrderError("order_id and placed_at are needed in each row.")
    read.saw(placed)
    read.saw(updated)
    status = row.get("status", "") or "open"
    if status not in STATUSES:
        raise OrderError(f"status should be {', '.join(STATUSES)}, not {status[:40]!r}.")
    ordered = pieces_in(row, "quantity")
    cancelled = pieces_in(row, "cancelled") if row.get("cancelled") else 0
    returned = pieces_in(row, "returned") if row.get("returned") else None
    if cancelled > ordered or (returned or 0) > ordered:
        raise OrderError("More pieces were cancelled or returned than ordered.")
    sku = name_in(row, "sku")
    if not sku:
        raise OrderError("The row has no sku, so nobody knows what was ordered.")
    name = name_in(row, "name") or key
    head = Head(
        number,
        key,
        name,
        to_text(placed),
        currency=row.get("currency", ""),
        is_firm=status != "cancelled",
        is_paid=status in ("paid", "fulfilled"),
        is_fulfilled=status == "fulfilled",
        as_of="" if updated is None else to_text(updated),
    )
    price = row.get("price", "")
    line = name_in(row, "line")
    return head, Line(number, key, name, line, sku, ordered, cancelled, returned, price)
