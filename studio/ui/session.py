"""What one visitor's tab is looking at, and what its next round will be.

One pure record: the board, the line "Going on from ..." and the chips of what is pinned follow from
it, and so does the next round that is asked for. Everything durable is in storage.
"""

from dataclasses import dataclass, field, replace

from studio.services.asking import RoundOptions, Start


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
    """

    job_id: int | None = None
    group_id: int | None = None
    parent_id: int | None = None
    store_id: int | None = None
    seed: int | None = None
    restored: RoundOptions = field(default_factory=RoundOptions)
    reference: Start | None = None

    def watching(self, job_id: int) -> "Session":
        """A round was asked for: what a PNG pinned is used up, and the next one is drawn anew."""
        return replace(self, job_id=job_id, seed=None, restored=RoundOptions())

    def drawn(self, group_id: int) -> "Session":
        """The round is there. A line that is gone on with goes on from it, never from before."""
        parent_id = None if self.parent_id is None else group_id
        return replace(self, job_id=None, group_id=group_id, parent_id=parent_id)

    def stopped(self) -> "Session":
        """The round came to nothing: the tab shows what it showed before."""
        return replace(self, job_id=None)

    def going_on(self, group_id: int) -> "Session":
        """The next round goes on from this one, whatever was pinned."""
        return replace(self, parent_id=group_id, seed=None, restored=RoundOptions())

    def opened(self, group_id: int, store_id: int | None) -> "Session":
        """A round is on the board with all that it was asked for; the next one goes on from it."""
        shown = replace(self, job_id=None, group_id=group_id, store_id=store_id)
        return shown.going_on(group_id)

    def afresh(self) -> "Session":
        """The next round goes on from none, and nothing is pinned."""
        return replace(self, parent_id=None, seed=None, restored=RoundOptions())

    def for_store(self, store_id: int | None) -> "Session":
        """For another store: a line goes on for one store only."""
        if store_id == self.store_id:
            return self
        return replace(self, store_id=store_id, parent_id=None)

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
        return replace(self, restored=less.get(pin, restored))
