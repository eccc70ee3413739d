"""Image files on the disk, named after their content."""

import contextlib
import hashlib
import os
import re
from collections.abc import Set
from pathlib import Path

from PIL import Image

from studio.domain import StorageError

_DIGEST = re.compile(r"[0-9a-f]{64}")


class ImageFiles:
    """PNG files under one folder: `ab/abcd....png`, never changed once written."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, made when it is missing.

        Raises:
            StorageError: the folder can't be made.
        """
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"The data folder can't be written ({error.strerror}). Choose another one "
                "with --data."
            ) from error

    def write(self, png: bytes) -> str:
        """Put a file on the disk, for good, before any row names it.

        Returns:
            Its SHA-256, in hexadecimal.

        Raises:
            StorageError: the disk is full or read-only; no file was left behind.
        """
        digest = hashlib.sha256(png).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        unfinished = path.with_suffix(".unfinished")
        try:
            path.parent.mkdir(exist_ok=True)
            with unfinished.open("wb") as file:
                file.write(png)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise StorageError(
                f"The image could not be saved ({error.strerror}). Free some space in the data "
                "folder, then try again; nothing saved was lost."
            ) from error
        return digest

    def find(self, digest: str) -> Path | None:
        """The file with this content; None when there is none or the name is not a digest."""
        if not _DIGEST.fullmatch(digest):
            return None
        path = self._path(digest)
        return path if path.is_file() else None

    def load(self, digest: str) -> Image.Image:
        """The picture with this digest.

        Raises:
            StorageError: its file is missing or damaged.
        """
        path = self.find(digest)
        try:
            if path is not None:
                with Image.open(path, formats=["PNG"]) as image:
                    return image.convert("RGB")
        except (OSError, SyntaxError) as error:
            raise StorageError("An image in the data folder is damaged. Choose another.") from error
        raise StorageError("An image is no longer in the data folder. Choose another.")

    def sweep(self, known: Set[str]) -> int:
        """Delete files that no row names: a crash came between the file and its row.

        They take space and do no other harm, so one that can't be deleted stays.

        Returns:
            How many were deleted.
        """
        strays = [
            path
            for path in self._folder.glob("*/*")
            if path.suffix == ".unfinished" or path.stem not in known
        ]
        return sum(map(_delete, strays))

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / f"{digest}.png"


def _delete(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
