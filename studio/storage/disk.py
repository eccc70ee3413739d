"""What a person can do when a disk refuses."""

import errno

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


def what_to_do(error: OSError) -> str:
    """A sentence that names the cause and what helps."""
    if error.errno in _FULL:
        return FULL
    if error.errno in _CLOSED:
        return READ_ONLY
    if error.errno in _GONE:
        return GONE
    return (
        f"The data folder can't be used ({error.strerror or error}). Look after the disk, or start "
        "with another folder (--data)."
    )
