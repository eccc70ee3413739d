"""Personalisation of the generator as a task for the runner: one update, diagnostics, samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import torch
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn

from studio.perfusion.checkpoint import save_component
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.noise import NoiseSchedule
from training.config import PerFusionConfig
from training.data.latent_rounds import LatentGroups, ReferenceErrors
from training.data.noisy import DrawConfig, NoisyImages, Visit, noisy_images, visits_of_step
from training.diagnostics import Diagnostics, diagnose, diversity
from training.losses.objective import Objective
from training.policy import (
    Accumulated,
    Errors,
    Policy,
    Predictions,
    Shares,
    accumulate_gradients,
)
from training.sample_grid import SampleRequests, StudioSamples, same_request

CANDIDATE = "candidate"
REFERENCE_FILE = "reference.safetensors"
_DIVERSITY_PROMPTS = 2
_DIVERSITY_SEEDS = 4


@dataclass(frozen=True)
class PerFusionTask:
    """The pieces of `Task` for the generator.

    Attributes:
        config: the run's.
        pipeline: the checkpoint that training starts from, frozen.
        policy: what `model` means, and its reference.
        objective: what is minimised.
        train: rounds to learn from.
        held_out: rounds to be judged by.
        forget: (F,) chance of each profile field to be unknown.
        reference_errors: kept between updates and runs.
        accelerator: devices and processes.
        studio_samples: what a person looks at from time to time.
    """

    config: PerFusionConfig
    pipeline: CheckpointPipeline
    policy: Policy
    objective: Objective
    train: LatentGroups
    held_out: LatentGroups
    forget: Tensor
    reference_errors: ReferenceErrors
    accelerator: Accelerator
    studio_samples: StudioSamples

    def accumulate(self, model: nn.Module, step: int) -> dict[str, Tensor]:
        """Fill the gradients of one update, over all processes.

        Each process takes its share of the rounds, and the gradients are summed. All chance
        follows from the step and the rounds, so any number of processes sees the same update.
        """
        rounds, batch_size = len(self.train.groups), self.config.batch_size
        visits = visits_of_step(rounds, step, batch_size, self.draws, self.forget)
        first, stride = self.accelerator.process_index, self.accelerator.num_processes
        own = visits[first::stride]
        sums = torch.zeros(3, device=self.accelerator.device)
        known: dict[int, Tensor] = {}
        if own:
            outcome = self._accumulate_own(model, own)
            sums = self._sums(outcome, own)
            sizes = [len(self.train.groups[visit.group].images) for visit in own]
            errors = torch.split(outcome.reference_errors, sizes)
            known = dict(zip(range(first, len(visits), stride), errors, strict=True))
        self.add_up_gradients(model)
        self._remember_reference_errors(visits, known)
        if stride > 1:
            sums = self.accelerator.reduce(sums, "sum")
        names = ("loss", "implicit_accuracy", "implicit_margin")
        return dict(zip(names, (sums / batch_size).unbind(), strict=True))

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """Diagnostics on held-out rounds, and how much its images of one request differ."""
        found = self.diagnose(model)
        figures = {} if found is None else found.figures()
        own = self._diversity(self.pipeline_with(model))
        return {
            **figures,
            "diversity": own,
            "diversity_to_start": own / max(self._diversity_at_start, 1e-9),
        }

    def diagnose(self, model: nn.Module) -> Diagnostics | None:
        """See `diagnostics.diagnose`; None where no rounds are held out."""
        if not self.held_out.groups:
            return None
        draws = replace(
            self.draws, draws=self.config.evaluation_draws, prompt_dropout=0.0, pure_noise=0
        )
        rounds = self.config.evaluation_rounds
        predict = self.predictor(model)
        return diagnose(predict, self.held_out, self.schedule, draws, rounds, self.live)

    def samples(self, model: nn.Module) -> Image.Image:
        """The same requests for nobody and for different stores, drawn as the studio draws."""
        return self.studio_samples.sheet(self.pipeline_with(model))

    def export(self, model: nn.Module) -> None:
        """Write the candidate beside the run, and what is known of the reference."""
        run = Path(self.config.run)
        save_component(run / CANDIDATE, self.config.trains, model)
        self.reference_errors.save(run / REFERENCE_FILE)

    def pipeline_with(self, model: nn.Module) -> CheckpointPipeline:
        """The checkpoint with the network in training, or its average, in place."""
        parts = {**self.pipeline.components, "adaptive_network": None, self.config.trains: model}
        zeros = self.pipeline.config.force_zeros_for_empty_prompt
        pipeline = CheckpointPipeline(**parts, force_zeros_for_empty_prompt=zeros)
        pipeline.set_progress_bar_config(disable=True)
        return pipeline

    def predictor(self, model: nn.Module) -> "Predictor":
        """The policy with a network."""
        return Predictor(self.policy, model, self.accelerator)

    @cached_property
    def schedule(self) -> NoiseSchedule:
        """The noise that the U-Net was trained with."""
        return NoiseSchedule.of(self.pipeline.scheduler)

    @cached_property
    def live(self) -> Tensor | None:
        """The numbers of a latent that carry something, which errors are the mean of."""
        live: Tensor | None = self.pipeline.live
        return live

    @cached_property
    def draws(self) -> DrawConfig:
        """What noise and timesteps a round meets."""
        config = self.config
        return DrawConfig(
            config.seed,
            config.draws_per_round,
            config.lowest_timestep,
            min(config.highest_timestep, len(self.schedule) - 1),
            config.prompt_dropout,
            round(config.pure_noise_share * config.draws_per_round) if self._ends_in_noise else 0,
        )

    @property
    def _ends_in_noise(self) -> bool:
        """Whether the noisiest timestep that is trained on leaves nothing of an image."""
        last = len(self.schedule) - 1
        return self.config.highest_timestep >= last and self.schedule.ends_in_noise

    def _accumulate_own(self, model: nn.Module, visits: Sequence[Visit]) -> Accumulated:
        groups = [self.train.groups[visit.group] for visit in visits]
        kept = [
            self.reference_errors.get(visit.group, visit.draw, len(group.images))
            for visit, group in zip(visits, groups, strict=True)
        ]
        known = [errors for errors in kept if errors is not None]
        device = self.accelerator.device
        return accumulate_gradients(
            Errors(self.predictor(model), self.live),
            noisy_images(self.train, visits, self.schedule, self.draws),
            torch.cat(known).to(device) if len(known) == len(kept) else None,
            self.objective,
            Shares(
                tuple(len(group.images) for group in groups),
                torch.cat([group.chosen for group in groups]).to(device),
                self.config.batch_size,
                tuple(group.weight for group in groups),
                torch.tensor([visit.lot for visit in visits], device=device),
            ),
            self.config.images_per_pass,
        )

    def _sums(self, outcome: Accumulated, visits: Sequence[Visit]) -> Tensor:
        """(3,) loss, accuracy and margin, each summed over some rounds."""
        sums = torch.zeros(3, device=self.accelerator.device)
        for result, visit in zip(outcome.results, visits, strict=True):
            chosen = self.train.groups[visit.group].chosen.to(self.accelerator.device)
            rewards = result.implicit_reward[0]
            margin = rewards[chosen].mean() - rewards[~chosen].mean()
            accuracy = result.accuracy(chosen[None]).sum()
            sums += torch.stack([result.losses.detach().sum(), accuracy, margin])
        return sums

    def add_up_gradients(self, model: nn.Module) -> None:
        """Sum the gradients over all processes, in one message."""
        if self.accelerator.num_processes == 1:
            return
        weights = [weight for weight in model.parameters() if weight.requires_grad]
        gradients = [torch.zeros_like(w) if w.grad is None else w.grad for w in weights]
        flat = self.accelerator.reduce(torch.cat([g.flatten() for g in gradients]), "sum")
        pieces = torch.split(flat, [weight.numel() for weight in weights])
        for weight, gradient, piece in zip(weights, gradients, pieces, strict=True):
            weight.grad = gradient.copy_(piece.view_as(gradient))

    def _remember_reference_errors(
        self, visits: Sequence[Visit], own: Mapping[int, Tensor]
    ) -> None:
        """Keep this update's reference errors, those of other processes too."""
        device = self.accelerator.device
        sizes = [len(self.train.groups[visit.group].images) for visit in visits]
        parts = [
            own.get(place, torch.zeros(size, device=device)) for place, size in enumerate(sizes)
        ]
        flat = torch.cat(parts)
        if self.accelerator.num_processes > 1:
            flat = self.accelerator.reduce(flat, "sum")
        for visit, errors in zip(visits, torch.split(flat, sizes), strict=True):
            self.reference_errors.put(visit.group, visit.draw, errors)

    def _diversity(self, pipeline: CheckpointPipeline) -> float:
        prompts = range(min(_DIVERSITY_PROMPTS, len(self._requests.prompt_embeds)))
        return diversity(
            [same_request(pipeline, self._requests, row, _DIVERSITY_SEEDS) for row in prompts]
        )

    @cached_property
    def _diversity_at_start(self) -> float:
        return self._diversity(self.pipeline)

    @cached_property
    def _requests(self) -> SampleRequests:
        data = self.held_out if self.held_out.groups else self.train
        config = self.config
        return SampleRequests.of(
            data, config.sample_prompts, config.sample_steps, config.guidance_scale
        )


@dataclass(frozen=True)
class Predictor:
    """A policy with its network, in the precision of the run."""

    policy: Policy
    model: nn.Module
    accelerator: Accelerator

    def __call__(self, inputs: NoisyImages, with_reference: bool) -> Predictions:
        """See `Policy.predict`."""
        with self.accelerator.autocast():
            return self.policy.predict(self.model, inputs, with_reference)
