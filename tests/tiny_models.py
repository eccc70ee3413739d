"""Real models, a few channels wide: they design by chance, how they behave is the real thing."""

import string

import torch
from diffusers import (
    AutoencoderKL,
    DPMSolverMultistepScheduler,
    UNet2DConditionModel,
)
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from studio.design.phrasebook import Phrasebook
from studio.design.rules import Rule
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.design_codec import DesignCodec
from studio.perfusion.generator import Generator
from tests.tiny_reward_models import SCHEMA

TEXT_WIDTH = 16
DESIGN_CHANNELS, PICTURE_CHANNELS = 16, 4
HEIGHT_PX, WIDTH_PX = 64, 32
"""Of drawings of designs, and of pictures of an autoencoder of factor 8: 8 x 4 latents both."""

TINY_DEFAULTS = GenerationDefaults(
    height_px=HEIGHT_PX,
    width_px=WIDTH_PX,
    num_candidates=2,
    num_inference_steps=4,
    guidance_scale=3.0,
    preview_every=2,
    candidates_per_pass=2,
)


def tiny_tokenizer(max_length: int = 77) -> CLIPTokenizer:
    """A CLIP tokenizer that spells: one token per printable ASCII character."""
    start, end = "<|startoftext|>", "<|endoftext|>"
    characters = [c for c in string.printable if c not in string.whitespace and not c.isupper()]
    pieces = [start, end, *characters, *(f"{c}</w>" for c in characters)]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    return CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=max_length)


def tiny_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=TEXT_WIDTH,
        intermediate_size=2 * TEXT_WIDTH,
        projection_dim=TEXT_WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=tokenizer.model_max_length,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return CLIPTextModel(config)


def tiny_unet(latent_channels: int = DESIGN_CHANNELS) -> UNet2DConditionModel:
    """Stable Diffusion's block structure with two levels, 8 and 16 channels wide."""
    return UNet2DConditionModel(
        sample_size=(HEIGHT_PX // 8, WIDTH_PX // 8),
        in_channels=latent_channels,
        out_channels=latent_channels,
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=TEXT_WIDTH,
        attention_head_dim=2,
        norm_num_groups=4,
    )


def tiny_autoencoder_kl() -> AutoencoderKL:
    """Stable Diffusion's autoencoder, factor 8."""
    return AutoencoderKL(
        block_out_channels=(4, 4, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=PICTURE_CHANNELS,
        norm_num_groups=2,
        sample_size=HEIGHT_PX,
    )


def tiny_scheduler(prediction_type: str = "v_prediction") -> DPMSolverMultistepScheduler:
    return DPMSolverMultistepScheduler(
        beta_schedule="scaled_linear",
        beta_start=0.00085,
        beta_end=0.012,
        prediction_type=prediction_type,
        timestep_spacing="trailing",
    )


def tiny_pipeline(
    *, prediction_type: str = "v_prediction", decoder: str = "codec", seed: int = 0
) -> CheckpointPipeline:
    """All parts of a checkpoint with weights that depend on the seed only.

    Args:
        prediction_type: of the U-Net.
        decoder: "codec" for designs, as in atelier, or "vae" for pictures, as in sd15.
        seed: of the weights.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        tokenizer = tiny_tokenizer()
        of_designs = decoder == "codec"
        pipeline = CheckpointPipeline(
            text_encoder=tiny_text_encoder(tokenizer),
            tokenizer=tokenizer,
            unet=tiny_unet(DESIGN_CHANNELS if of_designs else PICTURE_CHANNELS),
            scheduler=tiny_scheduler(prediction_type),
            vae=None if of_designs else tiny_autoencoder_kl(),
            codec=DesignCodec.new() if of_designs else None,
        )
    for model in (pipeline.vae, pipeline.codec, pipeline.text_encoder, pipeline.unet):
        if model is not None:
            model.eval().requires_grad_(False)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def tiny_adaptive_network(unet: UNet2DConditionModel) -> PersonalisedAdaptiveNetwork:
    """As if trained: its zero layers say something. Its stores are those of `SCHEMA`."""
    with torch.random.fork_rng():
        torch.manual_seed(4)
        network = PersonalisedAdaptiveNetwork.from_unet(unet, SCHEMA, field_width=4)
        for layer in (*network.outgoing_skips, network.outgoing_middle):
            torch.nn.init.normal_(layer.weight, std=0.2)
    return network.eval().requires_grad_(False)


def tiny_phrasebook() -> Phrasebook:
    """Four families, one synonym, and a rule: skirts have no neckline."""
    families = {
        "category": ("dress", "skirt"),
        "neckline": ("none", "v-neck", "crew neck"),
        "length": ("mini", "midi", "maxi"),
        "colour": ("red", "navy"),
    }
    phrases = {
        value: {family: value}
        for family, values in families.items()
        for value in values
        if value != "none"
    }
    return Phrasebook(
        families=families,
        phrases={**phrases, "v neckline": {"neckline": "v-neck"}},
        rules=(Rule("category", ("skirt",), "neckline", ("none",)),),
    )


def tiny_personal_generator() -> Generator:
    """A generator whose checkpoint has an adaptive network: it draws differently for stores."""
    pipeline = tiny_pipeline()
    pipeline.register_modules(adaptive_network=tiny_adaptive_network(pipeline.unet))
    return Generator(pipeline, TINY_DEFAULTS, tiny_phrasebook())
