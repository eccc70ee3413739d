"""The contrastive objective of CLIP."""

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
