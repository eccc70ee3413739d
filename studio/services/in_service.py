"""Which checkpoint draws and scores: switched and rolled back without a restart, and remembered."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from studio.domain import EVERYBODY, CheckpointError, StorageError, TeachingError, Visitor
from studio.perfusion.generator import Generator
from studio.perfusion.reward_model import PerFusionRM
from studio.perfusion.whole_folders import write_text
from studio.services.studio import Studio

Models = tuple[Generator, PerFusionRM | None]
CHOICE = "checkpoint.json"
"""The file in the data folder that keeps the choice."""


class InService:
    """The checkpoints that a studio can use, and the one that it uses.

    Args:
        studio: what draws.
        data: the data folder, where the choice is kept.
        first: the checkpoint that the app was started with.
        load: reads a checkpoint folder.
    """

    def __init__(
        self, studio: Studio, data: Path, first: Path, load: Callable[[Path], Models]
    ) -> None:
        self._studio = studio
        self._data = data.resolve()
        self._file = data / CHOICE
        self._load = load
        self.first = first.resolve()
        self.now = self.first

    def use(self, checkpoint: Path, visitor: Visitor = EVERYBODY) -> None:
        """Draw and score with this checkpoint from the next round on, and after a restart too.

        Args:
            checkpoint: its folder.
            visitor: who decides that.

        Raises:
            ForbiddenError: that is not for this visitor to decide.
            CheckpointError: it can't be read; the old one stays in service.
            StorageError: the choice can't be kept.
        """
        visitor.check_keeps_studio()
        checkpoint = checkpoint.resolve()
        generator, reward_model = self._load(checkpoint)
        self._studio.use(generator, checkpoint.name, reward_model)
        self.now = checkpoint
        within = checkpoint.is_relative_to(self._data)  # then it moves with the data folder
        kept = checkpoint.relative_to(self._data) if within else checkpoint
        record = {"started_with": str(self.first), "in_service": str(kept)}
        try:
            write_text(self._file, json.dumps(record) + "\n")
        except (OSError, CheckpointError) as error:
            raise StorageError(
                f"{checkpoint.name} is in service, but that can't be kept for the next start: the "
                "data folder can't be written."
            ) from error

    def choices(self, taught: Sequence[Path]) -> tuple[tuple[str, Path], ...]:
        """What can be put in service: name and folder of the first one, and of those taught."""
        return tuple((path.name, path) for path in (self.first, *taught))

    def use_named(self, name: str, taught: Sequence[Path], visitor: Visitor) -> None:
        """Put one of the choices in service; see `use`.

        Raises:
            TeachingError: none has that name.
        """
        visitor.check_keeps_studio()
        named = dict(self.choices(taught))
        if name not in named:
            raise TeachingError("That checkpoint is no longer there. Reload the page.")
        self.use(named[name], visitor)

    def restore(self) -> str:
        """Take up the choice of the last time, if the app was started with the same checkpoint.

        Returns:
            A sentence when that is not possible; empty otherwise.
        """
        try:
            record = json.loads(self._file.read_text(encoding="utf-8"))
            chosen = (self._data / record["in_service"]).resolve()
            is_meant = self._is_first(Path(record["started_with"]))
        except (OSError, ValueError, KeyError, TypeError):
            return ""
        if not is_meant or chosen == self.now:
            return ""
        try:
            self.use(chosen)
        except CheckpointError as error:
            return f"{error} {self.first.name} is in service."
        return ""

    def _is_first(self, started_with: Path) -> bool:
        """Whether that is the checkpoint of this start, or was before it came to another place."""
        moved = started_with.name == self.first.name and not started_with.exists()
        return started_with == self.first or moved
