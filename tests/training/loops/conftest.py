"""Designs, and drawings of them, that the tests of all training loops share."""

import pytest

from tests.training.tiny_world import tiny_tiles
from training.data.designs import Designs
from training.data.tiles import Tiles


@pytest.fixture(scope="session")
def tiles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tiles, Tiles]:
    """A few drawings to learn from, and others."""
    folder = tmp_path_factory.mktemp("tiles")
    return tiny_tiles(folder), tiny_tiles(folder, part="held-out")


@pytest.fixture(scope="session")
def designs(tiles: tuple[Tiles, Tiles]) -> tuple[Designs, Designs]:
    """A few designs to learn from, and others."""
    train, held_out = tiles
    return train.designs, held_out.designs
