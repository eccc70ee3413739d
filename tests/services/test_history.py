from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from studio.domain import (
    GenerationRequest,
    NewGroup,
    PromptTooLongError,
    RoundRequest,
    UnknownGroupError,
)
from studio.services.history import History
from studio.storage.groups import GroupStore
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


@pytest.fixture
def many(studio, database):
    """Rounds as people remember them: by a word, by what they typed, by store and by day."""
    store = studio.stores.add("Café Blüte", {})
    groups = GroupStore(database)
    ids = {}
    for prompt, typed, store_id, day in (
        ("dress, baby blue", "Baby-Blue dress", None, "2025-11-29T17:30:00+00:00"),
        ("skirt, layered", "tiered skirt", store.id, "2026-11-29T12:00:00+00:00"),
        ("dress, red", "连衣裙，红色", None, "2026-11-30T12:00:00+00:00"),
        ("coat, camel", "coat, camel", None, "2026-10-01T00:00:00+00:00"),
    ):
        generation = GenerationRequest(prompt=typed, num_candidates=1, seed=1)
        ids[prompt] = groups.add(
            NewGroup(
                request=RoundRequest(generation=generation, store_id=store_id),
                prompt=prompt,
                checkpoint="tiny",
                candidates=(),
                made_at=datetime.fromisoformat(day),
            )
        )
    return ids


@pytest.mark.parametrize(
    ("search", "prompts"),
    [
        ("blue", ["dress, baby blue"]),
        ("BLUE", ["dress, baby blue"]),
        ("baby", ["dress, baby blue"]),
        ("baby blue dress", ["dress, baby blue"]),
        ("dress blue", ["dress, baby blue"]),
        ("baby-blue", ["dress, baby blue"]),
        ("lue", []),
        ("red", ["dress, red"]),  # not layered, not tiered
        ("tiered", ["skirt, layered"]),
        ("连衣裙", ["dress, red"]),
        ("红", ["dress, red"]),
        ("café", ["skirt, layered"]),
        ("blüte", ["skirt, layered"]),
        ("dress, 2025", ["dress, baby blue"]),
        ("2026-11-29", ["skirt, layered"]),
        ("29.11.2026", ["skirt, layered"]),
        ("29 Nov 2026", ["skirt, layered"]),
        ("November 30", ["dress, red"]),
        ("yesterday", ["skirt, layered"]),
        ("今天", ["dress, red"]),
        ("11月29日", ["skirt, layered"]),
        ("october", ["coat, camel"]),
        ("2026-11", ["dress, red", "skirt, layered"]),
        ("31 February", []),
        ("9999-12-31", []),
        ("0000", []),
    ],
)
def test_rounds_are_found_by_what_people_remember(database, generator, many, search, prompts):
    now = datetime(2026, 11, 30, 20, tzinfo=UTC)
    history = History(database, generator, now=lambda: now)

    assert [group.prompt for group in history.find(search, zone=UTC)] == prompts


@pytest.mark.parametrize("typed", ["{}", "#{}", "round {}", "Round {}", "第{}轮"])
def test_a_round_is_found_by_its_number(studio, many, typed):
    assert found(studio, typed.format(many["skirt, layered"])) == ["skirt, layered"]


def test_a_day_is_that_of_the_person(database, generator, many):
    history = History(database, generator)

    prompts = [group.prompt for group in history.find("2025-11-30", zone=ZoneInfo("Asia/Shanghai"))]

    assert prompts == ["dress, baby blue"]
