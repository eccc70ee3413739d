"""Weighs a checkpoint's lots by how well it draws each value.

What a prompt leaves open is drawn by lot, with the chances of the world. A small U-Net draws
gingham better than leopard spots, and a designer who asked for neither has nothing from blurred
spots. So lots lean to what comes out as it should when drawings are drawn again from phrases that
tell all of them, and whoever asks for spots gets spots. It trades variety for fidelity like the
truncation of Brock et al. (arXiv 1809.11096, section 3.1), in words and not in noise.
"""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from numpy.typing import NDArray

from studio.perfusion.checkpoint import load_defaults, load_pipeline
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.phrasebook import PHRASEBOOK_FILE
from studio.perfusion.pipeline import PerFusionPipeline
from training.atelier.attributes import FAMILIES
from training.atelier.grammar import build_phrasebook
from training.atelier.merchants import Floats, one_hot
from training.config import ConfigError, LotsConfig
from training.data.captions import plain_captions
from training.data.rare import rare_values, usual_and_rare
from training.data.tiles import Tiles, outfit_from_indices
from training.losses.reconstruction import edges_missed

_HELD_OUT = 4  # every fourth drawing


def run(config: LotsConfig, train: Tiles, held_out: Tiles) -> dict[str, float]:
    """Write the phrasebook with lots that lean.

    Returns:
        The mean share of edges missed, how much of its variance values explain on drawings
        that were left out, and the chance of the first value of each family that leans.

    Raises:
        ConfigError: a family has no lots, or tells of the person who wears the garment.
    """
    del held_out
    book = build_phrasebook()
    for family in config.families:
        if family not in book.taste or family not in book.lots:
            raise ConfigError(f"No lots of {family!r} can lean. Choose from {sorted(book.taste)}.")
    checkpoint = Path(config.checkpoint)
    pipeline = load_pipeline(checkpoint, dtype=torch.float32).to(Accelerator().device)
    defaults = load_defaults(checkpoint)
    rare = rare_values(train.attributes, config.rare_share, config.rare_families)
    share = config.rare_share
    rows = usual_and_rare(len(train), config.drawings, share, rare, config.seed, 0)
    size = config.batch_size
    passes = [rows[start : start + size] for start in range(0, len(rows), size)]
    missed = np.concatenate([missed_of(train, each, pipeline, defaults) for each in passes])
    attributes = train.attributes[rows]
    learnt = np.arange(len(missed)) % _HELD_OUT > 0
    predicted = _excess(attributes, effects(attributes[learnt], missed[learnt], config.ridge))
    excess = missed - missed[learnt].mean()
    found = effects(attributes, missed, config.ridge)
    odds = {
        family: {value: -config.sharpness * found[family][value] for value in FAMILIES[family]}
        for family in config.families
    }
    leaning = book.with_odds(odds)
    leaning.save(checkpoint / PHRASEBOOK_FILE)
    left = ((excess - predicted)[~learnt] ** 2).sum() / (excess[~learnt] ** 2).sum()
    chances = {family: leaning.lots[family] for family in config.families}
    return {
        "edges_missed": float(missed.mean()),
        "explained": float(1 - left),
        **{
            f"{family}: {next(iter(lots))}": next(iter(lots.values()))
            for family, lots in chances.items()
        },
    }


@torch.no_grad()
def missed_of(
    tiles: Tiles, rows: Sequence[int], pipeline: PerFusionPipeline, defaults: GenerationDefaults
) -> Floats:
    """(M,) share of each drawing's edges that is missed where all of it is told.

    Args:
        tiles: drawings.
        rows: M of their numbers, which are the seeds to draw them again from.
        pipeline: draws.
        defaults: of its checkpoint.
    """
    outfits = [tiles.outfit(row) for row in rows]
    prompts = plain_captions(outfits, random.Random(0), short_share=0.0, whole_share=1.0)
    made = pipeline(
        prompts,
        num_inference_steps=defaults.num_inference_steps,
        guidance_scale=defaults.guidance_scale,
        generator=[torch.Generator().manual_seed(row) for row in rows],
        output_type="pt",
        return_dict=False,
        descent=defaults.descent,
    )[0]
    found: Floats = edges_missed(made.cpu(), tiles.tensors(rows)).double().numpy()
    return found


def effects(
    attributes: NDArray[np.int8], errors: Floats, ridge: float
) -> dict[str, dict[str, float]]:
    """What each value adds to the error of a drawing that has it, the others being equal.

    Ridge regression on all values at once, so that a fabric isn't blamed for the coats that it
    is worn as.

    Args:
        attributes: (M, families) places of the values.
        errors: (M,).
        ridge: drawings' worth of doubt about each value.
    """
    shown = _worn(attributes)
    centred = shown - shown.mean(axis=0)
    doubt = ridge * np.eye(shown.shape[1])
    weights = np.linalg.solve(centred.T @ centred + doubt, centred.T @ (errors - errors.mean()))
    found = iter(weights.tolist())
    return {family: {value: next(found) for value in values} for family, values in FAMILIES.items()}


def _excess(attributes: NDArray[np.int8], found: Mapping[str, Mapping[str, float]]) -> Floats:
    """(M,) error beyond the mean, as effects tell it."""
    weights = np.array([effect for values in found.values() for effect in values.values()])
    shown = _worn(attributes)
    told: Floats = (shown - shown.mean(axis=0)) @ weights
    return told


def _worn(attributes: NDArray[np.int8]) -> Floats:
    """(M, values of all families): 1 for each value that a drawing shows."""
    return one_hot([outfit_from_indices(places) for places in attributes.tolist()])
