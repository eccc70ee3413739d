"""Backups: a whole studio in one zip, made while it runs, and put back only as it was.

    backup.json     when it was made, and the SHA-256 of every other file; written last
    studio.db       the database as at one moment
    images/ab/...   the pictures that it names, each called by its own SHA-256

Checkpoints that were taught are not in it: they come of the rounds, and are large.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from studio.domain import BackupError, StorageError
from studio.services.recipe import LARGEST_FILE
from studio.storage.database import Database, copy_database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles

FORMAT = {"format": "perfusion-backup", "version": 1}
_FACTS, _DATABASE = "backup.json", "studio.db"
_PICTURE = re.compile(r"images/([0-9a-f]{2})/(\1[0-9a-f]{62})\.png")
_BLOCK = 2**20
_LONGEST_FACTS = 500 * 2**20


@dataclass(frozen=True)
class Backup:
    """What a backup holds.

    Attributes:
        rounds: in the database, deleted ones that can still come back included.
        pictures: how many files.
        missing: digests of pictures that rows name and no file holds, or holds damaged.
    """

    rounds: int
    pictures: int
    missing: tuple[str, ...] = ()

    def sentence(self) -> str:
        """For people."""
        lost = f" {len(self.missing)} pictures were missing or damaged." if self.missing else ""
        return f"{self.rounds} rounds and {self.pictures} pictures.{lost}"


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
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(8)}.unfinished")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("xb") as file:
            backup = _write(data, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    except OSError as error:
        raise StorageError(
            f"{target} can't be written ({error.strerror}). Free some space there, or choose "
            "another place; the studio itself is untouched."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
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
            for name, digest in digests.items():
                _extract(archive, name, digest, fresh)
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


def _write(data: Path, file: IO[bytes]) -> Backup:
    images, missing = ImageFiles(data / "images"), list[str]()
    with TemporaryDirectory() as folder:
        copied = Path(folder) / _DATABASE
        copy_database(data / _DATABASE, copied)
        with closing(Database(copied)) as database:
            groups = GroupStore(database)
            named, rounds = groups.image_digests(), groups.count()
        digests = dict[str, str]()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            digests[_DATABASE] = _add(archive, _DATABASE, copied)
            for digest in sorted(named):
                path = images.find(digest)
                if path is None or _digest_of(path) != digest:
                    missing.append(digest)
                    continue
                name = f"images/{digest[:2]}/{digest}.png"
                digests[name] = _add(archive, name, path)
            facts = {**FORMAT, "made_at": datetime.now(UTC).isoformat(), "files": digests}
            archive.writestr(_FACTS, json.dumps(facts, indent=0))
    return Backup(rounds, len(digests) - 1, tuple(missing))


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as entry:
        while block := source.read(_BLOCK):
            found.update(block)
            entry.write(block)
    return found.hexdigest()


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _facts(archive: zipfile.ZipFile) -> dict[str, str]:
    """File -> SHA-256, once all names are those that a backup has."""
    info = archive.getinfo(_FACTS)
    if info.file_size > _LONGEST_FACTS:
        raise BackupError("The list of the backup's files is too long to be one.")
    facts: Any = json.loads(archive.read(info))
    if not isinstance(facts, dict) or {key: facts.get(key) for key in FORMAT} != FORMAT:
        raise BackupError("That zip is no backup, or one of another version of the studio.")
    files = facts.get("files")
    if not isinstance(files, dict) or _DATABASE not in files:
        raise BackupError("The backup holds no database, so it is not whole.")
    for name, digest in files.items():
        picture = _PICTURE.fullmatch(name)
        if name != _DATABASE and (picture is None or digest != picture[2]):
            raise BackupError(f"The backup names a file that is none of a studio: {name[:80]!r}.")
    return files


def _extract(archive: zipfile.ZipFile, name: str, digest: str, folder: Path) -> None:
    path, found, left = folder / name, hashlib.sha256(), archive.getinfo(name).file_size
    if name != _DATABASE and left > LARGEST_FILE:
        raise BackupError(f"The backup is not whole: {name} is too large to be a picture.")
    path.parent.mkdir(parents=True, exist_ok=True)
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
        return Backup(groups.count(), len(digests) - 1, tuple(missing))


@contextmanager
def _sentences(source: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise BackupError(f"There is no backup at {source}.") from error
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, RuntimeError) as error:
        raise BackupError(f"{source} is no whole backup. Take another one.") from error
