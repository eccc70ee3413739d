"""Leftovers of a data folder, made old, and looked at."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path


def loose(data: Path) -> set[str]:
    """What the database of a closed studio has noted."""
    with closing(sqlite3.connect(data / "studio.db")) as connection:
        return {row[0] for row in connection.execute("SELECT image FROM loose_images")}


def let_leftovers_age(data: Path) -> None:
    """Make all notes and all files of a closed studio years old."""
    with closing(sqlite3.connect(data / "studio.db")) as connection:
        connection.execute("UPDATE loose_images SET since = '2020-01-01T00:00:00+00:00'")
        connection.commit()
    for path in (data / "images").rglob("*"):
        os.utime(path, (10**9, 10**9), follow_symlinks=False)


def names_set_aside(data: Path) -> list[str]:
    """The names of the files that were moved away, in order."""
    return sorted(path.name for path in (data / "set-aside").rglob("*") if path.is_file())
