import random

import numpy as np
import pytest

from studio.design.families import GARMENT_FAMILIES, NONE
from studio.perfusion.profile import FASHION_SCHEMA
from training.atelier import tastes
from training.atelier.merchants import make_merchants
from training.atelier.schools import PARTS, World, schools
from training.atelier.tastes import crossing_table, unnamed_moods
from training.atelier.traits import ATTRIBUTES, COMBINATIONS, MEASURES, VALUES, traits_of
from training.atelier.world import sample_design

DESIGNS = [sample_design(random.Random(seed)) for seed in range(150)]
SEEN = traits_of(DESIGNS)


def stores(count: int, seed: int = 0, /, **shares: float):
    """Stores whose taste has one part alone, such as `told_style=100`, or some."""
    named = {tuple(name.split("_")): share for name, share in shares.items()}
    return make_merchants(count, 0, DESIGNS, seed, World(2.5, named))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("whose", "part"), [(whose, part) for whose, parts in PARTS.items() for part in parts]
)
def test_each_part_has_the_strength_that_it_was_given(whose, part):
    merchants = stores(40, 1, **{f"{whose}_{part}": 64.0})

    utilities = SEEN @ np.stack([m.taste for m in merchants]).T
    assert np.sqrt(utilities.var(axis=0).mean()) == pytest.approx(2.5 * 0.8)
    assert all((getattr(m, whose) == m.taste).all() for m in merchants)


@pytest.mark.parametrize("part", PARTS["shared"])
def test_all_stores_share_what_is_shared(part):
    first, *others = stores(8, **{f"shared_{part}": 100.0})

    assert first.taste.any()
    assert all((m.taste == first.taste).all() for m in others)


@pytest.mark.parametrize("part", PARTS["own"])
def test_what_is_a_store_s_own_is_no_other_one_s(part):
    merchants = stores(200, **{f"own_{part}": 100.0})

    utilities = SEEN @ np.stack([m.taste for m in merchants]).T
    alike = np.corrcoef(utilities.T)[np.triu_indices(200, 1)]
    assert abs(alike.mean()) < 0.06
    assert alike.max() < 1


@pytest.mark.parametrize("part", PARTS["told"])
def test_what_is_told_is_the_same_for_the_same_answers(part, monkeypatch):
    merchants = stores(400, **{f"told_{part}": 100.0})
    fields = {
        "style": ("style",),
        "signature": ("style",),
        "crossing": ("style", "season", "age_group", "audience"),
        "measures": ("style", "age_group", "season"),
        "combinations": ("style", "audience"),
    }.get(part)
    if fields is None:  # all of them: no two stores are alike
        fields = tuple(field.name for field in FASHION_SCHEMA.fields if field.name != "store_id")
    same: dict[tuple[object, ...], list[np.ndarray]] = {}
    for m in merchants:
        answers = tuple(m.profile[name] for name in fields)
        if None not in answers:
            same.setdefault(answers, []).append(m.taste)

    assert all(np.allclose(a, group[0]) for group in same.values() for a in group)
    assert part == "answers" or max(map(len, same.values())) > 1


def test_what_is_told_leaves_nothing_that_all_stores_like():
    merchants = stores(800, told_style=40.0, told_signature=20.0, told_measures=40.0)

    mean = SEEN @ np.mean([m.taste for m in merchants], axis=0)
    assert mean.var() < 0.01 * 2.5**2


@pytest.mark.parametrize("pair", tastes.CROSSED_FIELDS)
def test_a_crossing_vanishes_on_average_over_either_field(pair):
    table = crossing_table(pair, np.random.default_rng(0))

    first, second = (FASHION_SCHEMA.field(name).values for name in pair)
    for one in first:
        assert sum(table[one, other] for other in second) == pytest.approx(0, abs=1e-9)
    for other in second:
        assert sum(table[one, other] for one in first) == pytest.approx(0, abs=1e-9)
    assert max(np.abs(weights).max() for weights in table.values()) > 1


def test_stores_of_people_like_values_measures_and_combinations():
    merchants = make_merchants(40, 0, DESIGNS, seed=0)

    for traits in (VALUES, MEASURES, COMBINATIONS):
        assert all(m.own[traits].any() and m.shared[traits].any() for m in merchants)
        assert np.mean([m.told[traits].any() for m in merchants]) > 0.9


def test_every_value_of_a_garment_is_liked_by_some_stores_and_disliked_by_others():
    own = np.stack([m.own for m in make_merchants(60, 0, DESIGNS, seed=0)])

    for place, (family, value) in enumerate(ATTRIBUTES):
        if family in GARMENT_FAMILIES and value != NONE:
            assert own[:, place].min() < 0 < own[:, place].max(), (family, value)


def test_the_person_who_wears_it_is_nobody_s_taste():
    merchants = make_merchants(24, 0, DESIGNS, seed=0)

    for place, (family, _) in enumerate(ATTRIBUTES):
        if family not in GARMENT_FAMILIES:
            assert not any(m.taste[place] for m in merchants)


def test_a_new_value_changes_no_other_one_s_lot(monkeypatch):
    before = dict(zip(ATTRIBUTES, unnamed_moods()[:, VALUES].T, strict=True))
    fewer = tuple(pair for pair in ATTRIBUTES if pair != ("colour", "navy"))
    monkeypatch.setattr(tastes, "ATTRIBUTES", fewer)

    moods = unnamed_moods()

    for place, pair in enumerate(fewer):
        assert (moods[:, place] == before[pair]).all()


def test_worlds_differ_in_strengths_alone():
    people, old = (
        make_merchants(16, 0, DESIGNS, 0, schools().worlds[name]) for name in ("people", "schools")
    )

    assert [m.profile for m in people] == [m.profile for m in old]
    for one, other in zip(people, old, strict=True):
        shown = [SEEN[:, VALUES] @ m.own[VALUES] for m in (one, other)]
        assert np.asarray(np.corrcoef(shown))[0, 1] > 0.8
