"""Teaching the models from the page: `training.finetune` in a process of its own.

The two meet in files. A training writes its log and, at its end, what came of it; so it outlives
the app, and an app that starts again sees how it stands. The app runs without `training/`.
"""

import copy
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from studio.domain import (
    EVERYBODY,
    FIRST_WORKSPACE,
    CheckpointError,
    StorageError,
    TeachingError,
    ValueKindError,
    Visitor,
)
from studio.perfusion.whole_folders import write_text
from studio.services.export import RoundExport, WeightedRound, remove_export
from studio.values import json_of

_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = (sys.executable, "-m", "training.finetune")
_NEEDED = (
    (
        "training",
        "The folder `training` is not beside `app.py`: get it from where the app is from.",
    ),
    ("accelerate", "A package is missing: pip install -r requirements.txt"),
)
"""Modules, and what gets them."""
_CALMER = 10
"""How much later a training's turn comes than the drawing's."""
_NUMBER = re.compile(r"[0-9]{1,9}")
OUTCOME = "outcome.json"
_REQUEST, _CANCELLED = "training.json", "cancelled"


class Part(StrEnum):
    """What can be taught."""

    REWARD = "reward"
    GENERATOR = "generator"


class TrainingState(StrEnum):
    """How a training stands."""

    RUNNING = "running"
    STOPPING = "stopping"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    DONE = "done"

    @property
    def is_final(self) -> bool:
        """True when its process has ended."""
        return self not in {TrainingState.RUNNING, TrainingState.STOPPING}


@dataclass(frozen=True, kw_only=True)
class Training:
    """One training.

    Attributes:
        number: from 1.
        state: how it stands.
        part: what is being taught now, and how far it is; None before the first log line.
        step: updates so far; None before the first.
        steps: updates in all; None before it is known.
        minutes_left: as the training estimates; None before it can.
        verdicts: part -> whether it passed the gate, and the gate's sentences.
        message: why it failed, or why a part of it was not taught; empty otherwise.
    """

    number: int
    state: TrainingState
    part: str | None = None
    step: int | None = None
    steps: int | None = None
    minutes_left: float | None = None
    verdicts: tuple[tuple[str, bool, tuple[str, ...]], ...] = ()
    message: str = ""


@dataclass
class _Started:
    """The process that was started last, whoever asked for it."""

    process: subprocess.Popen[bytes] | None = None


