import random

import numpy as np
import pytest

from studio.design.families import FAMILIES
from studio.design.garment_rules import GARMENT_RULES
from training.data import designs as designs_module
from training.data.designs import Part, as_numbers, design_of, load_designs


@pytest.fixture(autouse=True)
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a few designs: drawing thousands takes seconds."""
    monkeypatch.setattr(designs_module, "BATCH_DESIGNS", 4)


def test_a_design_is_the_one_that_its_number_tells(tmp_path):
    designs = load_designs(tmp_path, "train", 6, seed=3)

    for index in range(6):
        spec, drawn = designs.spec(index), design_of(3, "train", index)
        assert spec.outfit == drawn.outfit == designs.outfit(index)
        np.testing.assert_allclose(as_numbers([spec]), as_numbers([drawn]), rtol=1e-6)
        assert not GARMENT_RULES.broken(spec.outfit)


def test_more_designs_keep_the_ones_there_were(tmp_path):
    few, many = (load_designs(tmp_path, "train", count, seed=0) for count in (3, 9))

    assert (len(few), len(many)) == (3, 9)
    assert np.array_equal(few.places, many.places[:3])
    assert np.array_equal(few.measures, many.measures[:3])


def test_parts_and_seeds_have_nothing_in_common(tmp_path):
    choices: list[tuple[Part, int]] = [("train", 0), ("held-out", 0), ("train", 1)]

    some = [load_designs(tmp_path, part, 20, seed) for part, seed in choices]

    outfits = [{each.outfit(index) for index in range(20)} for each in some]
    assert len(outfits[0] | outfits[1] | outfits[2]) == sum(map(len, outfits))


def test_a_second_opening_draws_nothing(tmp_path):
    load_designs(tmp_path, "train", 5, seed=0)
    written = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npy")}

    load_designs(tmp_path, "train", 5, seed=0)

    assert written == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npy")}


def test_numbers_of_a_design_are_its_places_and_its_measures():
    spec = design_of(0, "train", random.Random(0).randrange(1000))

    [row] = as_numbers([spec])

    assert row[: len(FAMILIES)].tolist() == spec.outfit.places()
    assert row[len(FAMILIES) : len(FAMILIES) + 3] == pytest.approx(spec.measures.colour)
