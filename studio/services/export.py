"""Answered rounds as files that training and other tools read.

The columns are those of `training/data/groups.py`, which a test compares; the two packages share
files and no code.
"""

import json
import logging
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import product
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from studio.domain import (
    Candidate,
    CandidateGroup,
    ImageFileError,
    NothingTickedError,
    ProfileError,
    StorageError,
)
from studio.perfusion.profile import STORE_ID, Profile
from studio.services.pickapic import Picture, Shown, write_pickapic
from studio.services.recipe import recipe_in_file
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles
from studio.storage.request_rows import UnreadableRowError
from studio.storage.selections import SelectionStore

_log = logging.getLogger(__name__)

FORMAT = {"format": "perfusion-rounds", "version": 1}

COLUMNS = pa.schema(
    [
        ("round_id", pa.string()),
        ("store_id", pa.string()),
        ("profile", pa.string()),
        ("prompt", pa.string()),
        ("images", pa.list_(pa.string())),
        ("labels", pa.list_(pa.float64())),
        ("seeds", pa.list_(pa.int64())),
        ("made_at", pa.timestamp("us", tz="UTC")),
        ("model", pa.string()),
        ("split", pa.string()),
        ("lots", pa.list_(pa.string())),
        ("designs", pa.list_(pa.string())),
        ("weight", pa.float64()),
    ]
)

_NAMES = ("export.json", "README.md", "rounds.parquet", "preferences.jsonl", "pickapic.parquet")
"""The files of exports, of every format, beside their pictures."""
_PICTURE = re.compile(r"[0-9a-f]{64}\.png")

_CARD = """---
pretty_name: Rounds of a PerFusion Studio
configs:
- config_name: {name}
  data_files: {table}
---

# Rounds of a PerFusion Studio

{count} groups of machine-made fashion designs, and which of each group a store ticked. Made by
`studio.export`; `datasets.load_dataset("THIS FOLDER")` opens `{table}`. Paths of images are
relative to this folder.
"""


class ExportFormat(StrEnum):
    """What an export is for; each opens with `datasets.load_dataset`.

    ROUNDS is for `training.finetune`: a row per round, and preference lines beside it.
    PICKAPIC has Pick-a-Pic's columns: a row per pair, with its pictures inside.
    TRL has preference lines only, each a ticked design above an unticked one.
    """

    ROUNDS = "rounds"
    PICKAPIC = "pickapic"
    TRL = "trl"


@dataclass(frozen=True)
class _File:
    """A file of an export.

    Attributes:
        name: its path in the export.
        write: puts its content into an open file.
    """

    name: str
    write: Callable[[IO[bytes]], object]


@dataclass(frozen=True)
class AnsweredRound:
    """A round with its answer, ready to be written."""

    group: CandidateGroup
    selected_ids: frozenset[int]
    answered_at: datetime
    profile: Profile

    @property
    def store_key(self) -> str:
        """What exports call the store; empty without one."""
        key = self.profile[STORE_ID]
        return key if isinstance(key, str) else ""


@dataclass(frozen=True, kw_only=True)
class WeightedRound:
    """A round that nobody ticked: what was counted elsewhere says which designs are wanted.

    Attributes:
        id: unique beside those of answered rounds.
        weight: how much it counts beside one that somebody ticked, above 0 to 1.
    """

    id: str
    profile: Profile
    prompt: str
    candidates: tuple[Candidate, ...]
    checkpoint: str
    is_wanted: tuple[bool, ...]
    weight: float
    answered_at: datetime


