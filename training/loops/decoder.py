"""Teaches the decoder to draw what a U-Net makes.

A small U-Net leaves traces in its latents: a weave in plain cloth, hems that fade, dots that run
into each other. The decoder that learnt from true latents draws them all. On paths (see
`training.data.paths`) it is known what each should have become, so it can learn to draw that, and
an adversary sees to it that where it can't be known, something drawn is there and not a blur. The
encoder stays, so all latents stay true.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import torch
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn

from studio.perfusion.autoencoder import PATCH_PX, PatchAutoencoder
from studio.perfusion.checkpoint import load_component, save_component
from training.adversary import Adversary
from training.config import ConfigError, DecoderConfig
from training.contact_sheet import contact_sheet
from training.data.paths import Paths, load_paths
from training.data.tiles import Tiles
from training.loops.autoencoder import PART, psnr_db, signed
from training.losses.denoising import feature_error
from training.losses.reconstruction import reconstruction_loss
from training.reader import AttributeReader, load_reader
from training.run_state import batch_indices, start_state, step_rng
from training.runner import Task, run_training

_SHOWN = 12
_AT_ONCE = 32
_SMALLEST = 1e-12


class DecoderInTraining(nn.Module):
    """The autoencoder, of which only the decoder learns, and its adversary."""

    def __init__(self, autoencoder: PatchAutoencoder) -> None:
        super().__init__()
        self.autoencoder = autoencoder
        self.adversary = Adversary()
        for part in (autoencoder.encoder, autoencoder.encoder_out, autoencoder.linear_encoder):
            part.requires_grad_(False)

    def forward(self, latents: Tensor) -> Tensor:
        """(B, C, h, w), in the U-Net's scale -> images (B, 3, 8h, 8w) in about [-1, 1]."""
        unscaled = latents / self.autoencoder.config.scaling_factor
        images: Tensor = self.autoencoder.decode(
            unscaled.contiguous(memory_format=torch.channels_last)
        ).sample
        return images.float()


