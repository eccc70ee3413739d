"""What personalisation costs: training steps and denoising steps, in one run.

The paper's Table 4, rebuilt: a training step of plain fine-tuning, Diffusion-DPO and PerFusion,
and a guided denoising step without and with a store, with random weights. Everything is measured
in turn, so that all meet the same machine, and compared as ratios of the same turn. The paper's
own setting, for a GPU: `--sizes sd15 --dtype float16 --batches 1,4`.
"""

import argparse
import copy
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor, nn

from studio.domain import SettingsError
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.adaptive_schedule import ScheduledResiduals
from studio.perfusion.checkpoint import load_component
from studio.perfusion.profile import FASHION_SCHEMA
from studio.perfusion.sampling import guided_predictor
from training.bench.shapes import SHAPES, random_unet, weights_of
from training.bench.updates import IMAGES_PER_GROUP, TrainingStep, noisy_images_for
from training.config import PerFusionConfig
from training.data.noisy import NoisyImages
from training.losses.objective import GroupPreference, PairPreference, Supervised
from training.policy import AdaptivePolicy, Predictions, UnetPolicy
from training.results import RESULTS, Figure, bootstrap, write_results

SD15_HALF: dict[str, Any] = {
    "sample_size": 16,
    "block_out_channels": (160, 320, 640, 640),
    "cross_attention_dim": 384,
    "norm_num_groups": 32,
}
"""Stable Diffusion 1.5's blocks with half the channels, for images of 128 px; all else is
diffusers' default, which is Stable Diffusion 1.5's."""
DTYPES = {name: getattr(torch, name) for name in ("float32", "float16", "bfloat16")}
RATIOS = {
    "train_step_vs_dpo_kept": ("train_perfusion", "train_dpo"),
    "train_step_vs_dpo_first": ("train_perfusion_first", "train_dpo"),
    "train_step_vs_dpo_naive": ("train_perfusion_naive", "train_dpo"),
    "train_step_vs_plain": ("train_perfusion", "train_plain"),
    "inference_vs_plain": ("inference_perfusion", "inference_plain"),
    "inference_vs_plain_naive": ("inference_perfusion_naive", "inference_plain"),
}
"""Figure -> which time over which."""
ATELIER = "atelier"


