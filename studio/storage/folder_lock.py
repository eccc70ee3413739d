"""One program at a time for a data folder."""

import sqlite3
from pathlib import Path

from studio.domain import StorageError


class FolderLock:
    """Held until it is released or the process ends, even by `kill -9`.

    A second studio on the same folder would mark the first one's running round as interrupted,
    and clear up files whose rows the first one is about to write. The lock is an open transaction
    on an empty database file: every system lets go of that when a process dies.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock on the file `path`, which is made when it is missing.

        Raises:
            StorageError: another program holds it.
            sqlite3.Error: the file can't be written.
        """
        self._connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=0.2
        )
        try:
            self._connection.execute("PRAGMA journal_mode = MEMORY")  # no second file beside it
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._connection.close()
            if error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise StorageError(
                    f"Another studio works in {path.parent}. Use that one or close it, or choose "
                    "another folder with --data."
                ) from error
            raise

    def release(self) -> None:
        """Let others in."""
        self._connection.close()
