import threading
from collections.abc import Mapping
from datetime import datetime

import pytest

from studio.domain import Job, JobState, QueueFullError, RoundRequest, UnknownJobError
from studio.services.jobs import JobQueue
from studio.services.turns import (
    MOST_IN_ALL,
    MOST_OF_A_PAGE,
    MOST_OF_A_PLACE,
    NOBODY,
    Caller,
    Turns,
    asked_by,
    check_room,
)
from studio.storage.database import Database
from studio.storage.jobs import JobStore
from tests.services.test_jobs import a_request

ANNA, BEN = Caller("10.0.0.1", "anna"), Caller("10.0.0.2", "ben")
ANNA_TOO = Caller("10.0.0.1", "another page")


@pytest.fixture
def queue(database, images, generator) -> JobQueue:
    return JobQueue(database, images, generator.generate, "tiny")


def drawn(waiting: dict[int, Caller], turns: Turns | None = None) -> list[int]:
    """The order in which all of them are drawn."""
    turns, waiting, order = turns or Turns(), dict(waiting), list[int]()
    while waiting:
        order.append(turns.order(waiting)[0])
        turns.take(order[-1], waiting)
        del waiting[order[-1]]
    return order


def test_alone_rounds_are_drawn_in_the_order_of_asking():
    assert drawn({3: ANNA, 1: ANNA, 2: ANNA}) == [1, 2, 3]


def test_who_comes_late_waits_for_one_round_of_each_other():
    cleo = Caller("10.0.0.3", "cleo")

    assert drawn({1: ANNA, 2: ANNA, 3: ANNA, 4: BEN, 5: cleo}) == [1, 4, 5, 2, 3]


def test_the_told_order_is_the_one_that_comes():
    waiting = {1: ANNA, 2: ANNA, 3: ANNA_TOO, 4: BEN, 5: BEN}

    assert Turns().order(waiting) == drawn(waiting) == [1, 4, 3, 5, 2]


def test_pages_of_one_place_share_its_turns():
    waiting = dict.fromkeys(range(1, 10), ANNA) | {10: ANNA_TOO}

    assert drawn(waiting).index(10) == 1


def test_the_round_that_is_being_drawn_was_its_visitors_turn():
    turns = Turns()
    turns.take(1, {1: ANNA, 2: ANNA, 3: ANNA})

    assert turns.order({2: ANNA, 3: ANNA, 4: BEN}) == [4, 2, 3]


def test_nobody_saves_up_turns_by_not_asking():
    turns = Turns()
    drawn(dict.fromkeys(range(1, 30), ANNA), turns)

    assert drawn({40: ANNA, 41: ANNA, 42: BEN, 43: BEN, 44: BEN}, turns) == [42, 40, 43, 41, 44]


def test_nobody_waits_for_ever():
    turns, waiting, order = Turns(), {1: ANNA, 2: ANNA}, list[int]()
    for newcomer in range(3, 60):
        waiting[newcomer] = Caller(f"10.1.1.{newcomer}", "page")
        order.append(turns.order(waiting)[0])
        turns.take(order[-1], waiting)
        del waiting[order[-1]]

    assert order.index(2) < 5


def test_a_page_an_address_and_everybody_have_their_most():
    check_room(ANNA, [ANNA] * (MOST_OF_A_PAGE - 1))
    check_room(BEN, [ANNA] * MOST_OF_A_PLACE)
    check_room(NOBODY, [NOBODY] * (MOST_IN_ALL - 1))

    with pytest.raises(QueueFullError, match=f"{MOST_OF_A_PAGE} rounds of yours"):
        check_room(ANNA, [ANNA] * MOST_OF_A_PAGE)
    with pytest.raises(QueueFullError, match=f"{MOST_OF_A_PLACE} rounds of yours"):
        check_room(ANNA, [Caller("10.0.0.1", str(page)) for page in range(MOST_OF_A_PLACE)])
    with pytest.raises(QueueFullError, match="Too many rounds"):
        check_room(BEN, [NOBODY] * MOST_IN_ALL)


def test_one_visitor_cannot_fill_the_queue(queue):
    with asked_by(ANNA):
        for seed in range(MOST_OF_A_PAGE):
            queue.add(a_request(seed=seed))
        with pytest.raises(QueueFullError):
            queue.add(a_request())
    with asked_by(BEN):
        job = queue.add(a_request(seed=1))

    assert queue.waiting_before(job.id) == 1
    assert [queue.run_next(), queue.run_next()] == [True, True]
    assert queue.get(job.id).state is JobState.DONE


class SlowStore(JobStore):
    """Takes its time between writing a row and saying so."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.written, self.may_go_on = threading.Event(), threading.Event()

    def add(self, request: RoundRequest, made_at: datetime) -> Job:
        """As ever, but slowly."""
        job = super().add(request, made_at)
        self.written.set()
        self.may_go_on.wait(timeout=20)
        return job


class WatchedTurns(Turns):
    """Keeps who was said to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[dict[int, Caller]] = []

    def order(self, waiting: Mapping[int, Caller]) -> list[int]:
        """As ever."""
        self.seen.append(dict(waiting))
        return super().order(waiting)


def test_a_round_is_never_in_the_queue_before_it_is_known_who_asked_for_it(queue, database):
    queue._jobs, queue._turns = slow, watched = SlowStore(database), WatchedTurns()

    def ask() -> None:
        with asked_by(ANNA):
            queue.add(a_request())

    asking, looking = threading.Thread(target=ask), threading.Thread(target=queue.run_next)
    asking.start()
    assert slow.written.wait(timeout=20)
    looking.start()
    looking.join(timeout=0.3)  # long enough to look, if nothing held it back
    slow.may_go_on.set()
    asking.join()
    looking.join()

    assert watched.seen == [{1: ANNA}]


def test_cancelling_what_is_not_there_yet_does_not_cancel_what_comes(queue):
    with pytest.raises(UnknownJobError):
        queue.cancel(1)

    job = queue.add(a_request())
    queue.run_next()

    assert job.id == 1
    assert queue.get(1).state is JobState.DONE


def test_cancelling_a_job_that_has_ended_does_nothing(queue):
    job = queue.add(a_request())
    queue.run_next()

    queue.cancel(job.id)

    assert queue.get(job.id).state is JobState.DONE


def test_a_row_that_cannot_be_read_fails_and_the_next_is_drawn(queue, database):
    bad, good = queue.add(a_request()), queue.add(a_request())
    with database.transaction() as connection:
        connection.execute("UPDATE jobs SET request = '{' WHERE id = ?", (bad.id,))

    while queue.run_next():
        pass

    assert queue.get(good.id).state is JobState.DONE
    with database.reading() as connection:
        row = connection.execute("SELECT * FROM jobs WHERE id = ?", (bad.id,)).fetchone()
    assert row["state"] == JobState.FAILED
    assert "can't be read" in row["message"]
