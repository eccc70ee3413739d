"""What the whole studio talks about: errors that are sentences, and plain frozen records.

Only the standard library is used here, so every other package may import it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

MAX_PROMPT_CHARACTERS = 1_000
MAX_CANDIDATES = 48
MAX_SEED = 2**32 - 1
MAX_INFERENCE_STEPS = 100
MIN_GUIDANCE_SCALE = 1.0
MAX_GUIDANCE_SCALE = 20.0
MAX_STRENGTH = 2.0
SAMPLE_KEY = "sample-"
"""How the keys of the stores begin that come with the studio."""


class StudioError(Exception):
    """Something a person can put right; the message is the sentence to show."""


class EmptyPromptError(StudioError):
    """Nothing was typed."""


class PromptTooLongError(StudioError):
    """More was typed than may be typed, or than the text model can read."""


class NothingKnownError(StudioError):
    """None of the typed phrases is known."""


class ContradictoryPhrasesError(StudioError):
    """Two phrases can't both hold for one design."""


class CandidateCountError(StudioError):
    """The number of candidates is out of range."""


class SeedError(StudioError):
    """The seed is out of range."""


class StepCountError(StudioError):
    """The number of denoising steps is out of range."""


class GuidanceError(StudioError):
    """The guidance scale is out of range."""


class VariationError(StudioError):
    """The share to draw anew is out of range, or there is no image to vary."""


class StrengthError(StudioError):
    """The strength of the store's taste is out of range."""


class GenerationCancelledError(StudioError):
    """The person stopped the generation."""


class CheckpointError(StudioError):
    """A checkpoint folder can't be read or written."""


class LicenceError(StudioError):
    """Models are to be downloaded whose licences were not accepted yet."""


class DesignError(StudioError):
    """A design can't be read: another version, an unknown value, a broken rule."""


class ProfileError(StudioError):
    """A store profile does not fit what the checkpoint knows about stores."""


class ValueKindError(StudioError):
    """Another program sent a value of another kind than is asked for."""


class SettingsError(StudioError):
    """An option on the command line or in the environment can't be used."""


@dataclass(frozen=True, kw_only=True)
class GenerationRequest:
    """What a person asks the generator for; the generator checks it.

    Candidate number i (from 0) is drawn from its own seed, (seed + i) modulo 2**32. So any
    candidate can be asked for again alone: its seed, and one candidate.

    Attributes:
        prompt: phrases as typed, separated by commas, semicolons or new lines.
        num_candidates: images in the group, 1 to 48.
        seed: 0 to 2**32 - 1.
        num_inference_steps: denoising steps; None takes the checkpoint's own default.
        guidance_scale: strength of the phrases, unitless; 1 is no guidance; None as above.
        variation: share that is drawn anew when the candidates start from designs or images,
            above 0 to 1; None for new ones.
        strength: of the store's taste, 0 to 2; 1 is as trained, 0 the plain model.
        wearer_seed: draws the wearer that all candidates share; None takes `seed`. To have a
            candidate of a round again alone, ask with its own seed and the round's wearer.
        kept: JSON of a design to keep but for `free`; empty to keep none.
        free: families and measures of `kept` that are drawn anew.
        house_rules: JSON of what the store never sells, see `HouseRules`; empty for nothing.
    """

    prompt: str
    num_candidates: int = 8
    seed: int = 0
    num_inference_steps: int | None = None
    guidance_scale: float | None = None
    variation: float | None = None
    strength: float = 1.0
    wearer_seed: int | None = None
    kept: str = ""
    free: tuple[str, ...] = ()
    house_rules: str = ""

    @property
    def candidate_seeds(self) -> tuple[int, ...]:
        """The seed of every candidate, in order."""
        return tuple((self.seed + index) % (MAX_SEED + 1) for index in range(self.num_candidates))


class StorageError(StudioError):
    """The data folder can't be read or written."""


class DiskFullError(StorageError):
    """There is no room for what is to be kept."""


class ReadOnlyError(StorageError):
    """The data folder may be read and not written."""


class FolderGoneError(StorageError):
    """The data folder was taken away."""


