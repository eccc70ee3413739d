"""Drawings to learn from, drawn once into memory-mapped files.

Tile number i of a part is a pure function of the seed, the part and i, so more tiles can be
added, an interrupted drawing goes on, and every machine gets the same ones.
"""

import hashlib
import logging
import os
import random
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from training.atelier.attributes import FAMILIES, Outfit, sample_outfit
from training.config import TilesConfig

Part = Literal["train", "held-out", "probe"]
Images = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
Draw = Callable[[Outfit], Images]

TILE_SHAPE = (256, 128, 3)
SHARD_TILES = 500
_PROBES = 64

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tiles:
    """Drawings and the attributes that they show.

    Attributes:
        shards: each (M, 256, 128, 3) uint8, the same M for all but the last.
        attributes: (N, families) int8, positions within FAMILIES' values.
    """

    shards: Sequence[Images]
    attributes: np.ndarray[tuple[int, ...], np.dtype[np.int8]]

    def __len__(self) -> int:
        return len(self.attributes)

    def images(self, indices: Iterable[int]) -> Images:
        """The tiles with these numbers: (B, 256, 128, 3) uint8."""
        size = len(self.shards[0])
        return np.stack([self.shards[index // size][index % size] for index in indices])

    def tensors(self, indices: Iterable[int]) -> Tensor:
        """The tiles with these numbers: (B, 3, 256, 128) float32 in [0, 1], channels last."""
        return torch.from_numpy(self.images(indices)).permute(0, 3, 1, 2).float().div_(255)

    def outfit(self, index: int) -> Outfit:
        """What the tile shows."""
        return outfit_from_indices(self.attributes[index].tolist())


def outfit_from_indices(class_indices: Sequence[int]) -> Outfit:
    """The inverse of `Outfit.class_indices`."""
    pairs = zip(FAMILIES.items(), class_indices, strict=True)
    return Outfit({family: values[index] for (family, values), index in pairs})


def outfit_of_tile(seed: int, part: Part, index: int) -> Outfit:
    """The outfit that tile `index` of a part shows; parts have nothing in common."""
    return sample_outfit(random.Random(f"{seed}/{part}/{index}"))


def load_tiles(config: TilesConfig, part: Part, draw: Draw) -> Tiles:
    """Open one part's tiles, after drawing those that are missing.

    Args:
        config: how many tiles, from which seed, and where they lie.
        part: `train`, or `held-out` for evaluation.
        draw: outfit -> (256, 128, 3) uint8; a module-level function, as workers import it.
    """
    count = config.count if part == "train" else config.held_out
    folder = Path(config.folder) / f"{world_fingerprint(draw)}-{config.seed}" / part
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, count, SHARD_TILES)
    # A last, short shard has its own name: it is drawn anew when the count grows.
    shards = [(start, min(SHARD_TILES, count - start)) for start in starts]
    missing = [shard for shard in shards if not _attributes_path(folder, *shard).exists()]
    if missing:
        log.info("drawing %d tiles into %s", sum(size for _, size in missing), folder)
        _draw_shards(missing, partial(_draw_shard, folder, config.seed, part, draw), config.workers)
    return Tiles(
        [np.load(_images_path(folder, *shard), mmap_mode="r") for shard in shards],
        np.concatenate([np.load(_attributes_path(folder, *shard)) for shard in shards]),
    )


def world_fingerprint(draw: Draw) -> str:
    """A short hash of 64 drawings: tiles drawn by a world that looked otherwise are not used."""
    digest = hashlib.sha256()
    for index in range(_PROBES):
        outfit = outfit_of_tile(0, "probe", index)
        digest.update(bytes(outfit.class_indices()) + draw(outfit).tobytes())
    return digest.hexdigest()[:12]


def _draw_shards(
    shards: Sequence[tuple[int, int]], draw_shard: Callable[[tuple[int, int]], None], workers: int
) -> None:
    if workers <= 1:
        for shard in shards:
            draw_shard(shard)
        return
    with ProcessPoolExecutor(workers) as pool:
        for done, _ in enumerate(pool.map(draw_shard, shards), start=1):
            log.info("drew shard %d of %d", done, len(shards))


def _draw_shard(folder: Path, seed: int, part: Part, draw: Draw, shard: tuple[int, int]) -> None:
    start, size = shard
    outfits = [outfit_of_tile(seed, part, index) for index in range(start, start + size)]
    images = np.stack([draw(outfit) for outfit in outfits])
    if images.shape[1:] != TILE_SHAPE or images.dtype != np.uint8:
        raise ValueError(f"A drawing must be uint8 {TILE_SHAPE}, not {images.dtype} {images.shape}")
    _write(_images_path(folder, *shard), images)
    # Last, since its presence says that the shard is complete.
    classes = np.array([outfit.class_indices() for outfit in outfits], dtype=np.int8)
    _write(_attributes_path(folder, *shard), classes)


def _write(path: Path, array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> None:
    unfinished = path.with_suffix(f".{os.getpid()}.part")  # two runs may draw the same shard
    with unfinished.open("wb") as file:
        np.save(file, array)
    unfinished.replace(path)


def _images_path(folder: Path, start: int, size: int) -> Path:
    return folder / f"{start:06d}-{size}-images.npy"


def _attributes_path(folder: Path, start: int, size: int) -> Path:
    return folder / f"{start:06d}-{size}-attributes.npy"
