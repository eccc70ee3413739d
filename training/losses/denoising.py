"""What counts how much in the training of the U-Net."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.perfusion.noise import NoiseSchedule, error_per_image

COARSE_BLOCKS = (4, 8)
"""Sides of the blocks whose mean error counts in `coarse_error`, in latent pixels."""
_LEAST_SPREAD = 1e-2


def level_weights(schedule: NoiseSchedule, timesteps: Tensor, snr_gamma: float) -> Tensor:
    """Weights of the v-prediction error: 1, and less where hardly any noise is left.

    Seen as a weight of the clean latents' error this is min(SNR, gamma) + 1. Min-SNR weights
    (Hang et al., arXiv 2303.09556) leave out the 1; they would never train the noisiest level,
    where every drawing starts and much of what the phrases say is settled.

    Args:
        schedule: gives the signal-to-noise ratio SNR = a / (1 - a); its prediction is v.
        timesteps: (B,) int64.
        snr_gamma: cap of the ratio; 0 for weights of 1.

    Returns:
        (B,) in (0, 1].

    Raises:
        ValueError: the network predicts something else than v.
    """
    if schedule.prediction_type != "v_prediction":
        raise ValueError(f"These weights are for v-prediction, not {schedule.prediction_type}.")
    if not snr_gamma:
        return torch.ones_like(timesteps, dtype=torch.float32)
    kept = schedule.alphas_cumprod.to(timesteps.device)[timesteps]
    snr = kept / (1 - kept)
    return (snr.clamp(max=snr_gamma) + 1) / (snr + 1)


def coarse_error(prediction: Tensor, target: Tensor) -> Tensor:
    """Mean squared error of block means, summed over the sizes of blocks.

    What a whole garment shares, such as its colour, is a small part of the plain error beside all
    the detail that noise hides, and each place then guesses for itself. Added to the plain error
    this counts what is shared more; the best prediction stays the same, as it does for any
    positive weights of a squared error. Source: the multiscale loss of Hoogeboom et al.
    (arXiv 2301.11093), section 3.4, here with all scales at every noise level.

    Args:
        prediction: (B, C, H, W) of the network; H and W are multiples of the largest block.
        target: (B, C, H, W).

    Returns:
        (B,).
    """
    miss = prediction.float() - target.float()
    pooled = (F.avg_pool2d(miss, side) for side in COARSE_BLOCKS)
    return torch.stack([error_per_image(means, torch.zeros_like(means)) for means in pooled]).sum(0)


def feature_error(maps: Sequence[Tensor], true_maps: Sequence[Tensor]) -> Tensor:
    """Mean squared difference of feature maps, each channel in units of its own spread.

    Detail that is small in the latents, such as sequins, is large in the features of a network
    that had to tell it from plain cloth. Source of the idea: the perceptual loss of Johnson et
    al. (arXiv 1603.08155), here on latents and in a diffusion model's training, for which see
    Berrada et al. (arXiv 2411.04873).

    Args:
        maps: of what the network drew, each (B, D, h, w).
        true_maps: of the drawings, alike; the spreads are theirs, over the batch.

    Returns:
        (B,), the mean over maps.
    """
    errors = []
    for seen, true in zip(maps, true_maps, strict=True):
        spread = true.float().std(dim=(0, 2, 3), keepdim=True).clamp(min=_LEAST_SPREAD)
        errors.append(error_per_image(seen.float() / spread, true.float() / spread))
    return torch.stack(errors).mean(dim=0)


def spread_timesteps(
    count: int,
    timesteps: int,
    generator: torch.Generator,
    shift: float = 1.0,
    least: int = 0,
) -> Tensor:
    """One timestep per image, evenly spread over the batch.

    What the phrases settle is settled where there is much noise; a shift gives that more updates.
    Source of the shift: Esser et al. (arXiv 2403.03206), section 5.3.2, used on the timestep.

    Args:
        count: B, images in the batch.
        timesteps: number of timesteps of the schedule.
        generator: source of chance, on the CPU.
        shift: 1 for uniform timesteps, more for noisier ones; the median is shift / (1 + shift)
            of what is spread over.
        least: nothing below this timestep.

    Returns:
        (B,) int64, one in each of B equally likely parts of the rest of the schedule, in any
        order: images of a batch may come in an order, and each is to meet every noise.
    """
    parts = torch.randperm(count, generator=generator)
    places = (parts + torch.rand(count, generator=generator)) / count
    shifted = shift * places / (1 + (shift - 1) * places)
    return least + (shifted * (timesteps - least)).long().clamp(max=timesteps - least - 1)
