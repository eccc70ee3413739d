"""Runs a training loop: resume, log, show samples, save, export, stop cleanly."""

import json
import logging
import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from types import FrameType

import torch
from accelerate import Accelerator, InitProcessGroupKwargs
from PIL import Image
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from studio.domain import StudioError
from training.config import RunConfig
from training.run_state import (
    RATE_FACTOR,
    RunState,
    learning_rate,
    load_state,
    save_state,
    update_ema,
)

log = logging.getLogger(__name__)


FIRST_LINES_S = 10.0
"""Seconds between lines on the screen where updates are slow; the log's file has them by steps."""


class StoppedError(StudioError):
    """A person stopped the training; it goes on when the same command is given again."""


class DivergedError(StudioError):
    """A training came to a loss that is no number; nothing of it is saved."""


class StopNow(Exception):  # noqa: N818  no error: what is asked for
    """A request to stop that came while nothing was to be saved."""


@dataclass(frozen=True)
class Task:
    """What differs from one training to the next.

    Attributes:
        losses: (model, step) -> named losses; `loss` is the one to minimise, the others are
            logged. All chance in it comes from the step's number. None where `accumulate` is given.
        evaluate: averaged model -> figures on held-out drawings.
        samples: averaged model -> one picture for a person to look at.
        export: writes the averaged model as a checkpoint.
        accumulate: for objectives that need more than one backward pass, or that several
            processes share: (model, step) fills the gradients itself and returns what to log.
    """

    losses: Callable[[nn.Module, int], dict[str, Tensor]] | None
    evaluate: Callable[[nn.Module], dict[str, float]]
    samples: Callable[[nn.Module], Image.Image]
    export: Callable[[nn.Module], None]
    accumulate: Callable[[nn.Module, int], dict[str, Tensor]] | None = None


@dataclass(frozen=True)
class StepReport:
    """What one optimiser update did; the losses stay on their device until somebody reads them."""

    step: int
    rate: float
    losses: dict[str, Tensor]


@dataclass
class _Progress:
    """Speed and time left of the running process."""

    config: RunConfig
    first_step: int
    started: float = field(default_factory=time.monotonic)

    def line(self, report: StepReport) -> dict[str, float]:
        spent = time.monotonic() - self.started
        per_second = (report.step - self.first_step) / max(spent, 1e-9)
        left_s = (self.config.steps - report.step) / max(per_second, 1e-9)
        if self.config.max_minutes:
            left_s = min(left_s, self.config.max_minutes * 60 - spent)
        return {
            "step": report.step,
            "steps": self.config.steps,
            **{name: round(loss.item(), 6) for name, loss in report.losses.items()},
            "learning_rate": report.rate,
            "samples_per_second": round(per_second * self.config.batch_size, 2),
            "minutes_left": round(max(0.0, left_s) / 60, 1),
        }

    def out_of_time(self) -> bool:
        limit_s = self.config.max_minutes * 60
        return bool(limit_s) and time.monotonic() - self.started >= limit_s


def only_a_cpu() -> bool:
    """What Accelerate has to be told: on a CPU, processes find each other only then."""
    return not torch.accelerator.is_available()


def accelerator_for(config: RunConfig) -> Accelerator:
    """Devices and processes of a run.

    The processes wait for each other as long as it takes: encoding a large export takes the first
    one hours.
    """
    patience = InitProcessGroupKwargs(timeout=timedelta(days=2))
    return Accelerator(
        cpu=only_a_cpu(),
        mixed_precision=config.mixed_precision,
        kwargs_handlers=[patience],
    )


def train_step(
    state: RunState, task: Task, config: RunConfig, accelerator: Accelerator
) -> StepReport:
    """One optimiser update, then one of the average."""
    rate = learning_rate(state.step, config)
    for group in state.optimiser.param_groups:
        group["lr"] = rate * group[RATE_FACTOR]
    losses = _gradients(state, task, accelerator)
    check_loss(float(losses["loss"].detach()), state.step)
    accelerator.clip_grad_norm_(state.model.parameters(), config.gradient_clip)
    state.optimiser.step()
    state.optimiser.zero_grad(set_to_none=True)
    update_ema(state.ema, state.model, config.ema_decay, state.step)
    state.step += 1
    return StepReport(state.step, rate, {name: loss.detach() for name, loss in losses.items()})


def check_loss(loss: float, step: int) -> None:
    """Stop a training before weights that are no numbers are saved.

    Raises:
        DivergedError: the loss is no number.
    """
    if not math.isfinite(loss):
        raise DivergedError(
            f"The loss of update {step + 1} is no number, so nothing can be learnt from it. Lower "
            "the learning rate, or train in fp32 or bf16; the run's folder holds the state of "
            "before, so start with another folder or delete it."
        )


def _gradients(state: RunState, task: Task, accelerator: Accelerator) -> dict[str, Tensor]:
    with quick_attention(accelerator.device):
        return _fill_gradients(state, task, accelerator)


def quick_attention(device: torch.device) -> AbstractContextManager[None]:
    """On a CPU, attention as plain products: for short rows several times as fast backwards."""
    if device.type == "cpu":
        return sdpa_kernel(SDPBackend.MATH)
    return nullcontext()


def _fill_gradients(state: RunState, task: Task, accelerator: Accelerator) -> dict[str, Tensor]:
    if task.accumulate is not None:
        return task.accumulate(state.model, state.step)
    if task.losses is None:
        raise ValueError("A task needs either losses or a way to accumulate gradients.")
    # Every process has its own share of the data and of chance; alone, it is the step's number.
    turn = state.step * accelerator.num_processes + accelerator.process_index
    losses = task.losses(state.model, turn)
    accelerator.backward(losses["loss"])
    return losses


