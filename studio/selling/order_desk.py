"""The order desk: takes orders by file and by call, once each, in any sequence."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import IO

from studio.selling.errors import OrderError, PollError, SoldOutError
from studio.selling.instants import in_zone
from studio.selling.keeper import Keeper
from studio.selling.order_files import (
    RETURNS,
    digest_of,
    kind_of,
    read_returns,
    stage,
    staged_orders,
)
from studio.selling.records import Listing, Order, OrderLine, State, Variant
from studio.selling.storage.orders import Batch
from studio.selling.storage.staging import staging
from studio.selling.tables import Row, name_in, read_table
from studio.storage.database import Database

ORDERS_AT_ONCE = 5_000
"""Orders in one transaction of an import; others can write in between. Each transaction counts the
listings that it touches anew, so more of them would take longer."""
MOST_REASONS = 500
LONGEST_SOURCE = 80
_CLOSED = (State.DRAFT, State.CANCELLED)


@dataclass
class Tally:
    """What becomes of a file while it is read."""

    taken: int = 0
    unchanged: int = 0
    refused: int = 0
    reasons: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, row: int, reason: str) -> None:
        """Count a row that can't be used; the first reasons are kept."""
        self.refused += 1
        if len(self.reasons) < MOST_REASONS:
            self.reasons.append((row, reason))

    def take_rows(self, rows: Iterable[tuple[int, Row | str]], take: Callable[[Row], bool]) -> None:
        """Take every row that can be used, and count the others with the reason.

        Args:
            rows: with their numbers; a text in place of a row says why it can't be read.
            take: keeps a row, and tells whether anything was new.
        """
        for number, row in rows:
            try:
                if isinstance(row, str):
                    raise OrderError(row)
                is_new = take(row)
            except (OrderError, PollError) as error:
                self.refuse(number, str(error))
            else:
                self.taken += is_new
                self.unchanged += not is_new

    @property
    def rows(self) -> int:
        """All that were counted."""
        return self.taken + self.unchanged + self.refused

    def batch(self, kind: str, source: str, digest: str, rows: int, made_at: datetime) -> Batch:
        """What is kept of the file; an order has several rows, so `rows` may be more."""
        return Batch(
            kind=kind,
            source=source,
            digest=digest,
            rows=rows,
            taken=self.taken,
            unchanged=self.unchanged,
            refused=self.refused,
            reasons=tuple(sorted(self.reasons)),
            made_at=made_at,
        )