@dataclass(frozen=True)
class DecoderTask:
    """The pieces of `Task` for the decoder.

    Attributes:
        config: the run's.
        paths: the last of them are held out.
        critic: sees detail.
        autocast: the precision of the networks beside the decoder.
        device: of the networks.
    """

    config: DecoderConfig
    paths: Paths
    critic: AttributeReader
    autocast: Callable[[], AbstractContextManager[None]]
    device: torch.device

    @property
    def _learnt(self) -> int:
        return len(self.paths) - min(self.config.held_out_paths, len(self.paths) // 4)

    def losses(self, model: nn.Module, step: int) -> dict[str, Tensor]:
        """The losses of one step: of what a U-Net made, and of true latents.

        Of `loss` only the gradient means something, see `pulling`.
        """
        config = self.config
        count = config.batch_size + config.true_latents
        rows = batch_indices(self._learnt, count, config.seed, step)
        made, true = rows[: config.batch_size], rows[config.batch_size :]
        side = config.crop_px // PATCH_PX
        latents = torch.cat([self._ends(made), self._latents(true)])
        top = int(step_rng(config.seed, step).integers(latents.shape[2] - side + 1))
        images = model(latents[:, :, top : top + side])
        first = top * PATCH_PX
        drawings = self._drawings(rows, slice(first, first + config.crop_px))
        errors = reconstruction_loss(images, drawings, config.gradient_weight, config.square_weight)
        drawn, of_true = errors[: config.batch_size].mean(), errors[config.batch_size :].mean()
        pictures = images[: config.batch_size]
        with self.autocast():
            features = self._feature_error(pictures, drawings[: config.batch_size])
            own, decoders = model.adversary.losses(pictures, drawings[-config.batch_size :])  # type: ignore[operator,union-attr]  # an Adversary
        patience = min(1.0, step / max(1, config.warmup_steps))  # a new adversary knows nothing
        error = of_true + config.made_weight * drawn + config.feature_weight * features
        loss = pulling(images, error, decoders, patience * config.adversary_weight) + own
        logged = {"made_error": drawn, "true_error": of_true, "feature_error": features}
        logged |= {"adversary_loss": own, "verdict": -decoders}
        return {"loss": loss, **{name: part.detach() for name, part in logged.items()}}

    @torch.no_grad()
    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """PSNR of held-out drawings, decoded from true latents and from what the U-Net made."""
        values: dict[str, list[Tensor]] = {"psnr_db": [], "made_psnr_db": []}
        for start in range(self._learnt, len(self.paths), _AT_ONCE):
            rows = range(start, min(start + _AT_ONCE, len(self.paths)))
            drawings = self._drawings(rows)
            for name, latents in (("psnr_db", self._latents), ("made_psnr_db", self._ends)):
                values[name].append(psnr_db(model(latents(rows)).clamp(-1, 1), drawings))
        return {name: float(torch.cat(parts).mean()) for name, parts in values.items()}

    @torch.no_grad()
    def samples(self, model: nn.Module) -> Image.Image:
        """Held-out drawings above what is decoded of the U-Net's, and of true latents."""
        rows = range(self._learnt, min(self._learnt + _SHOWN, len(self.paths)))
        shown = [self._drawings(rows), model(self._ends(rows)), model(self._latents(rows))]
        return contact_sheet([(images.clamp(-1, 1) + 1) / 2 for images in shown])

    def export(self, model: nn.Module) -> None:
        """Write the autoencoder in half precision."""
        if not isinstance(model, DecoderInTraining):
            raise TypeError(f"Expected a DecoderInTraining, not {type(model).__name__}.")
        save_component(Path(self.config.checkpoint), PART, model.autoencoder)

    def _ends(self, rows: Sequence[int]) -> Tensor:
        return self.paths.believed[list(rows), -1].to(self.device).float()

    def _latents(self, rows: Sequence[int]) -> Tensor:
        return self.paths.latents[list(rows)].to(self.device).float()

    def _drawings(self, rows: Sequence[int], lines: slice = slice(None)) -> Tensor:
        drawings = self.paths.drawings[list(rows), lines]
        return signed(drawings.permute(0, 3, 1, 2).to(self.device))

    def _feature_error(self, images: Tensor, drawings: Tensor) -> Tensor:
        seen, true = (
            self.critic.feature_maps((each / 2 + 0.5).contiguous(memory_format=torch.channels_last))
            for each in (images, drawings)
        )
        return feature_error(seen, true).mean()


def pulling(images: Tensor, error: Tensor, verdict: Tensor, share: float) -> Tensor:
    """A loss that pulls images where an error and an adversary do, in a fixed proportion.

    An adversary's gradients grow and fade while it learns. Here they have, at every step, `share`
    times the length of the error's on the images that both of them judge. The loss itself is a
    product of images and gradients, and its value means nothing.
    Source: the adaptive weight of Esser et al. (arXiv 2012.09841, Eq. 7), taken at the images and
    not at the last layer, which needs no second backward pass.

    Args:
        images: (B, 3, H, W) by the decoder.
        error: () of them, to be minimised.
        verdict: () of the adversary, to be minimised; it may be on some of the images only.
        share: the length of its pull beside the error's.
    """
    (of_error,) = torch.autograd.grad(error, images)
    (of_verdict,) = torch.autograd.grad(verdict, images)
    judged = of_verdict.flatten(1).any(dim=1)
    ratio = of_error[judged].norm() / of_verdict[judged].norm().clamp(min=_SMALLEST)
    pull: Tensor = of_error + share * ratio * of_verdict
    return (images * pull).sum()


def run(config: DecoderConfig, train: Tiles, held_out: Tiles) -> dict[str, float]:
    """Train and export; returns the held-out figures."""
    del train, held_out  # the paths have their drawings
    torch.manual_seed(config.seed)
    accelerator = Accelerator(mixed_precision=config.mixed_precision)
    device = accelerator.device
    critic = load_reader(Path(config.critic), device, "critic").eval().requires_grad_(False)
    paths = load_paths(Path(config.paths))
    height = paths.drawings.shape[1]
    if config.crop_px % PATCH_PX or not PATCH_PX <= config.crop_px <= height:
        raise ConfigError(
            f"`crop_px` must be a multiple of {PATCH_PX} up to {height}, not {config.crop_px}."
        )
    source = config.init_from or config.checkpoint
    autoencoder = load_component(Path(source), PART).float()
    autoencoder.to(memory_format=torch.channels_last)
    state = start_state(DecoderInTraining(autoencoder).train().to(device), config)
    state.model, state.optimiser = accelerator.prepare(state.model, state.optimiser)
    task = DecoderTask(config, paths, critic, accelerator.autocast, device)
    journey = Task(task.losses, task.evaluate, task.samples, task.export)
    return run_training(state, journey, config, accelerator)
