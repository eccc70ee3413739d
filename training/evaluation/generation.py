"""Personalised generation, compared: which generator designs what the stores really like?

The same questions, phrases and noise, for every generator and store; judged by the stores' true
taste, in the designs themselves. The generators are those of `python -m training.generators`.
"""

import argparse
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from studio.domain import StudioError
from training.atelier.oracle import Oracle
from training.config import ConfigError
from training.data.groups import read_rounds
from training.evaluation.contenders import CONTENDERS, KEY_PHRASES, PERFUSION, PLAIN, ask
from training.evaluation.designing import Designer, Sampling
from training.evaluation.generation_figures import Comparison, all_figures
from training.evaluation.made import Made
from training.evaluation.panel import Panel, choose_panel
from training.evaluation.store_sheet import store_sheet
from training.generators import folder_of
from training.results import RESULTS, Figure, write_results

NAME = "generation"
PICTURE = "stores.png"

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """How much is designed.

    Attributes:
        stores: of those in training.
        new_stores: of those that training never saw.
        prompts: per seed.
        candidates: designs for every question.
        seeds: of noise and prompts.
        training_seeds: trainings of each generator, see `training.generators`.
    """

    stores: int = 16
    new_stores: int = 8
    prompts: int = 4
    candidates: int = 4
    seeds: tuple[int, ...] = (0, 1, 2)
    training_seeds: tuple[int, ...] = (0,)


