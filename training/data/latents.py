"""Drawings as latents, encoded once into memory-mapped files.

A file's name is made of the encoder's weights and of the drawings, so another autoencoder or
another world never meets latents that aren't its own, and more drawings keep the files there are.
"""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor

from studio.perfusion.autoencoder import PatchAutoencoder
from training.data.tiles import Images, Tiles

_AT_ONCE = 50

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Latents:
    """The latents of tiles, in the tiles' order.

    Attributes:
        shards: each (M, C, H, W) float16, already multiplied by the scaling factor, the same M
            for all but the last.
    """

    shards: Sequence[np.ndarray[tuple[int, ...], np.dtype[np.float16]]]

    def __len__(self) -> int:
        return sum(len(shard) for shard in self.shards)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(C, H, W) of each."""
        channels, height, width = self.shards[0].shape[1:]
        return channels, height, width

    def tensors(self, indices: Iterable[int]) -> Tensor:
        """The latents with these numbers: (B, C, H, W) float32."""
        size = len(self.shards[0])
        chosen = np.stack([self.shards[index // size][index % size] for index in indices])
        return torch.from_numpy(chosen).float()


def load_latents(
    tiles: Tiles, autoencoder: PatchAutoencoder, folder: Path, device: torch.device
) -> Latents:
    """Open the latents of some tiles, after encoding those that are missing.

    Args:
        tiles: what to encode.
        autoencoder: on `device`; only its encoder and scaling factor matter.
        folder: where the files lie.
        device: what to encode on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    encoder = encoder_fingerprint(autoencoder)
    paths: list[Path] = []
    for shard in tiles.shards:
        path = folder / f"{encoder}-{_images_fingerprint(shard)}.npy"
        if not path.exists():
            log.info("encoding %d drawings into %s", len(shard), path)
            _write(path, _encoded(shard, autoencoder, device))
        paths.append(path)
    return Latents([np.load(path, mmap_mode="r") for path in paths])


@torch.no_grad()
def _encoded(
    images: Images, autoencoder: PatchAutoencoder, device: torch.device
) -> np.ndarray[tuple[int, ...], np.dtype[np.float16]]:
    parts: list[Tensor] = []
    for start in range(0, len(images), _AT_ONCE):
        pixels = torch.from_numpy(np.array(images[start : start + _AT_ONCE]))
        signed = pixels.permute(0, 3, 1, 2).to(device).float() / 127.5 - 1
        latents = autoencoder.encode(signed).latent_dist.mode()
        parts.append((latents * autoencoder.config.scaling_factor).half().cpu())
    return torch.cat(parts).contiguous().numpy()


def encoder_fingerprint(autoencoder: PatchAutoencoder | AutoencoderKL) -> str:
    """A short hash of what latents come from: another decoder changes none."""
    digest = hashlib.sha256(str(autoencoder.config.scaling_factor).encode())
    for name, weight in sorted(autoencoder.state_dict().items()):
        if "encoder" in name or name.startswith("quant_conv."):
            digest.update(weight.float().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:12]


def _images_fingerprint(images: Images) -> str:
    digest = hashlib.sha256(str(images.shape).encode())
    for index in range(0, len(images), _AT_ONCE):
        digest.update(images[index].tobytes())
    return digest.hexdigest()[:12]


def _write(path: Path, array: np.ndarray[tuple[int, ...], np.dtype[np.float16]]) -> None:
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        np.save(file, array)
    unfinished.replace(path)
