"""One interface for all objectives: a group's errors in, a loss per group out.

An objective sees errors only, so the loop can compute them image by image, and its gradient in
the errors is all that the second pass of exact micro-batching needs.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor

from studio.perfusion.group_loss import group_preference_loss, implicit_reward
from training.losses.pairs import one_pair_preference_loss, pair_preference_loss
from training.losses.unary import supervised_loss, unary_preference_loss


@dataclass(frozen=True)
class GroupErrors:
    """Errors of groups of one size.

    `policy` (B, N) has gradients, `reference` (B, N) has none; both are mean squared errors per
    latent element. `chosen` (B, N) bool has at least one of each kind per row. `lots` (B,) in
    [0, 1) is for objectives that draw something from each group.
    """

    policy: Tensor
    reference: Tensor
    chosen: Tensor
    lots: Tensor | None = None


@dataclass(frozen=True)
class ObjectiveResult:
    """`losses` (B,) in the objective's own unit; `implicit_reward` (B, N) without gradients.

    The reward is computed with the objective's beta, or 1 where it has none.
    """

    losses: Tensor
    implicit_reward: Tensor

    def accuracy(self, chosen: Tensor) -> Tensor:
        """(B,) share of (ticked, unticked) pairs that the policy puts in order; ties count half."""
        return pair_accuracy(self.implicit_reward, chosen)


class Objective(Protocol):
    """What the training loop needs of a loss."""

    def __call__(self, errors: GroupErrors) -> ObjectiveResult:
        """Turn groups of errors into one loss per group."""


@dataclass(frozen=True)
class GroupPreference:
    """PerFusion's group-level objective, Eq. 18."""

    beta: float

    def __call__(self, errors: GroupErrors) -> ObjectiveResult:
        """See `group_preference_loss`."""
        losses = group_preference_loss(errors.policy, errors.reference, errors.chosen, self.beta)
        return ObjectiveResult(losses, _rewards(errors, self.beta))


@dataclass(frozen=True)
class PairPreference:
    """Diffusion-DPO on the group's pairs; on transition errors it is SPO."""

    beta: float

    def __call__(self, errors: GroupErrors) -> ObjectiveResult:
        """See `pair_preference_loss`."""
        losses = pair_preference_loss(errors.policy, errors.reference, errors.chosen, self.beta)
        return ObjectiveResult(losses, _rewards(errors, self.beta))


@dataclass(frozen=True)
class OnePairPreference:
    """Diffusion-DPO as published, on one pair of each group."""

    beta: float

    def __call__(self, errors: GroupErrors) -> ObjectiveResult:
        """See `one_pair_preference_loss`.

        Raises:
            ValueError: nobody says which pair.
        """
        if errors.lots is None:
            raise ValueError("Which pair of a group counts is drawn by lot, and there are no lots.")
        losses = one_pair_preference_loss(
            errors.policy, errors.reference, errors.chosen, self.beta, errors.lots
        )
        return ObjectiveResult(losses, _rewards(errors, self.beta))


@dataclass(frozen=True)
class UnaryPreference:
    """The KTO-style objective."""

    beta: float

    def __call__(self, errors: GroupErrors) -> ObjectiveResult:
        """See `unary_preference_loss`."""
        losses = unary_preference_loss(errors.policy, errors.reference, errors.chosen, self.beta)
        return ObjectiveResult(losses, _rewards(errors, self.beta))


@dataclass(frozen=True)
class Supervised:
    """Supervised fine-tuning on the ticked images, Eq. 1."""

    def __call__(self, errors: GroupErrors) -> ObjectiveResult:
        """See `supervised_loss`."""
        losses = supervised_loss(errors.policy, errors.chosen)
        return ObjectiveResult(losses, _rewards(errors, beta=1.0))


@dataclass(frozen=True)
class WithSupervised:
    """Another objective, with Eq. 1 on the ticked images beside it.

    A preference loss rewards an error that grows on what was not ticked as much as one that falls
    on what was, so a network may learn to spoil what it recognises as disliked. The supervised
    term holds the errors of ticked images down. Not in the paper.
    """

    objective: Objective
    weight: float

    def __call__(self, errors: GroupErrors) -> ObjectiveResult:
        """The objective's losses, and `weight` times those of `supervised_loss`."""
        result = self.objective(errors)
        held = supervised_loss(errors.policy, errors.chosen)
        return replace(result, losses=result.losses + self.weight * held)


def pair_accuracy(rewards: Tensor, chosen: Tensor) -> Tensor:
    """Share of a group's (ticked, unticked) pairs in the right order; a tie counts half.

    Args:
        rewards: (B, N) any score that should be higher for ticked images.
        chosen: (B, N) bool, at least one True and one False per row.

    Returns:
        (B,) between 0 and 1.
    """
    margins = rewards.unsqueeze(2) - rewards.unsqueeze(1)  # (B, N, N)
    is_pair = chosen.unsqueeze(2) & ~chosen.unsqueeze(1)
    in_order = (torch.sign(margins) + 1) / 2
    return in_order.masked_fill(~is_pair, 0.0).sum(dim=(1, 2)) / is_pair.sum(dim=(1, 2))


def _rewards(errors: GroupErrors, beta: float) -> Tensor:
    return implicit_reward(errors.policy, errors.reference, beta).detach()