class DiskError(StorageError):
    """The disk does not do what it is told."""


class DatabaseLockedError(StorageError):
    """Another program holds the database."""


class DatabaseDamagedError(StorageError):
    """The database's file can't be one, or not a whole one."""


class ImageFileError(StorageError):
    """A picture's file is missing or damaged."""


class BackupError(StudioError):
    """A backup can't be made there, or there is none that can be put back."""


class UnknownGroupError(StudioError):
    """There is no such round."""


class UnknownCandidateError(StudioError):
    """A candidate does not belong to the round."""


class QueueFullError(StudioError):
    """Too many rounds are waiting."""


class UnknownJobError(StudioError):
    """There is no such job."""


class RecipeError(StudioError):
    """A file holds no recipe that can be read."""


class TasteError(StudioError):
    """A store's taste can't be read, fitted or used."""


class TeachingError(StudioError):
    """A training can't be started now."""


class ImportRoundsError(StudioError):
    """There is no export of rounds that can be read."""


class CollectionError(StudioError):
    """A collection that is not there, or can't be what was asked for."""


class UnknownStoreError(StudioError):
    """There is no such store."""


class StoreNameError(StudioError):
    """A store needs a name, and not too long a one."""


class HouseRulesError(StudioError):
    """A store can't have such house rules."""


class PhraseError(StudioError):
    """A phrase can't be kept as a favourite."""


class ReferenceImageError(StudioError):
    """A picture can't be used as a reference."""


class NoScoresError(StudioError):
    """What was asked for needs a reward model."""


class ComparisonError(StudioError):
    """Two different stores are needed."""


class SwapTestError(StudioError):
    """A blind test can't be made or voted in so."""


class CorrectionError(StudioError):
    """A field of a tech pack can't be corrected so."""


class NothingTickedError(StudioError):
    """What was asked for needs ticked designs."""


class ForbiddenError(StudioError):
    """Who is logged in may look at this, and not change it."""


class LoginError(StudioError):
    """Name and password don't fit."""


class TooManyAttemptsError(LoginError):
    """Wrong passwords were tried so often that nothing more is tried for a while."""


class UserError(StudioError):
    """A user can't be added or changed so."""


class UserNameError(UserError):
    """That name is taken, or can't be used."""


class UnknownUserError(UserError):
    """There is no such user."""


class LastOwnerError(UserError):
    """A workspace has at least one owner."""


class PasswordError(UserError):
    """A password is too short or too long."""


class Role(StrEnum):
    """What somebody may do in a workspace.

    An owner also says who else may do what; an editor does everything that the page is for; a
    viewer looks.
    """

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


FIRST_WORKSPACE = 1
"""The workspace of a studio without a login, and of the people who keep one with a login."""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who asks: told by the request, and handed on to whatever is done for it.

    Attributes:
        workspace_id: whose stores, rounds and pictures there are for this visitor; no others.
        role: what may be done with them.
        name: what to call the person; empty without a login.
    """

    workspace_id: int = FIRST_WORKSPACE
    role: Role = Role.OWNER
    name: str = ""

    def check_may_write(self) -> None:
        """Refuse somebody who may only look.

        Raises:
            ForbiddenError: this visitor is a viewer.
        """
        if self.role is Role.VIEWER:
            raise ForbiddenError("You can look at everything here, and change nothing.")

    def check_owns(self) -> None:
        """Refuse somebody who has no say in who else may do what.

        Raises:
            ForbiddenError: this visitor is no owner, or did not log in.
        """
        if self.role is not Role.OWNER or not self.name:
            raise ForbiddenError("Only an owner who has logged in says who else may do what.")

    def check_keeps_studio(self) -> None:
        """Refuse somebody who does not decide for all workspaces.

        Raises:
            ForbiddenError: this visitor is no owner or editor of the first workspace.
        """
        self.check_may_write()
        if self.workspace_id != FIRST_WORKSPACE:
            raise ForbiddenError(
                "What is taught here draws for everybody, so that is for the people who keep this "
                "studio."
            )


EVERYBODY = Visitor()
"""Who asks a studio without a login."""
NOBODY = Visitor(workspace_id=0, role=Role.VIEWER)
"""Who asks before it is known who it is: in a workspace where there is nothing."""


class JobState(StrEnum):
    """Where a job is; the last four are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_final(self) -> bool:
        """True when nothing more will happen to the job."""
        return self not in {JobState.QUEUED, JobState.RUNNING}


