"""Captions of designs: what is told of them, and in which words."""

import random
from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor

from studio.design.families import FAMILIES
from studio.design.outfit import Outfit
from training.atelier.grammar import build_phrasebook
from training.losses.attributes import UNTOLD

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
    """One caption per outfit, in any words that people use.

    Args:
        outfits: what to tell of.
        rng: source of chance.
        caption: the world's, `training.atelier.grammar.caption`.
        short_share: share of captions with 1 to 4 phrases; the others have 5 or more.
        shuffled: whether phrases come in any order; otherwise in the canonical one.
    """
    lengths, shares = (SHORT, LONG), (short_share, 1 - short_share)
    return [caption(outfit, rng, shuffled, rng.choices(lengths, shares)[0]) for outfit in outfits]


def plain_caption(outfit: Outfit, told: Iterable[str]) -> str:
    """Some families of an outfit in the words that the studio makes of any wording.

    Args:
        outfit: what to tell of.
        told: the families; what has no phrase of its own is left out.
    """
    book, chosen = build_phrasebook(), set(told)
    phrases = (book.canonical(f, outfit[f]) for f in book.families if f in chosen)
    return ", ".join(filter(None, phrases))


def told_families(outfit: Outfit, rng: random.Random, shares: Sequence[float]) -> list[str]:
    """Which families a caption tells: none, a few, many or all of them.

    What is absent is told as often as what is there. Otherwise silence would mean "probably not",
    and designs for a few phrases would be plainer than the world's.

    Args:
        outfit: what to tell of.
        rng: source of chance.
        shares: of captions that tell nothing, 1 to 4 families, and all that there is; the rest
            tell any number from 5.
    """
    book = build_phrasebook()
    tellable = [family for family in FAMILIES if book.canonical(family, outfit[family])]
    nothing, short, whole = shares
    way = rng.random()
    if way < nothing:
        return []
    if way < nothing + short:
        return rng.sample(tellable, rng.randint(*SHORT))
    if way < nothing + short + whole:
        return tellable
    return rng.sample(tellable, rng.randint(5, len(tellable)))


def told_values(captions: Sequence[str]) -> Tensor:
    """(B, families) int64: the places of the values that captions tell, `UNTOLD` elsewhere."""
    told = [build_phrasebook().parse(each).attributes for each in captions]
    places = [
        [values.index(each[name]) if name in each else UNTOLD for name, values in FAMILIES.items()]
        for each in told
    ]
    return torch.tensor(places)
