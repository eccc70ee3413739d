"""Drawings that the tests of all training loops share."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.training.tiny_world import tiny_tiles
from training.config import load_config
from training.loops import autoencoder, paths, reader, text, unet

TINY = Path(__file__).parents[3] / "training" / "recipes" / "tiny.toml"


@pytest.fixture(scope="module")
def tiles(tmp_path_factory):
    """A few drawings to learn from, and others."""
    folder = tmp_path_factory.mktemp("tiles")
    return tiny_tiles(folder), tiny_tiles(folder, part="held-out")


@pytest.fixture(scope="module")
def made(tmp_path_factory, tiles):
    """Folder of a tiny checkpoint, a critic, and the paths of its U-Net; and their settings."""
    folder = tmp_path_factory.mktemp("paths")
    for name, loop, target in (
        ("autoencoder", autoencoder, "atelier"),
        ("text", text, "atelier"),
        ("critic", reader, "critic"),
    ):
        changes = {"run": str(folder / f"{name}-run"), "checkpoint": str(folder / target)}
        loop.run(replace(load_config(name, TINY), **changes, steps=1), *tiles)
    places = {"checkpoint": str(folder / "atelier"), "critic": str(folder / "critic")}
    own = {"latents": str(folder / "latents"), "run": str(folder / "unet"), "reader": ""}
    unet.run(replace(load_config("unet", TINY), **places, **own, steps=2), *tiles)
    changes = {"checkpoint": str(folder / "atelier"), "folder": str(folder / "drawn")}
    config = replace(load_config("paths", TINY), **changes)
    figures = paths.run(config, *tiles)
    return folder, config, figures
