"""What held-out designs are asked for: true phrases about designs that no model has learnt from."""

import random
from dataclasses import dataclass

from studio.domain import MAX_SEED
from training.atelier.grammar import caption
from training.data.designs import design_of

PHRASES = (3, 9)
"""Fewest and most phrases of a set."""


@dataclass(frozen=True)
class PhraseSet:
    """What one round is asked to show.

    Attributes:
        prompt: phrases in any order.
        seed: of the round.
    """

    prompt: str
    seed: int

    def reordered(self) -> "PhraseSet":
        """The same phrases in another order, drawn by lot but always the same one."""
        phrases = self.prompt.split(", ")
        rng = random.Random(f"{self.seed}/{self.prompt}")
        other = list(phrases)
        while other == phrases and len(phrases) > 1:
            rng.shuffle(other)
        return PhraseSet(", ".join(other), self.seed)


def phrase_sets(count: int, seed: int) -> list[PhraseSet]:
    """Phrases about the first held-out designs, one set each.

    Args:
        count: how many.
        seed: of designs and phrases.
    """
    sets = []
    for index in range(count):
        rng = random.Random(f"{seed}/phrases/{index}")
        told = caption(design_of(seed, "held-out", index).outfit, rng, keep=PHRASES)
        sets.append(PhraseSet(told, (seed + index) % (MAX_SEED + 1)))
    return sets