class Trainings:
    """Starts, watches and stops trainings on the answered rounds.

    Args:
        folder: of the trainings and of the checkpoints that come of them.
        export: writes the rounds.
        command: what runs a training.
    """

    def __init__(
        self, folder: Path, export: RoundExport, command: Sequence[str] = _COMMAND
    ) -> None:
        self._all = folder.resolve()
        self._folder = self._all
        self._visitor = EVERYBODY
        self._export = export
        self._command = tuple(command)
        self._started = _Started()
        self._starting = threading.Lock()  # pages may ask at the same time

    def of(self, visitor: Visitor, export: RoundExport) -> "Trainings":
        """The trainings that one visitor may see and start.

        What is taught draws for everybody, so only the first workspace teaches; in others there
        are no trainings.

        Args:
            visitor: who asks.
            export: writes the rounds of that visitor's workspace.
        """
        theirs = copy.copy(self)
        theirs._visitor = visitor
        theirs._export = export
        is_first = visitor.workspace_id == FIRST_WORKSPACE
        own = self._all / "workspaces" / str(visitor.workspace_id)
        theirs._folder = self._all if is_first else own
        return theirs

    @property
    def missing(self) -> str:
        """What teaching needs and does not find, with what gets it; empty if all is there."""
        if self._command != _COMMAND:
            return ""
        return next((how for name, how in _NEEDED if importlib.util.find_spec(name) is None), "")

    def start(
        self, source: Path, parts: Sequence[Part], more: Sequence[WeightedRound] = ()
    ) -> Training:
        """Train on all answered rounds, from a checkpoint.

        Args:
            source: the checkpoint folder to start from.
            parts: what to teach; one or both.
            more: rounds beside those that people answered, such as what sales say.

        Raises:
            ForbiddenError: teaching is not for who asks to decide.
            TeachingError: a training runs already, or training is not installed.
            NothingTickedError: no round has been answered.
            StorageError: the data folder can't be written.
        """
        self._visitor.check_keeps_studio()
        if self.missing:
            raise TeachingError(f"This studio can't teach itself yet. {self.missing}")
        with self._starting:
            before = self.latest()
            if before is not None and not before.state.is_final:
                raise TeachingError("A training is under way. Wait for its end, or stop it first.")
            number = self._next_number()
            folder = self._folder / f"{number:04d}"
            if before is not None:
                remove_export(self._folder / f"{before.number:04d}" / "rounds")
            self._export.write_folder(folder / "rounds", more=more)
            self._launch(folder, source, self.checkpoint_of(number), parts)
            return self.get(number)

    def stop(self) -> None:
        """Ask the running training to stop; nothing happens to one that has ended.

        Raises:
            StorageError: the data folder can't be written, so nobody would know later.
        """
        self._visitor.check_keeps_studio()
        latest = self.latest()
        if latest is None or latest.state.is_final:
            return
        folder = self._folder / f"{latest.number:04d}"
        process_id = int(_read_json(folder / _REQUEST)["process"])
        try:
            (folder / _CANCELLED).touch()
        except OSError as error:
            raise StorageError(
                f"The training goes on: the data folder can't be written ({error.strerror}). Free "
                "some space in it, then stop the training again."
            ) from error
        # A second request means it: the first one lets the training save its state.
        again = latest.state is TrainingState.STOPPING and hasattr(signal, "SIGKILL")
        with suppress(ProcessLookupError):  # it may end by itself at this moment
            os.kill(process_id, signal.SIGKILL if again else signal.SIGTERM)

    def latest(self) -> Training | None:
        """The training that was started last."""
        numbers = _numbers_with(self._folder, _REQUEST)
        return self.get(numbers[-1]) if numbers else None

    def get(self, number: int) -> Training:
        """A training as its files tell of it."""
        folder = self._folder / f"{number:04d}"
        outcome = _read_json(folder / OUTCOME)
        if self._runs(folder):
            is_cancelled = (folder / _CANCELLED).exists()
            state = TrainingState.STOPPING if is_cancelled else TrainingState.RUNNING
            part, line = self._last_line(since=(folder / _REQUEST).stat().st_mtime)
            return Training(
                number=number,
                state=state,
                part=part,
                step=line.get("step"),
                steps=line.get("steps"),
                minutes_left=line.get("minutes_left"),
            )
        if not outcome:
            is_cancelled = (folder / _CANCELLED).exists()
            state = TrainingState.CANCELLED if is_cancelled else TrainingState.INTERRUPTED
            return Training(number=number, state=state)
        return _ended(number, outcome)

    def checkpoint_of(self, number: int) -> Path:
        """Where a training's checkpoint is, if it has come to one."""
        return _checkpoint_of(self._folder, number)

    def checkpoints(self) -> tuple[Path, ...]:
        """The checkpoints of ended trainings, oldest first; the gate let each of them pass."""
        return tuple(taught(self._folder).values())

    def _next_number(self) -> int:
        """One that no folder has yet, not even that of a training which could not be started."""
        names = (path.name for path in self._folder.glob("[0-9]*"))
        taken = [int(name) for name in names if _NUMBER.fullmatch(name)]
        return max(taken, default=0) + 1

    def _launch(self, folder: Path, source: Path, target: Path, parts: Sequence[Part]) -> None:
        options = ["--rounds", folder / "rounds", "--from", source.resolve(), "--to", target]
        options += ["--runs", self._folder / "runs", "--outcome", folder / OUTCOME]
        if len(parts) == 1:
            options += ["--only", parts[0]]
        try:
            target.parent.mkdir(exist_ok=True)
            with (folder / "output.txt").open("wb") as output:
                self._started.process = subprocess.Popen(
                    [*self._command, *map(str, options)],
                    cwd=_ROOT,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=_beside_drawing(os.environ),
                    start_new_session=True,  # Ctrl+C in the app's terminal is not meant for it
                )
            _give_way(self._started.process.pid)
            request = {
                "process": self._started.process.pid,
                "born": _born(self._started.process.pid),
            }
            write_text(folder / _REQUEST, json.dumps(request) + "\n")
        except (OSError, CheckpointError) as error:
            if self._started.process is not None:
                self._started.process.terminate()  # nobody could watch or stop it
            raise StorageError(
                "The training could not be started: the data folder can't be written. Free some "
                "space in it, then try again."
            ) from error

    def _runs(self, folder: Path) -> bool:
        request = _read_json(folder / _REQUEST)
        process_id, born = request.get("process"), request.get("born")
        if self._started.process is not None and self._started.process.pid == process_id:
            return self._started.process.poll() is None
        return bool(born) and process_id is not None and _born(int(process_id)) == born

    def _last_line(self, since: float) -> tuple[str | None, dict[str, Any]]:
        """What is being taught, and the newest line of its log."""
        logs = sorted(self._folder.glob("runs/*/log.jsonl"), key=lambda log: log.stat().st_mtime)
        if not logs or logs[-1].stat().st_mtime < since:
            return None, {}
        lines = logs[-1].read_text(encoding="utf-8").splitlines()
        try:
            line = json.loads(lines[-1])
        except (IndexError, ValueError):  # just being written
            line = {}
        return logs[-1].parent.name.split("-")[0], line


