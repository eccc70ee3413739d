"""Makes the batches of the U-Net's training: drawings with noise on them, and places on paths."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.pipeline import EMPTY_PROMPT, full_length_ids
from training.config import UnetConfig
from training.data.captions import plain_captions, told_values
from training.data.latents import Latents
from training.data.paths import Paths
from training.data.rare import EvenValues, usual_and_rare
from training.data.settled import how_settled
from training.data.tiles import Tiles
from training.data.unet_batch import UnetBatch
from training.losses.denoising import spread_timesteps
from training.run_state import batch_indices, step_generator


@dataclass(frozen=True)
class UnetFeed:
    """Batches of some drawings, all on the CPU.

    Attributes:
        config: the run's.
        schedule: of the pipeline's scheduler.
        tokenizer: of the pipeline.
        tiles: drawings.
        latents: the drawings' latents.
        rare: picks drawings of rare values; None where no share of the batch is theirs.
        paths: that a U-Net has taken; None for none.
    """

    config: UnetConfig
    schedule: NoiseSchedule
    tokenizer: PreTrainedTokenizerBase
    tiles: Tiles
    latents: Latents
    rare: EvenValues | None = None
    paths: Paths | None = None

    @property
    def of_drawings(self) -> int:
        """How many of a step's batch are drawings; the rest, which follows, is on paths."""
        of_paths = 0 if self.paths is None else self.config.path_share * self.config.batch_size
        return self.config.batch_size - round(of_paths)

    def batch(self, step: int) -> UnetBatch:
        """What a step learns from."""
        config = self.config
        generator = step_generator(config.seed, step)
        chosen = usual_and_rare(
            len(self.latents), self.of_drawings, config.rare_share, self.rare, config.seed, step
        )
        rng = random.Random(f"{config.seed}/{step}")
        prompts = [
            EMPTY_PROMPT if rng.random() < config.prompt_dropout else prompt
            for prompt in self.prompts(chosen, rng)
        ]
        given = self.noised(chosen, prompts, generator, config.timestep_shift)
        if self.paths is None:
            return given
        of_paths = config.batch_size - self.of_drawings
        rows = batch_indices(len(self.paths), of_paths, config.seed, step)
        ids = full_length_ids(self.tokenizer, [self.paths.prompts[row] for row in rows])
        timesteps = self._timesteps(of_paths, generator, config.timestep_shift)
        return given.joined(self.paths.batch(rows, ids, self.schedule, timesteps, generator))

    def prompts(self, chosen: Sequence[int], rng: random.Random) -> list[str]:
        """Captions as the studio encodes what people type: plain, in the canonical order."""
        config = self.config
        outfits = [self.tiles.outfit(index) for index in chosen]
        return plain_captions(outfits, rng, config.short_caption_share, config.whole_caption_share)

    def noised(
        self,
        chosen: Sequence[int],
        prompts: Sequence[str],
        generator: torch.Generator,
        shift: float,
    ) -> UnetBatch:
        """Drawings with noise on them.

        Args:
            chosen: B numbers of drawings.
            prompts: B of them.
            generator: of all chance in it.
            shift: see `spread_timesteps`.
        """
        latents = self.latents.tensors(chosen)
        timesteps = self._timesteps(len(latents), generator, shift)
        noise = torch.randn(latents.shape, generator=generator)
        told = told_values(prompts)
        shown = torch.from_numpy(self.tiles.attributes[chosen])
        signal, _ = self.schedule.shares(timesteps)
        return UnetBatch(
            latents=latents,
            noisy_latents=self.schedule.add_noise(latents, noise, timesteps),
            timesteps=timesteps,
            prompt_ids=full_length_ids(self.tokenizer, prompts),
            drawings=torch.from_numpy(self.tiles.images(chosen)).permute(0, 3, 1, 2),
            told=told,
            settled=how_settled(shown, told, signal.flatten()),
        )

    def _timesteps(self, count: int, generator: torch.Generator, shift: float) -> Tensor:
        """Timesteps of a batch, none of which the sampler never asks."""
        least = self.config.last_timestep
        return spread_timesteps(count, len(self.schedule), generator, shift, least)
