"""Trains the generators that are compared, one after another: `python -m training.generators`.

A recipe says what each of them starts from and how it is trained. Each becomes a checkpoint folder
of its own; what is finished is not trained again, and a training that was stopped goes on when the
same command is given again. `python -m training.evaluate generation` compares them.
"""

import argparse
import json
import logging
import shutil
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from accelerate import PartialState

from studio.domain import StudioError
from studio.perfusion.checkpoint import load_pipeline, write_index
from studio.perfusion.whole_folders import write_text
from training.config import ConfigError, PerFusionConfig, apply_settings, settings_of
from training.data.groups import ROUNDS_FILE
from training.evaluation.kept_parts import fingerprint
from training.finetune import STOPPED, STOPPED_SENTENCE
from training.gate import put_in_service
from training.loops import perfusion
from training.runner import StoppedError, only_a_cpu, stoppable

log = logging.getLogger(__name__)

PLAIN = "plain"
START, ALL = "start", "all"
MARK_FILE = "trained.json"
_WITHOUT_EFFECT = ("run", "rounds", "checkpoint", "init_from", "tiles", "save_minutes",
                   "sample_minutes", "log_steps", "serve_unsure", "judged_on")  # fmt: skip
RATES_FILE = "rates.json"
RATE_FIGURE = "implicit_accuracy_over_draws"
"""What rates are chosen by, on validation rounds."""


class StartError(StudioError):
    """A generator can't be trained from what the recipe says it starts from."""


@dataclass(frozen=True)
class Training:
    """One generator of a recipe.

    Attributes:
        name: of its folder.
        start: what it starts from: `plain`, or one that stands before it in the recipe.
        config: how it is trained; the folders are filled in later.
    """

    name: str
    start: str
    config: PerFusionConfig


@dataclass(frozen=True, kw_only=True)
class GeneratorSet:
    """What is to be trained, and where.

    Attributes:
        trainings: in this order.
        seeds: of the trainings; each generator is trained once with each.
        rates: learning rates to choose from, for `choose_rates`.
        rate_steps: updates of each try.
        source: checkpoint that `plain` is a copy of, without an adaptive network.
        rounds: export to learn from.
        folder: of all generators, a checkpoint folder each.
        runs: state, log and report of each training.
    """

    trainings: tuple[Training, ...]
    seeds: tuple[int, ...] = (0,)
    rates: tuple[float, ...] = ()
    rate_steps: int = 300
    source: Path = Path("checkpoints/atelier")
    rounds: Path = Path("runs/market")
    folder: Path = Path("runs/generators")
    runs: Path = Path("runs/generator-runs")


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and train; returns the exit status."""
    options = parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        with stoppable():
            job = from_options(options)
            if job.rates:
                choose_rates(job)
            else:
                run(job)
    except StoppedError as error:
        sys.stderr.write(f"{error}\n")
        return STOPPED
    except KeyboardInterrupt:
        sys.stderr.write(f"{STOPPED_SENTENCE}\n")
        return STOPPED
    except (StudioError, ConfigError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    parser = argparse.ArgumentParser(prog="python -m training.generators", description=__doc__)
    parser.add_argument(
        "--recipe",
        type=Path,
        default=Path("training/recipes/generators.toml"),
        help="TOML file with a table per generator; `all` holds for each",
    )
    parser.add_argument("--only", default="", metavar="NAME,NAME", help="train only some of them")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME.KEY=VALUE", help="change one setting"
    )
    parser.add_argument(
        "--training-seeds",
        default="0",
        metavar="SEED,SEED",
        help="train each generator once with each seed",
    )
    parser.add_argument(
        "--choose-rates",
        default="",
        metavar="RATE,RATE",
        help="train nothing but tries: which learning rate orders validation rounds best?",
    )
    parser.add_argument(
        "--rate-steps", type=int, default=GeneratorSet.rate_steps, help="updates of each try"
    )
    parser.add_argument("--from", type=Path, default=GeneratorSet.source, dest="source")
    parser.add_argument("--rounds", type=Path, default=GeneratorSet.rounds)
    parser.add_argument("--to", type=Path, default=GeneratorSet.folder, dest="folder")
    parser.add_argument("--runs", type=Path, default=GeneratorSet.runs)
    return parser


def from_options(options: argparse.Namespace) -> GeneratorSet:
    """The parsed command line as a configuration.

    Raises:
        ConfigError: a recipe, a setting or a name that can't be used.
    """
    trainings = read_recipe(options.recipe, options.set)
    only = [name.strip() for name in options.only.split(",") if name.strip()]
    strange = set(only) - {each.name for each in trainings}
    if strange:
        known = ", ".join(each.name for each in trainings)
        raise ConfigError(f"--only takes names out of {known}, not {', '.join(sorted(strange))}.")
    return GeneratorSet(
        trainings=tuple(each for each in trainings if not only or each.name in only),
        seeds=tuple(int(each) for each in _numbers("--training-seeds", options.training_seeds)),
        rates=tuple(_numbers("--choose-rates", options.choose_rates)),
        rate_steps=options.rate_steps,
        source=options.source,
        rounds=options.rounds,
        folder=options.folder,
        runs=options.runs,
    )


def read_recipe(path: Path, overrides: Sequence[str] = ()) -> tuple[Training, ...]:
    """The trainings of a recipe: the table `all` holds for each, its own table beats that.

    Args:
        path: TOML file with a table per generator, which has `start` and settings.
        overrides: `NAME.KEY=VALUE` strings; `all` is a name too.

    Raises:
        ConfigError: the recipe or an override can't be used.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"Cannot read the recipe {path}: {error}") from error
    for override in overrides:
        name, separator, setting = override.partition(".")
        if not separator or name not in {ALL, *tables}:
            known = ", ".join([ALL, *(each for each in tables if each != ALL)])
            raise ConfigError(f"Write --set NAME.KEY=VALUE with one of {known}, not {override!r}.")
        tables.setdefault(name, {}).update(settings_of([setting]))
    shared = tables.pop(ALL, {})
    trainings: list[Training] = []
    for name, table in tables.items():
        known_starts = [PLAIN, *(each.name for each in trainings)]
        if not isinstance(table, dict) or table.get(START) not in known_starts or name == PLAIN:
            raise ConfigError(
                f"The table [{name}] in {path} needs a `{START}`: one of {', '.join(known_starts)}."
            )
        settings: Mapping[str, object] = {
            key: value for key, value in {**shared, **table}.items() if key != START
        }
        config = apply_settings(PerFusionConfig(), settings)
        trainings.append(Training(name, str(table[START]), config))
    return tuple(trainings)


