import errno
import hashlib
import os
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from studio.domain import StorageError
from studio.storage.image_files import ImageFiles

TODAY = date(2026, 11, 29)
WEEK_AGO = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def images(tmp_path) -> ImageFiles:
    return ImageFiles(tmp_path / "images")


def test_a_file_is_named_after_its_content(images):
    digest = images.write(b"picture")

    assert digest == hashlib.sha256(b"picture").hexdigest()
    assert images.find(digest).read_bytes() == b"picture"


def test_the_same_content_is_one_file(images, tmp_path):
    images.write(b"picture")
    images.write(b"picture")

    assert len(list(tmp_path.rglob("*.png"))) == 1


@pytest.mark.parametrize("name", ["", "abc", "../studio", "g" * 64, "A" * 64, "a" * 64 + "\n"])
def test_what_is_no_digest_is_not_found(images, name):
    assert images.find(name) is None


def test_a_digest_without_a_file_is_not_found(images):
    assert images.find("0" * 64) is None


def test_a_picture_is_loaded_as_it_was_written(images):
    file = BytesIO()
    Image.new("RGB", (3, 5), "red").save(file, format="PNG")

    picture = images.load(images.write(file.getvalue()))

    assert (picture.size, picture.mode) == ((3, 5), "RGB")


def test_a_missing_or_damaged_picture_is_told_in_a_sentence(images):
    with pytest.raises(StorageError, match="no longer"):
        images.load("0" * 64)
    with pytest.raises(StorageError, match="damaged"):
        images.load(images.write(b"no picture"))


def aged(path: Path) -> Path:
    os.utime(path, (0, 0))
    return path


def test_leftovers_are_moved_and_come_back_when_they_are_asked_for(images, tmp_path):
    digest = images.write(b"left over")
    place = aged(images.find(digest))
    half = aged_half(place, f"{digest}.{'0' * 16}.unfinished")

    assert images.set_aside(digest, WEEK_AGO, TODAY) == 2
    aside = tmp_path / "set-aside" / "2026-11-29"
    assert {path.name for path in aside.iterdir()} == {place.name, half.name}
    assert not place.exists()

    assert images.find(digest) == place
    assert place.read_bytes() == b"left over"
    assert [path.name for path in aside.iterdir()] == [half.name]


def aged_half(place: Path, name: str) -> Path:
    half = place.with_name(name)
    half.write_bytes(b"half")
    return aged(half)


def test_what_was_written_lately_stays(images, tmp_path):
    digest = images.write(b"new")

    assert images.set_aside(digest, WEEK_AGO, TODAY) == 0
    assert len(images.leftovers(digest)) == 1
    assert not (tmp_path / "set-aside").exists()


def test_only_regular_files_of_exactly_our_shape_are_leftovers(images, tmp_path):
    digest = images.write(b"left over")
    place = aged(images.find(digest))
    for name in (f"{digest}.jpg", f"{digest}.png.bak", f"{digest}.notes.unfinished"):
        aged_half(place, name)
    linked, folder = "ab" + "1" * 62, "ab" + "2" * 62
    (tmp_path / "images" / "ab").mkdir(exist_ok=True)
    (tmp_path / "images" / "ab" / f"{linked}.png").symlink_to(place)
    (tmp_path / "images" / "ab" / f"{folder}.png").mkdir()
    elsewhere = tmp_path / "images" / "zz"
    elsewhere.mkdir()
    aged_half(elsewhere / "any", f"{'c' * 64}.png")

    assert images.leftovers(digest) == (place,)
    for other in (linked, folder, "c" * 64, "../studio", ""):
        assert images.leftovers(other) == ()
        assert images.set_aside(other, WEEK_AGO, TODAY) == 0


def test_a_folder_that_is_a_link_is_not_ours(images, tmp_path):
    digest = images.write(b"left over")
    place = aged(images.find(digest))
    place.parent.rename(tmp_path / "moved")
    place.parent.symlink_to(tmp_path / "moved")

    assert images.set_aside(digest, WEEK_AGO, TODAY) == 0
    assert images.find(digest).read_bytes() == b"left over"


def test_setting_aside_writes_over_nothing(images, tmp_path):
    digest = images.write(b"left over")
    place = aged(images.find(digest))
    taken = tmp_path / "set-aside" / "2026-11-29" / place.name
    taken.parent.mkdir(parents=True)
    taken.write_bytes(b"another")

    assert images.set_aside(digest, WEEK_AGO, TODAY) == 0
    assert (taken.read_bytes(), place.read_bytes()) == (b"another", b"left over")


def test_where_nothing_can_be_put_leftovers_stay(images, tmp_path):
    digest = images.write(b"left over")
    aged(images.find(digest))
    (tmp_path / "set-aside").write_text("a file is in the way")

    assert images.set_aside(digest, WEEK_AGO, TODAY) == 0
    assert images.find(digest).read_bytes() == b"left over"


def test_putting_back_writes_over_nothing(images, tmp_path):
    digest = images.write(b"left over")
    place = aged(images.find(digest))
    images.set_aside(digest, WEEK_AGO, TODAY)
    place.mkdir()

    assert images.find(digest).read_bytes() == b"left over"
    assert place.is_dir()


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageError, match="--data"):
        ImageFiles(tmp_path / "file" / "images")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_told_in_a_sentence(images, tmp_path):
    (tmp_path / "images").chmod(0o500)

    with pytest.raises(StorageError, match="could not be saved"):
        images.write(b"picture")


def test_a_disk_that_refuses_leaves_no_file_behind(images, tmp_path):
    digest = hashlib.sha256(b"picture").hexdigest()
    (tmp_path / "images" / digest[:2]).write_text("a file where the folder should be")

    with pytest.raises(StorageError, match="could not be saved"):
        images.write(b"picture")

    assert not list(tmp_path.rglob("*.unfinished"))


def test_a_write_that_fails_leaves_another_writers_file_alone(images, tmp_path, monkeypatch):
    digest = hashlib.sha256(b"picture").hexdigest()
    folder = tmp_path / "images" / digest[:2]
    folder.mkdir()
    others = [folder / f"{digest}.unfinished", folder / f"{digest}.{'f' * 16}.unfinished"]
    for other in others:
        other.write_bytes(b"half")

    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StorageError, match="could not be saved"):
        images.write(b"picture")

    assert sorted(folder.iterdir()) == sorted(others)
