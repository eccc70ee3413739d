"""The denoising loop and classifier-free guidance, as small functions.

Schedulers and U-Nets are diffusers' own; nothing here knows of prompts, files or pictures.
"""

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from diffusers import DPMSolverMultistepScheduler, UniPCMultistepScheduler
from torch import Tensor

from studio.domain import CheckpointError
from studio.perfusion.unet_halves import Residuals

MULTISTEP_SOLVERS = (DPMSolverMultistepScheduler, UniPCMultistepScheduler)

Predict = Callable[[Tensor, Tensor], Tensor]
"""(noisy latents as the U-Net wants them, timestep) -> the U-Net's prediction, guided."""

AfterStep = Callable[[int, int, Callable[[], Tensor]], None]
"""(step from 1, total, a function that gives the latents as they would end) -> nothing.

It may raise to stop the loop."""


class ResidualSource(Protocol):
    """What an adaptive network is to the loop: residuals for the conditional images."""

    def __call__(
        self, noisy_latents: Tensor, timestep: Tensor, prompt_embeds: Tensor
    ) -> Residuals | None:
        """Give the residuals of one step, or None where the step stays plain.

        Args:
            noisy_latents: (B, C, H, W), as the U-Net sees them.
            timestep: () the scheduler's timestep.
            prompt_embeds: (B, T, D).
        """


def fast_solver(scheduler: Any) -> Any:
    """A solver that needs 20 steps or fewer, for the same noise schedule.

    A multistep solver stays what it is. Anything else (Stable Diffusion ships PNDM) becomes
    DPM-Solver++ (2M) with trailing spacing, which starts at the noisiest timestep; its
    prediction type and betas are the old one's.
    """
    if isinstance(scheduler, MULTISTEP_SOLVERS):
        return scheduler
    return DPMSolverMultistepScheduler.from_config(
        scheduler.config,
        algorithm_type="dpmsolver++",
        solver_order=2,
        timestep_spacing="trailing",
        steps_offset=0,
        final_sigmas_type="zero",
    )


def initial_noise(generators: Sequence[torch.Generator], shape: tuple[int, int, int]) -> Tensor:
    """Standard normal noise, each candidate's from its own generator.

    Drawn in fp32 one candidate after the other, so neither the other candidates of the group nor
    the precision of the model can change it.

    Args:
        generators: N of them, one per candidate; on the CPU, to be the same on every machine.
        shape: (C, H, W) of the latents.

    Returns:
        (N, C, H, W) fp32 on the CPU.
    """
    return torch.stack(
        [torch.randn(shape, generator=generator, dtype=torch.float32) for generator in generators]
    )


def guide(unconditional: Tensor, conditional: Tensor, guidance_scale: float) -> Tensor:
    """Move the prediction away from what no phrases would give.

    Source: Ho and Salimans, Classifier-free diffusion guidance (arXiv 2207.12598), Eq. 6, in
    diffusers' convention: 1 is the conditional prediction itself, 0 the unconditional one.
    """
    return unconditional + guidance_scale * (conditional - unconditional)


def guided_predictor(
    unet: Any,
    prompt_embeds: Tensor,
    unconditional_embeds: Tensor | None,
    guidance_scale: float,
    residuals: ResidualSource | None = None,
    last_timestep: int = 0,
) -> Predict:
    """One U-Net call per step for both branches of guidance, unconditional rows first.

    Args:
        unet: diffusers' UNet2DConditionModel.
        prompt_embeds: (N, T, D), a row per candidate.
        unconditional_embeds: (N, T, D), the empty prompt's; None leaves guidance out.
        guidance_scale: see `guide`; unused without unconditional rows.
        residuals: the adaptive network; it changes the conditional rows only.
        last_timestep: see `Descent`; there the conditional rows are alone.
    """

    def predict(model_input: Tensor, timestep: Tensor) -> Tensor:
        candidates = model_input.shape[0]
        added = None
        if residuals is not None:
            added = residuals(model_input, timestep, prompt_embeds)
        if unconditional_embeds is None or int(timestep) <= last_timestep:
            return _call(unet, model_input, timestep, prompt_embeds, added)
        if added is not None:
            added = added.padded_in_front(candidates)
        both_embeds = torch.cat([unconditional_embeds, prompt_embeds])  # (2N, T, D)
        both = _call(unet, torch.cat([model_input, model_input]), timestep, both_embeds, added)
        unconditional, conditional = both.chunk(2)  # (N, C, H, W) each
        return guide(unconditional, conditional, guidance_scale)

    return predict