def run(job: GeneratorSet) -> list[str]:
    """Train what is not finished yet.

    Returns:
        Names of the generators that were trained now; empty in all processes but the first.

    Raises:
        StudioError: the export or a checkpoint can't be used.
        StoppedError: a person stopped it.
    """
    processes = PartialState(cpu=only_a_cpu())
    plain = job.folder / PLAIN
    if not plain.exists() and processes.is_main_process:
        copy_plain(job.source, plain)
        log.info("%s is a copy of %s", plain, job.source)
    trained = []
    rates = read_rates(job.folder)
    jobs = [(training, seed) for seed in job.seeds for training in job.trainings]
    for number, (training, seed) in enumerate(jobs, start=1):
        processes.wait_for_everyone()  # the next one may start from what was written last
        name, first = folder_of(training.name, seed), folder_of(training.start, seed)
        start = job.folder / (PLAIN if training.start == PLAIN else first)
        own = replace(training, config=_with_seed(training, seed, rates))
        target, mark = job.folder / name, _mark(job, own, start)
        told = f"generator {number} of {len(jobs)}, {name}"
        if _mark_of(target) == mark:
            log.info("%s: is there already", told)
            continue
        config = replace(
            own.config,
            run=str(job.runs / f"{name}-{mark}"),
            rounds=str(job.rounds),
            checkpoint=str(start),
        )
        _check_start(own, start)
        log.info("%s: training in %s", told, config.run)
        outcome = perfusion.run(config)
        if outcome is not None:
            outcome.write_checkpoint(start, target)
            write_text(target / MARK_FILE, json.dumps({"mark": mark}) + "\n")
            log.info("%s: in %s, report in %s", told, target, outcome.report)
            trained.append(name)
    return trained


def folder_of(name: str, seed: int) -> str:
    """The folder of a generator that was trained with a seed; seed 0 has the plain name."""
    return name if seed == 0 or name == PLAIN else f"{name}-seed-{seed}"


