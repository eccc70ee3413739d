"""Folders that are replaced as a whole or not at all, so that nothing is ever half-written."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError

from studio.domain import CheckpointError

_PARTS_END_ON = frozenset({".json", ".model", ".safetensors"})
_PARTS = frozenset({"README.md", "merges.txt", "vocab.txt"})
"""What the files of a checkpoint are called: models, their configurations, words and cards."""


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """An empty folder to fill, which takes the place of `folder` if all went well.

    After an error the old folder is untouched. After a kill between the two renamings the old
    one lies aside, and `restore_interrupted` puts it back. A folder with other files than
    checkpoints are made of is somebody's: it is not replaced unless all of them are taken over.

    Raises:
        CheckpointError: the disk is full, or may not be written to; or a file would be lost that
            is no part of a checkpoint.
    """
    fresh, aside = _aside(folder, "new"), _aside(folder, "old")
    try:
        restore_interrupted(folder)
        for left_behind in (fresh, aside):
            shutil.rmtree(left_behind, ignore_errors=True)
        fresh.mkdir(parents=True)
        yield fresh
        _flush(fresh)
        _check_nothing_is_lost(folder, fresh)
        if folder.exists():
            folder.rename(aside)
        fresh.rename(folder)
    except (OSError, SafetensorError) as error:
        full = getattr(error, "errno", None) == errno.ENOSPC or "No space left" in str(error)
        reason = "the disk is full" if full else str(error)
        raise CheckpointError(
            f"{folder} could not be written ({reason}). What was there before is untouched."
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        restore_interrupted(folder)
        shutil.rmtree(aside, ignore_errors=True)


def restore_interrupted(folder: Path) -> None:
    """Put a folder back whose replacement was killed half-way."""
    aside = _aside(folder, "old")
    if aside.is_dir() and not folder.exists():
        aside.rename(folder)


def is_part(name: str) -> bool:
    """Whether a file with this name can be one of a checkpoint: nothing that runs when read."""
    return Path(name).suffix in _PARTS_END_ON or name in _PARTS


def _check_nothing_is_lost(folder: Path, fresh: Path) -> None:
    for path in sorted(folder.rglob("*")):
        within = path.relative_to(folder)
        is_folder = path.is_dir() and not path.is_symlink()
        if not (is_folder or is_part(path.name)) and not os.path.lexists(fresh / within):
            raise CheckpointError(
                f"{folder} holds {within}, which is no part of a checkpoint and would be lost. "
                "Choose another folder, or move that file away."
            )


def _aside(folder: Path, which: str) -> Path:
    return folder.with_name(f".{folder.name}.{which}")


def _flush(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _link_or_copy(source: str | Path, target: str | Path) -> str:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without hard links
        shutil.copy2(source, target)
    return str(target)


def keep_others(folder: Path, fresh: Path, without: set[str]) -> None:
    """Take all entries of `folder` over into `fresh`, but for some names.

    Files are linked where the disk can, so this costs no space: write no file in place.
    """
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.name in without:
            continue
        if entry.is_dir():
            shutil.copytree(entry, fresh / entry.name, copy_function=_link_or_copy)
        else:
            _link_or_copy(entry, fresh / entry.name)


def write_text(path: Path, text: str) -> None:
    """Write a text file in one step: a reader finds the old text or the new one."""
    fresh = _aside(path, "new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
