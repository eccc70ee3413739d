"""The vote book: what people voted for, and what their votes have been worth."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.selling.forecast import Habits
from studio.selling.keeper import Keeper
from studio.selling.records import Listing, Scope, State
from studio.selling.storage.polls import Poll, PollStore
from studio.selling.votes import Polled, Rate, rate_of, with_votes

_NEVER_SOLD = (State.DRAFT, State.CANCELLED)


@dataclass(frozen=True)
class Votes:
    """All votes and rates at one moment.

    Attributes:
        by_design: candidate id -> votes.
        rates: store -> what a vote was worth there.
    """

    by_design: Mapping[int, int] = field(default_factory=dict)
    rates: Mapping[int | None, Rate] = field(default_factory=dict)

    def of(self, listing: Listing) -> int:
        """Votes for a listing's design; none for simulated shoppers', who have no votes."""
        return 0 if listing.is_simulated else self.by_design.get(listing.listed.candidate_id, 0)

    def rate(self, listing: Listing) -> Rate:
        """What a vote was worth in the listing's store; the stated default without any."""
        return self.rates.get(listing.listed.store_id) or rate_of(())

    def habits(self, habits: Habits, listing: Listing) -> Habits:
        """What is expected of a lot of a listing, with its share of the votes."""
        lots = len(listing.lots) if listing.terms.scope is Scope.COLOUR else 1
        votes = round(self.of(listing) / lots)
        return with_votes(habits, listing.terms.minimum, votes, self.rate(listing))


class VoteBook:
    """Reads votes and learns what they were worth.

    Args:
        keeper: knows listings, orders and the time.
    """

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._polls = PollStore(keeper.database)

    def now(self) -> Votes:
        """Votes, and rates by the closed real listings of each store."""
        votes = self._polls.votes()
        if not votes:
            return Votes()
        units = self._keeper.orders.all_units()
        polled: dict[int | None, list[Polled]] = {}
        for listing in self._keeper.listings.all():
            count = votes.get(listing.listed.candidate_id, 0)
            if not count or listing.is_simulated or listing.state in _NEVER_SOLD:
                continue
            if self._keeper.is_closed(listing):
                firm = sum(each.firm for each in units.get(listing.id, {}).values())
                polled.setdefault(listing.listed.store_id, []).append(Polled(count, firm))
        return Votes(votes, {store_id: rate_of(some) for store_id, some in polled.items()})


def poll_record(poll: Poll, listed: Mapping[int, Listing], votes: Votes) -> dict[str, object]:
    """A poll as plain values.

    Args:
        poll: with its votes.
        listed: candidate id -> the listing whose store's votes count.
        votes: with what they were worth.
    """
    designs = []
    for candidate_id, count in poll.votes.items():
        listing = listed.get(candidate_id)
        rate = rate_of(()) if listing is None else votes.rate(listing)
        low, pieces, high = rate.pieces(count)
        designs.append(
            {
                "candidate_id": candidate_id,
                "votes": count,
                "low": low,
                "pieces": pieces,
                "high": high,
            }
        )
    return {
        "key": poll.key,
        "title": poll.title,
        "made_at": poll.made_at.isoformat(),
        "voters": poll.voters,
        "designs": designs,
    }
