"""How long a group takes, split into text tower, U-Net and decoder, and scoring it, in one run."""

import argparse
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from PIL import Image

from studio.domain import MAX_CANDIDATES, GenerationRequest
from studio.perfusion.generator import GeneratedGroup, Generator
from studio.perfusion.pictures import to_images
from studio.perfusion.profile import Profile
from studio.perfusion.reward_model import PerFusionRM
from studio.perfusion.scoring import load_reward_model
from training.results import RESULTS, Figure, bootstrap, write_results

STORE = Profile.of(style=["minimalist"], season="autumn")
PROMPT = "dress, v-neck, slim-fit, long sleeves, long-hair model"


@dataclass(frozen=True, kw_only=True)
class GenerateBench:
    """What is measured.

    Attributes:
        checkpoint: checkpoint folder.
        prompt: phrases that the checkpoint knows.
        candidates: images of a group.
        repeats: groups that are measured, each with other seeds, after one that is not.
        threads: for a CPU; 0 leaves it to torch.
        device: "auto", "cpu", "cuda" ...
        results: folder of the result files.
    """

    checkpoint: Path = Path("checkpoints/atelier")
    prompt: str = PROMPT
    candidates: int = 8
    repeats: int = 5
    threads: int = 0
    device: str = "auto"
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.bench generate`."""
    default = GenerateBench()
    parser.add_argument("--checkpoint", type=Path, default=default.checkpoint)
    parser.add_argument("--prompt", default=default.prompt)
    parser.add_argument(
        "--candidates",
        type=int,
        default=default.candidates,
        choices=range(1, MAX_CANDIDATES + 1),
        metavar=f"1..{MAX_CANDIDATES}",
    )
    parser.add_argument("--repeats", type=int, default=default.repeats)
    parser.add_argument("--threads", type=int, default=default.threads)
    parser.add_argument("--device", default=default.device)
    parser.add_argument("--results", type=Path, default=default.results)


def from_options(options: argparse.Namespace) -> GenerateBench:
    """The parsed command line as a configuration."""
    return GenerateBench(**{name: getattr(options, name) for name in asdict(GenerateBench())})


def run(config: GenerateBench, command: str) -> dict[str, Figure]:
    """Measure the checkpoint's generator and write the result file.

    Raises:
        StudioError: the checkpoint can't be read, or the prompt can't be drawn.
    """
    generator = Generator.load(config.checkpoint, device=config.device, threads=config.threads)
    reward_model = load_reward_model(config.checkpoint, device=config.device)
    figures = measure(generator, config, reward_model)
    seeds = range(config.candidates * (config.repeats + 1))
    write_results("generate", command, seeds, figures, config.results)
    return figures


def measure(
    generator: Generator, config: GenerateBench, reward_model: PerFusionRM | None = None
) -> dict[str, Figure]:
    """Time groups without and with previews, in turn, so that both meet the same machine.

    With a reward model each group is scored as well, for a store that it met before.
    """
    plain, watched, scored = [], [], []
    for repeat in range(config.repeats + 1):
        request = GenerationRequest(
            prompt=config.prompt,
            num_candidates=config.candidates,
            seed=repeat * config.candidates,
        )
        groups = generator.generate(request), generator.generate(request, on_step=_watch)
        if repeat:  # the first one warms the machine up
            plain.append(groups[0])
            watched.append(groups[1])
        if reward_model is not None:
            seconds = _scoring_seconds(reward_model, groups[0])
            scored += [seconds] if repeat else []
    return {
        **(_scoring(scored, plain) if scored else {}),
        **_seconds(plain, ""),
        **_seconds(watched, "watched_"),
        "images": Figure.exact(config.candidates),
        "steps": Figure.exact(plain[0].num_inference_steps),
        "threads": Figure.exact(torch.get_num_threads()),
    }


def _seconds(groups: list[GeneratedGroup], prefix: str) -> dict[str, Figure]:
    timings = [group.timings for group in groups]
    parts = {
        f"{prefix}{name}": bootstrap([getattr(each, name) for each in timings])
        for name in ("total_s", "text_s", "unet_s", "decoder_s")
    }
    share = bootstrap([each.decoder_s / each.total_s for each in timings])
    return {**parts, f"{prefix}decoder_share": share}


def _scoring_seconds(reward_model: PerFusionRM, group: GeneratedGroup) -> float:
    started = time.perf_counter()
    images = to_images([candidate.image for candidate in group.candidates])
    reward_model.score(images, group.prompt, STORE).total.tolist()  # waits for a GPU, too
    return time.perf_counter() - started


def _scoring(seconds: list[float], groups: list[GeneratedGroup]) -> dict[str, Figure]:
    shares = [each / group.timings.total_s for each, group in zip(seconds, groups, strict=True)]
    return {"scoring_s": bootstrap(seconds), "scoring_share": bootstrap(shares)}


def _watch(step: int, total: int, previews: list[Image.Image] | None) -> None:
    """A callback that looks at nothing: previews are made all the same."""
