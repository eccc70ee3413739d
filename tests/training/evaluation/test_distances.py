import random
from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from studio.design.families import FAMILIES
from training.atelier.world import sample_outfit
from training.evaluation.distances import (
    differing,
    jackknifed,
    marginal_distance,
    mean_over,
    pair_counts,
    pair_distance,
    values_in_effect,
    variation,
)


def outfits(count: int, seed: int, **fixed: str) -> np.ndarray:
    rng = random.Random(seed)
    return np.array([sample_outfit(rng, **fixed).places() for _ in range(count)], np.int16)


def distance_by_counting(one: np.ndarray, other: np.ndarray) -> float:
    """Total variation of two lists of values, from the definition."""
    mine, theirs = (Counter(map(tuple, each.tolist())) for each in (one, other))
    return 0.5 * sum(
        abs(mine[key] / len(one) - theirs[key] / len(other)) for key in mine.keys() | theirs.keys()
    )


def test_distances_of_families_and_pairs_are_those_of_the_definition():
    one, other = outfits(30, 1), outfits(50, 2)

    found = variation(pair_counts(one), pair_counts(other))

    columns = range(len(FAMILIES))
    for a in columns:
        assert found[a, a] == pytest.approx(distance_by_counting(one[:, [a]], other[:, [a]]))
    for a, b in combinations(columns, 2):
        wanted = distance_by_counting(one[:, [a, b]], other[:, [a, b]])
        assert found[a, b] == pytest.approx(wanted)
    pairs = [found[a, b] for a, b in combinations(columns, 2)]
    assert pair_distance(found) == pytest.approx(np.mean(pairs))
    assert marginal_distance(found) == pytest.approx(np.diag(found).mean())


def test_the_same_designs_are_not_apart_and_designs_without_common_values_wholly():
    some = outfits(20, 1)
    same = variation(pair_counts(some), pair_counts(np.concatenate([some, some])))
    np.testing.assert_allclose(same, 0, atol=1e-12)

    red, navy = outfits(20, 1, colour="red"), outfits(20, 2, colour="navy")
    colour = list(FAMILIES).index("colour")
    apart = variation(pair_counts(red), pair_counts(navy))
    np.testing.assert_allclose(apart[colour], 1)


def test_the_interval_of_a_share_by_jackknife_is_the_textbooks():
    places = outfits(2_000, 4)
    colour = places[:, list(FAMILIES).index("colour")]
    first = sum(len(values) for values in list(FAMILIES.values())[:1])  # colours come second

    figure = jackknifed(places, lambda counts: counts[first, first] * 28 / np.trace(counts))

    share = (colour == 0).mean()
    assert figure.value == pytest.approx(share)
    half = 1.96 * (share * (1 - share) / len(places)) ** 0.5
    assert (figure.high - figure.low) / 2 == pytest.approx(half, rel=0.6)


def test_the_mean_of_several_lots_has_the_interval_of_a_mean():
    lots = [outfits(50, seed) for seed in range(6)]
    world = pair_counts(outfits(500, 99))

    figure = mean_over(lots, lambda counts: marginal_distance(variation(counts, world)))

    values = [marginal_distance(variation(pair_counts(lot), world)) for lot in lots]
    assert figure.value == pytest.approx(np.mean(values))
    half = 1.96 * np.std(values, ddof=1) / 6**0.5
    assert figure.high - figure.value == pytest.approx(half, rel=1e-3)


def test_candidates_differ_in_as_many_families_as_their_pairs_on_average():
    places = np.zeros((2, 3, len(FAMILIES)), np.int16)
    places[0, 1, :4] = 1  # differs from both others in four families
    places[0, 2, 5] = 1  # which does not count

    found = differing(places, np.arange(5))

    assert found.tolist() == [pytest.approx((4 + 0 + 4) / 3), 0]
    with pytest.raises(ValueError, match="nobody"):
        differing(places[:, :1], np.arange(5))


def test_values_in_effect_are_counted_by_their_entropy():
    assert values_in_effect(np.array([3, 3, 3])) == pytest.approx(1)
    assert values_in_effect(np.arange(6)) == pytest.approx(6)
    assert 1 < values_in_effect(np.array([0, 0, 0, 1])) < 2
