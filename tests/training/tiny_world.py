"""A world that is quick to draw: one coloured block per family, so every attribute can be seen."""

from pathlib import Path

import numpy as np

from studio.design.spec import DesignSpec
from training.config import TilesConfig
from training.data.tiles import Images, Tiles, load_tiles


def draw_blocks(design: DesignSpec) -> Images:
    """(256, 128, 3): 4 x 7 blocks whose colours and stripes tell the values apart."""
    image = np.full((256, 128, 3), 240, dtype=np.uint8)
    for number, value in enumerate(design.outfit.places()):
        top, left = 4 + 36 * (number // 4), 2 + 32 * (number % 4)
        block = image[top : top + 32, left : left + 28]
        block[...] = ((37 * value) % 256, (91 * value) % 256, (151 * value) % 256)
        block[:: value + 2] = 20
    return image


def tiny_tiles(folder: Path, count: int = 24, part: str = "train") -> Tiles:
    """A few drawn blocks."""
    config = TilesConfig(folder=str(folder), count=count, held_out=count, workers=1)
    return load_tiles(config, "train" if part == "train" else "held-out", draw_blocks)
