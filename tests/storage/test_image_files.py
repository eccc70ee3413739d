import hashlib
import os
from io import BytesIO

import pytest
from PIL import Image

from studio.domain import StorageError
from studio.storage.image_files import ImageFiles


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


def test_sweeping_deletes_only_what_no_row_names(images, tmp_path):
    kept, stray = images.write(b"kept"), images.write(b"stray")
    unfinished = images.find(kept).with_suffix(".unfinished")
    unfinished.write_bytes(b"half")

    assert images.sweep({kept}) == 2
    assert images.find(kept) is not None
    assert images.find(stray) is None
    assert not unfinished.exists()


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
