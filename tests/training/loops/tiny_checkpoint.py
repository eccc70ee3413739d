"""A tiny checkpoint with a critic, for the loops that need them."""

from dataclasses import replace
from pathlib import Path

from training.config import load_config
from training.data.tiles import Tiles
from training.loops import autoencoder, reader, text, unet

TINY = Path(__file__).parents[3] / "training" / "recipes" / "tiny.toml"


def tiny_checkpoint(folder: Path, tiles: tuple[Tiles, Tiles]) -> Path:
    """The folder with `atelier` and `critic` in it; latents lie in `latents`."""
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
    return folder
