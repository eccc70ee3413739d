"""Backups: a whole studio in one zip, made while it runs, and put back only as it was.

    backup.json         when it was made, and the SHA-256 of every other file; written last
    studio.db           the database as at one moment
    images/ab/...       the pictures that it names, each called by its own SHA-256
    trainings/...       the checkpoints that were taught, with what came of their trainings
    checkpoint.json     which of the checkpoints is in service

Taught checkpoints have most files in common; a file is in the zip once, under the first name that
has its digest.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from studio.domain import BackupError, StorageError
from studio.perfusion.whole_folders import is_part
from studio.services.in_service import CHOICE
from studio.services.recipe import LARGEST_FILE
from studio.services.teaching import OUTCOME, taught
from studio.storage.database import Database, copy_database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles

FORMAT = {"format": "perfusion-backup", "version": 2}
_VERSIONS = (1, 2)
"""Those that can be put back; the first had no checkpoints."""
_FACTS, _DATABASE = "backup.json", "studio.db"
_PICTURE = re.compile(r"images/([0-9a-f]{2})/(\1[0-9a-f]{62})\.png")
_PART = re.compile(
    r"trainings/checkpoints/taught-[1-9][0-9]{0,8}(/[\w-][\w.-]{0,99}){1,4}", re.ASCII
)
_ENDED = re.compile(r"trainings/[0-9]{4,9}/outcome\.json")
_UNFINISHED = re.compile(r"\..+\.zip\.[0-9a-f]{16}\.(unfinished|database(-wal|-shm|-journal)?)")
_ABANDONED_S = 24 * 3600.0
"""A half backup that nobody has written to for so long comes of a process that was killed."""
_LARGEST_PART = 64 * 2**30
_BLOCK = 2**20
_LONGEST_FACTS = 500 * 2**20


@dataclass(frozen=True)
class Backup:
    """What a backup holds.

    Attributes:
        rounds: in the database, deleted ones that can still come back included.
        pictures: how many files.
        missing: digests of pictures that rows name and no file holds, or holds damaged.
        taught: how many checkpoints that were taught.
    """

    rounds: int
    pictures: int
    missing: tuple[str, ...] = ()
    taught: int = 0

    def sentence(self) -> str:
        """For people."""
        lost = f" {len(self.missing)} pictures were missing or damaged." if self.missing else ""
        taught = f", and {self.taught} taught checkpoints" if self.taught else ""
        return f"{self.rounds} rounds and {self.pictures} pictures{taught}.{lost}"


def write_backup(data: Path, target: Path) -> Backup:
    """Copy a data folder into a new zip file; a studio may be working in it meanwhile.

    The database is copied as at one moment, then the pictures that it names: pictures are
    written before their rows and never changed, so all of them are there.

    Raises:
        BackupError: there is no studio, or the target is there already.
        StorageError: the folder can't be read, or the disk is full; no half backup is left.
    """
    if not (data / _DATABASE).is_file():
        raise BackupError(f"There is no studio in {data}. Say where it is with --data.")
    if os.path.lexists(target):
        raise BackupError(f"{target} is there already. Choose another name, or move it away.")
    begun = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    unfinished, copied = Path(f"{begun}.unfinished"), Path(f"{begun}.database")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(target.parent)
        with unfinished.open("xb") as file:
            backup = _write(data, copied, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    except OSError as error:
        raise StorageError(
            f"{target} can't be written ({error.strerror}). Free some space there, or choose "
            "another place; the studio itself is untouched."
        ) from error
    finally:
        for path in (unfinished, copied, Path(f"{copied}-wal"), Path(f"{copied}-shm")):
            path.unlink(missing_ok=True)  # of names that nobody else has
    return backup


def restore_backup(source: Path, data: Path) -> Backup:
    """Put a backup into a new data folder, once every file of it is what it was.

    Args:
        source: what `write_backup` made.
        data: a folder that is not there yet, or empty.

    Raises:
        BackupError: that is no whole backup, or the folder holds something.
        StorageError: the folder can't be written, or the database in the backup can't be opened.
    """
    if data.is_symlink() or (data.exists() and not (data.is_dir() and not any(data.iterdir()))):
        raise BackupError(f"{data} is not empty. Choose a new folder with --data.")
    fresh = data.with_name(f".{data.name}.{secrets.token_hex(8)}.unfinished")
    try:
        fresh.mkdir(parents=True)
        with _sentences(source), zipfile.ZipFile(source) as archive:
            digests = _facts(archive)
            _extract(archive, digests, fresh)
        backup = _opened(fresh, digests)
        if data.exists():
            data.rmdir()
        fresh.rename(data)
    except OSError as error:
        raise StorageError(
            f"{data} can't be written ({error.strerror}). Free some space there, or choose another "
            "folder with --data."
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)  # of a name that nobody else has
    return backup


def _write(data: Path, copied: Path, file: IO[bytes]) -> Backup:
    images, missing = ImageFiles(data / "images"), list[str]()
    copy_database(data / _DATABASE, copied)
    with closing(Database(copied)) as database:
        groups = GroupStore(database)
        named, rounds = groups.image_digests(), groups.count()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        pack = _Pack(archive)
        pack.add(_DATABASE, copied)
        for digest in sorted(named):
            path = images.find(digest)
            if path is None or _digest_of(path) != digest:
                missing.append(digest)
            else:
                pack.add(f"images/{digest[:2]}/{digest}.png", path)
        checkpoints = taught(data / "trainings")
        for path in _files_of(data, checkpoints):
            pack.add_once(path.relative_to(data).as_posix(), path)
        facts = {**FORMAT, "made_at": datetime.now(UTC).isoformat(), "files": pack.digests}
        archive.writestr(_FACTS, json.dumps(facts, indent=0))
    return Backup(rounds, len(named) - len(missing), tuple(missing), len(checkpoints))


def _files_of(data: Path, checkpoints: dict[Path, Path]) -> Iterator[Path]:
    """The files of taught checkpoints, and which checkpoint is in service."""
    for training, checkpoint in checkpoints.items():
        yield training / OUTCOME
        for path in sorted(checkpoint.rglob("*")):
            name = path.relative_to(data).as_posix()
            if path.is_file() and not path.is_symlink() and _is_ours(name):
                yield path
    if (data / CHOICE).is_file():
        yield data / CHOICE


class _Pack:
    """Puts files into a zip, each content once, and knows their digests by name."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.digests = dict[str, str]()
        self._archive = archive

    def add_once(self, name: str, path: Path) -> None:
        """Add a file unless its content is there already; that it is then known for, too."""
        digest = _digest_of(path)
        if digest in self.digests.values():
            self.digests[name] = digest
        else:
            self.add(name, path)

    def add(self, name: str, path: Path) -> None:
        """Add a file."""
        found = hashlib.sha256()
        with path.open("rb") as source, self._archive.open(name, "w", force_zip64=True) as entry:
            while block := source.read(_BLOCK):
                found.update(block)
                entry.write(block)
        self.digests[name] = found.hexdigest()


