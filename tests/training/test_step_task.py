from dataclasses import replace
from pathlib import Path

import pytest
import torch
from accelerate import Accelerator
from diffusers import DDIMScheduler
from torch import Tensor

from studio.domain import CheckpointError
from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.profile import Profile
from tests.training.loops.test_perfusion_loop import config_of, world
from training.data.noisy import Visit
from training.loops.perfusion import build
from training.losses.objective import PairPreference
from training.step_task import StepTask, transition

__all__ = ["world"]  # the fixture of the loop's tests


@pytest.mark.parametrize("prediction_type", ["epsilon", "v_prediction"])
def test_a_step_is_the_library_s_ancestral_step(prediction_type: str):
    library = DDIMScheduler(prediction_type=prediction_type, clip_sample=False)
    library.set_timesteps(20)
    generator = torch.Generator().manual_seed(0)
    latents, prediction, noise = torch.randn(3, 1, 4, 8, 4, generator=generator)
    timestep = int(library.timesteps[5])

    ours = transition(latents, prediction, timestep, timestep - 50, NoiseSchedule.of(library))

    theirs = library.step(prediction, timestep, latents, eta=1.0, variance_noise=noise).prev_sample
    torch.testing.assert_close(ours.mean + ours.std * noise, theirs, rtol=1e-4, atol=1e-5)


def brightness(images: Tensor, _prompt: str, _store: Profile) -> Tensor:
    return images.mean(dim=(1, 2, 3))


def step_task(world: Path, folder: Path) -> tuple[StepTask, torch.nn.Module]:
    task, state, _ = build(config_of(world, folder, beta=50.0), Accelerator(cpu=True))
    steps = StepTask(
        task.config,
        task.pipeline,
        task.policy,
        PairPreference(50.0),
        task.train,
        task.held_out,
        task.forget,
        task.reference_errors,
        task.accelerator,
        task.studio_samples,
        brightness,
    )
    return steps, state.model


def test_an_update_starts_at_ln_2_and_reaches_the_network(world: Path, tmp_path: Path):
    task, model = step_task(world, tmp_path)

    figures = task.accumulate(model, 0)

    assert figures["loss"].item() == pytest.approx(0.6931, abs=1e-3)
    gradients = [weight.grad for weight in model.parameters() if weight.grad is not None]
    assert any(gradient.abs().sum() > 0 for gradient in gradients)


def test_learning_one_step_makes_the_preferred_candidate_likelier(world: Path, tmp_path: Path):
    task, model = step_task(world, tmp_path)
    visit = Visit(0, 0, torch.zeros(len(task.forget), dtype=torch.bool))
    before = task._errors(model, visit)
    optimiser = torch.optim.SGD(
        model.parameters(), lr=0.05
    )  # too small to change which one is best

    task.objective(before).losses.sum().backward()
    optimiser.step()

    assert task.objective(task._errors(model, visit)).losses < 0.6931


def test_another_score_prefers_the_other_candidate(world: Path, tmp_path: Path):
    task, model = step_task(world, tmp_path)
    visit = Visit(0, 0, torch.zeros(len(task.forget), dtype=torch.bool))
    darkness = replace(task, score=lambda *seen: -brightness(*seen))

    light, dark = task._errors(model, visit), darkness._errors(model, visit)

    assert torch.equal(light.policy.flip(1), dark.policy)


def test_without_a_reward_model_there_is_nothing_to_prefer_by(world: Path, tmp_path: Path):
    with pytest.raises(CheckpointError, match="reward model"):
        build(config_of(world, tmp_path, objective="steps"), Accelerator(cpu=True))
