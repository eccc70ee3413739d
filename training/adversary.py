"""The adversary of the decoder's training: tells drawings from what is decoded of latents."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

_WIDTHS = (32, 64, 96, 96)
_SLOPE = 0.2


class Adversary(nn.Module):
    """A small network that looks at every patch of a picture, about 40 pixels wide.

    Errors in squares and in absolutes are least for what is blurred wherever a decoder isn't
    sure. A drawing is never blurred, and this network learns to see that. Source: the patch
    discriminator of Isola et al. (arXiv 1611.07004), with spectral normalisation (Miyato et al.,
    arXiv 1802.05957); beside a decoder of latents as in Esser et al. (arXiv 2012.09841).
    """

    def __init__(self) -> None:
        super().__init__()
        first, second, third, fourth = _WIDTHS
        self.layers = nn.Sequential(
            _layer(3, first, 4, stride=2),
            nn.LeakyReLU(_SLOPE),
            _layer(first, second, 4, stride=2),
            nn.LeakyReLU(_SLOPE),
            _layer(second, third, 3),
            nn.LeakyReLU(_SLOPE),
            _layer(third, fourth, 4, stride=2),
            nn.LeakyReLU(_SLOPE),
            _layer(fourth, 1, 3),
        )

    def forward(self, images: Tensor) -> Tensor:
        """(B, 3, H, W) in [-1, 1] -> (B, 1, H/8, W/8), the higher the more like a drawing."""
        verdicts: Tensor = self.layers(images.contiguous(memory_format=torch.channels_last))
        return verdicts

    def losses(self, made: Tensor, drawings: Tensor) -> tuple[Tensor, Tensor]:
        """What each side minimises; one backward pass over their sum teaches both.

        Source: the hinge losses of Lim and Ye (arXiv 1705.02894).

        Args:
            made: (B, 3, H, W) by the decoder.
            drawings: (B, 3, H, W) true ones.

        Returns:
            The adversary's own loss, whose gradients end in the adversary, and the decoder's,
            whose gradients pass through it and leave its weights alone.
        """
        own = F.relu(1 - self(drawings)).mean() + F.relu(1 + self(made.detach())).mean()
        self.requires_grad_(False)
        decoders = -self(made).mean()
        self.requires_grad_(True)
        return own, decoders


def _layer(channels_in: int, channels_out: int, kernel: int, stride: int = 1) -> Any:
    return spectral_norm(nn.Conv2d(channels_in, channels_out, kernel, stride, padding=1))
