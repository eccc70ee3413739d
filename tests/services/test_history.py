from datetime import UTC, datetime, timedelta

import pytest

from studio.domain import PromptTooLongError, UnknownGroupError
from studio.services.history import History
from studio.storage.jobs import JobStore
from tests.serving import wait_until


@pytest.fixture
def rounds(studio):
    studio.start()
    jobs = [studio.request_round(prompt, 1, seed=1) for prompt in ("dress, red", "skirt, navy")]
    wait_until(lambda: all(studio.status(job.id).job.state.is_final for job in jobs))
    return [studio.status(job.id).group for job in jobs]


def found(studio, search: str) -> list[str]:
    return [group.prompt for group in studio.history.find(search)]


@pytest.mark.parametrize(
    ("search", "prompts"),
    [
        ("", ["skirt, navy", "dress, red"]),
        ("  ,🎉", ["skirt, navy", "dress, red"]),
        ("RED", ["dress, red"]),
        ("red, dress", ["dress, red"]),
        ("dre", ["dress, red"]),
        ("red, skirt", []),
        ("' OR 1=1 --", []),
    ],
)
def test_rounds_are_found_by_their_phrases(studio, rounds, search, prompts):
    assert found(studio, search) == prompts


def test_a_search_without_end_is_refused(studio):
    with pytest.raises(PromptTooLongError):
        studio.history.find("dress " * 1000)


def test_deleting_is_undone(studio, rounds):
    studio.history.delete(rounds[1].id)
    assert found(studio, "") == ["dress, red"]

    studio.history.undelete(rounds[1].id)
    assert found(studio, "") == ["skirt, navy", "dress, red"]


def test_a_recently_deleted_round_outlives_a_restart(studio, rounds):
    studio.history.delete(rounds[0].id)

    studio.history.purge()

    assert studio.group(rounds[0].id).is_deleted


def test_a_clock_that_is_years_ahead_forgets_nothing(database, generator, studio, rounds):
    studio.history.delete(rounds[0].id)
    ahead = History(database, generator, now=lambda: datetime(2040, 1, 1, tzinfo=UTC))

    for _ in range(3):  # starts
        ahead.purge()

    assert studio.group(rounds[0].id).is_deleted


def test_thirty_days_with_work_on_ten_of_them_forget_a_deleted_round(
    database, generator, studio, rounds
):
    deleted_at = datetime(2026, 1, 1, tzinfo=UTC)
    now = [deleted_at]
    history = History(database, generator, now=lambda: now[0])
    history.delete(rounds[0].id)
    for day in range(1, 32):
        now[0] = deleted_at + timedelta(days=day)
        if day % 3 == 0:
            JobStore(database).add(studio.group(rounds[1].id).request, now[0])
        if day < 31:
            history.purge()
            assert studio.group(rounds[0].id).is_deleted

    history.purge()

    with pytest.raises(UnknownGroupError):
        studio.group(rounds[0].id)
