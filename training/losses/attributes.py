"""Naming the attributes of a drawing: one choice per family."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

UNTOLD = -100
"""Class of a family that a caption says nothing of; it counts nothing."""


def attribute_loss(
    logits: Tensor, classes: Tensor, family_sizes: Sequence[int], label_smoothing: float = 0.0
) -> Tensor:
    """Cross-entropy of each family's choice, averaged over families.

    Args:
        logits: (B, sum of family_sizes), the families side by side.
        classes: (B, families) int64, the true value's position within its family, or `UNTOLD`.
        family_sizes: number of values of each family.
        label_smoothing: share of the probability that is spread over all values.

    Returns:
        (B,) one loss per drawing, in nats, the mean over its told families; 0 if none is told.
    """
    choices = torch.split(logits.float(), list(family_sizes), dim=1)
    losses = [
        F.cross_entropy(
            choice, true, reduction="none", label_smoothing=label_smoothing, ignore_index=UNTOLD
        )
        for choice, true in zip(choices, classes.unbind(dim=1), strict=True)
    ]
    told = (classes != UNTOLD).sum(dim=1).clamp(min=1)
    return torch.stack(losses, dim=1).sum(dim=1) / told


def chosen_values(logits: Tensor, family_sizes: Sequence[int]) -> Tensor:
    """The likeliest value of each family: (B, sum of sizes) -> (B, families) int64."""
    choices = torch.split(logits, list(family_sizes), dim=1)
    return torch.stack([choice.argmax(dim=1) for choice in choices], dim=1)
