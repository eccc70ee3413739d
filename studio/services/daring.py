"""How daring a round is: from what is sure to please its store, to what it would not have asked.

One slider moves two things. The less daring, the stronger the store's taste is in the drawing; the
more daring, the more it counts, when designs are chosen among those that were drawn, that they are
unlike each other.
"""

from bisect import bisect_right

from studio.domain import MAX_STRENGTH

DARING = 4.0
"""The most daring notch; 0 is the safest, and between the two the taste is as it was trained."""
MIDDLE = 2.0
_DIVERSITY = (0.0, 0.25, 0.5, 1.0, 2.0)
"""At each notch, what being unlike those already chosen counts against the score."""
_DECIMALS = 6


def strength_of(notch: float) -> float:
    """The strength of the store's taste at a notch, 2 for the safest to 0."""
    return round(MAX_STRENGTH * (1 - notch / DARING), _DECIMALS)


def notch_of(strength: float) -> float:
    """The notch of a strength; between two notches where it is."""
    return round(DARING * (1 - strength / MAX_STRENGTH), _DECIMALS)


def diversity_of(strength: float) -> float:
    """What unlikeness counts against the score, both in standard deviations, at a strength."""
    notch = notch_of(strength)
    below = min(bisect_right(range(len(_DIVERSITY)), notch) - 1, len(_DIVERSITY) - 2)
    share = notch - below
    return _DIVERSITY[below] * (1 - share) + _DIVERSITY[below + 1] * share
