import io

import pytest

from studio.services.accounts import Accounts
from studio.storage.database import Database
from studio.users import main

PASSWORD = "correct horse battery"


def run(monkeypatch, tmp_path, *arguments: str, typed: str = "") -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    main([*arguments, "--data", str(tmp_path / "data")])


def test_users_are_added_listed_changed_and_removed(monkeypatch, tmp_path, caplog):
    caplog.set_level("INFO")
    run(monkeypatch, tmp_path, "add", "Ann", typed=f"{PASSWORD}\n")
    run(monkeypatch, tmp_path, "add", "Bea", "--role", "viewer", typed=f"{PASSWORD}\n")
    run(monkeypatch, tmp_path, "add", "cy", "--source", "proxy", "--workspace", "theirs")
    run(monkeypatch, tmp_path, "role", "bea", "editor")
    run(monkeypatch, tmp_path, "password", "bea", typed="another password\n")
    caplog.clear()
    run(monkeypatch, tmp_path, "list")

    assert caplog.messages[0].splitlines() == [
        "studio: Ann, owner (password)",
        "studio: Bea, editor (password)",
        "theirs: cy, owner (proxy)",
    ]
    run(monkeypatch, tmp_path, "remove", "ann")
    accounts = Accounts(Database(tmp_path / "data" / "studio.db"))
    assert accounts.log_in("bea", "another password", "here")
    assert [user.name for user in accounts.all()] == ["Bea", "cy"]


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        (["add", "Ann"], "short\n", "10 to 200"),
        (["add", ""], f"{PASSWORD}\n", "1 to 80"),
        (["remove", "nobody"], "", "no user"),
        (["role", "nobody", "viewer"], "", "no user"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    monkeypatch, tmp_path, arguments, typed, sentence
):
    with pytest.raises(SystemExit, match=sentence):
        run(monkeypatch, tmp_path, *arguments, typed=typed)
