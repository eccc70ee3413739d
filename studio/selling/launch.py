"""After launch (Table 7): designs made with AI beside a store's own, compared store by store."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from scipy import special

FEWEST_STORES = 6
"""Below so many stores figures stand without an interval."""
FEWEST_CLICKS = 5
"""A store whose own items have fewer of what is divided by says nothing about a change."""
RATES = ("click rate", "order rate", "return rate")


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """What an item met with, all days together.

    Attributes:
        store: whose it is.
        is_ai: made with AI, or the store's own.
        returns: of orders that are older than the time for sending back.
        settled: orders that are so old.
    """

    store: str
    is_ai: bool
    impressions: int
    clicks: int
    orders: int
    settled: int
    returns: int


@dataclass(frozen=True)
class Change:
    """How a rate differs between designs made with AI and the stores' own.

    Attributes:
        by_store: store -> relative change; 0.1 is a tenth more.
        mean: over stores, each counted alike; None without any.
        low: of the 95 % interval; None below `FEWEST_STORES`.
        high: likewise.
    """

    by_store: Mapping[str, float]
    mean: float | None
    low: float | None
    high: float | None


def compare(traffic: Iterable[Traffic]) -> dict[str, Change]:
    """The relative change of each rate, as the paper reports it: averaged over stores.

    Pooled counts are no substitute: items of a store are alike, so intervals from pooled clicks
    are about twice too narrow. Items are not assigned by lot, so a change is no proof of a cause.
    """
    sums: dict[tuple[str, bool], list[int]] = {}
    for each in traffic:
        counts = (each.impressions, each.clicks, each.orders, each.settled, each.returns)
        known = sums.setdefault((each.store, each.is_ai), [0] * len(counts))
        sums[each.store, each.is_ai] = [a + b for a, b in zip(known, counts, strict=True)]
    stores = sorted({store for store, _ in sums})
    return {
        rate: change_over(
            {
                store: change
                for store in stores
                if (store, True) in sums and (store, False) in sums
                if (change := _change(sums[store, True], sums[store, False], place)) is not None
            }
        )
        for rate, place in zip(RATES, ((1, 0), (2, 1), (4, 3)), strict=True)
    }


def change_over(by_store: Mapping[str, float]) -> Change:
    """The mean over stores with Student's t interval of 95 %, from six stores on."""
    values = list(by_store.values())
    if not values:
        return Change(by_store, None, None, None)
    mean = sum(values) / len(values)
    if len(values) < FEWEST_STORES:
        return Change(by_store, mean, None, None)
    half = t_half_width(values)
    return Change(by_store, mean, mean - half, mean + half)


def t_half_width(values: Sequence[float]) -> float:
    """Half the width of the 95 % interval of a mean, by Student's t."""
    count = len(values)
    mean = sum(values) / count
    variance = sum((each - mean) ** 2 for each in values) / (count - 1)
    return float(special.stdtrit(count - 1, 0.975)) * sqrt(variance / count)


def _change(ai: Sequence[int], own: Sequence[int], place: tuple[int, int]) -> float | None:
    top, bottom = place
    if not ai[bottom] or own[top] < FEWEST_CLICKS:
        return None
    return (ai[top] / ai[bottom]) / (own[top] / own[bottom]) - 1
