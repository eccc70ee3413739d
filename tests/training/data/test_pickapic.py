import io
import tracemalloc
from collections import Counter
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from studio.domain import ImportRoundsError
from studio.perfusion.pickapic_rows import PICKAPIC_COLUMNS
from studio.perfusion.profile import Profile
from tests.training.data.test_groups import make_round
from training.data.groups import Rounds, read_rounds, split_of
from training.data.pickapic import main, read_pickapic, write_pickapic


def jpeg(shade: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full((16, 16, 3), shade, dtype=np.uint8)).save(buffer, "JPEG")
    return buffer.getvalue()


def row(**changes: object) -> dict[str, object]:
    return {
        "are_different": True,
        "best_image_uid": "a",
        "caption": "a cat in a hat",
        "created_at": datetime(2023, 4, 1, 12),
        "has_label": True,
        "jpg_0": jpeg(10),
        "jpg_1": jpeg(200),
        "label_0": 1.0,
        "label_1": 0.0,
        "user_id": 41,
        **changes,
    }


def write_rows(path, rows):
    pq.write_table(pa.Table.from_pylist(rows, schema=PICKAPIC_COLUMNS), path)


def test_pairs_and_ties_are_read_and_no_answer_is_none(tmp_path):
    rows = [row(), row(label_0=0.5, label_1=0.5), row(has_label=False, label_0=None, label_1=None)]
    write_rows(tmp_path / "rows.parquet", rows)

    counts = read_pickapic(tmp_path / "rows.parquet", tmp_path / "export")

    export = read_rounds(tmp_path / "export")
    assert [each.labels for each in export.rounds] == [(1.0, 0.0), (0.5, 0.5)]
    assert counts == {"": 2, "without an answer": 1}
    assert export.rounds[0].profile == Profile.of(store_id="41")
    assert export.rounds[0].prompt == "a cat in a hat"


def test_a_row_with_a_damaged_picture_is_counted_and_the_others_kept(tmp_path):
    write_rows(tmp_path / "rows.parquet", [row(), row(jpg_1=jpeg(3)[:50]), row(jpg_0=None)])

    counts = read_pickapic(tmp_path / "rows.parquet", tmp_path / "export")

    assert counts == {"": 1, "with a damaged image": 1, "with a missing image": 1}
    assert len(read_rounds(tmp_path / "export").rounds) == 1


def test_a_file_of_something_else_is_refused(tmp_path):
    pq.write_table(pa.table({"caption": ["x"]}), tmp_path / "rows.parquet")

    with pytest.raises(ImportRoundsError, match="not from Pick-a-Pic"):
        read_pickapic(tmp_path / "rows.parquet", tmp_path / "export")


def test_our_rounds_get_the_real_columns(tmp_path):
    rounds = (
        make_round(tmp_path, 1, (1.0, 0.0)),
        make_round(tmp_path, 2, (1.0, 1.0)),
        make_round(tmp_path, 3, (0.0, 0.0)),
        make_round(tmp_path, 4, (1.0, 1.0, 0.0, 0.0)),
    )
    write_pickapic(Rounds(tmp_path, rounds, {}), tmp_path / "rows.parquet")

    table = pq.read_table(tmp_path / "rows.parquet")

    assert table.schema == PICKAPIC_COLUMNS
    rows = table.to_pylist()
    labels = [(each["label_0"], each["label_1"]) for each in rows]
    assert labels == [(1, 0), (0.5, 0.5), (0.5, 0.5), (1, 0), (1, 0), (1, 0), (1, 0)]
    assert all(each["has_label"] for each in rows)
    assert [each["ranking_id"] for each in rows] == [0, 1, 3, 3, 3, 3, 3]
    assert rows[0]["best_image_uid"] == rows[0]["image_0_uid"]
    assert rows[1]["best_image_uid"] == "tie"


