"""The studio's one SQLite database: durable, with one writer at a time."""

import copy
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from studio.domain import (
    EVERYBODY,
    DatabaseDamagedError,
    DatabaseLockedError,
    DiskError,
    DiskFullError,
    FolderGoneError,
    ReadOnlyError,
    StorageError,
    Visitor,
)
from studio.storage.disk import FULL, GONE, READ_ONLY
from studio.storage.folder_lock import FolderLock
from studio.storage.migrations import MIGRATIONS

IN_MEMORY = Path(":memory:")

_MOVE_AWAY = (
    "Close the studio and move studio.db, studio.db-wal and studio.db-shm out of the data folder "
    "together, deleting none of them. Then put the newest backup into a new folder (`python -m "
    "studio.restore FILE --data FOLDER`), or start without its rounds. The pictures stay where "
    "they are; leave them there, and the right database finds them again."
)
"""The log goes with its file: it may hold the newest rounds, and would damage another file."""

_WHAT_TO_DO: Mapping[str, tuple[type[StorageError], str]] = {
    "SQLITE_FULL": (DiskFullError, FULL),
    "SQLITE_READONLY": (ReadOnlyError, READ_ONLY),
    "SQLITE_IOERR": (
        DiskError,
        "The data folder can't be read or written. Look after the disk, or start with another "
        "folder (--data).",
    ),
    "SQLITE_CANTOPEN": (
        ReadOnlyError,
        "The data folder can't be written. Choose another one with --data.",
    ),
    "SQLITE_BUSY": (
        DatabaseLockedError,
        "The database is locked by another program. Close it, then try again.",
    ),
    "SQLITE_NOTADB": (
        DatabaseDamagedError,
        f"The database file is not a database. {_MOVE_AWAY}",
    ),
    "SQLITE_CORRUPT": (DatabaseDamagedError, f"The database file is damaged. {_MOVE_AWAY}"),
}


class Database:
    """One connection shared by the window's threads and the worker, behind one lock.

    WAL lets a second program read while the studio writes; `synchronous=FULL` means that
    what was acknowledged survives a power cut.

    It is opened for a studio without a login; `of` gives the same database for one visitor, and
    stores that are built on that read and write nothing of other workspaces.
    """

    def __init__(self, path: Path, wait_s: float = 5.0, alone: bool = False) -> None:
        """Open (or make) the database at `path` and bring it to the newest version.

        Args:
            path: the file; its folder must be there.
            wait_s: how long a write waits for another program's.
            alone: refuse while another program has it open so; see `FolderLock`.

        Raises:
            StorageError: the file can't be opened, is damaged, is from a newer studio, or another
                program works with it.
        """
        self._lock = threading.RLock()
        self._path = path
        self._file: tuple[int, int] | None = None  # what it was when it was opened
        self._visitor = EVERYBODY
        with _sentences(), ExitStack() as opened:
            if alone:
                opened.callback(FolderLock(path.with_suffix(".lock")).release)
            self._connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=wait_s
            )
            opened.callback(self._connection.close)
            self._connection.row_factory = sqlite3.Row
            self._connection.text_factory = _text
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._migrate()
            self._connection.execute("PRAGMA foreign_keys = ON")  # a migration may make tables anew
            self._opened = opened.pop_all()
        self._file = _identity(path)

    def of(self, visitor: Visitor) -> "Database":
        """The same database as one visitor may use it: their workspace, and by their role."""
        theirs = copy.copy(self)
        theirs._visitor = visitor
        return theirs

    @property
    def workspace_id(self) -> int:
        """Whose rows are read and written."""
        return self._visitor.workspace_id

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write: commits at the end, rolls back on any exception.

        Inside another transaction of the same thread it is a part of that one.

        Raises:
            ForbiddenError: who asks may only look; whoever writes anything comes by here.
            StorageError: the disk is full, read-only or locked; nothing was changed.
        """
        self._visitor.check_may_write()
        with self._lock, _sentences():
            if self._connection.in_transaction:
                yield self._connection
                return
            self._check_place()
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A read that no other thread of this process writes into."""
        with self._lock, _sentences():
            yield self._connection

    def check(self) -> None:
        """Look through the whole file.

        Raises:
            StorageError: it is damaged.
        """
        with self.reading() as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            kind, sentence = _WHAT_TO_DO["SQLITE_CORRUPT"]
            raise kind(sentence)

    def close(self) -> None:
        """Close the file; the write-ahead log is folded in."""
        with self._lock:
            self._opened.close()

    def _check_place(self) -> None:
        """Refuse to write where the file was taken away: SQLite would go on, for nobody to find."""
        if self._file is not None and _identity(self._path) != self._file:
            raise FolderGoneError(GONE)

    def _roll_back(self) -> None:
        if self._connection.in_transaction:  # a full disk may have rolled it back already
            self._connection.execute("ROLLBACK")

    def _migrate(self) -> None:
        version = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        if version > len(MIGRATIONS):
            raise StorageError(
                "This data folder was written by a newer PerFusion Studio. Update the studio, "
                "or choose another folder with --data."
            )
        for number, migrate in enumerate(MIGRATIONS[version:], start=version + 1):
            with self.transaction() as connection:
                migrate(connection)
                connection.execute(f"PRAGMA user_version = {number}")


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another one that lies in its place; None where none lies there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, while others read and write it.

    Raises:
        StorageError: it can't be read, or the copy can't be written.
    """
    with _sentences(), closing(sqlite3.connect(source, timeout=30)) as from_there:
        from_there.execute("PRAGMA query_only = ON")
        with closing(sqlite3.connect(target)) as copy:
            from_there.backup(copy)


def _text(stored: bytes) -> str:
    """A text as it was kept; one that a bad disk or another program damaged takes no page along."""
    return stored.decode(errors="replace")


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except (OverflowError, UnicodeEncodeError) as error:
        raise StorageError(
            "A number or a character of that can't be kept. Reload the page, then try again."
        ) from error
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        known = (told for code, told in _WHAT_TO_DO.items() if name.startswith(code))
        kind, sentence = next(known, (StorageError, f"The database refused: {error}."))
        raise kind(sentence) from error
