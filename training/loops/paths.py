"""Draws paths with a U-Net, for its own further training. See `training.data.paths`."""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
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
)
from training.atelier.attributes import GARMENT_FAMILIES, Outfit
from training.atelier.croquis import draw
from training.atelier.grammar import build_phrasebook
from training.atelier.nearest import nearest_outfit
from training.config import PathsConfig
from training.data.paths import Paths, PathsError, join_paths
from training.data.rare import EvenValues, usual_and_rare
from training.data.tiles import Tiles
from training.loops.text import plain_captions
from training.reader import AttributeReader, load_reader

SHARD_PATHS = 128
_FIRST_SEED = 1 << 40  # beyond the seeds of the studio's candidates

log = logging.getLogger(__name__)


def run(config: PathsConfig, train: Tiles, held_out: Tiles) -> dict[str, float]:
    """Draw the paths that are missing; returns how many of those drawn ended at an outfit."""
    del held_out
    device = Accelerator().device
    checkpoint = Path(config.checkpoint)
    families = config.rare_families or GARMENT_FAMILIES
    drawer = PathDrawer(
        config,
        load_pipeline(checkpoint, dtype=torch.float32).to(device),
        load_defaults(checkpoint),
        load_reader(Path(config.critic), device, "critic"),
        train,
        EvenValues(train.attributes, families) if config.rare_share else None,
    )
    folder = Path(config.folder)
    folder.mkdir(parents=True, exist_ok=True)
    drawn, ended = 0, 0
    for start in range(config.first, config.first + config.count, SHARD_PATHS):
        count = min(SHARD_PATHS, config.first + config.count - start)
        file = folder / f"{start:07d}-{count}.safetensors"
        if file.exists():
            continue
        paths = drawer.draw(start, count)
        paths.save(file)
        drawn, ended = drawn + count, ended + len(paths)
        log.info("drew %d paths into %s", len(paths), file)
    return {"ended_at_an_outfit": ended / drawn} if drawn else {}


@dataclass(frozen=True)
class PathDrawer:
    """Draws paths and finds the drawings that they should end at.

    Attributes:
        config: of the command.
        pipeline: whose U-Net takes the paths.
        defaults: of its checkpoint.
        reader: says what a path's end shows.
        train: drawings, for what prompts ask for.
        rare: picks rare ones; None for usual ones only.
    """

    config: PathsConfig
    pipeline: PerFusionPipeline
    defaults: GenerationDefaults
    reader: AttributeReader
    train: Tiles
    rare: EvenValues | None

    def draw(self, start: int, count: int) -> Paths:
        """`count` paths, the first of which is number `start`; fewer where one has no outfit.

        Raises:
            PathsError: none has.
        """
        size = self.config.batch_size
        parts = [
            self._draw(place, min(size, start + count - place))
            for place in range(start, start + count, size)
        ]
        ended = [part for part in parts if part is not None]
        if not ended:
            raise PathsError("What these paths end at can't be drawn; is the critic trained?")
        return join_paths(ended)

    @torch.no_grad()
    def _draw(self, start: int, count: int) -> Paths | None:
        config, pipeline = self.config, self.pipeline
        prompts = self._prompts(start, count)
        calm_below = config.calm_below or self.defaults.calm_below
        scale = config.guidance_scale or self.defaults.guidance_scale
        embeds = pipeline.encode_prompts(prompts)
        empty = pipeline.encode_prompts([EMPTY_PROMPT]).expand_as(embeds) if scale > 1 else None
        shape = pipeline.latent_shape(self.defaults.height_px, self.defaults.width_px)
        seeds = [_FIRST_SEED + config.seed * 1_000_003 + start + place for place in range(count)]
        generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        noise = initial_noise(generators, shape) * self.defaults.initial_noise_scale
        predict = guided_predictor(pipeline.unet, embeds, empty, scale)
        end, believed, left = walk(
            pipeline.scheduler,
            predict,
            noise.to(pipeline.device),
            config.timesteps,
            calm_below,
        )
        logits = self.reader(pipeline.decode(end))
        book = build_phrasebook()
        outfits = [
            nearest_outfit(each, book.parse(prompt).attributes)
            for each, prompt in zip(logits, prompts, strict=True)
        ]
        ended = [place for place, outfit in enumerate(outfits) if outfit is not None]
        if not ended:
            return None
        drawings, attributes = _drawn([outfit for outfit in outfits if outfit is not None])
        latents = pipeline.encode_images(drawings.permute(0, 3, 1, 2).float() / 255)
        return Paths(
            timesteps=torch.tensor(config.timesteps),
            believed=believed[ended].half().cpu(),
            left=left[ended].half().cpu(),
            latents=latents.half().cpu(),
            drawings=drawings,
            attributes=attributes,
            prompts=[prompts[place] for place in ended],
        )

    def _prompts(self, start: int, count: int) -> list[str]:
        """What the studio makes of captions: in canonical order, with a figure by lot."""
        config, book = self.config, build_phrasebook()
        step = start // config.batch_size
        chosen = usual_and_rare(
            len(self.train), count, config.rare_share, self.rare, config.seed, step
        )
        rng = random.Random(f"{config.seed}/{start}")
        captions = plain_captions(
            [self.train.outfit(place) for place in chosen],
            rng,
            config.short_caption_share,
            config.whole_caption_share,
        )
        figures = [rng.randrange(1 << 31) for _ in captions]
        return [
            book.with_figure(book.parse(caption), seed).plain_prompt
            for caption, seed in zip(captions, figures, strict=True)
        ]


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
        left.append(schedule.noise_in(latents, expected, place))
        latents = solver.step(prediction, place, latents, return_dict=False)[0]
        if following is not None:
            share = calming(timestep, following, calm_below)
            latents = calmed(latents, expected, schedule.alphas_cumprod[following], share)
    return latents, torch.stack(believed, dim=1), torch.stack(left, dim=1)


def _drawn(outfits: Sequence[Outfit]) -> tuple[Tensor, Tensor]:
    """(M, 256, 128, 3) uint8 drawings and (M, families) int8 attributes."""
    drawings = torch.from_numpy(np.stack([draw(outfit) for outfit in outfits]))
    classes = [outfit.class_indices() for outfit in outfits]
    return drawings, torch.tensor(classes, dtype=torch.int8)
