"""The personalised adaptive network: what a store adds to every denoising step of the U-Net.

A trainable copy of the frozen U-Net's encoder and middle block sees the noisy latent with the
store written into it, and adds its findings to what the frozen decoder receives.
"""

from collections.abc import Mapping
from typing import Any, Literal

import torch
import torch.nn.functional as F
from diffusers import ConfigMixin, ModelMixin, UNet2DConditionModel
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn

from studio.domain import CheckpointError, ProfileError
from studio.perfusion.profile import ProfileSchema
from studio.perfusion.unet_halves import (
    EncoderStates,
    Residuals,
    check_supported,
    drop_decoder,
    encode,
)
from studio.perfusion.user_encoder import CrossKind, UserEncoder, rows_for

Incoming = Literal["identity", "zero"]

_TINT = 0.5  # beside noise of 1


class PersonalisedAdaptiveNetwork(ModelMixin, ConfigMixin):
    """Store and noisy latents -> residuals for the frozen U-Net's decoder.

    The outgoing 1x1 convolutions start at zero, so before training the personalised U-Net is the
    plain one bit for bit.
    Source: PerFusion (arXiv 2503.22182), section 4.3.1. Differs from the paper in: the incoming
    1x1 convolution starts as the identity. With `incoming="zero"`, as in the paper, the store's
    gradient starts at exactly zero between two zero layers, and nothing was learnt at small scale.
    A store is first written as an even tint, the same at all places: with random numbers at every
    place it looks like noise among noise to convolutions.

    Args:
        unet: configuration of the U-Net that it was copied from.
        profile_schema: `ProfileSchema.to_json()` of the stores that it was trained on.
        sample_size: height and width of the latents that the store is written into; for larger
            ones they are stretched.
        field_width: length of a profile field's embedding.
        cross_layers: crossing layers of the store's plug-in.
        cross: their kind.
        incoming: how the incoming 1x1 convolution starts.
    """

    config_name = "config.json"
    _supports_gradient_checkpointing = True

    @register_to_config
    def __init__(
        self,
        unet: Mapping[str, Any],
        profile_schema: str,
        sample_size: tuple[int, int],
        field_width: int = 16,
        cross_layers: int = 3,
        cross: CrossKind = "vector",
        incoming: Incoming = "identity",
    ) -> None:
        super().__init__()
        self.encoder = UNet2DConditionModel.from_config(_public(unet))
        check_supported(self.encoder)
        drop_decoder(self.encoder)
        channels = self.encoder.config.in_channels

        schema = _read_schema(profile_schema)
        self.user_encoder = UserEncoder.for_schema(schema, field_width, cross_layers, cross)
        height, width = sample_size
        self.to_latent = nn.Linear(self.user_encoder.width, channels * height * width)
        _start_even(self.to_latent, channels, len(schema.fields))
        self.incoming_conv = nn.Conv2d(channels, channels, 1)
        start = nn.init.dirac_ if incoming == "identity" else nn.init.zeros_
        start(self.incoming_conv.weight)
        nn.init.zeros_(_bias(self.incoming_conv))

        skips, middle = _widths(self.encoder)
        self.outgoing_skips = nn.ModuleList(_zero_conv(width) for width in skips)
        self.outgoing_middle = _zero_conv(middle)

    @classmethod
    def from_unet(
        cls,
        unet: UNet2DConditionModel,
        schema: ProfileSchema,
        **settings: Any,
    ) -> "PersonalisedAdaptiveNetwork":
        """A network before training: the U-Net's own encoder and middle block, copied.

        Args:
            unet: the backbone that stays frozen.
            schema: profile fields, fitted to the training stores.
            settings: `field_width`, `cross_layers`, `cross`, `incoming` as in the class.

        Raises:
            CheckpointError: the U-Net needs other conditions than text.
        """
        check_supported(unet)
        size = unet.config.sample_size
        height, width = (size, size) if isinstance(size, int) else tuple(size)
        network: PersonalisedAdaptiveNetwork = cls(
            unet=_public(unet.config),
            profile_schema=schema.to_json(),
            sample_size=(height, width),
            **settings,
        )
        wanted = network.encoder.state_dict().keys()
        kept = {name: value for name, value in unet.state_dict().items() if name in wanted}
        network.encoder.load_state_dict(kept)
        return network

    @property
    def schema(self) -> ProfileSchema:
        """The profile fields that it was built for."""
        return _read_schema(self.config.profile_schema)

    @torch.no_grad()
    def with_schema(self, schema: ProfileSchema) -> "PersonalisedAdaptiveNetwork":
        """The same network for a schema with more answers, such as new stores.

        What the two schemas share keeps what it has learnt; a new answer starts as *unknown*.

        Raises:
            CheckpointError: the schemas ask different questions.
        """
        network: PersonalisedAdaptiveNetwork = type(self).from_config(
            {**self.config, "profile_schema": schema.to_json()}
        )
        table = "user_encoder.table.weight"
        state = self.state_dict()
        state[table] = state[table][rows_for(self.schema, schema)]
        network.load_state_dict(state)
        # The plain cast: diffusers' own warns of modules to keep in fp32, and there are none.
        return nn.Module.to(network, self.device, self.dtype)

    def user_latents(self, user_features: Tensor, correction: Tensor | None = None) -> Tensor:
        """Write stores into the shape of a latent; depends on the store only.

        Args:
            user_features: (B, F, V) int64 profile ids, see `user_encoder.stack_profiles`.
            correction: (U,) or (B, U), added to the user embeddings, see `taste`.

        Returns:
            (B, C, H, W).
        """
        height, width = self.config.sample_size
        user_embedding = self.user_encoder(user_features)  # (B, U)
        if correction is not None:
            user_embedding = user_embedding + correction.to(user_embedding)
        channels = self.incoming_conv.in_channels
        latents = self.to_latent(user_embedding).view(-1, channels, height, width)
        written: Tensor = self.incoming_conv(latents)
        return written

    def forward(
        self,
        noisy_latents: Tensor,
        timesteps: Tensor,
        prompt_embeds: Tensor,
        user_latents: Tensor,
    ) -> Residuals:
        """One step's residuals.

        Args:
            noisy_latents: (B, C, H, W), as the U-Net sees them.
            timesteps: (B,), or a single one.
            prompt_embeds: (B, T, D).
            user_latents: (B, C, H, W) or (1, C, H, W) from the method of that name; for images of
                another size they are stretched.

        Returns:
            A tensor for each of the U-Net's skips and one for its middle.
        """
        if user_latents.shape[-2:] != noisy_latents.shape[-2:]:
            user_latents = F.interpolate(
                user_latents, noisy_latents.shape[-2:], mode="bilinear", align_corners=False
            )
        seen = noisy_latents + user_latents
        states: EncoderStates = encode(self.encoder, seen, timesteps, prompt_embeds)
        skips = zip(self.outgoing_skips, states.skips, strict=True)
        return Residuals(
            tuple(outgoing(skip) for outgoing, skip in skips), self.outgoing_middle(states.middle)
        )

    def check_fits(self, unet: UNet2DConditionModel) -> None:
        """Refuse a U-Net of another structure than the one it was trained on.

        Raises:
            CheckpointError: the residuals would not fit, or would mean nothing.
        """
        own, other = _public(self.config.unet), _public(unet.config)
        differing = [name for name in own if _plain(own[name]) != _plain(other.get(name))]
        if differing:
            raise CheckpointError(
                "The adaptive network was trained on another U-Net "
                f"({', '.join(differing)} differ). Use the U-Net that came with it, or train again."
            )


