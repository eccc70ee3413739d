"""Drawings that the tests of all training loops share."""

import pytest

from tests.training.tiny_world import tiny_tiles


@pytest.fixture(scope="module")
def tiles(tmp_path_factory):
    """A few drawings to learn from, and others."""
    folder = tmp_path_factory.mktemp("tiles")
    return tiny_tiles(folder), tiny_tiles(folder, part="held-out")
