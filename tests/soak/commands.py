"""The studio's commands, each in a process of its own that can be killed at any moment."""

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from PIL import Image

import studio.backup
import studio.import_rounds
from studio.perfusion.profile import Profile
from tests.soak.server import fork_server
from training.data.groups import Round, save_image, write_rounds

ELSEWHERE = "elsewhere"
"""The model that drew what is imported: rounds that no job of this studio drew."""
ROUNDS_OF_AN_IMPORT = 3

_COMMANDS: dict[str, Callable[[Sequence[str]], None]] = {
    "backup": studio.backup.main,
    "import": studio.import_rounds.main,
}


@dataclass(frozen=True)
class Command:
    """A command that runs, or has ended."""

    process: ForkServerProcess

    def succeeded(self, within_s: float) -> bool:
        """Whether it ended well by itself; after so long it is killed."""
        self.process.join(within_s)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        return self.process.exitcode == 0


def start_command(name: str, arguments: Sequence[object], temporary: Path, log: Path) -> Command:
    """Start `python -m studio.backup` or `studio.import_rounds`, forked as the server is."""
    process = fork_server().Process(
        target=_run, args=(name, [*map(str, arguments)], temporary, log)
    )
    process.start()
    return Command(process)


def write_export(folder: Path, number: int) -> str:
    """Rounds from another studio, answered there; returns the prompt, which no other export has."""
    prompt = f"dress, red, import {number}"
    rounds = []
    for place in range(ROUNDS_OF_AN_IMPORT):
        colours = ((number % 256, number // 256, 2 * place + side) for side in (0, 1))
        images = tuple(save_image(folder, Image.new("RGB", (4, 8), colour)) for colour in colours)
        rounds.append(
            Round(
                id=f"round-{place}",
                profile=Profile(()),
                prompt=prompt,
                images=images,
                labels=(1.0, 0.0),
                seeds=(7, 8),
                made_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
                model=ELSEWHERE,
            )
        )
    write_rounds(folder, rounds)
    return prompt


def _run(name: str, arguments: list[str], temporary: Path, log: Path) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    tempfile.tempdir = str(temporary)
    _COMMANDS[name](arguments)
    sys.stdout.flush()
