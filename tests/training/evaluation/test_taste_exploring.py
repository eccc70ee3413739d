import numpy as np
import pytest

from training.evaluation.taste_exploring import EXPLORED_ROUNDS, REACHED_AT, exploring_figures


def rising(rounds: float) -> list[float]:
    """A share that rises from a half by a straight line, and is at 0.8 after so many rounds."""
    return [0.5 + 0.3 * count / rounds for count in range(EXPLORED_ROUNDS + 1)]


@pytest.mark.parametrize(("needs", "saves"), [(3, 0.5), (REACHED_AT, 0.0), (4.5, 0.25)])
def test_the_rounds_that_exploring_saves_are_counted_at_the_same_accuracy(needs, saves):
    figures = exploring_figures([rising(needs)] * 3, [rising(REACHED_AT)] * 3)

    assert figures["rounds_saved"].value == pytest.approx(saves)
    assert figures["pairs_by_lot_6"].value == pytest.approx(0.8)


def test_where_exploring_never_comes_as_far_that_is_no_saving():
    figures = exploring_figures([rising(90.0)], [rising(REACHED_AT)])

    assert figures["rounds_saved"].value == -1.0


def test_where_rounds_by_lot_teach_nothing_there_is_nothing_to_save():
    flat = [0.5] * (EXPLORED_ROUNDS + 1)

    assert exploring_figures([rising(3)], [flat])["rounds_saved"].value == 0.0


def test_where_both_ways_are_the_same_nothing_is_saved_however_they_wander():
    shares = np.random.default_rng(0).uniform(0.4, 0.6, (5, EXPLORED_ROUNDS + 1)).tolist()

    assert exploring_figures(shares, shares)["rounds_saved"].value == pytest.approx(0.0)
