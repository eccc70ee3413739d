"""Published scorers on an export of rounds: what do they see in it, and in generators?

They say how well they order the stores' test rounds, and what they think of images that generators
draw for the same prompts. Scorers and generators are fetched once from the hub, or opened from
folders; see `training.hub_scorers` and `studio.perfusion.sources`.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from studio.domain import GenerationRequest, SettingsError
from studio.perfusion.config import BASELINES
from studio.perfusion.generator import Generator
from studio.perfusion.sources import CHECKPOINTS, checkpoint_folder, fetch
from training.data.groups import Round, informative, read_rounds, split_of
from training.hub_scorers import PUBLISHED, HubScorer, Judge
from training.metrics import bootstrap_over_stores
from training.results import RESULTS, Figure, bootstrap, write_results
from training.scorers import measure

NAME = "published"


@dataclass(frozen=True, kw_only=True)
class PublishedEvaluation:
    """Who judges what.

    Attributes:
        rounds: export that is judged.
        scorers: name -> its folder; an empty one is fetched.
        generators: name -> checkpoint folder, hub id or preset's name.
        most: rounds at most, the first ones of the test part.
        prompts: of those rounds, that generators draw.
        steps: denoising steps; 0 takes each checkpoint's own.
        licences_accepted: whether models may be downloaded.
        results: folder of the result files.
    """

    rounds: Path
    scorers: dict[str, str]
    generators: dict[str, str] = field(default_factory=dict)
    most: int = 1_000
    prompts: int = 100
    steps: int = 0
    licences_accepted: bool = False
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.evaluate published`."""
    parser.add_argument("--rounds", type=Path, required=True, metavar="EXPORT")
    parser.add_argument(
        "--scorer",
        action="append",
        required=True,
        metavar="NAME[=FOLDER]",
        help=f"{', '.join(PUBLISHED)}; repeatable",
    )
    parser.add_argument(
        "--generator",
        action="append",
        default=[],
        metavar="NAME[=CHECKPOINT]",
        help=f"{', '.join(BASELINES)}, or a name with a folder or hub id; repeatable",
    )
    parser.add_argument("--most", type=int, default=PublishedEvaluation.most)
    parser.add_argument("--prompts", type=int, default=PublishedEvaluation.prompts)
    parser.add_argument("--steps", type=int, default=PublishedEvaluation.steps)
    parser.add_argument(
        "--accept-licences", action="store_true", help="you read the models' licences"
    )
    parser.add_argument("--results", type=Path, default=RESULTS)


def from_options(options: argparse.Namespace) -> PublishedEvaluation:
    """The parsed command line as a configuration."""
    return PublishedEvaluation(
        rounds=options.rounds,
        scorers=dict(_named(text) for text in options.scorer),
        generators=dict(_named(text) for text in options.generator),
        most=options.most,
        prompts=options.prompts,
        steps=options.steps,
        licences_accepted=options.accept_licences,
        results=options.results,
    )


def _named(text: str) -> tuple[str, str]:
    name, _, folder = text.partition("=")
    return name, folder


def run(config: PublishedEvaluation, command: str) -> dict[str, Figure]:
    """Judge and write the result file.

    Raises:
        StudioError: a scorer isn't known, can't be had, or the export can't be read.
    """
    folders = {name: folder_of(name, given, config) for name, given in config.scorers.items()}
    export = informative(read_rounds(config.rounds))
    rounds = [each for each in export.rounds if split_of(each) == "test"][: config.most]
    if not rounds:
        raise SettingsError(f"{config.rounds} has no test rounds: {export.report()}.")
    figures: dict[str, Figure] = {"rounds": Figure.exact(len(rounds))}
    judges = {name: PUBLISHED[name].open(folder) for name, folder in folders.items()}
    for name, judge in judges.items():
        figures |= _figures(name, HubScorer(judge, config.rounds), rounds)
    for name, checkpoint in config.generators.items():
        figures |= _of_generator(name, checkpoint, judges, rounds, config)
    write_results(NAME, command, [0], figures, config.results)
    return figures


def folder_of(name: str, given: str, config: PublishedEvaluation) -> Path:
    """A scorer's folder, fetched if it isn't there.

    Raises:
        SettingsError: there is no such scorer, or it is published as a pickle only.
        LicenceError: it is to be fetched, and its licence was not accepted yet.
    """
    if name not in PUBLISHED:
        raise SettingsError(f"There is no scorer {name!r}. Choose among {', '.join(PUBLISHED)}.")
    preset = PUBLISHED[name].preset(name)
    folder = Path(given) if given else CHECKPOINTS / preset.name
    if not folder.exists() and preset.hub_models and not given:
        fetch(preset, folder, licences_accepted=config.licences_accepted)
    if not folder.exists():
        raise SettingsError(
            f"There is no folder {folder}. {name} needs its weights as safetensors there; the "
            "layout stands in training/hub_scorers.py. Then name it: "
            f"--scorer {name}=FOLDER."
        )
    return folder


def _of_generator(
    name: str,
    checkpoint: str,
    judges: Mapping[str, Judge],
    rounds: list[Round],
    config: PublishedEvaluation,
) -> dict[str, Figure]:
    """What the scorers think of a generator: one image for each of the first prompts.

    The same seeds for all generators; one with an adaptive network draws for the round's store.
    """
    named = Path(checkpoint) if checkpoint else CHECKPOINTS / name
    generator = Generator.load(checkpoint_folder(named, licences_accepted=config.licences_accepted))
    scores: dict[str, list[float]] = {scorer: [] for scorer in judges}
    for seed, each in enumerate(rounds[: config.prompts]):
        request = GenerationRequest(
            prompt=each.prompt,
            num_candidates=1,
            seed=seed,
            num_inference_steps=config.steps or None,
        )
        drawn = generator.generate(request, preview_every=0, profile=each.profile)
        picture = np.asarray(drawn.candidates[0].image.convert("RGB"))
        for scorer, judge in judges.items():
            scores[scorer].append(float(judge.judge([picture], each.prompt)[0]))
    key = name.replace("-", "_")
    return {f"mean_{scorer}_of_{key}": bootstrap(found) for scorer, found in scores.items()}


def _figures(name: str, scorer: HubScorer, rounds: list[Round]) -> dict[str, Figure]:
    """MAP, GAUC, and what the scorer thinks of ticked and other images."""
    metrics = measure(scorer, rounds)
    scores = scorer.score(rounds)
    ticked = np.concatenate([np.array(each.labels) > 0.5 for each in rounds])
    flat = np.concatenate(scores)
    return {
        f"map_{name}": bootstrap_over_stores(metrics.average_precision, metrics.stores),
        f"gauc_{name}": bootstrap_over_stores(metrics.gauc, metrics.stores),
        f"mean_ticked_{name}": bootstrap(flat[ticked]),
        f"mean_others_{name}": bootstrap(flat[~ticked]),
    }
