"""What personalisation costs: training steps and denoising steps, in one run.

The paper's Table 4, rebuilt: a training step of plain fine-tuning, Diffusion-DPO and PerFusion,
and a guided denoising step without and with a store, with random weights. Everything is measured
in turn, so that all meet the same machine, and compared as ratios of the same turn.
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
from studio.perfusion.adaptive_schedule import (
    DEFAULT_SCHEDULE,
    EVERY_STEP,
    AdaptiveSchedule,
    ScheduledResiduals,
)
from studio.perfusion.checkpoint import load_component
from studio.perfusion.profile import FASHION_SCHEMA, Profile
from studio.perfusion.sampling import guided_predictor
from studio.perfusion.user_encoder import stack_profiles
from training.config import PerFusionConfig
from training.data.noisy import NoisyImages
from training.losses.objective import GroupPreference, Objective, PairPreference, Supervised
from training.policy import (
    AdaptivePolicy,
    Policy,
    Predictions,
    Shares,
    UnetPolicy,
    accumulate_gradients,
)
from training.results import RESULTS, Figure, bootstrap, write_results

CANDIDATES = 4
"""Images of a group; two of them make Diffusion-DPO's pair, so both see as many images."""
SD15_HALF: dict[str, Any] = {
    "sample_size": 32,
    "block_out_channels": (160, 320, 640, 640),
    "cross_attention_dim": 384,
    "norm_num_groups": 32,
}
"""Stable Diffusion 1.5's blocks with half the channels, for images of 256 px; all else is
diffusers' default, which is Stable Diffusion 1.5's."""
EPOCHS_OF_A_RUN = 27
"""Times that the default run meets each of 200 rounds: 900 updates of 6."""
RATIOS = {
    "train_step_vs_dpo_kept": ("train_perfusion", "train_dpo"),
    "train_step_vs_dpo_first": ("train_perfusion_first", "train_dpo"),
    "train_step_vs_dpo_naive": ("train_perfusion_naive", "train_dpo"),
    "train_step_vs_plain": ("train_perfusion", "train_plain"),
    "inference_vs_plain": ("inference_perfusion", "inference_plain"),
    "inference_vs_plain_every_step": ("inference_perfusion_every_step", "inference_plain"),
    "inference_vs_plain_naive": ("inference_perfusion_naive", "inference_plain"),
}
"""Figure -> which time over which."""


