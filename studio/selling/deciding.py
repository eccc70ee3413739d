"""The four decisions on a listing that missed its minimum, and what each would cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from studio.selling.errors import ListingError, ListingStateError
from studio.selling.keeper import Keeper, firm_of
from studio.selling.money import Money
from studio.selling.records import WHOLE_STYLE, Listing, Lot, Scope, State, Waiting
from studio.storage.database import Database


@dataclass(frozen=True)
class TopUp:
    """What it costs to buy the missing pieces.

    Attributes:
        missing: pieces up to the minimum.
        cost: of making these.
        earned: what the firm orders bring in beyond the cost of their own pieces.
    """

    missing: int
    cost: Money
    earned: Money


class Deciding:
    """Decides what becomes of a lot that expired.

    Args:
        database: a visitor's view of it.
        keeper: moves it.
    """

    def __init__(self, database: Database, keeper: Keeper) -> None:
        self._database = database
        self._keeper = keeper

    def top_up_of(self, listing: Listing, lot: Lot) -> TopUp:
        """What topping up would cost, beside what the orders earn."""
        firm = firm_of(listing.variants_of(lot), self._keeper.orders.units(listing.id))
        missing = max(0, listing.terms.minimum - firm)
        terms = listing.terms
        earned = Money((terms.price.minor - terms.unit_cost.minor) * firm, terms.price.currency)
        return TopUp(missing, terms.unit_cost * missing, earned)

    def extend(self, listing_id: int, colour: str, closes: datetime) -> None:
        """Sell on until a later deadline; those who ordered may cancel.

        Raises:
            ListingError: that is no later.
            ListingStateError: the lot has not expired.
        """
        with self._database.transaction():
            listing, lot = self._expired(listing_id, colour)
            if closes <= max(listing.terms.closes, self._keeper.now_of(listing)):
                raise ListingError("Choose a deadline that is still to come.")
            self._keeper.listings.change(listing_id, replace(listing.terms, closes=closes))
            listing = self._keeper.listings.get(listing_id)
            facts = {"closes": closes.isoformat()}
            self._keeper.move(listing, lot, "extended", facts, "person")
            self._keeper.evaluate(listing_id, "extended")

    def keep_colours(self, listing_id: int, kept: Sequence[str], minimum: int) -> None:
        """Go on with fewer colourways and the minimum that the factory asks for these.

        Orders of the others are to be refunded, see `Refunds`.

        Raises:
            ListingError: none is kept, or all are.
            ListingStateError: the minimum is one for each colour, or the lot has not expired.
        """
        with self._database.transaction():
            listing, lot = self._expired(listing_id, WHOLE_STYLE)
            dropped = [each for each in listing.terms.colours if each not in kept]
            if not dropped or not set(kept) & set(listing.terms.colours):
                raise ListingError("Keep some of the colourways, and give up at least one.")
            if minimum < 1:
                raise ListingError("The minimum is at least one piece.")
            terms = replace(listing.terms, minimum=minimum)
            self._keeper.listings.change(listing_id, terms)
            self._keeper.listings.drop_colours(listing_id, dropped)
            listing = self._keeper.listings.get(listing_id)
            facts = {"dropped": dropped, "minimum": minimum}
            self._keeper.move(listing, lot, "colours given up", facts, "person")
            self._keeper.evaluate(listing_id, "fewer colourways")

    def top_up(self, listing_id: int, colour: str) -> None:
        """Buy what is missing: the lot goes into production.

        Raises:
            ListingStateError: the lot has not expired.
        """
        with self._database.transaction():
            listing, lot = self._expired(listing_id, colour)
            missing = max(1, self.top_up_of(listing, lot).missing)
            topped = replace(lot, topped_up=missing)
            self._keeper.move(listing, topped, "topped up", {"pieces": missing}, "person")
            self._keeper.evaluate(listing_id, "topped up")

    def refund(self, listing_id: int, colour: str) -> tuple[Waiting, ...]:
        """Give up: every paid line of the lot is to be refunded, and no other line.

        Raises:
            ListingStateError: the lot has not expired.
        """
        with self._database.transaction():
            listing, lot = self._expired(listing_id, colour)
            due = self.to_refund(listing, lot)
            facts = {"lines": len(due), "pieces": sum(each.pieces for each in due)}
            self._keeper.move(listing, lot, "refunding", facts, "person")
            return due

    def refunded(self, listing_id: int, colour: str) -> None:
        """All of that is paid back.

        Raises:
            ListingStateError: nothing was to be refunded.
        """
        with self._database.transaction():
            listing = self._keeper.listings.get(listing_id)
            self._keeper.move(listing, lot_of(listing, colour), "refunded", {}, "person")

    def cancel(self, listing_id: int) -> None:
        """Take a listing off before anything is made.

        Raises:
            ListingStateError: something is made already.
        """
        with self._database.transaction():
            listing = self._keeper.listings.get(listing_id)
            for lot in listing.lots:
                self._keeper.take_back(listing, lot)
                self._keeper.move(listing, lot, "cancelled", {}, "person")

    def to_refund(self, listing: Listing, lot: Lot) -> tuple[Waiting, ...]:
        """The paid lines of a lot, those of colourways that were given up included."""
        ids = [each.id for each in listing.variants if lot.colour in (WHOLE_STYLE, each.colour)]
        return tuple(self._keeper.orders.to_refund(listing.id, ids))

    def dropped_to_refund(self, listing: Listing) -> tuple[Waiting, ...]:
        """The paid lines of colourways that were given up."""
        ids = [each.id for each in listing.variants if each.is_dropped]
        return tuple(self._keeper.orders.to_refund(listing.id, ids)) if ids else ()

    def _expired(self, listing_id: int, colour: str) -> tuple[Listing, Lot]:
        listing = self._keeper.listings.get(listing_id)
        if colour == WHOLE_STYLE and listing.terms.scope is Scope.COLOUR:
            raise ListingStateError(
                "This listing's minimum is one for each colour. Decide for one colour at a time."
            )
        lot = lot_of(listing, colour)
        if lot.state is not State.EXPIRED:
            raise ListingStateError(
                f"This listing is {lot.state}; there is something to decide once it has expired."
            )
        return listing, lot


def lot_of(listing: Listing, colour: str) -> Lot:
    """A listing's lot by its colour.

    Raises:
        ListingError: it has none of that colour.
    """
    found = next((each for each in listing.lots if each.colour == colour), None)
    if found is None:
        raise ListingError(f"This listing has no {colour!r} to decide about. Reload the page.")
    return found
