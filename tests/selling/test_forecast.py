"""Acceptance check 17 of selling: the told chances are true; and the shoppers behind them."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from studio.selling.forecast import (
    DEFAULT_CURVE,
    ENOUGH,
    NOBODYS,
    Past,
    back_test,
    forecast,
    habits_of,
)
from studio.selling.shoppers import crowd
from studio.selling.threshold import Plan, compare
from training.evaluation.selling import campaigns, told_and_came


@pytest.mark.parametrize(
    ("count", "days"), [(1_200, 2), pytest.param(6_000, 1, marks=pytest.mark.slow)]
)
def test_17_told_chances_come_true_within_ten_points(count, days):
    habits = habits_of([each.past for each in campaigns(60, seed=0)])
    told, came = told_and_came(habits, campaigns(count, seed=1_000), days=range(1, 14, days))

    for low in range(10):
        there = (told >= low / 10) & (told < low / 10 + 0.1 + (low == 9))
        assert abs(told[there].mean() - came[there].mean()) <= 0.1


def test_below_ten_listings_the_stated_default_stands():
    few = [Past.of_times([0.5] * 20, 10, 20)] * (ENOUGH - 1)

    assert habits_of(few).curve == DEFAULT_CURVE
    assert habits_of(few).is_default
    assert not habits_of([*few, few[0]]).is_default


def test_a_shop_whose_orders_come_late_learns_so():
    late = habits_of([Past.of_times([0.9] * 30, 10, 30)] * 12)

    assert late.gone(0.5) < 0.2 < NOBODYS.gone(0.5)


def test_more_orders_are_better_and_time_alone_is_not():
    chances = [forecast(NOBODYS, 50, n, n, 0.4, 0).chance for n in range(0, 60, 6)]
    by_time = [forecast(NOBODYS, 50, 20, 20, t, 0).chance for t in (0.2, 0.4, 0.6, 0.8, 1.0)]

    assert all(b > a for a, b in pairwise(chances))
    assert all(b < a for a, b in pairwise(by_time))
    assert by_time[-1] == 0.0


def test_without_a_curve_it_is_the_gamma_poisson_of_the_books():
    """Posterior of a gamma-Poisson with flat time, by drawing it."""
    plain = replace(NOBODYS, curve=((0.0, 0.0), (1.0, 1.0)), closeness=np.inf, keep=1.0)
    rng = np.random.default_rng(0)
    shape, rate = plain.shape + 20, plain.shape / 50 + 0.4
    later = rng.poisson(rng.gamma(shape, 1 / rate, 200_000) * 0.6)

    found = forecast(plain, 50, 20, 20, 0.4)

    assert found.chance == pytest.approx((20 + later >= 50).mean(), abs=0.01)
    assert found.expected == pytest.approx(20 + later.mean(), abs=0.5)
    assert found.fan[-1][1][2] == pytest.approx(20 + np.median(later), abs=1.5)


def test_the_same_seed_brings_the_same_shoppers_early_ones_more():
    visits = [visit for seed in range(40) for visit in crowd(seed, 50)]
    times = np.array([each.at for each in visits])

    assert crowd(3, 50) == crowd(3, 50) != crowd(4, 50)
    assert (times < 0.25).mean() > 0.35
    assert np.mean([each.cancels_at is not None for each in visits]) == pytest.approx(
        0.06, abs=0.02
    )


def test_selling_first_leaves_nothing_over_and_risks_nothing():
    plan = Plan(minimum=50, price=4990, unit_cost=1800, salvage=0.3, lead_days=7, stocked=80)

    found = compare(plan, NOBODYS, open_days=14)

    assert found.sold_first.leftover == found.sold_first.at_risk == 0
    assert found.made_first.at_risk == 80 * 1800
    assert found.made_first.leftover > 0
    assert found.sold_first.worst >= 0 > found.made_first.worst
    assert found.sold_first.waiting_days == 21


def test_looking_back_it_is_better_than_telling_the_average():
    error, base = back_test([each.past for each in campaigns(30, seed=77)], 0.25)

    assert 0 < error < base
