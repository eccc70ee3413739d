"""What a person can do in the studio, apart from how it looks."""

import copy
import secrets
import threading
from collections import OrderedDict
from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from math import ceil
from pathlib import Path

from studio.design.house_rules import HouseRules
from studio.design.phrase_splitter import split_prompt
from studio.design.phrasebook import Language
from studio.design.reading import ParsedPrompt
from studio.design.spec import DesignSpec
from studio.domain import (
    EVERYBODY,
    MAX_SEED,
    CandidateCountError,
    CandidateGroup,
    ComparisonError,
    DesignError,
    GenerationRequest,
    Job,
    JobState,
    Mixed,
    NoScoresError,
    NothingTickedError,
    RoundRequest,
    SeedError,
    Selection,
    UnknownCandidateError,
    Visitor,
)
from studio.perfusion.generator import GeneratedGroup, Generator
from studio.perfusion.profile import FASHION_SCHEMA, ProfileSchema
from studio.perfusion.reward_model import PerFusionRM
from studio.perfusion.settling import tell
from studio.perfusion.taste import Taste
from studio.perfusion.taste_learner import TasteLearner
from studio.services.accounts import Accounts
from studio.services.asking import Change, RestoredRound, RoundOptions, restored_round
from studio.services.choosing import Chooser, Chosen, drawn_for, exploring_of
from studio.services.collecting import CollectionBook
from studio.services.designs import DesignFiles
from studio.services.export import RoundExport
from studio.services.history import History
from studio.services.jobs import JobQueue, Progress
from studio.services.known_designs import KnownDesigns
from studio.services.line_sheets import LineSheets
from studio.services.phrase_shelf import PhraseShelf
from studio.services.picture_keeper import PictureKeeper
from studio.services.prompt_reading import PromptReading, reading_of
from studio.services.receipts import ReceiptDesk
from studio.services.references import ReferenceDesk
from studio.services.scores import ScoreBook
from studio.services.stores import StoreBook
from studio.services.tastes import TasteBook, TasteInUse
from studio.services.tech_packs import TechPacks
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles
from studio.storage.jobs import JobStore
from studio.storage.selections import SelectionStore
from studio.storage.workspace_images import WorkspaceImages

MOST_CANDIDATES = 12
SUGGESTIONS = 10
REMEMBERED = 200
"""Visitors whose parts are kept ready."""
VARIATION = 0.5
"""Share of the noise schedule that "more like these" draws anew."""

PLAIN = RoundOptions()
TASTE_UNKNOWN = (
    "What its store had taught until then is not kept here: its designs will come a little "
    "different."
)


@dataclass(frozen=True)
class JobStatus:
    """A job as the screen shows it; `group` once it is done."""

    job: Job
    progress: Progress
    waiting_before: int
    group: CandidateGroup | None


