"""What one visitor's tab is looking at; everything durable is in storage."""

from dataclasses import dataclass, field

from studio.services.asking import RoundOptions, Start


@dataclass(frozen=True)
class Session:
    """The round on the screen, and the one that the next round goes on from.

    Attributes:
        job_id: the job that the tab watches; None while it shows an older round, or nothing.
        group_id: the older round that it shows.
        refined_id: the round whose phrases are being refined.
        store_id: the store that the next round is for, and that scores are for.
        restored: what the next round is asked for with beside the fields, after a recipe was
            restored.
        reference: the picture that all rounds start from until it is taken away.
    """

    job_id: int | None = None
    group_id: int | None = None
    refined_id: int | None = None
    store_id: int | None = None
    restored: RoundOptions = field(default_factory=RoundOptions)
    reference: Start | None = None
