import random

import numpy as np

from studio.perfusion.profile import FASHION_SCHEMA
from training.atelier.merchants import SCHOOLS, make_merchants
from training.atelier.schools import World
from training.atelier.traits import traits_of
from training.atelier.world import sample_design

DESIGNS = [sample_design(random.Random(seed)) for seed in range(150)]
ONLY_STYLE = World(5.0, {("told", "style"): 80.0, ("told", "signature"): 20.0})


def test_there_are_at_least_eight_schools_and_each_has_its_own_taste():
    merchants = make_merchants(len(SCHOOLS) * 12, 0, DESIGNS, 0, ONLY_STYLE)
    taste = [np.mean([m.taste for m in merchants if m.school == name], axis=0) for name in SCHOOLS]

    likeness = np.corrcoef(np.stack(taste) @ traits_of(DESIGNS).T) - np.eye(len(SCHOOLS))

    assert len(SCHOOLS) >= 8
    assert likeness.max() < 0.6


def test_the_same_seed_makes_the_same_stores_and_another_one_others():
    first, again, other = (make_merchants(16, 8, DESIGNS, seed) for seed in (3, 3, 4))

    assert [m.profile for m in first] == [m.profile for m in again]
    assert all((a.taste == b.taste).all() for a, b in zip(first, again, strict=True))
    assert [m.profile for m in first] != [m.profile for m in other]


def test_schools_come_in_equal_numbers_and_new_stores_are_marked():
    merchants = make_merchants(24, 8, DESIGNS, seed=0)

    known = [m for m in merchants if not m.is_new]
    assert [sum(m.school == school for m in known) for school in SCHOOLS] == [3] * 8
    assert len({m.id for m in merchants}) == 32
    assert {m.school for m in merchants if m.is_new} == set(SCHOOLS)


def test_profiles_fit_the_schema_and_leave_something_untold():
    merchants = make_merchants(64, 0, DESIGNS, seed=0)

    fitted = FASHION_SCHEMA.fitted_to(m.profile for m in merchants)
    assert all(fitted.encode(m.profile).notices == () for m in merchants)
    told = [m.profile["region"] is not None for m in merchants]
    assert 0.8 < np.mean(told) < 1


def test_a_taste_is_what_is_shared_what_is_told_and_what_is_its_own():
    for merchant in make_merchants(8, 0, DESIGNS, seed=0):
        parts = merchant.shared, merchant.told, merchant.own
        assert all(part.any() for part in parts)
        np.testing.assert_allclose(merchant.taste, sum(parts))