@dataclass(frozen=True, kw_only=True)
class GenerationEvaluation:
    """What is compared, and where the figures go.

    Attributes:
        generators: folder with a checkpoint folder for each generator.
        rounds: export that the generators learnt from; its held-out prompts are asked.
        oracle: the true tastes that belong to it.
        amounts: how much is designed.
        sampling: how.
        images: folder of the picture.
        results: folder of the result files.
    """

    generators: Path = Path("runs/generators")
    rounds: Path = Path("runs/market")
    oracle: Path = Path("runs/oracle")
    amounts: Amounts = field(default_factory=Amounts)
    sampling: Sampling = field(default_factory=Sampling)
    images: Path = Path("docs/images")
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.evaluate generation`."""
    standard, amounts = GenerationEvaluation(), Amounts()
    for name in ("generators", "rounds", "oracle"):
        parser.add_argument(
            f"--{name}", type=Path, default=getattr(standard, name), metavar="FOLDER"
        )
    for name in ("stores", "new_stores", "prompts", "candidates"):
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=int, default=getattr(amounts, name), metavar="COUNT")
    parser.add_argument("--seeds", default=",".join(map(str, amounts.seeds)), metavar="SEED,SEED")
    parser.add_argument(
        "--training-seeds",
        default=",".join(map(str, amounts.training_seeds)),
        metavar="SEED,SEED",
        help="of the trainings that are compared; intervals are over these, too",
    )
    parser.add_argument("--steps", type=int, default=None)
    parser.add_argument("--guidance-scale", type=float, default=None)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=0)
    for name in ("images", "results"):
        parser.add_argument(
            f"--{name}", type=Path, default=getattr(standard, name), metavar="FOLDER"
        )


def from_options(options: argparse.Namespace) -> GenerationEvaluation:
    """The parsed command line as a configuration.

    Raises:
        ConfigError: seeds that are no numbers, or counts below what can be compared.
    """
    amounts = Amounts(
        stores=options.stores,
        new_stores=options.new_stores,
        prompts=options.prompts,
        candidates=options.candidates,
        seeds=_seeds_of(options.seeds, "--seeds"),
        training_seeds=_seeds_of(options.training_seeds, "--training-seeds"),
    )
    if amounts.stores < 2 or amounts.prompts < 1 or not 2 <= amounts.candidates <= 16:
        raise ConfigError(
            "The comparison takes at least 2 stores and 1 prompt, and 2 to 16 candidates."
        )
    return GenerationEvaluation(
        generators=options.generators,
        rounds=options.rounds,
        oracle=options.oracle,
        amounts=amounts,
        sampling=Sampling(options.steps, options.guidance_scale, options.device, options.threads),
        images=options.images,
        results=options.results,
    )


def run(config: GenerationEvaluation, command: str) -> dict[str, Figure]:
    """Design, judge, and write the result file and the picture.

    Generators that have not been trained are left out, and named.

    Args:
        config: what to compare.
        command: the line that was typed.

    Returns:
        All figures that are in the file.

    Raises:
        StudioError: plain or PerFusion, the rounds or the oracle can't be used.
        ConfigError: a folder can't be written to.
    """
    _make_folders(config)
    names = _trained(config)
    rounds, oracle = read_rounds(config.rounds), Oracle.load(config.oracle)
    panel = choose_panel(
        rounds,
        config.amounts.stores,
        config.amounts.new_stores,
        config.amounts.prompts,
        config.amounts.seeds,
        config.amounts.candidates,
    )
    tastes = panel.tastes(oracle)
    opened: dict[str, Designer] = {}

    def designer_of(name: str, seed: int) -> Designer:
        folder = folder_of(CONTENDERS[name].folder, seed)
        if folder not in opened:
            opened[folder] = Designer.load(config.generators / folder, config.sampling)
        return opened[folder]

    seeds = config.amounts.training_seeds
    book = designer_of(PLAIN, seeds[0]).book
    history = rounds.of_split("train").rounds
    keys = {way: fit(history, book) for way, (fit, _) in KEY_PHRASES.items()}
    contenders: dict[str, Made] = {}
    for name in names:
        made: dict[str, Made] = {}
        for seed in seeds:
            folder = folder_of(CONTENDERS[name].folder, seed)
            if folder not in made:
                made[folder] = ask(name, designer_of(name, seed), panel, keys)
        contenders[name] = Made.of_trainings(
            [made[folder_of(CONTENDERS[name].folder, seed)] for seed in seeds]
        )
    figures = all_figures(
        Comparison(
            contenders, tastes, panel.schools, panel.asked(book), panel.new, trainings=len(seeds)
        )
    )
    best = designer_of(PERFUSION, seeds[0])
    figures |= _settings(config, panel, best)
    store_sheet(best, panel).save(config.images / PICTURE, optimize=True)
    write_results(NAME, command, config.amounts.seeds, figures, config.results)
    return figures


def _settings(
    config: GenerationEvaluation, panel: Panel, designer: Designer
) -> Mapping[str, Figure]:
    schools = {each for each, new in zip(panel.schools, panel.new, strict=True) if not new}
    counts = {
        "stores": config.amounts.stores,
        "new_stores": config.amounts.new_stores,
        "schools": len(schools),
        "prompts": len({prompt for row in panel.prompts for prompt in row}),
        "candidates": config.amounts.candidates,
        "trainings": len(config.amounts.training_seeds),
        "steps": designer.steps,
        "guidance_scale": designer.guidance_scale,
    }
    return {name: Figure.exact(count) for name, count in counts.items()}


def _trained(config: GenerationEvaluation) -> list[str]:
    names = []
    for name, contender in CONTENDERS.items():
        folders = [folder_of(contender.folder, seed) for seed in config.amounts.training_seeds]
        lacking = [each for each in folders if not (config.generators / each).is_dir()]
        if not lacking:
            names.append(name)
        elif name in (PLAIN, PERFUSION):
            raise StudioError(
                f"There is no generator at {config.generators / lacking[0]}. Train those "
                "that are compared with python -m training.generators."
            )
        else:
            log.warning("%s is left out: %s has not been trained", name, ", ".join(lacking))
    return names


def _make_folders(config: GenerationEvaluation) -> None:
    """Make them now: minutes later would be late to learn that it can't be done."""
    for folder in (config.images, config.results):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"The folder {folder} can't be made: {error.strerror}.") from error


def _seeds_of(text: str, option: str) -> tuple[int, ...]:
    try:
        seeds = tuple(dict.fromkeys(int(each) for each in text.split(",")))
    except ValueError as error:
        raise ConfigError(f"{option} takes numbers between commas, not {text!r}.") from error
    if min(seeds) < 0:
        raise ConfigError(f"{option} takes numbers from 0 on.")
    return seeds