def taught(folder: Path) -> dict[Path, Path]:
    """Folder of an ended training -> the checkpoint that came of it, oldest first.

    Args:
        folder: of the trainings.
    """
    numbers = _numbers_with(folder, OUTCOME)
    found = {folder / f"{each:04d}": _checkpoint_of(folder, each) for each in numbers}
    return {training: checkpoint for training, checkpoint in found.items() if checkpoint.is_dir()}


def _checkpoint_of(folder: Path, number: int) -> Path:
    return folder / "checkpoints" / f"taught-{number}"


def _numbers_with(folder: Path, file: str) -> list[int]:
    """The trainings that have such a file, oldest first; a copied folder is no training."""
    names = (path.parent.name for path in folder.glob(f"[0-9]*/{file}"))
    return sorted(int(name) for name in names if _NUMBER.fullmatch(name))


def _beside_drawing(environment: Mapping[str, str]) -> dict[str, str]:
    """What a training is started with: half of the machine stays free for drawing."""
    threads = str(max(1, (os.cpu_count() or 1) // 2))
    return {"OMP_NUM_THREADS": threads, **environment}


def _give_way(process_id: int) -> None:
    """Let whatever draws go first."""
    try:
        os.setpriority(os.PRIO_PROCESS, process_id, _CALMER)
    except (AttributeError, OSError):  # a system without priorities, or a process that has ended
        return


def _ended(number: int, outcome: Mapping[str, Any]) -> Training:
    """A training as its outcome tells of it; one that tells nonsense was interrupted."""
    try:
        message = str(outcome["error"] or "")
        verdicts = tuple(
            (str(Part(part)), bool(verdict["passed"]), tuple(map(str, verdict["reasons"])))
            for part, verdict in outcome["parts"].items()
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return Training(number=number, state=TrainingState.INTERRUPTED)
    is_failed = message and not verdicts
    state = TrainingState.FAILED if is_failed else TrainingState.DONE
    return Training(number=number, state=state, verdicts=verdicts, message=message)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        record = json_of(path.name, path.read_text(encoding="utf-8"))
    except (OSError, ValueError, ValueKindError):
        return {}
    return record if isinstance(record, dict) else {}


def _born(process_id: int) -> str:
    """What tells a process from a later one with the same number; empty when it has ended.

    Where the system has no /proc it is always empty: after a restart of the app, a training that
    goes on there is told as interrupted until its outcome is written.
    """
    try:
        after_name = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if after_name[0] == "Z" else after_name[19]
