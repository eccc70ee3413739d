"""The autoencoder of atelier: an image and its latents, eight pixels to one."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from diffusers.models.autoencoders.vae import DecoderOutput, DiagonalGaussianDistribution
from diffusers.utils.accelerate_utils import apply_forward_hook
from torch import Tensor, nn

PATCH_PX = 8
_HALF_PATCH_PX = 4
_SURE = -60.0  # log-variance of a latent that is meant exactly
_WAVES = 1, 2, 4, 8  # half-waves across a picture


@dataclass
class Encoded:
    """What `encode` returns; the same field as diffusers' AutoencoderKL."""

    latent_dist: DiagonalGaussianDistribution


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions beside the identity, which is what it starts as.

    There is no normalisation: it would tie a pixel to the mean of the whole picture, and crops,
    which training sees, have other means than whole drawings.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        start_at_zero(self.second)

    def forward(self, features: Tensor, told: Tensor | None = None) -> Tensor:
        """(B, D, h, w) -> (B, D, h, w); for `told`, (B, 2D), see `PhraseModulation`."""
        hidden: Tensor = self.first(F.silu(features))
        if told is not None:
            scale, shift = told[:, :, None, None].chunk(2, dim=1)
            hidden = hidden * (1 + scale) + shift
        change: Tensor = self.second(F.silu(hidden))
        return features + change


class PhraseModulation(nn.Module):
    """What phrases change in residual blocks: each channel's scale and shift.

    At the start they change nothing. Source: Perez et al., FiLM (arXiv 1709.07871), Eq. 1, between
    the two convolutions of a block.

    Args:
        width: length of a text state.
        hidden_width: of the layer in between.
        channels: D of each block.
    """

    def __init__(self, width: int, hidden_width: int, channels: Sequence[int]) -> None:
        super().__init__()
        self.channels = list(channels)
        self.hidden = nn.Linear(width, hidden_width)
        self.out = nn.Linear(hidden_width, 2 * sum(channels))
        start_at_zero(self.out)

    def forward(self, prompt_embeds: Tensor) -> list[Tensor]:
        """Text states (B, T, width) -> for each block (B, 2D), scales and then shifts."""
        pooled = prompt_embeds.mean(dim=1)
        changes: Tensor = self.out(F.silu(self.hidden(pooled)))
        return list(torch.split(changes, [2 * each for each in self.channels], dim=1))


def waves_across(latents: Tensor) -> Tensor:
    """Where each latent lies in its picture: (1, 16, h, w), waves down and across it.

    Convolutions alone don't know that a row of buttons belongs in the middle. Source: the
    positional encoding of Vaswani et al. (arXiv 1706.03762), section 3.5, in two directions.
    """
    numbers = torch.tensor(_WAVES, dtype=torch.float32, device=latents.device) * torch.pi
    height, width = latents.shape[-2:]
    waves = []
    for size, shape in ((height, (height, 1)), (width, (1, width))):
        middles = (torch.arange(size, device=latents.device) + 0.5) / size
        angles = (numbers[:, None] * middles).view(-1, *shape).expand(-1, height, width)
        waves += [angles.sin(), angles.cos()]
    return torch.cat(waves).unsqueeze(0).to(latents.dtype)


def start_at_zero(layer: nn.Module) -> None:
    """Make a layer give zeros until training says otherwise."""
    for weight in layer.parameters():
        nn.init.zeros_(weight)


