"""The forecast: how likely a listing is to reach its minimum by its deadline.

How many pieces are ordered in all is gamma-Poisson: a rate that nobody knows, with the gamma
distribution that the shop's earlier listings give. How many of them have come by now follows the
time curve of those listings, more or less closely; pieces are thinned by the part that is
cancelled or never paid.

Notation (code -> formula):
    T ~ NB(shape, shape / (wanted * minimum))      all pieces that are ordered
    n | T ~ BetaBinomial(T, closeness * F, closeness * (1 - F))      those that have come
    F = gone, the part that has usually come by now
    kept = Binomial(firm, stay) + Binomial(T - n, keep), summed by its normal approximation
With an endless closeness and F = time this is the plain gamma-Poisson with flat time.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

ENOUGH = 10
"""Earlier listings from which on a shop's own habits are used."""
STEPS = 20
DEFAULT_CURVE = tuple((t / STEPS, 1 - (1 - t / STEPS) ** 1.8) for t in range(STEPS + 1))
"""Before that: a little more than half of all pieces in the first third of the time."""
DEFAULT_SHAPE = 1.5
KEEP_PRIOR = (47.0, 3.0)
"""Beta: 94 of 100 pieces are kept and paid, known as well as from fifty."""
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
DEFAULT_CLOSENESS = 15.0
_CLOSENESSES = tuple(np.geomspace(3, 300, 15).tolist())
_CLOSENESS_SPREAD = 0.35
"""Standard deviation of the logarithm of how closely shops follow their curves, as supposed."""
_POINTS = 200
"""At most so many counts of all pieces are summed over; beyond, every second or third ..."""


@dataclass(frozen=True)
class Past:
    """An earlier listing.

    Attributes:
        minimum: pieces.
        come: pieces ordered by each twentieth of its time: 21 counts, the first of them 0.
        firm: of all, those that stayed.
    """

    minimum: int
    come: tuple[int, ...]
    firm: int

    @classmethod
    def of_times(cls, times: Sequence[float], minimum: int, firm: int) -> "Past":
        """From when each piece was ordered, as parts of the time, ascending."""
        counts = [bisect_right(times, place / STEPS) for place in range(STEPS)]
        return cls(minimum, (*counts, len(times)), firm)

    @property
    def ordered(self) -> int:
        """Pieces that were ordered at all."""
        return self.come[-1]


@dataclass(frozen=True)
class Habits:
    """What a shop's earlier listings say about the next.

    Attributes:
        curve: (part of the time, part of all pieces ordered by then), ascending from 0 to 1.
        shape: of the gamma prior.
        wanted: pieces that are expected in all, as a multiple of the minimum.
        keep: the part of pieces that stays firm.
        listings: how many they come from; defaults stand below `ENOUGH`.
    """

    curve: tuple[tuple[float, float], ...]
    shape: float
    wanted: float
    keep: float
    closeness: float
    listings: int

    @property
    def is_default(self) -> bool:
        """Whether these are no shop's own habits."""
        return self.listings < ENOUGH

    def gone(self, time: float) -> float:
        """The part of all pieces that has usually been ordered by a part of the time."""
        times = [at for at, _ in self.curve]
        place = min(max(bisect_right(times, time), 1), len(times) - 1)
        (before, low), (after, high) = self.curve[place - 1], self.curve[place]
        share = min(max((time - before) / (after - before), 0.0), 1.0)
        return low + share * (high - low)


@dataclass(frozen=True)
class Forecast:
    """What is expected of a listing.

    Attributes:
        chance: of reaching the minimum.
        expected: firm pieces in the end.
        fan: (part of the time, pieces at each of `QUANTILES`), from now to the end.
    """

    chance: float
    expected: float
    fan: tuple[tuple[float, tuple[float, ...]], ...]


NOBODYS = Habits(
    DEFAULT_CURVE, DEFAULT_SHAPE, 1.0, KEEP_PRIOR[0] / sum(KEEP_PRIOR), DEFAULT_CLOSENESS, 0
)
"""What is supposed before a shop has sold anything."""


def habits_of(past: Sequence[Past]) -> Habits:
    """What earlier listings say; with few of them the defaults of `NOBODYS` stand, as told."""
    kept, ordered = sum(each.firm for each in past), sum(each.ordered for each in past)
    keep = (KEEP_PRIOR[0] + kept) / (sum(KEEP_PRIOR) + ordered)
    if len(past) < ENOUGH:
        return replace(NOBODYS, keep=keep, listings=len(past))
    ratios = np.array([each.ordered / each.minimum for each in past])
    mean = max(float(ratios.mean()), 0.05)
    noise = float(np.mean([each.ordered / each.minimum**2 for each in past]))  # of the Poisson
    spread = max(float(ratios.var(ddof=1)) - noise, 0.02 * mean**2)
    shape = float(np.clip(mean**2 / spread, 0.3, 50.0))
    curve = learned_curve(past)
    return Habits(curve, shape, mean, keep, _closeness(past, curve), len(past))


def learned_curve(past: Sequence[Past]) -> tuple[tuple[float, float], ...]:
    """The mean part of pieces ordered by each twentieth of the time, each listing counted alike.

    The default counts as two listings more, so that few listings give a smooth curve.
    """
    shares = [np.array(each.come) / each.ordered for each in past if each.ordered]
    default = np.array([share for _, share in DEFAULT_CURVE])
    mean = (np.sum(shares, axis=0) + 2 * default) / (len(shares) + 2)
    mean = np.maximum.accumulate(np.clip(mean, 0, 1))
    mean[0], mean[-1] = 0.0, 1.0
    return tuple((place / STEPS, float(share)) for place, share in enumerate(mean))


