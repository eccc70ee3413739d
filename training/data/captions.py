"""Captions of a batch's outfits, long ones mostly."""

import random
from collections.abc import Callable, Iterable

from training.atelier.attributes import FAMILIES, Outfit

Caption = Callable[[Outfit, random.Random, bool, tuple[int, int]], str]
"""(outfit, chance, shuffled, fewest and most phrases) -> phrases between commas."""

SHORT = (1, 4)
LONG = (5, len(FAMILIES))


def batch_captions(
    outfits: Iterable[Outfit],
    rng: random.Random,
    caption: Caption,
    short_share: float,
    shuffled: bool,
) -> list[str]:
    """One caption per outfit.

    Args:
        outfits: what to tell of.
        rng: source of chance.
        caption: the world's, `training.atelier.grammar.caption`.
        short_share: share of captions with 1 to 4 phrases; the others have 5 or more.
        shuffled: whether phrases come in any order; otherwise in the canonical one.
    """
    return [
        caption(outfit, rng, shuffled, SHORT if rng.random() < short_share else LONG)
        for outfit in outfits
    ]
