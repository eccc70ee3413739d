import random
from collections import Counter

import numpy as np
import pytest

from studio.design.families import FAMILIES, GARMENT_FAMILIES
from studio.design.garment_rules import GARMENT_RULES
from training.atelier.merchants import make_merchants
from training.atelier.traits import ATTRIBUTES, trait_names, traits_of
from training.atelier.world import sample_design
from training.evaluation.made import Made
from training.evaluation.taste_parts import (
    COMBINED,
    PROPORTIONS,
    SHADE,
    gains,
    known,
    known_figures,
    make_pairs,
    parts,
)

DESIGNS = [sample_design(random.Random(seed)) for seed in range(60)]
TASTES = np.stack([m.taste for m in make_merchants(6, 0, DESIGNS, seed=0)])
PAIRS = make_pairs(6, seed=0)
CHANGED = sorted({pair.part for pair in PAIRS})


def scores(*tastes: np.ndarray):
    return [lambda designs, _phrase, taste=taste: traits_of(designs) @ taste for taste in tastes]


def only(part: str) -> np.ndarray:
    """(S, T) the tastes as somebody sees them who knows one part alone."""
    seen = np.zeros_like(TASTES)
    columns = list(parts()[part])
    seen[:, columns] = TASTES[:, columns]
    return seen


def test_every_trait_of_a_garment_belongs_to_one_part():
    counts = Counter(column for columns in parts().values() for column in columns)

    worn = {place for place, (family, _) in enumerate(ATTRIBUTES) if family in GARMENT_FAMILIES}
    assert set(counts) == worn | set(range(len(ATTRIBUTES), len(trait_names())))
    assert set(counts.values()) == {1}


def test_two_designs_of_a_pair_can_be_worn_and_differ_in_one_part_alone():
    assert {"colour", "fabric", "print", "trims", SHADE, PROPORTIONS} <= set(CHANGED)
    assert COMBINED not in CHANGED
    for pair in PAIRS:
        assert not GARMENT_RULES.broken(pair.one.outfit) + GARMENT_RULES.broken(pair.other.outfit)
        apart = [name for name in FAMILIES if pair.one[name] != pair.other[name]]
        columns = {trait for trait, _ in ATTRIBUTES for name in apart if trait == name}
        if pair.part in (SHADE, PROPORTIONS):
            assert not apart
            assert pair.one.measures != pair.other.measures
        else:
            assert len(apart) == 1
            places = parts()[pair.part]
            assert columns == set(apart) <= {ATTRIBUTES[place][0] for place in places}


def test_who_knows_the_whole_taste_orders_all_pairs_and_who_knows_nothing_half():
    all_known = known(PAIRS, TASTES, scores(*TASTES))
    nothing = known(PAIRS, TASTES, scores(*np.zeros_like(TASTES)))

    for part in CHANGED:
        assert np.nanmin(all_known[part]) == 1.0
        assert np.nanmax(nothing[part]) == np.nanmin(nothing[part]) == 0.5
    assert known_figures([all_known, all_known])["known_colour"].value == 1.0


@pytest.mark.parametrize("part", ["colour", "fabric", SHADE])
def test_who_is_blind_to_all_parts_but_one_is_seen_to_be(part):
    found = known(PAIRS, TASTES, scores(*only(part)))

    assert np.nanmean(found[part]) > 0.7  # combinations change along with a part
    blind = [each for each in ("sleeves", "neck", "fabric") if each != part]
    assert all(np.nanmean(found[each]) == 0.5 for each in blind)


def made(designs) -> Made:
    """One seed, six stores, one prompt, ten designs each."""
    traits = traits_of(designs).reshape(1, 6, 1, 10, -1)
    places = np.zeros((1, 6, 1, 10, len(FAMILIES)), np.int16)
    return Made(places, places, places[..., 0], traits)


def test_a_generator_that_meets_one_part_of_the_tastes_gains_there():
    plain = made(DESIGNS)
    chosen = []
    for store, own in enumerate(np.split(np.arange(60), 6)):
        liked = only("colour")[store]
        best = max(DESIGNS, key=lambda each: float(traits_of([each])[0] @ liked))
        chosen += [best] * len(own)

    found = gains(made(chosen), plain, TASTES)

    assert found["colour"].value > 0.8
    assert found["colour"].value > max(found[part].value for part in ("fabric", "neck", "sleeves"))
    same = gains(plain, plain, TASTES)
    assert all(figure.value == 0 for figure in same.values())