def forecast(
    habits: Habits, minimum: int, ordered: int, firm: int, time: float, fan_points: int = 9
) -> Forecast:
    """What is expected of a listing.

    Args:
        habits: of its shop.
        minimum: pieces that are needed.
        ordered: pieces that have been ordered, those cancelled since included.
        firm: those of them that are not cancelled.
        time: part of its time that has passed, 0 to 1.
        fan_points: moments of the fan, from now to the end; 0 for no fan.
    """
    time = min(max(time, 0.0), 1.0)
    gone, stay = habits.gone(time), _stay(habits, habits.gone(time))
    totals, weights = _totals(habits, minimum, ordered, gone)
    later = (totals - ordered) * habits.keep
    chance = _chance(habits, minimum, firm, stay, later, weights)
    if time >= 1:
        chance = float(firm >= minimum)
    fan = []
    spread = np.interp(QUANTILES, np.cumsum(weights), later)
    for at in np.linspace(time, 1, fan_points) if fan_points and time < 1 else ():
        part = (habits.gone(float(at)) - gone) / max(1 - gone, 1e-9)
        kept = firm * (1 - (1 - stay) * part)
        fan.append((float(at), tuple(float(kept + each * part) for each in spread)))
    return Forecast(chance, float(firm * stay + weights @ later), tuple(fan))


def back_test(past: Sequence[Past], time: float) -> tuple[float, float]:
    """How true the forecast would have been on earlier listings, each by what the others say.

    Args:
        past: at least `ENOUGH` listings.
        time: part of the time at which it would have been told.

    Returns:
        Mean squared error of the chances told, and of always telling how many succeed.
    """
    place = round(time * STEPS)
    came = np.array([each.firm >= each.minimum for each in past], dtype=np.float64)
    told = []
    for number, each in enumerate(past):
        habits = habits_of([*past[:number], *past[number + 1 :]])
        firm = round(each.come[place] * (1 - (1 - habits.keep) * habits.gone(time) / 2))
        told.append(forecast(habits, each.minimum, each.come[place], firm, time, 0).chance)
    return float(np.mean((np.array(told) - came) ** 2)), float(came.var())


def _chance(
    habits: Habits,
    minimum: int,
    firm: int,
    stay: float,
    later: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> float:
    """The chance that enough pieces are kept, over all totals."""
    spread = np.sqrt(firm * stay * (1 - stay) + later * (1 - habits.keep) + 1e-9)
    enough = special.ndtr((firm * stay + later - minimum + 0.5) / spread)
    return float(np.clip(weights @ enough, 0.0, 1.0))


def _totals(
    habits: Habits, minimum: int, ordered: int, gone: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How many pieces may be ordered in all, each number with its probability."""
    mean = max(habits.wanted * minimum, 1e-6)
    reach = 8 * max(mean, ordered / max(gone, 0.05)) + 30
    highest = min(ordered + reach, 30 * (mean + ordered) + 30)
    step = max(1, int((highest - ordered) // _POINTS))
    totals = np.arange(ordered, highest + step, step, dtype=np.float64) + (step - 1) / 2
    success = habits.shape / (habits.shape + mean)
    logs = (
        special.gammaln(totals + habits.shape)
        - special.gammaln(totals + 1)
        + special.xlog1py(totals, -success)
        + _log_come(totals, ordered, gone, habits.closeness)
    )
    weights = np.exp(logs - logs.max())
    return totals, weights / weights.sum()


def _log_come(
    totals: NDArray[np.float64], come: float, gone: float, closeness: float
) -> NDArray[np.float64]:
    """Log of how likely so many of all pieces have come, but for what is the same for each."""
    gone = min(max(gone, 1e-9), 1 - 1e-9)
    choose = special.gammaln(totals + 1) - special.gammaln(totals - come + 1)
    if np.isinf(closeness):
        return np.asarray(choose + special.xlog1py(totals - come, -gone))
    early, late = closeness * gone, closeness * (1 - gone)
    chances = special.betaln(come + early, totals - come + late) - special.betaln(early, late)
    return np.asarray(choose + chances)


def _closeness(past: Sequence[Past], curve: Sequence[tuple[float, float]]) -> float:
    """How closely earlier listings followed their curve: the likeliest value, near the default.

    The points of one listing hang together, so a part of their log-likelihood counts. The prior
    keeps the value down: the curve is the mean of these very listings, so they seem to follow it
    more closely than the next will.
    """
    counts = [
        (float(each.ordered), float(each.come[place]), curve[place][1])
        for each in past
        for place in range(2, STEPS, 2)
        if each.ordered
    ]
    totals, come, shares = (np.array(column) for column in zip(*counts, strict=True))
    likelihood = []
    for closeness in _CLOSENESSES:
        early, late = closeness * shares, closeness * (1 - shares)
        logs = special.betaln(come + early, totals - come + late) - special.betaln(early, late)
        away = np.log(closeness / DEFAULT_CLOSENESS) / _CLOSENESS_SPREAD
        likelihood.append(float(logs.sum()) / (STEPS / 2 - 1) - away**2 / 2)
    return float(_CLOSENESSES[int(np.argmax(likelihood))])


def _stay(habits: Habits, gone: float) -> float:
    """The part of what is firm now that stays so: cancelling is mostly over at the end."""
    return 1 - (1 - habits.keep) * (1 - gone) / 2
