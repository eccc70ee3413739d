import contextlib
import sqlite3
from contextlib import closing

import pytest

from studio.domain import StorageError
from studio.storage.database import Database
from studio.storage.migrations import MIGRATIONS


def tables(database: Database) -> set[str]:
    with database.reading() as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {row["name"] for row in rows}


def test_a_new_database_has_every_migration(tmp_path):
    database = Database(tmp_path / "studio.db")

    with database.reading() as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]

    assert version == len(MIGRATIONS)
    assert {"groups", "candidates", "selections", "ticks", "jobs"} <= tables(database)


def test_opening_again_changes_nothing(tmp_path):
    Database(tmp_path / "studio.db").close()

    assert "groups" in tables(Database(tmp_path / "studio.db"))


def test_it_writes_ahead_and_waits_for_the_disk(tmp_path):
    database = Database(tmp_path / "studio.db")

    with database.reading() as connection:
        pragmas = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_failed_transaction_leaves_nothing_behind(database):
    with contextlib.suppress(ZeroDivisionError), database.transaction() as connection:
        connection.execute("CREATE TABLE half (id INTEGER)")
        raise ZeroDivisionError

    assert "half" not in tables(database)


def test_a_transaction_inside_another_ends_with_it(database):
    with contextlib.suppress(ZeroDivisionError), database.transaction():
        with database.transaction() as connection:
            connection.execute("CREATE TABLE inner_half (id INTEGER)")
        raise ZeroDivisionError

    assert "inner_half" not in tables(database)


def test_a_database_of_a_newer_studio_is_left_alone(tmp_path):
    path = tmp_path / "studio.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")

    with pytest.raises(StorageError, match="newer PerFusion Studio"):
        Database(path)


def test_a_file_that_is_no_database_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "studio.db"
    path.write_bytes(b"These are no pages of a database. " * 200)

    with pytest.raises(StorageError, match="not a database"):
        Database(path)


def test_a_folder_that_is_not_there_is_told_in_a_sentence(tmp_path):
    with pytest.raises(StorageError, match="--data"):
        Database(tmp_path / "missing" / "studio.db")


def test_a_locked_database_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "studio.db"
    database = Database(path, wait_s=0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StorageError, match="locked by another program"), database.transaction():
            pass


def test_a_full_disk_is_told_in_a_sentence_and_nothing_is_lost(database):
    with database.transaction() as connection:
        connection.execute("CREATE TABLE kept (text TEXT)")
    with database.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StorageError, match="disk is full"), database.transaction() as connection:
        connection.executemany("INSERT INTO kept VALUES (?)", [("x" * 5000,)] * 20)

    assert "kept" in tables(database)


def test_a_second_studio_on_the_same_folder_is_refused_until_the_first_one_closes(tmp_path):
    first = Database(tmp_path / "studio.db", alone=True)

    with pytest.raises(StorageError, match="Another studio"):
        Database(tmp_path / "studio.db", alone=True)
    Database(tmp_path / "studio.db").close()  # an export may read meanwhile

    first.close()
    Database(tmp_path / "studio.db", alone=True).close()


@pytest.mark.parametrize("value", [2**70, "a lone \ud800"])
def test_what_the_database_cannot_hold_is_told_in_a_sentence(database, value):
    with pytest.raises(StorageError, match="can't be kept"), database.reading() as connection:
        connection.execute("SELECT ?", (value,))
