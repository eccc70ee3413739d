"""The adversary: tells drawings from what is decoded of latents a U-Net made."""

from collections.abc import Sequence
from itertools import accumulate
from math import sqrt

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.losses.attributes import UNTOLD

_WIDTHS = (32, 64, 96, 96)
_SLOPE = 0.2
_AROUND_PX = 5
_DETAIL = 6.0
_EVEN = 0.8
_SPREAD_STEP = 1.02
_SPREADS = 0.06, 0.5
_CLUELESS = 2.0
_MEMORY = 0.95


class PatchJudge(nn.Module):
    """A small network that looks at every patch of a picture, about 40 pixels wide.

    It gets detail apart from the local mean, and enlarged: shown plain pictures, most of which are
    even ground, it learnt nothing in hundreds of steps. Source: the patch discriminator of Isola
    et al. (arXiv 1611.07004), with its batch normalisation.

    Args:
        family_sizes: number of values of each family that it can be told.
    """

    first_values: Tensor

    def __init__(self, family_sizes: Sequence[int]) -> None:
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
        self.values = nn.Embedding(sum(family_sizes), fourth)
        nn.init.zeros_(self.values.weight)
        firsts = list(accumulate(family_sizes, initial=0))[:-1]
        self.register_buffer("first_values", torch.tensor(firsts))

    def forward(self, images: Tensor, told: Tensor) -> Tensor:
        """Judge every patch.

        Args:
            images: (B, 3, H, W) in [-1, 1].
            told: (B, families) places of the values that they should show, or `UNTOLD`.

        Returns:
            (B, 1, H/8, W/8), the higher the more like a drawing of that.
        """
        edge = _AROUND_PX // 2
        padded = F.pad(images, (edge, edge, edge, edge), mode="replicate")
        around = F.avg_pool2d(padded, _AROUND_PX, stride=1)
        seen = torch.cat([_DETAIL * (images - around), around - 0.5], dim=1)
        found = self.layers(seen.contiguous(memory_format=torch.channels_last))
        values = self.values((self.first_values + told).clamp(min=0))
        wanted = (values * (told != UNTOLD)[:, :, None]).sum(dim=1)[:, :, None, None]
        fits = (found * wanted).sum(dim=1, keepdim=True) / sqrt(found.shape[1])
        verdicts: Tensor = self.verdict(found) + fits
        return verdicts


class Adversary(nn.Module):
    """Two judges, of pictures at their own size and at half of it.

    Errors in squares and in absolutes are least for what is blurred wherever a decoder isn't
    sure. A drawing is never blurred, and the judges learn to see that. One alone, at full size,
    was won over by traces a pixel wide while cloth was still smeared; at half the size these are
    averaged away. Source: several sizes, Wang et al. (arXiv 1711.11585); beside a decoder of
    latents, Esser et al. (arXiv 2012.09841).

    An adversary that tells every picture has no more to say to who draws them. So both kinds get
    noise, just so much that it goes on guessing. Source of the noise: Sonderby et al. (arXiv
    1610.04490), section 3; of its control: the augmentation of Karras et al. (arXiv 2006.06676).

    It is told what a picture should show, so that cloth can be drawn and yet be the wrong cloth.
    Source: the projection of Miyato and Koyama (arXiv 1802.05637, Eq. 4), at every patch.

    Args:
        family_sizes: number of values of each family that it can be told.

    Attributes:
        spread: () standard deviation of that noise.
        usual_loss: () its own loss, averaged over the last steps.
    """

    spread: Tensor
    usual_loss: Tensor

    def __init__(self, family_sizes: Sequence[int]) -> None:
        super().__init__()
        self.fine, self.coarse = PatchJudge(family_sizes), PatchJudge(family_sizes)
        self.register_buffer("spread", torch.tensor(_SPREADS[0]))
        self.register_buffer("usual_loss", torch.tensor(_CLUELESS))

    def forward(self, images: Tensor, told: Tensor) -> list[Tensor]:
        """Judge every patch, see `PatchJudge`.

        Returns:
            (B, 1, H/8, W/8) of the picture and (B, 1, H/16, W/16) of it at half its size.
        """
        return [self.fine(images, told), self.coarse(F.avg_pool2d(images, 2), told)]

    def losses(
        self, made: Tensor, drawings: Tensor, told: Tensor, chance: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """What each side minimises; one backward pass over their sum teaches both.

        Source: the hinge losses of Lim and Ye (arXiv 1705.02894).

        Args:
            made: (B, 3, H, W) by the decoder.
            drawings: (B, 3, H, W) true ones.
            told: (B, families) what both should show, see `forward`.
            chance: of the noise, on the CPU.

        Returns:
            The adversary's own loss, whose gradients end in the adversary, and the decoder's,
            whose gradients pass through it and leave its weights alone.
        """
        noise = torch.randn((2, *made.shape), generator=chance).to(made.device) * self.spread
        made, drawings = made + noise[0], drawings + noise[1]
        # Both kinds in one batch, so that its statistics don't tell which is which.
        both = self._both(drawings, made.detach(), told)
        own = _mean([F.relu(1 - true).mean() + F.relu(1 + false).mean() for true, false in both])
        self.requires_grad_(False)
        decoders = _mean([-false.mean() for _, false in self._both(drawings, made, told)])
        self.requires_grad_(True)
        self._keep_it_guessing(own.detach())
        return own, decoders

    @property
    def insight(self) -> Tensor:
        """(): how far it tells pictures apart: 0 for one that knows nothing, at most 1.

        The verdicts of an adversary that knows nothing are noise, and nobody should follow them.
        """
        return ((_CLUELESS - self.usual_loss) / (_CLUELESS - _EVEN)).clamp(0, 1)

    @torch.no_grad()
    def _keep_it_guessing(self, own: Tensor) -> None:
        """More noise where its loss, which is 2 for one that knows nothing, is low; or less."""
        self.usual_loss.lerp_(own, 1 - _MEMORY)
        wins = own < _EVEN
        self.spread *= torch.where(wins, _SPREAD_STEP, 1 / _SPREAD_STEP)
        self.spread.clamp_(*_SPREADS)

    def _both(self, drawings: Tensor, made: Tensor, told: Tensor) -> list[tuple[Tensor, Tensor]]:
        verdicts = self(torch.cat([drawings, made]), torch.cat([told, told]))
        return [(each[: len(drawings)], each[len(drawings) :]) for each in verdicts]


def _mean(losses: list[Tensor]) -> Tensor:
    return torch.stack(losses).mean()


def _layer(
    channels_in: int, channels_out: int, kernel: int, stride: int = 1
) -> tuple[nn.Module, ...]:
    return (
        nn.Conv2d(channels_in, channels_out, kernel, stride, padding=1),
        nn.BatchNorm2d(channels_out),
        nn.LeakyReLU(_SLOPE),
    )
