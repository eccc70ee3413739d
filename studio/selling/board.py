"""The demand board: how each listing stands, what is expected of it, and what is to be decided."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate

from studio.selling.forecast import STEPS, Forecast, Habits, Past, forecast, habits_of
from studio.selling.keeper import Keeper, firm_of
from studio.selling.records import (
    Listing,
    Lot,
    ProductionOrder,
    ProductionState,
    State,
    Units,
)
from studio.selling.vote_book import VoteBook, Votes

NEWEST_PAST = 60
"""Earlier listings of a store that its habits come from."""
_LIVE = (State.OPEN, State.REACHED)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How a lot stands.

    Attributes:
        chance: to reach the minimum in time; None where that is settled.
        decision: the key of what a person is to decide now; empty for nothing.
    """

    lot: Lot
    units: Units
    chance: float | None
    decision: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A listing on the board.

    Attributes:
        left: time to the deadline, on the listing's own clock; none or less once it has passed.
        units: by variant id.
    """

    listing: Listing
    left: timedelta
    units: Mapping[int, Units]
    lots: tuple[Progress, ...]
    production: tuple[ProductionOrder, ...]

    @property
    def total(self) -> Units:
        """All pieces together."""
        return sum(self.units.values(), Units())


class Board:
    """Reads how listings stand.

    Args:
        keeper: knows them.
    """

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._votes = VoteBook(keeper)

    def rows(self) -> tuple[Row, ...]:
        """Every listing, the newest first."""
        listings = self._keeper.listings.all()
        units = self._keeper.orders.all_units()
        production: dict[int, list[ProductionOrder]] = {}
        for order in self._keeper.production.all():
            production.setdefault(order.listing_id, []).append(order)
        known, votes = self._habits(listings), self._votes.now()
        return tuple(
            self._row(each, units.get(each.id, {}), production.get(each.id, ()), known, votes)
            for each in listings
        )

    def row(self, listing_id: int) -> Row:
        """One listing.

        Raises:
            UnknownListingError: there is none.
        """
        listing = self._keeper.listings.get(listing_id)
        return self._row(
            listing,
            self._keeper.orders.units(listing_id),
            self._keeper.production.of_listing(listing_id),
            self._habits((listing,)),
            self._votes.now(),
        )

    def votes(self) -> Votes:
        """What people voted for before listing, and what that was worth."""
        return self._votes.now()

    def habits(self, listing: Listing) -> Habits:
        """What the earlier listings of the listing's store say."""
        return self._habits((listing,))[_shop(listing)]

    def past(self, listing: Listing) -> tuple[Past, ...]:
        """The earlier listings of the listing's store, simulated ones apart."""
        return self._past((listing,)).get(_shop(listing), ())

    def forecast(self, listing: Listing, lot: Lot) -> Forecast:
        """What is expected of a lot, with its fan."""
        habits = self._votes.now().habits(self.habits(listing), listing)
        return self._forecast(listing, lot, self._keeper.orders.units(listing.id), habits, 13)

    def come(self, listing: Listing, steps: int = 4 * STEPS) -> list[int]:
        """Firm pieces ordered by each part of the listing's time, up to now."""
        parts = self._keeper.orders.come_by(steps, [listing.id])[listing.id]
        now = round(self.time_of(listing) * steps)
        return list(accumulate(firm for _, firm in parts))[:now]

    def time_of(self, listing: Listing) -> float:
        """The part of the listing's time that has passed."""
        terms = listing.terms
        gone = (self._keeper.now_of(listing) - terms.opens) / (terms.closes - terms.opens)
        return min(max(gone, 0.0), 1.0)

    def _row(
        self,
        listing: Listing,
        units: Mapping[int, Units],
        production: Sequence[ProductionOrder],
        known: Mapping[tuple[int | None, bool], Habits],
        votes: Votes,
    ) -> Row:
        lots = []
        habits = votes.habits(known[_shop(listing)], listing)
        for lot in listing.lots:
            variants = listing.variants_of(lot)
            own = sum((units.get(each.id, Units()) for each in variants), Units())
            chance = None
            if lot.state is State.OPEN:
                chance = self._forecast(listing, lot, units, habits, 0).chance
            decision = decision_of(lot, [each for each in production if each.colour == lot.colour])
            lots.append(Progress(lot=lot, units=own, chance=chance, decision=decision))
        return Row(
            listing=listing,
            left=listing.terms.closes - self._keeper.now_of(listing),
            units=units,
            lots=tuple(lots),
            production=tuple(production),
        )

    def _forecast(
        self,
        listing: Listing,
        lot: Lot,
        units: Mapping[int, Units],
        habits: Habits,
        fan_points: int,
    ) -> Forecast:
        firm = firm_of(listing.variants_of(lot), units)
        time, minimum = self.time_of(listing), listing.terms.minimum
        ordered = round(firm / (1 - (1 - habits.keep) * habits.gone(time) / 2))
        return forecast(habits, minimum, ordered, firm, time, fan_points)

    def _habits(self, listings: Sequence[Listing]) -> dict[tuple[int | None, bool], Habits]:
        past = self._past(listings)
        return {shop: habits_of(past.get(shop, ())) for shop in {_shop(each) for each in listings}}

    def _past(self, listings: Sequence[Listing]) -> dict[tuple[int | None, bool], tuple[Past, ...]]:
        """The closed listings of the same stores, the newest of each."""
        shops = {_shop(each) for each in listings}
        closed: dict[tuple[int | None, bool], list[Listing]] = {}
        for each in self._keeper.listings.all():
            if _shop(each) in shops and each.state not in (State.DRAFT, *_LIVE, State.CANCELLED):
                closed.setdefault(_shop(each), []).append(each)
        chosen = [each for some in closed.values() for each in some[:NEWEST_PAST]]
        come = self._keeper.orders.come_by(STEPS, [each.id for each in chosen])
        found: dict[tuple[int | None, bool], list[Past]] = {}
        for each in chosen:
            ordered = (0, *accumulate(count for count, _ in come[each.id]))
            firm = sum(count for _, count in come[each.id])
            found.setdefault(_shop(each), []).append(Past(each.terms.minimum, ordered, firm))
        return {shop: tuple(some) for shop, some in found.items()}