class OrderDesk:
    """Takes orders and returns.

    Args:
        database: a visitor's view of it.
        keeper: counts what comes in.
    """

    def __init__(self, database: Database, keeper: Keeper) -> None:
        self._database = database
        self._keeper = keeper

    def place(self, order: Order) -> None:
        """Take an order that comes by itself, whole or not at all; taking it again changes nothing.

        Raises:
            SoldOutError: more would be sold than the listing's cap.
            OrderError: a line can't be taken; the sentence says why.
        """
        checked_source(order.source)
        for text in (order.external_id, order.name, *(line.key for line in order.lines)):
            name_in({"the order": text}, "the order")
        with self._database.transaction():
            books = _Books(self._keeper, [order])
            taken = [(line, *books.check(order, line)) for line in order.lines]
            if not taken:
                raise OrderError("The order has no lines.")
            before = {listing.id: self._keeper.orders.sold(listing.id) for _, listing, _ in taken}
            books.keep(order, taken, may_oversell=False)
            for _, listing, _ in taken:
                self._check_cap(listing, before[listing.id])
            books.evaluate(f"order {order.name}")

    def import_file(self, file: IO[bytes], source: str, as_of: datetime | None) -> Batch:
        """Take a file of orders or returns, each row that can be used.

        Args:
            file: CSV; read from its start, never into memory as a whole.
            source: the shop that it comes from.
            as_of: when it was exported; None takes the latest moment that it names.

        Returns:
            How many rows were new, unchanged and refused, and why.

        Raises:
            OrdersFileError: it is no table of orders or returns.
            OrderError: the shop has no name.
        """
        source = checked_source(source)
        self._database_check()
        digest = digest_of(file)
        columns, _ = read_table(file)
        file.seek(0)
        tally = Tally()
        if kind_of(columns) == RETURNS:
            kind, rows = RETURNS, self._take_returns(file, source, tally)
        else:
            with staging() as place:
                kind, read = stage(file, place, tally.refuse)
                rows = read.rows
                moment = as_of or read.latest or self._keeper.now()
                orders = iter(staged_orders(place, source, moment, tally.refuse))
                while some := list(islice(orders, ORDERS_AT_ONCE)):
                    self._take(some, tally, f"file {digest[:8]}")
        batch = tally.batch(kind, source, digest, rows, self._keeper.now())
        self._keeper.orders.add_batch(batch, as_of)
        return batch

    def _database_check(self) -> None:
        """Refuse somebody who may only look before a long file is read."""
        with self._database.transaction():
            pass

    def _take(
        self, orders: Sequence[tuple[Order, dict[str, int]]], tally: Tally, cause: str
    ) -> None:
        with self._database.transaction():
            books = _Books(self._keeper, [order for order, _ in orders])
            for order, rows in orders:
                taken = []
                for line in order.lines:
                    try:
                        taken.append((line, *books.check(order, line)))
                    except OrderError as error:
                        tally.refuse(rows[line.key], str(error))
                if taken:
                    new, same = books.keep(order, taken, may_oversell=True)
                    tally.taken += new
                    tally.unchanged += same
            books.evaluate(cause)

    def _take_returns(self, file: IO[bytes], source: str, tally: Tally) -> int:
        touched: set[int] = set()
        with self._database.transaction():
            for row, order, sku, pieces, as_of in read_returns(file, tally.refuse):
                found = self._keeper.listings.find_variant(sku)
                done = self._keeper.orders.return_pieces(source, order, sku, pieces, as_of)
                if done == -1 or found is None:
                    tally.refuse(row, f"No order {order} of this shop has the article {sku}.")
                elif done == -2:
                    tally.refuse(row, "More pieces would come back than were ordered.")
                elif done == 0:
                    tally.unchanged += 1
                else:
                    tally.taken += 1
                    touched.add(found[0])
            for listing_id in sorted(touched):
                listing = self._keeper.listings.get(listing_id)
                returned = sum(
                    each.returned for each in self._keeper.orders.units(listing_id).values()
                )
                self._keeper.tell(listing, "", "returns came", {"returned": returned}, "file")
        return tally.rows

    def _check_cap(self, listing: Listing, before: int) -> None:
        cap = listing.terms.cap
        sold = self._keeper.orders.sold(listing.id)
        if cap is not None and sold > max(cap, before):
            raise SoldOutError(
                f"{listing.terms.title} is limited to {cap} pieces, and {max(cap - before, 0)} are "
                "left. Order fewer."
            )


Checked = tuple[OrderLine, Listing, Variant]


