"""Tiny models of the drawn world: a generator that knows all its phrases, and a reader."""

import torch

from studio.perfusion.pipeline import PerFusionPipeline
from tests.tiny_models import (
    tiny_patch_autoencoder,
    tiny_scheduler,
    tiny_text_encoder,
    tiny_unet,
)
from training.atelier.attributes import FAMILIES
from training.atelier.grammar import build_phrasebook
from training.data.tokenizer import build_tokenizer
from training.reader import AttributeReader


def tiny_pipeline() -> PerFusionPipeline:
    """It knows the whole phrasebook, and draws noise."""
    torch.manual_seed(0)
    tokenizer = build_tokenizer(build_phrasebook().phrases, 77)
    pipeline = PerFusionPipeline(
        vae=tiny_patch_autoencoder(),
        text_encoder=tiny_text_encoder(tokenizer),
        tokenizer=tokenizer,
        unet=tiny_unet(),
        scheduler=tiny_scheduler(),
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def tiny_reader() -> AttributeReader:
    torch.manual_seed(0)
    values = [list(values) for values in FAMILIES.values()]
    return AttributeReader(list(FAMILIES), values, [4, 8], [1, 1])
