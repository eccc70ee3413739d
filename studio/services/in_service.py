"""Which checkpoint draws and scores: switched and rolled back without a restart, and remembered."""

import json
from collections.abc import Callable
from pathlib import Path

from studio.domain import EVERYBODY, CheckpointError, StorageError, Visitor
from studio.perfusion.generator import Generator
from studio.perfusion.reward_model import PerFusionRM
from studio.perfusion.whole_folders import write_text
from studio.services.studio import Studio

Models = tuple[Generator, PerFusionRM | None]
_FILE = "checkpoint.json"


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
        self._file = data / _FILE
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
        record = {"started_with": str(self.first), "in_service": str(checkpoint)}
        try:
            write_text(self._file, json.dumps(record) + "\n")
        except (OSError, CheckpointError) as error:
            raise StorageError(
                f"{checkpoint.name} is in service, but that can't be kept for the next start: the "
                "data folder can't be written."
            ) from error

    def restore(self) -> str:
        """Take up the choice of the last time, if the app was started with the same checkpoint.

        Returns:
            A sentence when that is not possible; empty otherwise.
        """
        try:
            record = json.loads(self._file.read_text(encoding="utf-8"))
            chosen = Path(record["in_service"])
            is_meant = record["started_with"] == str(self.first)
        except (OSError, ValueError, KeyError, TypeError):
            return ""
        if not is_meant or chosen == self.now:
            return ""
        try:
            self.use(chosen)
        except CheckpointError as error:
            return f"{error} {self.first.name} is in service."
        return ""
