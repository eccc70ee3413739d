"""A U-Net run in two halves is the U-Net."""

from typing import Any

import pytest
import torch
from diffusers import UNet2DConditionModel
from torch import Tensor

from studio.domain import CheckpointError
from studio.perfusion.unet_halves import Residuals, check_supported, decode, encode
from tests.tiny_models import TEXT_WIDTH

SHAPE = (3, 4, 8, 4)
COMMON: dict[str, Any] = {
    "sample_size": (8, 4),
    "block_out_channels": (8, 16),
    "layers_per_block": 1,
    "cross_attention_dim": TEXT_WIDTH,
    "attention_head_dim": 2,
    "norm_num_groups": 4,
}
STRUCTURES: dict[str, dict[str, Any]] = {
    "stable diffusion's": {
        "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
    },
    "the atelier's": {
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
        "addition_embed_type": "text",
        "addition_embed_type_num_heads": 2,
        "encoder_hid_dim": TEXT_WIDTH,
        "encoder_hid_dim_type": "text_proj",
        "resnet_time_scale_shift": "scale_shift",
        "use_linear_projection": True,
    },
}


def unet_of(structure: str) -> UNet2DConditionModel:
    torch.manual_seed(0)
    return UNet2DConditionModel(**COMMON, **STRUCTURES[structure]).eval()


def inputs_of(shape: tuple[int, ...] = SHAPE) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    latents = torch.randn(shape, generator=generator)
    text = torch.randn(shape[0], 7, TEXT_WIDTH, generator=generator)
    return latents, torch.tensor([10, 500, 900])[: shape[0]], text


def residuals_like(unet: UNet2DConditionModel, inputs: tuple[Tensor, ...]) -> Residuals:
    states = encode(unet, *inputs)
    generator = torch.Generator().manual_seed(2)
    skips = tuple(torch.randn(skip.shape, generator=generator) for skip in states.skips)
    return Residuals(skips, torch.randn(states.middle.shape, generator=generator))


@pytest.mark.parametrize("structure", STRUCTURES)
@torch.no_grad()
def test_both_halves_are_the_whole_bit_for_bit(structure: str):
    unet, inputs = unet_of(structure), inputs_of()

    assert torch.equal(decode(unet, encode(unet, *inputs)), unet(*inputs).sample)


@pytest.mark.parametrize("structure", STRUCTURES)
@torch.no_grad()
def test_residuals_go_in_where_diffusers_puts_them(structure: str):
    unet, inputs = unet_of(structure), inputs_of()
    residuals = residuals_like(unet, inputs)

    whole = unet(
        *inputs,
        down_block_additional_residuals=residuals.skips,
        mid_block_additional_residual=residuals.middle,
    ).sample

    assert torch.equal(decode(unet, encode(unet, *inputs), residuals), whole)


@torch.no_grad()
def test_sizes_that_do_not_halve_evenly_work_too():
    unet, inputs = unet_of("stable diffusion's"), inputs_of((2, 4, 7, 5))

    assert torch.equal(decode(unet, encode(unet, *inputs)), unet(*inputs).sample)


@torch.no_grad()
def test_one_encoding_serves_several_decodings():
    unet, inputs = unet_of("stable diffusion's"), inputs_of()
    residuals = residuals_like(unet, inputs)
    states = encode(unet, *inputs)

    decode(unet, states, residuals)

    assert torch.equal(decode(unet, states), unet(*inputs).sample)


@torch.no_grad()
def test_residuals_can_be_scaled_and_left_out_for_the_first_rows():
    unet, inputs = unet_of("stable diffusion's"), inputs_of()
    residuals = residuals_like(unet, inputs)
    twice = tuple(torch.cat([each, each]) for each in inputs)

    both = decode(unet, encode(unet, *twice), residuals.padded_in_front(3))

    torch.testing.assert_close(both[:3], unet(*inputs).sample)
    torch.testing.assert_close(both[3:], decode(unet, encode(unet, *inputs), residuals))
    torch.testing.assert_close(residuals.scaled(0.5).middle, residuals.middle / 2)


def test_a_unet_with_other_conditions_than_text_is_refused():
    unet = UNet2DConditionModel(
        **COMMON, **STRUCTURES["stable diffusion's"], class_embed_type="timestep"
    )

    with pytest.raises(CheckpointError, match=r"other conditions than text"):
        check_supported(unet)
