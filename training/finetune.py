"""Trains on saved rounds: `python -m training.finetune --rounds EXPORT --from A --to B`.

First the reward model, then the generator, each from what the checkpoint A has of it. Held-out
rounds decide which of them get into the checkpoint B; everything else in B is A's. A training that
was stopped goes on when the same command is given again.
"""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from studio.domain import StudioError
from studio.perfusion.whole_folders import write_text
from training.config import PARTS, ConfigError, RunConfig, load_config
from training.data.groups import ROUNDS_FILE
from training.data.own_fields import SCHEMA_FILE, USERS_FILE
from training.evaluation.kept_parts import fingerprint
from training.gate import Verdict
from training.loops import perfusion, reward
from training.runner import StoppedError, stoppable

log = logging.getLogger(__name__)

_WITHOUT_EFFECT = {
    "run", "rounds", "checkpoint", "init_from", "tiles",
    "max_minutes", "save_minutes", "sample_minutes", "log_steps", "serve_unsure",
    "judged_on",
}  # fmt: skip
"""Settings that do not change what comes of a run; of folders it is the content that counts."""


STOPPED = 130
"""Exit status after Ctrl-C or SIGTERM, as shells have it."""
KEPT_BACK = 3
"""Exit status where what was learnt is kept back and the caller wants that to be a failure."""
STOPPED_SENTENCE = (
    "Stopped. Nothing came into service; the same command goes on from what was saved last."
)


class TargetError(StudioError):
    """The new checkpoint can't be written where it is to go."""


class PartsError(StudioError):
    """Something could not be trained; a sentence for each reason.

    Args:
        message: the sentences.
        outcomes: what came of the other parts.
    """

    def __init__(self, message: str, outcomes: Mapping[str, "Outcome"]) -> None:
        super().__init__(message)
        self.outcomes = outcomes


class Outcome(Protocol):
    """What comes of training one part."""

    @property
    def verdict(self) -> Verdict:
        """Whether it may come into service, and why."""

    @property
    def report(self) -> Path:
        """The report's file."""

    def put_in_service(self, base: Path, target: Path) -> None:
        """Make the checkpoint `target` of `base` with what was trained."""


LOOPS: dict[str, Callable[[Any], Outcome | None]] = {
    "reward": reward.run,
    "generator": perfusion.run,
}


