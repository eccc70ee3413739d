"""SPO as a task for the runner: preferences between the next steps of one denoising trajectory.

Rounds only lend it prompts, stores and a place on a trajectory. What is preferred is decided by
the reward model, which looks at what each of a few possible next latents would become.
Source: Liang et al. (arXiv 2406.04314). Differs from it in: the trajectory's place is a noised
image of the round instead of a sample on its way, and the reward model sees pictures of predicted
clean latents instead of having been trained on noisy ones.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.profile import Profile
from studio.perfusion.sampling import expected_latents
from training.data.noisy import NoisyImages, Visit, noisy_images, visits_of_step
from training.data.tiles import TILE_SHAPE
from training.losses.objective import GroupErrors
from training.losses.pairs import best_and_worst, transition_error
from training.perfusion_task import PerFusionTask

Score = Callable[[Tensor, str, Profile], Tensor]
"""((N, 3, H, W) images in [0, 1], prompt, store) -> (N,) scores."""

CANDIDATES = 4
STRIDE = 50
"""Timesteps of one step: a generation in 20 steps."""


@dataclass(frozen=True)
class Transition:
    """The distribution of the next, less noisy latents.

    Attributes:
        mean: (1, C, H, W).
        std: (1,) > 0.
    """

    mean: Tensor
    std: Tensor


def transition(
    noisy_latents: Tensor, prediction: Tensor, timestep: int, to: int, schedule: NoiseSchedule
) -> Transition:
    """One ancestral step from a U-Net's prediction.

    Source: Song et al. (arXiv 2010.02502), Eq. 12 with eta = 1, which is DDPM's step.

    Args:
        noisy_latents: (1, C, H, W) at `timestep`.
        prediction: (1, C, H, W) of the U-Net.
        timestep: where the step starts.
        to: where it ends, below `timestep`.
        schedule: of the U-Net.
    """
    here, there = (schedule.alphas_cumprod[t].double() for t in (timestep, to))
    clean = expected_latents(noisy_latents, prediction, float(here), schedule.prediction_type)
    noise = (noisy_latents - here.sqrt() * clean) / (1 - here).sqrt()
    variance = (1 - there) / (1 - here) * (1 - here / there)
    mean = there.sqrt() * clean + (1 - there - variance).clamp(min=0).sqrt() * noise
    std = variance.sqrt().to(noisy_latents.device, noisy_latents.dtype)
    return Transition(mean.to(noisy_latents.dtype), std.view(1))


@dataclass(frozen=True)
class StepTask(PerFusionTask):
    """`PerFusionTask` with the next steps of a trajectory in place of a round's images.

    `score` says which of them is best.
    """

    score: Score

    def accumulate(self, model: nn.Module, step: int) -> dict[str, Tensor]:
        """Fill the gradients of one update, over all processes."""
        batch_size = self.config.batch_size
        visits = visits_of_step(len(self.train.groups), step, batch_size, self.draws, self.forget)
        own = visits[self.accelerator.process_index :: self.accelerator.num_processes]
        sums = torch.zeros(2, device=self.accelerator.device)
        for visit in own:
            result = self.objective(self._errors(model, visit))
            torch.autograd.backward(result.losses.sum() / batch_size)
            best, worst = result.implicit_reward[0]
            sums += torch.stack([result.losses.detach().sum(), (best > worst).float()])
        self.add_up_gradients(model)
        if self.accelerator.num_processes > 1:
            sums = self.accelerator.reduce(sums, "sum")
        loss, accuracy = (sums / batch_size).unbind()
        return {"loss": loss, "implicit_accuracy": accuracy}

    def _errors(self, model: nn.Module, visit: Visit) -> GroupErrors:
        """(1, 2) transition errors of the best and the worst next step of one trajectory."""
        here = noisy_images(self.train, [visit], self.schedule, self.draws).part(slice(0, 1))
        timestep = int(here.timesteps[0])
        to = max(0, timestep - STRIDE)
        predictions = self.predictor(model)(here, True)
        if predictions.reference is None:
            raise TypeError("The policy gave no reference although it was asked for one.")
        policy, reference = (
            transition(here.noisy_latents, prediction.float(), timestep, to, self.schedule)
            for prediction in (predictions.policy, predictions.reference)
        )
        candidates = self._candidates(policy, visit, timestep)
        positions, chosen = best_and_worst(self._scores(model, candidates, here, visit, to)[None])
        pair = candidates[positions[0]][None]  # (1, 2, C, H, W)
        return GroupErrors(
            transition_error(pair, policy.mean[None], policy.std),
            transition_error(pair, reference.mean[None], reference.std),
            chosen,
        )

    def _candidates(self, policy: Transition, visit: Visit, timestep: int) -> Tensor:
        """(CANDIDATES, C, H, W) next latents, drawn from the policy."""
        seed = hash((self.config.seed, visit.group, visit.draw, timestep)) % 2**63
        shape = (CANDIDATES, *policy.mean.shape[1:])
        noise = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
        mean = policy.mean.detach()
        return mean + policy.std * noise.to(mean.device)

    @torch.no_grad()
    def _scores(
        self, model: nn.Module, candidates: Tensor, here: NoisyImages, visit: Visit, to: int
    ) -> Tensor:
        """(CANDIDATES,) scores of what the candidates would become."""
        count = len(candidates)
        there = replace(
            here.repeated(count),
            noisy_latents=candidates,
            timesteps=torch.full((count,), to, device=candidates.device),
        )
        said = self.predictor(model)(there, False).policy.float()
        kept = float(self.schedule.alphas_cumprod[to])
        clean = expected_latents(candidates, said, kept, self.schedule.prediction_type)
        group = self.train.groups[visit.group]
        images = self.pipeline.decoder.images(clean, TILE_SHAPE[:2])
        scores = self.score(
            images, self.train.prompts[group.prompt], self.train.profiles[group.user]
        )
        return scores.to(candidates.device)
