"""What the evaluation finds out about tastes whose make is known."""

import random
from pathlib import Path

import pytest

from studio.design.families import FAMILIES
from training.atelier.merchants import Merchant, make_merchants
from training.atelier.schools import World, schools
from training.atelier.traits import traits_of
from training.atelier.world import sample_design
from training.evaluate import main
from training.evaluation.market import kinds, shares
from training.results import Figure, read_results

DESIGNS = [sample_design(random.Random(seed)) for seed in range(400)]
SEEN = traits_of(DESIGNS)
BLOCKS, STORES = 2, 800


def stores_of(world: str | World) -> tuple[Merchant, ...]:
    chosen = schools().worlds[world] if isinstance(world, str) else world
    return make_merchants(STORES, 0, DESIGNS, 3, chosen)


@pytest.fixture(scope="module")
def people() -> tuple[Merchant, ...]:
    return stores_of("people")


@pytest.fixture(scope="module")
def found(people) -> dict[str, Figure]:
    return shares(people, SEEN, BLOCKS)


@pytest.mark.parametrize(
    ("name", "wanted"), [("share_shared", 0.20), ("share_told", 0.45), ("share_own", 0.35)]
)
def test_the_shares_of_people_are_found_without_knowing_how_they_were_made(found, name, wanted):
    assert found[name].value == pytest.approx(wanted, abs=0.04)


def test_stores_of_a_school_are_less_alike_than_in_the_world_of_schools(found):
    assert found["share_of_a_school"].value < 0.5
    old = shares(stores_of("schools"), SEEN, BLOCKS)
    assert old["share_of_a_school"].value > 0.65
    assert old["share_told"].value > 0.85
    assert old["share_shared"].value < 0.05


@pytest.mark.parametrize(
    ("part", "name"),
    [
        (("shared", "values"), "share_shared"),
        (("told", "style"), "share_told"),
        (("own", "measures"), "share_own"),
    ],
)
def test_tastes_of_one_part_alone_have_that_share_alone(part, name):
    found = shares(stores_of(World(3.0, {part: 100.0})), SEEN, BLOCKS)

    assert found[name].value == pytest.approx(1, abs=0.06)


def test_kinds_and_families_add_up_and_words_cannot_say_all(people):
    found = kinds(people[:40], SEEN)

    parts = [found[f"share_{name}"].value for name in ("values", "measures", "combinations")]
    assert sum(parts) == pytest.approx(1)
    assert all(part > 0.05 for part in parts)
    families = [found[f"share_{name.replace(' ', '_')}"].value for name in FAMILIES]
    assert sum(families) == pytest.approx(parts[0])
    assert 0.5 < found["share_in_words"].value < 0.95


def test_who_likes_values_alone_can_be_told_in_words():
    found = kinds(stores_of(World(3.0, {("own", "favourites"): 100.0}))[:20], SEEN)

    assert found["share_in_words"].value == pytest.approx(1)
    assert found["share_measures"].value == found["share_combinations"].value == 0


@pytest.mark.slow  # half a minute: a market, and thousands of stores for the shares
def test_the_command_writes_what_can_be_known_at_best(tmp_path: Path):
    line = ["market", "--briefs", "20", "--stores", "64", "--rounds-per-store", "20"]

    assert main([*line, "--work", str(tmp_path / "work"), "--results", str(tmp_path)]) == 0

    figures = read_results(tmp_path / "market.json")
    gauc = {name: figures[f"gauc_{name}"].value for name in ("shared", "profile", "oracle")}
    assert 0.55 < gauc["shared"] < gauc["profile"] - 0.05 < gauc["oracle"] - 0.1
    assert figures["gauc_shuffled"].value < gauc["shared"]
    assert figures["stores"].value == 64 + 40