class PatchAutoencoder(ModelMixin, ConfigMixin):
    """Compresses every 8x8 patch of an image to a short vector, and draws it again.

    Beside a small convolutional network there is a linear path both ways. The linear path starts
    as the principal components of 8x8 patches and the network's last layers start at zero, so the
    first step already reconstructs as well as PCA can. It offers the interface of diffusers'
    AutoencoderKL, so pipelines take either: `encode(x).latent_dist.mode()`, `decode(z).sample`.

    Args:
        latent_channels: length of a patch's vector.
        fine_channels: width at a quarter of the image's size.
        coarse_channels: width at an eighth of the image's size.
        encoder_blocks: residual blocks at a quarter and at an eighth of the size.
        decoder_blocks: the same, in the order in which the decoder runs: eighth, then quarter.
        scaling_factor: latents times this have a standard deviation of about 1.
        phrase_width: length of the text states that the decoder can be told; 0 for none. A
            decoder that is told phrases is told the place in the picture too.
        phrase_hidden_width: see `PhraseModulation`.
    """

    config_name = "config.json"

    @register_to_config
    def __init__(  # noqa: PLR0913  the whole of its shape, as diffusers keeps it
        self,
        latent_channels: int = 12,
        fine_channels: int = 64,
        coarse_channels: int = 128,
        encoder_blocks: tuple[int, int] = (1, 1),
        decoder_blocks: tuple[int, int] = (2, 2),
        scaling_factor: float = 1.0,
        phrase_width: int = 0,
        phrase_hidden_width: int = 64,
    ) -> None:
        super().__init__()
        fine_in, coarse_in = encoder_blocks
        coarse_out, fine_out = decoder_blocks
        self.encoder = nn.Sequential(
            nn.PixelUnshuffle(_HALF_PATCH_PX),
            nn.Conv2d(3 * _HALF_PATCH_PX**2, fine_channels, 3, padding=1),
            *(ResidualBlock(fine_channels) for _ in range(fine_in)),
            nn.PixelUnshuffle(2),
            nn.Conv2d(4 * fine_channels, coarse_channels, 1),
            *(ResidualBlock(coarse_channels) for _ in range(coarse_in)),
            nn.SiLU(),
        )
        self.encoder_out = nn.Conv2d(coarse_channels, latent_channels, 3, padding=1)
        self.linear_encoder = nn.Conv2d(3, latent_channels, PATCH_PX, stride=PATCH_PX)
        # 1x1, so that a shift of the latents can be folded into it at the borders too.
        self.decoder_in = nn.Conv2d(latent_channels, coarse_channels, 1)
        self.decoder = nn.Sequential(
            *(ResidualBlock(coarse_channels) for _ in range(coarse_out)),
            nn.Conv2d(coarse_channels, 4 * fine_channels, 1),
            nn.PixelShuffle(2),
            *(ResidualBlock(fine_channels) for _ in range(fine_out)),
            nn.SiLU(),
        )
        self.decoder_out = nn.Conv2d(fine_channels, 3 * _HALF_PATCH_PX**2, 3, padding=1)
        self.linear_decoder = nn.Conv2d(latent_channels, 3 * PATCH_PX**2, 1)
        start_at_zero(self.encoder_out)
        start_at_zero(self.decoder_out)
        self.phrases: PhraseModulation | None = None
        self.place_in: nn.Conv2d | None = None
        if phrase_width:
            blocks = [coarse_channels] * coarse_out + [fine_channels] * fine_out
            self.phrases = PhraseModulation(phrase_width, phrase_hidden_width, blocks)
            self.place_in = nn.Conv2d(4 * len(_WAVES), coarse_channels, 1)
            start_at_zero(self.place_in)

    @apply_forward_hook  # lets offloading bring the weights, which it else does for `forward` only
    def encode(self, images: Tensor) -> Encoded:
        """(B, 3, H, W) in [-1, 1] -> latents (B, latent_channels, H/8, W/8), not yet scaled."""
        latents = self.encoder_out(self.encoder(images)) + self.linear_encoder(images)
        certain = torch.full_like(latents, _SURE)
        return Encoded(DiagonalGaussianDistribution(torch.cat([latents, certain], dim=1), True))

    @apply_forward_hook
    def decode(self, latents: Tensor, prompt_embeds: Tensor | None = None) -> DecoderOutput:
        """Latents (B, latent_channels, h, w), not scaled -> images (B, 3, 8h, 8w) in about [-1, 1].

        Values may pass the range a little; the caller clamps. Latents that a U-Net made leave it
        open whether cloth is printed or badly drawn; the phrases tell.

        Args:
            latents: of images, or made by a U-Net.
            prompt_embeds: (B, T, phrase_width) text states of what a U-Net was asked for; None
                for latents of images.

        Raises:
            ValueError: this decoder can't be told anything.
        """
        features = self.decoder_in(latents)
        if prompt_embeds is None:
            changes: list[Tensor] = []
        elif self.phrases is None or self.place_in is None:
            raise ValueError("This decoder was not built to be told phrases.")
        else:
            changes = self.phrases(prompt_embeds)
            features = features + self.place_in(waves_across(latents))
        for layer in self.decoder:
            if isinstance(layer, ResidualBlock):
                features = layer(features, changes.pop(0) if changes else None)
            else:
                features = layer(features)
        return DecoderOutput(
            sample=F.pixel_shuffle(self.decoder_out(features), _HALF_PATCH_PX)
            + F.pixel_shuffle(self.linear_decoder(latents), PATCH_PX)
        )

    def forward(self, images: Tensor, latent_noise: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Encode and decode, for training.

        Args:
            images: (B, 3, H, W) in [-1, 1].
            latent_noise: (B, latent_channels, H/8, W/8), in units of each channel's own spread;
                added to the latents, so that the decoder forgives small errors.

        Returns:
            Reconstruction (B, 3, H, W) and the latents without noise.
        """
        latents = self.encode(images).latent_dist.mode()
        shown = latents
        if latent_noise is not None:
            spread = latents.detach().std(dim=(0, 2, 3), keepdim=True)
            shown = latents + latent_noise * spread
        return self.decode(shown).sample, latents

    @torch.no_grad()
    def start_from_patches(self, patches: Tensor, whitening: float) -> None:
        """Make the linear path the principal components of some patches.

        Args:
            patches: (M, 3, 8, 8) in [-1, 1].
            whitening: 0 keeps each component's standard deviation, 1 makes all of them 1. In
                between, components that carry little stay smaller, and noise hides them first.
        """
        flat = patches.flatten(1).double()
        mean = flat.mean(dim=0)
        variances, components = torch.linalg.eigh(torch.cov(flat.T))
        kept = self.config.latent_channels
        basis = components[:, -kept:].flip(1).T  # (latent_channels, 192), greatest variance first
        scale = variances[-kept:].flip(0).clamp(min=1e-8).pow(-whitening / 2)[:, None]
        encode, decode = basis * scale, (basis / scale).T
        _fill(self.linear_encoder, encode.view(kept, 3, PATCH_PX, PATCH_PX), -(encode @ mean))
        _fill(self.linear_decoder, decode[:, :, None, None], mean)

    @torch.no_grad()
    def rescale_latents(self, mean: Tensor, scale: Tensor) -> None:
        """Fold `(latents - mean) * scale` into the weights; images come back the same.

        Args:
            mean: (latent_channels,) subtracted from every latent.
            scale: (latent_channels,) > 0, what the rest is multiplied with.
        """
        scale_out, scale_in = scale[:, None, None, None], scale[None, :, None, None]
        shift = mean * scale
        for layer, less in ((self.encoder_out, shift), (self.linear_encoder, 0 * shift)):
            _fill(layer, layer.weight * scale_out, _bias(layer) * scale - less)
        for layer in (self.decoder_in, self.linear_decoder):
            back = layer.weight[:, :, 0, 0] @ mean
            _fill(layer, layer.weight / scale_in, _bias(layer) + back)


def _bias(layer: nn.Conv2d) -> Tensor:
    if layer.bias is None:
        raise TypeError("This layer was built without a bias.")
    return layer.bias


def _fill(layer: nn.Conv2d, weight: Tensor, bias: Tensor) -> None:
    layer.weight.copy_(weight)
    _bias(layer).copy_(bias)
