"""Pick-a-Pic's rows as anybody may have saved them: the one reader, for the studio and training.

The columns are those of `yuvalkirstain/pickapic_v1` and `_v2`. A row is a pair of pictures;
`label_0` and `label_1` are 1 and 0, 0 and 1, or 0.5 and 0.5 for a tie. Other tools save the same
rows with other types: pictures as structures, times as texts, numbers as texts. The names of the
columns are checked once, and each value by itself.
"""

import io
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from studio.domain import ImportRoundsError
from studio.perfusion.pictures import PictureError, read_picture

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
_NEEDED = ("caption", "created_at", "has_label", "jpg_0", "jpg_1", "label_0", "label_1", "user_id")
_READ = (*_NEEDED, "model_0")
_ROWS_AT_ONCE = 64
_TRUE, _FALSE = ("true", "1", "1.0", "yes"), ("false", "0", "0.0", "no", "", "none", "null", "nan")
_NOBODY = ("", "none", "null", "nan", "<na>")
_SECONDS_PER_UNIT = (1, 1e-3, 1e-6, 1e-9)
_LATEST_SECOND = 253_402_300_800  # the end of the year 9999


class UnusableRowError(ValueError):
    """A row that can't be used; the message goes on "rows ..."."""


@dataclass(frozen=True, kw_only=True)
class PickapicRow:
    """A pair with its answer.

    Attributes:
        caption: the prompt.
        pictures: both files, as they were; each can be decoded.
        labels: of both, from 0 to 1.
        created_at: in UTC.
        user_id: who answered; "" where nobody says.
        model: what drew the first picture; "" where nobody says.
    """

    caption: str
    pictures: tuple[bytes, bytes]
    labels: tuple[float, float]
    created_at: datetime
    user_id: str
    model: str


def is_pickapic(file: Path) -> bool:
    """Whether a Parquet file has Pick-a-Pic's columns."""
    try:
        return set(_NEEDED) <= set(pq.read_schema(file).names)
    except (OSError, pa.ArrowException):
        return False


def open_rows(file: Path) -> pq.ParquetFile:
    """A file, once it is sure that it has what is needed.

    Raises:
        ImportRoundsError: it is from somewhere else, or damaged.
    """
    try:
        parquet = pq.ParquetFile(file)
    except (OSError, pa.ArrowException) as error:
        raise ImportRoundsError(f"{file} can't be read as Parquet. Download it again.") from error
    missing = set(_NEEDED) - set(parquet.schema_arrow.names)
    if missing:
        raise ImportRoundsError(f"{file} is not from Pick-a-Pic: it lacks {sorted(missing)}.")
    return parquet


def answers_of_users(file: Path) -> Iterator[str]:
    """The user of each labelled row; pictures are not read.

    Raises:
        ImportRoundsError: see `open_rows`.
    """
    for record in _records(file, ("user_id", "has_label")):
        if record is not None and _truth(record["has_label"]):
            yield _user(record["user_id"])


def pickapic_rows(
    file: Path, is_wanted: Callable[[str], bool] = lambda _user: True
) -> Iterator[PickapicRow | UnusableRowError | None]:
    """Each row, or why it can't be used; None for users who are not wanted.

    Args:
        file: Parquet; a few rows at a time are in memory.
        is_wanted: of a user's number, asked before any picture is decoded.

    Raises:
        ImportRoundsError: see `open_rows`; or the file is damaged further on.
    """
    for record in _records(file, _READ):
        try:
            if record is None:
                raise UnusableRowError("with values that can't be read")
            yield _row(record) if is_wanted(_user(record["user_id"])) else None
        except UnusableRowError as error:
            yield error


def _records(file: Path, columns: tuple[str, ...]) -> Iterator[dict[str, Any] | None]:
    parquet = open_rows(file)
    names = [name for name in columns if name in parquet.schema_arrow.names]
    try:
        for batch in parquet.iter_batches(batch_size=_ROWS_AT_ONCE, columns=names):
            for place in range(batch.num_rows):
                yield _record(batch, place)
    except (OSError, pa.ArrowException) as error:
        raise ImportRoundsError(f"{file} is damaged. Download it again.") from error


def _record(batch: pa.RecordBatch, place: int) -> dict[str, Any] | None:
    try:
        record: dict[str, Any] = batch.slice(place, 1).to_pylist()[0]
    except (ValueError, OverflowError, pa.ArrowException):  # a time in the year 148,000
        return None
    return record


def _row(record: Mapping[str, Any]) -> PickapicRow:
    caption = record["caption"]
    if not isinstance(caption, str) or not caption.strip():
        raise UnusableRowError("without a caption")
    if not _truth(record["has_label"]):
        raise UnusableRowError("without an answer")
    first, second = _label(record["label_0"]), _label(record["label_1"])
    if not first + second:
        raise UnusableRowError("without an answer")
    model = record.get("model_0")
    return PickapicRow(
        caption=caption,
        pictures=(_picture(record["jpg_0"]), _picture(record["jpg_1"])),
        labels=(first, second),
        created_at=_moment(record["created_at"]),
        user_id=_user(record["user_id"]),
        model=model if isinstance(model, str) else "",
    )


def _picture(value: object) -> bytes:
    """A picture's file: itself, or the bytes in the structure that `datasets` makes of it."""
    content = value.get("bytes") if isinstance(value, Mapping) else value
    if not isinstance(content, bytes):
        raise UnusableRowError("with a missing image")
    try:
        read_picture(io.BytesIO(content))
    except PictureError as error:
        raise UnusableRowError(str(error)) from error
    return content


def _label(value: object) -> float:
    try:
        label = float(value) if isinstance(value, int | float | str) else math.nan
    except ValueError:
        label = math.nan
    if not 0 <= label <= 1:
        raise UnusableRowError("with ticks that are no numbers from 0 to 1")
    return label


def _truth(value: object) -> bool:
    said = str(value).strip().lower()
    if said not in (*_TRUE, *_FALSE):
        raise UnusableRowError("with values that can't be read")
    return said in _TRUE


def _user(value: object) -> str:
    """A user's number or name; pandas makes floating numbers of columns with gaps."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    said = "" if value is None else str(value).strip()
    return "" if said.lower() in _NOBODY else said


def _moment(value: object) -> datetime:
    """A time, whether it is one, a day, an ISO text, or a number of seconds or of parts of them."""
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value.strip())
        elif isinstance(value, int | float) and not isinstance(value, bool):
            value = _since_1970(float(value))
        elif isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day)
        if isinstance(value, datetime):
            plain = datetime.fromisoformat(
                value.isoformat()[:26] if not value.tzinfo else str(value)
            )
            return plain.astimezone(UTC) if plain.tzinfo else plain.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnusableRowError("without a time that can be read") from error
    raise UnusableRowError("without a time that can be read")


def _since_1970(value: float) -> datetime:
    per_unit = next(each for each in _SECONDS_PER_UNIT if abs(value) * each < _LATEST_SECOND)
    return datetime.fromtimestamp(value * per_unit, UTC)
