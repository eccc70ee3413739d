"""Trains the autoencoder on crops of drawings."""

import copy
import logging
import math
from dataclasses import dataclass
from pathlib import Path

import torch
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn

from studio.perfusion.autoencoder import PATCH_PX, PatchAutoencoder
from studio.perfusion.checkpoint import save_component
from training.config import AutoencoderConfig
from training.contact_sheet import contact_sheet
from training.data.crops import busy_crops
from training.data.tiles import Tiles
from training.losses.reconstruction import reconstruction_loss
from training.run_state import batch_indices, start_state, step_generator, step_rng
from training.runner import Task, run_training

log = logging.getLogger(__name__)

PART = "vae"
_STATISTICS_TILES = 500


@dataclass(frozen=True)
class AutoencoderTask:
    """The pieces of `Task` for the autoencoder."""

    config: AutoencoderConfig
    train: Tiles
    held_out: Tiles
    device: torch.device

    def losses(self, model: nn.Module, step: int) -> dict[str, Tensor]:
        """The loss of one step's crops."""
        config = self.config
        chosen = batch_indices(len(self.train), config.batch_size, config.seed, step)
        rng = step_rng(config.seed, step)
        crops = busy_crops(self.train.images(chosen), config.crop_px, config.crop_choices, rng)
        images = signed(torch.from_numpy(crops).permute(0, 3, 1, 2)).to(self.device)
        side = config.crop_px // PATCH_PX
        shape = (config.batch_size, config.latent_channels, side, side)
        noise = torch.randn(shape, generator=step_generator(config.seed, step))
        reconstruction, _ = model(images, config.latent_noise * noise.to(self.device))
        losses = reconstruction_loss(
            reconstruction.float(), images, config.gradient_weight, config.square_weight
        )
        return {"loss": losses.mean()}

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """PSNR of whole held-out drawings, the mean over drawings."""
        count = min(self.config.evaluation_tiles, len(self.held_out))
        values = [
            psnr_db(self._reconstruct(model, images), images)
            for images in _batches(self.held_out, count, self.device)
        ]
        return {"psnr_db": float(torch.cat(values).mean())}

    def samples(self, model: nn.Module) -> Image.Image:
        """Held-out drawings above their reconstructions."""
        images = self.held_out.tensors(range(min(12, len(self.held_out)))).to(self.device)
        return contact_sheet([images, (self._reconstruct(model, images * 2 - 1) + 1) / 2])

    def export(self, model: nn.Module) -> None:
        """Write the model with tidy latents, in half precision."""
        tidy = copy.deepcopy(model)
        if not isinstance(tidy, PatchAutoencoder):
            raise TypeError(f"Expected a PatchAutoencoder, not {type(tidy).__name__}.")
        if not self.config.freeze_encoder:
            tidy_latents(tidy, self.train, self.config.whitening, self.device)
        save_component(Path(self.config.checkpoint), PART, tidy)

    @torch.no_grad()
    def _reconstruct(self, model: nn.Module, images: Tensor) -> Tensor:
        reconstruction, _ = model(images)
        return reconstruction.clamp(-1, 1)  # type: ignore[no-any-return]  # nn.Module returns Any


def run(config: AutoencoderConfig, train: Tiles, held_out: Tiles) -> dict[str, float]:
    """Train and export; returns the held-out figures."""
    torch.manual_seed(config.seed)
    accelerator = Accelerator(mixed_precision=config.mixed_precision)
    model = build(config, train)
    state = start_state(model.to(accelerator.device), config)
    state.model, state.optimiser = accelerator.prepare(state.model, state.optimiser)
    task = AutoencoderTask(config, train, held_out, accelerator.device)
    journey = Task(task.losses, task.evaluate, task.samples, task.export)
    return run_training(state, journey, config, accelerator)


def build(config: AutoencoderConfig, train: Tiles) -> PatchAutoencoder:
    """The model before the first step: the committed weights, or PCA and zeros."""
    if config.init_from:
        model = PatchAutoencoder.from_pretrained(Path(config.init_from) / PART).float()
    else:
        fine_in, coarse_in = config.encoder_blocks
        coarse_out, fine_out = config.decoder_blocks
        model = PatchAutoencoder(
            latent_channels=config.latent_channels,
            fine_channels=config.fine_channels,
            coarse_channels=config.coarse_channels,
            encoder_blocks=(fine_in, coarse_in),
            decoder_blocks=(coarse_out, fine_out),
        )
        model.start_from_patches(_some_patches(config, train), config.whitening)
    if config.freeze_encoder:
        for part in (model.encoder, model.encoder_out, model.linear_encoder):
            part.requires_grad_(False)
    return model.train().to(memory_format=torch.channels_last)  # type: ignore[no-any-return]  # untyped base


@torch.no_grad()
def tidy_latents(
    model: PatchAutoencoder, tiles: Tiles, whitening: float, device: torch.device
) -> None:
    """Centre and partly whiten the latents, and set the scaling factor.

    Each channel's standard deviation s becomes s^(1 - whitening); the images stay the same.
    """
    count = min(_STATISTICS_TILES, len(tiles))
    latents = torch.cat(
        [
            model.encode(images).latent_dist.mode().float().cpu()
            for images in _batches(tiles, count, device)
        ]
    )
    spread = latents.std(dim=(0, 2, 3)).clamp(min=1e-4)
    scale = spread**-whitening
    model.rescale_latents(latents.mean(dim=(0, 2, 3)).to(device), scale.to(device))
    overall = math.sqrt(float((spread * scale).square().mean()))
    model.register_to_config(scaling_factor=1 / overall)


def signed(images: Tensor) -> Tensor:
    """uint8 images as float32 in [-1, 1]."""
    return images.float().div_(127.5).sub_(1)


def psnr_db(reconstruction: Tensor, images: Tensor) -> Tensor:
    """Peak signal-to-noise ratio of each image.

    Args:
        reconstruction: (B, 3, H, W) in [-1, 1].
        images: (B, 3, H, W) in [-1, 1].

    Returns:
        (B,) in decibels, of a peak-to-peak range of 2.
    """
    squared = (reconstruction - images).square().mean(dim=(1, 2, 3))
    return 10 * torch.log10(4 / squared)


def _some_patches(config: AutoencoderConfig, tiles: Tiles) -> Tensor:
    rng = step_rng(config.seed, 0)
    images = tiles.images(rng.choice(len(tiles), min(1000, len(tiles)), replace=False).tolist())
    crops = busy_crops(images, 64, config.crop_choices, rng)
    patches = torch.from_numpy(crops).permute(0, 3, 1, 2).unfold(2, 8, 8).unfold(3, 8, 8)
    return signed(patches.permute(0, 2, 3, 1, 4, 5).reshape(-1, 3, PATCH_PX, PATCH_PX))


def _batches(tiles: Tiles, count: int, device: torch.device) -> list[Tensor]:
    """The first tiles, 32 at a time: (B, 3, 256, 128) in [-1, 1]."""
    starts = range(0, count, 32)
    return [
        (tiles.tensors(range(start, min(start + 32, count))) * 2 - 1).to(device) for start in starts
    ]
