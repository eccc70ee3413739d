"""The production desk: orders sent to the factory, what comes of them, and who is to get it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from studio.selling.errors import ProductionError
from studio.selling.keeper import Keeper, firm_of
from studio.selling.records import (
    WHOLE_STYLE,
    Listing,
    Lot,
    ProductionOrder,
    ProductionState,
    State,
    Units,
    Waiting,
)
from studio.storage.database import Database

_OPEN = (ProductionState.SENT, ProductionState.CONFIRMED, ProductionState.PART_RECEIVED)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How an order of production stands once something has come.

    Attributes:
        ordered: pieces.
        received: pieces so far.
        least: pieces that have to come at least, by the tolerance.
        waiting: orders that nothing was set aside for yet, the oldest first.
        surplus: variant id -> pieces that nobody has ordered any more.
        needs_decision: whether fewer came than the tolerance allows: accept that, or wait.
    """

    ordered: int
    received: int
    least: int
    waiting: tuple[Waiting, ...]
    surplus: Mapping[int, int]
    needs_decision: bool


class ProductionDesk:
    """Sends production orders and receives goods.

    Args:
        database: a visitor's view of it.
        keeper: counts, and draws the orders up.
    """

    def __init__(self, database: Database, keeper: Keeper) -> None:
        self._database = database
        self._keeper = keeper

    def get(self, order_id: int) -> tuple[Listing, ProductionOrder]:
        """A production order with its listing; before it is sent with what it would have now.

        Raises:
            ProductionError: there is none.
        """
        order = self._keeper.production.get(order_id)
        listing = self._keeper.listings.get(order.listing_id)
        if order.sent_at is not None or order.state is ProductionState.CANCELLED:
            return listing, order
        quantities = self._keeper.quantities(listing, _lot(listing, order))
        return listing, _with(order, quantities)

    def of_listing(self, listing_id: int) -> tuple[ProductionOrder, ...]:
        """A listing's production orders by batch."""
        orders = self._keeper.production.of_listing(listing_id)
        return tuple(self.get(order.id)[1] for order in orders)

    def send(self, order_id: int) -> ProductionOrder:
        """Freeze an order as it stands: from now on cancellations become surplus.

        Raises:
            ProductionError: it was sent already, or was taken back.
        """
        with self._database.transaction():
            listing, order = self.get(order_id)
            if order.state is not ProductionState.DRAFT:
                raise ProductionError(
                    f"This production order is {order.state}, so it can't be sent. Reload the page."
                )
            now = self._keeper.now_of(listing)
            ship_by = now + timedelta(days=listing.terms.lead_days[2])
            self._keeper.production.freeze(order_id, order.quantities, now, ship_by)
            facts = {"batch": order.batch, "pieces": order.ordered}
            lot = _lot(listing, order)
            if lot.state is State.REACHED:
                self._keeper.move(listing, lot, "sent", facts, "person")
            else:
                self._keeper.tell(listing, lot.colour, "next batch sent", facts, "person")
            return self._keeper.production.get(order_id)

    def confirm(self, order_id: int) -> None:
        """The factory has confirmed.

        Raises:
            ProductionError: the order was not sent.
        """
        with self._database.transaction():
            listing, order = self.get(order_id)
            if order.state is not ProductionState.SENT:
                raise ProductionError("Only a production order that was sent can be confirmed.")
            self._keeper.production.set_state(order_id, ProductionState.CONFIRMED)
            self._keeper.tell(listing, order.colour, "confirmed", {"batch": order.batch}, "person")

    def receive(self, order_id: int, pieces: Mapping[int, int]) -> Delivery:
        """Take a delivery in, and set it aside for the oldest orders first.

        Args:
            order_id: of the production order.
            pieces: variant id -> how many came.

        Raises:
            ProductionError: it was not sent, or these are not its articles.
        """
        came = {variant: count for variant, count in pieces.items() if count > 0}
        with self._database.transaction():
            listing, order = self.get(order_id)
            if order.state not in _OPEN:
                raise ProductionError("Nothing can come of a production order that was not sent.")
            if not came or not set(came) <= set(order.quantities):
                raise ProductionError("Say how many pieces came, of the sizes that were ordered.")
            now = self._keeper.now_of(listing)
            self._keeper.production.receive(order_id, came, now)
            self._keeper.production.set_state(order_id, ProductionState.PART_RECEIVED)
            facts = {"batch": order.batch, "pieces": sum(came.values())}
            self._keeper.tell(listing, order.colour, "received", facts, "person")
            self.set_aside(listing)
            delivery = self.delivery(order_id)
            if not delivery.needs_decision:
                self._close(listing, order)
            return delivery

    def accept_short(self, order_id: int) -> Delivery:
        """Decide that nothing more is to come; who waits is to be refunded.

        Raises:
            ProductionError: nothing has come yet.
        """
        with self._database.transaction():
            listing, order = self.get(order_id)
            if order.state is not ProductionState.PART_RECEIVED:
                raise ProductionError("There is no part of a delivery that could be accepted.")
            delivery = self.delivery(order_id)
            missing = delivery.ordered - delivery.received
            facts = {"batch": order.batch, "missing": missing}
            self._keeper.tell(listing, order.colour, "short delivery accepted", facts, "person")
            self._close(listing, order)
            return delivery

    def settle(self, listing_id: int, colour: str) -> None:
        """Everything is sent, or refunded: nothing more is expected of a lot.

        Raises:
            ListingStateError: it is not delivered.
        """
        with self._database.transaction():
            listing = self._keeper.listings.get(listing_id)
            lot = next(each for each in listing.lots if each.colour == colour)
            self._keeper.move(listing, lot, "settled", {}, "person")

    def delivery(self, order_id: int) -> Delivery:
        """How a production order stands."""
        listing, order = self.get(order_id)
        received = sum(order.received.values())
        least = -(-order.ordered * (100 - order.tolerance) // 100)
        return Delivery(
            ordered=order.ordered,
            received=received,
            least=least,
            waiting=self.waiting(listing, _lot(listing, order)),
            surplus=self.surplus(listing, _lot(listing, order)),
            needs_decision=received < least and order.state is not ProductionState.CLOSED,
        )

    def set_aside(self, listing: Listing) -> None:
        """Set all that has come aside anew: for orders already sent, then for the oldest."""
        stock = [
            (order.id, variant, pieces)
            for order in self._keeper.production.of_listing(listing.id)
            for variant, pieces in order.received.items()
            if pieces
        ]
        left = {(order, variant): pieces for order, variant, pieces in stock}
        allocations: dict[tuple[int, int], int] = {}
        for line in self._keeper.orders.wanted(listing.id):
            wanted = line.pieces
            for order, variant, _ in stock:
                if variant != line.variant_id or not wanted:
                    continue
                given = min(wanted, left[order, variant])
                if given:
                    allocations[line.line_id, order] = given
                    left[order, variant] -= given
                    wanted -= given
        self._keeper.production.replace_allocations(listing.id, allocations)

    def waiting(self, listing: Listing, lot: Lot) -> tuple[Waiting, ...]:
        """The orders of a lot that nothing, or not all, was set aside for."""
        given: dict[int, int] = {}
        for (line_id, _), pieces in self._keeper.production.allocations(listing.id).items():
            given[line_id] = given.get(line_id, 0) + pieces
        skus = {each.id: each.sku for each in listing.variants_of(lot)}
        return tuple(
            Waiting(line.order, skus[line.variant_id], line.pieces - given.get(line.line_id, 0))
            for line in self._keeper.orders.wanted(listing.id)
            if line.variant_id in skus and line.pieces > given.get(line.line_id, 0)
        )

    def surplus(self, listing: Listing, lot: Lot) -> dict[int, int]:
        """Variant id -> pieces that are made, or will be, and that nobody orders any more."""
        made: dict[int, int] = {}
        for order in self._keeper.production.of_listing(listing.id):
            for variant, pieces in order.quantities.items():
                closed = order.state is ProductionState.CLOSED
                count = order.received.get(variant, 0) if closed else pieces
                made[variant] = made.get(variant, 0) + count
        units = self._keeper.orders.units(listing.id)
        return {
            each.id: made[each.id] - units.get(each.id, Units()).firm
            for each in listing.variants_of(lot)
            if made.get(each.id, 0) > units.get(each.id, Units()).firm
        }

    def _close(self, listing: Listing, order: ProductionOrder) -> None:
        self._keeper.production.set_state(order.id, ProductionState.CLOSED)
        orders = self._keeper.production.of_listing(listing.id)
        is_all = not any(each.state in _OPEN and each.colour == order.colour for each in orders)
        lot = _lot(self._keeper.listings.get(listing.id), order)
        if is_all and lot.state is State.IN_PRODUCTION:
            self._keeper.move(listing, lot, "delivered", {"batch": order.batch}, "person")


def missing_of(keeper: Keeper, listing: Listing, lot: Lot) -> int:
    """Pieces that a lot lacks for its minimum."""
    firm = firm_of(listing.variants_of(lot), keeper.orders.units(listing.id))
    return max(0, listing.terms.minimum - firm)


def _lot(listing: Listing, order: ProductionOrder) -> Lot:
    name = order.colour or WHOLE_STYLE
    return next(each for each in listing.lots if each.colour == name)


def _with(order: ProductionOrder, quantities: Mapping[int, int]) -> ProductionOrder:
    return ProductionOrder(**{**order.__dict__, "quantities": quantities})