def test_pairs_survive_the_journey_both_ways(tmp_path):
    write_rows(tmp_path / "rows.parquet", [row(), row(label_0=0.5, label_1=0.5, user_id=7)])

    main(["read", str(tmp_path / "rows.parquet"), str(tmp_path / "export"), "--min-rounds", "1"])
    main(["write", str(tmp_path / "export"), str(tmp_path / "again.parquet")])

    again = pq.read_table(tmp_path / "again.parquet").to_pylist()
    assert [(each["label_0"], each["label_1"]) for each in again] == [(1.0, 0.0), (0.5, 0.5)]
    assert [each["caption"] for each in again] == ["a cat in a hat"] * 2
    assert len({each["user_id"] for each in again}) == 2


def test_files_of_a_folder_are_read_in_turn_and_pictures_kept_byte_by_byte(tmp_path):
    for number in range(3):
        file = tmp_path / "data" / f"train-{number:05}-of-00003.parquet"
        file.parent.mkdir(exist_ok=True)
        write_rows(file, [row(user_id=number)])

    read_pickapic(tmp_path / "data", tmp_path / "export")

    export = read_rounds(tmp_path / "export")
    assert [each.store_id for each in export.rounds] == ["0", "1", "2"]
    picture = tmp_path / "export" / export.rounds[0].images[0]
    assert picture.suffix == ".jpg"
    assert picture.read_bytes() == jpeg(10)


def test_users_of_whom_too_little_is_known_are_left_out(tmp_path):
    rows = [row(user_id=1)] * 10 + [row(user_id=2)] * 9
    rows += [row(user_id=2, has_label=False, label_0=None, label_1=None)]
    write_rows(tmp_path / "rows.parquet", rows)

    counts = read_pickapic(tmp_path / "rows.parquet", tmp_path / "export", min_rounds=10)

    assert counts == {"": 10, "of users with fewer than 10 rounds": 10}
    assert {each.store_id for each in read_rounds(tmp_path / "export").rounds} == {"1"}


def test_rounds_fall_into_parts_of_eight_to_one_to_one(tmp_path):
    write_rows(tmp_path / "rows.parquet", [row()] * 600)

    read_pickapic(tmp_path / "rows.parquet", tmp_path / "export")

    parts = Counter(split_of(each) for each in read_rounds(tmp_path / "export").rounds)
    assert parts["train"] == pytest.approx(480, abs=40)
    assert parts["validation"] == pytest.approx(60, abs=25)
    assert parts["test"] == pytest.approx(60, abs=25)


def test_pictures_can_be_brought_to_the_size_that_a_generator_draws(tmp_path):
    write_rows(tmp_path / "rows.parquet", [row()])

    read_pickapic(tmp_path / "rows.parquet", tmp_path / "export", side_px=24)

    [each] = read_rounds(tmp_path / "export").rounds
    with Image.open(tmp_path / "export" / each.images[0]) as picture:
        assert picture.size == (24, 24)


def test_only_a_few_rows_are_in_memory_at_a_time(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "JPEG", quality=95)
    picture = buffer.getvalue()
    rows = [row(jpg_0=picture, jpg_1=picture)] * 64
    with pq.ParquetWriter(tmp_path / "rows.parquet", PICKAPIC_COLUMNS) as writer:
        for _ in range(12):
            writer.write_table(pa.Table.from_pylist(rows, schema=PICKAPIC_COLUMNS))

    tracemalloc.start()
    before = pa.total_allocated_bytes()
    read_pickapic(tmp_path / "rows.parquet", tmp_path / "export")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    whole = 12 * 64 * 2 * len(picture)
    assert peak + pa.total_allocated_bytes() - before < whole / 3


@pytest.mark.parametrize("source", ["nothing.parquet", "empty"])
def test_a_source_that_is_not_there_is_a_sentence(tmp_path, source, capsys):
    (tmp_path / "empty").mkdir()

    assert main(["read", str(tmp_path / source), str(tmp_path / "export")]) == 2
    assert "no Parquet files" in capsys.readouterr().err
