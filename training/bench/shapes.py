"""Whole models by their shapes, with random weights: nothing has to be downloaded to measure them.

`sd15` is Stable Diffusion 1.5 with the reward model's backbone CLIP-H, at full size, `sdxl` is
Stable Diffusion XL with the same; `small` and `small-xl` have the same blocks with few channels, to
rehearse a measurement.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from diffusers import AutoencoderKL, DPMSolverMultistepScheduler, UNet2DConditionModel
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPModel,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
)

from studio.domain import SettingsError
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.profile import ProfileSchema
from studio.perfusion.reward_model import PerFusionRM, RewardModelConfig, RewardProcessor
from studio.perfusion.sampling import fast_solver

Shape = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """Configurations of all models of a preset; what they leave out is their library's default.

    Attributes:
        unet: of `UNet2DConditionModel`.
        vae: of `AutoencoderKL`.
        text_encoder: of `CLIPTextConfig`.
        clip_text: of the reward backbone's text tower.
        clip_vision: of its vision tower.
        clip_width: of the space that its towers share.
        text_encoder_2: of the second text tower's `CLIPTextConfig`; None where there is one only.
    """

    unet: Shape
    vae: Shape
    text_encoder: Shape
    clip_text: Shape
    clip_vision: Shape
    clip_width: int
    text_encoder_2: Shape | None = None


SD15 = Shapes(
    # All else is diffusers' default, which is Stable Diffusion 1.5's.
    unet={"sample_size": 64, "cross_attention_dim": 768},
    vae={
        "block_out_channels": (128, 256, 512, 512),
        "down_block_types": ("DownEncoderBlock2D",) * 4,
        "up_block_types": ("UpDecoderBlock2D",) * 4,
        "layers_per_block": 2,
        "sample_size": 512,
    },
    text_encoder={
        "vocab_size": 49_408,
        "hidden_size": 768,
        "intermediate_size": 3_072,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "projection_dim": 768,
    },
    clip_text={
        "vocab_size": 49_408,
        "hidden_size": 1_024,
        "intermediate_size": 4_096,
        "num_hidden_layers": 24,
        "num_attention_heads": 16,
        "hidden_act": "gelu",
    },
    clip_vision={
        "hidden_size": 1_280,
        "intermediate_size": 5_120,
        "num_hidden_layers": 32,
        "num_attention_heads": 16,
        "image_size": 224,
        "patch_size": 14,
        "hidden_act": "gelu",
    },
    clip_width=1_024,
)
_TOWER: Shape = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}
SMALL = Shapes(
    unet={
        "sample_size": 32,
        "block_out_channels": (32, 32, 64, 64),
        "cross_attention_dim": 32,
        "attention_head_dim": 4,
    },
    vae={**SD15.vae, "block_out_channels": (32, 32, 32, 32), "layers_per_block": 1},
    text_encoder={**_TOWER, "vocab_size": 49_408, "projection_dim": 32},
    clip_text={**_TOWER, "vocab_size": 49_408},
    clip_vision={**_TOWER, "image_size": 32, "patch_size": 16},
    clip_width=16,
)
_XL_UNET: Shape = {
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "layers_per_block": 2,
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
}
SDXL = replace(
    SD15,
    unet={
        **_XL_UNET,
        "sample_size": 128,
        "block_out_channels": (320, 640, 1_280),
        "transformer_layers_per_block": (1, 2, 10),
        "attention_head_dim": (5, 10, 20),
        "cross_attention_dim": 2_048,
        "addition_time_embed_dim": 256,
        "projection_class_embeddings_input_dim": 2_816,
    },
    text_encoder_2={
        "vocab_size": 49_408,
        "hidden_size": 1_280,
        "intermediate_size": 5_120,
        "num_hidden_layers": 32,
        "num_attention_heads": 20,
        "projection_dim": 1_280,
        "hidden_act": "gelu",
    },
)
SMALL_XL = replace(
    SMALL,
    unet={
        **_XL_UNET,
        "sample_size": 32,
        "block_out_channels": (32, 32, 64),
        "transformer_layers_per_block": (1, 1, 2),
        "attention_head_dim": (2, 2, 4),
        "cross_attention_dim": 64,
        "addition_time_embed_dim": 8,
        "projection_class_embeddings_input_dim": 6 * 8 + 32,
    },
    text_encoder_2={**_TOWER, "vocab_size": 49_408, "projection_dim": 32},
)
SHAPES: dict[str, Shapes] = {"sd15": SD15, "sdxl": SDXL, "small": SMALL, "small-xl": SMALL_XL}


def shapes_of(size: str) -> Shapes:
    """The shapes of that name.

    Raises:
        SettingsError: there are none.
    """
    if size not in SHAPES:
        raise SettingsError(f"There is no size {size!r}. Choose {' or '.join(SHAPES)}.")
    return SHAPES[size]


def random_pipeline(shapes: Shapes, tokenizer: CLIPTokenizer) -> CheckpointPipeline:
    """All parts of a generator with random weights.

    Args:
        shapes: of the models.
        tokenizer: whose words are few beside the text tower's; any will do for random weights.
    """
    solver = DPMSolverMultistepScheduler(
        beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012
    )
    pipeline = CheckpointPipeline(
        vae=random_vae(shapes),
        text_encoder=random_text_encoder(shapes, _ends(tokenizer)),
        tokenizer=tokenizer,
        text_encoder_2=random_second_text_encoder(shapes, _ends(tokenizer)),
        tokenizer_2=tokenizer if shapes.text_encoder_2 else None,
        unet=random_unet(shapes),
        scheduler=fast_solver(solver),
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def random_unet(shapes: Shapes) -> UNet2DConditionModel:
    """The U-Net, frozen."""
    return UNet2DConditionModel(**shapes.unet).eval().requires_grad_(False)


def random_vae(shapes: Shapes) -> AutoencoderKL:
    """The autoencoder, frozen."""
    return AutoencoderKL(**shapes.vae).eval().requires_grad_(False)


def random_text_encoder(shapes: Shapes, ends: Shape | None = None) -> CLIPTextModel:
    """The text tower; `ends` are the numbers of its tokenizer's special tokens."""
    return CLIPTextModel(CLIPTextConfig(**shapes.text_encoder, **(ends or {}))).eval()


