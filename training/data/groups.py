"""Rounds in files: the one format in which the studio, the simulated stores and training meet.

An export is a folder:

    export.json       {"format": "perfusion-rounds", "version": 1}
    rounds.parquet    one row per answered round, see COLUMNS
    images/<sha256>.png        (or .jpg, where pictures came as JPEG)
    README.md         a dataset card: with it `datasets.load_dataset(FOLDER)` opens the table

A round says what was shown as pictures, as designs, or as both: the reward model looks at
pictures, and a generator of designs learns from designs. Only the table's facts are held in
memory, a few kilobytes a round; pictures stay on the disk. A round in which nothing was ticked is
stored too: "none of these" is an answer. What can be learnt from is decided when training reads
it, and whatever is left out is counted by reason.
"""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from studio.domain import ProfileError, StudioError
from studio.perfusion.pictures import PictureError, read_picture
from studio.perfusion.profile import STORE_ID, Profile, ProfileSchema

FORMAT = {"format": "perfusion-rounds", "version": 1}
EXPORT_FILE = "export.json"
ROUNDS_FILE = "rounds.parquet"
CARD_FILE = "README.md"
IMAGES_FOLDER = "images"

_CARD = """---
pretty_name: Rounds of stores
configs:
- config_name: rounds
  data_files: rounds.parquet
---

# Rounds of stores

Groups of fashion designs or pictures, and which of each group a store ticked. Written by
`training`; `datasets.load_dataset("THIS FOLDER")` opens `rounds.parquet`. Paths of images are
relative to this folder.
"""

COLUMNS = pa.schema(
    [
        ("round_id", pa.string()),
        ("store_id", pa.string()),  # "" when the profile names no store
        ("profile", pa.string()),  # Profile.to_json()
        ("prompt", pa.string()),
        ("images", pa.list_(pa.string())),  # paths in the folder, in the order shown; or none
        ("labels", pa.list_(pa.float64())),  # 1 ticked, 0 not; 0.5 and 0.5 for a tied pair
        ("seeds", pa.list_(pa.int64())),  # of each image; empty where unknown
        ("made_at", pa.timestamp("us", tz="UTC")),
        ("model", pa.string()),  # checkpoint that drew the images; "" where there was none
        ("split", pa.string()),  # a Split, or "" to let training decide
        ("lots", pa.list_(pa.string())),  # old rounds: what each shows that the prompt left open
        ("designs", pa.list_(pa.string())),  # DesignSpec.to_json() of each; "" where unknown
        ("weight", pa.float64()),  # beside 1 of a round that somebody ticked; what sales say
    ]
)
OPTIONAL_COLUMNS = ("lots", "designs", "weight")
"""Exports from before there were these have none."""

Split = Literal["train", "validation", "test", "new-stores"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test", "new-stores")
OF_SALES = "sales-"
"""How the ids of rounds begin that orders and returns gave the answer to."""
UNUSABLE_PROFILE = "with an unusable profile"
_TENTHS_FOR_TRAINING = 8
_ROWS_AT_ONCE = 1_000


class RoundsError(StudioError):
    """An export that cannot be read at all; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Round:
    """One answered round.

    Attributes:
        id: unique in its export.
        profile: the store as it was when it answered.
        prompt: the phrases that were really used.
        images: N paths relative to the export's folder; none where only designs are known.
        labels: N numbers, 1 for ticked, 0 for not, 0.5 for a tie.
        designs: N texts, what each shows as `DesignSpec.to_json` writes it; none, or "", where
            nobody knows.
        lots: of a round from before there were designs: N texts, the phrases that each image was
            drawn from beyond the prompt; none, or "", where nobody knows.
        split: part of the data that it belongs to; "" when nobody has said.
        weight: how much it counts, above 0 to 1; less than 1 where nobody ticked and sales were
            counted in place of that.
    """

    id: str
    profile: Profile
    prompt: str
    images: tuple[str, ...]
    labels: tuple[float, ...]
    seeds: tuple[int, ...] = ()
    made_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    model: str = ""
    split: str = ""
    designs: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    weight: float = 1.0

    @property
    def is_of_sales(self) -> bool:
        """Whether orders and returns gave the answer."""
        return self.id.startswith(OF_SALES)

    @property
    def store_id(self) -> str:
        """The store's name, or "" for one that has none."""
        store_id = self.profile[STORE_ID]
        return store_id if isinstance(store_id, str) else ""


@dataclass(frozen=True)
class Rounds:
    """Rounds that can be used, and how many cannot, by reason.

    Attributes:
        folder: the export that the images lie in.
        rounds: in the order of the file.
        skipped: reason -> how many rounds.
    """

    folder: Path
    rounds: tuple[Round, ...]
    skipped: Mapping[str, int]

    def without(self, bad: Mapping[str, str]) -> "Rounds":
        """Leave out the rounds whose id is a key of `bad`; its value is the reason."""
        skipped = Counter(self.skipped)
        skipped.update(bad[each.id] for each in self.rounds if each.id in bad)
        kept = tuple(each for each in self.rounds if each.id not in bad)
        return Rounds(self.folder, kept, dict(skipped))

    def of_split(self, split: Split) -> "Rounds":
        """The rounds of one part of the data."""
        return replace(self, rounds=tuple(r for r in self.rounds if split_of(r) == split))

    def report(self) -> str:
        """One sentence for the log."""
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(self.skipped.items()))
        sales = [each.weight for each in self.rounds if each.is_of_sales]
        told = f", {len(sales)} of them by sales, weighing {sum(sales):.1f}" if sales else ""
        return f"{len(self.rounds)} rounds{told}, skipped: {reasons or 'none'}"


