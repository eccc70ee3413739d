"""Makes the batches of the U-Net's training: drawings with noise on them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from transformers import PreTrainedTokenizerBase

from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.pipeline import EMPTY_PROMPT, full_length_ids
from training.config import UnetConfig
from training.data.captions import plain_captions, told_values
from training.data.latents import Latents
from training.data.rare import EvenValues, usual_and_rare
from training.data.settled import how_settled
from training.data.tiles import Tiles
from training.data.unet_batch import UnetBatch
from training.losses.denoising import spread_timesteps
from training.run_state import step_generator


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
    """

    config: UnetConfig
    schedule: NoiseSchedule
    tokenizer: PreTrainedTokenizerBase
    tiles: Tiles
    latents: Latents
    rare: EvenValues | None = None

    def batch(self, step: int) -> UnetBatch:
        """What a step learns from."""
        config = self.config
        generator = step_generator(config.seed, step)
        chosen = usual_and_rare(
            len(self.latents), config.batch_size, config.rare_share, self.rare, config.seed, step
        )
        rng = random.Random(f"{config.seed}/{step}")
        prompts = [
            EMPTY_PROMPT if rng.random() < config.prompt_dropout else prompt
            for prompt in self.prompts(chosen, rng)
        ]
        return self.noised(chosen, prompts, generator, config.timestep_shift)

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
        least = self.config.last_timestep  # below it the sampler never asks
        timesteps = spread_timesteps(len(latents), len(self.schedule), generator, shift, least)
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
