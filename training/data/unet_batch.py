"""What the U-Net learns from in one step: noisy latents, and what they should become."""

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
        prompt_ids: (B, T) int64 token numbers of the prompts, as the studio encodes them.
        drawings: (B, 3, 256, 128) uint8, what `latents` stand for.
        told: (B, families) int64, what the prompts tell, see `told_values`.
        settled: (B,) in [0, 1], how far prompts and noisy latents settle what the drawing looks
            like.
    """

    latents: Tensor
    noisy_latents: Tensor
    timesteps: Tensor
    prompt_ids: Tensor
    drawings: Tensor
    told: Tensor
    settled: Tensor

    def __len__(self) -> int:
        return len(self.timesteps)

    def joined(self, other: "UnetBatch") -> "UnetBatch":
        """This batch, then the other."""
        both = {
            each.name: torch.cat([getattr(self, each.name), getattr(other, each.name)])
            for each in fields(self)
        }
        return UnetBatch(**both)

    def first(self, count: int | None) -> "UnetBatch":
        """The first `count` of them; all for None."""
        return UnetBatch(**{each.name: getattr(self, each.name)[:count] for each in fields(self)})

    def to(self, device: torch.device) -> "UnetBatch":
        """The same on a device."""
        return UnetBatch(
            **{each.name: getattr(self, each.name).to(device) for each in fields(self)}
        )
