"""What a person wants to know of a personalised generator while it learns, on held-out rounds."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.perfusion.noise import NoiseSchedule, error_per_image
from training.data.latent_rounds import LatentGroups
from training.data.noisy import DrawConfig, Visit, noisy_images
from training.losses.objective import pair_accuracy
from training.policy import Predict

BANDS = 3
"""Parts of the timestep range for which the margin is told apart."""
_ROUNDS_PER_PASS = 16


@dataclass(frozen=True)
class Diagnostics:
    """How a policy does on held-out rounds; one value per round, or per round and draw.

    The implicit reward here is the reference's error minus the policy's, without beta.

    Attributes:
        round_ids: G of them.
        store_ids: G of them.
        accuracy: (G, draws) share of (ticked, unticked) pairs in the right order.
        accuracy_over_draws: (G,) the same for the reward summed over the draws.
        margin: (G, draws) mean reward of ticked minus mean reward of unticked images.
        timesteps: (G, draws).
        drift: (G, draws) mean squared distance of the two predictions, over the reference's error.
        growth: (G, draws) the policy's error on ticked images over the reference's, minus 1.
    """

    round_ids: tuple[str, ...]
    store_ids: tuple[str, ...]
    accuracy: Tensor
    accuracy_over_draws: Tensor
    margin: Tensor
    timesteps: Tensor
    drift: Tensor
    growth: Tensor

    def figures(self) -> dict[str, float]:
        """Means over all rounds and draws, the margin also by band of timesteps."""
        named = {
            "implicit_accuracy": self.accuracy,
            "implicit_accuracy_over_draws": self.accuracy_over_draws,
            "margin": self.margin,
            "drift": self.drift,
            "error_growth": self.growth,
        }
        return {**{name: float(v.mean()) for name, v in named.items()}, **self._by_band()}

    def _by_band(self) -> dict[str, float]:
        low, high = int(self.timesteps.min()), int(self.timesteps.max())
        width = (high - low) / BANDS + 1e-6
        band = ((self.timesteps - low) / width).long()
        figures = {}
        for number in range(BANDS):
            inside = self.margin[band == number]
            if len(inside):
                first, last = low + number * width, low + (number + 1) * width
                figures[f"margin_{first:.0f}_{last:.0f}"] = float(inside.mean())
        return figures


@torch.no_grad()
def diagnose(
    predict: Predict,
    data: LatentGroups,
    schedule: NoiseSchedule,
    draws: DrawConfig,
    rounds: int,
    live: Tensor | None = None,
) -> Diagnostics:
    """Look at some held-out rounds, always the same ones with the same draws.

    Args:
        predict: policy and reference.
        data: held-out rounds.
        schedule: of the U-Net.
        draws: what to look at; prompts should not be dropped.
        rounds: at most so many, spread over the data.
        live: see `error_per_image`.
    """
    count = min(rounds, len(data.groups))
    chosen = [place * len(data.groups) // count for place in range(count)]
    columns = []
    for draw in range(draws.draws):
        visits = [Visit(group, draw, _nothing(data)) for group in chosen]
        columns.append(
            [
                look
                for start in range(0, count, _ROUNDS_PER_PASS)
                for look in _looks(
                    predict, data, schedule, draws, visits[start : start + _ROUNDS_PER_PASS], live
                )
            ]
        )
    groups = [data.groups[group] for group in chosen]
    rewards = [torch.stack([column[row].reward for column in columns]) for row in range(count)]
    summed = [
        pair_accuracy(reward.sum(dim=0)[None], group.chosen[None])[0]
        for reward, group in zip(rewards, groups, strict=True)
    ]

    def table(name: str) -> Tensor:
        return torch.tensor([[getattr(each, name) for each in column] for column in columns]).T

    return Diagnostics(
        tuple(group.id for group in groups),
        tuple(group.store_id for group in groups),
        table("accuracy"),
        torch.stack(summed),
        table("margin"),
        table("timestep"),
        table("drift"),
        table("growth"),
    )


@dataclass(frozen=True)
class _Look:
    """One round under one draw."""

    reward: Tensor
    accuracy: float
    margin: float
    timestep: int
    drift: float
    growth: float


def _looks(
    predict: Predict,
    data: LatentGroups,
    schedule: NoiseSchedule,
    draws: DrawConfig,
    visits: Sequence[Visit],
    live: Tensor | None,
) -> list[_Look]:
    """Some rounds at once."""
    inputs = noisy_images(data, visits, schedule, draws)
    predictions = predict(inputs, True)
    if predictions.reference is None:
        raise TypeError("The policy gave no reference although it was asked for one.")
    policy = error_per_image(predictions.policy, inputs.target, live).cpu()
    reference = error_per_image(predictions.reference, inputs.target, live).cpu()
    distance = error_per_image(predictions.policy, predictions.reference, live).cpu()
    groups = [data.groups[visit.group] for visit in visits]
    sizes = [len(group.images) for group in groups]
    parts = (policy, reference, distance, inputs.timesteps.cpu())
    split = (torch.split(part, sizes) for part in parts)
    return [_look(group.chosen, *each) for group, *each in zip(groups, *split, strict=True)]


def _look(
    chosen: Tensor, policy: Tensor, reference: Tensor, distance: Tensor, timesteps: Tensor
) -> _Look:
    reward = reference - policy  # (N,)
    return _Look(
        reward,
        float(pair_accuracy(reward[None], chosen[None])),
        float(reward[chosen].mean() - reward[~chosen].mean()),
        int(timesteps[0]),
        float((distance / reference).mean()),
        float(policy[chosen].mean() / reference[chosen].mean() - 1),
    )


def diversity(latents: Sequence[Tensor]) -> float:
    """How much images of the same request differ.

    Args:
        latents: for each request (S, C, H, W), one per seed, S >= 2.

    Returns:
        Root mean square distance between two of a request's latents, the mean over all pairs.
    """
    means = []
    for each in latents:
        flat = each.flatten(1)
        pairs = torch.pdist(flat) / flat.shape[1] ** 0.5
        means.append(pairs.mean())
    return float(torch.stack(means).mean())


def _nothing(data: LatentGroups) -> Tensor:
    return torch.zeros(data.user_features.shape[1], dtype=torch.bool)