def write_rounds(folder: Path, rounds: Iterable[Round]) -> None:
    """Write an export's table; the images have to be there already, see `save_image`."""
    folder.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(folder / ROUNDS_FILE, COLUMNS) as writer:
        left = iter(rounds)
        while some := [_row(each) for each in islice(left, _ROWS_AT_ONCE)]:
            writer.write_table(pa.Table.from_pylist(some, schema=COLUMNS))
    (folder / CARD_FILE).write_text(_CARD, encoding="utf-8")
    (folder / EXPORT_FILE).write_text(json.dumps(FORMAT) + "\n", encoding="utf-8")


def _row(each: Round) -> dict[str, Any]:
    return {
        "round_id": each.id,
        "store_id": each.store_id,
        "profile": each.profile.to_json(),
        "prompt": each.prompt,
        "images": list(each.images),
        "labels": list(each.labels),
        "seeds": list(each.seeds),
        "made_at": each.made_at,
        "model": each.model,
        "split": each.split,
        "designs": list(each.designs),
        "lots": list(each.lots),
        "weight": each.weight,
    }


def read_rounds(folder: Path) -> Rounds:
    """Read an export; rows that make no sense are counted, the others kept.

    Raises:
        RoundsError: there is no export, it has another version, or its table is unreadable.
    """
    try:
        found = json.loads((folder / EXPORT_FILE).read_text(encoding="utf-8"))
        table = pq.ParquetFile(folder / ROUNDS_FILE)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise RoundsError(f"{folder} holds no readable export of rounds: {error}") from error
    if found != FORMAT:
        raise RoundsError(f"{folder} is an export of another format: {found}.")
    missing = set(COLUMNS.names) - set(table.schema_arrow.names) - set(OPTIONAL_COLUMNS)
    if missing:
        raise RoundsError(f"{folder / ROUNDS_FILE} lacks the columns {sorted(missing)}.")
    rounds: dict[str, Round] = {}
    skipped = Counter[str]()
    for row in _rows(table, folder):
        read = _read_row(row, folder)
        if isinstance(read, str):
            skipped[read] += 1
        elif rounds.setdefault(read.id, read) is not read:
            skipped["that repeat an id"] += 1
    return Rounds(folder, tuple(rounds.values()), dict(skipped))


def _rows(table: pq.ParquetFile, folder: Path) -> Iterator[dict[str, Any]]:
    """All rows, a few at a time in memory."""
    try:
        columns = [name for name in COLUMNS.names if name in table.schema_arrow.names]
        schema = pa.schema([COLUMNS.field(name) for name in columns])
        for batch in table.iter_batches(batch_size=_ROWS_AT_ONCE, columns=columns):
            some = pa.Table.from_batches([batch]).select(columns)
            yield from some.cast(schema).to_pylist()
    except (OSError, ValueError, pa.ArrowException) as error:
        raise RoundsError(f"{folder} holds no readable export of rounds: {error}") from error


def informative(rounds: Rounds) -> Rounds:
    """Only the rounds that tell which images are preferred; the rest is counted."""
    reasons = {each.id: _why_silent(each.labels) for each in rounds.rounds}
    return rounds.without({name: reason for name, reason in reasons.items() if reason})


