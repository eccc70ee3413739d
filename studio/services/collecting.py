"""Collections: designs of different rounds, put together, named, priced and taken away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from studio.domain import (
    Candidate,
    CandidateGroup,
    CollectedDesign,
    Collection,
    CollectionError,
)
from studio.services.briefs import number_of
from studio.services.stores import StoreBook
from studio.storage.collected import CollectionStore
from studio.storage.database import Database
from studio.storage.groups import GroupStore

MOST_DESIGNS = 120
LONGEST_NAME, LONGEST_PRICE, LONGEST_NOTE = 120, 40, 2_000


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A design of a collection with all that there is to say of it.

    Attributes:
        design: what the collection says.
        group: its round.
        candidate: its picture.
        store: whom it is for; empty for nobody in particular.
    """

    design: CollectedDesign
    group: CandidateGroup
    candidate: Candidate
    store: str

    @property
    def number(self) -> str:
        """What the design is called everywhere."""
        return number_of(self.group, self.candidate)

    @property
    def title(self) -> str:
        """Its name, or its number where it has none."""
        return self.design.name or self.number


class CollectionBook:
    """A workspace's collections.

    Args:
        database: where they are.
        stores: names of the stores that designs are for.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        stores: StoreBook,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._kept = CollectionStore(database)
        self._groups = GroupStore(database)
        self._stores = stores
        self._now = now

    def all(self) -> tuple[Collection, ...]:
        """Newest first."""
        return self._kept.all()

    def deleted(self) -> tuple[tuple[int, str], ...]:
        """Ids and names of those that can be put back, the last deleted first."""
        return self._kept.deleted()

    def get(self, collection_id: int) -> Collection:
        """One of them.

        Raises:
            CollectionError: it is not there.
        """
        return self._kept.get(collection_id)

    def placed(self, collection: Collection) -> tuple[Placed, ...]:
        """Its designs with their rounds, in order."""
        names = {store.id: store.name for store in self._stores.all()}
        return tuple(self._placed(each, names) for each in collection.designs)

    def picks(self, store_id: int | None = None) -> tuple[Placed, ...]:
        """Every design that was ticked, oldest round first, of one store or of all."""
        names = {store.id: store.name for store in self._stores.all()}
        groups = map(self._groups.get, self._groups.answered(store_id))
        return tuple(
            self._placed(CollectedDesign(candidate_id=each.id), names)
            for group in groups
            for each in group.candidates
            if each.id in (group.selected_ids or ())
        )

    def start(self, name: str, candidate_ids: Sequence[int] = ()) -> Collection:
        """A new collection, with some designs.

        Raises:
            CollectionError: it has no name, or one of the designs is not there.
        """
        new = Collection(id=0, name=name, designs=_designs(candidate_ids))
        _check(new)
        collection_id = self._kept.add(name.strip(), self._now())
        return (
            self.put(replace(new, id=collection_id)) if candidate_ids else self.get(collection_id)
        )

    def add(self, collection_id: int, candidate_ids: Sequence[int]) -> Collection:
        """Put designs behind the others; those that are there already stay where they are.

        Raises:
            CollectionError: it is not there, it is full, or one of the designs is not there.
        """
        before = self.get(collection_id)
        known = {each.candidate_id for each in before.designs}
        new = _designs([each for each in dict.fromkeys(candidate_ids) if each not in known])
        return self.put(replace(before, designs=before.designs + new)) if new else before

    def drop(self, collection_id: int, candidate_ids: Sequence[int]) -> Collection:
        """Take designs out again.

        Raises:
            CollectionError: it is not there.
        """
        before = self.get(collection_id)
        left = tuple(each for each in before.designs if each.candidate_id not in candidate_ids)
        return self.put(replace(before, designs=left))

    def put(self, collection: Collection) -> Collection:
        """Make a collection what it says here: name, notes, order, and what is said of designs.

        An earlier state that is put again undoes whatever came between.

        Raises:
            CollectionError: see `CollectionStore.put`; or something is too long or there twice.
        """
        _check(collection)
        self._kept.put(replace(collection, name=collection.name.strip()))
        return self.get(collection.id)

    def delete(self, collection_id: int) -> None:
        """Delete a collection; its designs stay in their rounds.

        Raises:
            CollectionError: it is not there.
        """
        self._kept.delete(collection_id, self._now())

    def undelete(self, collection_id: int) -> Collection:
        """Put a deleted one back.

        Raises:
            CollectionError: there is no such one.
        """
        self._kept.delete(collection_id, None)
        return self.get(collection_id)

    def _placed(self, design: CollectedDesign, names: dict[int, str]) -> Placed:
        group = self._groups.of_candidate(design.candidate_id)
        candidate = next(each for each in group.candidates if each.id == design.candidate_id)
        store = names.get(group.request.store_id or 0, "")
        return Placed(design=design, group=group, candidate=candidate, store=store)


def _designs(candidate_ids: Sequence[int]) -> tuple[CollectedDesign, ...]:
    return tuple(CollectedDesign(candidate_id=each) for each in dict.fromkeys(candidate_ids))


def _check(collection: Collection) -> None:
    ids = [each.candidate_id for each in collection.designs]
    if not collection.name.strip():
        raise CollectionError("Give the collection a name.")
    if len(ids) > MOST_DESIGNS:
        raise CollectionError(
            f"A collection holds up to {MOST_DESIGNS} designs. Start another one."
        )
    if len({*ids}) < len(ids):
        raise CollectionError("A design is in a collection once. Reload the page.")
    for text, longest in (
        (collection.name, LONGEST_NAME),
        (collection.notes, LONGEST_NOTE),
        *((each.name, LONGEST_NAME) for each in collection.designs),
        *((each.price, LONGEST_PRICE) for each in collection.designs),
        *((each.note, LONGEST_NOTE) for each in collection.designs),
    ):
        if len(text) > longest:
            raise CollectionError(f"That is longer than {longest} characters. Say it in fewer.")
