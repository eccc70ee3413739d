"""Pairwise preference losses: Diffusion-DPO on one pair or on all, and its relative SPO."""

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.perfusion.group_loss import implicit_reward


def pair_preference_loss(
    policy_error: Tensor, reference_error: Tensor, chosen: Tensor, beta: float
) -> Tensor:
    """Diffusion-DPO on all pairs of a ticked and an unticked image of the same group.

    Source: Wallace et al. (arXiv 2311.12908), Eq. 14. Differs from it in: pairs share the noise
    and the timestep because their group does.

    Args:
        policy_error: (B, N) mean squared noise error per latent element; has gradients.
        reference_error: (B, N) the same for the frozen reference; no gradients.
        chosen: (B, N) bool, at least one True and one False per row.
        beta: strength of the pull towards the reference; see `studio.perfusion.group_loss`.

    Returns:
        (B,) mean over each group's pairs, in nats.
    """
    rewards = implicit_reward(policy_error, reference_error, beta)  # (B, N)
    margins = rewards.unsqueeze(2) - rewards.unsqueeze(1)  # (B, N ticked, N unticked)
    is_pair = chosen.unsqueeze(2) & ~chosen.unsqueeze(1)
    losses = -F.logsigmoid(margins).masked_fill(~is_pair, 0.0)
    return losses.sum(dim=(1, 2)) / is_pair.sum(dim=(1, 2))  # (B,)


def one_pair_preference_loss(
    policy_error: Tensor, reference_error: Tensor, chosen: Tensor, beta: float, lots: Tensor
) -> Tensor:
    """Diffusion-DPO as published: one pair of a ticked and an unticked image, drawn by lot.

    Source: Wallace et al. (arXiv 2311.12908), Eq. 14.

    Args:
        policy_error: (B, N) mean squared noise error per latent element; has gradients.
        reference_error: (B, N) the same for the frozen reference; no gradients.
        chosen: (B, N) bool, at least one True and one False per row.
        beta: strength of the pull towards the reference; see `training.losses.group`.
        lots: (B,) in [0, 1), which of each group's pairs it is.

    Returns:
        (B,) in nats.
    """
    rewards = implicit_reward(policy_error, reference_error, beta)  # (B, N)
    margins = (rewards.unsqueeze(2) - rewards.unsqueeze(1)).flatten(1)  # (B, N * N)
    is_pair = (chosen.unsqueeze(2) & ~chosen.unsqueeze(1)).flatten(1)
    number = (lots.to(rewards) * is_pair.sum(dim=1)).floor()  # of the pair, from 0
    is_drawn = is_pair & (is_pair.cumsum(dim=1) - 1 == number.unsqueeze(1))
    return -F.logsigmoid(margins.masked_fill(~is_drawn, 0.0).sum(dim=1))


def transition_error(previous_latents: Tensor, predicted_mean: Tensor, std: Tensor) -> Tensor:
    """How badly one denoising step of a model explains a less noisy latent.

    It is the negative log-probability of the step, up to a constant that policy and reference
    share, as a mean over the latent's elements: with it SPO is `pair_preference_loss`.
    Source: Liang et al. (arXiv 2406.04314), Eq. 9.

    Args:
        previous_latents: (B, N, C, H, W) candidates for x_{t-1}, drawn from the same x_t.
        predicted_mean: (B, 1, C, H, W) the model's mean of x_{t-1} given x_t.
        std: (B,) standard deviation of the step, > 0.

    Returns:
        (B, N) mean over C, H, W of the squared distance over twice the variance.
    """
    variance = (std**2).view(-1, 1, 1, 1, 1)
    return ((previous_latents - predicted_mean) ** 2 / (2 * variance)).mean(dim=(2, 3, 4))


def best_and_worst(scores: Tensor) -> tuple[Tensor, Tensor]:
    """Pick the pair on which SPO learns: the candidates with the highest and the lowest score.

    Args:
        scores: (B, N) of the step's candidates, N >= 2.

    Returns:
        (B, 2) int64 positions, the best first, and (B, 2) bool that marks it as chosen.
    """
    positions = torch.stack([scores.argmax(dim=1), scores.argmin(dim=1)], dim=1)
    chosen = torch.tensor([True, False], device=scores.device).expand(len(scores), 2)
    return positions, chosen
