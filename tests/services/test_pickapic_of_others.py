"""Pick-a-Pic's rows after other tools saved them: what training takes the studio takes too."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from studio.domain import ImportRoundsError
from studio.perfusion.pickapic_rows import PICKAPIC_COLUMNS
from studio.services.import_rounds import RoundImport
from studio.storage.database import IN_MEMORY, Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles
from studio.storage.stores import StoreStore
from training.data.groups import read_images, read_rounds
from training.data.pickapic import read_pickapic

WHEN = datetime(2023, 4, 1, 12, tzinfo=UTC)


def encoded(colour: str, kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(file, kind)
    return file.getvalue()


RED, BLUE = encoded("red"), encoded("blue")
ROW: dict[str, Any] = {
    "caption": "a red dress",
    "created_at": WHEN.replace(tzinfo=None),
    "has_label": True,
    "jpg_0": RED,
    "jpg_1": BLUE,
    "label_0": 1.0,
    "label_1": 0.0,
    "user_id": 7,
}
FEATURE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


@pytest.fixture
def other(tmp_path: Path) -> Iterator[tuple[Database, ImageFiles]]:
    database = Database(IN_MEMORY)
    yield database, ImageFiles(tmp_path / "images-of-a-studio")
    database.close()


def saved(file: Path, *rows: dict[str, Any], **types: pa.DataType) -> Path:
    """Rows with some columns of other types."""
    schema = pa.schema([(each.name, types.get(each.name, each.type)) for each in PICKAPIC_COLUMNS])
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), file)
    return file


def both_doors(file: Path, other: tuple[Database, ImageFiles]) -> tuple[Any, Any]:
    """What training makes of a file, and what the studio makes of it."""
    counts = dict(read_pickapic(file, file.parent / "export"))
    imported = RoundImport(*other).read_folder(file)
    assert imported.rounds == counts.pop("", 0)
    assert dict(imported.skipped) == counts
    return read_rounds(file.parent / "export").rounds, GroupStore(other[0])


RETYPED: dict[str, Any] = {
    "image feature": ({"jpg_0": {"bytes": RED, "path": None}}, {"jpg_0": FEATURE}),
    "large binary": ({}, {"jpg_0": pa.large_binary(), "caption": pa.large_string()}),
    "text as time": ({"created_at": "2023-04-01 12:00:00"}, {"created_at": pa.string()}),
    "iso as time": ({"created_at": "2023-04-01T14:00:00+02:00"}, {"created_at": pa.string()}),
    "zulu time": ({"created_at": "2023-04-01T12:00:00Z"}, {"created_at": pa.string()}),
    "seconds": ({"created_at": int(WHEN.timestamp())}, {"created_at": pa.int64()}),
    "milliseconds": ({"created_at": int(1000 * WHEN.timestamp())}, {"created_at": pa.int64()}),
    "microseconds": ({}, {"created_at": pa.timestamp("us")}),
    "with a zone": ({"created_at": WHEN}, {"created_at": pa.timestamp("us", tz="UTC")}),
    "labels as text": (
        {"label_0": "1.0", "label_1": "0"},
        {"label_0": pa.string(), "label_1": pa.string()},
    ),
    "labels as whole numbers": (
        {"label_0": 1, "label_1": 0},
        {"label_0": pa.int32(), "label_1": pa.int32()},
    ),
    "has_label as number": ({"has_label": 1}, {"has_label": pa.int8()}),
    "has_label as text": ({"has_label": "True"}, {"has_label": pa.string()}),
    "user as float": ({"user_id": 7.0}, {"user_id": pa.float64()}),
    "user as text": ({"user_id": "7"}, {"user_id": pa.string()}),
    "webp": ({"jpg_0": encoded("red", "WEBP")}, {}),
    "png": ({"jpg_0": encoded("red", "PNG")}, {}),
}


@pytest.mark.parametrize("name", RETYPED)
def test_both_doors_take_rows_of_other_types(tmp_path, other, name):
    changes, types = RETYPED[name]
    file = saved(tmp_path / "rows.parquet", {**ROW, **changes}, **types)

    [taught], groups = both_doors(file, other)

    assert (taught.labels, taught.store_id, taught.made_at) == ((1.0, 0.0), "7", WHEN)
    group = groups.get(1)
    assert group.made_at == WHEN
    assert group.selected_ids == {group.candidates[0].id}
    assert [store.key for store in StoreStore(other[0]).all()] == ["7"]


def test_a_day_is_a_time(tmp_path, other):
    file = saved(
        tmp_path / "rows.parquet", {**ROW, "created_at": date(2023, 4, 1)}, created_at=pa.date32()
    )

    [taught], _ = both_doors(file, other)

    assert taught.made_at == datetime(2023, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize("nobody", [None, "", "None", "nan", float("nan")])
def test_rows_of_nobody_join_no_store(tmp_path, other, nobody):
    kind = {str: pa.string(), float: pa.float64()}.get(type(nobody), pa.int64())
    file = saved(tmp_path / "rows.parquet", {**ROW, "user_id": nobody}, user_id=kind)

    [taught], groups = both_doors(file, other)

    assert taught.store_id == ""
    assert groups.get(1).request.store_id is None
    assert StoreStore(other[0]).all() == ()


UNUSABLE = [
    ({"has_label": False}, {}, "without an answer"),
    ({"has_label": None}, {}, "without an answer"),
    ({"label_0": 0.0}, {}, "without an answer"),
    ({"label_0": None}, {}, "with ticks that are no numbers from 0 to 1"),
    ({"label_0": float("nan")}, {}, "with ticks that are no numbers from 0 to 1"),
    ({"label_0": -1.0}, {}, "with ticks that are no numbers from 0 to 1"),
    ({"label_0": "yes"}, {"label_0": pa.string()}, "with ticks that are no numbers from 0 to 1"),
    ({"caption": None}, {}, "without a caption"),
    ({"caption": " "}, {}, "without a caption"),
    ({"caption": 3}, {"caption": pa.int64()}, "without a caption"),
    ({"created_at": None}, {}, "without a time that can be read"),
    ({"created_at": "yesterday"}, {"created_at": pa.string()}, "without a time that can be read"),
    ({"jpg_0": None}, {}, "with a missing image"),
    ({"jpg_0": {"bytes": None, "path": "/etc/passwd"}}, {"jpg_0": FEATURE}, "with a missing image"),
    ({"jpg_0": b""}, {}, "with a damaged image"),
    ({"jpg_0": RED[:200]}, {}, "with a damaged image"),
    ({"jpg_0": encoded("red", "GIF")}, {}, "with a damaged image"),
]


@pytest.mark.parametrize(("changes", "types", "reason"), UNUSABLE)
def test_both_doors_leave_out_the_same_rows_for_the_same_reason(
    tmp_path, other, changes, types, reason
):
    good: dict[str, Any] = (
        {"jpg_0": {"bytes": BLUE, "path": None}} if types.get("jpg_0") == FEATURE else {}
    )
    if "label_0" in types:
        good = {"label_0": "1"}
    if "caption" in types:
        good = {"caption": None}
    if "created_at" in types:
        good = {"created_at": "2023-04-01"}
    rows = ({**ROW, **changes}, {**ROW, **good})
    file = saved(tmp_path / "rows.parquet", *rows, **types)

    counts = dict(read_pickapic(file, tmp_path / "export"))
    imported = RoundImport(*other).read_folder(file)

    assert counts.get("", 0) == imported.rounds
    assert reason in counts
    assert imported.skipped == {name: count for name, count in counts.items() if name}


def test_a_folder_of_files_is_read_as_well(tmp_path, other):
    for number in range(2):
        saved(tmp_path / "hub" / f"train-{number}.parquet", {**ROW, "caption": f"dress {number}"})

    assert RoundImport(*other).read_folder(tmp_path / "hub").rounds == 2
    assert RoundImport(*other).read_folder(tmp_path / "hub").rounds == 0


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no table"])
def test_a_file_of_something_else_is_a_sentence(tmp_path, other, content):
    (tmp_path / "rows.parquet").write_bytes(content)

    with pytest.raises(ImportRoundsError, match="no export of rounds"):
        RoundImport(*other).read_folder(tmp_path / "rows.parquet")


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_an_export_of_pictures_of_any_kind_goes_through_both_doors(tmp_path, other, kind):
    rows = {**ROW, "jpg_0": encoded("red", kind), "jpg_1": encoded("blue", kind)}
    read_pickapic(saved(tmp_path / "rows.parquet", rows), tmp_path / "export")

    imported = RoundImport(*other).read_folder(tmp_path / "export")

    assert (imported.rounds, dict(imported.skipped)) == (1, {})
    [taught] = read_rounds(tmp_path / "export").rounds
    shown = [other[1].load(each.image) for each in GroupStore(other[0]).get(1).candidates]
    for array, image in zip(read_images(tmp_path / "export", taught.images), shown, strict=True):
        assert Image.fromarray(np.asarray(array)).tobytes() == image.convert("RGB").tobytes()


@pytest.mark.parametrize("column", ["made_at", "labels", "prompt"])
def test_both_doors_take_an_export_whose_columns_have_other_types(tmp_path, other, column):
    read_pickapic(saved(tmp_path / "rows.parquet", ROW), tmp_path / "export")
    file = tmp_path / "export" / "rounds.parquet"
    kinds = {
        "made_at": pa.timestamp("ms", tz="Asia/Shanghai"),
        "labels": pa.list_(pa.float32()),
        "prompt": pa.large_string(),
    }
    table = pq.read_table(file)
    place = table.schema.get_field_index(column)
    pq.write_table(table.set_column(place, column, table[column].cast(kinds[column])), file)

    [taught] = read_rounds(tmp_path / "export").rounds

    assert (taught.made_at, taught.labels) == (WHEN, (1.0, 0.0))
    assert RoundImport(*other).read_folder(tmp_path / "export").rounds == 1
