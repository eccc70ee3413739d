"""Weighs a checkpoint's lots by how well it draws each value.

What a prompt leaves open is drawn by lot, with the chances of the world. A small U-Net draws
gingham better than leopard spots, and a designer who asked for neither has nothing from blurred
spots. So lots lean to what comes out as it should, which paths tell (see `training.data.paths`),
and whoever asks for spots gets spots. It trades variety for fidelity like the truncation of Brock
et al. (arXiv 1809.11096, section 3.1), in words and not in noise.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.perfusion.checkpoint import load_pipeline
from studio.perfusion.phrasebook import PHRASEBOOK_FILE
from studio.perfusion.pipeline import PerFusionPipeline
from training.atelier.attributes import FAMILIES
from training.atelier.grammar import build_phrasebook
from training.atelier.merchants import Floats, one_hot
from training.config import ConfigError, LotsConfig
from training.data.paths import Paths, load_paths
from training.data.tiles import Tiles, outfit_from_indices

_AT_ONCE = 32
_HELD_OUT = 4  # every fourth path


def run(config: LotsConfig, train: Tiles, held_out: Tiles) -> dict[str, float]:
    """Write the phrasebook with lots that lean.

    Returns:
        The mean share of edges missed, how much of its variance values explain on paths that
        were left out, and the chance of the first value of each family that leans.

    Raises:
        ConfigError: a family has no lots, or tells of the person who wears the garment.
    """
    del train, held_out  # the paths have their drawings
    book = build_phrasebook()
    for family in config.families:
        if family not in book.taste or family not in book.lots:
            raise ConfigError(f"No lots of {family!r} can lean. Choose from {sorted(book.taste)}.")
    checkpoint = Path(config.checkpoint)
    paths = load_paths(Path(config.paths))
    missed = edges_missed_on(paths, load_pipeline(checkpoint, dtype=torch.float32))
    attributes = paths.attributes.numpy()
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
def edges_missed_on(paths: Paths, pipeline: PerFusionPipeline) -> Floats:
    """(M,) share of each drawing's edges that is missed where its path ends."""
    missed: list[Tensor] = []
    for start in range(0, len(paths), _AT_ONCE):
        rows = list(range(start, min(start + _AT_ONCE, len(paths))))
        states = pipeline.encode_prompts([paths.prompts[row] for row in rows])
        ends = paths.believed[rows, -1].to(pipeline.device).float()
        made = pipeline.decode(ends, _AT_ONCE, states).cpu()
        drawings = paths.drawings[rows].permute(0, 3, 1, 2).float() / 255
        missed.append(edges_missed(made, drawings))
    found: Floats = torch.cat(missed).double().numpy()
    return found


def edges_missed(made: Tensor, drawings: Tensor) -> Tensor:
    """How much of the brightness differences of neighbouring pixels is wrong.

    Args:
        made: (B, 3, H, W).
        drawings: (B, 3, H, W) what they should be.

    Returns:
        (B,) squared error beside the drawing's own squares: 0 for the drawing itself, 1 for an
        even picture, more where there are edges that it has not.
    """
    ours, true = _edges(made), _edges(drawings)
    wrong: Tensor = (ours - true).square().sum(dim=1)
    return wrong / true.square().sum(dim=1)


def _edges(images: Tensor) -> Tensor:
    grey = images.mean(dim=1)
    return torch.cat([grey.diff(dim=1).flatten(1), grey.diff(dim=2).flatten(1)], dim=1)


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
