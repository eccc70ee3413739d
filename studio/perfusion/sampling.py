"""The denoising loop and classifier-free guidance, as small functions.

Schedulers and U-Nets are diffusers' own; nothing here knows of prompts, files or pictures.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from diffusers import DPMSolverMultistepScheduler, UniPCMultistepScheduler
from torch import Tensor

from studio.domain import CheckpointError
from studio.perfusion.conditions import unpacked
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
) -> Predict:
    """One U-Net call per step for both branches of guidance, unconditional rows first.

    Args:
        unet: diffusers' UNet2DConditionModel.
        prompt_embeds: (N, T, D), a row per candidate.
        unconditional_embeds: (N, T, D), the empty prompt's; None leaves guidance out.
        guidance_scale: see `guide`; unused without unconditional rows.
        residuals: the adaptive network; it changes the conditional rows only.
    """

    def predict(model_input: Tensor, timestep: Tensor) -> Tensor:
        candidates = model_input.shape[0]
        added = None
        if residuals is not None:
            added = residuals(model_input, timestep, prompt_embeds)
        if unconditional_embeds is None:
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
    states, conditions = unpacked(unet, embeds)
    prediction: Tensor = unet(
        model_input,
        timestep,
        encoder_hidden_states=states,
        added_cond_kwargs=conditions or None,
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

    A way of 1 is the whole one, from pure noise. Source: SDEdit (Meng et al., arXiv 2108.01073).
    """

    latents: Tensor
    way: float


def denoise(
    scheduler: Any,
    noise: Tensor,
    predict: Predict,
    num_inference_steps: int,
    generators: Sequence[torch.Generator],
    after_step: AfterStep | None = None,
    start: Start | None = None,
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
        start: what to vary; None starts from the noise alone.

    Returns:
        (N, C, H, W) latents, in the scale that the U-Net was trained in.
    """
    scheduler = type(scheduler).from_config(scheduler.config)
    timesteps = _set_timesteps(scheduler, num_inference_steps, noise.device, start)
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

        if after_step is not None:
            after_step(step, total, expected)
    return latents


def _set_timesteps(scheduler: Any, steps: int, device: torch.device, start: Start | None) -> Tensor:
    """Tell a scheduler where its steps are, and leave out the first ones for a variation."""
    scheduler.set_timesteps(steps, device=device)
    whole = len(scheduler.timesteps)
    share = 1.0 if start is None else start.way
    left_out = whole - max(1, round(share * whole))
    if left_out and hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(left_out)
    timesteps: Tensor = scheduler.timesteps[left_out:]
    return timesteps