def run_training(
    state: RunState, task: Task, config: RunConfig, accelerator: Accelerator
) -> dict[str, float]:
    """Train from where the run's folder left off until the steps, the time or a signal end it.

    With several processes the first one does all the writing.

    Returns:
        Figures of the averaged model on held-out data; empty in all processes but the first.
    """
    folder = Path(config.run)
    folder.mkdir(parents=True, exist_ok=True)
    if load_state(state, folder / "state"):
        log.info("going on from step %d of %s", state.step, folder)
    if config.compile:
        state.model.compile()
    progress = _Progress(config, state.step)
    records = _Records(state, task, config, progress)
    figures: dict[str, float] = {}
    with stop_requests() as stopped:
        while state.step < config.steps:
            state.interrupted = any_process(stopped(), accelerator)
            if state.interrupted or any_process(progress.out_of_time(), accelerator):
                break
            report = train_step(state, task, config, accelerator)
            if accelerator.is_main_process:
                records.after_step(report, stopped)
        if accelerator.is_main_process:
            figures = records.at_the_end(stopped)
    accelerator.wait_for_everyone()
    return figures


@dataclass
class _Records:
    """What is written from time to time while a run goes on."""

    state: RunState
    task: Task
    config: RunConfig
    progress: _Progress
    saved_at: float = field(default_factory=time.monotonic)
    shown_at: float = field(default_factory=time.monotonic)
    told_at: float = 0.0

    def after_step(self, report: StepReport, stopped: "StopRequests") -> None:
        config, folder = self.config, Path(self.config.run)
        if self.state.step % config.log_steps == 0 or self.state.step == config.steps:
            done = progress_bar(self.state.step, config.steps)
            _write_log(folder, self.progress.line(report), done)
            self.told_at = time.monotonic()
        elif time.monotonic() - self.told_at >= FIRST_LINES_S:
            log.info("%s", _as_words(progress_bar(report.step, config.steps), self._line(report)))
        if time.monotonic() - self.shown_at >= config.sample_minutes * 60:
            with suppress(StopNow), stopped.at_once():
                _show(self.state, self.task, folder)
            self.shown_at = time.monotonic()
        if time.monotonic() - self.saved_at >= config.save_minutes * 60:
            _save(self.state, self.task, config)
            with suppress(StopNow), stopped.at_once():
                _evaluate(self.state, self.task, folder)
            self.saved_at = time.monotonic()

    def _line(self, report: StepReport) -> dict[str, float]:
        self.told_at = time.monotonic()
        return self.progress.line(report)

    def at_the_end(self, stopped: "StopRequests") -> dict[str, float]:
        """Save, then look at what was learnt, unless somebody waits for the end."""
        _save(self.state, self.task, self.config)
        folder = Path(self.config.run)
        try:
            with stopped.at_once():
                figures = _evaluate(self.state, self.task, folder)
                _show(self.state, self.task, folder)
        except StopNow:
            self.state.interrupted = True
            return {}
        return figures


def any_process(asked: bool, accelerator: Accelerator) -> bool:
    """Whether one of the processes wants it: all have to leave the loop at the same step."""
    if accelerator.num_processes == 1:
        return asked
    votes = torch.tensor(float(asked), device=accelerator.device)
    return bool(accelerator.reduce(votes, "sum") > 0)


def _save(state: RunState, task: Task, config: RunConfig) -> None:
    save_state(state, Path(config.run) / "state", {"config": asdict(config)})
    task.export(state.ema)


def _evaluate(state: RunState, task: Task, folder: Path) -> dict[str, float]:
    figures = {name: round(value, 5) for name, value in task.evaluate(state.ema).items()}
    _write_log(folder, {"step": state.step, **figures})
    return figures


def _show(state: RunState, task: Task, folder: Path) -> None:
    (folder / "samples").mkdir(exist_ok=True)
    task.samples(state.ema).save(folder / "samples" / f"{state.step:06d}.png")


def progress_bar(step: int, steps: int, width: int = 20) -> str:
    """How far a run is, as a bar between brackets."""
    done = width * step // max(1, steps)
    return f"[{'#' * done}{'.' * (width - done)}]"


def _write_log(folder: Path, line: dict[str, float], shown_first: str = "saved") -> None:
    with (folder / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    log.info("%s", _as_words(shown_first, line))


def _as_words(first: str, line: dict[str, float]) -> str:
    return "  ".join([first, *(f"{name} {value:g}" for name, value in line.items())])


class StopRequests:
    """Whether somebody wants a run to stop: a question to ask between two steps."""

    def __init__(self) -> None:
        self._asked = self._at_once = False

    def __call__(self) -> bool:
        """Whether somebody asked."""
        return self._asked

    def remember(self, _number: int, _frame: FrameType | None) -> None:
        """The signals' handler."""
        self._asked = True
        if self._at_once:
            raise StopNow

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """For work that nothing depends on, such as looking at held-out data: no need to finish it.

        Raises:
            StopNow: somebody asked, before or while it was done.
        """
        if self._asked:
            raise StopNow
        self._at_once = True
        try:
            yield
        finally:
            self._at_once = False


@contextmanager
def stop_requests() -> Iterator[StopRequests]:
    """Turn SIGTERM and SIGINT into a question to ask between two steps."""
    asked = StopRequests()
    watched = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, asked.remember) for number in watched}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def stoppable() -> Iterator[None]:
    """While nothing can be saved yet, SIGTERM ends a command as Ctrl-C does.

    Raises:
        KeyboardInterrupt: it came.
    """
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