@dataclass(frozen=True, kw_only=True)
class CostBench:
    """What is measured.

    Attributes:
        checkpoint: whose U-Net gives the atelier's structure.
        sizes: "atelier", "sd15-half", "sd15", "small", or several with commas.
        batches: groups of four images in a training step, and candidates of a denoising step;
            several with commas. An update of the training has many more, which would take long to
            measure.
        side_px: of square images; 0 takes each U-Net's own size.
        dtype: to compute in; what is trained stays in single precision, as people train it.
        steps: denoising steps of a generation.
        repeats: measurements, after one that is not counted.
        device: "auto", "cpu", "cuda" ...
        results: folder of the result files.
    """

    checkpoint: Path = Path("checkpoints/atelier")
    sizes: str = "sd15-half,atelier"
    batches: str = "4"
    side_px: int = 0
    dtype: str = "float32"
    steps: int = 4
    repeats: int = 4
    device: str = "auto"
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.bench cost`."""
    default = CostBench()
    parser.add_argument("--checkpoint", type=Path, default=default.checkpoint)
    parser.add_argument("--sizes", default=default.sizes)
    parser.add_argument("--batches", default=default.batches)
    parser.add_argument("--side-px", type=int, default=default.side_px)
    parser.add_argument("--dtype", choices=list(DTYPES), default=default.dtype)
    parser.add_argument("--steps", type=int, default=default.steps)
    parser.add_argument("--repeats", type=int, default=default.repeats)
    parser.add_argument("--device", default=default.device)
    parser.add_argument("--results", type=Path, default=default.results)


def from_options(options: argparse.Namespace) -> CostBench:
    """The parsed command line as a configuration."""
    return CostBench(**{name: getattr(options, name) for name in asdict(CostBench())})


def run(config: CostBench, command: str) -> dict[str, Figure]:
    """Measure all sizes and batches and write the result file: `cost.json`, or `cost-SIZES.json`.

    The first one's `train_step_vs_dpo` and `inference_vs_plain` are also there without a prefix.

    Raises:
        StudioError: the checkpoint has no U-Net, or a size or batch can't be used.
    """
    device = torch.device(_device(config.device))
    batches = _batches(config.batches)
    figures: dict[str, Figure] = {}
    for size in config.sizes.split(","):
        unet = _unet(size, config.checkpoint)
        for batch in batches:
            measured = measure(unet, config, device, batch)
            prefix = _prefix(size, config.dtype, batch if len(batches) > 1 else 0)
            if not figures:
                keys = ("train_step_vs_dpo", "inference_vs_plain")
                figures |= {key: measured[key] for key in keys}
            figures |= {f"{prefix}_{name}": figure for name, figure in measured.items()}
    figures["threads"] = Figure.exact(torch.get_num_threads())
    usual = config.sizes == CostBench().sizes
    name = "cost" if usual else f"cost-{config.sizes.replace(',', '-')}"
    write_results(name, command, [0], figures, config.results)
    return figures


def measure(
    unet: UNet2DConditionModel, config: CostBench, device: torch.device, batch: int = 1
) -> dict[str, Figure]:
    """Times in seconds, their ratios, and memory for one U-Net and one batch.

    Args:
        unet: its structure.
        config: how to measure.
        device: where.
        batch: groups of a training step, and candidates of a denoising step.
    """
    torch.manual_seed(0)
    unet = copy.deepcopy(unet).to(device).eval().requires_grad_(False)
    network = PersonalisedAdaptiveNetwork.from_unet(unet, FASHION_SCHEMA).to(device)
    training = _training_steps(unet, network, config, device, batch)
    steps: dict[str, Callable[[], object]] = {
        **training,
        **_denoising_steps(unet, network, config, device, batch),
    }
    seconds = _in_turn(steps, config.repeats, device)
    figures = {f"{name}_s": bootstrap(times) for name, times in seconds.items()}
    for name, (one, other) in RATIOS.items():
        ratios = [a / b for a, b in zip(seconds[one], seconds[other], strict=True)]
        figures[name] = bootstrap(ratios)
    figures["train_step_vs_dpo"] = _over_a_run(seconds)
    for name, step in training.items():
        figures[f"{name}_memory_mib"] = Figure.exact(_kept_mib(step))
    if device.type == "cuda":
        for name, action in steps.items():
            figures[f"{name}_extra_peak_mib"] = Figure.exact(_gpu_peak_mib(action, device))
    figures["unet_million_weights"] = Figure.exact(weights_of(unet) / 1e6)
    figures["adaptive_network_million_weights"] = Figure.exact(weights_of(network) / 1e6)
    return figures


def _over_a_run(seconds: Mapping[str, list[float]]) -> Figure:
    """PerFusion's step over Diffusion-DPO's, the mean over a default run on saved rounds.

    A round meets each of its draws several times, and only the first time computes the reference.
    """
    run = PerFusionConfig()
    first = min(1.0, run.draws_per_round / run.most_visits)
    kinds = ("train_perfusion_first", "train_perfusion", "train_dpo")
    turns = zip(*(seconds[kind] for kind in kinds), strict=True)
    return bootstrap([(first * fresh + (1 - first) * kept) / dpo for fresh, kept, dpo in turns])


@dataclass(frozen=True)
class SeparatePolicy:
    """The adaptive network with whole passes of their own for policy and reference."""

    unet: UNet2DConditionModel

    def predict(self, model: nn.Module, inputs: NoisyImages, with_reference: bool) -> Predictions:
        """See `Policy`."""
        seen = inputs.noisy_latents, inputs.timesteps, inputs.prompt_embeds
        reference = None
        if with_reference:
            with torch.no_grad():
                reference = self.unet(*seen).sample
        user_latents = model.user_latents(inputs.user_features)  # type: ignore[operator]  # the adaptive network's
        residuals = model(*seen, user_latents)
        policy = self.unet(
            *seen,
            down_block_additional_residuals=residuals.skips,
            mid_block_additional_residual=residuals.middle,
        ).sample
        return Predictions(policy, reference)


def _training_steps(
    unet: UNet2DConditionModel,
    network: PersonalisedAdaptiveNetwork,
    config: CostBench,
    device: torch.device,
    batch: int,
) -> dict[str, TrainingStep]:
    count = batch * IMAGES_PER_GROUP
    images = noisy_images_for(unet, network, count, device, config.side_px)
    own = copy.deepcopy(unet).requires_grad_(True)
    network.requires_grad_(True)
    known = torch.ones(len(images), device=device)
    beta = PerFusionConfig().beta
    ours, dpo = GroupPreference(beta), PairPreference(beta)
    # Fused, as in training; rates of zero, since what is timed has to stay what it is.
    tuned, adapted = (
        torch.optim.AdamW(model.parameters(), lr=0.0, weight_decay=0.0, fused=True)
        for model in (own, network)
    )
    whole, shared, separate = UnetPolicy(unet), AdaptivePolicy(unet), SeparatePolicy(unet)
    both, dtype = (unet,), DTYPES[config.dtype]
    # After its copies were made in single precision. The plain cast: diffusers' own warns.
    nn.Module.to(unet, dtype)
    return {
        "train_plain": TrainingStep(own, (), whole, Supervised(), known, images, tuned, dtype),
        "train_dpo": TrainingStep(own, both, whole, dpo, None, images, tuned, dtype),
        "train_perfusion": TrainingStep(network, both, shared, ours, known, images, adapted, dtype),
        "train_perfusion_first": TrainingStep(
            network, both, shared, ours, None, images, adapted, dtype
        ),
        "train_perfusion_naive": TrainingStep(
            network, both, separate, ours, None, images, adapted, dtype
        ),
    }


def _denoising_steps(
    unet: UNet2DConditionModel,
    network: PersonalisedAdaptiveNetwork,
    config: CostBench,
    device: torch.device,
    batch: int,
) -> dict[str, Callable[[], object]]:
    """Guided denoising, plain and personalised; the solver's own arithmetic is left out.

    The network acts in every step, on guidance's conditional branch; done naively on both.
    """
    dtype = DTYPES[config.dtype]
    network = nn.Module.to(copy.deepcopy(network), dtype)
    images = noisy_images_for(unet, network, batch, device, config.side_px, dtype)
    plain = partial(_denoise, unet, images, config.steps)

    # A fresh source per generation, so the store's own part is paid for, too.
    return {
        "inference_plain": lambda: plain(None),
        "inference_perfusion": lambda: plain(ScheduledResiduals(network, images.user_features[:1])),
        "inference_perfusion_naive": partial(_denoise_naively, unet, network, images, config.steps),
    }


@torch.no_grad()
def _denoise(
    unet: UNet2DConditionModel,
    images: NoisyImages,
    steps: int,
    residuals: ScheduledResiduals | None,
) -> None:
    predict = guided_predictor(
        unet, images.prompt_embeds, torch.zeros_like(images.prompt_embeds), 3.0, residuals
    )
    for timestep in _timesteps(steps, images.target.device):
        predict(images.noisy_latents, timestep)


def _timesteps(steps: int, device: torch.device) -> list[Tensor]:
    """From pure noise down, as a solver with trailing spacing takes them."""
    return [torch.tensor(999 - 1000 * step // steps, device=device) for step in range(steps)]


@torch.no_grad()
def _denoise_naively(
    unet: UNet2DConditionModel,
    network: PersonalisedAdaptiveNetwork,
    images: NoisyImages,
    steps: int,
) -> None:
    """At every step, on both branches of guidance."""
    latents = torch.cat([images.noisy_latents] * 2)
    text = torch.cat([torch.zeros_like(images.prompt_embeds), images.prompt_embeds])
    user_latents = network.user_latents(images.user_features[:1])
    for timestep in _timesteps(steps, latents.device):
        residuals = network(latents, timestep, text, user_latents)
        unet(
            latents,
            timestep,
            text,
            down_block_additional_residuals=residuals.skips,
            mid_block_additional_residual=residuals.middle,
        )


def _in_turn(
    steps: Mapping[str, Callable[[], object]], repeats: int, device: torch.device
) -> dict[str, list[float]]:
    """Seconds of each step, `repeats` times, one kind after the other in every turn."""
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(repeats + 1):
        for name, step in steps.items():
            _synchronise(device)
            started = time.perf_counter()
            step()
            _synchronise(device)
            if turn:  # the first one warms the machine up
                seconds[name].append(time.perf_counter() - started)
    return seconds


def _unet(size: str, checkpoint: Path) -> UNet2DConditionModel:
    """A U-Net with random weights."""
    if size == "sd15-half":
        return UNet2DConditionModel(**SD15_HALF)
    if size == ATELIER:
        trained = load_component(checkpoint, "unet")
        return UNet2DConditionModel.from_config(trained.config)
    if size in SHAPES:
        return random_unet(SHAPES[size])
    known = ", ".join(["atelier", "sd15-half", *SHAPES])
    raise SettingsError(f"There is no size {size!r}. Choose among {known}.")


def _batches(text: str) -> list[int]:
    parts = text.split(",")
    if not all(part.isdecimal() and int(part) for part in parts):
        raise SettingsError(f"--batches are whole numbers with commas, such as 1,4, not {text!r}.")
    return [int(part) for part in parts]


def _prefix(size: str, dtype: str, batch: int) -> str:
    """What a size's figures begin with; precision and batch are named where they are not usual."""
    parts = [size.replace("-", "_")]
    parts += [dtype] if dtype != "float32" else []
    parts += [f"batch_{batch}"] if batch else []
    return "_".join(parts)


def _device(name: str) -> str:
    if name != "auto":
        return name
    return "cuda" if torch.cuda.is_available() else "cpu"


def _synchronise(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def _kept_mib(step: TrainingStep) -> float:
    """What an update holds at once: weights, gradients, the optimiser's moments, activations.

    Counted, not watched, so that it is the same on every machine; temporary results that no
    backward pass needs are left out.
    """
    kept: dict[int, int] = {}
    weights = {weight.data_ptr() for model in step.models for weight in model.parameters()}

    def remember(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(remember, lambda tensor: tensor):
        step()
    own = [weight for model in step.models for weight in model.parameters()]
    fixed = sum(w.numel() * w.element_size() * (4 if w.requires_grad else 1) for w in own)
    return (fixed + sum(kept.values())) / 2**20


def _gpu_peak_mib(step: Callable[[], object], device: torch.device) -> float:
    """The most that the GPU holds at once beyond what lies there already."""
    torch.cuda.reset_peak_memory_stats(device)
    before = torch.cuda.memory_allocated(device)
    step()
    return (torch.cuda.max_memory_allocated(device) - before) / 2**20
