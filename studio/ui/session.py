"""What one visitor's tab is looking at; everything durable is in storage."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Session:
    """The round on the screen.

    Attributes:
        job_id: the job that the tab watches; None before the first round.
    """

    job_id: int | None = None