@dataclass(frozen=True, kw_only=True)
class Mixed:
    """Another store, whose taste a round's own is mixed with.

    Attributes:
        store_id: which store; None where that is not known here.
        share: of its taste, above 0 to 1.
        profile: that store's profile when the round was asked for, as JSON.
        taste: mark of its taste, as `RoundRequest.taste`.
    """

    store_id: int | None
    share: float
    profile: str = ""
    taste: str | None = None


@dataclass(frozen=True, kw_only=True)
class RoundRequest:
    """One round as it was asked for.

    Attributes:
        generation: what to generate.
        parent_id: the round that it goes on from.
        start_images: SHA-256 of the images that the candidates are variations of, in turn.
        store_id: the store that the designs are for.
        profile: that store's profile when the round was asked for, as JSON; empty without one.
        shown: how many of the drawn candidates to show, the best ones; None shows all.
        taste: mark of the store's taste to draw with; empty for the profile alone. None takes
            the taste that is in force when it is drawn, and a round that was drawn says which.
        exploring: how many of those shown are there to teach most about the store's taste.
        mixed: another store's taste that the store's own is mixed with; None leaves it alone.
    """

    generation: GenerationRequest
    parent_id: int | None = None
    start_images: tuple[str, ...] = ()
    store_id: int | None = None
    profile: str = ""
    shown: int | None = None
    taste: str | None = None
    exploring: int = 0
    mixed: Mixed | None = None


@dataclass(frozen=True, kw_only=True)
class Job:
    """A round on its way: a row that outlives the browser tab that asked for it.

    Attributes:
        message: why it failed or stopped, as a sentence; empty otherwise.
        group_id: the round that came of it, once it is done.
        workspace_id: whose it is.
    """

    id: int
    request: RoundRequest
    state: JobState
    made_at: datetime
    message: str = ""
    group_id: int | None = None
    workspace_id: int = FIRST_WORKSPACE


@dataclass(frozen=True, kw_only=True)
class NewCandidate:
    """A generated image that is on the disk but in no round yet.

    Attributes:
        design: JSON of the design that it shows; empty where there is none.
        explores: whether it is shown because it teaches most about the store's taste.
    """

    seed: int
    image: str
    design: str = ""
    explores: bool = False


@dataclass(frozen=True, kw_only=True)
class NewGroup:
    """A generated round whose images are on the disk but which is in no history yet.

    Attributes:
        request: as it was asked for.
        prompt: the phrases that were really used, in canonical order.
        checkpoint: what drew it.
        seconds: how long that took; None where it says nothing about other rounds.
    """

    request: RoundRequest
    prompt: str
    checkpoint: str
    candidates: tuple[NewCandidate, ...]
    made_at: datetime
    seconds: float | None = None


