from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from studio.perfusion.profile import Profile
from training.data.groups import (
    COLUMNS,
    Round,
    RoundsError,
    informative,
    read_images,
    read_rounds,
    save_image,
    split_of,
    with_pictures,
    write_rounds,
)


def picture(shade: int) -> Image.Image:
    return Image.fromarray(np.full((16, 8, 3), shade, dtype=np.uint8))


def make_round(folder: Path, number: int, labels: tuple[float, ...] = (1.0, 0.0)) -> Round:
    shades = [(10 * number + place) % 256 for place in range(len(labels))]
    return Round(
        id=f"round {number}",
        profile=Profile.of(store_id="anna", style=["minimalist"], price=49.5),
        prompt="black dress, v-neck",
        images=tuple(save_image(folder, picture(shade)) for shade in shades),
        labels=labels,
        seeds=tuple(shades),
        made_at=datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC),
        model="atelier",
        split="train",
    )


def test_rounds_survive_the_journey_through_files(tmp_path):
    rounds = (make_round(tmp_path, 1), make_round(tmp_path, 2, (0.0, 0.0, 1.0)))
    write_rounds(tmp_path, rounds)

    read = read_rounds(tmp_path)

    assert read.rounds == rounds
    assert read.skipped == {}


def test_rounds_of_designs_need_no_pictures(tmp_path):
    told = replace(make_round(tmp_path, 1), images=(), designs=('{"version":1}', ""))
    write_rounds(tmp_path, [told, make_round(tmp_path, 2)])

    read = read_rounds(tmp_path)

    assert read.rounds[0] == told
    pictured = with_pictures(read)
    assert [each.id for each in pictured.rounds] == ["round 2"]
    assert pictured.skipped == {"without pictures": 1}


@pytest.mark.parametrize(
    "changes", [{"designs": ("{}",)}, {"lots": ("midi",)}, {"images": ()}, {"labels": ()}]
)
def test_a_round_whose_parts_do_not_match_is_counted(tmp_path, changes):
    write_rounds(tmp_path, [replace(make_round(tmp_path, 1), **changes)])

    assert read_rounds(tmp_path).skipped == {"with images and ticks that do not match": 1}


def test_an_export_from_before_there_were_designs_is_read(tmp_path):
    old = replace(make_round(tmp_path, 1), lots=("midi", "maxi"))
    write_rounds(tmp_path, [old])
    file = tmp_path / "rounds.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["designs"]), file)

    assert read_rounds(tmp_path).rounds == (old,)


def test_the_file_has_the_columns_that_the_studio_writes(tmp_path):
    write_rounds(tmp_path, [make_round(tmp_path, 1)])

    assert pq.read_schema(tmp_path / "rounds.parquet").remove_metadata() == COLUMNS


def test_the_same_picture_is_stored_once(tmp_path):
    names = {save_image(tmp_path, picture(7)) for _ in range(3)}

    assert len(names) == len(list((tmp_path / "images").iterdir())) == 1


def test_rounds_that_tell_nothing_are_counted_by_reason(tmp_path):
    answers = [(1.0, 0.0), (0.0, 0.0), (1.0, 1.0), (1.0,), (0.0,), (0.5, 0.5)]
    write_rounds(tmp_path, [make_round(tmp_path, n, a) for n, a in enumerate(answers)])

    usable = informative(read_rounds(tmp_path))

    assert [each.labels for each in usable.rounds] == [(1.0, 0.0), (0.5, 0.5)]
    assert usable.skipped == {
        "with no tick": 1,
        "with all images ticked": 1,
        "with one image only": 2,
    }
    assert usable.report().startswith("2 rounds, skipped: 1 with all images ticked")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"prompt": " "}, "without a prompt"),
        ({"labels": (1.0,)}, "with images and ticks that do not match"),
        ({"images": ()}, "with images and ticks that do not match"),
        ({"labels": (float("nan"), 0.0)}, "with ticks that are no numbers from 0 to 1"),
        ({"labels": (2.0, 0.0)}, "with ticks that are no numbers from 0 to 1"),
        ({"images": ("images/a.png", "images/b.png")}, "with a missing image"),
        ({"images": ("../a.png", "/b.png")}, "with images outside of the export"),
        ({"split": "holiday"}, "of an unknown split"),
        ({"id": "round 1"}, "that repeat an id"),
    ],
)
def test_a_bad_round_is_skipped_with_its_reason_and_no_good_one_is_lost(tmp_path, changes, reason):
    good = [make_round(tmp_path, 1), make_round(tmp_path, 3)]
    bad = replace(make_round(tmp_path, 2), **changes)
    write_rounds(tmp_path, [good[0], bad, good[1]])

    read = read_rounds(tmp_path)

    assert list(read.rounds) == good
    assert read.skipped == {reason: 1}


