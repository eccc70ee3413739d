import random
from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from studio.design.families import FAMILIES
from training.atelier.world import sample_outfit
from training.evaluation.distances import (
    differing,
    differing_weighed,
    farthest_apart,
    jackknifed,
    jackknifed_places,
    marginal_distance,
    mean_of,
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

    figure = jackknifed_places(places, lambda counts: counts[first, first] * 28 / np.trace(counts))

    share = (colour == 0).mean()
    assert figure.value == pytest.approx(share)
    half = 1.96 * (share * (1 - share) / len(places)) ** 0.5
    assert (figure.high - figure.low) / 2 == pytest.approx(half, rel=0.6)


def test_the_interval_of_a_mean_by_jackknife_is_the_textbooks():
    rows = np.random.default_rng(0).normal(3.0, 2.0, size=(4_000, 1))

    figure = jackknifed(rows, lambda some: float(some.mean()))

    assert figure.value == pytest.approx(rows.mean())
    assert figure.high - figure.value == pytest.approx(1.96 * 2 / 4_000**0.5, rel=0.5)


def test_the_mean_of_several_lots_has_the_interval_of_a_mean():
    figure = mean_of([1.0, 2.0, 3.0])

    half = 1.96 * 1 / 3**0.5
    assert (figure.low, figure.value, figure.high) == pytest.approx(
        (2 - half, 2, 2 + half), rel=1e-4
    )


def test_measures_are_as_far_apart_as_their_distribution_functions():
    one = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [3.0, 5.0]])
    other = one + np.array([2.0, 0.0])

    assert farthest_apart(one, other).tolist() == [0.5, 0.0]
    assert farthest_apart(one, one + 10.0).tolist() == [1.0, 1.0]
    assert farthest_apart(one[:, :1], np.array([[0.0]])).tolist() == [0.75]


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


def test_designs_that_weigh_the_same_differ_as_counted():
    places = np.array([[0, 1], [0, 2], [1, 2]], np.int16)
    families = np.array([0, 1])

    weighed = differing_weighed(places, np.ones(3), families)

    assert weighed == pytest.approx(float(differing(places, families)))
    # Only the first and the last count: they differ in both.
    assert differing_weighed(places, np.array([2.0, 0.0, 5.0]), families) == pytest.approx(2.0)