def _remove_abandoned(folder: Path) -> None:
    """Take away what backups left here whose process was killed: by our own names, and old."""
    for path in folder.iterdir():
        if not _UNFINISHED.fullmatch(path.name) or path.is_symlink() or not path.is_file():
            continue
        with suppress(OSError):  # it takes space and does no other harm
            if path.stat().st_mtime < time.time() - _ABANDONED_S:
                path.unlink()


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _facts(archive: zipfile.ZipFile) -> dict[str, str]:
    """File -> SHA-256, once all names are those that a backup has."""
    info = archive.getinfo(_FACTS)
    if info.file_size > _LONGEST_FACTS:
        raise BackupError("The list of the backup's files is too long to be one.")
    facts: Any = json.loads(archive.read(info))
    if (
        not isinstance(facts, dict)
        or facts.get("format") != FORMAT["format"]
        or facts.get("version") not in _VERSIONS
    ):
        raise BackupError("That zip is no backup, or one of another version of the studio.")
    files = facts.get("files")
    if not isinstance(files, dict) or _DATABASE not in files:
        raise BackupError("The backup holds no database, so it is not whole.")
    for name, digest in files.items():
        picture = _PICTURE.fullmatch(name)
        is_right = digest == picture[2] if picture else name == _DATABASE or _is_ours(name)
        if not is_right:
            raise BackupError(f"The backup names a file that is none of a studio: {name[:80]!r}.")
    return files


def _is_ours(name: str) -> bool:
    """Whether a file has a name that teaching gives: of a checkpoint's parts, or of what came."""
    is_checkpoints = _PART.fullmatch(name) is not None and is_part(name.rpartition("/")[2])
    return is_checkpoints or name == CHOICE or _ENDED.fullmatch(name) is not None


def _extract(archive: zipfile.ZipFile, digests: Mapping[str, str], folder: Path) -> None:
    """Write all files; one whose content another has already is a copy of that."""
    here = dict[str, Path]()
    for name, digest in digests.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if digest in here:
            shutil.copyfile(here[digest], path)
        else:
            _extract_one(archive, name, digest, path)
            here[digest] = path


def _extract_one(archive: zipfile.ZipFile, name: str, digest: str, path: Path) -> None:
    found, left = hashlib.sha256(), archive.getinfo(name).file_size
    if left > (LARGEST_FILE if _PICTURE.fullmatch(name) else _LARGEST_PART):
        raise BackupError(f"The backup is not whole: {name} is too large to be what it says.")
    with archive.open(name) as entry, path.open("xb") as file:
        while block := entry.read(_BLOCK):
            left -= len(block)
            if left < 0:
                break
            found.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    if found.hexdigest() != digest:
        raise BackupError(f"The backup is not whole: {name} is not what it was. Take another one.")


def _opened(folder: Path, digests: dict[str, str]) -> Backup:
    """What the restored folder holds, once its database was opened and looked through."""
    images = ImageFiles(folder / "images")
    with closing(Database(folder / _DATABASE)) as database:
        database.check()
        groups = GroupStore(database)
        missing = sorted(each for each in groups.image_digests() if images.find(each) is None)
        pictures = sum(_PICTURE.fullmatch(name) is not None for name in digests)
        return Backup(groups.count(), pictures, tuple(missing), len(taught(folder / "trainings")))


@contextmanager
def _sentences(source: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise BackupError(f"There is no backup at {source}.") from error
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, RuntimeError) as error:
        raise BackupError(f"{source} is no whole backup. Take another one.") from error
