import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from studio.domain import (
    Candidate,
    CandidateGroup,
    GenerationRequest,
    JobState,
    NewCandidate,
    NewGroup,
    RoundFilter,
    RoundRequest,
    SearchTerm,
    Selection,
    UnknownCandidateError,
    UnknownGroupError,
    UnknownJobError,
    UnknownStoreError,
)
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.jobs import JobStore
from studio.storage.migrations import MIGRATIONS
from studio.storage.request_rows import request_from_text, request_to_text
from studio.storage.selections import SelectionStore
from studio.storage.stores import StoreStore

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def a_request(prompt: str = "dress, red", parent_id: int | None = None) -> RoundRequest:
    generation = GenerationRequest(prompt=prompt, num_candidates=3, seed=7)
    return RoundRequest(generation=generation, parent_id=parent_id)


def a_group(
    database: Database,
    parent_id: int | None = None,
    prompt: str = "dress, red",
    store_id: int | None = None,
) -> CandidateGroup:
    store = GroupStore(database)
    candidates = [
        NewCandidate(seed=7 + place, image=f"{place:064x}", design=design)
        for place, design in enumerate(('{"version": 1}', "", "设计"))
    ]
    request = replace(a_request(prompt, parent_id), store_id=store_id)
    return store.get(store.add(a_new_group(request, prompt, *candidates)))


def a_new_group(request: RoundRequest, prompt: str, *candidates: NewCandidate) -> NewGroup:
    return NewGroup(
        request=request, prompt=prompt, checkpoint="tiny", candidates=candidates, made_at=NOW
    )


def found(database: Database, limit: int = 10, before_id: int | None = None, **wanted: Any):
    page = GroupStore(database).page(RoundFilter(**wanted), limit, before_id)
    return [group.id for group in page]


def words(*texts: str) -> SearchTerm:
    return SearchTerm(words=(texts,))


def ticked(group: CandidateGroup, *positions: int) -> Selection:
    ids = frozenset(each.id for each in group.candidates if each.position in positions)
    return Selection(group_id=group.id, candidate_ids=ids, made_at=NOW)


def test_a_request_survives_its_text():
    generation = GenerationRequest(
        prompt="连衣裙, “quoted”", wearer_seed=9, kept='{"version": 1}', free=("fabric", "colour")
    )
    request = RoundRequest(generation=generation, parent_id=3, start_images=("a" * 64,))

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
    assert [each.design for each in group.candidates] == ['{"version": 1}', "", "设计"]
    assert group.selected_ids is None
    assert group.checkpoint == "tiny"


