"""Answered rounds with Pick-a-Pic's columns: a row for each pair, with both pictures inside.

The same rows as `training/data/pickapic.py` writes from an export, which a test compares.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

PICKAPIC_COLUMNS = pa.schema(
    [
        ("are_different", pa.bool_()),
        ("best_image_uid", pa.string()),
        ("caption", pa.string()),
        ("created_at", pa.timestamp("ns")),
        ("has_label", pa.bool_()),
        ("image_0_uid", pa.string()),
        ("image_0_url", pa.string()),
        ("image_1_uid", pa.string()),
        ("image_1_url", pa.string()),
        ("jpg_0", pa.binary()),
        ("jpg_1", pa.binary()),
        ("label_0", pa.float64()),
        ("label_1", pa.float64()),
        ("model_0", pa.string()),
        ("model_1", pa.string()),
        ("ranking_id", pa.int64()),
        ("user_id", pa.int64()),
        ("num_example_per_prompt", pa.int64()),
    ]
)
_JPEG_QUALITY = 95


@dataclass(frozen=True)
class Picture:
    """One design of a round: its name, whether it was ticked, and its PNG file."""

    name: str
    is_ticked: bool
    path: Path


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A round as it was shown and answered."""

    store: str
    prompt: str
    answered_at: datetime
    model: str
    pictures: tuple[Picture, ...]


def write_pickapic(rounds: Iterable[Shown], file: IO[bytes]) -> None:
    """Write one round after another, so that a long history needs little memory.

    A round of two is one row. A larger one gives a row for each pair of which at least one was
    ticked; two ticked ones are a tie. Stores are numbered in the order of their keys.
    """
    kept = list(rounds)
    numbers = {key: number for number, key in enumerate(sorted({one.store for one in kept}), 1)}
    with pq.ParquetWriter(file, PICKAPIC_COLUMNS) as writer:
        for ranking_id, each in enumerate(kept):
            rows = list(_rows(each, ranking_id, numbers[each.store]))
            writer.write_table(pa.Table.from_pylist(rows, schema=PICKAPIC_COLUMNS))


def _rows(each: Shown, ranking_id: int, user_id: int) -> Iterator[dict[str, object]]:
    pairs = _pairs(each.pictures)
    jpegs = {picture.name: _jpeg(picture.path) for pair in pairs for picture in pair}
    for first, second in pairs:
        ticks = first.is_ticked + second.is_ticked
        winner = first.name if first.is_ticked else second.name
        yield {
            "are_different": ticks == 1,
            "best_image_uid": (None, winner, "tie")[ticks],
            "caption": each.prompt,
            "created_at": each.answered_at.replace(tzinfo=None),
            "has_label": ticks > 0,
            "image_0_uid": first.name,
            "image_1_uid": second.name,
            "jpg_0": jpegs[first.name],
            "jpg_1": jpegs[second.name],
            "label_0": first.is_ticked / max(1, ticks),
            "label_1": second.is_ticked / max(1, ticks),
            "model_0": each.model,
            "model_1": each.model,
            "ranking_id": ranking_id,
            "user_id": user_id,
            "num_example_per_prompt": len(pairs),
        }


def _pairs(pictures: Sequence[Picture]) -> list[tuple[Picture, Picture]]:
    pairs = list(combinations(pictures, 2))
    if len(pairs) == 1:
        return pairs
    return [(one, other) for one, other in pairs if one.is_ticked or other.is_ticked]


def _jpeg(path: Path) -> bytes:
    buffer = io.BytesIO()
    with Image.open(path, formats=["PNG"]) as image:
        image.convert("RGB").save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()
