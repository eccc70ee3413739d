"""Everything that a training run needs to go on as if it had never stopped.

Kept as safetensors and JSON, never pickled. All chance in a step comes from the run's seed and
the step's number (see `step_generator`), and the learning rate and the position in the data are
functions of the step too, so the step number stands for all of them.
"""

import copy
import importlib
import json
import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from studio.domain import StudioError
from training.config import RunConfig

_MODEL, _EMA, _OPTIMISER, _FACTS = "model", "ema", "optimiser", "facts.json"

RATE_FACTOR = "rate_factor"
"""What a group of an optimiser's weights multiplies the rate by."""


class OptimiserError(StudioError):
    """The optimiser that a run asks for isn't there."""


@dataclass
class RunState:
    """The parts of a run that change from step to step.

    Attributes:
        model: what is trained.
        ema: its weights averaged over the last steps; this is what gets used.
        optimiser: over the model's parameters that need gradients.
        step: finished optimiser updates.
        interrupted: whether a person stopped it before its end; it has been saved all the same.
    """

    model: nn.Module
    ema: nn.Module
    optimiser: Optimizer
    step: int = 0
    interrupted: bool = False


def start_state(
    model: nn.Module, config: RunConfig, rate_factors: Mapping[str, float] | None = None
) -> RunState:
    """A state before the first step; vectors (biases, norms) are not decayed.

    Args:
        model: what is trained.
        config: the run's.
        rate_factors: what the names of weights begin with -> by how much their rate is higher.

    Raises:
        OptimiserError: there is no such optimiser here.
    """
    factors = rate_factors or {}
    groups: dict[tuple[float, bool], list[nn.Parameter]] = {}
    for flat in (False, True):
        for name, weight in model.named_parameters():
            if weight.requires_grad and (weight.ndim <= 1) == flat:
                own = (factors[each] for each in factors if name.startswith(each))
                groups.setdefault((next(own, 1.0), flat), []).append(weight)
    optimiser = _optimiser(
        [
            {
                "params": weights,
                "weight_decay": 0.0 if flat else config.weight_decay,
                RATE_FACTOR: factor,
            }
            for (factor, flat), weights in groups.items()
        ],
        config,
    )
    return RunState(model, copy.deepcopy(model).eval().requires_grad_(False), optimiser)


def _optimiser(groups: list[dict[str, Any]], config: RunConfig) -> Optimizer:
    options: dict[str, Any] = {"lr": config.learning_rate, "betas": (0.9, 0.98)}
    if config.optimiser == "adamw":
        return AdamW(groups, fused=True, **options)
    if config.optimiser != "adamw-8bit":
        raise OptimiserError(f"`optimiser` is adamw or adamw-8bit, not {config.optimiser}.")
    try:
        small = importlib.import_module("bitsandbytes").optim.AdamW8bit
    except ImportError as error:
        raise OptimiserError(
            "The 8-bit optimiser needs the package bitsandbytes: .venv/bin/pip install "
            "bitsandbytes, or leave the setting out."
        ) from error
    optimiser: Optimizer = small(groups, **options)
    return optimiser


def learning_rate(step: int, config: RunConfig) -> float:
    """The rate of update number `step` (from 0): warm-up, constant, cosine down to zero."""
    warm = min(1.0, (step + 1) / max(1, config.warmup_steps))
    decay_steps = config.steps * config.decay_fraction
    left = config.steps - step
    falling = 0.5 - 0.5 * math.cos(math.pi * left / decay_steps) if left < decay_steps else 1.0
    return config.learning_rate * warm * falling


@torch.no_grad()
def update_ema(ema: nn.Module, model: nn.Module, decay: float, step: int) -> None:
    """Move the average a little towards the model, faster in the first steps."""
    weight = 1 - min(decay, (1 + step) / (10 + step))
    averaged = [value for value in ema.state_dict().values() if value.is_floating_point()]
    current = [value for value in model.state_dict().values() if value.is_floating_point()]
    torch._foreach_lerp_(averaged, current, weight)


def step_generator(seed: int, step: int, device: torch.device | str = "cpu") -> torch.Generator:
    """The source of chance of one step: on the CPU every device sees the same."""
    return torch.Generator(device).manual_seed(seed * 10_000_019 + step)


def step_rng(seed: int, step: int) -> np.random.Generator:
    """The same for numpy."""
    return np.random.default_rng((seed, step))


def batch_indices(count: int, batch_size: int, seed: int, step: int) -> list[int]:
    """Which of `count` examples step `step` sees: every one once per epoch, in a new order."""
    first = step * batch_size
    indices: list[int] = []
    while len(indices) < batch_size:
        epoch, offset = divmod(first + len(indices), count)
        order = np.random.default_rng((seed, epoch, 1)).permutation(count)
        indices += order[offset : offset + batch_size - len(indices)].tolist()
    return indices


def save_state(state: RunState, folder: Path, facts: dict[str, object]) -> None:
    """Write the state so that a crash at any moment leaves a whole one behind."""
    fresh, old = folder.with_name(f"{folder.name}.new"), folder.with_name(f"{folder.name}.old")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _save(state.model.state_dict(), fresh / _MODEL)
    _save(state.ema.state_dict(), fresh / _EMA)
    _save(_optimiser_tensors(state.optimiser), fresh / _OPTIMISER)
    text = json.dumps({**facts, "step": state.step}, indent=2)
    (fresh / _FACTS).write_text(text, encoding="utf-8")
    if folder.exists():  # if a crash left the older one only, it stays until the new one is there
        shutil.rmtree(old, ignore_errors=True)
        folder.replace(old)
    fresh.replace(folder)
    shutil.rmtree(old, ignore_errors=True)


def load_state(state: RunState, folder: Path) -> dict[str, Any]:
    """Fill the state from a folder written by `save_state`.

    Returns:
        The facts that were saved with it; empty when there is none, and the state is as before.
    """
    old = folder.with_name(f"{folder.name}.old")
    source = folder if folder.exists() else old
    if not source.exists():
        return {}
    state.model.load_state_dict(load_file(_file(source / _MODEL)))
    state.ema.load_state_dict(load_file(_file(source / _EMA)))
    _fill_optimiser(state.optimiser, load_file(_file(source / _OPTIMISER)))
    facts: dict[str, Any] = json.loads((source / _FACTS).read_text(encoding="utf-8"))
    state.step = int(facts["step"])
    return facts


def _file(stem: Path) -> Path:
    return stem.with_suffix(".safetensors")


def _save(tensors: dict[str, Tensor], stem: Path) -> None:
    # contiguous() turns a tensor that is channels-last in memory into the usual order.
    save_file({name: value.contiguous() for name, value in tensors.items()}, _file(stem))


def _optimiser_tensors(optimiser: Optimizer) -> dict[str, Tensor]:
    return {
        f"{index}.{name}": torch.as_tensor(value)  # some optimisers count steps in plain numbers
        for index, slots in optimiser.state_dict()["state"].items()
        for name, value in slots.items()
    }


@torch.no_grad()
def _fill_optimiser(optimiser: Optimizer, tensors: dict[str, Tensor]) -> None:
    weights = [weight for group in optimiser.param_groups for weight in group["params"]]
    slots: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, _, name = key.partition(".")
        weight = weights[int(index)]
        # The fused update reads memory in order, so moments must lie in memory as weights do.
        moment = value.shape == weight.shape and value.is_floating_point()
        like = torch.empty_like(weight, dtype=value.dtype) if moment else torch.empty_like(value)
        slots.setdefault(int(index), {})[name] = like.copy_(value)
    optimiser.load_state_dict({**optimiser.state_dict(), "state": slots})