class RoundExport:
    """Writes the answered rounds of a studio.

    Args:
        database: where they are.
        images: where their pictures are.
    """

    def __init__(self, database: Database, images: ImageFiles) -> None:
        self._groups = GroupStore(database)
        self._selections = SelectionStore(database)
        self._images = images

    def count(self, store_id: int | None = None) -> int:
        """How many rounds there are to write; of one store, or of all."""
        return len(self._groups.answered(store_id))

    def write_folder(
        self,
        folder: Path,
        store_id: int | None = None,
        kind: ExportFormat = ExportFormat.ROUNDS,
        more: Sequence[WeightedRound] = (),
    ) -> int:
        """Write the files of an export into a folder.

        Args:
            folder: made when it is missing; nothing that is there already is written over.
            store_id: only this store's rounds.
            kind: what it is for.
            more: rounds beside the answered ones; for training alone.

        Returns:
            How many rounds were written.

        Raises:
            NothingTickedError: no round has been answered.
            StorageError: the folder can't be written or holds an export or a file of the same
                name already, or an image is missing.
        """
        rounds = self._answered(store_id, more)
        with _sentences():
            files = list(self._files(rounds, kind, more))
            for file in files:
                if os.path.lexists(folder / file.name):
                    raise StorageError(
                        f"{folder / file.name} is there already, and an export writes over "
                        "nothing. Choose a folder that is new or empty."
                    )
            for file in files:
                path = folder / file.name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("xb") as opened:
                    file.write(opened)
        return len(rounds) + len(more)

    def write_zip(
        self,
        target: IO[bytes],
        store_id: int | None = None,
        kind: ExportFormat = ExportFormat.ROUNDS,
    ) -> int:
        """The same as one zip file.

        What it takes on the way are files without a name: a crash leaves nothing behind.

        Raises:
            StudioError: see `write_folder`.
        """
        rounds = self._answered(store_id, ())
        with _sentences(), zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for file in self._files(rounds, kind):
                with TemporaryFile() as made:
                    file.write(made)
                    made.seek(0)
                    with archive.open(file.name, "w", force_zip64=True) as entry:
                        shutil.copyfileobj(made, entry)
        return len(rounds)

    def _answered(self, store_id: int | None, more: Sequence[WeightedRound]) -> list[AnsweredRound]:
        """Every round with its answer, oldest first."""
        rounds = []
        for group_id in self._groups.answered(store_id):
            try:
                group, selection = self._groups.get(group_id), self._selections.of_group(group_id)
            except UnreadableRowError as error:
                _log.warning("Round %d is left out of the export. %s", group_id, error)
                continue
            if selection is None or not group.candidates:
                continue  # withdrawn since the list was read, or damaged
            profile = _profile(selection.profile)
            rounds.append(AnsweredRound(group, selection.candidate_ids, selection.made_at, profile))
        if not rounds and not more:
            raise NothingTickedError("No round has been answered yet: save picks first.")
        return rounds

    def _files(
        self,
        rounds: Sequence[AnsweredRound],
        kind: ExportFormat,
        more: Sequence[WeightedRound] = (),
    ) -> Iterator[_File]:
        """The images first and the name of the format last: half an export is none."""
        if kind is ExportFormat.PICKAPIC:
            yield _File("README.md", _text(_card(len(rounds), "pickapic", "pickapic.parquet")))
            yield _File("pickapic.parquet", lambda file: write_pickapic(self._shown(rounds), file))
            return
        lines = "".join(line for each in rounds for line in _preferences(each))
        if kind is ExportFormat.TRL and not lines:
            raise NothingTickedError(
                "No answered round has both ticked and unticked designs, so there is nothing to "
                "prefer yet: save picks first."
            )
        shown = [one for each in rounds for one in each.group.candidates]
        shown += [one for each in more for one in each.candidates]
        for digest in dict.fromkeys(one.image for one in shown):
            yield _File(_image_name(digest), self._copy(digest))
        yield _File("preferences.jsonl", _text(lines))
        if kind is ExportFormat.TRL:
            yield _File("README.md", _text(_card(len(rounds), "trl", "preferences.jsonl")))
            return
        rows = [*map(self._row, rounds), *map(_weighted_row, more)]
        table = pa.Table.from_pylist(rows, schema=COLUMNS)
        yield _File("rounds.parquet", lambda file: pq.write_table(table, file))
        yield _File("README.md", _text(_card(len(rows), "rounds", "rounds.parquet")))
        yield _File("export.json", _text(json.dumps(FORMAT) + "\n"))

    def _shown(self, rounds: Sequence[AnsweredRound]) -> Iterator[Shown]:
        for each in rounds:
            yield Shown(
                store=each.store_key,
                prompt=each.group.prompt,
                answered_at=each.answered_at,
                model=each.group.checkpoint,
                pictures=tuple(
                    Picture(one.image, one.id in each.selected_ids, self._picture(one.image))
                    for one in each.group.candidates
                ),
            )

    def _row(self, each: AnsweredRound) -> dict[str, object]:
        group = each.group
        return {
            "round_id": f"round-{group.id}",
            "store_id": each.store_key,
            "profile": each.profile.to_json(),
            "prompt": group.prompt,
            "images": [_image_name(candidate.image) for candidate in group.candidates],
            "labels": [float(candidate.id in each.selected_ids) for candidate in group.candidates],
            "seeds": [candidate.seed for candidate in group.candidates],
            "made_at": each.answered_at,
            "model": group.checkpoint,
            "split": "",
            "lots": [self._lots(candidate) for candidate in group.candidates],
            "designs": [candidate.design for candidate in group.candidates],
            "weight": 1.0,
        }

    def _lots(self, candidate: Candidate) -> str:
        """The lots of a candidate from before there were designs, from its row or its file."""
        if candidate.lots or candidate.design:
            return candidate.lots
        recipe = recipe_in_file(self._images.find(candidate.image))
        return "" if recipe is None else recipe.lots

    def _copy(self, digest: str) -> Callable[[IO[bytes]], object]:
        return lambda file: file.write(self._picture(digest).read_bytes())

    def _picture(self, digest: str) -> Path:
        path = self._images.find(digest)
        if path is None:
            raise ImageFileError("An image of an answered round is missing in the data folder.")
        return path


