"""The book of tastes: what each store's ticks have taught, at once, and the way back.

A saved answer puts its store in line. One thread looks at the rounds that are new, fits the
store's taste and keeps it as a new version; nobody waits for it but a round that is about to be
drawn for this store, and that not for long.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from statistics import fmean, stdev

from studio.design.spec import DesignSpec
from studio.domain import (
    BroughtTaste,
    CandidateGroup,
    NewTaste,
    ProfileError,
    RoundAnswer,
    RoundRequest,
    Store,
    StudioError,
    TasteError,
    TasteFacts,
    TasteVersion,
    UnknownGroupError,
    UnknownStoreError,
)
from studio.perfusion.profile import Profile
from studio.perfusion.reward_model import PreparedImages
from studio.perfusion.taste import NO_TASTE, Taste
from studio.perfusion.taste_file import TasteFile
from studio.perfusion.taste_fit import Judged
from studio.perfusion.taste_learner import (
    GENERATOR,
    REWARD,
    AnsweredRound,
    Learnt,
    RoundEvidence,
    Shown,
    TasteLearner,
    evidence_from_bytes,
    evidence_to_bytes,
)
from studio.services.known_designs import KnownDesigns
from studio.services.likings import AnsweredDesigns, Liking, likings_of, with_statements
from studio.services.statements import KnownRound, StatementBook
from studio.services.stores import StoreBook
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles
from studio.storage.request_rows import UnreadableRowError
from studio.storage.tastes import TasteStore

MOST_ROUNDS = 200
"""Answers that a taste is learnt from, the newest ones."""
NEW_AT_ONCE = 24
"""Rounds that are looked at for the first time before a fit; the rest follows after it."""
LIKING_ROUNDS = 60
"""Answers that likings are counted in, the newest ones."""
REMEMBERED = 64
"""Versions whose likings are kept ready."""
LONGEST_WAIT_S = 3.0
"""How long a round that is about to be drawn waits for its store's taste."""
_SURE = 1.96
"""Standard errors that a gain lies above zero, to be called more than luck."""
_FEWEST_TO_BE_SURE = 3

_log = logging.getLogger(__name__)

StoreKey = tuple[int, int]
"""Workspace and store."""


@dataclass(frozen=True)
class TasteState:
    """A store's taste as its card shows it.

    Attributes:
        version: in force; None where the profile alone counts.
        is_learning: whether answers are being taken in at this moment.
        trouble: why the last answers could not be taken in, a sentence; empty otherwise.
    """

    version: TasteVersion | None
    is_learning: bool = False
    trouble: str = ""

    @property
    def facts(self) -> TasteFacts:
        """What is told of it."""
        return TasteFacts() if self.version is None else self.version.facts


@dataclass(frozen=True)
class TasteInUse:
    """The taste that a round is drawn with.

    Attributes:
        taste: what is added to its store's embeddings.
        own: mark of the store's own taste.
        other: mark of the one that is mixed in.
    """

    taste: Taste = NO_TASTE
    own: str = ""
    other: str = ""

    def told_in(self, request: RoundRequest) -> RoundRequest:
        """The request, saying what it was drawn with."""
        mixed = request.mixed
        if mixed is not None:
            mixed = replace(mixed, taste=self.other)
        return replace(request, taste=self.own, mixed=mixed)


@dataclass
class _Line:
    """The stores whose answers are to be taken in; all visitors share it."""

    learner: TasteLearner | None = None
    waiting: dict[StoreKey, None] = field(default_factory=dict)
    running: StoreKey | None = None
    troubles: dict[StoreKey, str] = field(default_factory=dict)
    asked: set[tuple[StoreKey, str]] = field(default_factory=set)
    likings: OrderedDict[int, tuple[Liking, ...]] = field(default_factory=OrderedDict)
    changed: threading.Condition = field(default_factory=threading.Condition)
    is_stopping: bool = False
    thread: threading.Thread | None = None


