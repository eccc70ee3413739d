"""What the U-Net learns from in one step: noisy latents, and what they should become."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor


@dataclass(frozen=True)
class UnetBatch:
    """A batch of the U-Net's training.

    Attributes:
        latents: (B, C, H, W) clean ones.
        noisy_latents: (B, C, H, W).
        timesteps: (B,) int64.
        prompts: B of them, as the studio encodes them.
        drawings: (B, 3, 256, 128) in [0, 1], what `latents` stand for.
        told: (B, families) int64, what the prompts tell, see `told_values`.
        settled: (B,) in [0, 1], how far prompts and noisy latents settle what the drawing looks
            like.
    """

    latents: Tensor
    noisy_latents: Tensor
    timesteps: Tensor
    prompts: Sequence[str]
    drawings: Tensor
    told: Tensor
    settled: Tensor

    def __len__(self) -> int:
        return len(self.timesteps)

    def joined(self, other: "UnetBatch") -> "UnetBatch":
        """This batch, then the other."""
        tensors = {
            each.name: torch.cat([getattr(self, each.name), getattr(other, each.name)])
            for each in fields(self)
            if each.name != "prompts"
        }
        return UnetBatch(prompts=[*self.prompts, *other.prompts], **tensors)
