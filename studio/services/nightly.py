"""A backup of every night, kept beside those of the nights before."""

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from studio.domain import StudioError
from studio.services.backup import Backup, write_backup

KEPT = 14
"""So many backups stay; older ones of the same name and shape go, once a new one is whole."""
NIGHT_HOUR = 3
"""From this hour on, by the machine's clock."""
_LOOK_EVERY_S = 600.0
_NAME = re.compile(r"studio-\d{4}-\d{2}-\d{2}\.zip")

_log = logging.getLogger(__name__)


@contextmanager
def nightly_backups(data: Path, folder: Path | None) -> Iterator[None]:
    """A backup every night while the block runs; none without a folder."""
    if folder is None:
        yield
        return
    backups = NightlyBackups(data, folder)
    backups.start()
    try:
        yield
    finally:
        backups.stop()


class NightlyBackups:
    """Makes a backup a day while the studio runs; one that can't be made is tried again.

    Args:
        data: the data folder.
        folder: where the backups go.
        now: the machine's clock.
    """

    def __init__(
        self, data: Path, folder: Path, now: Callable[[], datetime] = datetime.now
    ) -> None:
        self._data = data
        self._folder = folder
        self._now = now
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="studio-backups", daemon=True)

    def start(self) -> None:
        """Look now, and every ten minutes."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; waits for a backup that is being written."""
        self._stopping.set()
        self._thread.join()

    def make_if_due(self) -> Backup | None:
        """Make tonight's backup, unless it is there or the night has not come yet.

        Returns:
            What it holds; None where none was due.

        Raises:
            StudioError: it can't be written.
        """
        now = self._now()
        target = self._folder / f"studio-{now.date().isoformat()}.zip"
        if now.hour < NIGHT_HOUR or target.exists():
            return None
        backup = write_backup(self._data, target)
        for old in self._backups()[:-KEPT]:
            if old != target:
                old.unlink(missing_ok=True)
        return backup

    def _backups(self) -> list[Path]:
        """Oldest first, by their names; links and folders are somebody else's."""
        found = self._folder.iterdir()
        ours = (each for each in found if _NAME.fullmatch(each.name) and not each.is_symlink())
        return sorted(each for each in ours if each.is_file())

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                backup = self.make_if_due()
                if backup is not None:
                    _log.info("Tonight's backup: %s", backup.sentence())
            except (StudioError, OSError) as error:
                _log.warning("Tonight's backup could not be made; it is tried again. %s", error)
            self._stopping.wait(_LOOK_EVERY_S)