def choose_rates(job: GeneratorSet) -> dict[str, float]:
    """Try learning rates, and keep for each generator the one that orders validation rounds best.

    Each try is a short training from the same start; test rounds and true tastes have no say.

    Returns:
        Name -> rate; empty in all processes but the first.
    """
    processes = PartialState(cpu=only_a_cpu())
    plain = job.folder / PLAIN
    if not plain.exists() and processes.is_main_process:
        copy_plain(job.source, plain)
    found = read_rates(job.folder)
    tries: dict[str, dict[str, float]] = {}
    for training in job.trainings:
        processes.wait_for_everyone()
        start = job.folder / training.start
        if not start.is_dir():
            log.warning("%s is passed over: %s has not been trained", training.name, start)
            continue
        _check_start(training, start)
        for rate in job.rates:
            shorter = replace(
                training.config,
                learning_rate=rate,
                steps=job.rate_steps,
                judged_on="validation",
            )
            tried = replace(training, config=shorter)
            run = job.runs / f"rate-{training.name}-{_mark(job, tried, start)}"
            config = replace(
                tried.config, run=str(run), rounds=str(job.rounds), checkpoint=str(start)
            )
            outcome = perfusion.run(config)
            if outcome is not None:
                figure = outcome.figures.get(RATE_FIGURE, 0.0)
                tries.setdefault(training.name, {})[f"{rate:g}"] = figure
                log.info("%s at rate %g: %s %.4f", training.name, rate, RATE_FIGURE, figure)
        if training.name in tries:
            own = tries[training.name]
            found[training.name] = float(max(own, key=lambda each: own[each]))
            record = {"rates": found, "tries": tries, "steps": job.rate_steps}
            write_text(job.folder / RATES_FILE, json.dumps(record, indent=2) + "\n")
    return found


def read_rates(folder: Path) -> dict[str, float]:
    """Name -> the rate that was chosen for it; empty where none was."""
    path = folder / RATES_FILE
    if not path.is_file():
        return {}
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): float(rate) for name, rate in record["rates"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StartError(f"{path} can't be read. Delete it, and choose rates again.") from error


def _with_seed(training: Training, seed: int, rates: Mapping[str, float]) -> PerFusionConfig:
    """The settings of one training: its seed beside the recipe's, at the rate that was chosen."""
    rate = rates.get(training.name, training.config.learning_rate)
    return replace(training.config, seed=training.config.seed + seed, learning_rate=rate)


def copy_plain(source: Path, target: Path) -> None:
    """The checkpoint that all comparisons start from: without an adaptive network.

    It is copied once: when a result comes into service in `source`, `plain` stays what it was.

    Raises:
        CheckpointError: the source can't be read, or the target not be written.
    """
    load_pipeline(source)

    def write(fresh: Path) -> None:
        shutil.rmtree(fresh / perfusion.ADAPTIVE, ignore_errors=True)
        write_index(fresh)

    put_in_service(source, target, write)


def _check_start(training: Training, start: Path) -> None:
    if not start.is_dir():
        raise StartError(
            f"{training.name} starts from {start}, which has not been trained. Train it first: "
            f"leave --only away, or name {training.start} too."
        )
    asks = training.config.objective == perfusion.STEPS
    if asks and not (start / perfusion.REWARD_MODEL).is_dir():
        raise StartError(
            f"{training.name} asks the reward model, and {start} has none. Train it into the "
            "checkpoint with python -m training.finetune --only reward, then delete "
            f"{start.parent} and start again."
        )


def _mark(job: GeneratorSet, training: Training, start: Path) -> str:
    """What a generator depends on, as a hash: where it starts, rounds, settings."""
    kept = {
        key: value for key, value in asdict(training.config).items() if key not in _WITHOUT_EFFECT
    }
    return fingerprint([job.rounds / ROUNDS_FILE, start], kept)


def _numbers(option: str, text: str) -> list[float]:
    try:
        found = [float(each) for each in text.split(",") if each.strip()]
    except ValueError as error:
        raise ConfigError(f"{option} takes numbers between commas, not {text!r}.") from error
    if any(number < 0 for number in found):
        raise ConfigError(f"{option} takes numbers from 0 on, not {text!r}.")
    return found


def _mark_of(folder: Path) -> str | None:
    """The mark that a finished generator carries; None where there is none."""
    try:
        found = json.loads((folder / MARK_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(found.get("mark")) if isinstance(found, dict) else None


if __name__ == "__main__":
    sys.exit(main())
