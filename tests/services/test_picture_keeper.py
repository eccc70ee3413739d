"""No start costs anybody a file, whatever the database has become."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studio.domain import StorageError
from studio.perfusion.generator import Generator
from studio.services.history import DAYS_OF_WORK
from studio.services.picture_keeper import LEFT_ALONE, PictureKeeper
from studio.services.studio import Studio
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles
from studio.storage.loose_images import LooseImageStore
from tests.services.leftovers import let_leftovers_age, loose, names_set_aside
from tests.serving import drawn_round

NOW = datetime.now(UTC)
YEARS = timedelta(days=3652)


def started(data: Path, generator: Generator, times: int = 1) -> None:
    """Open, start and close a studio."""
    for _ in range(times):
        studio = Studio.open(data, generator, "tiny")
        studio.start()
        studio.stop()


def everything_in(folder: Path) -> dict[str, bytes | str]:
    """Path -> what is there: content, or where a link leads."""
    return {
        path.relative_to(folder).as_posix(): (
            os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else ""
        )
        for path in folder.rglob("*")
    }


@pytest.fixture
def data(generator, tmp_path) -> Path:
    """A data folder with a round of two pictures."""
    studio = Studio.open(tmp_path / "data", generator, "tiny")
    drawn_round(studio, "dress, red", 2, seed=1)
    studio.stop()
    return tmp_path / "data"


def pictures_of(data: Path, generator: Generator) -> list[Path]:
    """The files of all pictures that rounds name; one that is missing fails the test."""
    studio = Studio.open(data, generator, "tiny")
    digests = [each.image for group in studio.history.find() for each in group.candidates]
    found = [studio.images.find(digest) for digest in digests]
    studio.stop()
    assert None not in found
    return [path for path in found if path is not None]


# --- Files of other people -------------------------------------------------------------------


def test_files_that_the_studio_does_not_know_outlive_twenty_starts(data, generator):
    images, digest = data / "images", "ab" + "0" * 62
    for name in (
        "ab/photo.jpg",
        "Holiday/1.png",
        "notes.unfinished",
        f"ab/{digest}.png",
        f"ab/{'b' * 64}.unfinished",
        f"Holiday/{digest}.png",
        f"ab/deeper/{digest}.png",
        "ab/.hidden",
    ):
        (images / name).parent.mkdir(parents=True, exist_ok=True)
        (images / name).write_bytes(name.encode())
    (images / "ab" / f"ab{'1' * 62}.png").symlink_to(images / "ab" / "photo.jpg")
    (images / "ab" / "nowhere.png").symlink_to("gone")
    (images / "ab" / f"ab{'2' * 62}.png").mkdir()
    let_leftovers_age(data)
    before = everything_in(images)

    started(data, generator, times=20)

    assert everything_in(images) == before
    assert not (data / "set-aside").exists()


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_what_took_the_place_of_a_leftover_stays(data, generator, kind, tmp_path):
    (tmp_path / "photo.png").write_bytes(b"a holiday")
    place = data / "images" / "ab" / f"ab{'0' * 62}.png"
    place.parent.mkdir(exist_ok=True)
    if kind == "link":
        place.symlink_to(tmp_path / "photo.png")
    else:
        place.mkdir()
    note(data, place.stem, NOW)
    let_leftovers_age(data)
    before = everything_in(data / "images")

    started(data, generator)

    assert everything_in(data / "images") == before
    assert (tmp_path / "photo.png").read_bytes() == b"a holiday"


def note(data: Path, digest: str, since: datetime) -> None:
    database = Database(data / "studio.db")
    LooseImageStore(database).enter([digest], since)
    database.close()


# --- Another database ------------------------------------------------------------------------


def deleted(data: Path, generator: Generator) -> None:
    (data / "studio.db").unlink()


def emptied(data: Path, generator: Generator) -> None:
    (data / "studio.db").write_bytes(b"")


def older(data: Path, generator: Generator) -> None:
    shutil.copy2(data / "older.db", data / "studio.db")


def foreign(data: Path, generator: Generator) -> None:
    """The database of a studio that has a leftover of its own."""
    other = data.with_name("other")
    studio = Studio.open(other, generator, "tiny")
    drawn_round(studio, "skirt", 1, seed=9)
    studio.references.read(studio.designs.png(1)[1] + b"changed")
    studio.stop()
    assert loose(other)
    shutil.copy2(other / "studio.db", data / "studio.db")


@pytest.mark.parametrize("harm", [deleted, emptied, older, foreign])
def test_another_database_costs_no_picture(
    data, generator, harm: Callable[[Path, Generator], None]
):
    shutil.copy2(data / "studio.db", data / "older.db")
    studio = Studio.open(data, generator, "tiny")
    drawn_round(studio, "skirt, navy", 3, seed=5)
    studio.stop()
    shutil.copy2(data / "studio.db", data / "right.db")
    before = everything_in(data / "images")

    harm(data, generator)
    started(data, generator, times=3)
    let_leftovers_age(data)
    started(data, generator, times=3)
    assert everything_in(data / "images") == before

    shutil.copy2(data / "right.db", data / "studio.db")
    assert len(pictures_of(data, generator)) == 5


def test_the_advice_about_a_damaged_database_is_safe_to_follow(data, generator):
    whole = (data / "studio.db").read_bytes()
    before = everything_in(data / "images")
    (data / "studio.db").write_bytes(b"These are no pages of a database. " * 200)
    with pytest.raises(StorageError, match=r"studio\.db-wal.*pictures stay"):
        Studio.open(data, generator, "tiny")

    (data / "moved").mkdir()
    for path in data.glob("studio.db*"):
        path.rename(data / "moved" / path.name)
    let_leftovers_age_of_files(data)
    started(data, generator, times=2)
    assert everything_in(data / "images") == before

    (data / "studio.db").write_bytes(whole)
    assert len(pictures_of(data, generator)) == 2


def let_leftovers_age_of_files(data: Path) -> None:
    for path in (data / "images").rglob("*"):
        os.utime(path, (10**9, 10**9))


def test_a_picture_that_a_wrong_database_set_aside_comes_back_with_the_right_one(data, generator):
    (first, _) = pictures_of(data, generator)
    shutil.copy2(data / "studio.db", data / "right.db")
    deleted(data, generator)
    started(data, generator)
    note(data, first.stem, NOW)
    let_leftovers_age(data)
    started(data, generator)
    assert names_set_aside(data) == [first.name]

    shutil.copy2(data / "right.db", data / "studio.db")

    assert len(pictures_of(data, generator)) == 2
    assert names_set_aside(data) == []


# --- Leftovers of our own --------------------------------------------------------------------


def test_a_crash_between_file_and_row_leaves_a_note_and_its_file_is_moved_when_old(
    data, generator, monkeypatch, caplog
):
    studio = Studio.open(data, generator, "tiny")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(GroupStore, "add", crash)
    studio.request_round("skirt", 2, seed=7)
    with pytest.raises(KeyboardInterrupt):
        studio._queue.run_next()
    studio.stop()
    monkeypatch.undo()
    left = loose(data)
    assert len(left) == 2
    database = Database(data / "studio.db")
    with database.transaction() as connection:
        connection.execute("UPDATE jobs SET state = 'cancelled' WHERE state != 'done'")
    database.close()

    started(data, generator)
    assert loose(data) == left
    assert names_set_aside(data) == []

    let_leftovers_age(data)
    started(data, generator, times=2)
    assert names_set_aside(data) == sorted(f"{digest}.png" for digest in left)
    assert loose(data) == set()
    (line,) = caplog.messages
    assert line.startswith("2 picture files")
    assert "set-aside" in line
    assert len(pictures_of(data, generator)) == 2


def test_a_round_that_is_there_leaves_no_note(data):
    assert loose(data) == set()


def test_a_file_that_was_there_before_is_never_noted(database, images):
    mine = images.write(b"already there")

    assert PictureKeeper(database, images).keep([b"already there"]) == (mine,)
    assert LooseImageStore(database).entered_before(NOW + YEARS) == ()


def test_what_a_round_names_stays_whatever_the_note_says(data, generator):
    (first, _) = pictures_of(data, generator)
    note(data, first.stem, NOW)
    let_leftovers_age(data)

    started(data, generator)

    assert first.is_file()


def test_pictures_of_purged_rounds_are_moved_but_for_those_that_others_name(data, generator):
    studio = Studio.open(data, generator, "tiny")
    (kept,) = studio.history.find()
    gone = drawn_round(studio, "skirt, navy", 2, seed=5)
    again = drawn_round(studio, "dress, red", 2, seed=1)
    assert {one.image for one in again.candidates} == {one.image for one in kept.candidates}
    studio.stop()
    database = Database(data / "studio.db")
    for group in (gone, again):
        GroupStore(database).delete(group.id, NOW - timedelta(days=31))
    with database.transaction() as connection:  # days with work, or the clock may be wrong
        for day in range(DAYS_OF_WORK):
            connection.execute(
                "INSERT INTO jobs (request, state, made_at) "
                "SELECT request, 'cancelled', ? FROM jobs LIMIT 1",
                ((NOW - timedelta(days=day + 1)).isoformat(),),
            )
    database.close()
    purged = {each.image for each in gone.candidates}

    started(data, generator)
    assert loose(data) == purged
    assert names_set_aside(data) == []

    let_leftovers_age(data)
    started(data, generator)
    assert names_set_aside(data) == sorted(f"{digest}.png" for digest in purged)
    assert len(pictures_of(data, generator)) == 2


def test_a_note_without_a_file_is_forgotten_when_it_is_old(data, generator):
    note(data, "a" * 64, NOW)
    started(data, generator)
    assert loose(data) == {"a" * 64}

    let_leftovers_age(data)
    started(data, generator)
    assert loose(data) == set()


# --- Clocks ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("noted", "written", "moved"),
    [
        (-LEFT_ALONE * 2, -LEFT_ALONE * 2, 1),
        (-LEFT_ALONE / 2, -LEFT_ALONE * 2, 0),
        (-LEFT_ALONE * 2, -LEFT_ALONE / 2, 0),
        (YEARS, YEARS, 0),  # by a clock that was ahead
        (YEARS, -LEFT_ALONE * 2, 0),
        (-YEARS, timedelta(), 0),  # by a clock that was behind
        (-LEFT_ALONE * 2, YEARS, 0),
    ],
)
def test_note_and_file_must_both_be_old(database, images, noted, written, moved):
    digest = images.write(b"left over")
    LooseImageStore(database).enter([digest], NOW + noted)
    seconds = (NOW + written).timestamp()
    os.utime(images.find(digest), (seconds, seconds))

    assert PictureKeeper(database, images).set_leftovers_aside(NOW) == moved


def test_a_clock_that_is_years_ahead_and_comes_back_costs_no_picture(data, generator):
    (data / "images" / "ab").mkdir(exist_ok=True)
    (data / "images" / "ab" / f"ab{'0' * 62}.png").write_bytes(b"unknown")
    before = everything_in(data / "images")
    database, images = Database(data / "studio.db"), ImageFiles(data / "images")
    keeper = PictureKeeper(database, images)
    (fresh,) = keeper.keep([b"brought along just now"])

    for now in (NOW + YEARS, NOW, NOW - YEARS, NOW + YEARS):
        keeper.set_leftovers_aside(now)
    found = images.find(fresh)
    assert found is not None
    assert found.read_bytes() == b"brought along just now"
    database.close()

    after = everything_in(data / "images")
    assert {name: after[name] for name in before} == before
    assert len(pictures_of(data, generator)) == 2
