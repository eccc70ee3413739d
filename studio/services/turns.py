"""Whose turn it is: visitors take turns in the queue, and none may fill it."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from studio.domain import QueueFullError

MOST_OF_A_PAGE = 12
"""Rounds that one open page may have waiting."""
MOST_OF_A_PLACE = 96
"""The same for all pages at one address, or of one person."""
MOST_IN_ALL = 192


@dataclass(frozen=True)
class Caller:
    """Who asks for a round; nothing of it is kept on the disk.

    Attributes:
        place: the name that they came in with, or the address that they call from.
        page: their open page.
    """

    place: str = ""
    page: str = ""


NOBODY = Caller()
"""Whoever asked before the last start, or from a program in this process."""

_caller: ContextVar[Caller] = ContextVar("caller", default=NOBODY)


@contextmanager
def asked_by(caller: Caller) -> Iterator[None]:
    """What is asked for in the block is asked for by this visitor."""
    token = _caller.set(caller)
    try:
        yield
    finally:
        _caller.reset(token)


def who_asks() -> Caller:
    """Who asks for what is being done now."""
    return _caller.get()


def check_room(caller: Caller, waiting: Iterable[Caller]) -> None:
    """Refuse another round while the visitor, or everybody together, has enough of them waiting.

    Args:
        caller: who asks; nobody in particular is only held to the number of all.
        waiting: who asked for the rounds that wait.

    Raises:
        QueueFullError: there is no room.
    """
    others = list(waiting)
    if len(others) >= MOST_IN_ALL:
        raise QueueFullError("Too many rounds are waiting. Try again in a few minutes.")
    if caller == NOBODY:
        return
    of_page = others.count(caller)
    of_place = sum(each.place == caller.place for each in others)
    if of_page >= MOST_OF_A_PAGE or of_place >= MOST_OF_A_PLACE:
        raise QueueFullError(
            f"{max(of_page, of_place)} rounds of yours are waiting already. Wait for one of them, "
            "or cancel one."
        )


class Turns:
    """The order in which rounds are drawn: places take turns, and so do the pages of a place.

    Whoever comes late waits for one round of each of the others, not for all of theirs; and
    nobody saves up turns by not asking.
    Source: start-time fair queueing, Goyal, Vin and Cheng, "Start-time fair queueing" (1996), with
    rounds of equal length, once for the places and once for the pages.
    """

    def __init__(self) -> None:
        self._places, self._pages = _Share(), _Share()

    def order(self, waiting: Mapping[int, Caller]) -> list[int]:
        """The rounds that wait in the order of their turns; the first is the next to be drawn.

        Args:
            waiting: job id -> who asked for it; the lower ids asked first.
        """
        by_page = self._pages.order(sorted(waiting), waiting)
        return self._places.order(by_page, {job: each.place for job, each in waiting.items()})

    def take(self, job_id: int, waiting: Mapping[int, Caller]) -> None:
        """A round that waited is being drawn: it was its visitor's turn."""
        caller = waiting[job_id]
        self._pages.take(caller, set(waiting.values()))
        self._places.take(caller.place, {each.place for each in waiting.values()})


class _Share:
    """When each owner's next turn is, in rounds that everybody who waits has had.

    Time goes on by a part of a round with each that is drawn, so that a stream of newcomers, whose
    turn is always now, can't keep anybody waiting for ever.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._passing = 0.0  # by so much time goes on when the round that is being drawn is done
        self._next: dict[Hashable, float] = {}

    def order(self, jobs: Iterable[int], owners: Mapping[int, Hashable]) -> list[int]:
        """Sorted by turns; the given order decides among equals."""
        turn, turns = dict[Hashable, float](), list[tuple[float, int]]()
        for job in jobs:
            owner = owners[job]
            at = turn.get(owner, self._turn_of(owner))
            turns.append((at, job))
            turn[owner] = at + 1
        return [job for _, job in sorted(turns, key=lambda each: each[0])]

    def take(self, owner: Hashable, waiting: Set[Hashable]) -> None:
        turn = self._turn_of(owner)
        after = {**self._next, owner: turn + 1}
        self._now = max(self._now + self._passing, turn)
        self._passing = 1 / len(waiting)
        self._next = {each: at for each, at in after.items() if at > self._now}

    def _turn_of(self, owner: Hashable) -> float:
        return max(self._now, self._next.get(owner, 0.0))
