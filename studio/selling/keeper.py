"""Keeps the states of listings true to their orders: one place, one transaction, one event each."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from studio.selling.lifecycle import after
from studio.selling.records import (
    Listing,
    Lot,
    ProductionOrder,
    ProductionState,
    State,
    Trigger,
    Units,
    Variant,
)
from studio.selling.storage.listings import ListingStore
from studio.selling.storage.orders import OrderStore
from studio.selling.storage.production import ProductionStore
from studio.storage.database import Database

Clock = Callable[[], datetime]

SHOPPERS_SPEED = timedelta(days=14) / timedelta(seconds=40)
"""How much faster the clock of a simulated shop runs: two weeks in forty seconds."""
SHOPPERS_STAY = timedelta(days=365)
"""How long after the deadline their clock goes on."""


def utc_now() -> datetime:
    """This machine's clock."""
    return datetime.now(UTC)


class Keeper:
    """Counts orders and moves listings from state to state.

    Whatever writes orders calls `evaluate` in the same transaction. A transaction is begun before
    anything is read (`BEGIN IMMEDIATE`), so of many orders at one moment each sees those before it.

    Args:
        database: a visitor's view of it.
        now: the clock of real listings.
    """

    def __init__(self, database: Database, now: Clock = utc_now) -> None:
        self.database = database
        self.now = now
        self.listings = ListingStore(database)
        self.orders = OrderStore(database)
        self.production = ProductionStore(database)

    def now_of(self, listing: Listing) -> datetime:
        """What time it is for a listing: a simulated shop's clock runs faster, for a year at most.

        It stops then, or a listing that was tried last month would be in another age.
        """
        if not listing.is_simulated:
            return self.now()
        if listing.shopping_since is None:
            return listing.terms.opens
        gone = max(self.now() - listing.shopping_since, timedelta())
        whole = listing.terms.closes + SHOPPERS_STAY - listing.terms.opens
        return listing.terms.opens + min(gone, whole / SHOPPERS_SPEED) * SHOPPERS_SPEED

    def move(
        self, listing: Listing, lot: Lot, kind: str, facts: Mapping[str, object], cause: str
    ) -> Lot:
        """Move a lot to another state and say so, both or neither.

        Raises:
            ListingStateError: that can't happen in its state.
        """
        moved = replace(lot, state=after(lot.state, kind))
        with self.database.transaction():
            self.listings.set_lot(listing.id, moved)
            self.tell(listing, lot.colour, kind, facts, cause)
        return moved

    def tell(
        self, listing: Listing, colour: str, kind: str, facts: Mapping[str, object], cause: str
    ) -> None:
        """Add to what happened to a listing."""
        at = self.now_of(listing)
        self.listings.add_event(listing.id, colour, at, kind, facts, cause)

    def evaluate(self, listing_id: int, cause: str) -> Listing:
        """Bring a listing's states up to its orders and the time.

        Returns:
            The listing as it is then.
        """
        with self.database.transaction():
            listing = self.listings.get(listing_id)
            units = self.orders.units(listing_id)
            for lot in listing.lots:
                self._evaluate_lot(listing, lot, units, cause)
            return self.listings.get(listing_id)

    def sweep(self, cause: str = "deadline") -> None:
        """Look at every listing whose deadline may have passed."""
        for listing in self.listings.all():
            waiting = {State.OPEN} | (
                {State.REACHED} if listing.terms.trigger is Trigger.CLOSE else set()
            )
            if self.is_closed(listing) and any(lot.state in waiting for lot in listing.lots):
                self.evaluate(listing.id, cause)

    def is_closed(self, listing: Listing) -> bool:
        """Whether the deadline has come."""
        return self.now_of(listing) >= listing.terms.closes

    def quantities(self, listing: Listing, lot: Lot) -> dict[int, int]:
        """Variant id -> pieces that the next production order of a lot would have.

        Firm orders less what earlier batches hold, and what the merchant buys beside them.
        """
        units = self.orders.units(listing.id)
        made: dict[int, int] = {}
        for order in self._sent(listing.id, lot):
            for variant, pieces in order.quantities.items():
                made[variant] = made.get(variant, 0) + pieces
        variants = listing.variants_of(lot)
        wanted = {
            each.id: max(0, units.get(each.id, Units()).firm - made.get(each.id, 0))
            for each in variants
        }
        if lot.topped_up and not made:
            missing = max(0, listing.terms.minimum - sum(wanted.values()))
            for variant, pieces in shared_out(missing, wanted).items():
                wanted[variant] += pieces
        return {variant: pieces for variant, pieces in wanted.items() if pieces}

    def _evaluate_lot(
        self, listing: Listing, lot: Lot, units: Mapping[int, Units], cause: str
    ) -> None:
        firm = firm_of(listing.variants_of(lot), units)
        facts = {"firm": firm, "minimum": listing.terms.minimum}
        enough = firm >= listing.terms.minimum or lot.topped_up > 0
        if lot.state in (State.OPEN, State.EXPIRED) and enough:
            lot = self.move(listing, lot, "reached", facts, cause)
        elif lot.state is State.REACHED and not enough:
            self.take_back(listing, lot)
            lot = self.move(listing, lot, "fell back", facts, cause)
        if lot.state is State.OPEN and self.is_closed(listing):
            self.move(listing, lot, "expired", facts, cause)
        elif lot.state is State.REACHED and (
            listing.terms.trigger is Trigger.THRESHOLD or self.is_closed(listing)
        ):
            self._draw_up(listing, lot, cause)
        elif lot.state is State.IN_PRODUCTION:
            self._evaluate_next_batch(listing, lot, cause)

    def _evaluate_next_batch(self, listing: Listing, lot: Lot, cause: str) -> None:
        """What was ordered after a batch was sent makes another, once it is enough for one."""
        if sum(self.quantities(listing, lot).values()) >= listing.terms.minimum:
            self._draw_up(listing, lot, cause)
        else:
            self.take_back(listing, lot)

    def _draw_up(self, listing: Listing, lot: Lot, cause: str) -> None:
        """Draw up the production order of a lot, unless there is one that was not sent yet."""
        orders = self.production.of_listing(listing.id)
        unsent = [
            each
            for each in orders
            if each.colour == lot.colour
            and each.state in (ProductionState.DRAFT, ProductionState.CANCELLED)
            and each.sent_at is None
        ]
        if unsent and unsent[0].state is ProductionState.DRAFT:
            return
        batch = unsent[0].batch if unsent else len(orders) + 1
        if unsent:
            self.production.set_state(unsent[0].id, ProductionState.DRAFT)
        else:
            now = self.now_of(listing)
            self.production.add(
                ProductionOrder(
                    id=0,
                    listing_id=listing.id,
                    colour=lot.colour,
                    batch=batch,
                    state=ProductionState.DRAFT,
                    quantities={},
                    received={},
                    tolerance=listing.terms.tolerance,
                    incoterm=listing.terms.incoterm,
                    made_at=now,
                    ship_by=now + timedelta(days=listing.terms.lead_days[2]),
                )
            )
        self.tell(listing, lot.colour, "drawn up", {"batch": batch}, cause)

    def take_back(self, listing: Listing, lot: Lot) -> None:
        """Cancel a production order that was not sent."""
        for order in self.production.of_listing(listing.id):
            if order.colour == lot.colour and order.state is ProductionState.DRAFT:
                self.production.set_state(order.id, ProductionState.CANCELLED)
                self.tell(listing, lot.colour, "taken back", {"batch": order.batch}, "orders")

    def _sent(self, listing_id: int, lot: Lot) -> list[ProductionOrder]:
        return [
            each
            for each in self.production.of_listing(listing_id)
            if each.colour == lot.colour and each.sent_at is not None
        ]


def firm_of(variants: tuple[Variant, ...], units: Mapping[int, Units]) -> int:
    """Firm pieces of some variants together."""
    return sum(units[each.id].firm for each in variants if each.id in units)


def shared_out(pieces: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Share pieces out in proportion, whole ones, the largest remainders first.

    Args:
        pieces: to share out.
        weights: key -> weight; alike where all are zero.
    """
    if not weights:
        return {}
    total = sum(weights.values())
    parts = weights if total else dict.fromkeys(weights, 1)
    total = total or len(weights)
    shares = {key: pieces * part // total for key, part in parts.items()}
    left = pieces - sum(shares.values())
    by_remainder = sorted(parts, key=lambda key: (-(pieces * parts[key] % total), key))
    for key in by_remainder[:left]:
        shares[key] += 1
    return shares
