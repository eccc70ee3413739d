"""Losses that look at one image at a time: supervised fine-tuning and a KTO-style one."""

import torch
from torch import Tensor

from studio.perfusion.group_loss import implicit_reward


def supervised_loss(policy_error: Tensor, chosen: Tensor) -> Tensor:
    """Plain diffusion training on what was ticked.

    Source: PerFusion (arXiv 2503.22182), Eq. 1.

    Args:
        policy_error: (B, N) mean squared noise error per latent element; has gradients.
        chosen: (B, N) bool, at least one True per row.

    Returns:
        (B,) mean error of each group's ticked images.
    """
    precision = torch.promote_types(policy_error.dtype, torch.float32)
    errors = policy_error.to(precision).masked_fill(~chosen, 0.0)
    return errors.sum(dim=1) / chosen.sum(dim=1)


def unary_preference_loss(
    policy_error: Tensor, reference_error: Tensor, chosen: Tensor, beta: float
) -> Tensor:
    """Raise each ticked image above the group's usual reward, and lower each unticked one.

    The value function saturates on both sides, as in prospect theory. Ticked and unticked images
    weigh the same in total, however many there are of each; groups of one kind are fine.
    Source: KTO (arXiv 2402.01306), Eq. 8. Differs from it in: the reference point is the group's
    own mean reward, not less than 0 and without gradients, not an estimate over the batch.

    Args:
        policy_error: (B, N) mean squared noise error per latent element; has gradients.
        reference_error: (B, N) the same for the frozen reference; no gradients.
        chosen: (B, N) bool.
        beta: strength of the pull towards the reference; see `studio.perfusion.group_loss`.

    Returns:
        (B,) between 0 and 1; 0.5 where policy and reference agree.
    """
    rewards = implicit_reward(policy_error, reference_error, beta)  # (B, N)
    usual = rewards.detach().mean(dim=1, keepdim=True).clamp(min=0.0)
    distance = torch.where(chosen, rewards - usual, usual - rewards)
    losses = 1.0 - torch.sigmoid(distance)
    counts = torch.where(chosen, chosen.sum(1, keepdim=True), (~chosen).sum(1, keepdim=True))
    shares = 1.0 / counts  # each kind's images sum to 1
    return (losses * shares).sum(dim=1) / shares.sum(dim=1)
