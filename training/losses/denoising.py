"""Which noise a batch meets, and which errors count."""

import torch
from torch import Tensor


def spread_timesteps(
    count: int, timesteps: int, generator: torch.Generator, power: float = 1.0
) -> Tensor:
    """One timestep per image, spread over the batch.

    Args:
        count: B, images in the batch.
        timesteps: number of timesteps of the schedule.
        generator: source of chance, on the CPU.
        power: 1 spreads them evenly; smaller ones meet much noise more often: of t / timesteps
            the distribution function is its power of 1 / `power`.

    Returns:
        (B,) int64, one in each of B equally likely parts of the schedule, in any order: images of
        a batch may come in an order, and each is to meet every noise.
    """
    parts = torch.randperm(count, generator=generator)
    places = (parts + torch.rand(count, generator=generator)) / count
    return (places**power * timesteps).long().clamp(max=timesteps - 1)


def weighted_error(prediction: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Squared errors of each image, weighted, over how many of its numbers have a weight.

    Args:
        prediction: (B, C, H, W) of the network.
        target: (B, C, H, W), see `NoiseSchedule.target`.
        weights: (B, C, H, W), not negative. What is best to predict depends on no weight; what a
            network of limited size predicts well does.

    Returns:
        (B,) fp32.
    """
    squares = (prediction.float() - target.float()).square() * weights
    counts = (weights > 0).sum(dim=(1, 2, 3)).clamp(min=1)
    return squares.sum(dim=(1, 2, 3)) / counts
