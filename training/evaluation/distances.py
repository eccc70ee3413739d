"""How far one lot of designs is from another, family by family and in pairs of families."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from studio.design.families import FAMILIES
from training.evaluation.designing import Places
from training.results import Figure

LOTS = 10
"""Parts that designs are cut into, to see how much a distance varies by chance."""
_NORMAL_95 = 1.959964

Floats = NDArray[np.float64]

_SIZES = np.array([len(values) for values in FAMILIES.values()])
_FIRST = np.concatenate([[0], _SIZES.cumsum()[:-1]])
_FAMILY_OF = np.eye(len(_SIZES))[np.repeat(np.arange(len(_SIZES)), _SIZES)]  # (A, F)


def pair_counts(places: Places) -> Floats:
    """(A, A) how many of (N, F) designs have both of two of the A values of all families.

    The diagonal has how many have a value at all.
    """
    shown = np.zeros((len(places), int(_SIZES.sum())))
    shown[np.arange(len(places))[:, None], places + _FIRST] = 1
    counts: Floats = shown.T @ shown
    return counts


def variation(one: Floats, other: Floats) -> Floats:
    """(F, F) total variation distances of the two lots' pairs of families, 0 to 1.

    On the diagonal are those of single families.

    Args:
        one: `pair_counts` of a lot.
        other: of another one, of any size.
    """
    apart = np.abs(_shares(one) - _shares(other))
    distances: Floats = _FAMILY_OF.T @ apart @ _FAMILY_OF / 2
    return distances


def marginal_distance(distances: Floats) -> float:
    """The mean over families."""
    return float(np.diag(distances).mean())


def pair_distance(distances: Floats) -> float:
    """The mean over pairs of different families."""
    upper = np.triu_indices(len(distances), k=1)
    return float(distances[upper].mean())


def farthest_apart(one: Floats, other: Floats) -> Floats:
    """(M,) largest differences of the distribution functions of two lots, 0 to 1.

    Source: Kolmogorov and Smirnov's statistic for two samples.

    Args:
        one: (N, M) measurements.
        other: (N', M).
    """
    found = []
    for mine, theirs in zip(np.sort(one.T), np.sort(other.T), strict=True):
        at = np.concatenate([mine, theirs])
        below = [np.searchsorted(each, at, side="right") / len(each) for each in (mine, theirs)]
        found.append(np.abs(below[0] - below[1]).max())
    return np.array(found)


def jackknifed_places(places: Places, statistic: Callable[[Floats], float]) -> Figure:
    """A statistic of designs' pair counts, with its 95% interval, see `jackknifed`.

    Args:
        places: (N, F), N >= 10.
        statistic: of `pair_counts`.
    """
    lots = [pair_counts(lot) for lot in np.array_split(places, LOTS)]
    whole: Floats = np.sum(lots, axis=0)
    return _jackknife(statistic(whole), [statistic(whole - lot) for lot in lots])


def jackknifed(rows: Floats, statistic: Callable[[Floats], float]) -> Figure:
    """A statistic of designs, with its 95% interval.

    By leaving out a tenth of them at a time. A bootstrap would not do: designs that are drawn
    several times add to a distance.

    Args:
        rows: (N, ...), N >= 10.
        statistic: of an array like `rows`.
    """
    lots = np.array_split(np.arange(len(rows)), LOTS)
    return _jackknife(statistic(rows), [statistic(np.delete(rows, lot, axis=0)) for lot in lots])


def _jackknife(value: float, left_out: Sequence[float]) -> Figure:
    without = np.array(left_out)
    spread = np.sqrt((LOTS - 1) / LOTS * np.square(without - without.mean()).sum())
    half = float(_NORMAL_95 * spread)
    return Figure(value, value - half, value + half)


def mean_of(statistics: Sequence[float]) -> Figure:
    """The mean of a statistic of several lots, with the interval of that mean."""
    values = np.array(statistics)
    half = float(_NORMAL_95 * values.std(ddof=1) / np.sqrt(len(values)))
    mean = float(values.mean())
    return Figure(mean, mean - half, mean + half)


def differing(places: Places, families: NDArray[np.intp]) -> Floats:
    """In how many families two candidates of a round differ, on average over its pairs.

    Args:
        places: (..., N, F), N >= 2.
        families: the columns that count.

    Returns:
        (...) without N and F.
    """
    count = places.shape[-2]
    if count < 2:
        raise ValueError("One candidate differs from nobody.")
    one, other = np.triu_indices(count, k=1)
    shown = places[..., families]
    apart: Floats = (shown[..., one, :] != shown[..., other, :]).sum(axis=-1).mean(axis=-1)
    return apart


def differing_weighed(places: Places, weights: Floats, families: NDArray[np.intp]) -> float:
    """The same for designs that stand for more or fewer than others.

    Args:
        places: (N, F), N >= 2.
        weights: (N,), not negative, at least two of them above 0.
        families: the columns that count.
    """
    shown = places[:, families]
    pairs = np.outer(weights, weights)
    np.fill_diagonal(pairs, 0.0)
    apart = (shown[:, None] != shown[None]).sum(axis=-1)
    return float((pairs * apart).sum() / pairs.sum())


def values_in_effect(places: NDArray[np.integer]) -> float:
    """How many values of a family are in effect: exp of the entropy of (N,) places."""
    shares = np.bincount(places) / len(places)
    shares = shares[shares > 0]
    return float(np.exp(-(shares * np.log(shares)).sum()))


def _shares(counts: Floats) -> Floats:
    """The trace counts every design once for each family."""
    shares: Floats = counts / (np.trace(counts) / len(_SIZES))
    return shares
