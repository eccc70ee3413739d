"""The contrastive objectives of CLIP and SigLIP."""

import torch
import torch.nn.functional as F
from torch import Tensor


def contrastive_loss(image_features: Tensor, text_features: Tensor, logit_scale: Tensor) -> Tensor:
    """How badly each image finds its caption, and each caption its image, within a batch.

    Source: Radford et al., "Learning Transferable Visual Models From Natural Language
    Supervision" (arXiv 2103.00020), the symmetric cross-entropy of its Figure 3.

    Args:
        image_features: (B, D) of unit length.
        text_features: (B, D) of unit length; row i describes image i.
        logit_scale: () inverse temperature, > 0.

    Returns:
        (B,) one loss per pair, in nats.
    """
    logits = logit_scale * image_features.float() @ text_features.float().T  # (B, B)
    own = torch.arange(len(logits), device=logits.device)
    by_image = F.cross_entropy(logits, own, reduction="none")
    by_text = F.cross_entropy(logits.T, own, reduction="none")
    return (by_image + by_text) / 2


def sigmoid_loss(
    image_features: Tensor, text_features: Tensor, logit_scale: Tensor, logit_bias: Tensor
) -> Tensor:
    """How badly each image and each caption of a batch are told to belong together, or not.

    Source: Zhai et al., "Sigmoid Loss for Language Image Pre-Training" (arXiv 2303.15343).

    Args:
        image_features: (B, D) of unit length.
        text_features: (B, D) of unit length; row i describes image i.
        logit_scale: () inverse temperature, > 0.
        logit_bias: () added to all logits; it starts low, since most pairs don't belong together.

    Returns:
        (B,) for each image the sum over all captions, in nats.
    """
    logits = logit_scale * image_features.float() @ text_features.float().T + logit_bias
    belongs = 2 * torch.eye(len(logits), device=logits.device) - 1
    return -F.logsigmoid(belongs * logits).sum(dim=1)
