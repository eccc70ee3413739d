import os

# Before any library reads it: nothing in the tests may reach a hub, not even by mistake.
os.environ["HF_HUB_OFFLINE"] = "1"

from dataclasses import replace

import pytest
import torch

from studio.perfusion.generator import Generator
from studio.perfusion.pipeline import PerFusionPipeline
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook, tiny_pipeline

torch.set_num_threads(1)  # tiny models gain nothing from more, and lose on a busy machine


@pytest.fixture(scope="session")
def pipeline() -> PerFusionPipeline:
    """A tiny pipeline that no test may change."""
    return tiny_pipeline()


@pytest.fixture(scope="session")
def generator(pipeline: PerFusionPipeline) -> Generator:
    """A tiny generator that knows few phrases; no test may change it."""
    return Generator(pipeline, TINY_DEFAULTS, tiny_phrasebook())


@pytest.fixture(scope="session")
def lots_generator(pipeline: PerFusionPipeline) -> Generator:
    """The same with lots for the length, in words: midi or maxi, as often."""
    book = replace(tiny_phrasebook(), lots={"length": {"mini": 0.0, "midi": 1.0, "maxi": 1.0}})
    return Generator(pipeline, TINY_DEFAULTS, book)


@pytest.fixture(scope="session")
def open_generator(pipeline: PerFusionPipeline) -> Generator:
    """A tiny generator without a phrasebook, as for Stable Diffusion."""
    return Generator(pipeline, TINY_DEFAULTS)