class _Books:
    """The listings and orders that one transaction touches, each read once.

    Args:
        keeper: knows listings, and counts.
        orders: all that come in; of one shop.
    """

    def __init__(self, keeper: Keeper, orders: Sequence[Order]) -> None:
        self._keeper = keeper
        self._writer = keeper.orders.writer(orders)
        self._listings: dict[int, Listing] = {}
        self._variants: dict[str, tuple[int, Variant] | None] = {}
        self._came: dict[int, dict[str, int]] = {}
        self._sold: dict[int, int] = {}

    def check(self, order: Order, line: OrderLine) -> tuple[Listing, Variant]:
        """The listing and the variant of a line that can be taken.

        Raises:
            OrderError: it can't; the sentence says why.
        """
        if line.sku not in self._variants:
            self._variants[line.sku] = self._keeper.listings.find_variant(line.sku)
        found = self._variants[line.sku]
        if found is None:
            raise OrderError(f"No listing has an article with the SKU {line.sku}.")
        listing, variant = self._listing(found[0]), found[1]
        terms = listing.terms
        if line.price.currency != terms.price.currency:
            raise OrderError(
                f"The order is in {line.price.currency}, and {line.sku} is sold in "
                f"{terms.price.currency}. The two are never summed; list it in that currency too."
            )
        if listing.lot_of(variant).state in _CLOSED:
            raise OrderError(f"{line.sku} is not on offer: its listing is {listing.state}.")
        if listing.is_simulated != order.source.startswith(SIMULATED):
            raise OrderError(
                f"{line.sku} is for simulated shoppers only, whose orders never mix with real ones."
                if listing.is_simulated
                else f"{line.sku} is for real orders only, and these are simulated."
            )
        if not terms.opens <= order.placed_at < terms.closes:
            known = self._keeper.orders.pieces_of_line(order.source, order.external_id, line.key)
            if known is None:
                placed = in_zone(order.placed_at, terms.time_zone)
                raise OrderError(
                    f"The order was placed at {placed}, and {line.sku} is sold from "
                    f"{in_zone(terms.opens, terms.time_zone)} until before "
                    f"{in_zone(terms.closes, terms.time_zone)}."
                )
        return listing, variant

    def keep(self, order: Order, taken: list[Checked], may_oversell: bool) -> tuple[int, int]:
        """Keep an order with its lines.

        Returns:
            How many lines were new or changed, and how many were not.
        """
        is_simulated = taken[0][1].is_simulated
        order_id, is_new = self._writer.put(order, is_simulated)
        new = 0
        for line, listing, variant in taken:
            is_oversold = may_oversell and self._is_oversold(listing, line)
            changed = self._writer.put_line(order_id, line, variant.id, order.as_of, is_oversold)
            if changed or is_new:
                new += 1
                came = self._came.setdefault(listing.id, {"lines": 0, "oversold": 0})
                came["lines"] += 1
                came["oversold"] += changed and is_oversold
        return new, len(taken) - new

    def evaluate(self, cause: str) -> None:
        """Bring every listing that was touched up to its orders."""
        for listing_id, came in self._came.items():
            listing = self._keeper.listings.get(listing_id)
            units = self._keeper.orders.units(listing_id)
            firm = sum(each.firm for each in units.values())
            facts = {"lines": came["lines"], "firm": firm}
            self._keeper.tell(listing, "", "orders came", facts, cause)
            cap = listing.terms.cap
            if came["oversold"] and cap is not None and firm > cap:
                facts = {"firm": firm, "cap": cap}
                self._keeper.tell(listing, "", "oversold", facts, cause)
            self._keeper.evaluate(listing_id, cause)

    def _listing(self, listing_id: int) -> Listing:
        if listing_id not in self._listings:
            self._listings[listing_id] = self._keeper.listings.get(listing_id)
        return self._listings[listing_id]

    def _is_oversold(self, listing: Listing, line: OrderLine) -> bool:
        cap = listing.terms.cap
        if cap is None:
            return False
        sold = self._sold.get(listing.id)
        sold = self._keeper.orders.sold(listing.id) if sold is None else sold
        self._sold[listing.id] = sold + line.ordered - line.cancelled
        return self._sold[listing.id] > cap


SIMULATED = "simulated:"
"""How the names of simulated shops begin; nobody else may call a shop so."""


def checked_source(source: str) -> str:
    """A shop's name, as orders keep it.

    Raises:
        OrderError: there is none, or it is too long.
    """
    source = " ".join(source.split())
    if not source or len(source) > LONGEST_SOURCE or not source.isprintable():
        raise OrderError(
            f"Say which shop the orders come from, in 1 to {LONGEST_SOURCE} characters: two shops "
            "may have the same order numbers."
        )
    return source
