import itertools

import numpy as np
import pytest
import torch
from torchmetrics.functional.retrieval import retrieval_auroc, retrieval_average_precision

from training.metrics import (
    ScoresError,
    average_precision,
    bootstrap_over_stores,
    group_auc,
    group_metrics,
)

RNG = np.random.default_rng(5)


def random_group(count: int, levels: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Scores (with ties, if there are only a few levels) and ticks of both kinds."""
    scores = RNG.integers(levels, size=count) * 1.0 if levels else RNG.normal(size=count)
    chosen = np.zeros(count, dtype=bool)
    chosen[RNG.choice(count, size=RNG.integers(1, count), replace=False)] = True
    return scores, chosen


def brute_force_precision(scores: np.ndarray, chosen: np.ndarray) -> float:
    """Average precision, averaged over every order that agrees with the scores."""
    values = []
    for order in itertools.permutations(range(len(scores))):
        ranked = list(order)
        if any(scores[a] < scores[b] for a, b in itertools.pairwise(ranked)):
            continue
        ticks = chosen[ranked]
        hits = np.cumsum(ticks)
        values.append(np.mean([hits[k] / (k + 1) for k in range(len(ticks)) if ticks[k]]))
    return float(np.mean(values))


def brute_force_auc(scores: np.ndarray, chosen: np.ndarray) -> float:
    points = []
    for ticked, other in itertools.product(scores[chosen], scores[~chosen]):
        points.append(1.0 if ticked > other else 0.5 if ticked == other else 0.0)
    return float(np.mean(points))


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("levels", [0, 2, 3])
def test_both_metrics_equal_their_definitions(count, levels):
    for _ in range(20):
        scores, chosen = random_group(count, levels)

        assert average_precision(scores, chosen) == pytest.approx(
            brute_force_precision(scores, chosen)
        )
        assert group_auc(scores, chosen) == pytest.approx(brute_force_auc(scores, chosen))


@pytest.mark.parametrize("count", [2, 5, 16])
def test_both_metrics_equal_those_of_torchmetrics(count):
    for _ in range(20):
        scores, chosen = random_group(count)
        # torchmetrics ignores images whose score is not above 0
        shifted = torch.from_numpy(scores - scores.min() + 1.0)
        target = torch.from_numpy(chosen)

        assert average_precision(scores, chosen) == pytest.approx(
            float(retrieval_average_precision(shifted, target))
        )
        assert group_auc(scores, chosen) == pytest.approx(float(retrieval_auroc(shifted, target)))


@pytest.mark.parametrize("scores", [[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
def test_with_two_images_and_one_tick_map_follows_from_auc(scores):
    chosen = np.array([True, False])

    assert (
        average_precision(np.array(scores), chosen) == (1 + group_auc(np.array(scores), chosen)) / 2
    )


def test_groups_without_both_kinds_are_left_out():
    scores = [np.array([1.0, 2.0])] * 3
    chosen = [np.array([True, True]), np.array([False, False]), np.array([False, True])]

    metrics = group_metrics(scores, chosen, ["a", "b", "c"])

    assert metrics.stores == ("c",)
    assert metrics.gauc.tolist() == [1.0]
    assert metrics.average_precision.tolist() == [1.0]


def test_the_interval_is_that_of_the_mean_over_stores():
    values = RNG.normal(0.8, 0.1, size=400)
    stores = [f"store {number}" for number in range(400)]

    interval = bootstrap_over_stores(values, stores)

    half = 1.96 * values.std() / 400**0.5
    assert interval.value == pytest.approx(values.mean())
    assert interval.low == pytest.approx(values.mean() - half, abs=half / 5)
    assert interval.high == pytest.approx(values.mean() + half, abs=half / 5)


def test_groups_that_repeat_one_stores_answer_do_not_narrow_the_interval():
    values = RNG.normal(0.8, 0.1, size=50)
    stores = [f"store {number}" for number in range(50)]

    once = bootstrap_over_stores(values, stores)
    ten_times = bootstrap_over_stores(np.tile(values, 10), stores * 10)

    assert ten_times.high - ten_times.low == pytest.approx(once.high - once.low)


def test_one_store_has_no_spread():
    interval = bootstrap_over_stores(np.array([0.2, 0.6]), ["a", "a"])

    assert (interval.low, interval.value, interval.high) == pytest.approx((0.4, 0.4, 0.4))


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_scores_that_are_no_numbers_are_refused_and_counted(bad):
    scores = [np.array([1.0, 0.0]), np.array([0.0, bad])]
    ticked = [np.array([True, False])] * 2

    with pytest.raises(ScoresError, match=r"1 of 2 rounds are no numbers.*more gently"):
        group_metrics(scores, ticked, ["anna", "berta"])
