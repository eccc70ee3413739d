"""A data folder that can't be used, or no longer: a clear sentence, and nothing is lost."""

import errno
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from studio.domain import JobState, StorageError
from studio.services.studio import Studio
from studio.storage.database import Database
from studio.storage.disk import refusal
from studio.storage.image_files import ImageFiles
from tests.serving import drawn_round, wait_until


@contextmanager
def of_a_newer_studio(data: Path) -> Iterator[None]:
    with closing(sqlite3.connect(data / "studio.db")) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute("PRAGMA user_version = 99")
        yield
        connection.execute(f"PRAGMA user_version = {version}")


@contextmanager
def damaged(data: Path) -> Iterator[None]:
    whole = (data / "studio.db").read_bytes()
    (data / "studio.db").write_bytes(b"These are no pages of a database. " * 200)
    yield
    (data / "studio.db").write_bytes(whole)


@contextmanager
def in_use(data: Path) -> Iterator[None]:
    with closing(sqlite3.connect(data / "studio.lock", isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def without_a_place_for_images(data: Path) -> Iterator[None]:
    (data / "images").rename(data / "elsewhere")
    (data / "images").write_text("a file is in the way")
    yield
    (data / "images").unlink()
    (data / "elsewhere").rename(data / "images")


@pytest.mark.parametrize(
    ("harmed", "sentence"),
    [
        (of_a_newer_studio, "newer PerFusion Studio"),
        (damaged, "not a database"),
        (in_use, "Another studio"),
        (without_a_place_for_images, "--data"),
    ],
)
def test_a_folder_that_cannot_be_opened_is_told_and_opens_later_as_it_was(
    generator, tmp_path, harmed, sentence
):
    studio = Studio.open(tmp_path, generator, "tiny")
    group = drawn_round(studio, "dress", 2, seed=1)
    answered = studio.select(group.id, frozenset({group.candidates[1].id}))
    studio.stop()

    with harmed(tmp_path), pytest.raises(StorageError, match=sentence):
        Studio.open(tmp_path, generator, "tiny")

    again = Studio.open(tmp_path, generator, "tiny")
    assert again.group(group.id) == answered
    assert all(again.images.find(each.image) for each in answered.candidates)
    again.stop()


# --- A studio that is open -------------------------------------------------------------------


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "studio.db", wait_s=0.05)
    yield database
    database.close()


@pytest.fixture
def studio(generator, database, tmp_path):
    studio = Studio(generator, "tiny", database, ImageFiles(tmp_path / "images"))
    yield studio
    studio.stop()


@contextmanager
def locked(database: Database, path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def read_only(database: Database, path: Path) -> Iterator[None]:
    with database.reading() as connection:
        connection.execute("PRAGMA query_only = ON")
        yield
        connection.execute("PRAGMA query_only = OFF")


@pytest.mark.parametrize(
    ("harmed", "sentence"), [(locked, "locked by another program"), (read_only, "read-only")]
)
def test_an_answer_that_cannot_be_kept_is_told_and_the_earlier_one_stays(
    studio, database, tmp_path, harmed, sentence
):
    group = drawn_round(studio, "dress", 2, seed=1)
    first, second = (frozenset({each.id}) for each in group.candidates)
    studio.select(group.id, first)

    with harmed(database, tmp_path / "studio.db"):
        with pytest.raises(StorageError, match=sentence):
            studio.select(group.id, second)
        with pytest.raises(StorageError, match=sentence):
            studio.request_round("dress", 2)
        assert studio.group(group.id).selected_ids == first

    assert studio.select(group.id, second).selected_ids == second


def test_a_full_disk_loses_nothing_that_was_acknowledged(studio, database):
    with database.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    acknowledged = []

    def add_stores() -> None:
        for number in range(1000):
            acknowledged.append(studio.stores.add(f"Store {number:03}", {"season": "autumn"}))

    with pytest.raises(StorageError, match="disk is full"):
        add_stores()

    assert acknowledged
    assert studio.stores.all() == tuple(acknowledged)
    with database.reading() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    assert studio.stores.add("Store later", {}) in studio.stores.all()


def test_a_folder_that_is_taken_away_takes_no_answer_and_all_goes_on_once_it_is_back(
    generator, tmp_path
):
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    studio = Studio.open(data, generator, "tiny")
    group = drawn_round(studio, "dress", 2, seed=1)
    ticks = frozenset({group.candidates[0].id})

    data.rename(elsewhere)
    with pytest.raises(StorageError, match=r"no longer there.*--data"):
        studio.select(group.id, ticks)
    data.mkdir()  # another folder in its place is not ours
    with pytest.raises(StorageError, match="no longer there"):
        studio.select(group.id, ticks)
    data.rmdir()
    elsewhere.rename(data)

    assert studio.select(group.id, ticks).selected_ids == ticks
    job = studio.request_round("dress", 1, 2)
    wait_until(lambda: studio.status(job.id).job.state is JobState.DONE)
    studio.stop()


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "disk is full"),
        (errno.EROFS, "read-only.*--data"),
        (errno.EACCES, "read-only.*--data"),
        (errno.ENOENT, "no longer there.*--data"),
        (errno.EIO, "Look after the disk.*--data"),
    ],
)
def test_what_a_disk_refuses_is_told_with_what_helps(number, sentence):
    assert re.search(sentence, str(refusal(OSError(number, os.strerror(number)))))


def test_the_sentence_about_damage_names_the_backup(tmp_path):
    (tmp_path / "studio.db").write_bytes(b"These are no pages of a database. " * 200)

    with pytest.raises(StorageError, match=r"python -m studio\.restore FILE --data FOLDER"):
        Database(tmp_path / "studio.db")
