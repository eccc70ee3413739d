"""What a person can do when a disk refuses."""

import errno

from studio.domain import DiskError, DiskFullError, FolderGoneError, ReadOnlyError, StorageError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}
_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ESTALE}

FULL = "The disk is full. Free some space, then try again; nothing saved was lost."
READ_ONLY = (
    "The data folder is read-only. Make it writable, or start with another one (--data); nothing "
    "saved was lost."
)
GONE = (
    "The data folder is no longer there. Put it back where it was, or start with another one "
    "(--data)."
)


def refusal(error: OSError, what: str = "") -> StorageError:
    """What a disk's refusal means: an error that names the cause and what helps.

    Args:
        error: what the system said.
        what: a sentence before, of what could not be done.
    """
    known = ((_FULL, DiskFullError, FULL), (_CLOSED, ReadOnlyError, READ_ONLY))
    for numbers, kind, sentence in (*known, (_GONE, FolderGoneError, GONE)):
        if error.errno in numbers:
            return kind(f"{what} {sentence}".strip())
    return DiskError(
        f"{what} The data folder can't be used ({error.strerror or error}). Look after the disk, "
        "or start with another folder (--data).".strip()
    )
