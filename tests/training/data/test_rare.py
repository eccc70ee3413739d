from collections import Counter

import numpy as np
import pytest

from training.atelier.attributes import FAMILIES
from training.config import ConfigError
from training.data.rare import EvenValues

COLOUR, TRIM = (list(FAMILIES).index(name) for name in ("colour", "trim"))


def drawings():
    """1,000 drawings: 990 plain black ones, 8 with sequins, 2 with pearls, half of them white."""
    attributes = np.zeros((1000, len(FAMILIES)), np.int8)
    attributes[:8, TRIM] = FAMILIES["trim"].index("sequins")
    attributes[8:10, TRIM] = FAMILIES["trim"].index("pearls")
    attributes[::2, COLOUR] = FAMILIES["colour"].index("white")
    return attributes


def test_rare_values_come_as_often_as_each_other_and_the_commonest_never():
    attributes = drawings()

    chosen = EvenValues(attributes, ["trim"]).choose(600, np.random.default_rng(0))

    seen = Counter(FAMILIES["trim"][attributes[place, TRIM]] for place in chosen)
    assert set(seen) == {"sequins", "pearls"}
    assert 240 < seen["pearls"] < 360


def test_families_come_as_often_as_each_other():
    attributes = drawings()

    chosen = EvenValues(attributes, ["trim", "colour"]).choose(600, np.random.default_rng(0))

    trimmed = sum(attributes[place, TRIM] > 0 for place in chosen)
    assert 240 < trimmed < 380


def test_a_family_that_is_named_twice_comes_twice_as_often():
    attributes = drawings()

    chosen = EvenValues(attributes, ["trim", "trim", "colour"]).choose(
        600, np.random.default_rng(0)
    )

    trimmed = sum(attributes[place, TRIM] > 0 for place in chosen)
    assert 360 < trimmed < 460


def test_a_family_that_the_world_does_not_have_is_a_sentence():
    with pytest.raises(ConfigError, match=r"no family 'trims'\. Known: category"):
        EvenValues(drawings(), ["trims"])


def test_a_family_of_which_one_value_was_drawn_is_left_out():
    attributes = drawings()

    chosen = EvenValues(attributes, ["trim", "hem"]).choose(50, np.random.default_rng(0))

    assert all(attributes[place, TRIM] > 0 for place in chosen)


def test_the_same_chance_picks_the_same_drawings():
    picks = [
        EvenValues(drawings(), FAMILIES).choose(20, np.random.default_rng(3)) for _ in range(2)
    ]

    assert picks[0] == picks[1]
