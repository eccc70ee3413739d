"""What one visitor's tab is looking at, and what its next round will be.

One pure record: the board, the line "Going on from ..." and the chips of what is pinned follow from
it, and so does the next round that is asked for. Everything durable is in storage.
"""

from dataclasses import dataclass, field, replace

from studio.domain import Mixed
from studio.services.asking import RoundOptions, Start
from studio.services.daring import MIDDLE


@dataclass(frozen=True)
class Fields:
    """What a person has typed and chosen beside the session: phrases and options."""

    prompt: str = ""
    count: float = 1.0
    seed: str = ""
    daring: float = MIDDLE
    times: float = 1.0
    explores: bool = False


@dataclass(frozen=True)
class Kept:
    """The answer that was kept just now, so that the one before it can be put back.

    Attributes:
        group_id: the round that was answered.
        before: what was ticked before; None where the round was unanswered.
        said: what the page says of it.
    """

    group_id: int
    before: frozenset[int] | None
    said: str


@dataclass(frozen=True)
class Replaced:
    """Fields that something else has filled anew, with the session that they belonged to."""

    fields: Fields
    session: "Session"


@dataclass(frozen=True)
class Session:
    """The round on the screen, and the one that the next round goes on from.

    Attributes:
        job_id: the job that the tab watches; None while it shows a round, or nothing.
        group_id: the round that it shows; while a job is watched, the one that it showed before.
        parent_id: the round that the next one goes on from; None starts a line of its own.
        store_id: the store that the next round is for, and that scores are for.
        seed: of the next round, out of a PNG; None draws one.
        restored: what the next round is asked for with beside the fields, out of a PNG.
        reference: the picture that all rounds start from until it is taken away.
        mixed: another store, whose taste is mixed in until it is taken away.
        line: the line that another store broke off, with its own store.
        kept: the answer that was kept last, while the page says so.
        replaced: what stood in the fields before something filled them, to be put back.
    """

    job_id: int | None = None
    group_id: int | None = None
    parent_id: int | None = None
    store_id: int | None = None
    seed: int | None = None
    restored: RoundOptions = field(default_factory=RoundOptions)
    reference: Start | None = None
    mixed: Mixed | None = None
    line: tuple[int, int | None] | None = None
    kept: Kept | None = None
    replaced: Replaced | None = None

    @property
    def mixing(self) -> Mixed | None:
        """Another store's taste to mix in now: only for a store, and never its own."""
        mixed = self.restored.mixed or self.mixed
        is_other = mixed is not None and mixed.store_id != self.store_id
        return mixed if is_other and self.store_id is not None else None

    def watching(self, job_id: int) -> "Session":
        """A round was asked for: what a PNG pinned is used up, and the next one is drawn anew."""
        done = replace(self, line=None, kept=None, replaced=None)
        return replace(done, job_id=job_id, seed=None, restored=RoundOptions())

    def drawn(self, group_id: int) -> "Session":
        """The round is there. A line that is gone on with goes on from it, never from before."""
        parent_id = None if self.parent_id is None else group_id
        return replace(self, job_id=None, group_id=group_id, parent_id=parent_id)

    def stopped(self) -> "Session":
        """The round came to nothing: the tab shows what it showed before."""
        return replace(self, job_id=None)

    def going_on(self, group_id: int) -> "Session":
        """The next round goes on from this one, whatever was pinned."""
        return replace(self, parent_id=group_id, seed=None, restored=RoundOptions(), line=None)

    def opened(self, group_id: int, store_id: int | None) -> "Session":
        """A round is on the board with all that it was asked for; the next one goes on from it."""
        shown = replace(self, job_id=None, group_id=group_id, store_id=store_id, kept=None)
        return shown.going_on(group_id)

    def afresh(self) -> "Session":
        """The next round goes on from none, and nothing is pinned."""
        return replace(self, parent_id=None, seed=None, restored=RoundOptions(), line=None)

    def for_store(self, store_id: int | None) -> "Session":
        """For another store: a line goes on for one store only, and waits for that one."""
        if store_id == self.store_id:
            return self
        line = self.line if self.parent_id is None else (self.parent_id, self.store_id)
        goes_on = line is not None and line[1] == store_id
        parent_id = line[0] if line is not None and goes_on else None
        return replace(self, store_id=store_id, parent_id=parent_id, line=line, mixed=None)

    def answered(self, kept: Kept) -> "Session":
        """An answer was kept, and the page says so."""
        return replace(self, kept=kept)

    def over(self, before: "Session", fields: Fields, prompt: str) -> "Session":
        """This session in place of another one, whose fields it fills with these phrases.

        What would be lost by that can be put back: other phrases, a typed seed, what was pinned,
        and a line that was to go on.
        """
        breaks_off = before.parent_id is not None and self.parent_id is None
        pinned = (before.seed, before.restored) != (None, RoundOptions())
        is_lost = fields.prompt not in ("", prompt) or fields.seed or pinned or breaks_off
        lost = Replaced(fields, replace(before, replaced=None)) if is_lost else None
        return replace(self, replaced=lost)

    def put_back(self, fields: Fields) -> tuple["Session", Fields]:
        """What stood in the fields before they were filled, and that can be taken back, too.

        Args:
            fields: what stands there now.
        """
        if self.replaced is None:
            return self, fields
        now = Replaced(fields, replace(self, replaced=None))
        before = replace(self.replaced.session, reference=self.reference, replaced=now)
        return before, self.replaced.fields

    def without(self, pin: str) -> "Session":
        """Without one of the things that a PNG pinned; see `plan.PINS`."""
        if pin == "seed":
            return replace(self, seed=None)
        restored = self.restored
        less = {
            "start": replace(restored, start=None),
            "change": replace(restored, change=None),
            "wearer_seed": replace(restored, wearer_seed=None),
            "taste": replace(restored, taste=None),
        }
        if pin == "mixed":
            return replace(self, mixed=None, restored=replace(restored, mixed=None))
        return replace(self, restored=less.get(pin, restored))
