"""A shop that can be tried at once: simulated shoppers order what is listed for them."""

from collections.abc import Callable
from datetime import timedelta
from math import sqrt

from studio.selling.errors import ListingStateError, SoldOutError
from studio.selling.keeper import Keeper
from studio.selling.order_desk import SIMULATED, OrderDesk
from studio.selling.records import Listing, Order, OrderLine
from studio.selling.shoppers import Visit, crowd


class SimulatedShop:
    """Brings the orders of simulated shoppers in, as their clock goes on.

    Their clock runs fast (see `keeper.SHOPPERS_SPEED`). Each order has the number of its shopper,
    so looking twice brings nothing twice.

    Args:
        keeper: knows their clock.
        desk: takes the orders.
        seed_of: the seed of a listing's hidden wish.
    """

    def __init__(self, keeper: Keeper, desk: OrderDesk, seed_of: Callable[[Listing], int]) -> None:
        self._keeper = keeper
        self._desk = desk
        self._seed_of = seed_of

    def advance(self, listing_id: int) -> Listing:
        """Bring in whatever has been ordered and cancelled up to now, and pass the deadline.

        Raises:
            ListingStateError: the listing is for real orders.
        """
        listing = self._keeper.listings.get(listing_id)
        if not listing.is_simulated:
            raise ListingStateError("Simulated shoppers order only what is listed for them.")
        whole = listing.terms.closes - listing.terms.opens
        gone = (self._keeper.now_of(listing) - listing.terms.opens) / whole
        visits = crowd(self._seed_of(listing), listing.terms.minimum)
        with self._keeper.database.transaction():
            known = self._keeper.orders.known_of(source_of(listing))
            for number, visit in enumerate(visits, 1):
                if visit.at > gone:
                    break
                is_cancelled = visit.cancels_at is not None and visit.cancels_at <= gone
                if known.get(str(number)) != (not is_cancelled):
                    self._bring(listing, number, visit, whole, is_cancelled)
            return self._keeper.evaluate(listing_id, "deadline")

    def _bring(
        self, listing: Listing, number: int, visit: Visit, whole: timedelta, is_cancelled: bool
    ) -> None:
        placed = listing.terms.opens + whole * visit.at
        told = visit.cancels_at if is_cancelled and visit.cancels_at is not None else visit.at
        terms = listing.terms
        size = terms.sizes[int(_in_the_middle(visit.size) * len(terms.sizes))]
        colour = terms.colours[int(visit.colour * len(terms.colours))]
        variant = next(
            each for each in listing.variants if (each.size, each.colour) == (size, colour)
        )
        line = OrderLine(
            key=variant.sku,
            sku=variant.sku,
            ordered=visit.pieces,
            cancelled=0,
            returned=0,
            price=terms.price,
        )
        order = Order(
            source=source_of(listing),
            external_id=str(number),
            name=f"simulated {number}",
            placed_at=placed,
            as_of=listing.terms.opens + whole * told + timedelta(seconds=int(is_cancelled)),
            is_firm=not is_cancelled,
            is_paid=not is_cancelled,
            is_fulfilled=False,
            lines=(line,),
        )
        try:
            self._desk.place(order)
        except SoldOutError:
            return


def source_of(listing: Listing) -> str:
    """The name of a listing's simulated shop."""
    return f"{SIMULATED} listing {listing.id}"


def _in_the_middle(share: float) -> float:
    """Middle sizes are ordered more often: a sum of two uniform numbers."""
    return sqrt(share / 2) if share < 0.5 else 1 - sqrt((1 - share) / 2)