def with_pictures(rounds: Rounds) -> Rounds:
    """Only the rounds that show pictures; those of designs alone are counted."""
    return rounds.without(
        {each.id: "without pictures" for each in rounds.rounds if not each.images}
    )


def with_usable_profiles(rounds: Rounds, schema: ProfileSchema) -> Rounds:
    """Only the rounds whose store the schema can read; the rest is counted."""
    bad: dict[str, str] = {}
    for each in rounds.rounds:
        try:
            schema.encode(each.profile)
        except ProfileError:
            bad[each.id] = UNUSABLE_PROFILE
    return rounds.without(bad)


def split_of(each: Round) -> str:
    """The round's part of the data: as stored, or by lot from its id, 8:1:1.

    The lot depends on the id alone, so a round stays where it is when others are added.
    """
    if each.split:
        return each.split
    tenth = int.from_bytes(hashlib.sha256(each.id.encode()).digest()[:4], "big") % 10
    if tenth < _TENTHS_FOR_TRAINING:
        return "train"
    return "validation" if tenth == _TENTHS_FOR_TRAINING else "test"


def save_bytes(folder: Path, content: bytes, ending: str) -> str:
    """Write a picture file as it is, under its hash; returns its path in the export."""
    name = f"{IMAGES_FOLDER}/{hashlib.sha256(content).hexdigest()}.{ending}"
    path = folder / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return name


def save_image(folder: Path, image: Image.Image) -> str:
    """Write a picture under the hash of its PNG file; returns its path in the export."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return save_bytes(folder, buffer.getvalue(), "png")


def read_images(folder: Path, names: Sequence[str]) -> Iterator[np.ndarray | str]:
    """Each picture as uint8 (H, W, 3), or the reason why it cannot be used."""
    for name in names:
        try:
            yield np.asarray(read_picture(folder / name).convert("RGB"))
        except FileNotFoundError:
            yield "with a missing image"
        except PictureError as error:
            yield str(error)


def _what_is_wrong(row: Mapping[str, Any], folder: Path) -> str | None:
    if any(row[name] is None for name in ("round_id", "profile", "prompt", "made_at")):
        return "incomplete"
    if not row["prompt"].strip():
        return "without a prompt"
    if reason := _what_does_not_match(row):
        return reason
    paths = [PurePosixPath(name) for name in row["images"] or []]
    if any(path.is_absolute() or ".." in path.parts for path in paths):
        return "with images outside of the export"
    if not all((folder / path).is_file() for path in paths):
        return "with a missing image"
    if row["split"] not in (None, "", *SPLITS):
        return "of an unknown split"
    if not 0 < _weight(row) <= 1:  # no number is in no range
        return "with a weight that is not above 0 and up to 1"
    return None


def _weight(row: Mapping[str, Any]) -> float:
    """Exports from before sales were counted say nothing about it."""
    weight = row.get("weight")
    return 1.0 if weight is None else float(weight)


def _what_does_not_match(row: Mapping[str, Any]) -> str | None:
    labels = row["labels"] or []
    shown = [row["images"] or [], row.get("designs") or []]
    told = [each for each in (*shown, row.get("lots") or []) if each]
    if not labels or not any(shown) or any(len(each) != len(labels) for each in told):
        return "with images and ticks that do not match"
    if any(None in each for each in told):
        return "with images and ticks that do not match"
    if not all(label is not None and 0 <= label <= 1 for label in labels):
        return "with ticks that are no numbers from 0 to 1"
    return None


def _read_row(row: Mapping[str, Any], folder: Path) -> Round | str:
    """The round, or what is wrong with it."""
    if reason := _what_is_wrong(row, folder):
        return reason
    try:
        profile = Profile.from_json(row["profile"])
    except ProfileError:
        return UNUSABLE_PROFILE
    return Round(
        id=row["round_id"],
        profile=profile,
        prompt=row["prompt"],
        images=tuple(row["images"] or ()),
        labels=tuple(row["labels"]),
        seeds=tuple(row["seeds"] or ()),
        made_at=row["made_at"],
        model=row["model"] or "",
        split=row["split"] or "",
        designs=tuple(row.get("designs") or ()),
        lots=tuple(row.get("lots") or ()),
        weight=_weight(row),
    )


def _why_silent(labels: Sequence[float]) -> str | None:
    if len(labels) == 1:
        return "with one image only"
    if not any(labels):
        return "with no tick"
    return "with all images ticked" if all(label == 1 for label in labels) else None
