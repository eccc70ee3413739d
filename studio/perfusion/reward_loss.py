"""The loss of the reward model: which of a group's images did the store tick?"""

import torch
from torch import Tensor


def reward_loss(scores: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy between what was ticked and what the scores say, for both answers.

    The ticked images share the probability of being picked equally; the scores' softmax is to
    match it. The minus stands before both terms.
    Source: PerFusion (arXiv 2503.22182), Eq. 7-9.

    Notation (code -> paper):
        wanted        p, labels as shares of their sum
        log_picked    log p^, log-softmax of the scores
        log_passed    log (1 - p^), by leaving each image out of the sum in turn

    Args:
        scores: (B, N) float of any precision, in logits.
        labels: (B, N) in [0, 1]: 1 for ticked, 0 for not; 0.5 for both images of a tied pair.

    Returns:
        (B,) float32, in nats. 0, with zero gradient, for groups that say nothing: N = 1, none
        ticked, all ticked. The caller reduces it.
    """
    scores, labels = scores.float(), labels.float()
    if scores.shape[1] == 1:
        return scores.sum(dim=1) * 0.0
    log_total = scores.logsumexp(dim=1, keepdim=True)  # (B, 1)
    log_picked = scores - log_total  # (B, N)
    itself = torch.eye(scores.shape[1], dtype=torch.bool, device=scores.device)
    others = scores.unsqueeze(1).masked_fill(itself, -float("inf"))  # (B, N, N)
    log_passed = others.logsumexp(dim=2) - log_total  # (B, N)
    wanted = labels / labels.sum(dim=1, keepdim=True).clamp(min=torch.finfo(torch.float32).tiny)
    losses = -(wanted * log_picked + (1 - wanted) * log_passed).sum(dim=1)  # (B,)
    return torch.where(says_something(labels), losses, 0.0)


def says_something(labels: Tensor) -> Tensor:
    """(B, N) labels -> (B,) bool: not all images were ticked, and not all left."""
    return (labels > 0).any(dim=1) & (labels < 1).any(dim=1)