@dataclass(frozen=True, kw_only=True)
class FineTuning:
    """What is to be trained, from what, and where the result goes.

    Attributes:
        rounds: folder of the export.
        source: checkpoint folder to start from.
        target: checkpoint folder to write; it may be `source` itself.
        parts: part -> its settings, in the order of training.
        runs: folder in which each training has its own.
    """

    rounds: Path
    source: Path
    target: Path
    parts: Mapping[str, RunConfig]
    runs: Path = Path("runs/finetune")


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and train.

    Returns:
        0 if everything was trained and judged, also where the gate kept something back: that is a
        result, and launchers end all processes of a job at any other status. With
        `--fail-if-kept-back` it is 3. 2 after an error, 130 if a person stopped it.
    """
    options = parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        with stoppable():
            outcomes = run(from_options(options))
    except StoppedError as error:
        sys.stderr.write(f"{error}\n")
        return STOPPED
    except KeyboardInterrupt:
        sys.stderr.write(f"{STOPPED_SENTENCE}\n")
        return STOPPED
    except (StudioError, ConfigError) as error:
        if options.outcome is not None:
            judged = error.outcomes if isinstance(error, PartsError) else {}
            write_outcome(options.outcome, judged, str(error))
        sys.stderr.write(f"{error}\n")
        return 2
    if options.outcome is not None:
        write_outcome(options.outcome, outcomes)
    kept_back = [part for part, outcome in outcomes.items() if not outcome.verdict.passed]
    if kept_back:
        sys.stdout.write(
            f"Kept back: {' and '.join(kept_back)}. {options.target} does not have what was "
            f"learnt; the report says why. This is a result and no failure.\n"
        )
    return KEPT_BACK if kept_back and options.fail_if_kept_back else 0


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    parser = argparse.ArgumentParser(prog="python -m training.finetune", description=__doc__)
    parser.add_argument("--rounds", type=Path, required=True, metavar="EXPORT")
    parser.add_argument("--from", type=Path, required=True, metavar="CHECKPOINT", dest="source")
    parser.add_argument("--to", type=Path, required=True, metavar="CHECKPOINT", dest="target")
    parser.add_argument("--only", choices=list(PARTS))
    parser.add_argument("--recipe", type=Path, help="TOML file with a table per part")
    parser.add_argument(
        "--set", action="append", default=[], metavar="PART.KEY=VALUE", help="change one setting"
    )
    parser.add_argument(
        "--paper-literal", action="store_true", help="train the reward model on bare cosines"
    )
    parser.add_argument("--runs", type=Path, default=FineTuning.runs, metavar="FOLDER")
    parser.add_argument(
        "--outcome", type=Path, metavar="FILE", help="JSON file to write what came of it into"
    )
    parser.add_argument(
        "--fail-if-kept-back",
        action="store_true",
        help=f"exit status {KEPT_BACK} where the gate keeps something back; otherwise it is 0",
    )
    return parser


def write_outcome(file: Path, outcomes: Mapping[str, Outcome], error: str = "") -> None:
    """Write what came of a training for other programs, such as the studio."""
    parts = {
        part: {
            "passed": outcome.verdict.passed,
            "reasons": list(outcome.verdict.reasons),
            "report": str(outcome.report),
        }
        for part, outcome in outcomes.items()
    }
    write_text(file, json.dumps({"parts": parts, "error": error}, indent=2) + "\n")


def from_options(options: argparse.Namespace) -> FineTuning:
    """The parsed command line as a configuration.

    Raises:
        ConfigError: a recipe or a setting that can't be used.
    """
    overrides = [*options.set]
    if options.paper_literal:
        overrides.append("reward.paper_literal=true")
    own: dict[str, list[str]] = {part: [] for part in PARTS}
    for override in overrides:
        part, separator, setting = override.partition(".")
        if not separator or part not in own:
            raise ConfigError(
                f"Write --set PART.KEY=VALUE with one of {', '.join(own)}, not {override!r}."
            )
        own[part].append(setting)
    settings = {part: load_config(part, options.recipe, own[part]) for part in PARTS}
    wanted = [options.only] if options.only else list(PARTS)
    return FineTuning(
        rounds=options.rounds,
        source=options.source,
        target=options.target,
        parts={part: settings[part] for part in wanted},
        runs=options.runs,
    )


def run(job: FineTuning) -> dict[str, Outcome]:
    """Train all parts from the source, then put what passed the gate into the target.

    Returns:
        Part -> what came of it; empty in all processes but the first.

    Raises:
        TargetError: the target holds something else than a checkpoint.
        PartsError: a part could not be trained, for the export, a checkpoint or a folder that
            can't be used. What the other part learnt is in service if it passed.
        StoppedError: a person stopped it; nothing came into service.
    """
    _check_target(job)
    log.info("reading the rounds in %s and the checkpoint %s", job.rounds, job.source)
    outcomes: dict[str, Outcome] = {}
    failures: list[StudioError] = []
    for number, part in enumerate(job.parts, start=1):
        config = config_of(job, part)
        log.info("part %d of %d: the %s, in %s", number, len(job.parts), part, config.run)
        try:
            outcome = LOOPS[part](config)
        except StoppedError:
            raise
        except StudioError as error:  # what the other part learnt is not to be lost
            failures.append(error)
        else:
            outcomes.update({} if outcome is None else {part: outcome})
    base = job.source
    for part, outcome in outcomes.items():
        if outcome.verdict.passed:
            outcome.put_in_service(base, job.target)
            base = job.target
        where = f"in service in {job.target}" if outcome.verdict.passed else "kept back"
        log.info("%s: %s. %s", part, where, " ".join(outcome.verdict.reasons))
        log.info("%s: report in %s", part, outcome.report)
    if failures:
        reasons = "\n".join(dict.fromkeys(map(str, failures)))
        raise PartsError(reasons, outcomes) from failures[0]
    return outcomes


def config_of(job: FineTuning, part: str) -> RunConfig:
    """A part's settings with all folders filled in.

    The run's folder is named after rounds, checkpoint and settings, so that the same command goes
    on with its own run, and another one never with a stranger's.
    """
    settings = job.parts[part]
    kept = {key: value for key, value in asdict(settings).items() if key not in _WITHOUT_EFFECT}
    read = [job.rounds / name for name in (ROUNDS_FILE, SCHEMA_FILE, USERS_FILE)]
    mark = fingerprint([*read, job.source], kept)
    changes: dict[str, object] = {
        "run": str(job.runs / f"{part}-{mark}"),
        "rounds": str(job.rounds),
        "checkpoint": str(job.source),
    }
    if part == "reward" and (job.source / reward.REWARD_FOLDER).is_dir():
        changes["init_from"] = str(job.source)
    return replace(settings, **changes)  # type: ignore[arg-type]  # names of folders


def _check_target(job: FineTuning) -> None:
    """Refuse to replace a folder that holds something else."""
    target = job.target
    known = ("model_index.json", "clip", reward.REWARD_FOLDER)
    strange = (
        target.is_dir()
        and any(target.iterdir())
        and not any((target / name).exists() for name in known)
    )
    if target.is_file() or strange:
        raise TargetError(
            f"{target} holds something else than a checkpoint. Name a new folder for the result, "
            "or that of a checkpoint to replace."
        )


if __name__ == "__main__":
    sys.exit(main())
