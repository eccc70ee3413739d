"""Ratings of raters with a planted taste, on a tiny real CLIP; and every kind of bad table."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.domain import StudioError
from tests.tiny_reward_models import IMAGE_SIZE_PX, save_tiny_backbone
from tests.training.tiny_rounds import picture
from tests.training.tiny_taste import LEARNS
from training.config import RewardConfig
from training.data.groups import split_of
from training.data.own_fields import schema_of
from training.data.rated_rounds import GROUP, Grouping, bring_pictures, write_rated_rounds
from training.data.ratings import Ratings, RatingsError, RatingTable, read_ratings
from training.evaluate import main
from training.evaluation.people import PeopleEvaluation, run
from training.results import Figure, read_results

IMAGES, RATERS = 100, 14
SIDE = (2 * IMAGE_SIZE_PX, 2 * IMAGE_SIZE_PX)


def save_pictures(folder: Path, count: int = IMAGES) -> None:
    """Every other one is light, with an ending that the table doesn't tell."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number in range(count):
        picture(rng, number % 2 == 0, SIDE).save(folder / f"picture {number}.png")


def write_planted(folder: Path) -> Path:
    """Half of the raters like light pictures, the others dark ones, and half of each tell so.

    With semicolons, decimal commas and in UTF-16.
    """
    save_pictures(folder / "images")
    rng = np.random.default_rng(1)
    path = folder / "ratings.csv"
    with path.open("w", encoding="utf-16", newline="") as file:
        lines = csv.writer(file, delimiter=";")
        lines.writerow(["Rater", "File", "Given", "Mood", "Age"])
        for rater in range(RATERS):
            likes_light = rater % 2 == 0
            for number in range(IMAGES):
                liked = (number % 2 == 0) == likes_light
                given = f"{3 + liked + rng.normal(0, 0.3):.2f}".replace(".", ",")
                mood = ("sunny" if likes_light else "gloomy") if rater % 4 < 2 else ""
                lines.writerow([f"r{rater}", f"picture {number}", given, mood, 20 + rater])
        lines.writerow(["r0", "picture 1", "much", "sunny", 20])
        lines.writerow(["r0", "picture 0", "4", "sunny", 20])
        lines.writerow(["r0", "picture 999", "4", "sunny", 20])
    return path


def planted(folder: Path, kind: str = "clip") -> PeopleEvaluation:
    save_tiny_backbone(kind, folder / kind)
    recipe = RewardConfig(backbone=str(folder / kind), variant="text-only")
    quick: dict[str, object] = {**LEARNS, "steps": 0, "text_first_steps": 80}
    return PeopleEvaluation(
        ratings=RatingTable(
            file=write_planted(folder),
            user="rater",
            image="file",
            rating="given",
            user_fields=("mood", "age"),
        ),
        images=folder / "images",
        grouping=Grouping(prompt="dress", new_users=0.3),
        personal=replace(recipe, **quick),  # type: ignore[arg-type]  # numbers of that table
        taught=2,
        work=folder / "work",
        results=folder / "results",
    )


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Figure]]:
    folder = tmp_path_factory.mktemp("people")
    return folder, run(planted(folder), "python -m training.evaluate people")


def test_a_taste_is_found_that_no_mean_knows(measured: tuple[Path, dict[str, Figure]]):
    folder, figures = measured

    assert read_results(folder / "results" / "people.json") == figures
    own = figures["gauc_perfusionrm"]
    assert own.value > 0.85
    for name in ("item_mean", "crowd_mean", "no_profile", "aesthetics", "frozen_clip"):
        assert figures[f"gauc_{name}"].value < 0.7
        assert figures[f"gain_over_{name}"].low > 0
        gained = own.value - figures[f"gauc_{name}"].value
        assert figures[f"gain_over_{name}"].value == pytest.approx(gained)
    assert figures["gauc_shuffled_profiles"].value < own.low
    assert figures["gauc_item_mean"].high < figures["gauc_fields_only"].value < own.value
    assert figures["relative_gain"].low > 0


def test_new_raters_are_told_apart_and_their_answers_count_at_once(
    measured: tuple[Path, dict[str, Figure]],
):
    _, figures = measured

    assert figures["new_users"].value == 4
    assert figures["raters"].value == RATERS
    assert figures["gauc_new_users_perfusionrm"].value > figures["gauc_new_users_item_mean"].value
    assert figures["gauc_new_users_taste_at_once"].value > 0.85
    assert figures["gain_new_users_taste_at_once"].value > 0.05
    assert "gauc_new_users_shuffled_profiles" not in figures


