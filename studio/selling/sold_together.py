"""What sales say about taste: designs that were listed together compete for the same customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scipy import special

MOST_TOGETHER = 12
"""Listings in one contest; as many as a round can have designs."""
BURSTS = 2.0
"""So many pieces tell as much as one that came by chance alone: orders come in bursts."""
LEAST_WEIGHT = 0.1
"""A contest that is surer than this of nothing teaches nothing."""


@dataclass(frozen=True, kw_only=True)
class Sold:
    """What a listing came to.

    Attributes:
        listing_id: of it.
        store_id: who sold it.
        kept: pieces that were ordered and neither cancelled nor sent back.
    """

    listing_id: int
    store_id: int
    opens: datetime
    closes: datetime
    kept: int


@dataclass(frozen=True)
class Contest:
    """Listings that competed, and which of them were wanted.

    Attributes:
        listing_ids: of those that were listed together.
        is_wanted: of each, whether it sold quicker than they did on the average.
        weight: how sure that is, from 0 (nobody knows) to 1.
    """

    listing_ids: tuple[int, ...]
    is_wanted: tuple[bool, ...]
    weight: float


def contests(sold: Sequence[Sold]) -> tuple[Contest, ...]:
    """The contests of listings that are over; those that say nothing are left out."""
    found = (contest(each) for each in listed_together(sold))
    return tuple(each for each in found if each is not None)


def listed_together(sold: Sequence[Sold]) -> list[list[Sold]]:
    """Lots of listings of one store, each opened within the first half of the first one's time."""
    lots: dict[int, list[list[Sold]]] = {}
    for each in sorted(sold, key=lambda each: (each.store_id, each.opens, each.listing_id)):
        own = lots.setdefault(each.store_id, [])
        if own and len(own[-1]) < MOST_TOGETHER:
            first = own[-1][0]
            if each.opens <= first.opens + (first.closes - first.opens) / 2:
                own[-1].append(each)
                continue
        own.append([each])
    return [lot for own in lots.values() for lot in own]


def contest(lot: Sequence[Sold]) -> Contest | None:
    """Who was wanted of a lot; None where that can't be told.

    The weight is the mean, over pairs of a wanted one and another, of how much likelier the first
    sells quicker than that it doesn't, by gamma posteriors of their rates.
    """
    days = [max((each.closes - each.opens) / timedelta(days=1), 1e-6) for each in lot]
    pieces = sum(each.kept for each in lot)
    if len(lot) < 2 or not pieces:
        return None
    usual = pieces / sum(days)
    wanted = tuple(each.kept / time > usual for each, time in zip(lot, days, strict=True))
    posteriors = [
        (1 + each.kept / BURSTS, (1 / usual + time) / BURSTS)
        for each, time in zip(lot, days, strict=True)
    ]
    winners = [each for each, is_wanted in zip(posteriors, wanted, strict=True) if is_wanted]
    others = [each for each, is_wanted in zip(posteriors, wanted, strict=True) if not is_wanted]
    if not winners or not others:
        return None
    chances = [quicker(one, other) for one in winners for other in others]
    weight = 2 * sum(chances) / len(chances) - 1
    if weight < LEAST_WEIGHT:
        return None
    return Contest(tuple(each.listing_id for each in lot), wanted, min(weight, 1.0))


def quicker(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The chance that a rate is above another, each with a gamma distribution: (shape, rate)."""
    (shape, rate), (other_shape, other_rate) = one, other
    return float(special.betainc(other_shape, shape, other_rate / (rate + other_rate)))
