import json
import os
from datetime import UTC, datetime

import pytest

from studio.domain import ValueKindError
from studio.values import (
    LARGEST_WHOLE,
    Sent,
    check_plain,
    json_of,
    moment,
    number,
    regular_file,
    short,
    text,
    typed_whole,
    whole,
)

HALF = "\ud83d"
"""Half of a surrogate pair."""


def nested(depth: int) -> list[object]:
    value: list[object] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("value", [1, 1.0, 12, 0, LARGEST_WHOLE])
def test_whole_numbers_are_taken_as_sliders_send_them(value):
    assert whole("count", value) == value
    assert isinstance(whole("count", value), int)


@pytest.mark.parametrize(
    "value",
    [-1, 10**30, 10**400, 2**63, 1.5, 1e300, float("nan"), float("inf"), True, "3", None, [], {}],
)
def test_what_is_no_usable_whole_number_is_told(value):
    with pytest.raises(ValueKindError, match="count should be a whole number, not"):
        whole("count", value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, -0.1, 2.1, True, "1", None])
def test_what_is_no_number_of_the_range_is_told(value):
    with pytest.raises(ValueKindError, match="strength should be a number from 0 to 2, not"):
        number("strength", value, 0, 2)


@pytest.mark.parametrize("value", [HALF, "x" * 11, 3, None, ["red"]])
def test_what_is_no_text_that_can_be_kept_is_told(value):
    with pytest.raises(ValueKindError, match="phrase"):
        text("phrase", value, 10)


@pytest.mark.parametrize("typed", ["", "abc", "9" * 4_301, "-1", "1.0", "²", "0x10", "1" * 20])
def test_what_was_typed_and_is_no_whole_number_is_told(typed):
    with pytest.raises(ValueKindError, match="store should be a whole number"):
        typed_whole("store", typed)


def test_a_typed_number_may_have_spaces_around_it():
    assert typed_whole("store", " 12 ") == 12


@pytest.mark.parametrize(
    "value",
    [
        "148000-01-01T00:00:00+00:00",
        "1969-12-31T23:59:59",
        "2200-01-01",
        "soon",
        12,
        None,
        "9" * 99,
    ],
)
def test_a_time_from_another_age_is_told(value):
    with pytest.raises(ValueKindError, match="a time from 1970 up to 2200"):
        moment("made_at", value)


def test_a_time_without_a_zone_is_utc():
    assert moment("made_at", "2026-11-29T12:00:00") == datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        "[" * 100 + "]" * 100,
        "9" * 5_000,
        "9" * 400,
        "1" + "0" * 30,
        "NaN",
        "[Infinity]",
        "1e999",
        json.dumps(HALF),
        json.dumps({HALF: 1}),
        json.dumps([0] * 30_000),
        '"' + "x" * 1_000_001 + '"',
        "{",
        "",
        None,
        b"{}",
    ],
)
def test_json_that_nothing_can_use_is_told(content):
    with pytest.raises(ValueKindError, match="The recipe"):
        json_of("The recipe", content)


def test_json_of_the_studio_passes():
    record = {"prompt": "连衣裙", "seed": 2**32 - 1, "list": [1.5, None, True, {"a": ["b"]}]}

    assert json_of("The recipe", json.dumps(record)) == record


@pytest.mark.parametrize("depth", [13, 1_000, 100_000])
def test_depth_is_counted_without_recursion(depth):
    with pytest.raises(ValueKindError, match="nested too deeply"):
        check_plain("What was sent", nested(depth))


def test_any_value_can_be_quoted_shortly():
    values = [10**5_000, nested(100_000), "x" * 10**6, HALF, [1] * 10**5, b"\0", float("nan")]

    assert all(len(short(value).encode()) <= 80 for value in values)


def test_many_values_beside_each_other_are_not_deep():
    check_plain("What was sent", [[1, [2]], {"a": [3], "b": {"c": 4}}] * 100)


def test_entries_of_a_record_are_checked_as_they_are_read():
    asked = Sent({"id": 3, "ids": [1, 2], "name": "Anna", "kept": True, "none": None})

    assert (asked.whole("id"), asked.wholes("ids"), asked.text("name")) == (3, (1, 2), "Anna")
    assert asked.truth("kept")
    assert not asked.truth("absent")
    assert asked.whole_or_none("none") is None
    for read in (asked.record, asked.wholes, asked.texts, asked.truth, asked.whole):
        with pytest.raises(ValueKindError, match="name should be"):
            read("name")


@pytest.mark.parametrize("record", [None, [], "id", 7])
def test_what_is_no_record_has_no_entries(record):
    with pytest.raises(ValueKindError, match="id should be a whole number, not None"):
        Sent(record).whole("id")


def test_only_regular_files_are_files(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "table").write_text("x")
    (tmp_path / "outside").write_text("x")
    os.mkfifo(tmp_path / "in" / "pipe")
    (tmp_path / "in" / "loop").symlink_to("loop")
    (tmp_path / "in" / "out").symlink_to("../outside")

    found = {
        name: regular_file(tmp_path / "in" / name, within=tmp_path / "in")
        for name in ("table", "pipe", "loop", "out", "absent", "x" * 300, "a\0b", ".")
    }

    assert [name for name, path in found.items() if path] == ["table"]
    assert regular_file(tmp_path / "in" / "out") == tmp_path / "outside"
