"""Pictures on their way to a row, and what is left of those that never came to one."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles, digest_of
from studio.storage.loose_images import LooseImageStore

LEFT_ALONE = timedelta(days=7)
"""How long a leftover stays where it is: a page that is still open may go on with a picture that
was brought along, and a week without a round from it is longer than pages stay open."""

_log = logging.getLogger(__name__)


class PictureKeeper:
    """Writes pictures for rows that are about to come, and sets aside what got no row.

    Args:
        database: says which pictures are its own and which of them a row names.
        images: where they are.
    """

    def __init__(self, database: Database, images: ImageFiles) -> None:
        self._groups = GroupStore(database)
        self._loose = LooseImageStore(database)
        self._images = images

    def keep(self, pngs: Sequence[bytes]) -> tuple[str, ...]:
        """Write the files of a round, noted first as loose; the row that names them comes next.

        A file that is there already is somebody's, perhaps another database's: it isn't noted.

        Returns:
            The digest of each.

        Raises:
            StorageError: the disk is full or read-only.
        """
        new = {digest for digest in map(digest_of, pngs) if not self._images.is_there(digest)}
        if new:
            self._loose.enter(sorted(new), datetime.now(UTC))
        return tuple(map(self._images.write, pngs))

    def set_leftovers_aside(self, now: datetime) -> int:
        """Move away what was loose for a week and no row names; nothing is deleted.

        The note and the file must both be older, so that a clock which was set ahead or back
        takes nothing that is new by either; what is from the future by a clock is never old.

        Returns:
            How many files were moved.
        """
        limit, day = now - LEFT_ALONE, now.date()
        named = self._groups.image_digests()
        old = [digest for digest in self._loose.entered_before(limit) if digest not in named]
        moved = sum(self._images.set_aside(digest, limit, day) for digest in old)
        self._loose.leave([digest for digest in old if not self._images.leftovers(digest)])
        if moved:
            _log.warning(
                "%d picture files that no round names were moved to %s. Delete that folder if "
                "the studio shows all that you expect; a picture that is asked for comes back.",
                moved,
                self._images.set_aside_folder(day),
            )
        return moved