class Studio:
    """The studio's verbs: read phrases, ask for a round, watch it, answer it."""

    def __init__(
        self,
        generator: Generator,
        checkpoint: str,
        database: Database,
        images: ImageFiles,
        reward_model: PerFusionRM | None = None,
        schema: ProfileSchema = FASHION_SCHEMA,
    ) -> None:
        """Put the parts together for everybody; `start` sets the worker going."""
        self._generator = generator
        self._database = database
        self._files = images
        self._schema = schema
        self._keeper = PictureKeeper(database, images)
        self._accounts = Accounts(database)
        stores = StoreBook(database, schema)
        known = KnownDesigns(database, images, generator)
        self._all_tastes = TasteBook(database, images, stores, known)
        self._all_tastes.use(TasteLearner(generator, reward_model))
        self._all_scores = ScoreBook(reward_model, images, stores, self._all_tastes)
        self._line = JobQueue(
            database,
            images,
            generator.generate,
            checkpoint,
            choose=self._choose,
            start_of=self._start_of,
            taste_for=self._taste_for,
        )
        self._others: OrderedDict[Visitor, Studio] = OrderedDict()
        self._entering = threading.Lock()
        self._let_in(EVERYBODY)

    @classmethod
    def open(
        cls,
        data: Path,
        generator: Generator,
        checkpoint: str,
        reward_model: PerFusionRM | None = None,
    ) -> "Studio":
        """The studio on a data folder, made when it is missing.

        Raises:
            StorageError: the folder or the database in it can't be used, or another studio is
                open on it.
        """
        images = ImageFiles(data / "images")
        database = Database(data / "studio.db", alone=True)
        return cls(generator, checkpoint, database, images, reward_model)

    def of(self, visitor: Visitor) -> "Studio":
        """The studio as one visitor may use it: their workspace, and by their role.

        Models, queue and database are the same for all; nothing else leads from one workspace to
        another, because every part here is built on the visitor's own view of the database.
        """
        if visitor == self.visitor:
            return self
        with self._entering:
            if visitor not in self._others:
                theirs = copy.copy(self)
                theirs._let_in(visitor)
                self._others[visitor] = theirs
                while len(self._others) > REMEMBERED:
                    self._others.popitem(last=False)
            self._others.move_to_end(visitor)
            return self._others[visitor]

    def _let_in(self, visitor: Visitor) -> None:
        """Build the parts that a visitor works with."""
        database = self._database.of(visitor)
        images = WorkspaceImages(self._files, database)
        generator = self._generator
        self.visitor = visitor
        self.database = database
        self.images: ImageFiles = images
        self.stores = StoreBook(database, self._schema)
        self.history = History(database, generator)
        self.known = KnownDesigns(database, images, generator)
        self.packs = TechPacks(database, generator, self.stores, self.known, visitor.name)
        self.designs = DesignFiles(database, images, self.packs, self.known)
        self.collections = CollectionBook(database, self.stores)
        self.line_sheets = LineSheets(
            self.collections, images, self.packs, self.designs, partial(self.phrase_labels, "zh")
        )
        self.export = RoundExport(database, images)
        self.favourites = PhraseShelf(database)
        self.references = ReferenceDesk(database, images, generator, self.known)
        self.tastes = self._all_tastes.of(database, images, self.stores, self.known)
        self.scores = self._all_scores.of(self.stores, self.tastes)
        self.receipts = ReceiptDesk(self.scores, self.known, self.tastes)
        self._groups = GroupStore(database)
        self._selections = SelectionStore(database)
        self._jobs = JobStore(database)
        self._queue = self._line.of(visitor)

    def _start_of(self, digest: str, workspace_id: int) -> DesignSpec | None:
        """What a workspace knows to be on a picture, for the worker."""
        return self.of(Visitor(workspace_id=workspace_id)).known.start_of(digest)

    def _taste_for(self, job: Job) -> TasteInUse:
        """The taste that a job is drawn with, for the worker."""
        return self.of(Visitor(workspace_id=job.workspace_id)).tastes.in_use(job.request)

    def _choose(self, job: Job, drawn: GeneratedGroup, taste: Taste) -> tuple[Chosen, ...]:
        """What is shown of what was drawn for a job, for the worker."""
        theirs = self.of(Visitor(workspace_id=job.workspace_id))
        return Chooser(theirs.scores, theirs.tastes).choose(job.request, drawn, taste)

    def _tastes_in(self, workspace_id: int) -> TasteBook:
        """A workspace's book of tastes, for the thread that learns them."""
        return self.of(Visitor(workspace_id=workspace_id)).tastes

    def start(self) -> None:
        """Set aside what a crash or time left behind, then draw what is queued."""
        self.history.purge()
        self._keeper.set_leftovers_aside(datetime.now(UTC))
        self.stores.add_samples()
        self._line.start()
        self._all_tastes.start(self._tastes_in)

    def stop(self) -> None:
        """Interrupt the running job and close the database."""
        self._line.stop()
        self._all_tastes.stop()
        self._database.close()

    @property
    def accounts(self) -> Accounts:
        """Who may come in."""
        return self._accounts

    @property
    def checkpoint(self) -> str:
        """What draws, for everybody."""
        return self._line.checkpoint

    def use(self, generator: Generator, checkpoint: str, reward_model: PerFusionRM | None) -> None:
        """Draw and score with other models from the next round on; waits for the running one."""

        def switch() -> None:
            self._generator.become(generator)
            self._all_scores.use(reward_model)
            self._all_tastes.use(TasteLearner(generator, reward_model))

        self._line.switch(checkpoint, switch)

    @property
    def is_personal(self) -> bool:
        """Whether the checkpoint draws differently for different stores."""
        return self._generator.pipeline.adaptive_network is not None

    @property
    def only_own_pictures(self) -> bool:
        """Whether rounds start from designs only: of any other picture the colours can be taken."""
        return self.known.are_drawn

    @property
    def default_candidates(self) -> int:
        """How many candidates the checkpoint recommends."""
        return min(self._generator.defaults.num_candidates, MOST_CANDIDATES)

    def phrase_labels(self, language: Language) -> dict[str, str]:
        """English phrase -> what it is called in a language; empty for any phrase at all."""
        phrasebook = self._generator.phrasebook
        return phrasebook.labels(language) if phrasebook else {}

    def family_labels(self, language: str) -> dict[str, str]:
        """Family -> what it is called in a language; empty for checkpoints of pictures."""
        phrasebook = self._generator.phrasebook
        return phrasebook.family_labels("zh" if language == "zh" else "en") if phrasebook else {}

    def read_prompt(self, prompt: str, store_id: int | None = None) -> PromptReading:
        """Tell known phrases from unknown ones, each where it was typed.

        Args:
            prompt: as typed.
            store_id: the store that it is for, whose house rules hold.

        Raises:
            PromptTooLongError: more was typed than can be read.
            UnknownStoreError: there is no such store.
        """
        rules = self.stores.readable_house_rules(store_id)
        if not split_prompt(prompt).phrases:
            nothing = ParsedPrompt({}, (), ruled_out=rules.ruled_out)
            return PromptReading(suggestions=self._suggest(nothing))
        parsed = self._generator.read_prompt(prompt, rules)
        return reading_of(parsed, self._suggest(parsed))

    def request_round(
        self,
        prompt: str,
        num_candidates: int,
        seed: int | None = None,
        parent_id: int | None = None,
        store_id: int | None = None,
        options: RoundOptions = PLAIN,
    ) -> Job:
        """Queue a round after checking that it can be drawn.

        Args:
            prompt: phrases as typed.
            num_candidates: 1 to 12.
            seed: of the first candidate; None draws one.
            parent_id: the round that this one goes on from.
            store_id: the store that the designs are for.
            options: what it starts from, and how it is drawn and chosen.

        Raises:
            NoScoresError: the best are to be shown, and nothing says which they are.
            StudioError: the prompt, the number, the seed or the start can't be used.
        """
        generation = self._generation(prompt, num_candidates, seed, store_id)
        options.check()
        if options.times > 1 and not self.scores.can_score:
            raise NoScoresError(
                "This checkpoint has no reward model, so nothing says which designs are best. "
                "Show all that are drawn."
            )
        if parent_id is not None:
            self._groups.get(parent_id)
        start = options.start
        if start is not None:
            self.references.check_starts(start.images)
        exploring = exploring_of(num_candidates) if self.explores(store_id, options) else 0
        drawn = drawn_for(num_candidates, options.times, exploring)
        generation = replace(
            generation,
            num_candidates=drawn,
            strength=options.strength,
            variation=None if start is None else start.variation,
            wearer_seed=options.wearer_seed,
        )
        if options.change is not None:
            generation = self._changing(generation, options.change)
        return self._queue.add(
            RoundRequest(
                generation=generation,
                parent_id=parent_id,
                start_images=() if start is None else start.images,
                store_id=store_id,
                profile=self.stores.profile_text(store_id),
                shown=num_candidates if drawn > num_candidates else None,
                taste=options.taste,
                exploring=exploring,
                mixed=self._mixed(store_id, options.mixed),
            )
        )

    def explores(self, store_id: int | None, options: RoundOptions) -> bool:
        """Whether a round has designs that explore its store's taste.

        Only a new round for a store has, with models that can tell what would teach most.
        """
        is_new = options.start is None and options.change is None
        is_asked = options.explores and store_id is not None
        return is_asked and is_new and self.tastes.can_explore

    def _mixed(self, store_id: int | None, mixed: Mixed | None) -> Mixed | None:
        """With the other store's profile of now, or of then where a round comes again."""
        if mixed is None or store_id is None:
            return None
        if mixed.store_id == store_id:
            raise ComparisonError("Mix a store's taste with that of another store.")
        return replace(mixed, profile=mixed.profile or self.stores.profile_text(mixed.store_id))

    def seconds_for(self, drawn: int) -> float | None:
        """How long this machine takes for so many designs; None until it has drawn a round.

        Args:
            drawn: designs to draw, whether or not all of them are shown.
        """
        pace = self._groups.latest_pace()
        if pace is None:
            return None
        at_once = self._generator.defaults.candidates_per_pass
        return pace.seconds * ceil(drawn / at_once) / ceil(pace.drawn / at_once)

    def request_variations(
        self,
        group_id: int,
        candidate_ids: Set[int],
        num_candidates: int,
        seed: int | None = None,
        variation: float = VARIATION,
    ) -> Job:
        """Keep the ticks, and queue a round of more like them: same phrases, new details.

        Args:
            group_id: the round to go on from.
            candidate_ids: at least one of its candidates; the new ones start from them in turn.
            num_candidates: 1 to 12.
            seed: of the first candidate; None draws one.
            variation: how much is drawn anew, above 0 to 1.

        Raises:
            NothingTickedError: no candidate was given.
            UnknownCandidateError: the round does not hold all of these candidates.
            ReferenceImageError: the checkpoint draws designs, and none is known of one of them.
            StudioError: the number or the seed can't be used.
        """
        if not candidate_ids:
            raise NothingTickedError("Tick at least one design to get more like it.")
        group = self._groups.get(group_id)
        before = group.request
        generation = self._generation(
            before.generation.prompt, num_candidates, seed, before.store_id
        )
        ticked = [each.image for each in group.candidates if each.id in candidate_ids]
        self.references.check_starts(ticked)
        self.select(group_id, candidate_ids)
        return self._queue.add(
            RoundRequest(
                generation=replace(
                    generation, variation=variation, strength=before.generation.strength
                ),
                parent_id=group_id,
                start_images=tuple(ticked),
                store_id=before.store_id,
                profile=self.stores.profile_text(before.store_id),
                mixed=_as_now(before.mixed),
            )
        )

    def request_change(
        self,
        group_id: int,
        candidate_id: int,
        free: Set[str],
        num_candidates: int,
        seed: int | None = None,
    ) -> Job:
        """Queue a round that keeps all of one design but some of it, which is drawn again.

        What the phrases ask for stays, even in what is free: then its measures alone change.

        Args:
            group_id: the round to go on from.
            candidate_id: its candidate whose design is kept.
            free: families and measures to draw again; see `parts.free_names`.
            num_candidates: 1 to 12.
            seed: of the first candidate; None draws one.

        Raises:
            UnknownCandidateError: the round does not hold this candidate.
            DesignError: the checkpoint draws no designs, none is known of the candidate, or what is
                kept of it does not go with what was asked for.
            StudioError: the number or the seed can't be used.
        """
        group = self._groups.get(group_id)
        candidate = next((each for each in group.candidates if each.id == candidate_id), None)
        if candidate is None:
            raise UnknownCandidateError(
                f"Round {group_id} does not hold this image. Reload the page."
            )
        design = self.known.of(group, candidate).whole()
        if design is None:
            raise DesignError("No design is known of that picture, so no part of it can be kept.")
        before = group.request
        generation = self._generation(
            before.generation.prompt, num_candidates, seed, before.store_id
        )
        generation = replace(generation, strength=before.generation.strength)
        change = Change(design.to_json(), frozenset(free))
        return self._queue.add(
            RoundRequest(
                generation=self._changing(generation, change),
                parent_id=group_id,
                store_id=before.store_id,
                profile=self.stores.profile_text(before.store_id),
                mixed=_as_now(before.mixed),
            )
        )

    def restore(self, recipe_text: str) -> RestoredRound:
        """What to ask for to get a PNG's round again; see `asking.restored_round`.

        Raises:
            RecipeError: that is no recipe.
        """
        restored = restored_round(recipe_text, self.images, self.stores, self.checkpoint)
        options = restored.options
        if restored.store_id is not None and not self._knows(restored.store_id, options.taste):
            options = replace(options, taste=None)
        mixed = options.mixed
        if (
            mixed is not None
            and mixed.store_id is not None
            and not self._knows(mixed.store_id, mixed.taste)
        ):
            options = replace(options, mixed=replace(mixed, taste=None))
        if options == restored.options:
            return restored
        notices = (*restored.notices, TASTE_UNKNOWN)
        return replace(restored, options=options, notices=notices)

    def _knows(self, store_id: int, mark: str | None) -> bool:
        return self.tastes.knows(store_id, mark or "")

    def status(self, job_id: int) -> JobStatus:
        """The job now.

        Raises:
            UnknownJobError: there is no such job.
        """
        job = self._queue.get(job_id)
        return JobStatus(
            job=job,
            progress=self._queue.progress(job_id),
            waiting_before=(
                self._queue.waiting_before(job_id) if job.state is JobState.QUEUED else 0
            ),
            group=self._groups.get(job.group_id) if job.group_id is not None else None,
        )

    def latest_job(self) -> Job | None:
        """What was asked for last, in this tab or in another, and not deleted since."""
        return self._jobs.latest()

    def progress(self, job_id: int) -> Progress:
        """How far a job is, with its previews.

        Raises:
            UnknownJobError: there is no such job.
        """
        return self._queue.progress(job_id)

    def cancel(self, job_id: int) -> None:
        """Stop a job, whether it waits or runs.

        Raises:
            UnknownJobError: there is no such job.
        """
        self._queue.cancel(job_id)

    def group(self, group_id: int) -> CandidateGroup:
        """A round.

        Raises:
            UnknownGroupError: there is no such round.
        """
        return self._groups.get(group_id)

    def select(self, group_id: int, candidate_ids: Set[int]) -> CandidateGroup:
        """Keep a person's answer to a round; no ids at all means "none of these".

        Raises:
            UnknownGroupError: there is no such round.
            UnknownCandidateError: the round does not hold all of these candidates.
        """
        store_id = self._groups.get(group_id).request.store_id
        self._selections.record(
            Selection(
                group_id=group_id,
                candidate_ids=frozenset(candidate_ids),
                made_at=datetime.now(UTC),
                profile=self.stores.profile_text(store_id),
            )
        )
        self.tastes.take_in(store_id)
        return self._groups.get(group_id)

    def answer_again(self, group_id: int, candidate_ids: Set[int] | None) -> CandidateGroup:
        """Make a round's answer what it was before; None makes it unanswered, as if never asked.

        Raises:
            UnknownGroupError: there is no such round.
            UnknownCandidateError: the round does not hold all of these candidates.
        """
        if candidate_ids is not None:
            return self.select(group_id, candidate_ids)
        self._groups.get(group_id)
        self._selections.withdraw(group_id)
        return self._groups.get(group_id)

    def lineage(self, group_id: int) -> tuple[CandidateGroup, ...]:
        """The rounds that led to this one, oldest first, itself included."""
        return self._groups.lineage(group_id)

    def _generation(
        self, prompt: str, num_candidates: int, seed: int | None, store_id: int | None
    ) -> GenerationRequest:
        if not 1 <= num_candidates <= MOST_CANDIDATES:
            raise CandidateCountError(f"Ask for 1 to {MOST_CANDIDATES} designs at a time.")
        if seed is not None and not 0 <= seed <= MAX_SEED:
            raise SeedError(f"The seed must be a whole number from 0 to {MAX_SEED}.")
        rules = self.stores.house_rules(store_id)
        self._generator.read_prompt(prompt, rules).check()
        return GenerationRequest(
            prompt=prompt,
            num_candidates=num_candidates,
            seed=secrets.randbelow(MAX_SEED + 1) if seed is None else seed,
            house_rules=rules.to_json(),
        )

    def _changing(self, generation: GenerationRequest, change: Change) -> GenerationRequest:
        """The request with what it keeps of a design, once it is sure that this can be drawn."""
        if not self.known.are_drawn:
            raise DesignError(
                "This checkpoint draws pictures and knows of no designs, so it can't draw a part "
                "of one again."
            )
        generation = replace(generation, kept=change.design, free=tuple(sorted(change.free)))
        rules = HouseRules.from_json(generation.house_rules)
        parsed = self._generator.read_prompt(generation.prompt, rules)
        tell(generation, parsed, self._generator.phrasebook)
        return generation

    def _suggest(self, parsed: ParsedPrompt) -> tuple[str, ...]:
        phrasebook = self._generator.phrasebook
        return phrasebook.suggest(parsed, SUGGESTIONS) if phrasebook else ()


def _as_now(mixed: Mixed | None) -> Mixed | None:
    """The same mixture with what the other store has taught since."""
    return None if mixed is None else replace(mixed, taste=None)