def in_passes(rows: Tensor, size: int) -> list[Tensor]:
    """Cut a tensor along its first axis into passes of exactly `size` rows.

    The last pass is filled up by repeating its last row. Matrix kernels round differently for
    different numbers of rows but not for different places among them (measured; a test holds
    it), so in passes of one size a candidate's bits do not depend on its group. It also bounds
    the memory.
    """
    missing = -len(rows) % size
    filled = torch.cat([rows, rows[-1:].expand(missing, *rows.shape[1:])]) if missing else rows
    return list(torch.split(filled, size))


def joined(predictors: Sequence[Predict], size: int) -> Predict:
    """One predictor out of one per pass, for rows that were cut by `in_passes`."""

    def predict(model_input: Tensor, timestep: Tensor) -> Tensor:
        passes = zip(predictors, in_passes(model_input, size), strict=True)
        predictions = [predictor(part, timestep) for predictor, part in passes]
        return torch.cat(predictions)[: len(model_input)]

    return predict


def _call(
    unet: Any, model_input: Tensor, timestep: Tensor, embeds: Tensor, added: Residuals | None
) -> Tensor:
    prediction: Tensor = unet(
        model_input,
        timestep,
        encoder_hidden_states=embeds,
        down_block_additional_residuals=None if added is None else added.skips,
        mid_block_additional_residual=None if added is None else added.middle,
        return_dict=False,
    )[0]
    return prediction


def expected_latents(
    model_input: Tensor, prediction: Tensor, alpha_cumprod: float | Tensor, prediction_type: str
) -> Tensor:
    """The clean latents that a prediction implies.

    With x_t = sqrt(a) x_0 + sqrt(1 - a) epsilon and v = sqrt(a) epsilon - sqrt(1 - a) x_0
    (Salimans and Ho, arXiv 2202.00512, appendix D).

    Args:
        model_input: (N, C, H, W) x_t, of unit variance as the U-Net sees it.
        prediction: (N, C, H, W) of the U-Net.
        alpha_cumprod: a in [0, 1], the share of signal left in the variance; a number, or one for
            each (N, 1, 1, 1).
        prediction_type: "epsilon", "v_prediction" or "sample".

    Raises:
        CheckpointError: another prediction type.
    """
    kept = torch.as_tensor(alpha_cumprod, dtype=torch.float64)
    signal, noise = (share.sqrt().to(model_input) for share in (kept, 1 - kept))
    if prediction_type == "epsilon":
        return (model_input - noise * prediction) / signal.clamp(min=1e-3)
    if prediction_type == "v_prediction":
        return signal * model_input - noise * prediction
    if prediction_type == "sample":
        return prediction
    raise CheckpointError(
        f"The scheduler predicts {prediction_type!r}; the studio knows epsilon, v_prediction "
        "and sample."
    )


@dataclass(frozen=True)
class Start:
    """Where a variation starts: clean latents (N, C, H, W), and how much of the way to go.

    A share of 1 is the whole way from pure noise. Source: SDEdit (Meng et al., arXiv 2108.01073).
    """

    latents: Tensor
    variation: float


@dataclass(frozen=True)
class Descent:
    """How a U-Net is led down from the noise; the defaults are the scheduler's own way.

    Attributes:
        calm_below: timestep below which the noise left in latents is calmed further, step by
            step; 0 for never. See `calming`.
        last_timestep: of the last step: what the U-Net expects there, without guidance, is the
            picture; 0 leaves the timesteps to the scheduler. A small U-Net adds traces of its own
            in little noise, where a large one adds detail. Source of leaving guidance out where
            noise is low: Kynkäänniemi et al. (arXiv 2404.07724).
    """

    calm_below: int = 0
    last_timestep: int = 0

    def timesteps(self, train_timesteps: int, steps: int, variation: float = 1.0) -> list[int]:
        """`steps` timesteps, evenly from the noisiest one to the last one; fewer for a variation.

        Args:
            train_timesteps: of the scheduler.
            steps: at least 1.
            variation: how much of the way down to go, see `Start`.
        """
        first = self.last_timestep + variation * (train_timesteps - 1 - self.last_timestep)
        steps = max(1, math.ceil(variation * steps))
        fall = (first - self.last_timestep) / max(1, steps - 1)
        return [round(first - step * fall) for step in range(steps)]


SCHEDULERS_OWN = Descent()


def calming(timestep: int, following: int, calm_below: int) -> float:
    """What share of the noise left in latents stays there from one step to the next.

    Below `calm_below` noise falls with the square of the timestep, beyond what the schedule says.
    A U-Net that has not learnt enough takes what is left of it for cloth.

    Args:
        timestep: of the step, above 0.
        following: of the next one.
        calm_below: timestep at which it begins; 0 for never.

    Returns:
        1 for all of it.
    """
    if not calm_below:
        return 1.0
    return (min(following, calm_below) / min(timestep, calm_below)) ** 2