def test_what_is_left_out_is_counted_by_reason(measured: tuple[Path, dict[str, Figure]]):
    _, figures = measured

    assert figures["left_out_that_are_no_numbers"].value == 1
    assert figures["left_out_that_repeat_a_user_and_an_image"].value == 1
    assert figures["left_out_with_a_missing_image"].value == 1
    assert figures["images"].value == IMAGES
    assert figures["rounds"].value + figures["groups_without_a_difference"].value == (
        RATERS * IMAGES / GROUP
    )


def test_a_backbone_of_one_tower_is_refused(tmp_path):
    with pytest.raises(StudioError, match=r"in one tower.*--backbone"):
        run(planted(tmp_path, "vilt"), "command")


# --- From ratings to rounds -------------------------------------------------------------------


def rated(raters: int = 4, images: int = 50) -> Ratings:
    given = {f"image-{place}": float(place) for place in range(images)}
    fields = {f"r{rater}": {"region": "north west"} for rater in range(raters)}
    return Ratings({f"r{rater}": given for rater in range(raters)}, fields)


def save_blanks(folder: Path, names: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for place, name in enumerate(names):
        Image.new("RGB", (8, 8), (place, 0, 0)).save(folder / f"{name}.png")


def test_of_each_group_what_is_above_its_mean_is_ticked_and_groups_are_split_8_to_1_to_1(tmp_path):
    save_blanks(tmp_path / "images", [f"image-{place}" for place in range(50)])
    ratings = bring_pictures(rated(), tmp_path / "images", tmp_path / "export")

    rounds, left = write_rated_rounds(ratings, Grouping(new_users=0.35), tmp_path / "export")

    for each in rounds.rounds:
        given = [ratings.by_rater[each.store_id][name] for name in each.images]
        assert each.labels == tuple(float(value > np.mean(given)) for value in given)
    parts = {
        part: sum(split_of(each) == part for each in rounds.rounds)
        for part in ("train", "validation", "test", "new-stores")
    }
    assert parts == {"train": 24, "validation": 3, "test": 3, "new-stores": 10}
    assert not left.left_out
    for rater in ratings.by_rater:  # no image comes to a rater twice
        shown = [name for each in rounds.rounds if each.store_id == rater for name in each.images]
        assert len(shown) == len(set(shown)) == 50


def test_fields_are_the_raters_own_even_if_a_fashion_store_has_one_of_that_name(tmp_path):
    save_blanks(tmp_path / "images", [f"image-{place}" for place in range(50)])
    ratings = bring_pictures(rated(), tmp_path / "images", tmp_path / "export")

    rounds, _ = write_rated_rounds(ratings, Grouping(), tmp_path / "export")

    schema = schema_of(rounds)
    assert schema is not None
    assert schema.field("region").values == ("north west",)


def test_small_and_equal_groups_are_left_out_and_counted(tmp_path):
    ratings = rated(raters=4, images=23)
    by_rater = {
        **ratings.by_rater,
        "few": {f"image-{place}": 1.0 for place in range(4)},
        "bored": {f"image-{place}": 3.0 for place in range(10)},
    }
    save_blanks(tmp_path / "images", [f"image-{place}" for place in range(23)])
    brought = bring_pictures(
        replace(ratings, by_rater=by_rater), tmp_path / "images", tmp_path / "export"
    )

    rounds, left = write_rated_rounds(brought, Grouping(), tmp_path / "export")

    assert left.left_out == {
        "of users with fewer than five usable images": 4,
        "in groups without a difference": 10,
        "left over from groups of five": 4 * 3,
    }
    assert {each.store_id for each in rounds.rounds} == set(ratings.by_rater)


def test_images_are_found_by_name_and_bad_ones_are_counted(tmp_path):
    images = tmp_path / "images"
    save_blanks(images, ["one"])
    save_blanks(images / "a", ["one", "two", "same"])
    save_blanks(images / "b", ["one", "two", "three", "same"])
    (images / "damaged.jpg").write_bytes(b"no picture")
    Image.new("RGB", (100, 4)).save(images / "narrow.png")
    names = ["ONE.png", "a/two", "b\\same.png", "same", "damaged", "narrow", "../one.png"]

    found = bring_pictures(Ratings({"r": dict.fromkeys(names, 1.0)}), images, tmp_path / "export")

    assert found.count == 3
    assert found.left_out == {
        "with an image name that fits several files": 1,
        "with a damaged image": 1,
        "with an image that is too large or too narrow": 1,
        "with a missing image": 1,
    }
    assert all((tmp_path / "export" / name).is_file() for name in found.by_rater["r"])


def test_the_wide_form_says_the_same(tmp_path):
    (tmp_path / "wide.csv").write_text("image,R1,R2\na.jpg,4,2\nb.jpg,1,\n", encoding="utf-8")
    (tmp_path / "users.csv").write_text("user;age;likes\nR1;24;x\nR2;;y\n", encoding="utf-8-sig")

    found = read_ratings(
        RatingTable(
            file=tmp_path / "wide.csv",
            wide=True,
            user_fields=("age", "likes"),
            users=tmp_path / "users.csv",
        )
    )

    assert found.by_rater == {"r1": {"a.jpg": 4.0, "b.jpg": 1.0}, "r2": {"a.jpg": 2.0}}
    assert found.fields == {"r1": {"age": 24.0, "likes": "x"}, "r2": {"likes": "y"}}
    assert not found.left_out


# --- Bad input --------------------------------------------------------------------------------

LONG = "user,image,rating\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (LONG.encode(), "no rating that can be used"),
        (b"user,file,rating\na,b,3\n", r"no column “image”.*user, file, rating.*--image-column"),
        (LONG.encode() + b"a,b,good\na,c,\na,d,nan\n", "3 that are no numbers"),
        (LONG.encode() + b",b,3\na,,3\n", "2 without a user or an image"),
        (LONG.encode() + b"a,caf\xe9,3\n", "1 in lines that can't be read"),
        ("user,image,rätsel\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_a_table_that_says_nothing_is_refused_with_a_sentence(tmp_path, content, sentence):
    (tmp_path / "ratings.csv").write_bytes(content)

    with pytest.raises(RatingsError, match=sentence):
        read_ratings(RatingTable(file=tmp_path / "ratings.csv"))


def test_files_that_are_not_there_are_named(tmp_path):
    with pytest.raises(RatingsError, match=r"absent\.csv can't be opened"):
        read_ratings(RatingTable(file=tmp_path / "absent.csv"))
    with pytest.raises(RatingsError, match="no folder"):
        bring_pictures(rated(), tmp_path / "absent", tmp_path / "export")
    (tmp_path / "images").mkdir()
    with pytest.raises(RatingsError, match=r"200 with a missing image.*has to hold them"):
        bring_pictures(rated(), tmp_path / "images", tmp_path / "export")


@pytest.mark.parametrize(
    ("ratings", "sentence"),
    [
        (rated(raters=1), "All ratings are by one rater, “r0”"),
        (rated(images=4), "16 of users with fewer than five usable images.*Bring at least"),
        (rated(images=9), "4 groups of five can be made, too few"),
    ],
)
def test_too_little_is_told(tmp_path, ratings, sentence):
    with pytest.raises(RatingsError, match=sentence):
        write_rated_rounds(ratings, Grouping(), tmp_path)


@pytest.mark.parametrize(
    ("users", "sentence"),
    [
        ("user,sex\na,f\n", "no column “age”"),
        ("user,age\na,3\na,4\n", "more than one line for “a”"),
    ],
)
def test_a_table_of_users_that_cannot_be_used_is_told(tmp_path, users, sentence):
    (tmp_path / "ratings.csv").write_text(LONG + "a,b,3\n", encoding="utf-8")
    (tmp_path / "users.csv").write_text(users, encoding="utf-8")
    table = RatingTable(
        file=tmp_path / "ratings.csv", user_fields=("age",), users=tmp_path / "users.csv"
    )

    with pytest.raises(RatingsError, match=sentence):
        read_ratings(table)
    with pytest.raises(RatingsError, match="with --users"):
        read_ratings(replace(table, wide=True, users=None))


def test_the_command_tells_it_in_one_line(tmp_path, capsys):
    absent = ["people", "--ratings", str(tmp_path / "absent.csv"), "--images", str(tmp_path)]

    assert main(absent) == 2
    assert "Check the path" in capsys.readouterr().err
    assert main([*absent, "--new-users", "1"]) == 2
    assert "--new-users is a share" in capsys.readouterr().err
    assert main([*absent, "--set", "stepps=3"]) == 2
