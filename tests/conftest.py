import os

# Before any library reads it: nothing in the tests may reach a hub, not even by mistake.
os.environ["HF_HUB_OFFLINE"] = "1"
# Tiny models gain nothing from more threads, and lose where two processes test at once. Programs
# that tests start have it, too.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest

from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.generator import Generator
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook, tiny_pipeline


@pytest.fixture(scope="session")
def pipeline() -> CheckpointPipeline:
    """A tiny pipeline that no test may change."""
    return tiny_pipeline()


@pytest.fixture(scope="session")
def generator(pipeline: CheckpointPipeline) -> Generator:
    """A tiny generator that knows few phrases; no test may change it."""
    return Generator(pipeline, TINY_DEFAULTS, tiny_phrasebook())


@pytest.fixture(scope="session")
def open_generator() -> Generator:
    """A tiny generator of pictures without a phrasebook, as for Stable Diffusion."""
    return Generator(tiny_pipeline(decoder="vae"), TINY_DEFAULTS)
