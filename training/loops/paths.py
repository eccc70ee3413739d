"""Draws paths with a U-Net, for its own further training. See `training.data.paths`."""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from accelerate import Accelerator
from torch import Tensor

from studio.perfusion.checkpoint import load_defaults, load_pipeline
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.pipeline import EMPTY_PROMPT, PerFusionPipeline
from studio.perfusion.sampling import (
    Predict,
    calmed,
    calming,
    expected_latents,
    guided_predictor,
    initial_noise,
    set_timesteps,
)
from training.atelier.attributes import GARMENT_FAMILIES
from training.config import PathsConfig
from training.data.captions import plain_captions
from training.data.paths import Paths, join_paths
from training.data.rare import EvenValues, usual_and_rare
from training.data.tiles import Tiles

SHARD_PATHS = 128
_FIRST_SEED = 1 << 40  # beyond the seeds of the studio's candidates

log = logging.getLogger(__name__)


def run(config: PathsConfig, train: Tiles, held_out: Tiles) -> dict[str, float]:
    """Draw the paths that are missing; returns how many these were."""
    del held_out
    device = Accelerator().device
    checkpoint = Path(config.checkpoint)
    families = config.rare_families or GARMENT_FAMILIES
    drawer = PathDrawer(
        config,
        load_pipeline(checkpoint, dtype=torch.float32).to(device),
        load_defaults(checkpoint),
        train,
        EvenValues(train.attributes, families) if config.rare_share else None,
    )
    folder = Path(config.folder)
    folder.mkdir(parents=True, exist_ok=True)
    drawn = 0
    for start in range(config.first, config.first + config.count, SHARD_PATHS):
        count = min(SHARD_PATHS, config.first + config.count - start)
        file = folder / f"{start:07d}-{count}.safetensors"
        if file.exists():
            continue
        paths = drawer.draw(start, count)
        paths.save(file)
        drawn += count
        log.info("drew %d paths into %s", count, file)
    return {"paths": drawn}


@dataclass(frozen=True)
class PathDrawer:
    """Draws paths to drawings.

    Attributes:
        config: of the command.
        pipeline: whose U-Net takes the paths.
        defaults: of its checkpoint.
        train: the drawings.
        rare: picks rare ones; None for usual ones only.
    """

    config: PathsConfig
    pipeline: PerFusionPipeline
    defaults: GenerationDefaults
    train: Tiles
    rare: EvenValues | None

    @torch.no_grad()
    def draw(self, start: int, count: int) -> Paths:
        """`count` paths, the first of which is number `start`."""
        size = self.config.batch_size
        steps = range(start, start + count, size)
        chosen = [self._chosen(place, min(size, start + count - place)) for place in steps]
        return join_paths(
            [self._draw(rows, place) for rows, place in zip(chosen, steps, strict=True)]
        )

    def _draw(self, chosen: Sequence[int], start: int) -> Paths:
        prompts = self._prompts(chosen, start)
        believed, left = self._walked(prompts, start)
        drawings = torch.from_numpy(self.train.images(chosen))
        latents = self.pipeline.encode_images(drawings.permute(0, 3, 1, 2).float() / 255)
        return Paths(
            timesteps=torch.tensor(self._timesteps()),
            believed=believed.half().cpu(),
            left=left.half().cpu(),
            latents=latents.half().cpu(),
            drawings=drawings,
            attributes=torch.from_numpy(self.train.attributes[list(chosen)]).to(torch.int8),
            prompts=prompts,
        )

    def _walked(self, prompts: Sequence[str], start: int) -> tuple[Tensor, Tensor]:
        """What `walk` tells."""
        config, pipeline = self.config, self.pipeline
        calm_below = config.calm_below or self.defaults.calm_below
        scale = config.guidance_scale or self.defaults.guidance_scale
        embeds = pipeline.encode_prompts(prompts)
        empty = pipeline.encode_prompts([EMPTY_PROMPT]).expand_as(embeds) if scale > 1 else None
        shape = pipeline.latent_shape(self.defaults.height_px, self.defaults.width_px)
        first = _FIRST_SEED + config.seed * 1_000_003 + start
        generators = [torch.Generator().manual_seed(first + place) for place in range(len(prompts))]
        noise = initial_noise(generators, shape)
        predict = guided_predictor(
            pipeline.unet, embeds, empty, scale, last_timestep=self.defaults.last_timestep
        )
        _, believed, left = walk(
            pipeline.scheduler,
            predict,
            noise.to(pipeline.device),
            self._timesteps(),
            calm_below,
        )
        return believed, left

    def _timesteps(self) -> list[int]:
        """The configured ones, or where the studio's steps are."""
        if self.config.timesteps:
            return list(self.config.timesteps)
        scheduler = self.pipeline.scheduler
        solver = type(scheduler).from_config(scheduler.config)
        steps, descent = self.defaults.num_inference_steps, self.defaults.descent
        set_timesteps(solver, steps, descent, torch.device("cpu"))
        timesteps: list[int] = solver.timesteps.tolist()
        return timesteps

    def _chosen(self, start: int, count: int) -> list[int]:
        """Numbers of the drawings that `count` paths should end at."""
        config = self.config
        step = start // config.batch_size
        return usual_and_rare(
            len(self.train), count, config.rare_share, self.rare, config.seed, step
        )

    def _prompts(self, chosen: Sequence[int], start: int) -> list[str]:
        """What tells all of these drawings."""
        rng = random.Random(f"{self.config.seed}/{start}")
        outfits = [self.train.outfit(place) for place in chosen]
        return plain_captions(outfits, rng, short_share=0.0, whole_share=1.0)


def walk(
    scheduler: object,
    predict: Predict,
    noise: Tensor,
    timesteps: Sequence[int],
    calm_below: int = 0,
) -> tuple[Tensor, Tensor, Tensor]:
    """Denoise along given timesteps and tell of every step.

    Args:
        scheduler: a solver that takes any timesteps; it isn't changed.
        predict: see `Predict`.
        noise: (B, C, H, W).
        timesteps: K of them, falling.
        calm_below: see `sampling.calming`.

    Returns:
        (B, C, H, W) latents at the end; (B, K, C, H, W) clean latents expected at each step, and
        the noise left beside them.
    """
    solver = type(scheduler).from_config(scheduler.config)  # type: ignore[attr-defined]
    solver.set_timesteps(timesteps=list(timesteps))
    schedule = NoiseSchedule.of(solver)
    latents, believed, left = noise, [], []
    for timestep, following in zip(timesteps, [*timesteps[1:], None], strict=True):
        place = torch.tensor(timestep)
        prediction = predict(latents, place)
        kept = schedule.alphas_cumprod[timestep]
        expected = expected_latents(latents, prediction, kept, schedule.prediction_type)
        believed.append(expected)
        left.append(schedule.noise_in(latents, expected, place.to(latents.device)))
        latents = solver.step(prediction, place, latents, return_dict=False)[0]
        if following is not None:
            share = calming(timestep, following, calm_below)
            latents = calmed(latents, expected, schedule.alphas_cumprod[following], share)
    return latents, torch.stack(believed, dim=1), torch.stack(left, dim=1)
