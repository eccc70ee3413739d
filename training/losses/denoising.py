"""Which noise a batch meets."""

import torch
from torch import Tensor


def spread_timesteps(count: int, timesteps: int, generator: torch.Generator) -> Tensor:
    """One timestep per image, evenly spread over the batch.

    Args:
        count: B, images in the batch.
        timesteps: number of timesteps of the schedule.
        generator: source of chance, on the CPU.

    Returns:
        (B,) int64, one in each of B equal parts of the schedule, in any order: images of a batch
        may come in an order, and each is to meet every noise.
    """
    parts = torch.randperm(count, generator=generator)
    places = (parts + torch.rand(count, generator=generator)) / count
    return (places * timesteps).long().clamp(max=timesteps - 1)
