"""Trains the reader of latents, the critic of the U-Net's training."""

from pathlib import Path

import torch
from torch import Tensor

from studio.perfusion.checkpoint import load_component
from training.config import LatentReaderConfig
from training.data.augment import harm_latents
from training.data.latents import load_latents
from training.data.tiles import Tiles
from training.loops.reader import Lessons, train_reader
from training.runner import accelerator_for


def run(config: LatentReaderConfig, train: Tiles, held_out: Tiles) -> dict[str, float]:
    """Train and export; returns the held-out figures."""
    device = accelerator_for(config).device
    autoencoder = load_component(Path(config.autoencoder), "vae").to(device).eval()
    train_latents, held_out_latents = (
        load_latents(tiles, autoencoder, Path(config.latents), device)
        for tiles in (train, held_out)
    )
    channels, height, width = train_latents.shape

    @torch.no_grad()
    def show(latents: Tensor) -> Tensor:
        images: Tensor = autoencoder.decode(latents / autoencoder.config.scaling_factor).sample
        return (images / 2 + 0.5).clamp(0, 1)

    return train_reader(
        config,
        Lessons(train_latents.tensors, train.attributes),
        Lessons(held_out_latents.tensors, held_out.attributes),
        harm_latents,
        show,
        channels=channels,
        height_px=height,
        width_px=width,
        stem_px=1,
        centre=0.0,
    )
