"""What it costs to see what a store leans to: once for each kind of garment, and then no more."""

from collections.abc import Callable
from pathlib import Path

import torch

from studio.perfusion.generator import Generator
from studio.perfusion.leaning import Leanings
from studio.perfusion.profile import Profile


def asking(checkpoint: Path, device: torch.device) -> dict[str, Callable[[], object]]:
    """What a first design of a kind of garment takes, and a store's first one of it.

    Empty where the checkpoint has no adaptive network, or no phrases that are a matter of taste.
    """
    generator = Generator.load(checkpoint, dtype="float32", device=str(device))
    book, pipeline = generator.phrasebook, generator.pipeline
    if book is None or not book.taste or pipeline.adaptive_network is None:
        return {}
    size = generator.defaults
    shape = pipeline.latent_shape(size.height_px, size.width_px)
    garment = next(iter(book.families.values()))[0]
    store = pipeline.adaptive_network.schema.encode(Profile.of())
    known = Leanings(pipeline, book, shape).garment(garment)
    return {
        "ask_garment": lambda: Leanings(pipeline, book, shape).garment(garment),
        "ask_store": lambda: Leanings(pipeline, book, shape).rewards(store, known),
    }
