import re
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from studio.domain import ForbiddenError, LoginError, Role, TooManyAttemptsError, UserError, Visitor
from studio.services.accounts import Accounts
from studio.services.attempts import Attempts
from studio.services.passwords import fits, hashed
from studio.storage.database import Database
from studio.storage.stores import StoreStore

PASSWORD = "correct horse battery"


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s

    def today(self) -> datetime:
        return datetime(2026, 11, 29, tzinfo=UTC) + timedelta(seconds=self.now_s)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(database: Database, clock: Clock) -> Accounts:
    return Accounts(database, clock.today, Attempts(clock))


def test_a_password_fits_its_own_hash_and_each_hash_is_another():
    first, second = hashed(PASSWORD), hashed(PASSWORD)

    assert first != second
    assert PASSWORD not in first
    assert fits(PASSWORD, first)
    assert not fits(PASSWORD + " ", first)
    assert not fits("", "")
    assert not fits(PASSWORD, "no hash at all")


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_a_password_is_not_too_short_and_not_too_long(password):
    with pytest.raises(UserError, match="10 to 200"):
        hashed(password)


def test_who_logs_in_is_known_by_the_token_until_the_end(accounts, clock):
    accounts.add("Ann", PASSWORD)

    token = accounts.log_in(" ANN ", PASSWORD, "10.0.0.1")

    assert accounts.visitor_of(token) == Visitor(name="Ann")
    assert accounts.visitor_of(f"{token}x") is None
    accounts.log_out(token)
    assert accounts.visitor_of(token) is None
    later = accounts.log_in("ann", PASSWORD, "10.0.0.1")
    clock.now_s += timedelta(days=15).total_seconds()
    assert accounts.visitor_of(later) is None


def test_what_the_database_keeps_lets_nobody_in(accounts, database):
    accounts.add("Ann", PASSWORD)
    token = accounts.log_in("ann", PASSWORD, "10.0.0.1")

    with database.reading() as connection:
        rows: list[sqlite3.Row] = connection.execute("SELECT token FROM logins").fetchall()
    assert [row["token"] for row in rows] != [token]
    assert accounts.visitor_of(rows[0]["token"]) is None


def test_a_refusal_does_not_say_whether_there_is_such_a_user(accounts):
    accounts.add("Ann", PASSWORD)
    said = []

    for name in ("ann", "nobody"):
        with pytest.raises(LoginError) as refused:
            accounts.log_in(name, "wrong password", "10.0.0.1")
        said.append(str(refused.value))

    assert said[0] == said[1]


def test_many_wrong_passwords_have_to_wait_and_others_do_not(accounts, clock):
    accounts.add("Ann", PASSWORD)
    for _ in range(5):
        with pytest.raises(LoginError, match="don't fit"):
            accounts.log_in("ann", "wrong password", "6.6.6.6")

    with pytest.raises(TooManyAttemptsError, match="15 minutes"):
        accounts.log_in("ann", PASSWORD, "6.6.6.6")
    assert accounts.log_in("ann", PASSWORD, "10.0.0.1")  # Ann herself, elsewhere
    clock.now_s += 15 * 60
    assert accounts.log_in("ann", PASSWORD, "6.6.6.6")


def test_one_machine_cannot_try_many_names():
    clock = Clock()
    attempts = Attempts(clock)
    limits = {"address 6.6.6.6": 25}
    for _ in range(25):
        assert attempts.wait_s(limits) == 0
        attempts.failed(limits)

    assert attempts.wait_s(limits) > 0


def test_another_role_or_password_ends_the_logins_before(accounts):
    accounts.add("Ann", PASSWORD)
    token = accounts.log_in("ann", PASSWORD, "10.0.0.1")

    accounts.set_role("ann", Role.VIEWER)

    assert accounts.visitor_of(token) is None
    token = accounts.log_in("ann", PASSWORD, "10.0.0.1")
    assert accounts.visitor_of(token) == Visitor(role=Role.VIEWER, name="Ann")
    accounts.set_password("ann", "another password")
    assert accounts.visitor_of(token) is None
    accounts.remove("ann")
    with pytest.raises(LoginError):
        accounts.log_in("ann", "another password", "10.0.0.1")


