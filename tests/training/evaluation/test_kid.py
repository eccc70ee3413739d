import numpy as np
import pytest

from training.evaluation.kid import kernel_distance, squared_distance


def lot(seed: int, shift: float = 0.0, size: int = 200) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(size, 6)) + shift


def by_hand(one: np.ndarray, other: np.ndarray) -> float:
    """The definition, pair by pair: features of length sqrt(D), kernel (x . y / D + 1)^3."""
    width = one.shape[1]
    one, other = (
        each * np.sqrt(width) / np.linalg.norm(each, axis=1, keepdims=True) for each in (one, other)
    )

    def kernel(x: np.ndarray, y: np.ndarray) -> float:
        return float((x @ y / width + 1) ** 3)

    def within(rows: np.ndarray) -> float:
        pairs = [(i, j) for i in range(len(rows)) for j in range(len(rows)) if i != j]
        return float(np.mean([kernel(rows[i], rows[j]) for i, j in pairs]))

    across = np.mean([kernel(x, y) for x in one for y in other])
    return within(one) + within(other) - 2 * float(across)


def test_the_squared_distance_is_its_definition_pair_by_pair():
    one, other = lot(0, size=7), lot(1, 0.5, size=5)

    assert squared_distance(one, other) == pytest.approx(by_hand(one, other))


def test_two_lots_of_the_same_kind_have_an_interval_around_zero():
    figure = kernel_distance(lot(0), lot(1), subset=20)

    assert figure.low < 0 < figure.high


def test_lots_of_different_kinds_are_apart_the_more_the_further():
    near, far = (kernel_distance(lot(0), lot(1, shift), subset=20) for shift in (0.5, 2.0))

    assert 0 < near.low < near.high < far.low


def test_small_lots_still_make_two_subsets():
    assert kernel_distance(lot(0, size=4), lot(1, size=4)).low <= 0.5


@pytest.mark.parametrize(("one", "other"), [(3, 3), (8, 9)])
def test_lots_that_cannot_be_compared_are_refused(one, other):
    with pytest.raises(ValueError, match="can't be compared"):
        kernel_distance(lot(0, size=one), lot(1, size=other))
