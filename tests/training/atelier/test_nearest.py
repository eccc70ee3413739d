import random

import pytest
import torch

from training.atelier.attributes import FAMILIES, Outfit, sample_outfit
from training.atelier.nearest import nearest_outfit

SIZES = [len(values) for values in FAMILIES.values()]


def reading_of(attributes, sureness=8.0):
    """(values,) logits that name these attributes, all as surely or each by its own."""
    rows = []
    for family, values in FAMILIES.items():
        row = torch.zeros(len(values))
        sure = sureness.get(family, 8.0) if isinstance(sureness, dict) else sureness
        row[values.index(attributes[family])] = sure
        rows.append(row)
    return torch.cat(rows)


def nearest(logits, asked) -> Outfit:
    """The nearest outfit, which is there."""
    found = nearest_outfit(logits, asked)
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(20))
def test_a_reading_that_goes_together_is_the_outfit(seed):
    outfit = sample_outfit(random.Random(seed))

    assert nearest_outfit(reading_of(outfit), {}) == outfit


def test_what_was_asked_for_is_kept_and_the_rest_follows_as_far_as_it_goes():
    dress = sample_outfit(random.Random(0), category="dress", slit="side slit", colour="navy")

    trousers = nearest(reading_of(dress), {"category": "trousers"})

    assert trousers["category"] == "trousers"
    assert trousers["colour"] == "navy"
    assert trousers["slit"] == "none"  # trousers have none


def test_of_two_readings_that_contradict_each_other_the_surer_one_holds():
    dress = sample_outfit(random.Random(1), category="dress", slit="side slit")
    mixed = {**dress, "category": "trousers"}
    surely_slit = reading_of(mixed, {"category": 1.0})
    surely_trousers = reading_of(mixed, {"category": 20.0})

    assert nearest(surely_slit, {})["slit"] == "side slit"
    assert nearest(surely_trousers, {})["category"] == "trousers"


@pytest.mark.parametrize("seed", range(50))
def test_whatever_is_read_what_was_asked_for_is_kept(seed):
    noise = torch.randn(sum(SIZES), generator=torch.Generator().manual_seed(seed)) * 3
    rng = random.Random(seed)
    outfit = sample_outfit(rng)
    asked = {family: outfit[family] for family in rng.sample(list(FAMILIES), 4)}

    found = nearest_outfit(noise, asked)

    # A family may be left without a value; then there is no outfit rather than a wrong one.
    assert found is None or asked.items() <= dict(found).items()


def test_nearly_every_reading_has_an_outfit():
    found = 0
    for seed in range(100):
        noise = torch.randn(sum(SIZES), generator=torch.Generator().manual_seed(seed)) * 3
        found += nearest_outfit(noise, {"colour": "navy"}) is not None

    assert found >= 95
