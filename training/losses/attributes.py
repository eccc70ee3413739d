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
    return _mean_of_told(losses, classes, torch.ones(len(losses)))


def naming_error(
    scores: Tensor, classes: Tensor, family_sizes: Sequence[int], family_weights: Tensor
) -> Tensor:
    """Squared error of one number per attribute: 1 for what is there, 0 for the family's others.

    Cross-entropy is content with features that tell attributes apart; this asks for features in
    which each attribute is one direction, which is all that a product with a vector can read.

    Args:
        scores: (B, sum of family_sizes), the families side by side.
        classes: (B, families) int64, the true value's position within its family, or `UNTOLD`.
        family_sizes: number of values of each family.
        family_weights: (families,) how much each counts.

    Returns:
        (B,) the weighted mean over told families of their summed squares; 0 if none is told.
    """
    errors = []
    for score, true in zip(
        torch.split(scores.float(), list(family_sizes), dim=1), classes.unbind(dim=1), strict=True
    ):
        wanted = F.one_hot(true.clamp(min=0), score.shape[1])
        errors.append((score - wanted).square().sum(dim=1))
    return _mean_of_told(errors, classes, family_weights)


def _mean_of_told(losses: Sequence[Tensor], classes: Tensor, weights: Tensor) -> Tensor:
    """(B,) the weighted mean of each family's (B,) losses over what is told; 0 if nothing is."""
    counted = (classes != UNTOLD) * weights.to(classes.device)
    summed = (torch.stack(list(losses), dim=1) * counted).sum(dim=1)
    return summed / counted.sum(dim=1).clamp(min=1e-6)


def chosen_values(logits: Tensor, family_sizes: Sequence[int]) -> Tensor:
    """The likeliest value of each family: (B, sum of sizes) -> (B, families) int64."""
    choices = torch.split(logits, list(family_sizes), dim=1)
    return torch.stack([choice.argmax(dim=1) for choice in choices], dim=1)
