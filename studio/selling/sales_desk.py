"""The sales desk: orders and returns as rounds that can teach a store's taste."""

from collections.abc import Sequence

from studio.domain import Candidate, CandidateGroup, UnknownCandidateError
from studio.perfusion.profile import Profile
from studio.selling.keeper import Keeper
from studio.selling.records import Listing, State
from studio.selling.sold_together import Contest, Sold, contests
from studio.services.export import WeightedRound
from studio.services.stores import StoreBook
from studio.storage.database import Database
from studio.storage.groups import GroupStore

ANYTHING = "clothes"
"""What is said to be asked for where designs that competed share no phrase."""
_UNSOLD = (State.DRAFT, State.CANCELLED)


class SalesDesk:
    """Makes rounds of what real customers ordered and kept.

    Simulated shoppers never teach, and neither do listings that are still open, those of no store,
    or designs whose round was deleted.

    Args:
        database: a visitor's view of it.
        keeper: knows listings and orders.
        stores: whose taste it is.
    """

    def __init__(self, database: Database, keeper: Keeper, stores: StoreBook) -> None:
        self._keeper = keeper
        self._stores = stores
        self._groups = GroupStore(database)

    def rounds(self, store_id: int | None = None) -> tuple[WeightedRound, ...]:
        """What was listed together as rounds, each with how sure its answer is.

        Args:
            store_id: only this store's.
        """
        designs = self._designs(store_id)
        units = self._keeper.orders.all_units()
        sold = [
            Sold(
                listing_id=listing.id,
                store_id=listing.listed.store_id,
                opens=listing.terms.opens,
                closes=listing.terms.closes,
                kept=sum(
                    max(each.firm - each.returned, 0) for each in units.get(listing.id, {}).values()
                ),
            )
            for listing, _ in designs.values()
            if listing.listed.store_id is not None
        ]
        return tuple(self._round(each, designs) for each in contests(sold))

    def _designs(self, store_id: int | None) -> dict[int, tuple[Listing, CandidateGroup]]:
        """Listing id -> what may compete, with the round that it comes from."""
        found = {}
        for listing in self._keeper.listings.all():
            owner = listing.listed.store_id
            if owner is None or store_id not in (None, owner) or listing.is_simulated:
                continue
            if listing.state in _UNSOLD or not self._keeper.is_closed(listing):
                continue
            try:
                group = self._groups.of_candidate(listing.listed.candidate_id)
            except UnknownCandidateError:
                continue
            if group.is_deleted:
                continue
            found[listing.id] = (listing, group)
        return found

    def _round(
        self, contest: Contest, designs: dict[int, tuple[Listing, CandidateGroup]]
    ) -> WeightedRound:
        some = [designs[each] for each in contest.listing_ids]
        first = some[0][0]
        profile = self._stores.profile_text(first.listed.store_id)
        return WeightedRound(
            id=f"sales-{first.id}",
            profile=Profile.from_json(profile),
            prompt=shared_phrases([group.prompt for _, group in some]),
            candidates=tuple(_listed(listing, group) for listing, group in some),
            checkpoint=some[0][1].checkpoint,
            is_wanted=contest.is_wanted,
            weight=contest.weight,
            answered_at=max(listing.terms.closes for listing, _ in some),
        )


def shared_phrases(prompts: Sequence[str]) -> str:
    """The phrases that all of some prompts have, in the order of the first."""
    first, *others = ([phrase for phrase in each.split(", ") if phrase] for each in prompts)
    shared = [phrase for phrase in first if all(phrase in other for other in others)]
    return ", ".join(shared) or ANYTHING


def _listed(listing: Listing, group: CandidateGroup) -> Candidate:
    return next(each for each in group.candidates if each.id == listing.listed.candidate_id)
