"""Published scorers on an export of rounds: do they see what the stores ticked?

Each scorer is fetched once from the hub, or opened from a folder; see `training.hub_scorers`.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.domain import SettingsError
from studio.perfusion.sources import CHECKPOINTS, fetch
from training.data.groups import Round, informative, read_rounds, split_of
from training.hub_scorers import PUBLISHED, HubScorer
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
        most: rounds at most, the first ones of the test part.
        licences_accepted: whether models may be downloaded.
        results: folder of the result files.
    """

    rounds: Path
    scorers: dict[str, str]
    most: int = 1_000
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
    parser.add_argument("--most", type=int, default=PublishedEvaluation.most)
    parser.add_argument("--accept-licences", action="store_true")
    parser.add_argument("--results", type=Path, default=RESULTS)


def from_options(options: argparse.Namespace) -> PublishedEvaluation:
    """The parsed command line as a configuration."""
    return PublishedEvaluation(
        rounds=options.rounds,
        scorers=dict(_named(text) for text in options.scorer),
        most=options.most,
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
    for name, folder in folders.items():
        scorer = HubScorer(PUBLISHED[name].open(folder), config.rounds)
        figures |= _figures(name, scorer, rounds)
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