@dataclass(frozen=True)
class Pace:
    """How long this machine took for a whole round."""

    drawn: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One image of a group.

    Attributes:
        position: its place in the round as drawn, from 1; for people, never an identity.
        image: SHA-256 of its PNG file, which is also the file's name.
        design: JSON of the design that it shows; empty where there is none.
        lots: of a round from before there were designs: phrases that it was drawn from beyond
            those asked for; empty otherwise.
        explores: whether it is shown because it teaches most about the store's taste.
    """

    id: int
    position: int
    seed: int
    image: str
    design: str = ""
    lots: str = ""
    explores: bool = False


@dataclass(frozen=True, kw_only=True)
class CandidateGroup:
    """The images shown together for one prompt: a round.

    Attributes:
        prompt: the phrases that were really used, in canonical order.
        checkpoint: what drew it.
        selected_ids: ids of the ticked candidates; empty means "none of these"; None means
            that the round has not been answered.
        is_favourite: whether it was starred.
        is_deleted: whether it was deleted; that can be undone for a while.
    """

    id: int
    parent_id: int | None
    request: RoundRequest
    prompt: str
    made_at: datetime
    candidates: tuple[Candidate, ...]
    checkpoint: str = ""
    selected_ids: frozenset[int] | None = None
    is_favourite: bool = False
    is_deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class Selection:
    """A person's answer to a round: the ticked candidates, or none of them.

    Attributes:
        profile: the store as it was when it answered, as JSON; empty without one.
    """

    group_id: int
    candidate_ids: frozenset[int]
    made_at: datetime
    profile: str = ""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What a person has set by hand in a design's tech pack.

    Attributes:
        candidate_id: the design.
        field: which field of its pack, such as "point.chest.38".
        value: what it is to say; a number is written with a point, in cm.
        by: who said so.
    """

    id: int
    candidate_id: int
    field: str
    value: str
    made_at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A state of a design's tech pack that was taken away.

    Attributes:
        number: from 0; people call them A, B, C.
        digest: of what it said; the same content is the same revision.
    """

    number: int
    digest: str
    made_at: datetime

    @property
    def letter(self) -> str:
        """Such as "A", "Z" or "AA"."""
        letters, rest = "", self.number
        while rest >= 0:
            letters = chr(ord("A") + rest % 26) + letters
            rest = rest // 26 - 1
        return letters


@dataclass(frozen=True, kw_only=True)
class Store:
    """A store that designs are made for.

    Attributes:
        key: what the models and exports call it; it never changes.
        name: what people call it.
        profile: what it tells about itself, as JSON, without the key.
        taught: how many rounds it has answered.
        house_rules: JSON of what it never sells, see `HouseRules`; empty for nothing.
    """

    id: int
    key: str
    name: str
    profile: str
    taught: int = 0
    house_rules: str = ""

    @property
    def is_sample(self) -> bool:
        """True for one that came with the studio."""
        return self.key.startswith(SAMPLE_KEY)


@dataclass(frozen=True)
class RoundAnswer:
    """An answer to a round, as tastes count it: answering again makes it another one.

    Attributes:
        group_id: the round.
        made_at: when it was answered, as its row says.
    """

    group_id: int
    made_at: str


@dataclass(frozen=True, kw_only=True)
class TasteFacts:
    """What is told of a store's taste.

    Attributes:
        counted: the answers that it was learnt from, newest first.
        since: answers made up to this moment count no more, as somebody began anew; as rows write
            moments, empty for none.
        left_out: further answers that count no more, because somebody took them back.
        answered: how many rounds the store had answered, counted or not.
        compared: how many of the counted rounds say which designs are preferred to which.
        before: share of their pairs that the profile alone puts in order; None before anything
            could be compared.
        after: the same for the taste, each round judged by a taste that had not seen it.
        is_sure: whether that gain is beyond luck, with 95% confidence.
        scales: model -> how much of what was learnt is kept, 0 to 1.
        seen_with: mark of the models and the profile that the rounds were looked at with.
        said: ids of the statements that it was learnt from as well, newest first.
        brought: how many further rounds came with a file from another studio.
    """

    counted: tuple[RoundAnswer, ...] = ()
    since: str = ""
    left_out: tuple[RoundAnswer, ...] = ()
    answered: int = 0
    compared: int = 0
    before: float | None = None
    after: float | None = None
    is_sure: bool = False
    scales: Mapping[str, float] = field(default_factory=dict)
    seen_with: str = ""
    said: tuple[int, ...] = ()
    brought: int = 0

    @property
    def rounds(self) -> int:
        """How many rounds it was learnt from."""
        return len(self.counted) + self.brought


@dataclass(frozen=True, kw_only=True)
class NewStatement:
    """What a person says that a store likes or avoids, whatever was counted in its ticks.

    Attributes:
        store_id: whose taste it is about.
        family: such as "print".
        value: such as "leopard".
        is_liked: and not avoided.
        made_at: as rows write moments.
        prompt: what the designs were drawn for.
        designs: twins, each as JSON: two and two are alike but for the value, and the first of
            both has it.
    """

    store_id: int
    family: str
    value: str
    is_liked: bool
    made_at: str
    prompt: str
    designs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Statement(NewStatement):
    """A statement that counts."""

    id: int


@dataclass(frozen=True)
class BroughtTaste:
    """A taste that came with a file from another studio, as it is kept.

    Attributes:
        made_at: when it was brought, as its row says.
        content: the file, see `studio.perfusion.taste_file`.
    """

    made_at: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class NewTaste:
    """A version of a store's taste on its way to a row.

    Attributes:
        store_id: whose it is.
        before_id: the version that an undo brings back; None for the profile alone.
        checkpoint: digest of the models that it was learnt with, and belongs to.
        mark: what tells its content from others; empty for one that changes nothing.
        content: what is added to the store's embeddings, see `studio.perfusion.taste`.
    """

    store_id: int
    before_id: int | None
    checkpoint: str
    mark: str
    made_at: datetime
    facts: TasteFacts
    content: bytes


@dataclass(frozen=True, kw_only=True)
class TasteVersion(NewTaste):
    """A version of a store's taste; the newest one of a checkpoint is in force."""

    id: int


