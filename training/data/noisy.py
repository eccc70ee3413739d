"""Groups with noise on them: the same noise and the same timestep for a whole group.

Everything that chance decides about a (round, draw) follows from the two and the seed. So a
round meets the same few draws in every epoch, and the reference's errors on them can be kept.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.profile import UNKNOWN_ID
from studio.perfusion.user_encoder import NO_VALUE
from training.data.latent_rounds import LatentGroups
from training.run_state import batch_indices


@dataclass(frozen=True)
class DrawConfig:
    """What a draw may be.

    Attributes:
        seed: of all draws.
        draws: per round.
        lowest_timestep: first timestep.
        highest_timestep: last timestep.
        prompt_dropout: chance that a round is seen without its prompt.
        pure_noise: of the draws, how many are at `highest_timestep`: where a schedule ends in
            pure noise, nothing of an image is left, and all images of a round are one input.
    """

    seed: int
    draws: int
    lowest_timestep: int
    highest_timestep: int
    prompt_dropout: float
    pure_noise: int = 0


@dataclass(frozen=True)
class Visit:
    """A round's turn in an update: its place in the data, and its draw.

    `forgotten` (F,) bool names the profile fields that are unknown this time; `lot` in [0, 1) says
    which of the round's pairs counts, for objectives that take one.
    """

    group: int
    draw: int
    forgotten: Tensor
    lot: float = 0.0


@dataclass(frozen=True)
class Draw:
    """One noise (C, H, W) and timestep for a whole group, and whether its prompt is left out."""

    noise: Tensor
    timestep: int
    drops_prompt: bool


@dataclass(frozen=True)
class NoisyImages:
    """M images as the U-Net sees them, and what it should say.

    Attributes:
        noisy_latents: (M, C, H, W).
        timesteps: (M,) int64.
        prompt_embeds: (M, T, D).
        user_features: (M, F, V) int64.
        target: (M, C, H, W), see `NoiseSchedule.target`.
    """

    noisy_latents: Tensor
    timesteps: Tensor
    prompt_embeds: Tensor
    user_features: Tensor
    target: Tensor

    def __len__(self) -> int:
        return len(self.timesteps)

    def part(self, rows: slice) -> "NoisyImages":
        """Some of the images."""
        return NoisyImages(*(getattr(self, field.name)[rows] for field in fields(self)))

    def repeated(self, times: int) -> "NoisyImages":
        """All images `times` times, one after the other."""
        parts = (torch.cat([getattr(self, field.name)] * times) for field in fields(self))
        return NoisyImages(*parts)


def draw_of(group_id: str, number: int, shape: tuple[int, ...], config: DrawConfig) -> Draw:
    """Draw `number` of a round.

    The draws of a round have their timesteps in as many equal parts of the range, so that few
    draws cover it; which part comes first depends on the round.

    Args:
        group_id: the round's id.
        number: 0 to draws - 1.
        shape: (C, H, W) of the latents.
        config: what a draw may be.
    """
    first = _number_of(f"{config.seed}/{group_id}")
    chance = torch.Generator().manual_seed(_number_of(f"{config.seed}/{group_id}/{number}"))
    place, lot = torch.rand(2, generator=chance).tolist()
    part = (number + first) % config.draws
    span = config.highest_timestep - config.lowest_timestep
    noised = config.draws - config.pure_noise
    timestep = config.highest_timestep
    if part < noised:
        timestep = config.lowest_timestep + round((part + place) / noised * span)
    return Draw(torch.randn(shape, generator=chance), timestep, lot < config.prompt_dropout)


def visits_of_step(
    rounds: int, step: int, batch_size: int, config: DrawConfig, forget: Tensor
) -> list[Visit]:
    """Which rounds update `step` sees, with which draw, and what it forgets of their stores.

    Args:
        rounds: in the data.
        step: from 0.
        batch_size: rounds of an update.
        config: of the draws.
        forget: (F,) chance of each field to be unknown.
    """
    chance = torch.Generator().manual_seed(_number_of(f"{config.seed}/forget/{step}"))
    forgotten = torch.rand(batch_size, len(forget), generator=chance) < forget
    pairs = torch.Generator().manual_seed(_number_of(f"{config.seed}/pair/{step}"))
    lots = torch.rand(batch_size, generator=pairs).tolist()
    chosen = batch_indices(rounds, batch_size, config.seed, step)
    epochs = [(step * batch_size + place) // rounds for place in range(batch_size)]
    return [
        Visit(group, epoch % config.draws, forgotten[place], lots[place])
        for place, (group, epoch) in enumerate(zip(chosen, epochs, strict=True))
    ]


def noisy_images(
    data: LatentGroups, visits: Sequence[Visit], schedule: NoiseSchedule, config: DrawConfig
) -> NoisyImages:
    """The images of some rounds, one round after the other, each round with its one draw."""
    device = data.latents.device
    parts = []
    for visit in visits:
        group = data.groups[visit.group]
        draw = draw_of(group.id, visit.draw, tuple(data.latents.shape[1:]), config)
        latents = data.latents[list(group.images)]  # (N, C, H, W)
        noise = draw.noise.to(device).expand_as(latents)
        timesteps = torch.full((len(latents),), draw.timestep, device=device)
        told = [0 if draw.drops_prompt else group.prompt] * len(latents)
        user = _with_unknown(data.user_features[group.user], visit.forgotten.to(device))
        parts.append(
            NoisyImages(
                schedule.add_noise(latents, noise, timesteps),
                timesteps,
                data.prompt_embeds[told],
                user.expand(len(latents), *user.shape),
                schedule.target(latents, noise, timesteps),
            )
        )
    names = [field.name for field in fields(NoisyImages)]
    return NoisyImages(*(torch.cat([getattr(part, name) for part in parts]) for name in names))


def _with_unknown(user_features: Tensor, forgotten: Tensor) -> Tensor:
    """(F, V) profile ids with some of the F fields made *unknown*."""
    unknown = torch.full_like(user_features, NO_VALUE)
    unknown[:, 0] = UNKNOWN_ID
    return torch.where(forgotten.unsqueeze(-1), unknown, user_features)


def _number_of(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big")
