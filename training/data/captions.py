"""Captions of a batch's outfits, long ones mostly, and what they tell."""

import random
from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor

from training.atelier.attributes import FAMILIES, Outfit
from training.atelier.grammar import build_phrasebook, caption
from training.losses.attributes import UNTOLD

Caption = Callable[[Outfit, random.Random, bool, tuple[int, int]], str]
"""(outfit, chance, shuffled, fewest and most phrases) -> phrases between commas."""

SHORT = (1, 4)
LONG = (5, len(FAMILIES))
WHOLE = (len(FAMILIES), len(FAMILIES))


def batch_captions(
    outfits: Iterable[Outfit],
    rng: random.Random,
    caption: Caption,
    short_share: float,
    shuffled: bool,
    whole_share: float = 0.0,
) -> list[str]:
    """One caption per outfit.

    Args:
        outfits: what to tell of.
        rng: source of chance.
        caption: the world's, `training.atelier.grammar.caption`.
        short_share: share of captions with 1 to 4 phrases; the others have 5 or more.
        shuffled: whether phrases come in any order; otherwise in the canonical one.
        whole_share: share of captions that tell all there is to tell.
    """
    lengths = (SHORT, WHOLE, LONG)
    shares = (short_share, whole_share, max(1 - short_share - whole_share, 0.0))
    return [caption(outfit, rng, shuffled, rng.choices(lengths, shares)[0]) for outfit in outfits]


def plain_captions(
    outfits: Sequence[Outfit], rng: random.Random, short_share: float, whole_share: float = 0.0
) -> list[str]:
    """One caption per outfit, in the words that the studio makes of any wording."""
    captions = batch_captions(outfits, rng, caption, short_share, False, whole_share)
    return [build_phrasebook().parse(each).plain_prompt for each in captions]


def told_values(captions: Sequence[str]) -> Tensor:
    """(B, families) int64: the places of the values that captions tell, `UNTOLD` elsewhere."""
    told = [build_phrasebook().parse(each).attributes for each in captions]
    places = [
        [values.index(each[name]) if name in each else UNTOLD for name, values in FAMILIES.items()]
        for each in told
    ]
    return torch.tensor(places)