def test_each_workspace_has_sample_stores_of_its_own(accounts, database):
    bea = accounts.add("Bea", PASSWORD, workspace="bea's")

    theirs = StoreStore(database.of(bea.visitor)).all()

    assert theirs
    assert all(store.is_sample for store in theirs)
    first = accounts.add("Ann", PASSWORD)
    ours = StoreStore(database.of(first.visitor)).all()
    assert not {store.key for store in theirs} & {store.key for store in ours}


def test_whom_another_knows_gets_a_workspace_of_their_own_or_the_one_they_were_invited_to(accounts):
    ann = accounts.known_as("huggingface", "42", "ann")
    bea = accounts.known_as("huggingface", "43", "ann")  # the same name, another account
    accounts.invite("proxy", "cy", Role.VIEWER)

    assert ann.workspace_id != bea.workspace_id
    assert accounts.known_as("huggingface", "42", "renamed") == ann
    assert accounts.known_as("proxy", "CY", "cy") == Visitor(role=Role.VIEWER, name="cy")


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\x00b", "a\u202eb"])
def test_a_name_can_be_printed(accounts, name):
    with pytest.raises(UserError, match="1 to 80"):
        accounts.add(name, PASSWORD)
    with pytest.raises(UserError):
        accounts.known_as("proxy", name, name)


def test_an_owner_says_who_may_do_what_in_the_own_workspace_only(accounts):
    ann = accounts.add("Ann", PASSWORD).visitor
    bea = accounts.add("Bea", PASSWORD, workspace="bea's").visitor

    accounts.let_in(ann, "Cy", PASSWORD, Role.EDITOR)
    accounts.let_do(ann, "cy", Role.VIEWER)

    assert [(each.name, each.role) for each in accounts.people_of(ann)] == [
        ("Ann", Role.OWNER),
        ("Cy", Role.VIEWER),
    ]
    assert [each.name for each in accounts.people_of(bea)] == ["Bea"]
    for ask in (
        lambda: accounts.let_do(bea, "cy", Role.OWNER),
        lambda: accounts.let_out(bea, "ann"),
    ):
        with pytest.raises(UserError, match="no user"):
            ask()
    with pytest.raises(UserError, match="at least one owner"):
        accounts.let_out(ann, "Ann")
    with pytest.raises(UserError, match="at least one owner"):
        accounts.let_do(ann, "Ann", Role.EDITOR)
    accounts.let_out(ann, "Cy")
    assert [each.name for each in accounts.people_of(ann)] == ["Ann"]


def test_a_password_that_is_made_lets_in_until_there_is_another(accounts):
    ann = accounts.add("Ann", PASSWORD).visitor
    bea = accounts.add("Bea", PASSWORD, workspace="bea's").visitor

    first = accounts.let_in_by_new_password(ann, "Cy", Role.EDITOR)
    token = accounts.log_in("cy", first, "10.0.0.1")
    second = accounts.give_new_password(ann, "cy")

    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", first)
    assert first != second
    assert accounts.visitor_of(token) is None
    with pytest.raises(LoginError):
        accounts.log_in("Cy", first, "10.0.0.1")
    assert accounts.visitor_of(accounts.log_in("Cy", second, "10.0.0.1")).role is Role.EDITOR
    with pytest.raises(UserError, match="no user"):
        accounts.give_new_password(bea, "cy")
    guest = accounts.invite("proxy", "guest", Role.VIEWER)
    with pytest.raises(UserError, match="without a password"):
        accounts.give_new_password(ann, guest.name)


@pytest.mark.parametrize(
    "visitor",
    [Visitor(), Visitor(role=Role.EDITOR, name="Ed"), Visitor(role=Role.VIEWER, name="V")],
)
def test_nobody_but_an_owner_who_logged_in_lets_people_in(accounts, visitor):
    for ask in (
        lambda: accounts.people_of(visitor),
        lambda: accounts.let_in(visitor, "Mallory", PASSWORD, Role.OWNER),
        lambda: accounts.let_out(visitor, "Ann"),
        lambda: accounts.let_in_by_new_password(visitor, "Mallory", Role.OWNER),
        lambda: accounts.give_new_password(visitor, "Ann"),
    ):
        with pytest.raises(ForbiddenError):
            ask()
