import random
from itertools import product

import pytest

from studio.design.families import FAMILIES, NONE
from studio.design.garment_rules import GARMENT_RULES
from studio.design.repair import Costs, likeliest
from training.atelier.world import sample_outfit

# Families that bind each other, few enough values together to try them all.
TOGETHER = (
    ("neckline", "collar", "bow", "cuffs"),
    ("fabric", "pattern", "trim"),
    ("sleeve length", "sleeve shape", "cuffs", "neckline"),
    ("silhouette", "length", "slit", "pleats"),
    ("waist", "belt", "hem", "closure"),
    ("category", "leg", "length"),
    ("closure", "neckline", "pockets"),
)


def any_costs(rng: random.Random) -> Costs:
    """Costs as a generator's are: the likeliest value costs nothing."""
    costs = {}
    for family, values in FAMILIES.items():
        drawn = {value: rng.expovariate(0.3) for value in values}
        least = min(drawn.values())
        costs[family] = {value: cost - least for value, cost in drawn.items()}
    return costs


def cost_of(values, costs: Costs) -> float:
    return sum(costs[family][values[family]] for family in FAMILIES)


@pytest.mark.parametrize("free", TOGETHER)
@pytest.mark.parametrize("seed", range(4))
def test_the_repaired_design_is_the_least_costly_of_all_that_can_be_worn(free, seed):
    rng = random.Random(f"{free}{seed}")
    settled = {family: value for family, value in sample_outfit(rng).items() if family not in free}
    costs = any_costs(rng)
    tried = (
        {**settled, **dict(zip(free, values, strict=True))}
        for values in product(*(FAMILIES[family] for family in free))
    )
    best = min(cost_of(each, costs) for each in tried if not GARMENT_RULES.broken(each))

    repaired = likeliest(costs, settled)

    assert GARMENT_RULES.broken(repaired.outfit) == []
    assert cost_of(repaired.outfit, costs) == pytest.approx(best)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_a_generator_says_the_design_can_be_worn(seed):
    rng = random.Random(seed)
    costs = any_costs(rng)

    repaired = likeliest(costs, {})

    assert GARMENT_RULES.broken(repaired.outfit) == []
    cheapest = {family: min(costs[family], key=costs[family].__getitem__) for family in FAMILIES}
    assert repaired.changed == {
        family for family in FAMILIES if repaired.outfit[family] != cheapest[family]
    }


@pytest.mark.parametrize("seed", range(60))
def test_what_is_settled_is_never_touched(seed):
    rng = random.Random(seed)
    whole = sample_outfit(rng)
    settled = {family: whole[family] for family in rng.sample(list(FAMILIES), rng.randint(1, 20))}

    repaired = likeliest(any_costs(rng), settled)

    assert settled.items() <= dict(repaired.outfit).items()
    assert not repaired.changed & settled.keys()
    assert GARMENT_RULES.broken(repaired.outfit) == []


def test_what_goes_together_already_stays_as_it_is():
    outfit = sample_outfit(random.Random(5))
    costs = {
        family: {value: float(value != outfit[family]) for value in values}
        for family, values in FAMILIES.items()
    }

    repaired = likeliest(costs, {})

    assert repaired.outfit == outfit
    assert repaired.changed == frozenset()


def test_the_cheaper_side_of_a_broken_rule_gives_way():
    outfit = sample_outfit(
        random.Random(8), category="dress", pattern="floral", trim=NONE, fabric="cotton"
    )
    costs = {
        family: {value: 5.0 * (value != outfit[family]) for value in values}
        for family, values in FAMILIES.items()
    }
    costs["fabric"] |= {"leather": 0.0, "cotton": 1.0}  # leather has no prints

    assert likeliest(costs, {}).outfit == outfit
    costs["fabric"]["cotton"] = 9.0
    costs["pattern"]["solid"] = 2.0
    assert likeliest(costs, {}).outfit["pattern"] == "solid"


def test_settled_values_that_cannot_go_together_still_give_an_answer():
    settled = {"category": "skirt", "neckline": "v-neck", "pattern": "floral", "fabric": "tweed"}

    assert settled.items() <= dict(likeliest(any_costs(random.Random(1)), settled).outfit).items()
