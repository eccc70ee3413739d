from pathlib import Path

import numpy as np
import pytest
import torch

from training.data.kept_rows import KeptRows


def rows(*numbers: int) -> dict[str, torch.Tensor]:
    return {f"row {number}": torch.full((2, 3), float(number)) for number in numbers}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    kept = KeptRows(tmp_path / "kept" / "a.rows", np.float16)
    kept.add(rows(0, 1))
    kept.add(rows(2))
    return tmp_path / "kept" / "a.rows"


def test_rows_come_back_under_their_names_in_the_order_asked_for(file: Path):
    found = KeptRows(file, np.float16).of(["row 2", "row 0"])

    assert found.shape == (2, 2, 3)
    assert found[0].tolist() == [[2.0] * 3] * 2
    assert found[[1, 0, 1]][:, 0, 0].tolist() == [0.0, 2.0, 0.0]
    assert found[0].dtype == torch.float32


def test_a_name_that_was_never_kept_has_no_row(file: Path):
    kept = KeptRows(file, np.float16)

    assert "row 1" in kept
    assert "row 7" not in kept
    with pytest.raises(KeyError):
        kept.of(["row 7"])


def test_rows_are_added_behind_those_of_an_earlier_process(file: Path):
    again = KeptRows(file, np.float16)
    again.add(rows(5))

    found = KeptRows(file, np.float16).of(["row 5", "row 1"])
    assert found[[0, 1]][:, 0, 0].tolist() == [5.0, 1.0]


@pytest.mark.parametrize("lost_bytes", [1, 12, 13])
def test_after_a_crash_all_whole_rows_are_there_and_the_table_grows_on(file: Path, lost_bytes: int):
    file.write_bytes(file.read_bytes()[:-lost_bytes])

    kept = KeptRows(file, np.float16)
    missing = [name for name in rows(0, 1, 2) if name not in kept]
    kept.add({name: row for name, row in rows(0, 1, 2).items() if name in missing})

    assert missing
    found = KeptRows(file, np.float16).of(list(rows(0, 1, 2)))
    assert found[[0, 1, 2]][:, 0, 0].tolist() == [0.0, 1.0, 2.0]


def test_a_name_whose_line_was_not_finished_does_not_count(file: Path):
    with file.with_suffix(".names").open("a") as names:
        names.write("row 9")

    kept = KeptRows(file, np.float16)
    kept.add(rows(3))

    assert "row 9" not in kept
    assert KeptRows(file, np.float16).of(["row 3"])[0][0, 0] == 3.0


@pytest.mark.parametrize("content", ["", "{", "[]\n", '{"format": "other"}\n', "\x00\n"])
def test_a_file_of_another_kind_counts_as_none(file: Path, content: str):
    file.with_suffix(".names").write_text(content)

    kept = KeptRows(file, np.float16)

    assert "row 0" not in kept
    kept.add(rows(4))
    assert KeptRows(file, np.float16).of(["row 4"])[0][0, 0] == 4.0