def calmed(
    latents: Tensor, expected: Tensor, alpha_cumprod: float | Tensor, share: float
) -> Tensor:
    """Latents with a share of their noise.

    Args:
        latents: (N, C, H, W) x_t = sqrt(a) x_0 + sqrt(1 - a) epsilon.
        expected: (N, C, H, W) the clean latents x_0 that are expected of them.
        alpha_cumprod: a.
        share: of epsilon that stays.
    """
    clean = torch.as_tensor(alpha_cumprod).sqrt().to(latents) * expected
    return torch.lerp(clean, latents, share)


def set_timesteps(
    scheduler: Any, steps: int, descent: Descent, device: torch.device, variation: float = 1.0
) -> Tensor:
    """Tell a scheduler where the steps of a denoising run are.

    Args:
        scheduler: it is changed.
        steps: of a whole run; schedulers of more than one order make a few more.
        descent: see there.
        device: of the latents.
        variation: how much of the way to go, see `Start`.

    Returns:
        The timesteps to take.

    Raises:
        CheckpointError: the scheduler can't follow `descent`.
    """
    if descent.last_timestep:
        if "timesteps" not in inspect.signature(scheduler.set_timesteps).parameters:
            raise CheckpointError(
                "generation.json: last_timestep needs a solver that takes any timesteps, and "
                f"{type(scheduler).__name__} doesn't. Leave it out."
            )
        own = descent.timesteps(scheduler.config.num_train_timesteps, steps, variation)
        scheduler.set_timesteps(timesteps=own, device=device)
        all_of_them: Tensor = scheduler.timesteps
        return all_of_them
    scheduler.set_timesteps(steps, device=device)
    whole = len(scheduler.timesteps)
    left_out = whole - max(1, round(variation * whole))
    if left_out and hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(left_out)
    timesteps: Tensor = scheduler.timesteps[left_out:]
    return timesteps


def denoise(  # noqa: PLR0913  the whole of one denoising run; there is nothing to group
    scheduler: Any,
    noise: Tensor,
    predict: Predict,
    num_inference_steps: int,
    generators: Sequence[torch.Generator],
    after_step: AfterStep | None = None,
    start: Start | None = None,
    descent: Descent = SCHEDULERS_OWN,
) -> Tensor:
    """Run a scheduler from noise to latents.

    The scheduler is copied first: solvers remember their last steps, and two generations may run
    at once. Solvers that add noise on the way take it from the candidates' own generators.

    Args:
        scheduler: any of diffusers' schedulers with a `set_timesteps`; it isn't changed.
        noise: (N, C, H, W) of unit variance, on the device and in the precision to compute in.
        predict: see `Predict`.
        num_inference_steps: number of calls of `predict` (some solvers make a few more).
        generators: one per candidate.
        after_step: called after every step.
        start: images to vary; None starts from the noise alone.
        descent: for schedulers whose latents keep unit variance and that take any timesteps.

    Returns:
        (N, C, H, W) latents, in the scale that the U-Net was trained in.

    Raises:
        CheckpointError: the scheduler can't follow `descent`.
    """
    scheduler = type(scheduler).from_config(scheduler.config)
    way = 1.0 if start is None else start.variation
    timesteps = set_timesteps(scheduler, num_inference_steps, descent, noise.device, way)
    extra = {}
    if "generator" in inspect.signature(scheduler.step).parameters:
        extra["generator"] = list(generators)
    latents: Tensor
    if start is None:
        latents = noise * scheduler.init_noise_sigma
    else:
        latents = scheduler.add_noise(start.latents, noise, timesteps[:1])
    total = len(timesteps)
    for step, timestep in enumerate(timesteps, start=1):
        model_input = scheduler.scale_model_input(latents, timestep)
        prediction = predict(model_input, timestep)
        latents = scheduler.step(prediction, timestep, latents, **extra, return_dict=False)[0]
        alpha = float(scheduler.alphas_cumprod[int(timestep)])

        def expected(
            seen: Tensor = model_input, said: Tensor = prediction, share: float = alpha
        ) -> Tensor:
            return expected_latents(seen, said, share, scheduler.config.prediction_type)

        if descent.calm_below and step < total:
            following = int(timesteps[step])
            share = calming(int(timestep), following, descent.calm_below)
            latents = calmed(latents, expected(), scheduler.alphas_cumprod[following], share)
        if after_step is not None:
            after_step(step, total, expected)
    return latents
