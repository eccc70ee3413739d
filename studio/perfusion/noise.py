"""Noise as training uses it: how much a timestep adds, what is predicted, and the error of that."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from studio.domain import CheckpointError

PREDICTION_TYPES = ("epsilon", "v_prediction", "sample")
_DIFFUSERS_ZERO = 2.0**-24  # what its schedulers keep of the signal at a timestep of pure noise


@dataclass(frozen=True)
class NoiseSchedule:
    """How much signal is left at every timestep, and what the network is asked for.

    Attributes:
        alphas_cumprod: (timesteps,) fp32, the share of signal in the variance, falling; exactly
            zero at the end of a schedule with zero terminal signal.
        prediction_type: "epsilon" (the noise), "v_prediction" or "sample" (the clean latents).
    """

    alphas_cumprod: Tensor
    prediction_type: str

    @classmethod
    def of(cls, scheduler: Any) -> "NoiseSchedule":
        """The schedule behind any of diffusers' schedulers.

        Raises:
            CheckpointError: it predicts something that is not known here.
        """
        prediction_type = scheduler.config.prediction_type
        if prediction_type not in PREDICTION_TYPES:
            raise CheckpointError(
                f"The scheduler predicts {prediction_type!r}; training knows "
                f"{', '.join(PREDICTION_TYPES)}."
            )
        alphas_cumprod = scheduler.alphas_cumprod.float()
        alphas_cumprod = torch.where(alphas_cumprod <= _DIFFUSERS_ZERO, 0.0, alphas_cumprod)
        return cls(alphas_cumprod, prediction_type)

    def __len__(self) -> int:
        return len(self.alphas_cumprod)

    @property
    def ends_in_noise(self) -> bool:
        """Whether nothing of an image is left at the last timestep."""
        return float(self.alphas_cumprod[-1]) == 0.0

    def shares(self, timesteps: Tensor) -> tuple[Tensor, Tensor]:
        """(B,) timesteps -> amplitudes of signal and of noise, (B, 1, 1, 1) each."""
        kept = self.alphas_cumprod.to(timesteps.device)[timesteps].view(-1, 1, 1, 1)
        return kept.sqrt(), (1 - kept).sqrt()

    def add_noise(self, latents: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """x_t of clean latents (B, C, H, W), for unit noise of that shape and (B,) timesteps."""
        signal, spread = self.shares(timesteps)
        return signal.to(latents.dtype) * latents + spread.to(latents.dtype) * noise

    def noise_in(self, noisy_latents: Tensor, latents: Tensor, timesteps: Tensor) -> Tensor:
        """(B, C, H, W) the noise that makes `noisy_latents` of these clean ones.

        `add_noise` the other way round, for timesteps (B,) with some noise.
        """
        signal, spread = self.shares(timesteps)
        clean = signal.to(latents.dtype) * latents
        return (noisy_latents - clean) / spread.to(latents.dtype)

    def target(self, latents: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """(B, C, H, W) what a perfect network would say of `add_noise(...)`.

        v = sqrt(a) epsilon - sqrt(1 - a) x_0 (Salimans and Ho, arXiv 2202.00512, appendix D).
        """
        if self.prediction_type == "epsilon":
            return noise
        if self.prediction_type == "sample":
            return latents
        signal, spread = self.shares(timesteps)
        return signal.to(latents.dtype) * noise - spread.to(latents.dtype) * latents


def error_per_image(prediction: Tensor, target: Tensor, live: Tensor | None = None) -> Tensor:
    """Mean squared error of each image, over channels, height and width; in fp32 at least.

    Args:
        prediction: (B, C, H, W) of the network.
        target: (B, C, H, W), see `NoiseSchedule.target`.
        live: (C, H, W) bool, the numbers to take the mean over; None for all of them. Others say
            nothing of an image, and would only make every error smaller.

    Returns:
        (B,).
    """
    precision = torch.promote_types(prediction.dtype, torch.float32)
    squares = (prediction.to(precision) - target.to(precision)).square()
    if live is None:
        return squares.mean(dim=(1, 2, 3))
    return squares[:, live.to(squares.device)].mean(dim=1)
