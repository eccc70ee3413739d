"""Simulated shoppers: a hidden wish for each design, and orders that follow from it.

Everything that they do is marked as simulated; see `SimulatedShop` for how they reach a listing.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EARLY = 2.5
"""How much more is ordered early than late: the rate falls by exp(-EARLY) over the whole time."""
LAST_RUSH, RUSH_SHARE = 0.08, 0.12
"""The last part of the time, and the part of all orders that comes evenly within it."""
BURSTS = 6.0
"""Shape of the gamma noise on each tenth of the time: smaller is burstier."""
CANCELLED = 0.06
WISH_SPREAD = 0.55
"""Standard deviation of the logarithm of how much a design is wanted, beside the minimum."""
_PIECES = ((1, 0.86), (2, 0.12), (3, 0.02))


@dataclass(frozen=True)
class Visit:
    """One simulated order.

    Attributes:
        at: when, as a part of the time that the listing is open, 0 to 1.
        cancels_at: likewise; None for never.
        pieces: how many, all of one variant.
        size: a number from 0 to 1 that chooses the size.
        colour: likewise the colour.
    """

    at: float
    cancels_at: float | None
    pieces: int
    size: float
    colour: float


def crowd(seed: int, minimum: int) -> list[Visit]:
    """The shoppers of one listing, in the order of coming; the same seed gives the same.

    Args:
        seed: of the design's hidden wish and of chance.
        minimum: the listing's; wishes are drawn around it, so some listings miss it.
    """
    rng = np.random.default_rng(seed)
    wish = 1.15 * minimum * math.exp(rng.normal(0.0, WISH_SPREAD))
    pieces_each = sum(pieces * share for pieces, share in _PIECES)
    tenths = rng.gamma(BURSTS, 1 / BURSTS, size=10)
    count = int(rng.poisson(wish / pieces_each * tenths.mean()))
    times = np.sort(_times(rng, count, tenths))
    numbers, shares = zip(*_PIECES, strict=True)
    pieces = rng.choice(numbers, size=count, p=shares)
    cancels = times + (1 - times) * rng.random(count)
    is_cancelled = rng.random(count) < CANCELLED
    sizes, colours = rng.random(count), rng.random(count)
    return [
        Visit(
            float(times[n]),
            float(cancels[n]) if is_cancelled[n] else None,
            int(pieces[n]),
            float(sizes[n]),
            float(colours[n]),
        )
        for n in range(count)
    ]


def _times(
    rng: np.random.Generator, count: int, tenths: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Moments at which orders come: many early, a few at the last, in bursts."""
    in_rush = rng.random(count) < RUSH_SHARE
    uniform = rng.random(count)
    early = -np.log1p(-uniform * (1 - math.exp(-EARLY))) / EARLY
    times = np.where(in_rush, 1 - LAST_RUSH * uniform, early)
    weights = tenths[np.minimum((times * 10).astype(int), 9)]
    kept = rng.random(count) < weights / tenths.max()
    moved = rng.choice(times[kept], size=count) if kept.any() else times
    jitter = rng.normal(0, 0.01, size=count)
    return np.asarray(np.clip(np.where(kept, times, moved + jitter), 0, 0.9999), dtype=np.float64)
