"""Corrections and revisions of tech packs, as rows."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from studio.domain import (
    GenerationRequest,
    NewCandidate,
    NewGroup,
    RoundRequest,
    UnknownCandidateError,
    Visitor,
)
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.migrations import MIGRATIONS
from studio.storage.tech_packs import TechPackStore
from studio.storage.users import UserStore

NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def candidate_id(database: Database) -> int:
    group_id = GroupStore(database).add(
        NewGroup(
            request=RoundRequest(generation=GenerationRequest(prompt="dress", num_candidates=1)),
            prompt="dress",
            checkpoint="t",
            candidates=(NewCandidate(seed=1, image="a" * 64),),
            made_at=NOW,
        )
    )
    return GroupStore(database).get(group_id).candidates[0].id


@pytest.fixture
def store(database: Database) -> TechPackStore:
    return TechPackStore(database)


def values(store: TechPackStore, candidate_id: int) -> list[str]:
    return [each.value for each in store.corrections(candidate_id)]


def test_undoing_takes_the_newest_correction_of_one_field_and_keeps_its_row(
    store, database, candidate_id
):
    for field, value in (("a", "1"), ("b", "2"), ("a", "3")):
        store.correct(candidate_id, field, value, NOW, "Ann")

    assert store.undo(candidate_id, "a", LATER)
    assert values(store, candidate_id) == ["1", "2"]
    assert store.undo(candidate_id, "a", LATER)
    assert not store.undo(candidate_id, "a", LATER)
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM corrections").fetchone()[0] == 3


def test_the_same_content_is_the_same_revision(store, candidate_id):
    first = store.revise(candidate_id, "x", NOW)
    again = store.revise(candidate_id, "x", LATER)
    second = store.revise(candidate_id, "y", LATER)

    assert first == again
    assert (first.letter, second.letter) == ("A", "B")
    assert store.latest_revision(candidate_id) == second


def test_what_goes_back_to_an_older_content_is_a_new_revision(store, candidate_id):
    letters = [store.revise(candidate_id, digest, NOW).letter for digest in ("x", "y", "x")]

    assert letters == ["A", "B", "C"]


def test_rows_of_a_purged_round_go_with_it(store, database, candidate_id):
    store.correct(candidate_id, "a", "1", NOW, "")
    store.revise(candidate_id, "x", NOW)

    with database.transaction() as connection:
        connection.execute("DELETE FROM groups")

    with database.reading() as connection:
        for table in ("corrections", "revisions"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def test_another_workspace_reads_and_writes_nothing_of_it(store, database, candidate_id):
    store.correct(candidate_id, "a", "1", NOW, "")
    store.revise(candidate_id, "x", NOW)
    workspace_id = UserStore(database).workspace("bea's", NOW)
    beas = TechPackStore(database.of(Visitor(workspace_id=workspace_id)))

    assert beas.corrections(candidate_id) == ()
    assert beas.latest_revision(candidate_id) is None
    for write in (
        lambda: beas.correct(candidate_id, "a", "2", NOW, ""),
        lambda: beas.undo(candidate_id, "a", NOW),
        lambda: beas.revise(candidate_id, "y", NOW),
    ):
        with pytest.raises(UnknownCandidateError):
            write()


def test_a_row_that_something_else_wrote_is_left_out(store, database, candidate_id):
    store.correct(candidate_id, "a", "1", NOW, "")
    store.correct(candidate_id, "b", "2", NOW, "")
    with database.transaction() as connection:
        connection.execute("UPDATE corrections SET made_at = 'yesterday' WHERE field = 'a'")

    assert values(store, candidate_id) == ["2"]


def test_a_data_folder_of_before_tech_packs_opens_with_its_rounds(tmp_path):
    path = tmp_path / "studio.db"
    before = MIGRATIONS.index(next(each for each in MIGRATIONS if "tech_packs" in each.__name__))
    with closing(sqlite3.connect(path)) as connection:
        for migrate in MIGRATIONS[:before]:
            migrate(connection)
        connection.execute(f"PRAGMA user_version = {before}")
        connection.execute(
            "INSERT INTO groups (id, request, prompt, made_at) VALUES (5, '{}', 'dress', '2026')"
        )
        connection.execute(
            "INSERT INTO candidates (id, group_id, position, seed, image) VALUES (7, 5, 1, 1, 'a')"
        )
        connection.commit()

    database = Database(path)
    TechPackStore(database).correct(7, "note.hem", "3 cm", NOW, "Ann")

    assert values(TechPackStore(database), 7) == ["3 cm"]
    database.close()