class SwapVote(StrEnum):
    """Which design of a blind pair somebody would rather sell."""

    LEFT = "left"
    RIGHT = "right"
    SAME = "same"


@dataclass(frozen=True, kw_only=True)
class NewSwapTest:
    """A blind test on its way to a row: the same phrases and noise, drawn twice.

    Attributes:
        store_id: the store whose taste is tested.
        against_id: the store whose taste it is tested against; None for no taste at all.
        own_job_id: draws with the store's own taste.
        other_job_id: draws with the other one, or none.
        own_is_left: for each pair, whether the store's own design stands on the left.
    """

    store_id: int
    against_id: int | None
    own_job_id: int
    other_job_id: int
    own_is_left: tuple[bool, ...]
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class SwapTest(NewSwapTest):
    """A blind test, with the votes so far.

    Attributes:
        votes: place of a pair -> what was voted.
    """

    id: int
    votes: Mapping[int, SwapVote] = field(default_factory=dict)

    def won(self, place: int) -> float | None:
        """1 where the store's own design won, 0 where it lost, a half for a tie; None so far."""
        vote = self.votes.get(place)
        if vote is None or vote is SwapVote.SAME:
            return None if vote is None else 0.5
        return float((vote is SwapVote.LEFT) == self.own_is_left[place])


@dataclass(frozen=True, kw_only=True)
class CollectedDesign:
    """A design in a collection.

    Attributes:
        candidate_id: which one, of whatever round.
        name: what people call it; empty for its number.
        price: as it is to be read, with its currency; empty where there is none.
        note: what else there is to say.
    """

    candidate_id: int
    name: str = ""
    price: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Collection:
    """Designs of different rounds, put together by hand.

    Attributes:
        notes: about the whole.
        designs: in the order that people chose.
        revision: grows with each change, so that two pages can't undo each other unseen.
    """

    id: int
    name: str
    notes: str = ""
    designs: tuple[CollectedDesign, ...] = ()
    revision: int = 0


@dataclass(frozen=True, kw_only=True)
class SearchTerm:
    """One thing that somebody searches for; a round fits it in any of these ways.

    Attributes:
        words: alternatives; of one of them all texts stand in the round's phrases, in what was
            typed for it or in its store's name, each at the beginning of a word.
        round_id: the round's number.
        between: moments that the round was made between.
    """

    words: tuple[tuple[str, ...], ...] = ()
    round_id: int | None = None
    between: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, kw_only=True)
class RoundFilter:
    """Which rounds of the history to show.

    Attributes:
        store_id: only those of this store.
        terms: only those that fit all of these.
        favourites_only: only starred ones.
        deleted: those that were deleted and can be put back, in place of the others.
    """

    store_id: int | None = None
    terms: tuple[SearchTerm, ...] = ()
    favourites_only: bool = False
    deleted: bool = False