class TasteBook:
    """Learns, finds and takes back the tastes of a workspace's stores.

    Args:
        database: where they are kept.
        images: where the pictures of rounds are.
        stores: whose tastes.
        known: what designs pictures show.
        line: shared with other workspaces; None for the first one.
    """

    def __init__(
        self,
        database: Database,
        images: ImageFiles,
        stores: StoreBook,
        known: KnownDesigns,
        line: "_Line | None" = None,
    ) -> None:
        self._workspace_id = database.workspace_id
        self._tastes = TasteStore(database)
        self._statements = StatementBook(database)
        self._groups = GroupStore(database)
        self._images = images
        self._stores = stores
        self._known = known
        self._line = line or _Line()

    def of(
        self, database: Database, images: ImageFiles, stores: StoreBook, known: KnownDesigns
    ) -> "TasteBook":
        """The same for another workspace."""
        return TasteBook(database, images, stores, known, self._line)

    # --- Learning ----------------------------------------------------------------------------

    def use(self, learner: TasteLearner) -> None:
        """Learn with these models from now on; tastes of others are learnt anew when asked for."""
        with self._line.changed:
            self._line.learner = learner if learner.can_learn else None
            self._line.asked.clear()

    def start(self, book_of: Callable[[int], "TasteBook"]) -> None:
        """Take answers in as they come.

        Args:
            book_of: workspace -> its book of tastes.
        """
        thread = threading.Thread(
            target=self._work, args=(book_of,), name="studio-tastes", daemon=True
        )
        self._line.thread = thread
        thread.start()

    def stop(self) -> None:
        """Finish what is being taken in, and leave the rest for the next start."""
        with self._line.changed:
            self._line.is_stopping = True
            self._line.changed.notify_all()
        if self._line.thread is not None:
            self._line.thread.join()

    def take_in(self, store_id: int | None) -> None:
        """Put a store in line, whose answers have changed; its taste follows in the background."""
        if store_id is None or self._line.learner is None:
            return
        key = self._workspace_id, store_id
        with self._line.changed:
            self._line.waiting.pop(key, None)
            self._line.waiting[key] = None
            self._line.changed.notify_all()

    def learn(self, store_id: int) -> bool:
        """Take a store's answers in now.

        Returns:
            Whether all of them could be looked at, and not just the newest.

        Raises:
            UnknownStoreError: the store was taken off the list.
            TasteError: the fit diverged; the taste of before stays.
            StudioError: the database can't be used.
        """
        learner = self._line.learner
        if learner is None:
            return True
        latest = self._tastes.latest(store_id)
        facts = TasteFacts() if latest is None else latest.facts
        answers = self._tastes.answers(store_id)
        profile = Profile.from_json(self._stores.profile_text(store_id))
        counting = _counting(answers, facts)
        evidence, is_all = self._evidence(learner, counting, profile)
        usable, own = self._rounds(counting, evidence)
        brought = self._brought_rounds(learner, store_id, profile, facts)
        rounds = [*own, *brought][:MOST_ROUNDS]
        said = self._statements.shown(
            learner, self._statements.of_store(store_id, facts.since), profile
        )
        learnt = learner.learn(rounds, profile, [*said.values()])
        before = self._tastes.latest(store_id, learner.digest)
        self._tastes.add(
            NewTaste(
                store_id=store_id,
                before_id=_way_back(before, usable, [*said]),
                checkpoint=learner.digest,
                mark=learnt.taste.mark,
                made_at=datetime.now(UTC),
                facts=replace(
                    _judged_facts(learnt),
                    counted=tuple(usable),
                    since=facts.since,
                    left_out=facts.left_out,
                    answered=len(answers),
                    seen_with=learner.mark(profile),
                    said=tuple(said),
                    brought=len(rounds) - len(own),
                ),
                content=learnt.taste.to_bytes(),
            )
        )
        return is_all

    @property
    def can_explore(self) -> bool:
        """Whether it can be told which designs would teach most about a store."""
        return self._line.learner is not None and self._line.learner.can_explore

    def most_telling(
        self,
        store_id: int,
        profile: Profile,
        shown: Shown,
        images: PreparedImages,
        count: int,
        among: Collection[int],
        beside: Collection[int] = (),
    ) -> tuple[int, ...]:
        """Which designs would teach most about a store, after what it has answered.

        Args:
            store_id: the store.
            profile: its own, as the round was asked for with.
            shown: all designs.
            images: their pictures as the reward model looks at them.
            count: designs to choose.
            among: places to choose from.
            beside: places that are shown anyway.

        Raises:
            StudioError: the profile or what is known of the store can't be used.
        """
        learner = self._line.learner
        if learner is None or not learner.can_explore:
            return ()
        latest = self._tastes.latest(store_id)
        facts = TasteFacts() if latest is None else latest.facts
        counting = _counting(self._tastes.answers(store_id), facts)
        known = self._known_evidence(learner.mark(profile), counting)
        _, own = self._rounds(counting, known)
        rounds = [*own, *self._brought_rounds(learner, store_id, profile, facts)]
        evidence = learner.look(shown, profile, images)
        return learner.most_telling(evidence, rounds, profile, count, among, beside)

    # --- Asking ------------------------------------------------------------------------------

    def state(self, store_id: int) -> TasteState:
        """A store's taste as it stands; one of other models or another profile is learnt anew."""
        learner, key = self._line.learner, (self._workspace_id, store_id)
        if learner is None:
            return TasteState(None)
        version = self._tastes.latest(store_id, learner.digest)
        mark = learner.mark(Profile.from_json(self._stores.profile_text(store_id)))
        is_of_now = version is not None and version.facts.seen_with == mark
        if not is_of_now and self._is_first_time(key, mark) and self._has_answers(store_id):
            self.take_in(store_id)
        with self._line.changed:
            is_learning = key in self._line.waiting or key == self._line.running
            return TasteState(version, is_learning, self._line.troubles.get(key, ""))

    def likings(self, store_id: int) -> tuple[Liking, ...]:
        """What a store likes and avoids by the answers that count, the surest lines first.

        What a person says stands before what was counted, and in its place.
        """
        version = self.state(store_id).version
        if version is None:
            return ()
        statements = self._statements.of_store(store_id, version.facts.since)
        return with_statements(self._counted_likings(version), statements)

    def _counted_likings(self, version: TasteVersion) -> tuple[Liking, ...]:
        found = self._line.likings.get(version.id)
        if found is None:
            found = self._count_likings(version)
            with self._line.changed:
                self._line.likings[version.id] = found
                while len(self._line.likings) > REMEMBERED:
                    self._line.likings.popitem(last=False)
        return found

    def _count_likings(self, version: TasteVersion) -> tuple[Liking, ...]:
        rounds = []
        for group in self._counted_rounds(version):
            designs = self._designs(group)
            known = [one for one in designs if one is not None]
            if len(known) == len(group.candidates):
                ticked = [each.id in (group.selected_ids or ()) for each in group.candidates]
                images = [each.image for each in group.candidates]
                rounds.append(AnsweredDesigns(group.id, known, ticked, images))
        return likings_of(rounds)

    def _counted_rounds(self, version: TasteVersion) -> Iterator[CandidateGroup]:
        """The newest rounds that a version was learnt from, as far as they can be read."""
        for each in version.facts.counted[:LIKING_ROUNDS]:
            with suppress(UnknownGroupError, UnreadableRowError):
                yield self._groups.get(each.group_id)

    def rounds_of(self, store_id: int | None) -> int:
        """How many rounds the taste of now was learnt from, and is kept of."""
        if store_id is None:
            return 0
        state = self.state(store_id)
        return state.facts.rounds if state.version and state.version.mark else 0

    def taste_of(self, store_id: int | None) -> Taste:
        """What is added to a store's embeddings now."""
        if store_id is None:
            return NO_TASTE
        return _read(self.state(store_id).version)

    def taste_with(self, store_id: int | None, mark: str | None) -> Taste:
        """The taste to draw a round with; the one of now waits a moment for new answers.

        Args:
            store_id: whom the round is for.
            mark: of a certain taste, where a round is to come again as it was; empty for none.
        """
        if store_id is None or mark == "" or self._line.learner is None:
            return NO_TASTE
        if mark is None:
            self.state(store_id)
            self.settle(store_id)
            return self.taste_of(store_id)
        version = self._tastes.with_mark(store_id, mark)
        fits = version is not None and version.checkpoint == self._line.learner.digest
        return _read(version) if fits else NO_TASTE

    def in_use(self, request: RoundRequest) -> TasteInUse:
        """The taste to draw a round with, another store's mixed in where that is asked for.

        Raises:
            StudioError: a profile can't be used.
        """
        own = self.taste_with(request.store_id, request.taste)
        mixed, learner = request.mixed, self._line.learner
        if mixed is None or mixed.store_id is None or learner is None:
            return TasteInUse(own, own.mark)
        other = self.taste_with(mixed.store_id, mixed.taste)
        both = (Profile.from_json(request.profile), own), (Profile.from_json(mixed.profile), other)
        return TasteInUse(learner.mixed(*both, mixed.share), own.mark, other.mark)

    def knows(self, store_id: int, mark: str) -> bool:
        """Whether a round can be drawn again with the taste of this mark."""
        return mark == "" or self.taste_with(store_id, mark) is not NO_TASTE

    def settle(self, store_id: int) -> bool:
        """Wait until a store's answers are taken in, but not for long; whether they are."""
        key = self._workspace_id, store_id

        def is_settled() -> bool:
            return key not in self._line.waiting and key != self._line.running

        with self._line.changed:
            if self._line.thread is None:
                return is_settled()
            return self._line.changed.wait_for(is_settled, LONGEST_WAIT_S)

    # --- Correcting --------------------------------------------------------------------------

    def say(
        self,
        store_id: int,
        family: str,
        value: str,
        *,
        is_liked: bool,
        seen_in: CandidateGroup | None = None,
    ) -> None:
        """Take in what a person says, whatever was counted: an answer that `undo` takes back.

        Args:
            store_id: whom it is about.
            family: such as "print".
            value: such as "leopard".
            is_liked: and not avoided.
            seen_in: the round that it was said about, beside those that count.

        Raises:
            TasteError: there is no such value, or no round has a design to show it by.
            UnknownStoreError: there is no such store.
        """
        version = self._in_force(store_id)
        groups = [] if seen_in is None else [seen_in]
        if version is not None:
            groups.extend(self._counted_rounds(version))
        rounds = map(self._known_round, groups)
        self._statements.say(store_id, family, value, rounds, is_liked=is_liked)
        self.take_in(store_id)

    def unsay(self, store_id: int, family: str, value: str) -> None:
        """Let what a person said of a value count no more: what was counted counts again.

        Raises:
            TasteError: nothing was said of it.
            UnknownStoreError: there is no such store.
        """
        self._stores.get(store_id)
        said = [
            each.id
            for each in self._statements.of_store(store_id)
            if (each.family, each.value) == (family, value)
        ]
        if not self._statements.take_back(store_id, said):
            raise TasteError(f"Nobody has said of this store whether it likes “{value}”.")
        self.take_in(store_id)

    def _known_round(self, group: CandidateGroup) -> KnownRound:
        return group.prompt, [each for each in self._designs(group) if each is not None]

    # --- Sharing -----------------------------------------------------------------------------

    def saved(self, store_id: int) -> TasteFile:
        """What a store has taught, to bring to another studio.

        Raises:
            TasteError: it has taught nothing yet, or nothing here can learn.
            StudioError: there is no such store, or its profile can't be read.
        """
        store, learner = self._stores.get(store_id), self._line.learner
        latest = self._tastes.latest(store_id)
        facts = TasteFacts() if latest is None else latest.facts
        profile = Profile.from_json(self._stores.profile_text(store_id))
        rounds: list[AnsweredRound] = []
        if learner is not None:
            counting = _counting(self._tastes.answers(store_id), facts)
            known = self._known_evidence(learner.mark(profile), counting)
            _, rounds = self._rounds(counting, known)
            rounds += self._brought_rounds(learner, store_id, profile, facts)
        if learner is None or not rounds:
            raise TasteError("This store has taught nothing yet. Save the answer to a round first.")
        return TasteFile(store.name, profile, learner.digest, learner.mark(profile), rounds)

    def bring(self, content: bytes) -> Store:
        """Put a store on the list that was saved elsewhere, with what it has taught.

        Raises:
            TasteError: it is no such file, damaged, absurd, or of other models.
            StudioError: the store can't be added.
        """
        file, learner = TasteFile.from_bytes(content), self._line.learner
        if learner is None or file.checkpoint != learner.digest:
            raise TasteError(
                "That taste was learnt with another checkpoint, so it means nothing to the models "
                "here. Put the checkpoint into service that it was saved with, then bring it again."
            )
        if file.mark != learner.mark(file.profile):
            raise TasteError(
                "The checkpoint knows that store by its own rounds, so what it taught since can't "
                "be brought without them. Bring its rounds: python -m studio.import_rounds."
            )
        store = self._stores.add(file.name, dict(file.profile.fields))
        kept = BroughtTaste(datetime.now(UTC).isoformat(), content)
        self._tastes.keep_brought(store.id, kept)
        self.take_in(store.id)
        return store

    # --- Taking back -------------------------------------------------------------------------

    def undo(self, store_id: int) -> None:
        """Bring the taste of before back; the answers that it did not have count no more.

        Raises:
            TasteError: there is nothing to take back.
            UnknownStoreError: there is no such store.
        """
        version = self._in_force(store_id)
        if version is None:
            raise TasteError("This store has learnt nothing yet that could be taken back.")
        before = None
        if version.before_id is not None:
            before = self._tastes.get(store_id, version.before_id)
        kept = TasteFacts(since=self._brought_at(store_id)) if before is None else before.facts
        taken_back = [each for each in version.facts.counted if each not in kept.counted]
        left_out = dict.fromkeys((*kept.left_out, *taken_back))
        self._statements.take_back(store_id, {*version.facts.said} - {*kept.said})
        self._statements.bring_back(store_id, {*kept.said} - {*version.facts.said})
        self._tastes.add(
            NewTaste(
                store_id=store_id,
                before_id=None if before is None else before.before_id,
                checkpoint=version.checkpoint,
                mark="" if before is None else before.mark,
                made_at=datetime.now(UTC),
                facts=replace(
                    kept,
                    left_out=tuple(left_out),
                    answered=len(self._tastes.answers(store_id)),
                    seen_with=kept.seen_with or version.facts.seen_with,
                ),
                content=NO_TASTE.to_bytes() if before is None else before.content,
            )
        )

    def reset(self, store_id: int) -> None:
        """Go back to what the profile says; answers until now count no more. It can be undone.

        Raises:
            TasteError: there is nothing to take back.
            UnknownStoreError: there is no such store.
        """
        version = self._in_force(store_id)
        answers = self._tastes.answers(store_id)
        if version is None or not (version.facts.rounds or version.facts.said):
            raise TasteError("This store has learnt nothing yet that could be taken back.")
        self._tastes.add(
            NewTaste(
                store_id=store_id,
                before_id=version.id,
                checkpoint=version.checkpoint,
                mark="",
                made_at=datetime.now(UTC),
                facts=TasteFacts(
                    since=datetime.now(UTC).isoformat(),
                    answered=len(answers),
                    seen_with=version.facts.seen_with,
                ),
                content=NO_TASTE.to_bytes(),
            )
        )

    # --- Inside ------------------------------------------------------------------------------

    def _in_force(self, store_id: int) -> TasteVersion | None:
        self._stores.get(store_id)
        learner = self._line.learner
        return None if learner is None else self._tastes.latest(store_id, learner.digest)

    def _is_first_time(self, key: StoreKey, mark: str) -> bool:
        with self._line.changed:
            asked = key, mark
            is_new = asked not in self._line.asked
            self._line.asked.add(asked)
            return is_new

    def _has_answers(self, store_id: int) -> bool:
        return bool(self._tastes.answers(store_id) or self._brought_at(store_id))

    def _brought_at(self, store_id: int) -> str:
        """When a taste was brought for a store; empty where none was."""
        brought = self._tastes.brought(store_id)
        return "" if brought is None else brought.made_at

    def _brought_rounds(
        self, learner: TasteLearner, store_id: int, profile: Profile, facts: TasteFacts
    ) -> Sequence[AnsweredRound]:
        """Those that came with a file, as long as they count and the profile is still that one."""
        brought = self._tastes.brought(store_id)
        if brought is None or brought.made_at <= facts.since:
            return ()
        try:
            file = TasteFile.from_bytes(brought.content)
        except TasteError as error:
            _log.warning("What was brought for store %d is left out. %s", store_id, error)
            return ()
        return file.rounds if file.mark == learner.mark(profile) else ()

    def _evidence(
        self, learner: TasteLearner, answers: Sequence[RoundAnswer], profile: Profile
    ) -> tuple[dict[int, RoundEvidence], bool]:
        """What is made of the rounds; of those that are new, of the newest ones first.

        Returns:
            Round -> evidence, and whether all of them have been looked at.
        """
        mark = learner.mark(profile)
        ids = [each.group_id for each in answers]
        found = self._known_evidence(mark, answers)
        new = [group_id for group_id in ids if group_id not in found]
        fresh = {group_id: self._look(learner, group_id, profile) for group_id in new[:NEW_AT_ONCE]}
        self._tastes.keep_evidence(
            {group_id: evidence_to_bytes(each) for group_id, each in fresh.items()}, mark
        )
        return found | fresh, len(new) <= NEW_AT_ONCE

    def _known_evidence(
        self, mark: str, answers: Sequence[RoundAnswer]
    ) -> dict[int, RoundEvidence]:
        """What has been made of the rounds so far."""
        kept = self._tastes.evidence([each.group_id for each in answers], mark)
        found: dict[int, RoundEvidence] = {}
        for group_id, content in kept.items():
            with suppress(TasteError):  # a damaged row is looked at again
                found[group_id] = evidence_from_bytes(content)
        return found

    def _rounds(
        self, answers: Sequence[RoundAnswer], evidence: Mapping[int, RoundEvidence]
    ) -> tuple[list[RoundAnswer], list[AnsweredRound]]:
        """The answers that something was made of; and that, with their ticks, of each round."""
        usable = [each for each in answers if each.group_id in evidence]
        rounds: list[AnsweredRound] = [
            (evidence[each.group_id], ticks)
            for each in usable
            if (ticks := self._ticks(each.group_id)) is not None
        ]
        return usable, rounds

    def _look(self, learner: TasteLearner, group_id: int, profile: Profile) -> RoundEvidence:
        """A round that can't be looked at tells nothing, and takes no other with it."""
        try:
            return learner.look(self._shown(self._groups.get(group_id)), profile)
        except ProfileError:
            raise
        except StudioError as error:
            _log.warning("Round %d is left out of its store's taste. %s", group_id, error)
            return {}

    def _shown(self, group: CandidateGroup) -> Shown:
        return Shown(
            name=f"round-{group.id}",
            prompt=group.prompt,
            designs=self._designs(group),
            pictures=lambda: [self._images.load(each.image) for each in group.candidates],
        )

    def _designs(self, group: CandidateGroup) -> list[DesignSpec | None]:
        """What a round shows; None where no design is known of a picture."""
        return [self._known.of(group, each).whole() for each in group.candidates]

    def _ticks(self, group_id: int) -> list[bool] | None:
        """Which designs of a round are ticked; None where that can't be read any more."""
        try:
            group = self._groups.get(group_id)
        except (UnknownGroupError, UnreadableRowError):
            return None
        ticked = group.selected_ids or frozenset()
        return [each.id in ticked for each in group.candidates]

    def _work(self, book_of: Callable[[int], "TasteBook"]) -> None:
        line = self._line
        while True:
            with line.changed:
                line.changed.wait_for(lambda: line.waiting or line.is_stopping)
                if line.is_stopping:
                    return
                key = line.running = next(iter(line.waiting))
                del line.waiting[key]
            trouble, is_all = "", True
            try:
                is_all = book_of(key[0]).learn(key[1])
            except UnknownStoreError:
                _log.info("A store was taken off the list while its taste was learnt.")
            except StudioError as error:
                _log.warning("The taste of store %d could not be learnt. %s", key[1], error)
                trouble = str(error)
            except Exception:  # the thread must outlive a bug; the log tells where it is
                _log.exception("The taste of store %d could not be learnt.", key[1])
                trouble = "The studio made a mistake while learning; its log says which."
            with line.changed:
                line.running = None
                line.troubles[key] = trouble
                if not is_all:
                    line.waiting.setdefault(key)
                line.changed.notify_all()


