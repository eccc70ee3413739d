"""Stable Diffusion XL with random weights, a few channels wide, in the hub's layout."""

from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    EulerDiscreteScheduler,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from tests.tiny_models import HEIGHT_PX, PICTURE_CHANNELS, WIDTH_PX, tiny_tokenizer

FIRST_WIDTH, SECOND_WIDTH, POOLED_WIDTH = 16, 24, 20
TIME_WIDTH = 8


def tiny_sdxl_unet(pooled: int = POOLED_WIDTH) -> UNet2DConditionModel:
    """SDXL's kinds of blocks and conditions, two levels."""
    return UNet2DConditionModel(
        sample_size=(HEIGHT_PX // 8, WIDTH_PX // 8),
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=(1, 2),
        cross_attention_dim=FIRST_WIDTH + SECOND_WIDTH,
        attention_head_dim=(2, 4),
        norm_num_groups=4,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=TIME_WIDTH,
        projection_class_embeddings_input_dim=6 * TIME_WIDTH + pooled,
    )


def stock_sdxl(seed: int = 0, zeros: bool = True) -> StableDiffusionXLPipeline:
    """diffusers' own pipeline."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        tokenizers = tiny_tokenizer(), tiny_tokenizer()
        first, second = (
            CLIPTextConfig(
                vocab_size=len(tokenizers[0]),
                hidden_size=width,
                intermediate_size=2 * width,
                projection_dim=POOLED_WIDTH,
                num_hidden_layers=3,
                num_attention_heads=2,
                max_position_embeddings=77,
                bos_token_id=tokenizers[0].bos_token_id,
                eos_token_id=tokenizers[0].eos_token_id,
                pad_token_id=tokenizers[0].pad_token_id,
            )
            for width in (FIRST_WIDTH, SECOND_WIDTH)
        )
        pipeline = StableDiffusionXLPipeline(
            vae=AutoencoderKL(
                block_out_channels=(4, 4, 8, 8),
                down_block_types=("DownEncoderBlock2D",) * 4,
                up_block_types=("UpDecoderBlock2D",) * 4,
                latent_channels=PICTURE_CHANNELS,
                norm_num_groups=2,
                sample_size=HEIGHT_PX,
                scaling_factor=0.13025,
                force_upcast=True,
            ),
            text_encoder=CLIPTextModel(first),
            text_encoder_2=CLIPTextModelWithProjection(second),
            tokenizer=tokenizers[0],
            tokenizer_2=tokenizers[1],
            unet=tiny_sdxl_unet(),
            scheduler=EulerDiscreteScheduler(
                beta_schedule="scaled_linear",
                beta_start=0.00085,
                beta_end=0.012,
                timestep_spacing="leading",
                steps_offset=1,
            ),
            force_zeros_for_empty_prompt=zeros,
            add_watermarker=False,
        )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def save_sdxl(folder: Path, seed: int = 0, zeros: bool = True) -> Path:
    """As it lies on the hub."""
    stock_sdxl(seed, zeros).save_pretrained(folder)
    return folder
