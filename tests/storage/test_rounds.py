from dataclasses import replace
from datetime import UTC, datetime

import pytest

from studio.domain import (
    CandidateGroup,
    GenerationRequest,
    JobState,
    NewCandidate,
    RoundRequest,
    Selection,
    UnknownCandidateError,
    UnknownGroupError,
    UnknownJobError,
)
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.jobs import JobStore
from studio.storage.request_rows import request_from_text, request_to_text
from studio.storage.selections import SelectionStore

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def a_request(prompt: str = "dress, red", parent_id: int | None = None) -> RoundRequest:
    generation = GenerationRequest(prompt=prompt, num_candidates=3, seed=7)
    return RoundRequest(generation=generation, parent_id=parent_id)


def a_group(database: Database, parent_id: int | None = None) -> CandidateGroup:
    store = GroupStore(database)
    candidates = [NewCandidate(seed=7 + place, image=f"{place:064x}") for place in range(3)]
    return store.get(store.add(a_request(parent_id=parent_id), "dress, red", candidates, NOW))


def ticked(group: CandidateGroup, *positions: int) -> Selection:
    ids = frozenset(each.id for each in group.candidates if each.position in positions)
    return Selection(group_id=group.id, candidate_ids=ids, made_at=NOW)


def test_a_request_survives_its_text():
    request = replace(a_request("连衣裙, “quoted”", parent_id=3), start_images=("a" * 64,))

    assert request_from_text(request_to_text(request)) == request


def test_a_request_from_an_older_studio_takes_the_newer_defaults():
    request = request_from_text('{"generation": {"prompt": "dress"}}')

    assert request == RoundRequest(generation=GenerationRequest(prompt="dress"))


def test_a_round_comes_back_as_it_was_kept(database):
    group = a_group(database)

    assert group.prompt == "dress, red"
    assert group.request == a_request()
    assert group.made_at == NOW
    assert [(each.position, each.seed) for each in group.candidates] == [(1, 7), (2, 8), (3, 9)]
    assert group.selected_ids is None


def test_a_round_that_goes_on_from_a_missing_one_is_refused(database):
    with pytest.raises(UnknownGroupError):
        a_group(database, parent_id=99)


def test_an_unknown_round_is_told(database):
    with pytest.raises(UnknownGroupError, match="Reload"):
        GroupStore(database).get(99)


def test_the_lineage_goes_from_the_oldest_round_to_this_one(database):
    first = a_group(database)
    second = a_group(database, parent_id=first.id)
    a_group(database, parent_id=first.id)
    third = a_group(database, parent_id=second.id)

    lineage = GroupStore(database).lineage(third.id)

    assert [group.id for group in lineage] == [first.id, second.id, third.id]


def test_a_long_lineage_keeps_its_end(database):
    group = a_group(database)
    for _ in range(5):
        group = a_group(database, parent_id=group.id)

    lineage = GroupStore(database).lineage(group.id, limit=3)

    assert [each.id for each in lineage] == [group.id - 2, group.id - 1, group.id]


def test_the_latest_selection_wins(database):
    group = a_group(database)
    store = SelectionStore(database)

    store.record(ticked(group, 1, 2))
    store.record(ticked(group, 3))

    assert store.of_group(group.id) == ticked(group, 3).candidate_ids


def test_none_of_these_is_an_answer(database):
    group = a_group(database)

    SelectionStore(database).record(ticked(group))

    assert GroupStore(database).get(group.id).selected_ids == frozenset()


def test_a_tick_from_another_round_leaves_the_earlier_selection_untouched(database):
    group, other = a_group(database), a_group(database)
    store = SelectionStore(database)
    store.record(ticked(group, 1))
    foreign = Selection(
        group_id=group.id, candidate_ids=ticked(other, 2).candidate_ids, made_at=NOW
    )

    with pytest.raises(UnknownCandidateError, match="Reload"):
        store.record(foreign)

    assert store.of_group(group.id) == ticked(group, 1).candidate_ids


def test_an_answer_to_a_missing_round_is_refused(database):
    with pytest.raises(UnknownCandidateError):
        SelectionStore(database).record(
            Selection(group_id=99, candidate_ids=frozenset(), made_at=NOW)
        )


def test_jobs_wait_in_the_order_of_asking(database):
    store = JobStore(database)
    first, second = store.add(a_request(), NOW), store.add(a_request(), NOW)

    waiting = store.next_queued()

    assert waiting is not None
    assert waiting.id == first.id
    assert [job.id for job in store.unfinished()] == [first.id, second.id]


def test_only_one_may_start_a_job(database):
    store = JobStore(database)
    job = store.add(a_request(), NOW)

    assert store.start(job.id)
    assert not store.start(job.id)


def test_a_running_job_cannot_be_cancelled_as_if_it_waited(database):
    store = JobStore(database)
    job = store.add(a_request(), NOW)
    store.start(job.id)

    assert not store.cancel_queued(job.id)
    assert store.get(job.id).state is JobState.RUNNING


def test_a_final_state_stays(database):
    store = JobStore(database)
    job = store.add(a_request(), NOW)
    store.start(job.id)
    store.stop(job.id, JobState.FAILED, "No.")
    store.stop(job.id, JobState.CANCELLED, "")

    assert store.get(job.id).state is JobState.FAILED
    assert store.get(job.id).message == "No."


def test_what_ran_when_the_studio_stopped_is_marked_and_the_rest_waits(database):
    store = JobStore(database)
    running, queued = store.add(a_request(), NOW), store.add(a_request(), NOW)
    store.start(running.id)

    store.interrupt_running()

    assert store.get(running.id).state is JobState.INTERRUPTED
    assert store.get(queued.id).state is JobState.QUEUED


def test_an_unknown_job_is_told(database):
    with pytest.raises(UnknownJobError, match="Reload"):
        JobStore(database).get(99)


@pytest.mark.parametrize("text", ["'; DROP TABLE groups; --", '"', "<b>", "\u0000", "../../etc"])
def test_hostile_text_is_only_text(database, text):
    store = GroupStore(database)

    group = store.get(store.add(a_request(text), text, [], NOW))

    assert group.prompt == text
    assert group.request.generation.prompt == text