@dataclass(frozen=True, kw_only=True)
class CostBench:
    """What is measured.

    Attributes:
        checkpoint: whose U-Net gives the atelier's structure.
        sizes: "atelier", "sd15-half", or both with a comma.
        groups: of four images in a training step.
        candidates: of a denoising step.
        steps: denoising steps of a generation, over which the schedule is averaged.
        repeats: measurements, after one that is not counted.
        device: "auto", "cpu", "cuda" ...
        results: folder of the result files.
    """

    checkpoint: Path = Path("checkpoints/atelier")
    sizes: str = "atelier,sd15-half"
    groups: int = 1
    candidates: int = 2
    steps: int = 4
    repeats: int = 3
    device: str = "auto"
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.bench cost`."""
    default = CostBench()
    parser.add_argument("--checkpoint", type=Path, default=default.checkpoint)
    parser.add_argument("--sizes", default=default.sizes)
    parser.add_argument("--groups", type=int, default=default.groups)
    parser.add_argument("--candidates", type=int, default=default.candidates)
    parser.add_argument("--steps", type=int, default=default.steps)
    parser.add_argument("--repeats", type=int, default=default.repeats)
    parser.add_argument("--device", default=default.device)
    parser.add_argument("--results", type=Path, default=default.results)


def from_options(options: argparse.Namespace) -> CostBench:
    """The parsed command line as a configuration."""
    return CostBench(**{name: getattr(options, name) for name in asdict(CostBench())})


def run(config: CostBench, command: str) -> dict[str, Figure]:
    """Measure all sizes and write the result file.

    The first size's `train_step_vs_dpo` and `inference_vs_plain` are also there without a prefix.

    Raises:
        StudioError: the checkpoint has no U-Net, or a size isn't known.
    """
    device = torch.device(_device(config.device))
    figures: dict[str, Figure] = {}
    for size in config.sizes.split(","):
        measured = measure(_unet(size, config.checkpoint), config, device)
        prefix = size.replace("-", "_")
        if not figures:
            figures |= {key: measured[key] for key in ("train_step_vs_dpo", "inference_vs_plain")}
        figures |= {f"{prefix}_{name}": figure for name, figure in measured.items()}
    figures["threads"] = Figure.exact(torch.get_num_threads())
    write_results("cost", command, [0], figures, config.results)
    return figures


def measure(
    unet: UNet2DConditionModel, config: CostBench, device: torch.device
) -> dict[str, Figure]:
    """Times in seconds and their ratios for one U-Net."""
    torch.manual_seed(0)
    unet = unet.to(device).eval().requires_grad_(False)
    network = PersonalisedAdaptiveNetwork.from_unet(unet, FASHION_SCHEMA).to(device)
    training = _training_steps(unet, network, config, device)
    steps: dict[str, Callable[[], object]] = {
        **training,
        **_denoising_steps(unet, network, config, device),
    }
    seconds = _in_turn(steps, config.repeats, device)
    figures = {f"{name}_s": bootstrap(times) for name, times in seconds.items()}
    for name, (one, other) in RATIOS.items():
        ratios = [a / b for a, b in zip(seconds[one], seconds[other], strict=True)]
        figures[name] = bootstrap(ratios)
    figures["train_step_vs_dpo"] = _over_a_run(seconds)
    for name, step in training.items():
        figures[f"{name}_memory_mib"] = Figure.exact(_kept_mib(step))
    figures["unet_million_weights"] = Figure.exact(_millions(unet))
    figures["adaptive_network_million_weights"] = Figure.exact(_millions(network))
    return figures


def _over_a_run(seconds: Mapping[str, list[float]]) -> Figure:
    """PerFusion's step over Diffusion-DPO's, the mean over a default run.

    A round meets each of its draws several times, and only the first time computes the reference.
    """
    first = min(1.0, PerFusionConfig().draws_per_round / EPOCHS_OF_A_RUN)
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


@dataclass(frozen=True)
class TrainingStep:
    """A whole update, optimiser included.

    Attributes:
        model: what is trained.
        frozen: what else has to be in memory.
        policy: what `model` means.
        objective: what is minimised.
        reference: (M,) reference errors, or None to compute them.
        images: of the update.
        optimiser: over the model's weights.
    """

    model: nn.Module
    frozen: tuple[nn.Module, ...]
    policy: Policy
    objective: Objective
    reference: Tensor | None
    images: NoisyImages
    optimiser: torch.optim.Optimizer

    @property
    def models(self) -> tuple[nn.Module, ...]:
        """All networks of the step."""
        return (self.model, *self.frozen)

    def __call__(self) -> None:
        """Do it."""
        count = len(self.images)
        places = torch.arange(count, device=self.images.target.device)
        groups = count // CANDIDATES
        chosen = places % CANDIDATES < CANDIDATES // 2
        shares = Shares((CANDIDATES,) * groups, chosen, groups)
        predict = partial(self.policy.predict, self.model)
        accumulate_gradients(predict, self.images, self.reference, self.objective, shares, count)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)


def _training_steps(
    unet: UNet2DConditionModel,
    network: PersonalisedAdaptiveNetwork,
    config: CostBench,
    device: torch.device,
) -> dict[str, TrainingStep]:
    images = _images(unet, network, config.groups * CANDIDATES, device)
    own = copy.deepcopy(unet).requires_grad_(True)
    network.requires_grad_(True)
    known = torch.ones(len(images), device=device)
    beta = PerFusionConfig().beta
    ours, dpo = GroupPreference(beta), PairPreference(beta)
    # Rates of zero: what is timed has to stay what it is.
    tuned = torch.optim.AdamW(own.parameters(), lr=0.0, weight_decay=0.0)
    adapted = torch.optim.AdamW(network.parameters(), lr=0.0, weight_decay=0.0)
    whole, shared, separate = UnetPolicy(unet), AdaptivePolicy(unet), SeparatePolicy(unet)
    both = (unet,)
    return {
        "train_plain": TrainingStep(own, (), whole, Supervised(), known, images, tuned),
        "train_dpo": TrainingStep(own, both, whole, dpo, None, images, tuned),
        "train_perfusion": TrainingStep(network, both, shared, ours, known, images, adapted),
        "train_perfusion_first": TrainingStep(network, both, shared, ours, None, images, adapted),
        "train_perfusion_naive": TrainingStep(network, both, separate, ours, None, images, adapted),
    }


def _denoising_steps(
    unet: UNet2DConditionModel,
    network: PersonalisedAdaptiveNetwork,
    config: CostBench,
    device: torch.device,
) -> dict[str, Callable[[], object]]:
    """Guided denoising, plain and personalised; the solver's own arithmetic is left out."""
    images = _images(unet, network, config.candidates, device)
    plain = partial(_denoise, unet, images, config.steps)

    def personalised(schedule: AdaptiveSchedule) -> Callable[[], object]:
        # A fresh source per generation, so the store's own part is paid for, too.
        features = images.user_features[:1]
        return lambda: plain(ScheduledResiduals(network, features, 1.0, schedule))

    return {
        "inference_plain": lambda: plain(None),
        "inference_perfusion": personalised(DEFAULT_SCHEDULE),
        "inference_perfusion_every_step": personalised(EVERY_STEP),
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
    for step in range(steps):
        predict(images.noisy_latents, torch.tensor(999 - step, device=images.target.device))


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
    for step in range(steps):
        timestep = torch.tensor(999 - step, device=latents.device)
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


def _images(
    unet: UNet2DConditionModel,
    network: PersonalisedAdaptiveNetwork,
    count: int,
    device: torch.device,
) -> NoisyImages:
    size = unet.config.sample_size
    height, width = (size, size) if isinstance(size, int) else size
    shape = (count, unet.config.in_channels, height, width)
    text_width = unet.config.encoder_hid_dim or unet.config.cross_attention_dim
    features = stack_profiles([network.schema.encode(Profile.of(style=["minimalist"]))])
    return NoisyImages(
        torch.randn(shape, device=device),
        torch.full((count,), 500, device=device),
        torch.randn(count, 77, text_width, device=device),
        features.expand(count, -1, -1).to(device),
        torch.randn(shape, device=device),
    )


def _unet(size: str, checkpoint: Path) -> UNet2DConditionModel:
    """A U-Net with random weights."""
    if size == "sd15-half":
        return UNet2DConditionModel(**SD15_HALF)
    if size == "atelier":
        trained = load_component(checkpoint, "unet")
        return UNet2DConditionModel.from_config(trained.config)
    raise SettingsError(f"There is no size {size!r}. Choose atelier, sd15-half, or both.")


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


def _millions(model: nn.Module) -> float:
    return sum(weight.numel() for weight in model.parameters()) / 1e6
