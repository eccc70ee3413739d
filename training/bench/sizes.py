"""Whether the models at full size fit and run: weights, one drawing, one scoring, one update."""

import argparse
import gc
import resource
import sys
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import torch
from transformers import CLIPTokenizer

from studio.domain import GenerationRequest
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.checkpoint import load_component
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.generator import Generator
from studio.perfusion.profile import FASHION_SCHEMA, Profile
from training.bench.shapes import (
    Shapes,
    random_clip,
    random_pipeline,
    random_reward_model,
    random_second_text_encoder,
    random_text_encoder,
    random_unet,
    random_vae,
    shapes_of,
    weights_of,
)
from training.bench.updates import IMAGES_PER_GROUP, TrainingStep, noisy_images_for
from training.config import PerFusionConfig
from training.losses.objective import GroupPreference
from training.policy import AdaptivePolicy, checkpoint_activations
from training.results import RESULTS, Figure, write_results

PUBLISHED_WEIGHTS = {
    "unet": 859_520_964,
    "vae": 83_653_863,
    "text_encoder": 123_060_480,
    "clip": 986_109_441,
    "adaptive_network_copies": 361_279_120 - 1_086_480,
}
"""Of Stable Diffusion 1.5 and CLIP-H; the last line is ControlNet for Stable Diffusion 1.5 less the
embedding of its picture condition, which is what a copy of 12 blocks and a middle amounts to."""
STORE = Profile.of(style=["minimalist"])
PROMPT = "dress, v-neck"
PUBLISHED_WEIGHTS_XL = {
    "unet": 2_567_463_684,
    "vae": 83_653_863,
    "text_encoder": 123_060_480,
    "text_encoder_2": 694_659_840,
    "clip": 986_109_441,
}
"""Of Stable Diffusion XL base 1.0 and CLIP-H."""
_PUBLISHED = {"sd15": PUBLISHED_WEIGHTS, "sdxl": PUBLISHED_WEIGHTS_XL}
_HELD = {
    "draw": {"unet": 1, "vae": 1, "text_encoder": 1, "text_encoder_2": 1, "adaptive_network": 1},
    "score": {"clip": 1},
    "train": {"unet": 1, "adaptive_network": 4},  # its gradients and two moments, too
}
"""Part -> how often it holds as many numbers as each model has weights, in single precision."""
_ROOM = 1.2
"""A part's work needs room beside its weights."""
_PEAK, _RESTART = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_MEMORY = Path("/proc/meminfo")


