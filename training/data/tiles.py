"""Pictures of designs to learn from, drawn once into memory-mapped files.

They are kept as an image tower sees them: drawn large and squeezed to a square, just as pictures
of the app will be. A tile that is drawn smaller than the square is wide looks softer.

Tile number i of a part shows design number i of it, so more tiles can be added, an interrupted
drawing goes on, and every machine gets the same ones.
"""

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from studio.design.outfit import Outfit
from studio.design.spec import DesignSpec
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from training.config import TilesConfig
from training.data.designs import Designs, Part, Places, design_of, load_designs

Images = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
Draw = Callable[[DesignSpec], Images]

TILE_SHAPE = (512, 256, 3)
SQUARE_PX = 160
SHARD_TILES = 500
_PROBES = 16

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tiles:
    """Pictures, squeezed to squares, and the designs that they show.

    Attributes:
        shards: each (M, 160, 160, 3) uint8, the same M for all but the last.
        designs: in the pictures' order.
    """

    shards: Sequence[Images]
    designs: Designs

    def __len__(self) -> int:
        return len(self.designs)

    @property
    def places(self) -> Places:
        """(N, F) int8, positions within FAMILIES' values."""
        return self.designs.places

    def images(self, indices: Iterable[int]) -> Images:
        """The tiles with these numbers: (B, 160, 160, 3) uint8."""
        size = len(self.shards[0])
        return np.stack([self.shards[index // size][index % size] for index in indices])

    def tensors(self, indices: Iterable[int]) -> Tensor:
        """The tiles with these numbers: (B, 3, 160, 160) float32 in [0, 1], channels last."""
        return torch.from_numpy(self.images(indices)).permute(0, 3, 1, 2).float().div_(255)

    def outfit(self, index: int) -> Outfit:
        """What the tile shows."""
        return self.designs.outfit(index)


def tile(spec: DesignSpec) -> Images:
    """(512, 256, 3) uint8: a design as the app draws it, at half the size."""
    return np.asarray(picture(draw_croquis(spec), TILE_SHAPE[0]))


def load_tiles(config: TilesConfig, part: Part, draw: Draw = tile) -> Tiles:
    """Open one part's tiles, after drawing those that are missing.

    Args:
        config: how many tiles, from which seed, and where they lie.
        part: `train`, or `held-out` for evaluation.
        draw: design -> (512, 256, 3) uint8; a module-level function, as workers import it.
    """
    count = config.count if part == "train" else config.held_out
    designs = load_designs(Path(config.folder), part, count, config.seed, config.workers)
    drawn = f"{picture_fingerprint(draw)}-{SQUARE_PX}-{config.seed}"
    folder = Path(config.folder) / drawn / part
    folder.mkdir(parents=True, exist_ok=True)
    # A last, short shard has its own name: it is drawn anew when the count grows.
    shards = [(start, min(SHARD_TILES, count - start)) for start in range(0, count, SHARD_TILES)]
    missing = [shard for shard in shards if not _path(folder, *shard).exists()]
    if missing:
        log.info("drawing %d tiles into %s", sum(size for _, size in missing), folder)
        _draw_shards(missing, partial(_draw_shard, folder, config.seed, part, draw), config.workers)
    return Tiles([np.load(_path(folder, *shard), mmap_mode="r") for shard in shards], designs)


def squeezed(image: Images) -> Images:
    """(H, W, 3) -> (160, 160, 3) uint8, by the same filter as the image towers' processor."""
    square = (SQUARE_PX, SQUARE_PX)
    return np.asarray(Image.fromarray(image).resize(square, Image.Resampling.BILINEAR))


def picture_fingerprint(draw: Draw) -> str:
    """A short hash of some pictures: tiles of an engine that drew otherwise are not used."""
    digest = hashlib.sha256()
    for index in range(_PROBES):
        design = design_of(0, "probe", index)
        digest.update(design.to_json().encode() + draw(design).tobytes())
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
    numbers = range(start, start + size)
    images = np.stack([squeezed(draw(design_of(seed, part, number))) for number in numbers])
    path = _path(folder, start, size)
    unfinished = path.with_suffix(f".{os.getpid()}.part")  # two runs may draw the same shard
    with unfinished.open("wb") as file:
        np.save(file, images)
    unfinished.replace(path)


def _path(folder: Path, start: int, size: int) -> Path:
    return folder / f"{start:06d}-{size}.npy"
