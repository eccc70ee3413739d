"""Image files on the disk, named after their content."""

import contextlib
import hashlib
import os
import re
import secrets
import stat
from datetime import date, datetime
from pathlib import Path

from PIL import Image

from studio.domain import ImageFileError
from studio.storage.disk import refusal

_DIGEST = re.compile(r"[0-9a-f]{64}")

MOST_PIXELS = 40_000_000
"""In one picture: more than any that the studio draws or takes in."""

SET_ASIDE = "set-aside"
"""The folder beside that of the images where leftovers go; nothing of ours is ever deleted."""


def digest_of(png: bytes) -> str:
    """What a file with this content is called: its SHA-256, in hexadecimal."""
    return hashlib.sha256(png).hexdigest()


def is_digest(text: str) -> bool:
    """Whether that can be a picture's name: a SHA-256 in hexadecimal."""
    return _DIGEST.fullmatch(text) is not None


class ImageFiles:
    """PNG files under one folder: `ab/abcd....png`, never changed once written.

    Nothing here deletes a picture or looks through the folder: people keep their own files where
    they like, and another database may know pictures that this one has never heard of.
    """

    def __init__(self, folder: Path) -> None:
        """Use `folder`, made when it is missing.

        Raises:
            StorageError: the folder can't be made.
        """
        self.folder = folder
        self._set_aside = folder.with_name(SET_ASIDE)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise refusal(error, "The images have no place.") from error

    def write(self, png: bytes) -> str:
        """Put a file on the disk, for good, before any row names it.

        Returns:
            Its SHA-256, in hexadecimal.

        Raises:
            StorageError: the disk is full or read-only; no file was left behind.
        """
        digest = digest_of(png)
        path = self._path(digest)
        if path.exists():
            return digest
        unfinished = path.with_name(f"{digest}.{secrets.token_hex(8)}.unfinished")
        try:
            path.parent.mkdir(exist_ok=True)
            with unfinished.open("xb") as file:
                file.write(png)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise refusal(error, "The image could not be saved.") from error
        return digest

    def find(self, digest: str) -> Path | None:
        """The file with this content; None when there is none or the name is not a digest.

        One that was set aside is put back: whoever asks for it knows better.
        """
        if not is_digest(digest):
            return None
        path = self._path(digest)
        return path if path.is_file() else self._put_back(path)

    def is_there(self, digest: str) -> bool:
        """Whether there is a file with this content, whoever's it is."""
        return ImageFiles.find(self, digest) is not None

    def load(self, digest: str) -> Image.Image:
        """The picture with this digest.

        Raises:
            ImageFileError: its file is missing or damaged.
        """
        path = self.find(digest)
        try:
            if path is not None:
                with Image.open(path, formats=["PNG"]) as image:
                    if image.width * image.height > MOST_PIXELS:
                        raise ImageFileError(
                            "An image in the data folder is too large to be shown."
                        )
                    return image.convert("RGB")
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise ImageFileError(
                "An image in the data folder is damaged. Choose another."
            ) from error
        raise ImageFileError("An image is no longer in the data folder. Choose another.")

    def leftovers(self, digest: str) -> tuple[Path, ...]:
        """The picture's file and half-written ones, as far as `write` can have made them.

        That is: regular files at exactly the place and with exactly the names that it gives.
        """
        if not is_digest(digest):
            return ()
        folder = self._path(digest).parent
        shape = re.compile(rf"{digest}(\.png|(\.[0-9a-f]{{16}})?\.unfinished)")
        if folder.is_symlink():
            return ()
        found = sorted(folder.glob(f"{digest}.*"))
        return tuple(path for path in found if shape.fullmatch(path.name) and _is_regular(path))

    def set_aside(self, digest: str, written_before: datetime, day: date) -> int:
        """Move a picture's leftovers out of the way, into a folder named after the day.

        What was written later stays, and so does what can't be moved, or would take the place of
        another file: it takes space and does no other harm.

        Returns:
            How many files were moved.
        """
        moved = 0
        for path in self.leftovers(digest):
            target = self.set_aside_folder(day) / path.name
            with contextlib.suppress(OSError):
                if path.stat().st_mtime >= written_before.timestamp() or os.path.lexists(target):
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                path.rename(target)
                moved += 1
        return moved

    def set_aside_folder(self, day: date) -> Path:
        """Where `set_aside` puts what it moves on a day."""
        return self._set_aside / day.isoformat()

    def _put_back(self, path: Path) -> Path | None:
        for aside in sorted(self._set_aside.glob(f"*/{path.name}")):
            if not _is_regular(aside):
                continue
            if os.path.lexists(path):  # a folder, or a link to nowhere: whose, nobody knows
                return aside
            try:
                path.parent.mkdir(exist_ok=True)
                aside.rename(path)
            except OSError:  # a read-only folder: it is as good where it lies
                return next((place for place in (path, aside) if place.is_file()), None)
            return path
        return path if path.is_file() else None  # another thread was quicker

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / f"{digest}.png"


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
