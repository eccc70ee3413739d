"""Tastes of stores, version by version."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from studio.domain import (
    GenerationRequest,
    NewCandidate,
    NewGroup,
    NewTaste,
    RoundAnswer,
    RoundRequest,
    Selection,
    TasteFacts,
    TasteVersion,
    UnknownStoreError,
    Visitor,
)
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.selections import SelectionStore
from studio.storage.stores import StoreStore
from studio.storage.tastes import KEPT_VERSIONS, TasteStore
from studio.storage.users import UserStore

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
FACTS = TasteFacts(
    counted=(RoundAnswer(3, "2026-11-30"),),
    since="2026-11-01",
    answered=4,
    compared=1,
    before=0.5,
    after=0.75,
    scales={"reward": 0.5},
)


@pytest.fixture
def store_id(database: Database) -> int:
    return StoreStore(database).add("anna", "Anna", "{}")


def taste(store_id: int, mark: str = "m", checkpoint: str = "c") -> NewTaste:
    return NewTaste(
        store_id=store_id,
        before_id=None,
        checkpoint=checkpoint,
        mark=mark,
        made_at=NOW,
        facts=FACTS,
        content=mark.encode(),
    )


def a_round(database: Database, store_id: int, minutes: int) -> int:
    request = RoundRequest(
        generation=GenerationRequest(prompt="dress", num_candidates=1), store_id=store_id
    )
    candidates = (NewCandidate(seed=1, image="a" * 64),)
    group_id = GroupStore(database).add(
        NewGroup(
            request=request, prompt="dress", checkpoint="t", candidates=candidates, made_at=NOW
        )
    )
    SelectionStore(database).record(
        Selection(
            group_id=group_id,
            candidate_ids=frozenset(),
            made_at=NOW + timedelta(minutes=minutes),
        )
    )
    return group_id


def mark_of(version: TasteVersion | None) -> str | None:
    return None if version is None else version.mark


def test_a_version_is_read_as_it_was_kept(database, store_id):
    tastes = TasteStore(database)
    tastes.add(taste(store_id))

    latest = tastes.latest(store_id)

    assert latest is not None
    assert latest.facts == FACTS
    assert (latest.mark, latest.content, latest.made_at) == ("m", b"m", NOW)
    assert tastes.get(store_id, latest.id) == latest == tastes.with_mark(store_id, "m")


def test_the_newest_version_of_a_checkpoint_is_in_force(database, store_id):
    tastes = TasteStore(database)
    for mark, checkpoint in (("1", "old"), ("2", "old"), ("3", "new")):
        tastes.add(taste(store_id, mark, checkpoint))

    assert mark_of(tastes.latest(store_id, "old")) == "2"
    assert mark_of(tastes.latest(store_id)) == "3"
    assert tastes.latest(store_id, "none") is None


def test_old_versions_are_forgotten(database, store_id):
    tastes = TasteStore(database)
    for number in range(KEPT_VERSIONS + 3):
        before = tastes.latest(store_id)
        new = taste(store_id, str(number))
        tastes.add(replace(new, before_id=None if before is None else before.id))

    assert tastes.with_mark(store_id, "2") is None
    oldest = tastes.with_mark(store_id, "3")
    assert oldest is not None
    assert oldest.before_id is None


def test_a_store_that_is_gone_or_anothers_keeps_no_taste(database, store_id):
    workspace_id = UserStore(database).workspace("bea's", NOW)
    theirs = TasteStore(database.of(Visitor(workspace_id=workspace_id)))
    TasteStore(database).add(taste(store_id))

    assert theirs.latest(store_id) is None
    with pytest.raises(UnknownStoreError):
        theirs.add(taste(store_id))
    StoreStore(database).remove(store_id, NOW)
    with pytest.raises(UnknownStoreError):
        TasteStore(database).add(taste(store_id))


def test_answers_come_newest_first_without_deleted_rounds(database, store_id):
    first, second, third = (a_round(database, store_id, minutes) for minutes in (5, 9, 1))
    GroupStore(database).delete(first, NOW)

    answers = TasteStore(database).answers(store_id)

    assert [each.group_id for each in answers] == [second, third]
    assert answers[0].made_at > answers[1].made_at


def test_evidence_belongs_to_what_it_follows_from(database, store_id):
    group_id = a_round(database, store_id, 1)
    tastes = TasteStore(database)
    tastes.keep_evidence({group_id: b"one", 99_999: b"nobody's"}, "mark")

    assert tastes.evidence([group_id, 99_999], "mark") == {group_id: b"one"}
    assert tastes.evidence([group_id], "another") == {}
    tastes.keep_evidence({group_id: b"two"}, "another")
    assert tastes.evidence([group_id], "mark") == {}


def test_facts_that_cannot_be_read_count_as_no_version(database, store_id):
    tastes = TasteStore(database)
    tastes.add(taste(store_id, "1"))
    tastes.add(taste(store_id, "2"))
    with database.transaction() as connection:
        connection.execute("UPDATE tastes SET facts = '{}' WHERE mark = '2'")
        connection.execute("UPDATE tastes SET facts = 'no' WHERE mark = '2'")

    assert mark_of(tastes.latest(store_id)) == "1"