@dataclass(frozen=True, kw_only=True)
class SizesBench:
    """What is measured.

    Attributes:
        size: "sd15" or "sdxl"; "small" or "small-xl" to rehearse.
        side_px: of the drawn square image.
        steps: denoising steps of the drawing.
        tokenizer: checkpoint folder whose tokenizer is used; its words don't matter here.
        results: folder of the result files.
    """

    size: str = "sd15"
    side_px: int = 256
    steps: int = 2
    tokenizer: Path = Path("checkpoints/atelier")
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.bench sizes`."""
    default = SizesBench()
    parser.add_argument("--size", default=default.size)
    parser.add_argument("--side-px", type=int, default=default.side_px)
    parser.add_argument("--steps", type=int, default=default.steps)
    parser.add_argument("--tokenizer", type=Path, default=default.tokenizer)
    parser.add_argument("--results", type=Path, default=default.results)


def from_options(options: argparse.Namespace) -> SizesBench:
    """The parsed command line as a configuration."""
    return SizesBench(**{name: getattr(options, name) for name in asdict(SizesBench())})


def run(config: SizesBench, command: str) -> dict[str, Figure]:
    """Count, draw, score and train, one after the other, and write the result file.

    Everything is on the CPU in single precision. One part's models are gone before the next
    part's are made, so the peak is that of the largest part. A part whose weights fill the
    memory that is free is left out, and a line says so.

    Raises:
        StudioError: there is no such size, or no tokenizer.
    """
    shapes = shapes_of(config.size)
    tokenizer = load_component(config.tokenizer, "tokenizer")
    counts = counted(shapes)
    sys.stdout.write(as_lines(counts))
    needed = needed_mib(counts)
    fitting = [name for name, needs in needed.items() if _ROOM * needs <= free_mib()]
    for name in needed.keys() - set(fitting):
        sys.stdout.write(
            f"{name}: left out, its weights alone take {needed[name]:,.0f} MiB, and "
            f"{free_mib():,.0f} MiB are free\n"
        )
    taken = measured(shapes, config, tokenizer, fitting)
    held = {f"{name}_weights_mib": value for name, value in needed.items()}
    figures = {name: Figure.exact(value) for name, value in {**counts, **held, **taken}.items()}
    figures["threads"] = Figure.exact(torch.get_num_threads())
    write_results(config.size, command, [0], figures, config.results)
    return figures


def counted(shapes: Shapes) -> dict[str, float]:
    """Weights of every model, beside the published numbers where the shapes are theirs."""
    with torch.device("meta"):  # shapes only
        unet = random_unet(shapes)
        network = PersonalisedAdaptiveNetwork(
            dict(unet.config), FASHION_SCHEMA.to_json(), _pair(unet.config.sample_size)
        )
        counts = {
            "unet": weights_of(unet),
            "vae": weights_of(random_vae(shapes)),
            "text_encoder": weights_of(random_text_encoder(shapes)),
            "clip": weights_of(random_clip(shapes)),
            "adaptive_network_copies": weights_of(network.encoder)
            + weights_of(network.outgoing_skips)
            + weights_of(network.outgoing_middle),
            "adaptive_network": weights_of(network),
        }
        second = random_second_text_encoder(shapes)
        if second is not None:
            counts["text_encoder_2"] = weights_of(second)
    figures: dict[str, float] = {f"{name}_weights": count for name, count in counts.items()}
    for size, published in _PUBLISHED.items():
        if shapes is shapes_of(size):
            figures |= {f"{name}_published": count for name, count in published.items()}
    figures["adaptive_network_copied_blocks"] = len(network.outgoing_skips)
    return figures


def as_lines(counts: Mapping[str, float]) -> str:
    """Every model's weights, to the last one, beside the published number where there is one."""
    lines = []
    for key, count in counts.items():
        if key.endswith("_weights"):
            name = key.removesuffix("_weights")
            published = counts.get(f"{name}_published")
            beside = "" if published is None else f", published {published:,.0f}"
            lines.append(f"{name}: {count:,.0f}{beside}\n")
    return "".join(lines)


def needed_mib(counts: Mapping[str, float]) -> dict[str, float]:
    """Part -> what its weights take, in single precision; of a training, moments as well."""
    return {
        part: sum(4 * times * counts.get(f"{model}_weights", 0) for model, times in held.items())
        / 2**20
        for part, held in _HELD.items()
    }


def free_mib() -> float:
    """Memory that can be had, where the system tells (Linux); else without end."""
    if _MEMORY.exists():
        for line in _MEMORY.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) / 2**10
    return float("inf")


def measured(
    shapes: Shapes, config: SizesBench, tokenizer: CLIPTokenizer, names: Collection[str]
) -> dict[str, float]:
    """Seconds and peak memory of one drawing, one scoring and one update: of those named."""
    parts: Mapping[str, Callable[[], Callable[[], object]]] = {
        "draw": partial(_drawing, shapes, config, tokenizer),
        "score": partial(_scoring, shapes, config, tokenizer),
        "train": partial(_update, shapes, config),
    }
    figures: dict[str, float] = {}
    for name in names:
        gc.collect()
        _restart_peak()
        torch.manual_seed(0)
        part = parts[name]()
        started = time.perf_counter()
        part()
        figures[f"{name}_s"] = time.perf_counter() - started
        figures[f"{name}_peak_mib"] = _peak_mib()
        del part
    peaks = [figures[f"{name}_peak_mib"] for name in names]
    return figures | ({"peak_mib": max(peaks)} if peaks else {})


def _drawing(shapes: Shapes, config: SizesBench, tokenizer: CLIPTokenizer) -> Callable[[], object]:
    """A guided drawing for a store: text tower, U-Net, adaptive network and autoencoder."""
    pipeline = random_pipeline(shapes, tokenizer)
    pipeline.register_modules(
        adaptive_network=PersonalisedAdaptiveNetwork.from_unet(pipeline.unet, FASHION_SCHEMA)
    )
    defaults = GenerationDefaults(
        height_px=config.side_px,
        width_px=config.side_px,
        num_inference_steps=config.steps,
        candidates_per_pass=1,
    )
    request = GenerationRequest(prompt=PROMPT, num_candidates=1)
    return lambda: Generator(pipeline, defaults).generate(request, profile=STORE)


def _scoring(shapes: Shapes, config: SizesBench, tokenizer: CLIPTokenizer) -> Callable[[], object]:
    """One image for one store: the general and the store's own score."""
    model = random_reward_model(shapes, tokenizer, FASHION_SCHEMA)
    image = torch.rand(1, 3, config.side_px, config.side_px)
    return lambda: model.score(image, PROMPT, STORE)


def _update(shapes: Shapes, config: SizesBench) -> Callable[[], object]:
    """One update of the adaptive network on one group, activations recomputed."""
    unet = random_unet(shapes)
    network = PersonalisedAdaptiveNetwork.from_unet(unet, FASHION_SCHEMA)
    checkpoint_activations(network, unet)
    return TrainingStep(
        network,
        (unet,),
        AdaptivePolicy(unet),
        GroupPreference(PerFusionConfig().beta),
        None,
        noisy_images_for(unet, network, IMAGES_PER_GROUP, torch.device("cpu"), config.side_px),
        torch.optim.AdamW(network.parameters(), lr=0.0, weight_decay=0.0),
    )


def _pair(size: int | tuple[int, int]) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else (size[0], size[1])


def _restart_peak() -> None:
    """Forget the highest memory so far, where the system can (Linux)."""
    if _RESTART.exists():
        _RESTART.write_text("5", encoding="ascii")


def _peak_mib() -> float:
    if _PEAK.exists():
        for line in _PEAK.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
