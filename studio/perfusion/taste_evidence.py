"""What a round tells of a store's taste: how each design would be scored for stores like it.

Every round is looked at once, when it is answered. What is found is a few numbers a design, its
scores for the store and for its kin; fits need nothing else, and take milliseconds.
"""

import hashlib
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.group_loss import implicit_reward
from studio.perfusion.noise import NoiseSchedule, error_per_image
from studio.perfusion.pipeline import PerFusionPipeline
from studio.perfusion.reward_model import PerFusionRM, PreparedImages, RewardInputs
from studio.perfusion.unet_halves import decode, encode

DRAWS = 4
"""Noises at which a round's designs are looked at by the generator."""
NOISE_BAND = (0.3, 0.99)
"""Share of the schedule's timesteps that they lie in: below, a design is settled."""


@dataclass(frozen=True)
class Evidence:
    """What one model makes of a round.

    Attributes:
        scores: (N, J) of the designs for J stores, the store itself first.
    """

    scores: Tensor


@torch.no_grad()
def reward_evidence(
    model: PerFusionRM, images: PreparedImages, prompt: str, users: Tensor, embeddings: Tensor
) -> Evidence:
    """What the reward model makes of a round.

    Exact where stores change what is made of prompts only; else a straight line from the store
    itself, since every store would have to look at every image.

    Args:
        model: with frozen weights.
        images: the N designs.
        prompt: the phrases that were asked for.
        users: (J, F, V) the stores' profile ids.
        embeddings: (J, U) the same stores, see `kin.embeddings_of`.
    """
    device, features = model.device, images.features
    ids, mask = (each.to(device) for each in model.processor.prompts([prompt]))
    if features is not None and not model.looks_personally:
        stores = len(users)
        seen = features.expand(stores, *features.shape)
        asked, heard = ids.expand(stores, -1), mask.expand(stores, -1)
        scores = model(RewardInputs(seen, asked, heard, users.to(device)))  # (J, N)
        return Evidence(scores.T.float().cpu().contiguous())
    count = len(images.tokens)
    asked, heard = ids.expand(count, -1), mask.expand(count, -1)
    own = users[:1].to(device).expand(count, -1, -1)
    inputs = RewardInputs(images.tokens.unsqueeze(1), asked, heard, own)
    with torch.enable_grad():
        correction = torch.zeros(count, model.user_width, device=device, requires_grad=True)
        scores = model(inputs, correction=correction).squeeze(1)
    return _straight(scores, correction, embeddings)


def generator_evidence(
    pipeline: PerFusionPipeline,
    latents: Tensor,
    prompt: str,
    users: Tensor,
    embeddings: Tensor,
    name: str,
) -> Evidence:
    """What the personalised generator makes of a round: implicit rewards at a beta of 1.

    A straight line from the store itself. All designs of a round meet the same few noises.

    Args:
        pipeline: with an adaptive network.
        latents: (N, C, H, W) of the designs, in the scale of the U-Net.
        prompt: what the U-Net is told.
        users: (J, F, V) the stores' profile ids.
        embeddings: (J, U) the same stores, see `kin.embeddings_of`.
        name: of the round; its noises follow from it.
    """
    network: PersonalisedAdaptiveNetwork = pipeline.adaptive_network
    rows = DRAWS * len(latents)
    with torch.enable_grad():
        correction = torch.zeros(
            rows, network.user_encoder.width, device=network.device, requires_grad=True
        )
        rewards = _rewards(pipeline, latents, prompt, users[:1], correction, name)
    found = _straight(rewards, correction, embeddings)
    return Evidence(found.scores.view(DRAWS, len(latents), -1).mean(dim=0))


@torch.no_grad()
def implicit_rewards(
    pipeline: PerFusionPipeline,
    latents: Tensor,
    prompt: str,
    user: Tensor,
    correction: Tensor | None,
    name: str,
) -> Tensor:
    """(N,) implicit rewards at a beta of 1 with a correction, by the networks themselves.

    Args:
        pipeline: with an adaptive network.
        latents: (N, C, H, W).
        prompt: what the U-Net is told.
        user: (1, F, V) profile ids.
        correction: (U,) or None.
        name: of the round.
    """
    rewards = _rewards(pipeline, latents, prompt, user, correction, name)
    return rewards.view(DRAWS, len(latents)).mean(dim=0).float().cpu()


def _rewards(
    pipeline: PerFusionPipeline,
    latents: Tensor,
    prompt: str,
    user: Tensor,
    correction: Tensor | None,
    name: str,
) -> Tensor:
    """(K N,) of N designs at K noises each; a correction may have a row for each."""
    network: PersonalisedAdaptiveNetwork = pipeline.adaptive_network
    schedule, unet = NoiseSchedule.of(pipeline.scheduler), pipeline.unet
    device, count = network.device, len(latents)
    noise, timesteps = _draws(name, tuple(latents.shape[1:]), len(schedule))
    noise = noise.to(device).repeat_interleave(count, dim=0)  # (K N, C, H, W)
    timesteps = timesteps.to(device).repeat_interleave(count)
    clean = latents.to(device, torch.float32).repeat(DRAWS, 1, 1, 1)
    noisy = schedule.add_noise(clean, noise, timesteps).to(network.dtype)
    target = schedule.target(clean, noise, timesteps)
    told = pipeline.encode_prompts([prompt], cut_long=True).expand(len(clean), -1, -1)
    users = user.to(device).expand(len(clean), -1, -1)
    with torch.no_grad():
        states = encode(unet, noisy, timesteps, told)
        plain = error_per_image(decode(unet, states), target, pipeline.live)
    residuals = network(noisy, timesteps, told, network.user_latents(users, correction))
    personal = error_per_image(decode(unet, states, residuals), target, pipeline.live)
    return implicit_reward(personal, plain, beta=1.0)


def _straight(scores: Tensor, correction: Tensor, embeddings: Tensor) -> Evidence:
    """Scores (M,) and their slopes, followed from the first embedding to all J of them.

    Each score depends on its own row of corrections alone, so one backward pass tells all slopes.
    """
    (slopes,) = torch.autograd.grad(scores, correction, torch.ones_like(scores))
    rises = slopes.float().cpu() @ (embeddings - embeddings[:1]).T  # (M, J)
    return Evidence(scores.detach().float().cpu()[:, None] + rises)


def _draws(name: str, shape: tuple[int, ...], length: int) -> tuple[Tensor, Tensor]:
    """(K, C, H, W) noises and (K,) timesteps, one in each of K equal parts of the band."""
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big")
    chance = torch.Generator().manual_seed(seed)
    low, high = NOISE_BAND
    places = (torch.arange(DRAWS) + torch.rand(DRAWS, generator=chance)) / DRAWS
    timesteps = ((low + places * (high - low)) * length).long().clamp(max=length - 1)
    return torch.randn((DRAWS, *shape), generator=chance), timesteps
