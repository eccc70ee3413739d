"""How long a person waits for a round: eight scored tiles, and the first preview.

A round for a store, as the app makes it: a page asks for previews on the way, then scores come. Its
time is told apart into text tower, U-Net (the store's network with it), drawing and scoring.
"""

import argparse
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from studio.domain import MAX_CANDIDATES, GenerationRequest
from studio.perfusion.decoders import Preview
from studio.perfusion.generator import GeneratedGroup, GenerationTimings, Generator
from studio.perfusion.pictures import to_images
from studio.perfusion.profile import Profile
from studio.perfusion.reward_model import PerFusionRM
from studio.perfusion.scoring import load_reward_model
from training.results import RESULTS, Figure, bootstrap, write_results

_CONNECTIONS = 6
"""That a browser opens to one address."""
STORE = Profile.of(style=["minimalist"], season="autumn")
PROMPT = "dress, v-neck, slim-fit, long sleeves, long-hair model"


@dataclass(frozen=True, kw_only=True)
class GenerateBench:
    """What is measured.

    Attributes:
        checkpoint: checkpoint folder.
        prompt: phrases that the checkpoint knows.
        candidates: tiles of a round.
        repeats: rounds that are measured, each with other seeds, after one that is not.
        threads: for a CPU; 0 leaves it to torch.
        device: "auto", "cpu", "cuda" ...
        results: folder of the result files.
    """

    checkpoint: Path = Path("checkpoints/atelier")
    prompt: str = PROMPT
    candidates: int = 8
    repeats: int = 10
    threads: int = 0
    device: str = "auto"
    results: Path = RESULTS


@dataclass(frozen=True)
class Waited:
    """One round as a person waits for it, in seconds.

    Attributes:
        first_preview_s: until something can be seen; None where there were no previews.
        scoring_s: after the drawing; 0 where there is no reward model.
        timings: of the drawing, previews included.
    """

    first_preview_s: float | None
    scoring_s: float
    timings: GenerationTimings

    @property
    def grid_s(self) -> float:
        """Until all tiles and their scores are there."""
        return self.timings.total_s + self.scoring_s


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
    """Time rounds for a store, and rounds for nobody without previews and scores, in turn.

    So that both meet the same machine.
    """
    waited: list[Waited] = []
    bare_s: list[float] = []
    for repeat in range(config.repeats + 1):
        request = GenerationRequest(
            prompt=config.prompt,
            num_candidates=config.candidates,
            seed=repeat * config.candidates,
        )
        bare = generator.generate(request, preview_every=0)
        for_store = _wait(generator, request, reward_model)
        if repeat:  # the first one warms the machine up
            bare_s.append(bare.timings.total_s)
            waited.append(for_store)
    first_previews = [each.first_preview_s for each in waited if each.first_preview_s is not None]
    return {
        "grid_s": bootstrap([each.grid_s for each in waited]),
        **({"first_preview_s": bootstrap(first_previews)} if first_previews else {}),
        **_parts(waited, scored=reward_model is not None),
        "bare_s": bootstrap(bare_s),
        "tiles": Figure.exact(config.candidates),
        "height_px": Figure.exact(bare.candidates[0].image.height),
        "steps": Figure.exact(bare.num_inference_steps),
        "threads": Figure.exact(torch.get_num_threads()),
    }


def _wait(
    generator: Generator, request: GenerationRequest, reward_model: PerFusionRM | None
) -> Waited:
    started = time.perf_counter()
    lots: list[list[Future[float]]] = []
    with ThreadPoolExecutor(_CONNECTIONS) as page:

        def watch(step: int, total: int, previews: Sequence[Preview] | None) -> None:
            if previews:
                lots.append([page.submit(_seen, draw) for draw in previews])

        group = generator.generate(request, on_step=watch, profile=STORE)
        scoring_s = 0.0 if reward_model is None else _scoring_s(reward_model, group)
    first_s = max(each.result() for each in lots[0]) - started if lots else None
    return Waited(first_s, scoring_s, group.timings)


def _seen(draw: Preview) -> float:
    """Draw a preview; when it was there."""
    draw()
    return time.perf_counter()


def _scoring_s(reward_model: PerFusionRM, group: GeneratedGroup) -> float:
    started = time.perf_counter()
    images = to_images([candidate.image for candidate in group.candidates])
    reward_model.score(images, group.prompt, STORE).total.tolist()  # waits for a GPU, too
    return time.perf_counter() - started


def _parts(waited: Sequence[Waited], scored: bool) -> dict[str, Figure]:
    """Seconds of each part, and its share of the whole."""
    parts = {
        "text": [each.timings.text_s for each in waited],
        "unet": [each.timings.unet_s for each in waited],
        "drawing": [each.timings.decoder_s for each in waited],
    }
    if scored:
        parts["scoring"] = [each.scoring_s for each in waited]
    seconds = {f"{name}_s": bootstrap(values) for name, values in parts.items()}
    shares = {
        f"{name}_share": bootstrap(
            [part / each.grid_s for part, each in zip(values, waited, strict=True)]
        )
        for name, values in parts.items()
    }
    return {**seconds, **shares}
