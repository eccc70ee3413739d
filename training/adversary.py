"""The adversary: tells drawings from what is decoded of latents a U-Net made."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

_WIDTHS = (32, 64, 96, 96)
_SLOPE = 0.2
_AROUND_PX = 5
_DETAIL = 6.0
_EVEN = 0.8
_SPREAD_STEP = 1.02
_SPREADS = 0.002, 0.5


class Adversary(nn.Module):
    """A small network that looks at every patch of a picture, about 40 pixels wide.

    Errors in squares and in absolutes are least for what is blurred wherever a decoder isn't
    sure. A drawing is never blurred, and this network learns to see that. It gets detail apart
    from the local mean, and enlarged: shown plain pictures, most of which are even ground, it
    learnt nothing in hundreds of steps. Source: the patch discriminator of Isola et al. (arXiv
    1611.07004), with its batch normalisation; beside a decoder of latents as in Esser et al.
    (arXiv 2012.09841).

    An adversary that tells every picture has no more to say to who draws them. So both kinds get
    noise, just so much that it goes on guessing. Source of the noise: Sonderby et al. (arXiv
    1610.04490), section 3; of its control: the augmentation of Karras et al. (arXiv 2006.06676).

    Attributes:
        spread: () standard deviation of that noise.
    """

    spread: Tensor

    def __init__(self) -> None:
        super().__init__()
        first, second, third, fourth = _WIDTHS
        self.layers = nn.Sequential(
            nn.Conv2d(6, first, 4, 2, padding=1),
            nn.LeakyReLU(_SLOPE),
            *_layer(first, second, 4, stride=2),
            *_layer(second, third, 3),
            *_layer(third, fourth, 4, stride=2),
        )
        self.verdict = nn.Conv2d(fourth, 1, 3, padding=1)
        for layer in self.layers:
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, a=_SLOPE)
        nn.init.normal_(self.verdict.weight, std=0.02)
        self.register_buffer("spread", torch.tensor(_SPREADS[0]))

    def forward(self, images: Tensor) -> Tensor:
        """(B, 3, H, W) in [-1, 1] -> (B, 1, H/8, W/8), the higher the more like a drawing."""
        edge = _AROUND_PX // 2
        padded = F.pad(images, (edge, edge, edge, edge), mode="replicate")
        around = F.avg_pool2d(padded, _AROUND_PX, stride=1)
        seen = torch.cat([_DETAIL * (images - around), around - 0.5], dim=1)
        found = self.layers(seen.contiguous(memory_format=torch.channels_last))
        verdicts: Tensor = self.verdict(found)
        return verdicts

    def losses(
        self, made: Tensor, drawings: Tensor, chance: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """What each side minimises; one backward pass over their sum teaches both.

        Source: the hinge losses of Lim and Ye (arXiv 1705.02894).

        Args:
            made: (B, 3, H, W) by the decoder.
            drawings: (B, 3, H, W) true ones.
            chance: of the noise, on the CPU.

        Returns:
            The adversary's own loss, whose gradients end in the adversary, and the decoder's,
            whose gradients pass through it and leave its weights alone.
        """
        noise = torch.randn((2, *made.shape), generator=chance).to(made.device) * self.spread
        made, drawings = made + noise[0], drawings + noise[1]
        # Both kinds in one batch, so that its statistics don't tell which is which.
        of_drawings, of_made = self._both(drawings, made.detach())
        own = F.relu(1 - of_drawings).mean() + F.relu(1 + of_made).mean()
        self.requires_grad_(False)
        decoders = -self._both(drawings, made)[1].mean()
        self.requires_grad_(True)
        self._keep_it_guessing(own.detach())
        return own, decoders

    @torch.no_grad()
    def _keep_it_guessing(self, own: Tensor) -> None:
        """More noise where its loss, which is 2 for one that knows nothing, is low; or less."""
        wins = own < _EVEN
        self.spread *= torch.where(wins, _SPREAD_STEP, 1 / _SPREAD_STEP)
        self.spread.clamp_(*_SPREADS)

    def _both(self, drawings: Tensor, made: Tensor) -> tuple[Tensor, Tensor]:
        verdicts = self(torch.cat([drawings, made]))
        return verdicts[: len(drawings)], verdicts[len(drawings) :]


def _layer(
    channels_in: int, channels_out: int, kernel: int, stride: int = 1
) -> tuple[nn.Module, ...]:
    return (
        nn.Conv2d(channels_in, channels_out, kernel, stride, padding=1),
        nn.BatchNorm2d(channels_out),
        nn.LeakyReLU(_SLOPE),
    )
