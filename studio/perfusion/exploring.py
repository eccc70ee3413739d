"""Which designs teach most about a store: those whose ticks its likely kin would disagree about.

A round asks the store a question, and which design is ticked first is the answer. What the answer
is expected to tell is the mutual information of the two: how uncertain the answer is, less how
uncertain each of the kin would be by itself. Designs that all of the kin like alike teach nothing,
and neither do those that every one of them finds a toss-up.
"""

from collections.abc import Collection

import torch
from torch import Tensor


def information(scores: Tensor, likely: Tensor) -> float:
    """Nats that the first tick of a round is expected to tell of the store.

    Args:
        scores: (N, J) of the round's designs for each of the kin, in logits.
        likely: (J,) how likely each of them is to be the store, sums to 1.
    """
    picked = scores.double().log_softmax(dim=0)  # (N, J)
    alone = -(picked.exp() * picked).sum(dim=0)  # (J,)
    together = (picked.exp() * likely.double()).sum(dim=1)  # (N,)
    return float(torch.special.entr(together).sum() - (likely.double() * alone).sum())


def most_telling(
    scores: Tensor,
    likely: Tensor,
    count: int,
    among: Collection[int],
    beside: Collection[int] = (),
) -> tuple[int, ...]:
    """Designs to show, chosen one after another for what the round then tells.

    Args:
        scores: (N, J) of all designs for each of the kin, in logits.
        likely: (J,) how likely each of them is to be the store.
        count: how many to choose.
        among: the places to choose from.
        beside: the places of those that are shown anyway.

    Returns:
        So many places, or all that there are, in order.
    """
    shown, left = list(beside), sorted(set(among) - set(beside))
    chosen: list[int] = []
    while left and len(chosen) < count:
        best = max(left, key=lambda place: information(scores[[*shown, place]], likely))
        left.remove(best)
        shown.append(best)
        chosen.append(best)
    return tuple(sorted(chosen))