def random_second_text_encoder(
    shapes: Shapes, ends: Shape | None = None
) -> CLIPTextModelWithProjection | None:
    """SDXL's second text tower; None where there is none."""
    if shapes.text_encoder_2 is None:
        return None
    config = CLIPTextConfig(**shapes.text_encoder_2, **(ends or {}))
    return CLIPTextModelWithProjection(config).eval()


def random_clip(shapes: Shapes, ends: Shape | None = None) -> CLIPModel:
    """The reward model's backbone; `ends` as for the text tower."""
    config = CLIPConfig(
        text_config={**shapes.clip_text, **(ends or {})},
        vision_config=dict(shapes.clip_vision),
        projection_dim=shapes.clip_width,
    )
    return CLIPModel(config).eval()


def random_reward_model(
    shapes: Shapes, tokenizer: CLIPTokenizer, schema: ProfileSchema
) -> PerFusionRM:
    """PerFusionRM on a backbone with random weights."""
    backbone = random_clip(shapes, _ends(tokenizer))
    side = int(shapes.clip_vision["image_size"])
    pixels = CLIPImageProcessor(
        size={"shortest_edge": side}, crop_size={"height": side, "width": side}
    )
    processor = RewardProcessor(tokenizer, pixels, backbone.config)
    return PerFusionRM(backbone, processor, schema, RewardModelConfig()).eval()


def weights_of(model: torch.nn.Module) -> int:
    """How many weights a model has."""
    return sum(weight.numel() for weight in model.parameters())


def _ends(tokenizer: CLIPTokenizer) -> dict[str, int]:
    return {
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
