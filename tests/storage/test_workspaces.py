"""One workspace's stores can't read, change or guess another's rows."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from studio.domain import (
    EVERYBODY,
    ForbiddenError,
    GenerationRequest,
    NewCandidate,
    NewGroup,
    Role,
    RoundFilter,
    RoundRequest,
    Selection,
    StudioError,
    UnknownCandidateError,
    UnknownGroupError,
    UnknownJobError,
    UnknownStoreError,
    UserError,
    Visitor,
)
from studio.storage.brought_pictures import BroughtPictureStore
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles
from studio.storage.jobs import JobStore
from studio.storage.migrations import MIGRATIONS
from studio.storage.phrases import PhraseStore
from studio.storage.selections import SelectionStore
from studio.storage.stores import StoreStore
from studio.storage.users import User, UserStore
from studio.storage.workspace_images import WorkspaceImages

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
IMAGE = "a" * 64
REQUEST = RoundRequest(generation=GenerationRequest(prompt="dress, red", num_candidates=1))


@pytest.fixture
def anns(database: Database) -> Database:
    return database.of(EVERYBODY)


@pytest.fixture
def beas(database: Database) -> Database:
    workspace_id = UserStore(database).workspace("bea's", NOW)
    return database.of(Visitor(workspace_id=workspace_id))


def a_round(database: Database, request: RoundRequest = REQUEST) -> int:
    candidates = (NewCandidate(seed=1, image=IMAGE),)
    return GroupStore(database).add(
        NewGroup(
            request=request, prompt="dress, red", checkpoint="t", candidates=candidates, made_at=NOW
        )
    )


def test_another_workspaces_round_is_as_good_as_none(anns, beas):
    group_id = a_round(anns)
    candidate_id = GroupStore(anns).get(group_id).candidates[0].id
    beas_groups = GroupStore(beas)

    for ask in (
        lambda: beas_groups.get(group_id),
        lambda: beas_groups.star(group_id, True),
        lambda: beas_groups.delete(group_id, NOW),
        lambda: beas_groups.undelete(group_id),
        lambda: beas_groups.lineage(group_id),
    ):
        with pytest.raises(UnknownGroupError, match="no longer there"):
            ask()
    with pytest.raises(UnknownCandidateError):
        beas_groups.of_candidate(candidate_id)
    assert beas_groups.of_image(IMAGE) is None
    assert beas_groups.latest_id() is None
    assert beas_groups.latest_pace() is None
    assert beas_groups.page(RoundFilter(), 10) == ()
    assert beas_groups.shown() == set()


def test_an_answer_is_given_and_read_in_ones_own_workspace_only(anns, beas):
    group_id = a_round(anns)
    candidate_id = GroupStore(anns).get(group_id).candidates[0].id
    answer = Selection(group_id=group_id, candidate_ids=frozenset({candidate_id}), made_at=NOW)

    with pytest.raises(UnknownCandidateError):
        SelectionStore(beas).record(answer)
    SelectionStore(anns).record(answer)

    assert SelectionStore(beas).of_group(group_id) is None
    assert GroupStore(beas).answered() == ()
    assert GroupStore(anns).answered() == (group_id,)


def test_no_round_goes_on_from_another_workspaces_or_is_for_its_store(anns, beas):
    parent = RoundRequest(generation=REQUEST.generation, parent_id=a_round(anns))
    store_id = StoreStore(anns).add("key", "Nord", "{}")
    for_store = RoundRequest(generation=REQUEST.generation, store_id=store_id)

    for request in (parent, for_store):
        with pytest.raises(UnknownGroupError):
            a_round(beas, request)
        a_round(anns, request)


def test_another_workspaces_job_is_as_good_as_none(anns, beas):
    job = JobStore(anns).add(REQUEST, NOW)

    with pytest.raises(UnknownJobError):
        JobStore(beas).get(job.id)
    with pytest.raises(UnknownJobError):
        JobStore(beas).cancel_queued(job.id)
    assert JobStore(beas).latest() is None
    assert JobStore(anns).get(job.id).workspace_id == EVERYBODY.workspace_id


def test_stores_of_the_same_key_live_in_two_workspaces(anns, beas):
    anns_id = StoreStore(anns).add("key", "Ann's", "{}")
    beas_id = StoreStore(beas).add("key", "Bea's", "{}")

    assert StoreStore(beas).find("key") == beas_id
    assert [each.name for each in StoreStore(anns).all()] == ["Ann's"]
    for ask in (
        lambda: StoreStore(beas).get(anns_id),
        lambda: StoreStore(beas).change(anns_id, "Mine", "{}"),
        lambda: StoreStore(beas).remove(anns_id, NOW),
        lambda: StoreStore(beas).bring_back(anns_id),
    ):
        with pytest.raises(UnknownStoreError):
            ask()
    assert StoreStore(anns).get(anns_id).name == "Ann's"


def test_favourite_phrases_are_ones_own(anns, beas):
    PhraseStore(anns).keep("tulle", NOW)
    PhraseStore(beas).keep("tulle", NOW)
    PhraseStore(beas).drop("tulle")

    assert PhraseStore(anns).all() == ("tulle",)
    assert PhraseStore(beas).all() == ()


def test_a_picture_is_found_by_whose_round_shows_it_or_who_brought_it(anns, beas, tmp_path):
    files = ImageFiles(tmp_path / "images")
    digest = files.write(b"a picture")
    theirs, mine = WorkspaceImages(files, anns), WorkspaceImages(files, beas)

    assert theirs.find(digest) is None
    BroughtPictureStore(anns).add([digest])

    assert theirs.find(digest) is not None
    assert mine.find(digest) is None
    assert mine.is_there(digest)
    assert theirs.find("../studio.db") is None


def test_a_viewer_looks_and_changes_nothing(anns, database):
    group_id = a_round(anns)
    viewers = database.of(Visitor(role=Role.VIEWER, name="Vic"))

    assert GroupStore(viewers).get(group_id).id == group_id
    for act in (
        lambda: a_round(viewers),
        lambda: GroupStore(viewers).star(group_id, True),
        lambda: GroupStore(viewers).delete(group_id, NOW),
        lambda: JobStore(viewers).add(REQUEST, NOW),
        lambda: StoreStore(viewers).add("key", "Nord", "{}"),
        lambda: PhraseStore(viewers).keep("tulle", NOW),
        lambda: BroughtPictureStore(viewers).add([IMAGE]),
        lambda: SelectionStore(viewers).record(
            Selection(group_id=group_id, candidate_ids=frozenset(), made_at=NOW)
        ),
    ):
        with pytest.raises(ForbiddenError, match="change nothing"):
            act()


def test_a_folder_of_an_earlier_studio_opens_into_the_first_workspace(tmp_path):
    path = tmp_path / "studio.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for migrate in MIGRATIONS[:8]:
            migrate(connection)
        connection.execute("PRAGMA user_version = 8")
        generation = '{"prompt": "dress", "num_candidates": 1, "seed": 1}'
        request = f'{{"generation": {generation}, "start_images": ["{IMAGE}"]}}'
        connection.execute(
            "INSERT INTO stores (id, key, name, profile) VALUES (3, 'k', 'Nord', '{}')"
        )
        connection.execute(
            "INSERT INTO groups (id, store_id, request, prompt, made_at) "
            "VALUES (5, 3, ?, 'dress', ?)",
            (request, NOW.isoformat()),
        )
        connection.execute(
            "INSERT INTO groups (id, request, prompt, made_at) VALUES (6, 'no JSON', '', '')"
        )
        connection.execute("INSERT INTO favourite_phrases VALUES ('tulle', '2026')")
        connection.execute("INSERT INTO loose_images VALUES (?, '2026')", ("b" * 64,))
        connection.commit()

    database = Database(path)

    assert GroupStore(database).get(5).request.start_images == (IMAGE,)
    assert [each.id for each in StoreStore(database).all()] == [3]
    assert PhraseStore(database).all() == ("tulle",)
    assert BroughtPictureStore(database).may_see(IMAGE)
    assert BroughtPictureStore(database).may_see("b" * 64)
    with database.reading() as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    stranger = database.of(Visitor(workspace_id=2))
    with pytest.raises(StudioError):
        GroupStore(stranger).get(5)


def a_user(store: UserStore, key: str = "ann") -> User:
    workspace_id = store.workspace("studio", NOW)
    user = User(
        id=0,
        source="password",
        key=key,
        name=key.title(),
        password="hash",
        role=Role.EDITOR,
        workspace_id=workspace_id,
        workspace="studio",
    )
    return store.add(user, NOW)


def test_a_login_ends_by_itself_and_with_its_user(database):
    users = UserStore(database)
    ann = a_user(users)
    users.begin_login("token", ann, NOW, NOW + timedelta(days=1))

    assert users.of_login("token", NOW) == ann
    assert users.of_login("token", NOW + timedelta(days=2)) is None
    assert users.of_login("another", NOW) is None
    users.remove(ann)
    assert users.of_login("token", NOW) is None


def test_two_users_of_one_source_have_two_names(database):
    users = UserStore(database)
    a_user(users)

    with pytest.raises(UserError, match="already"):
        a_user(users)
    with pytest.raises(UserError, match="no user"):
        users.get("proxy", "ann")


def test_a_role_that_nobody_knows_lets_somebody_look_only(database):
    users = UserStore(database)
    a_user(users)
    with database.transaction() as connection:
        connection.execute("UPDATE users SET role = 'emperor'")

    assert users.get("password", "ann").role is Role.VIEWER
