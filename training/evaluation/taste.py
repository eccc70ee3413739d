"""Whether ticks count at once: what a few rounds teach of stores that training never saw.

Each store answers rounds of our own generator's designs. After some of them its taste is learnt as
the studio does it, and judged on rounds with other phrases and in new designs; once for stores
that tell of themselves, and once for the same stores telling nothing (`untold`). Rounds whose
designs explore a taste are compared with rounds by lot (`rounds_saved`).
"""

import argparse
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.design.phrasebook import Phrasebook
from studio.domain import StudioError
from studio.perfusion.generator import Generator
from studio.perfusion.profile import Profile
from studio.perfusion.scoring import load_reward_model
from training.atelier.oracle import Oracle
from training.atelier.own_designs import OwnDesigns
from training.config import ConfigError
from training.data.groups import read_rounds
from training.data.tiles import Draw, tile
from training.evaluation.progress import with_time_left
from training.evaluation.taste_exploring import exploring_figures
from training.evaluation.taste_figures import Judge, Known
from training.evaluation.taste_rounds import make_briefs, new_stores
from training.results import RESULTS, Figure, bootstrap, write_results

NAME = "taste"
COUNTS = (0, 1, 3, 5, 10, 20, 40)

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class TasteEvaluation:
    """What is measured, and where the figures go.

    Attributes:
        checkpoint: whose models learn.
        rounds: export of the market that they learnt from; its new stores are asked.
        oracle: the true tastes that belong to it.
        stores: of those, over all seeds together.
        for_tuning: ask the stores that settings are chosen with, in place of the reported ones.
        counts: rounds after which a taste is learnt.
        briefs: prompts that teach, for each seed.
        test_briefs: further ones, for judging.
        test_rounds: rounds that judge, for each store.
        prompts: that designs are made for.
        candidates: designs for each of them.
        seeds: of prompts, designs, noise and ticks; the stores are shared out among them.
        results: folder of the result files.
        draw: from a design to its picture.
    """

    checkpoint: Path = Path("checkpoints/atelier")
    rounds: Path = Path("runs/market")
    oracle: Path = Path("runs/oracle")
    stores: int = 24
    for_tuning: bool = False
    counts: tuple[int, ...] = COUNTS
    briefs: int = 16
    test_briefs: int = 10
    test_rounds: int = 24
    prompts: int = 3
    candidates: int = 4
    seeds: tuple[int, ...] = (0, 1, 2)
    results: Path = RESULTS
    draw: Draw = tile


_NUMBERS = ("stores", "briefs", "test_briefs", "test_rounds", "prompts", "candidates")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.evaluate taste`."""
    standard = TasteEvaluation()
    for name in ("checkpoint", "rounds", "oracle", "results"):
        default = getattr(standard, name)
        parser.add_argument(f"--{name}", type=Path, default=default, metavar="FOLDER")
    for name in _NUMBERS:
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=int, default=getattr(standard, name), metavar="COUNT")
    for name in ("counts", "seeds"):
        listed = ",".join(map(str, getattr(standard, name)))
        parser.add_argument(f"--{name}", default=listed, metavar="NUMBER,NUMBER")
    parser.add_argument("--for-tuning", action="store_true", help="ask the stores kept for tuning")


def from_options(options: argparse.Namespace) -> TasteEvaluation:
    """The parsed command line as a configuration.

    Raises:
        ConfigError: numbers that can't be used.
    """
    counts, seeds = _listed("--counts", options.counts), _listed("--seeds", options.seeds)
    numbers = {name: getattr(options, name) for name in _NUMBERS}
    too_few = min(numbers.values()) < 1 or numbers["candidates"] < 2
    if 0 not in counts or too_few or len(seeds) > numbers["stores"]:
        raise ConfigError(
            "The taste of stores is measured against 0 rounds, which --counts has to hold; all "
            "other numbers are at least 1, --candidates at least 2, and there is a store for each "
            "seed."
        )
    return TasteEvaluation(
        checkpoint=options.checkpoint,
        rounds=options.rounds,
        oracle=options.oracle,
        for_tuning=options.for_tuning,
        counts=tuple(sorted(counts)),
        seeds=seeds,
        results=options.results,
        **numbers,
    )


def run(config: TasteEvaluation, command: str) -> dict[str, Figure]:
    """Let stores answer, learn, judge, and write the result file.

    Returns:
        All figures that are in the file.

    Raises:
        StudioError: the checkpoint, the market or its oracle can't be used.
    """
    stores = new_stores(
        read_rounds(config.rounds),
        Oracle.load(config.oracle),
        config.stores,
        for_tuning=config.for_tuning,
    )
    generator = Generator.load(config.checkpoint)
    reward_model = load_reward_model(config.checkpoint)
    own = OwnDesigns(
        generator.pipeline, generator.defaults, _book_of(generator), config.checkpoint.name
    )
    measured: list[Mapping[str, float]] = []
    explored: dict[Known, list[tuple[list[float], list[float]]]] = {each: [] for each in Known}
    for turn, seed in enumerate(config.seeds):
        briefs = make_briefs(own, config.briefs + config.test_briefs, seed, config.draw)
        judge = Judge(generator, reward_model, briefs, config, seed)
        mine = stores[turn :: len(config.seeds)]
        for store in with_time_left(mine, len(mine), f"stores of seed {seed}"):
            told = judge.judge(store, Known.TOLD, store.profile)
            measured.append({**told, **judge.judge(store, Known.UNTOLD, Profile(()))})
            explored[Known.TOLD].append(judge.explore(store, store.profile))
            explored[Known.UNTOLD].append(judge.explore(store, Profile(())))
    figures = figures_of(measured, config.counts)
    for known, curves in explored.items():
        found = exploring_figures(*zip(*curves, strict=True))
        figures |= {f"{name}{known}": figure for name, figure in found.items()}
    figures["stores"] = Figure.exact(len(measured))
    figures["seeds"] = Figure.exact(len(config.seeds))
    write_results(NAME, command, config.seeds, figures, config.results)
    return figures


def figures_of(measured: Sequence[Mapping[str, float]], counts: Sequence[int]) -> dict[str, Figure]:
    """Means over stores with their intervals, and gains over 0 rounds store by store.

    Args:
        measured: for each store, `WHAT_COUNT` -> number.
        counts: rounds; the first is 0.
    """
    names = list(dict.fromkeys(key.rpartition("_")[0] for key in measured[0]))
    figures: dict[str, Figure] = {}
    for name in names:
        values = {
            count: np.array([each[f"{name}_{count}"] for each in measured])
            for count in counts
            if f"{name}_{count}" in measured[0]
        }
        figures |= {f"{name}_{count}": bootstrap(each) for count, each in values.items()}
        figures |= {
            f"gain_{name}_{count}": bootstrap(each - values[0])
            for count, each in values.items()
            if count and 0 in values
        }
    return figures


def _book_of(generator: Generator) -> Phrasebook:
    if generator.phrasebook is None:
        raise StudioError(
            "This checkpoint draws pictures, and simulated stores like designs. Name a checkpoint "
            "of designs, such as checkpoints/atelier."
        )
    return generator.phrasebook


def _listed(option: str, text: str) -> tuple[int, ...]:
    try:
        numbers = tuple(dict.fromkeys(int(each) for each in text.split(",")))
    except ValueError as error:
        raise ConfigError(f"{option} takes numbers between commas, not {text!r}.") from error
    if min(numbers) < 0:
        raise ConfigError(f"{option} takes numbers from 0 on.")
    return numbers
