"""What votes before listing are worth: learnt from listings that were polled, store by store.

A listing's demand is a number of pieces for each vote, which differs from listing to listing: its
logarithm is normal, with the usual conjugate prior. Pooled counts would be too sure of it, since
the same poll reaches other people each time.

Notation (code -> formula):
    log(ordered / votes) ~ Normal(m, s^2);  m, s^2 ~ Normal-inverse-chi-squared(prior)
    a new listing's log demand: log(votes) + Student's t around m, with s^2 (1 + 1/known)
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log, sqrt

from scipy import special

from studio.selling.forecast import Habits

PRIOR_RATE, PRIOR_KNOWN = 0.25, 1.0
"""Before a shop knows better: a piece for every four votes, known as well as from one listing."""
PRIOR_SPREAD, PRIOR_DEGREES = 1.0, 4.0
"""Variance of the logarithm from listing to listing, known as well as from four more."""
_NORMAL_95 = 1.959964
_LEAST_SHAPE, _MOST_SHAPE = 0.05, 200.0


@dataclass(frozen=True)
class Polled:
    """An earlier listing of which people were asked before.

    Attributes:
        ordered: pieces in all.
    """

    votes: int
    ordered: int


@dataclass(frozen=True)
class Rate:
    """How many pieces a vote was worth, by the listings that were polled before.

    Attributes:
        pieces_per_vote: the middle; the stated default without any.
        low: of its 95 % interval.
        high: likewise.
        listings: how many it comes from.
        spread: variance of the logarithm of what the next listing has for each vote.
    """

    pieces_per_vote: float
    low: float
    high: float
    listings: int
    spread: float

    def pieces(self, votes: int) -> tuple[float, float, float]:
        """Low, middle and high of what so many votes come to, in 95 of 100 cases."""
        middle, reach = votes * self.pieces_per_vote, exp(_NORMAL_95 * sqrt(self.spread))
        return middle / reach, middle, middle * reach


def rate_of(polled: Sequence[Polled]) -> Rate:
    """What earlier polls say a vote is worth."""
    logs = [log((each.ordered + 0.5) / (each.votes + 0.5)) for each in polled]
    count, prior = len(logs), log(PRIOR_RATE)
    mean = sum(logs) / count if logs else 0.0
    known, degrees = PRIOR_KNOWN + count, PRIOR_DEGREES + count
    middle = (PRIOR_KNOWN * prior + sum(logs)) / known
    squares = sum((each - mean) ** 2 for each in logs)
    apart = PRIOR_KNOWN * count / known * (mean - prior) ** 2
    variance = (PRIOR_DEGREES * PRIOR_SPREAD + squares + apart) / degrees
    half = float(special.stdtrit(degrees, 0.975)) * sqrt(variance / known)
    spread = variance * (1 + 1 / known) * degrees / (degrees - 2)
    return Rate(exp(middle), exp(middle - half), exp(middle + half), count, spread)


def with_votes(habits: Habits, minimum: int, votes: int, rate: Rate) -> Habits:
    """What is expected of a listing that people have voted for.

    The gamma prior and what the votes say meet as two measurements of one logarithm, each as sure
    as it is; the result is the gamma distribution with the same mean and variance of it.

    Args:
        habits: of the shop.
        minimum: of the listing.
        votes: for it; none change nothing.
        rate: what a vote is worth.
    """
    if not votes:
        return habits
    prior_middle = log(max(habits.wanted * minimum, 1e-6)) + _log_mean(habits.shape)
    told_middle = log(votes * rate.pieces_per_vote)
    prior_sure, told_sure = 1 / _log_variance(habits.shape), 1 / rate.spread
    middle = (prior_sure * prior_middle + told_sure * told_middle) / (prior_sure + told_sure)
    shape = _shape_of(1 / (prior_sure + told_sure))
    wanted = exp(middle - _log_mean(shape)) / minimum
    return replace(habits, shape=shape, wanted=wanted)


def _log_mean(shape: float) -> float:
    """Mean of the logarithm of a gamma variable with mean one."""
    return float(special.digamma(shape)) - log(shape)


def _log_variance(shape: float) -> float:
    return float(special.polygamma(1, shape))


def _shape_of(variance: float) -> float:
    """The shape of the gamma distribution whose logarithm has a variance, by halving."""
    low, high = log(_LEAST_SHAPE), log(_MOST_SHAPE)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _log_variance(exp(middle)) > variance else (low, middle)
    return exp((low + high) / 2)
