"""The critic of the U-Net's training: what a reader of latents makes of what was drawn.

It is another network than the reader that judges generated images: it looks at latents, has its
own weights, and is used in training only.
"""

from pathlib import Path

import torch
from torch import Tensor, nn

from studio.domain import CheckpointError
from training.losses.attributes import UNTOLD, attribute_loss
from training.losses.denoising import feature_error
from training.reader import AttributeReader, load_reader


class LatentCritic(nn.Module):
    """Compares believed latents with true ones as a frozen reader of latents sees them.

    Args:
        reader: trained on latents of drawings.
    """

    def __init__(self, reader: AttributeReader) -> None:
        super().__init__()
        self.reader = reader.eval().requires_grad_(False).to(memory_format=torch.channels_last)

    def forward(
        self, believed: Tensor, true: Tensor, noise: Tensor, told: Tensor
    ) -> tuple[Tensor, Tensor]:
        """What is wrong with the believed latents.

        Args:
            believed: (B, C, H, W) clean latents that the U-Net's prediction stands for.
            true: (B, C, H, W) of the drawings.
            noise: (B, C, H, W), added to both before the reader sees them: traces that only the
                reader would notice drown in it, detail that a person sees does not.
            told: (B, families) int64, what the phrases say, `UNTOLD` elsewhere.

        Returns:
            (B,) errors of feature maps, 0 where the phrases say nothing; (B,) cross-entropy of
            reading what the phrases say, in nats.
        """
        maps = self.reader.feature_maps(_seen(believed, noise))
        with torch.no_grad():
            true_maps = self.reader.feature_maps(_seen(true, noise))
        says_something = (told != UNTOLD).any(dim=1)
        readings = attribute_loss(self.reader.logits(maps[-1]), told, self.reader.family_sizes)
        return feature_error(maps, true_maps) * says_something, readings


def _seen(latents: Tensor, noise: Tensor) -> Tensor:
    return (latents + noise).contiguous(memory_format=torch.channels_last)


def load_critic(folder: Path, latent_shape: tuple[int, ...], device: torch.device) -> LatentCritic:
    """The critic of latents of this shape (C, H, W).

    Raises:
        CheckpointError: it isn't there, reads another world, or other latents.
    """
    reader = load_reader(folder, device, "latent-reader")
    config = reader.config
    if (config.channels, config.height_px, config.width_px) != latent_shape:
        raise CheckpointError(
            f"The reader of latents at {folder} was trained on latents of another shape. Train it "
            "again with python -m training.pretrain latent-reader."
        )
    return LatentCritic(reader)
