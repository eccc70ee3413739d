"""Answered rounds as files that training and other tools read.

The columns are those of `training/data/groups.py`, which a test compares; the two packages share
files and no code.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from studio.domain import CandidateGroup, NothingTickedError, StorageError
from studio.perfusion.profile import STORE_ID, Profile
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles
from studio.storage.selections import SelectionStore

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
    ]
)


@dataclass(frozen=True)
class AnsweredRound:
    """A round with its answer, ready to be written."""

    group: CandidateGroup
    selected_ids: frozenset[int]
    answered_at: datetime
    profile: Profile


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

    def write_folder(self, folder: Path, store_id: int | None = None) -> int:
        """Write `export.json`, `rounds.parquet`, `preferences.jsonl` and the images.

        Args:
            folder: made when it is missing; a file that is there already is written over.
            store_id: only this store's rounds.

        Returns:
            How many rounds were written.

        Raises:
            NothingTickedError: no round has been answered.
            StorageError: the folder can't be written, or an image is missing.
        """
        rounds = list(self._answered(store_id))
        if not rounds:
            raise NothingTickedError("No round has been answered yet: save picks first.")
        try:
            (folder / "images").mkdir(parents=True, exist_ok=True)
            for each in rounds:
                self._copy_images(each.group, folder)
            table = pa.Table.from_pylist([_row(each) for each in rounds], schema=COLUMNS)
            pq.write_table(table, folder / "rounds.parquet")
            (folder / "preferences.jsonl").write_text(
                "".join(line for each in rounds for line in _preferences(each)), encoding="utf-8"
            )
            (folder / "export.json").write_text(json.dumps(FORMAT) + "\n", encoding="utf-8")
        except OSError as error:
            raise StorageError(
                f"The export could not be written ({error.strerror}). Choose another folder, or "
                "free some space; the rounds themselves are untouched."
            ) from error
        return len(rounds)

    def write_zip(self, file: Path, store_id: int | None = None) -> int:
        """The same as one zip file.

        Raises:
            StudioError: see `write_folder`.
        """
        with TemporaryDirectory() as made:
            folder = Path(made)
            written = self.write_folder(folder, store_id)
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                for path in sorted(folder.rglob("*")):
                    if path.is_file():
                        archive.write(path, path.relative_to(folder).as_posix())
        return written

    def _answered(self, store_id: int | None) -> Iterator[AnsweredRound]:
        for group_id in self._groups.answered(store_id):
            selection = self._selections.of_group(group_id)
            if selection is None:
                continue  # withdrawn since the list was read
            profile = Profile.from_json(selection.profile) if selection.profile else Profile(())
            yield AnsweredRound(
                self._groups.get(group_id), selection.candidate_ids, selection.made_at, profile
            )

    def _copy_images(self, group: CandidateGroup, folder: Path) -> None:
        for candidate in group.candidates:
            path = self._images.find(candidate.image)
            if path is None:
                raise StorageError(f"An image of round {group.id} is missing in the data folder.")
            (folder / _image_name(candidate.image)).write_bytes(path.read_bytes())


def _row(each: AnsweredRound) -> dict[str, object]:
    group = each.group
    return {
        "round_id": f"round-{group.id}",
        "store_id": each.profile[STORE_ID] or "",
        "profile": each.profile.to_json(),
        "prompt": group.prompt,
        "images": [_image_name(candidate.image) for candidate in group.candidates],
        "labels": [float(candidate.id in each.selected_ids) for candidate in group.candidates],
        "seeds": [candidate.seed for candidate in group.candidates],
        "made_at": each.answered_at,
        "model": group.checkpoint,
        "split": "",
    }


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


def _image_name(digest: str) -> str:
    return f"images/{digest}.png"
