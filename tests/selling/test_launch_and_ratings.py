"""Acceptance checks 19 and 20 of selling: what comes after launch, and what experts say."""

import random
from datetime import timedelta

import pytest
from scipy import stats

from studio.selling.agreement import ASPECTS, agreement, krippendorff_alpha
from studio.selling.errors import OrdersFileError, PanelError
from studio.selling.launch import Traffic, change_over, compare
from studio.selling.launch_desk import TRAFFIC_COLUMNS
from tests.selling.orders import START
from tests.selling.shop import table


def test_19_raters_see_neither_kind_nor_store_nor_each_other(selling):
    ai, human = [f"{n:064x}" for n in range(6)], [f"{n:064x}" for n in range(6, 12)]
    panel = selling.ratings.begin("Autumn", ai, human)
    one = selling.ratings.sheet(panel, "Rater 1")
    first = one.items[0][0]
    selling.ratings.rate(panel, "Rater 1", first, dict.fromkeys(ASPECTS, 2))

    other = selling.ratings.sheet(panel, "Rater 2")

    assert all(scores == {} for _, _, scores in other.items)
    assert [each[0] for each in one.items] != [each[0] for each in other.items]
    assert sorted(each[1] for each in other.items) == sorted([*ai, *human])
    assert selling.ratings.sheet(panel, "Rater 1").items[0][2]["craft"] == 2


PUBLISHED = {
    "A": "123321412...",
    "B": "123322412 5.3".replace(" ", ""),
    "C": ".3332342251.",
    "D": "12332441251.",
}
"""Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", example C."""


def test_19_alpha_equals_a_published_example():
    items = [
        [(rater, place, int(row[place])) for rater, row in PUBLISHED.items() if row[place] != "."]
        for place in range(12)
    ]
    paired = [some for some in items if len(some) > 1]

    assert krippendorff_alpha(paired, range(1, 6)) == pytest.approx(0.815, abs=0.0005)


def test_19_one_rater_and_equal_scores_measure_nothing():
    alone = agreement([("one", item, item % 3) for item in range(9)])
    same = agreement([(rater, item, 1) for rater in ("one", "two") for item in range(9)])

    assert (alone.alpha, alone.reason) == (None, "one rater")
    assert (same.alpha, same.reason) == (None, "no disagreement")


def test_19_agreement_has_an_interval_and_pure_chance_is_about_nothing():
    lots = random.Random(1)
    chance = agreement([(r, i, lots.randrange(3)) for r in ("a", "b", "c") for i in range(200)])
    close = agreement([(r, i, i % 3) for r in ("a", "b") for i in range(30)])

    assert chance.alpha is not None
    assert chance.low is not None
    assert chance.high is not None
    assert chance.low < 0.05 < chance.high + 0.1
    assert abs(chance.alpha) < 0.1
    assert close.alpha == 1.0


def test_19_scores_that_are_none_are_refused(selling):
    panel = selling.ratings.begin("P", ["a" * 64], ["b" * 64])
    item = selling.ratings.sheet(panel, "R").items[0][0]

    for rater, at, scores in (("", item, {}), ("R", 99, {}), ("R", item, {"craft": 3})):
        with pytest.raises(PanelError):
            selling.ratings.rate(panel, rater, at, scores)
    with pytest.raises(PanelError, match="both kinds"):
        selling.ratings.begin("P", ["a" * 64], [])


def of_store(store, is_ai, clicks):
    return Traffic(
        store=store, is_ai=is_ai, impressions=10_000, clicks=clicks, orders=0, settled=0, returns=0
    )


@pytest.mark.parametrize("stores", [6, 11])
def test_20_intervals_over_stores_are_student_s(stores):
    lots = random.Random(stores)
    traffic = []
    for number in range(stores):
        own = lots.randrange(200, 400)
        traffic += [of_store(str(number), False, own), of_store(str(number), True, own + number)]

    change = compare(traffic)["click rate"]

    values = list(change.by_store.values())
    interval = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert change.low == pytest.approx(interval.low)
    assert change.high == pytest.approx(interval.high)


def test_20_five_stores_have_figures_and_no_interval():
    change = change_over({str(n): n / 10 for n in range(5)})

    assert change.mean == pytest.approx(0.2)
    assert (change.low, change.high) == (None, None)


def test_20_traffic_comes_by_file_and_young_orders_have_no_returns_yet(selling, clock):
    def row(day, made_by="ai", **more):
        plain = {"store": "A", "item": "i1", "made_by": made_by, "channel": "web", "day": day}
        counts = {"impressions": "1000", "clicks": "100", "orders": "20", "returns": "10"}
        return {**plain, "item": made_by, **counts, **more}

    rows = [
        row("2026-08-01"),
        row("2026-09-30"),
        row("2026-08-01", "own", returns="5"),
        row("2026-08-01", "own", clicks="9999", item="x"),
        row("August", "own"),
    ]
    clock.time = START + timedelta(days=10)

    batch = selling.launch.import_file(table(rows, TRAFFIC_COLUMNS))
    again = selling.launch.import_file(table(rows, TRAFFIC_COLUMNS))

    changes = selling.launch.changes()
    assert (batch.taken, batch.refused) == (3, 2)
    assert (again.taken, again.unchanged) == (0, 3)
    assert changes["return rate"].by_store == {"A": pytest.approx(1.0)}
    assert selling.launch.changes(is_simulated=True)["return rate"].mean is None
    with pytest.raises(OrdersFileError):
        selling.launch.import_file(table([], ("a",)))
