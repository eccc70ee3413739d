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
                   "sample_minutes", "log_steps", "serve_unsure")  # fmt: skip


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
        source: checkpoint that `plain` is a copy of, without an adaptive network.
        rounds: export to learn from.
        folder: of all generators, a checkpoint folder each.
        runs: state, log and report of each training.
    """

    trainings: tuple[Training, ...]
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
            run(from_options(options))
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
    for number, training in enumerate(job.trainings, start=1):
        processes.wait_for_everyone()  # the next one may start from what was written last
        target, mark = job.folder / training.name, _mark(job, training)
        told = f"generator {number} of {len(job.trainings)}, {training.name}"
        if _mark_of(target) == mark:
            log.info("%s: is there already", told)
            continue
        start = job.folder / training.start
        config = replace(
            training.config,
            run=str(job.runs / f"{training.name}-{mark}"),
            rounds=str(job.rounds),
            checkpoint=str(start),
        )
        _check_start(training, start)
        log.info("%s: training in %s", told, config.run)
        outcome = perfusion.run(config)
        if outcome is not None:
            outcome.write_checkpoint(start, target)
            write_text(target / MARK_FILE, json.dumps({"mark": mark}) + "\n")
            log.info("%s: in %s, report in %s", told, target, outcome.report)
            trained.append(training.name)
    return trained


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


def _mark(job: GeneratorSet, training: Training) -> str:
    """What a generator depends on, as a hash: where it starts, rounds, settings."""
    kept = {
        key: value for key, value in asdict(training.config).items() if key not in _WITHOUT_EFFECT
    }
    return fingerprint([job.rounds / ROUNDS_FILE, job.folder / training.start], kept)


def _mark_of(folder: Path) -> str | None:
    """The mark that a finished generator carries; None where there is none."""
    try:
        found = json.loads((folder / MARK_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(found.get("mark")) if isinstance(found, dict) else None


if __name__ == "__main__":
    sys.exit(main())
