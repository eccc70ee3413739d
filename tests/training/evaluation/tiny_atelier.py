"""A tiny model of designs that knows all phrases of the drawn world; it designs by chance."""

from dataclasses import replace

import torch

from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.design_codec import DesignCodec
from studio.perfusion.generator import Generator
from tests.tiny_models import TINY_DEFAULTS, tiny_scheduler, tiny_text_encoder, tiny_unet
from training.atelier.grammar import build_phrasebook
from training.data.tokenizer import build_tokenizer

DEFAULTS: GenerationDefaults = replace(TINY_DEFAULTS, num_inference_steps=2)


def tiny_pipeline() -> CheckpointPipeline:
    torch.manual_seed(0)
    tokenizer = build_tokenizer(build_phrasebook().phrases, 77)
    pipeline = CheckpointPipeline(
        codec=DesignCodec.new(),
        text_encoder=tiny_text_encoder(tokenizer),
        tokenizer=tokenizer,
        unet=tiny_unet(),
        scheduler=tiny_scheduler(),
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def tiny_generator() -> Generator:
    return Generator(tiny_pipeline(), DEFAULTS, build_phrasebook())
