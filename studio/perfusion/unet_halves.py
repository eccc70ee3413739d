"""A U-Net in two halves: the encoder with its middle block, then the decoder.

The personalised adaptive network only changes what the decoder receives. So the frozen encoder
and middle block give the policy and the reference the very same states, and one pass serves
both. It also lets the adaptive network, which is a copy of the first half, run by the same code.
"""

from dataclasses import dataclass

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor

from studio.domain import CheckpointError
from studio.perfusion.conditions import unpacked


@dataclass(frozen=True)
class EncoderStates:
    """What the first half of a U-Net hands to the second.

    `skips` are the outputs of conv_in and of each encoder layer, (B, C_k, H_k, W_k), outermost
    first; `middle` is the output of the middle block; `time_embedding` is (B, E);
    `prompt_embeds` is (B, T, D); `match_sizes` says that the latent's sides are no multiple of
    the U-Net's total down-sampling, so that the decoder must copy the skips' sizes.
    """

    skips: tuple[Tensor, ...]
    middle: Tensor
    time_embedding: Tensor
    prompt_embeds: Tensor
    match_sizes: bool


@dataclass(frozen=True)
class Residuals:
    """What the adaptive network adds: one tensor per skip, in the same order, and the middle's."""

    skips: tuple[Tensor, ...]
    middle: Tensor

    def scaled(self, strength: float) -> "Residuals":
        """All of them times `strength`."""
        return Residuals(tuple(skip * strength for skip in self.skips), self.middle * strength)

    def plus(self, other: "Residuals") -> "Residuals":
        """The sum of two."""
        skips = zip(self.skips, other.skips, strict=True)
        return Residuals(tuple(one + more for one, more in skips), self.middle + other.middle)

    def padded_in_front(self, rows: int) -> "Residuals":
        """With `rows` rows of zeros before them: images that stay plain, such as the unguided."""

        def pad(residual: Tensor) -> Tensor:
            return torch.cat([residual.new_zeros(rows, *residual.shape[1:]), residual])

        return Residuals(tuple(pad(skip) for skip in self.skips), pad(self.middle))


def check_supported(unet: UNet2DConditionModel) -> None:
    """Refuse a U-Net that needs more than latents, a timestep, text and sizes.

    Raises:
        CheckpointError: it asks for class labels or image conditions (Kandinsky).
    """
    wanted = unet.config.addition_embed_type
    if wanted not in (None, "text", "text_time") or unet.config.class_embed_type is not None:
        raise CheckpointError(
            "This U-Net needs other conditions than text and sizes "
            f"(addition_embed_type={wanted!r}, class_embed_type={unet.config.class_embed_type!r}); "
            "use one with the structure of Stable Diffusion 1.5 or XL."
        )


def encode(
    unet: UNet2DConditionModel, noisy_latents: Tensor, timesteps: Tensor, prompt_embeds: Tensor
) -> EncoderStates:
    """Run a U-Net up to and including its middle block.

    Args:
        unet: any U-Net that `check_supported` accepts; its decoder isn't touched.
        noisy_latents: (B, C, H, W), already scaled by the scheduler.
        timesteps: (B,) or a single number as a tensor.
        prompt_embeds: (B, T, D) text states, see `conditions.packed` for a U-Net of SDXL.

    Returns:
        The states from which `decode` continues.
    """
    factor = 2**unet.num_upsamplers
    match_sizes = any(side % factor != 0 for side in noisy_latents.shape[-2:])

    sample = 2 * noisy_latents - 1.0 if unet.config.center_input_sample else noisy_latents
    time_embedding = unet.time_embedding(unet.get_time_embed(sample, timesteps))  # (B, E)
    prompt_embeds, conditions = unpacked(unet, prompt_embeds)
    added = unet.get_aug_embed(time_embedding, prompt_embeds, conditions)
    if added is not None:
        time_embedding = time_embedding + added
    if unet.time_embed_act is not None:
        time_embedding = unet.time_embed_act(time_embedding)
    prompt_embeds = unet.process_encoder_hidden_states(prompt_embeds, {})

    sample = unet.conv_in(sample)  # (B, C_0, H, W)
    skips: tuple[Tensor, ...] = (sample,)
    for block in unet.down_blocks:
        sample, outputs = block(
            hidden_states=sample, temb=time_embedding, **_text_for(block, prompt_embeds)
        )
        skips += outputs
    if unet.mid_block is not None:
        text = _text_for(unet.mid_block, prompt_embeds)
        sample = unet.mid_block(sample, time_embedding, **text)
    return EncoderStates(skips, sample, time_embedding, prompt_embeds, match_sizes)


def decode(
    unet: UNet2DConditionModel, states: EncoderStates, residuals: Residuals | None = None
) -> Tensor:
    """Run the decoder, with the adaptive network's residuals added to what it receives.

    Bit for bit what `unet(...)` gives with the same residuals in one go (a test says so).

    Args:
        unet: the U-Net whose `encode` gave the states.
        states: the first half's result; they may be used again, nothing is changed in place.
        residuals: for the same batch, or None for the plain U-Net.

    Returns:
        (B, C, H, W) the U-Net's prediction.
    """
    skips, sample = states.skips, states.middle
    if residuals is not None:
        skips = tuple(a + b for a, b in zip(skips, residuals.skips, strict=True))
        sample = sample + residuals.middle

    for position, block in enumerate(unet.up_blocks):
        layers = len(block.resnets)
        skips, incoming = skips[:-layers], skips[-layers:]
        is_last = position == len(unet.up_blocks) - 1
        size = skips[-1].shape[2:] if states.match_sizes and not is_last else None
        sample = block(
            hidden_states=sample,
            temb=states.time_embedding,
            res_hidden_states_tuple=incoming,
            upsample_size=size,
            **_text_for(block, states.prompt_embeds),
        )

    if unet.conv_norm_out is not None:
        sample = unet.conv_act(unet.conv_norm_out(sample))
    prediction: Tensor = unet.conv_out(sample)
    return prediction


def drop_decoder(unet: UNet2DConditionModel) -> None:
    """Remove in place what `encode` never uses, so that it takes no memory and isn't saved."""
    unet.up_blocks = torch.nn.ModuleList()
    unet.conv_norm_out = None
    unet.conv_out = None


def _text_for(block: torch.nn.Module, prompt_embeds: Tensor) -> dict[str, Tensor]:
    """The text argument, for the blocks that have cross-attention."""
    if getattr(block, "has_cross_attention", False):
        return {"encoder_hidden_states": prompt_embeds}
    return {}
