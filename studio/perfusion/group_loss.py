"""The group-level preference loss, and the one place that says what beta means.

**Beta.** Every error here is the *mean* squared error over channels, height and width of a
latent, constants left out, and the implicit reward is `-beta * (policy error - reference error)`.
With that, beta = 1500 ... 3000 is the usual range of Diffusion-DPO for Stable Diffusion 1.5. Our
beta is diffusers' `beta_dpo` and half of Salesforce's `beta_dpo`, whose code multiplies by 0.5 as
well. With a sum in place of the mean it would be smaller by the number of latent elements, so it
depends on how many there are: 16,384 in Stable Diffusion, and a few hundred in a design, where 60
on errors of v is what was measured to learn.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def implicit_reward(policy_error: Tensor, reference_error: Tensor, beta: float) -> Tensor:
    """How much more likely the policy finds each image than the reference does.

    Computed in single precision at least: the two errors are nearly equal, and their difference
    would be lost in half precision.

    Args:
        policy_error: (..., N) mean squared noise error per latent element.
        reference_error: (..., N) the same for the frozen reference.
        beta: strength of the pull towards the reference, > 0, unitless; see the module.

    Returns:
        (..., N) unitless; 0 where policy and reference agree.
    """
    precision = torch.promote_types(policy_error.dtype, torch.float32)
    return -beta * (policy_error.to(precision) - reference_error.to(precision))


def group_preference_loss(
    policy_error: Tensor, reference_error: Tensor, chosen: Tensor, beta: float
) -> Tensor:
    """Push every ticked image of a group above all of its unticked ones.

    Each ticked image competes with the unticked ones only, never with other ticked ones: it is
    the cross-entropy of choosing it among itself and all of them. With one of each this is the
    Diffusion-DPO loss. Where policy and reference agree it is |P| ln(1 + |N|).
    Source: PerFusion (arXiv 2503.22182), Eq. 13 and 18.

    Notation (code -> paper):
        implicit_reward    -beta * s
        rejected_evidence  log of the sum over n in N of exp(-beta * s_n)

    Args:
        policy_error: (B, N) mean squared noise error per latent element; has gradients.
        reference_error: (B, N) the same for the frozen reference; no gradients.
        chosen: (B, N) bool, at least one True and one False per row (the dataset drops others).
        beta: strength of the pull towards the reference, > 0, unitless; see the module.

    Returns:
        (B,) summed over each group's ticked images, in nats. The caller reduces it.
    """
    rewards = implicit_reward(policy_error, reference_error, beta)  # (B, N)
    rejected_evidence = rewards.masked_fill(chosen, -torch.inf).logsumexp(dim=1, keepdim=True)
    losses = -F.logsigmoid(rewards - rejected_evidence)  # (B, N), the ticked ones count
    return losses.masked_fill(~chosen, 0.0).sum(dim=1)  # (B,)
