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

from studio.perfusion.pickapic_rows import PICKAPIC_COLUMNS

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

    A round gives a row for each pair of which at least one was ticked; two ticked ones are a tie.
    A pair without a tick is no row at all: whoever reads `label_0` alone, as trainers do, would
    take its 0 for an answer. Stores are numbered in the order of their keys.
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
            "best_image_uid": winner if ticks == 1 else "tie",
            "caption": each.prompt,
            "created_at": each.answered_at.replace(tzinfo=None),
            "has_label": True,
            "image_0_uid": first.name,
            "image_1_uid": second.name,
            "jpg_0": jpegs[first.name],
            "jpg_1": jpegs[second.name],
            "label_0": first.is_ticked / ticks,
            "label_1": second.is_ticked / ticks,
            "model_0": each.model,
            "model_1": each.model,
            "ranking_id": ranking_id,
            "user_id": user_id,
            "num_example_per_prompt": len(pairs),
        }


def _pairs(pictures: Sequence[Picture]) -> list[tuple[Picture, Picture]]:
    pairs = combinations(pictures, 2)
    return [(one, other) for one, other in pairs if one.is_ticked or other.is_ticked]


def _jpeg(path: Path) -> bytes:
    buffer = io.BytesIO()
    with Image.open(path, formats=["PNG"]) as image:
        image.convert("RGB").save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()
