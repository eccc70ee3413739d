import random
from dataclasses import replace

import numpy as np
import pytest

from studio.design.families import FAMILIES
from studio.perfusion.profile import FASHION_SCHEMA
from training.atelier.merchants import (
    ATTRIBUTES,
    SCHOOLS,
    TasteStrengths,
    crossing_table,
    make_merchants,
    one_hot,
)
from training.atelier.schools import schools
from training.atelier.world import sample_outfit

OUTFITS = [sample_outfit(random.Random(seed)) for seed in range(150)]
NONE_COUNTS = TasteStrengths(style=0, signature=0, other_fields=0, crossing=0, quirk=0, general=0)
ONLY_STYLE = replace(NONE_COUNTS, style=2.0, signature=1.0)


def test_there_are_at_least_eight_schools_and_each_has_its_own_taste():
    merchants = make_merchants(len(SCHOOLS) * 12, 0, OUTFITS, 0, ONLY_STYLE)
    taste = [np.mean([m.taste for m in merchants if m.school == name], axis=0) for name in SCHOOLS]

    likeness = np.corrcoef(np.stack(taste) @ one_hot(OUTFITS).T) - np.eye(len(SCHOOLS))

    assert len(SCHOOLS) >= 8
    assert likeness.max() < 0.6


def test_every_answer_of_the_tables_is_one_of_the_schema():
    for name, answers in schools().fields.items():
        assert set(answers) == set(FASHION_SCHEMA.field(name).answers)


def test_the_same_seed_makes_the_same_stores_and_another_one_others():
    first, again, other = (make_merchants(16, 8, OUTFITS, seed) for seed in (3, 3, 4))

    assert [m.profile for m in first] == [m.profile for m in again]
    assert all((a.taste == b.taste).all() for a, b in zip(first, again, strict=True))
    assert [m.profile for m in first] != [m.profile for m in other]


def test_schools_come_in_equal_numbers_and_new_stores_are_marked():
    merchants = make_merchants(24, 8, OUTFITS, seed=0)

    known = [m for m in merchants if not m.is_new]
    assert [sum(m.school == school for m in known) for school in SCHOOLS] == [3] * 8
    assert len({m.id for m in merchants}) == 32
    assert {m.school for m in merchants if m.is_new} == set(SCHOOLS)


def test_profiles_fit_the_schema_and_leave_something_untold():
    merchants = make_merchants(64, 0, OUTFITS, seed=0)

    fitted = FASHION_SCHEMA.fitted_to(m.profile for m in merchants)
    assert all(fitted.encode(m.profile).notices == () for m in merchants)
    told = [m.profile["region"] is not None for m in merchants]
    assert 0.8 < np.mean(told) < 1


@pytest.mark.parametrize(
    "part", ["style", "signature", "other_fields", "crossing", "quirk", "general"]
)
def test_each_part_has_the_strength_it_was_given(part):
    strengths = replace(NONE_COUNTS, **{part: 2.5})

    merchants = make_merchants(40, 0, OUTFITS, seed=1, strengths=strengths)

    utilities = one_hot(OUTFITS) @ np.stack([m.taste for m in merchants]).T
    assert utilities.std(axis=0).mean() == pytest.approx(2.5)


@pytest.mark.parametrize("pair", [("style", "season"), ("age_group", "audience")])
def test_a_crossing_vanishes_on_average_over_either_field(pair):
    table = crossing_table(pair, np.random.default_rng(0))

    first, second = (FASHION_SCHEMA.field(name).values for name in pair)
    for one in first:
        assert sum(table[one, other] for other in second) == pytest.approx(0, abs=1e-9)
    for other in second:
        assert sum(table[one, other] for one in first) == pytest.approx(0, abs=1e-9)
    assert max(np.abs(weights).max() for weights in table.values()) > 1


def test_all_stores_share_the_general_part_and_nobody_shares_a_quirk():
    general = make_merchants(8, 0, OUTFITS, 0, replace(NONE_COUNTS, general=1.0))
    quirks = make_merchants(8, 0, OUTFITS, 0, replace(NONE_COUNTS, quirk=1.0))

    assert all((m.taste == general[0].taste).all() for m in general)
    assert not any((m.taste == quirks[0].taste).all() for m in quirks[1:])


def test_an_outfit_is_one_of_each_family():
    worn = one_hot(OUTFITS)

    assert worn.shape == (150, len(ATTRIBUTES))
    assert (worn.sum(axis=1) == len(FAMILIES)).all()
    assert one_hot([{"colour": "red", "mood": "happy"}]).sum() == 1
