"""Named endpoints of teaching: trainings and checkpoints for other programs."""

from typing import Any

from gradio.events import api

from studio.domain import ValueKindError, Visitor
from studio.services.in_service import InService
from studio.services.studio import Studio
from studio.services.teaching import Part, Training, Trainings
from studio.ui.api_values import endpoint
from studio.ui.visiting import visited
from studio.ui.words import ENGLISH, Words

Record = dict[str, Any]


def add_teaching_endpoints(studio: Studio, trainings: Trainings, in_service: InService) -> None:
    """Add the endpoints to the current Blocks; their docstrings are the API page."""
    endpoints = TeachingEndpoints(studio, trainings, in_service)
    api(visited(endpoints.teach), api_name="teach")
    api(visited(endpoints.training), api_name="training", concurrency_limit=None)
    api(visited(endpoints.stop_training), api_name="stop_training")
    api(visited(endpoints.checkpoints), api_name="checkpoints", concurrency_limit=None)
    api(visited(endpoints.use_checkpoint), api_name="use_checkpoint")


class TeachingEndpoints:
    """The verbs of the Teach tab with plain values in and out."""

    def __init__(self, studio: Studio, trainings: Trainings, in_service: InService) -> None:
        self._studio = studio
        self._trainings = trainings
        self._in_service = in_service
        self.words = Words(ENGLISH, {})

    def of(self, visitor: Visitor) -> "TeachingEndpoints":
        """The same for another visitor."""
        studio = self._studio.of(visitor)
        trainings = self._trainings.of(visitor, studio.export)
        return TeachingEndpoints(studio, trainings, self._in_service)

    @endpoint
    def teach(self, part: str = "both") -> Record:
        """Teach the models from all answered rounds. Returns the training; ask `/training` on.

        A part is "reward" (scores), "generator" (designs) or "both".
        """
        if part not in (*Part, "both"):
            raise ValueKindError("Teach one of reward, generator, both.")
        parts = [*Part] if part == "both" else [Part(part)]
        return training_record(self._trainings.start(self._in_service.now, parts))

    @endpoint
    def training(self) -> Record | None:
        """How the training stands that was started last; nothing before the first.

        Its state is "running", "stopping", "cancelled", "interrupted", "failed" or "done".
        """
        latest = self._trainings.latest()
        return None if latest is None else training_record(latest)

    @endpoint
    def stop_training(self) -> Record | None:
        """Stop the training that is under way; asked again, it ends at once."""
        self._trainings.stop()
        return self.training()

    @endpoint
    def checkpoints(self) -> list[Record]:
        """The checkpoint that the app was started with, those that were taught, and which draws."""
        found = self._in_service.choices(self._trainings.checkpoints())
        return [{"name": name, "in_service": path == self._in_service.now} for name, path in found]

    @endpoint
    def use_checkpoint(self, name: str) -> list[Record]:
        """Put a checkpoint in service, by its name. Returns all of them."""
        self._in_service.use_named(name, self._trainings.checkpoints(), self._studio.visitor)
        return self.checkpoints()


def training_record(training: Training) -> Record:
    """A training as plain values."""
    return {
        "number": training.number,
        "state": str(training.state),
        "part": training.part,
        "step": training.step,
        "steps": training.steps,
        "minutes_left": training.minutes_left,
        "verdicts": [
            {"part": part, "passed": passed, "reasons": list(reasons)}
            for part, passed, reasons in training.verdicts
        ],
        "message": training.message,
    }
