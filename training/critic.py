"""The critic of the U-Net's training: what a frozen reader makes of what was drawn.

It is another network than the reader that judges generated images: it has its own weights, and is
used in training only.
"""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.losses.attributes import UNTOLD, attribute_loss
from training.losses.denoising import feature_error
from training.reader import AttributeReader, load_reader


class Critic(nn.Module):
    """Compares decoded latents with drawings as a frozen reader sees them.

    Args:
        reader: trained on drawings.
        autoencoder: frozen, decodes the latents.
    """

    def __init__(self, reader: AttributeReader, autoencoder: Any) -> None:
        super().__init__()
        self.reader = reader.eval().requires_grad_(False).to(memory_format=torch.channels_last)
        self.autoencoder = autoencoder

    def forward(
        self, believed: Tensor, drawings: Tensor, noise: Tensor, told: Tensor
    ) -> tuple[Tensor, Tensor]:
        """What is wrong with the believed latents.

        Args:
            believed: (B, C, h, w) clean latents that the U-Net's prediction stands for.
            drawings: (B, 3, H, W) in [0, 1], the true ones.
            noise: (B, 3, H, W), added to both images before the reader sees them: traces that
                only the reader would notice drown in it, detail that a person sees does not.
            told: (B, families) int64, what the phrases say, `UNTOLD` elsewhere.

        Returns:
            (B,) errors of feature maps, 0 where the phrases say nothing; (B,) cross-entropy of
            reading what the phrases say, in nats.
        """
        maps = self.reader.feature_maps(_seen(self._decoded(believed), noise))
        with torch.no_grad():
            true_maps = self.reader.feature_maps(_seen(drawings, noise))
        says_something = (told != UNTOLD).any(dim=1)
        readings = attribute_loss(self.reader.logits(maps[-1]), told, self.reader.family_sizes)
        return feature_error(maps, true_maps) * says_something, readings

    def _decoded(self, latents: Tensor) -> Tensor:
        """(B, C, h, w) -> (B, 3, H, W) around [0, 1]; unclamped, since a clamp ends gradients."""
        unscaled = latents / self.autoencoder.config.scaling_factor
        decoded: Tensor = self.autoencoder.decode(unscaled).sample
        return decoded.float() / 2 + 0.5


def _seen(images: Tensor, noise: Tensor) -> Tensor:
    return (images + noise).contiguous(memory_format=torch.channels_last)


def load_critic(folder: Path, autoencoder: Any, device: torch.device) -> Critic:
    """The critic whose reader lies at `folder`.

    Raises:
        CheckpointError: it isn't there, or reads another world.
    """
    return Critic(load_reader(folder, device, "critic"), autoencoder)
