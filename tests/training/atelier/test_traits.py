import random

import numpy as np
import pytest

from studio.design.colours import NAMED_COLOURS, Lab
from studio.design.families import FAMILIES, PRINTS
from studio.design.spec import DesignSpec
from training.atelier.schools import MEASURED, schools
from training.atelier.traits import (
    ATTRIBUTES,
    COMBINATIONS,
    MEASURES,
    VALUES,
    one_hot,
    trait_names,
    traits_of,
)
from training.atelier.world import sample_design

DESIGNS = [sample_design(random.Random(seed)) for seed in range(600)]
TRAITS = traits_of(DESIGNS)


def measured(design: DesignSpec, name: str) -> float:
    return float(traits_of([design])[0, MEASURES][MEASURED.index(name)])


def changed(design: DesignSpec, **measures: float | Lab) -> DesignSpec:
    return DesignSpec(design.outfit, design.measures.but(**measures))


def test_a_design_is_a_row_with_one_of_each_family_its_measures_and_combinations():
    assert TRAITS.shape == (600, len(trait_names()))
    assert (TRAITS[:, VALUES].sum(axis=1) == len(FAMILIES)).all()
    assert len(set(trait_names())) == len(trait_names())
    assert TRAITS[:, COMBINATIONS].shape[1] == len(schools().combinations)


def test_an_outfit_is_one_of_each_family_and_what_is_unknown_counts_nothing():
    worn = one_hot([design.outfit for design in DESIGNS[:9]])

    assert worn.shape == (9, len(ATTRIBUTES))
    assert (worn.sum(axis=1) == len(FAMILIES)).all()
    assert one_hot([{"colour": "red", "mood": "happy"}]).sum() == 1


def test_one_unit_of_a_measure_or_a_combination_is_about_a_standard_deviation():
    spreads = TRAITS[:, MEASURES.start :].std(axis=0)

    assert (spreads > 0.3).all()
    assert (spreads < 2.5).all()


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("length", "length"),
        ("ease", "ease"),
        ("flare", "flare"),
        ("neck depth", "neck_depth"),
        ("sleeve length", "sleeve_length"),
        ("sleeve volume", "sleeve_volume"),
        ("print size", "print_scale"),
    ],
)
def test_more_of_a_measure_is_more_of_the_trait_where_it_can_be_seen(name, measure):
    moved = [
        (
            measured(changed(each, **{measure: 0.6}), name),
            measured(changed(each, **{measure: 0.9}), name),
        )
        for each in DESIGNS[:80]
    ]

    assert all(less <= more for less, more in moved)
    assert any(less < more for less, more in moved)


def test_a_shade_is_told_from_the_name_that_the_colour_has():
    design = next(each for each in DESIGNS if each["colour"] == "navy")
    typical = NAMED_COLOURS["navy"]

    same = changed(design, colour=typical)
    lighter = changed(design, colour=Lab(typical.lightness + 5, typical.a, typical.b))

    assert measured(same, "lightness") == pytest.approx(0, abs=0.01)
    assert measured(lighter, "lightness") == pytest.approx(1, abs=0.01)
    assert measured(lighter, "strength of colour") == pytest.approx(0, abs=0.01)


def test_what_a_design_does_not_have_is_no_trait_of_it():
    plain = next(each for each in DESIGNS if each["pattern"] not in PRINTS)
    sleeveless = next(each for each in DESIGNS if each["sleeve length"] == "sleeveless")

    assert measured(changed(plain, print_scale=2.0), "print size") == 0
    assert measured(changed(plain, second_colour=Lab(0, 0, 0)), "contrast") == 0
    assert measured(changed(sleeveless, sleeve_volume=1.0), "sleeve volume") == 0


@pytest.mark.parametrize("place", range(len(schools().combinations)))
def test_no_list_of_liked_values_says_a_combination(place):
    values = TRAITS[:, VALUES] - TRAITS[:, VALUES].mean(axis=0)
    wanted = TRAITS[:, COMBINATIONS][:, place]
    wanted = wanted - wanted.mean()
    weights, _, rank, _ = np.linalg.lstsq(values, wanted, rcond=None)

    left = ((wanted - values @ weights) ** 2).sum() / (len(values) - rank)

    assert left / wanted.var() > 0.5
