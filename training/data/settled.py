"""How far a drawing is settled before it is drawn."""

import torch
from torch import Tensor

from studio.perfusion.phrasebook import ABSENT
from training.atelier.attributes import FAMILIES
from training.losses.attributes import UNTOLD

_ABSENT_PLACES = torch.tensor(
    [values.index(ABSENT) if ABSENT in values else UNTOLD for values in FAMILIES.values()]
)


def how_settled(shown: Tensor, told: Tensor, signal: Tensor) -> Tensor:
    """How far phrases and noisy latents together settle what a drawing looks like.

    What is open has many answers, and the mean of their feature maps is that of no drawing: edges
    at every length that a skirt could have. So a critic's feature maps should count only as far
    as the answer is settled.

    Args:
        shown: (B, families) places of the values that the drawings show.
        told: (B, families) those that the phrases tell, see `told_values`.
        signal: (B,) how far the noisy latents settle it, in [0, 1].

    Returns:
        (B,): 1 where the phrases tell all that is there, `signal` elsewhere.
    """
    is_open = (told == UNTOLD) & (shown != _ABSENT_PLACES)
    return torch.where(is_open.any(dim=1).to(signal.device), signal, 1.0)