def test_what_sales_say_weighs_less_and_is_told(tmp_path):
    sales = replace(make_round(tmp_path, 2), id="sales-7", weight=0.25)
    write_rounds(tmp_path, [make_round(tmp_path, 1), sales])

    read = read_rounds(tmp_path)

    assert [each.weight for each in read.rounds] == [1.0, 0.25]
    assert read.report() == "2 rounds, 1 of them by sales, weighing 0.2, skipped: none"


@pytest.mark.parametrize("weight", [0.0, -1.0, 1.5, float("nan")])
def test_a_round_with_a_weight_that_is_none_is_skipped(tmp_path, weight):
    write_rounds(tmp_path, [replace(make_round(tmp_path, 1), weight=weight)])

    read = read_rounds(tmp_path)

    assert read.skipped == {"with a weight that is not above 0 and up to 1": 1}


def test_exports_from_before_sales_were_counted_weigh_one(tmp_path):
    write_rounds(tmp_path, [make_round(tmp_path, 1)])
    old = pq.read_table(tmp_path / "rounds.parquet").drop_columns(["weight"])
    pq.write_table(old, tmp_path / "rounds.parquet")

    assert [each.weight for each in read_rounds(tmp_path).rounds] == [1.0]


@pytest.mark.parametrize("profile", ["{", "[]", '{"version": 2, "fields": {}}', None])
def test_a_round_with_an_unusable_profile_is_skipped(tmp_path, profile):
    write_rounds(tmp_path, [make_round(tmp_path, 1), make_round(tmp_path, 2)])
    rows = pq.read_table(tmp_path / "rounds.parquet").to_pylist()
    rows[0]["profile"] = profile
    pq.write_table(COLUMNS.empty_table().from_pylist(rows, COLUMNS), tmp_path / "rounds.parquet")

    read = read_rounds(tmp_path)

    assert [each.id for each in read.rounds] == ["round 2"]
    assert sum(read.skipped.values()) == 1


def test_missing_and_damaged_pictures_are_told_apart(tmp_path):
    names = [save_image(tmp_path, picture(shade)) for shade in (1, 2, 3)]
    (tmp_path / names[1]).write_bytes((tmp_path / names[1]).read_bytes()[:40])
    (tmp_path / names[2]).unlink()

    whole, damaged, missing = read_images(tmp_path, names)

    assert isinstance(whole, np.ndarray)
    assert whole.shape == (16, 8, 3)
    assert damaged == "with a damaged image"
    assert missing == "with a missing image"


@pytest.mark.parametrize("damage", ["nothing", "format", "table", "columns"])
def test_an_unreadable_export_is_refused(tmp_path, damage):
    if damage != "nothing":
        write_rounds(tmp_path, [make_round(tmp_path, 1)])
    if damage == "format":
        (tmp_path / "export.json").write_text('{"format": "perfusion-rounds", "version": 2}')
    if damage == "table":
        (tmp_path / "rounds.parquet").write_bytes(b"PAR1")
    if damage == "columns":
        table = pq.read_table(tmp_path / "rounds.parquet").drop_columns(["labels"])
        pq.write_table(table, tmp_path / "rounds.parquet")

    with pytest.raises(RoundsError):
        read_rounds(tmp_path)


def test_undecided_rounds_are_split_eight_to_one_to_one_and_stay_there(tmp_path):
    template = replace(make_round(tmp_path, 1), split="")
    rounds = [replace(template, id=f"id {number}") for number in range(2000)]

    splits = [split_of(each) for each in rounds]

    assert splits.count("train") == pytest.approx(1600, abs=60)
    assert splits.count("validation") == pytest.approx(200, abs=45)
    assert splits.count("test") == pytest.approx(200, abs=45)
    assert [split_of(each) for each in reversed(rounds)] == splits[::-1]


def test_a_decided_round_stays_in_its_split(tmp_path):
    write_rounds(tmp_path, [replace(make_round(tmp_path, 1), split="test")])

    read = read_rounds(tmp_path)

    assert len(read.of_split("test").rounds) == 1
    assert len(read.of_split("train").rounds) == 0
