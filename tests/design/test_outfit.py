import random

import pytest

from studio.design.families import (
    FAMILIES,
    FIGURE_FAMILIES,
    GARMENT_FAMILIES,
    NONE,
    SETTLING_ORDER,
)
from studio.design.outfit import Outfit
from training.atelier.world import sample_outfit


def first_values() -> dict[str, str]:
    return {family: values[0] for family, values in FAMILIES.items()}


def test_an_outfit_has_a_value_for_every_family_in_their_order():
    outfit = Outfit(dict(reversed(list(first_values().items()))))

    assert list(outfit) == list(FAMILIES)
    assert len(outfit) == len(FAMILIES)
    assert dict(outfit) == first_values()


def test_equal_values_are_one_outfit_whatever_their_order():
    one, other = (Outfit(dict(pairs)) for pairs in (first_values(), reversed_values()))

    assert one == other
    assert hash(one) == hash(other)
    assert one != one.but(colour="navy")


def reversed_values() -> list[tuple[str, str]]:
    return list(reversed(list(first_values().items())))


def test_a_changed_outfit_leaves_the_first_one_as_it_was():
    outfit = Outfit(first_values())

    changed = outfit.but(sleeve_length="long sleeves", colour="navy")

    assert (changed["sleeve length"], changed["colour"]) == ("long sleeves", "navy")
    assert (outfit["sleeve length"], outfit["colour"]) == (NONE, "black")


def test_places_and_outfits_are_two_ways_of_saying_the_same():
    for seed in range(50):
        outfit = sample_outfit(random.Random(seed))
        assert Outfit.of_places(outfit.places()) == outfit


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "infra-red"},
        {"colour": "Navy"},
        {"colour": None},
        {"colour": ["navy"]},
        {"wings": "two"},
    ],
)
def test_an_unknown_value_is_refused(change):
    with pytest.raises(ValueError, match="unknown values"):
        Outfit({**first_values(), **change})


def test_a_missing_family_is_refused():
    values = first_values()
    del values["shoes"]

    with pytest.raises(ValueError, match="shoes"):
        Outfit(values)


def test_places_out_of_range_or_too_few_are_refused():
    with pytest.raises(IndexError):
        Outfit.of_places([99] * len(FAMILIES))
    with pytest.raises(ValueError, match="shorter"):
        Outfit.of_places([0])


def test_wearer_and_garment_share_the_families_between_them():
    assert {*FIGURE_FAMILIES} | {*GARMENT_FAMILIES} == {*FAMILIES}
    assert not {*FIGURE_FAMILIES} & {*GARMENT_FAMILIES}
    assert sorted(SETTLING_ORDER) == sorted(FAMILIES)


def test_no_value_stands_twice_in_its_family():
    assert all(len(set(values)) == len(values) for values in FAMILIES.values())
