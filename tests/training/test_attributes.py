import random

import pytest

from training.atelier.attributes import (
    FAMILIES,
    NONE,
    RULES,
    Outfit,
    allowed_values,
    broken_rules,
    sample_outfit,
)


def sampled(count: int) -> list[Outfit]:
    rng = random.Random(7)
    return [sample_outfit(rng) for _ in range(count)]


def test_the_world_has_at_least_twenty_families_and_130_values() -> None:
    values = [value for family in FAMILIES.values() for value in family if value != NONE]

    assert len(FAMILIES) >= 20
    assert len(values) >= 130
    assert len(set(values)) == len(values)


def test_rules_name_only_families_and_values_that_exist() -> None:
    for rule in RULES:
        assert set(rule.values) <= set(FAMILIES[rule.family])
        assert set(rule.allowed) <= set(FAMILIES[rule.other])
        assert rule.values
        assert rule.allowed


def test_outfits_drawn_by_lot_break_no_rule() -> None:
    for outfit in sampled(300):
        assert not broken_rules(outfit)


def test_every_value_is_worn_by_some_outfit() -> None:
    rng = random.Random(3)

    for family, values in FAMILIES.items():
        for value in values:
            outfit = sample_outfit(rng, **{family.replace(" ", "_"): value})
            assert outfit[family] == value


def test_the_same_state_of_chance_gives_the_same_outfit() -> None:
    assert sampled(5) == sampled(5)


def test_an_outfit_is_equal_by_value_and_can_be_a_key() -> None:
    outfit = sampled(1)[0]

    assert {outfit: 1}[Outfit(dict(outfit))] == 1
    assert outfit.but(colour="red")["colour"] == "red"
    assert set(outfit) == set(FAMILIES)


def test_class_indices_point_at_the_outfits_own_values() -> None:
    outfit = sampled(1)[0]

    indices = outfit.class_indices()

    named = [values[index] for values, index in zip(FAMILIES.values(), indices, strict=True)]
    assert named == list(outfit.values())


def test_an_outfit_refuses_missing_families_and_unknown_values() -> None:
    outfit = sampled(1)[0]

    with pytest.raises(ValueError, match="lacks"):
        Outfit({"category": "dress"})
    with pytest.raises(ValueError, match="unknown values"):
        Outfit({**outfit, "colour": "octarine"})


def test_attributes_that_contradict_each_other_are_not_drawn() -> None:
    with pytest.raises(ValueError, match="do not go together"):
        sample_outfit(random.Random(0), category="skirt", neckline="v-neck")


def test_a_skirt_is_allowed_no_neckline() -> None:
    assert allowed_values("neckline", {"category": "skirt"}) == [NONE]