def _counting(answers: Sequence[RoundAnswer], facts: TasteFacts) -> list[RoundAnswer]:
    """The answers that count, the newest ones first, as far as a taste is learnt from them."""
    counting = [
        each for each in answers if each.made_at > facts.since and each not in facts.left_out
    ]
    return counting[:MOST_ROUNDS]


def _read(version: TasteVersion | None) -> Taste:
    """A version's content; one that can't be read adds nothing, and is learnt anew with a save."""
    if version is None or not version.mark:
        return NO_TASTE
    try:
        return Taste.from_bytes(version.content)
    except TasteError as error:
        _log.warning("A taste of store %d can't be used. %s", version.store_id, error)
        return NO_TASTE


def _way_back(
    before: TasteVersion | None, counted: Sequence[RoundAnswer], said: Sequence[int]
) -> int | None:
    """The version that an undo brings back: one with other answers, or there is nothing to undo."""
    if before is None:
        return None
    facts = before.facts
    is_other = {*facts.counted} != {*counted} or {*facts.said} != {*said}
    return before.id if is_other else before.before_id


def _judged_facts(learnt: Learnt) -> TasteFacts:
    """How a taste does on rounds that it had not seen."""
    told = learnt.judged.get(REWARD) or learnt.judged.get(GENERATOR)
    shares = ((), ()) if told is None else (told.before, told.after)
    return TasteFacts(
        compared=len(shares[0]),
        before=fmean(shares[0]) if shares[0] else None,
        after=fmean(shares[1]) if shares[1] else None,
        is_sure=told is not None and _is_sure(told),
        scales={model: each.scale for model, each in learnt.judged.items()},
    )


def _is_sure(told: Judged) -> bool:
    """Whether held-out rounds are told better by more than luck would do."""
    gains = [after - before for before, after in zip(told.before, told.after, strict=True)]
    if len(gains) < _FEWEST_TO_BE_SURE:
        return False
    return bool(fmean(gains) > _SURE * stdev(gains) / len(gains) ** 0.5)