def _weighted_row(each: WeightedRound) -> dict[str, object]:
    key = each.profile[STORE_ID]
    return {
        "round_id": each.id,
        "store_id": key if isinstance(key, str) else "",
        "profile": each.profile.to_json(),
        "prompt": each.prompt,
        "images": [_image_name(candidate.image) for candidate in each.candidates],
        "labels": [float(is_wanted) for is_wanted in each.is_wanted],
        "seeds": [candidate.seed for candidate in each.candidates],
        "made_at": each.answered_at,
        "model": each.checkpoint,
        "split": "",
        "lots": [candidate.lots for candidate in each.candidates],
        "designs": [candidate.design for candidate in each.candidates],
        "weight": each.weight,
    }


def remove_export(folder: Path) -> None:
    """Take an export away again: the files that it is made of, and no other that lies there."""
    if folder.is_symlink() or (folder / "images").is_symlink():
        return
    pictures = [path for path in folder.glob("images/*.png") if _PICTURE.fullmatch(path.name)]
    for path in [*pictures, *(folder / name for name in _NAMES)]:
        with suppress(OSError):
            path.unlink()
    for emptied in (folder / "images", folder):
        with suppress(OSError):  # something else lies in it
            emptied.rmdir()


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"The export could not be written ({error.strerror}). Choose another folder, or "
            "free some space; the rounds themselves are untouched."
        ) from error


def _text(text: str) -> Callable[[IO[bytes]], object]:
    return lambda file: file.write(text.encode())


def _card(count: int, name: str, table: str) -> str:
    """A dataset card: without it `datasets` would open the pictures alone."""
    return _CARD.format(count=count, name=name, table=table)


def _preferences(each: AnsweredRound) -> Iterator[str]:
    """TRL's preference lines: every ticked image above every unticked one."""
    ticked = [one.image for one in each.group.candidates if one.id in each.selected_ids]
    rest = [one.image for one in each.group.candidates if one.id not in each.selected_ids]
    for chosen, rejected in product(ticked, rest):
        line = {
            "prompt": each.group.prompt,
            "chosen": _image_name(chosen),
            "rejected": _image_name(rejected),
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"


def _profile(text: str) -> Profile:
    """A store as it was when it answered; unknown where that can't be read any more."""
    try:
        return Profile.from_json(text) if text else Profile(())
    except ProfileError:
        return Profile(())


def _image_name(digest: str) -> str:
    return f"images/{digest}.png"