def an_old_folder(path: Path, version: int, **lots: str) -> None:
    """A database as the studio of an older version left it, with a round of one candidate."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for migrate in MIGRATIONS[:version]:
            migrate(connection)
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute(
            "INSERT INTO groups (request, prompt, made_at) VALUES (?, 'dress', ?)",
            ('{"generation": {"prompt": "dress"}}', NOW.isoformat()),
        )
        names = ["group_id", "position", "seed", "image", *lots]
        connection.execute(
            f"INSERT INTO candidates ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            (1, 1, 7, "a" * 64, *lots.values()),
        )


@pytest.mark.parametrize(("version", "lots"), [(5, {}), (6, {"lots": "midi"}), (7, {"lots": ""})])
def test_a_folder_of_an_older_studio_opens_and_its_rounds_keep_what_they_have(
    tmp_path, version, lots
):
    path = tmp_path / "studio.db"
    an_old_folder(path, version, **lots)

    for _ in range(2):  # opened again, it is of today's version already
        database = Database(path)
        (candidate,) = GroupStore(database).get(1).candidates
        assert candidate == Candidate(
            id=1, position=1, seed=7, image="a" * 64, lots=lots.get("lots", "")
        )
        assert candidate.design == ""
        database.close()


def test_lots_are_not_written_any_more(database):
    a_group(database)

    with database.reading() as connection:
        rows = connection.execute("SELECT lots FROM candidates").fetchall()

    assert {row["lots"] for row in rows} == {""}


def test_a_picture_tells_its_newest_round(database):
    first, second = a_group(database), a_group(database)
    store = GroupStore(database)

    found = store.of_image(first.candidates[1].image)

    assert found is not None
    assert found.id == second.id
    assert store.of_image("f" * 64) is None


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

    assert store.of_group(group.id) == ticked(group, 3)


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

    assert store.of_group(group.id) == ticked(group, 1)


def test_an_answer_to_a_missing_round_is_refused(database):
    with pytest.raises(UnknownCandidateError):
        SelectionStore(database).record(
            Selection(group_id=99, candidate_ids=frozenset(), made_at=NOW)
        )


def test_the_history_goes_from_the_newest_round_page_by_page(database):
    ids = [a_group(database).id for _ in range(5)]

    assert found(database, limit=2) == [ids[4], ids[3]]
    assert found(database, limit=2, before_id=ids[3]) == [ids[2], ids[1]]


def test_terms_are_found_at_the_beginnings_of_words(database):
    red = a_group(database, prompt="dress, red").id
    tiered = a_group(database, prompt="skirt, tiered").id

    assert found(database, terms=(words("RED"),)) == [red]
    assert found(database, terms=(words("dress", "red"),)) == [red]
    assert found(database, terms=(words("tier"),)) == [tiered]
    assert found(database, terms=(words("ier"),)) == []
    assert found(database, terms=(words("%"),)) == []
    assert found(database, terms=(words("dress"), SearchTerm(round_id=red))) == [red]
    assert found(database, terms=(SearchTerm(),)) == []


def test_rounds_are_found_by_store_and_by_star(database):
    stores = StoreStore(database)
    store_id = stores.add("store-a", "Maison Nord", "{}")
    mine, other = a_group(database, store_id=store_id).id, a_group(database).id
    GroupStore(database).star(other, True)

    assert found(database, store_id=store_id) == [mine]
    assert found(database, favourites_only=True) == [other]

    GroupStore(database).star(other, False)
    assert found(database, favourites_only=True) == []


def test_a_deleted_round_is_out_of_sight_until_it_is_put_back(database):
    store, group = GroupStore(database), a_group(database)

    store.delete(group.id, NOW)
    assert found(database) == []
    assert store.get(group.id).is_deleted

    store.undelete(group.id)
    assert found(database) == [group.id]


def test_purging_forgets_only_what_was_deleted_long_ago(database):
    store = GroupStore(database)
    old, recent, kept = a_group(database), a_group(database), a_group(database)
    store.delete(old.id, NOW - timedelta(days=31))
    store.delete(recent.id, NOW)
    SelectionStore(database).record(ticked(old, 1))

    store.purge(NOW - timedelta(days=30), NOW, days_of_work=0)

    with pytest.raises(UnknownGroupError):
        store.get(old.id)
    assert store.get(recent.id).is_deleted
    assert found(database) == [kept.id]


def test_a_purged_parent_leaves_its_children(database):
    store, parent = GroupStore(database), a_group(database)
    child = a_group(database, parent_id=parent.id)
    store.delete(parent.id, NOW)

    store.purge(NOW + timedelta(days=1), NOW, days_of_work=0)

    assert store.get(child.id).parent_id is None


def test_a_stars_round_must_exist(database):
    with pytest.raises(UnknownGroupError):
        GroupStore(database).star(99, True)


def test_a_job_whose_round_was_deleted_is_not_the_latest(database):
    jobs, groups = JobStore(database), GroupStore(database)
    first, second = jobs.add(a_request(), NOW), jobs.add(a_request(), NOW)
    for job in (first, second):
        jobs.start(job.id)
        jobs.finish(job.id, a_group(database).id)
    last = jobs.get(second.id).group_id
    assert last is not None

    groups.delete(last, NOW)

    latest = jobs.latest()
    assert latest is not None
    assert latest.id == first.id


def test_a_removed_store_is_off_the_list_and_comes_back(database):
    stores = StoreStore(database)
    store_id = stores.add("store-a", "Maison Nord", "{}")

    stores.remove(store_id, NOW)
    assert stores.all() == ()
    assert stores.get(store_id).name == "Maison Nord"

    stores.bring_back(store_id)
    assert [store.id for store in stores.all()] == [store_id]


def test_a_store_counts_the_rounds_that_it_answered(database):
    stores = StoreStore(database)
    store_id = stores.add("store-a", "Maison Nord", "{}")
    answered = a_group(database, store_id=store_id)
    a_group(database, store_id=store_id)
    SelectionStore(database).record(ticked(answered))

    assert stores.get(store_id).taught == 1
    assert GroupStore(database).answered(store_id) == (answered.id,)
    assert GroupStore(database).answered() == (answered.id,)


def test_an_unknown_store_is_told(database):
    for act in (StoreStore(database).get, StoreStore(database).bring_back):
        with pytest.raises(UnknownStoreError, match="Reload"):
            act(99)


def test_jobs_wait_in_the_order_of_asking(database):
    store = JobStore(database)
    first, second = store.add(a_request(), NOW), store.add(a_request(), NOW)

    assert store.in_state(JobState.QUEUED) == (first.id, second.id)
    assert store.in_state(JobState.RUNNING) == ()


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

    group = store.get(store.add(a_new_group(a_request(text), text)))

    assert group.prompt == text
    assert group.request.generation.prompt == text