def decision_of(lot: Lot, production: Sequence[ProductionOrder]) -> str:
    """What a person is to decide about a lot: the key of a sentence; empty for nothing."""
    states = {each.state for each in production}
    by_state = {
        State.DRAFT: "open it",
        State.EXPIRED: "expired",
        State.REFUNDING: "refund",
        State.DELIVERED: "settle",
    }
    if ProductionState.DRAFT in states:
        return "send"
    if lot.state is State.IN_PRODUCTION:
        if ProductionState.PART_RECEIVED in states:
            return "short"
        return "confirm" if ProductionState.SENT in states else "receive"
    return by_state.get(lot.state, "")


def row_record(row: Row) -> dict[str, object]:
    """A listing on the board as plain values."""
    listing = row.listing
    return {
        "listing_id": listing.id,
        "title": listing.terms.title,
        "design": listing.listed.number,
        "is_simulated": listing.is_simulated,
        "state": str(listing.state),
        "minimum": listing.terms.minimum,
        "closes": listing.terms.closes.isoformat(),
        "units": dataclasses.asdict(row.total),
        "lots": [
            {
                "colour": each.lot.colour,
                "state": str(each.lot.state),
                "firm": each.units.firm,
                "paid": each.units.paid,
                "chance": each.chance,
                "decision": each.decision,
            }
            for each in row.lots
        ],
        "production_order_ids": [each.id for each in row.production],
    }


def _shop(listing: Listing) -> tuple[int | None, bool]:
    """Whose habits count: the store's, and those of simulated shoppers apart."""
    return listing.listed.store_id, listing.is_simulated