def _public(config: Mapping[str, Any]) -> dict[str, Any]:
    """A U-Net's configuration without diffusers' notes on its origin."""
    return {name: value for name, value in config.items() if not name.startswith("_")}


def _plain(value: Any) -> Any:
    """JSON knows no tuples."""
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def _read_schema(text: str) -> ProfileSchema:
    try:
        return ProfileSchema.from_json(text)
    except ProfileError as error:
        raise CheckpointError("The adaptive network's profile schema can't be read.") from error


def _widths(encoder: UNet2DConditionModel) -> tuple[list[int], int]:
    """Channels of every skip, outermost first, and of the middle."""
    skips = [encoder.conv_in.out_channels]
    for block in encoder.down_blocks:
        skips += [resnet.out_channels for resnet in block.resnets]
        if block.downsamplers is not None:
            skips.append(block.downsamplers[-1].out_channels)
    return skips, skips[-1]


@torch.no_grad()
def _start_even(to_latent: nn.Linear, channels: int, fields: int) -> None:
    """Start with a tint: each channel the same at all places, of about `_TINT` over stores."""
    places = to_latent.out_features // channels
    # A field's embedding has a length of about 1.
    tint = torch.randn(channels, to_latent.in_features) * _TINT * fields**-0.5
    to_latent.weight.copy_(tint.repeat_interleave(places, dim=0))
    nn.init.zeros_(_bias(to_latent))


def _zero_conv(channels: int) -> nn.Conv2d:
    layer = nn.Conv2d(channels, channels, 1)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(_bias(layer))
    return layer


def _bias(layer: nn.Conv2d | nn.Linear) -> Tensor:
    if layer.bias is None:
        raise TypeError("This layer was built without a bias.")
    return layer.bias
