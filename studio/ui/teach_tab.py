"""The Teach tab: what the stores have taught, how a training stands, and checkpoints."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import Dependency

from studio.domain import Store, Visitor
from studio.selling.selling import Selling
from studio.services.in_service import InService
from studio.services.studio import Studio
from studio.services.teaching import Part, Training, Trainings, TrainingState
from studio.ui.handlers import sent, shows_studio_errors
from studio.ui.scripts import scripted
from studio.ui.visiting import visited
from studio.ui.words import Words

View = dict[str, Any]
WATCH_EVERY_S = 3.0
TELLING_ROUNDS = 80
"""From about so many answered rounds on, those held out can tell whether a training helped."""

_STATES = {
    TrainingState.RUNNING: "training_running",
    TrainingState.STOPPING: "training_stopping",
    TrainingState.CANCELLED: "training_cancelled",
    TrainingState.INTERRUPTED: "training_interrupted",
    TrainingState.FAILED: "training_failed",
    TrainingState.DONE: "training_done",
}
_LEARNING: dict[str, str] = {Part.REWARD: "teaching_reward", Part.GENERATOR: "teaching_generator"}
_VERDICTS = {
    (Part.REWARD, True): "verdict_reward_passed",
    (Part.REWARD, False): "verdict_reward_kept_back",
    (Part.GENERATOR, True): "verdict_generator_passed",
    (Part.GENERATOR, False): "verdict_generator_kept_back",
}


def build_teach_tab(
    studio: Studio, trainings: Trainings, in_service: InService, words: Words, tab: gr.Tab
) -> Dependency:
    """Lay out the tab inside the current Blocks, then wire its events.

    Returns:
        The switch of checkpoint, for what else has to follow it.
    """
    on = TeachHandlers(studio, trainings, in_service, words)
    board = scripted("teach", on.view(), words)
    timer = gr.Timer(WATCH_EVERY_S, active=False)
    shown = [board, timer]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    tab.select(visited(on.watch), None, shown, **quiet)
    timer.tick(visited(on.watch), None, shown, **quiet)
    switched: Dependency = board.use(visited(on.use), None, shown, **quiet)
    for asked in (board.start(visited(on.start), None, shown, **quiet), switched):
        asked.failure(visited(on.watch), None, shown, **quiet)  # the page waits for an answer
    board.stop(visited(on.stop), None, shown, **quiet)
    return switched


class TeachHandlers:
    """What the tab's events do."""

    def __init__(
        self, studio: Studio, trainings: Trainings, in_service: InService, words: Words
    ) -> None:
        self._studio = studio
        self._trainings = trainings
        self._in_service = in_service
        self._selling = Selling(studio)
        self.words = words

    def of(self, visitor: Visitor) -> "TeachHandlers":
        """The same for another visitor."""
        studio = self._studio.of(visitor)
        trainings = self._trainings.of(visitor, studio.export)
        return TeachHandlers(studio, trainings, self._in_service, self.words)

    def view(self) -> View:
        """Everything as it stands."""
        latest = self._trainings.latest()
        is_idle = latest is None or latest.state.is_final
        return teach_view(
            stores=self._studio.stores.all(),
            training=latest,
            checkpoints=self._in_service.choices(self._trainings.checkpoints()),
            now=self._in_service.now,
            missing=self._trainings.missing,
            words=self.words,
            sales=len(self._selling.sales.rounds()) if is_idle else 0,
        )

    @shows_studio_errors
    def watch(self) -> tuple[View, gr.Timer]:
        """How it stands; asks again only while something happens."""
        latest = self._trainings.latest()
        return self.view(), gr.Timer(active=latest is not None and not latest.state.is_final)

    @shows_studio_errors
    def start(self, event: gr.EventData) -> tuple[View, gr.Timer]:
        """Teach, from the checkpoint that is in service; sales too where that is asked for."""
        asked = sent(event)
        part = asked.text("part")
        parts = [Part(part)] if part in [*Part] else [*Part]
        more = self._selling.sales.rounds() if asked.truth("with_sales") else ()
        self._trainings.start(self._in_service.now, parts, more)
        return self.view(), gr.Timer(active=True)

    @shows_studio_errors
    def stop(self) -> tuple[View, gr.Timer]:
        """Stop the training."""
        self._trainings.stop()
        return self.view(), gr.Timer(active=True)

    @shows_studio_errors
    def use(self, event: gr.EventData) -> tuple[View, gr.Timer]:
        """Put another checkpoint in service, by its name on the list."""
        name, before = sent(event).text("name"), self._in_service.now.name
        self._in_service.use_named(name, self._trainings.checkpoints(), self._studio.visitor)
        view, timer = self.watch()
        told = self.words["switched"].format(name=name)
        return {**view, "switched": {"told": told, "before": before}}, timer


def teach_view(
    *,
    stores: Sequence[Store],
    training: Training | None,
    checkpoints: Sequence[tuple[str, Path]],
    now: Path,
    missing: str,
    words: Words,
    sales: int = 0,
) -> View:
    """The tab as the script shows it; `sales` is how many rounds orders and returns come to."""
    return {
        "is_possible": not missing,
        "missing": words["teach_impossible"].format(what=missing),
        "sales": words.told("teach_sales", {"count": sales}) if sales else "",
        "prospect": _prospect([store.taught for store in stores if store.taught], words),
        "stores": [[store.name, store.taught] for store in stores if store.taught],
        "is_running": training is not None and not training.state.is_final,
        "sentences": [] if training is None else _sentences(training, words),
        "checkpoints": [[name, path == now] for name, path in checkpoints],
    }


def _prospect(taught: Sequence[int], words: Words) -> str:
    """What so many rounds of each store can do, said before anybody waits for it."""
    rounds = sum(taught)
    if rounds == 0:
        return ""
    told = words.told(
        "teach_few" if rounds < TELLING_ROUNDS else "teach_enough",
        {"count": rounds, "telling": TELLING_ROUNDS},
    )
    return told if len(taught) > 1 else " ".join([told, words["teach_one_store"]])


def _sentences(training: Training, words: Words) -> list[str]:
    """How a training stands, one sentence a line."""
    state = words[_STATES[training.state]].format(number=training.number)
    if training.state is TrainingState.FAILED:
        return [state, training.message]
    verdicts = [
        " ".join([words[_VERDICTS[Part(part), passed]], *reasons])
        for part, passed, reasons in training.verdicts
    ]
    return [state, *_progress(training, words), *verdicts, *filter(None, [training.message])]


def _progress(training: Training, words: Words) -> list[str]:
    learning = _LEARNING.get(training.part or "")
    if training.state.is_final:
        return []
    if learning is None or training.step is None:
        return [words["teaching_prepares"]]
    step = training.step
    shown = (
        f"{step}" if training.steps is None else words["of"].format(part=step, all=training.steps)
    )
    sentence = words[learning].format(step=shown)
    if training.minutes_left is None:
        return [sentence]
    minutes = max(1, round(training.minutes_left))
    return [sentence, words["minutes_left"].format(minutes=minutes)]
