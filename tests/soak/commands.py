"""The studio's commands, each in a process of its own that can be killed at any moment."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from PIL import Image

import studio.backup
import studio.import_rounds
from studio.perfusion.profile import Profile
from tests.soak.server import fork_server, write_into
from training.atelier.world import sample_design
from training.data.groups import Round, save_image, write_rounds

ELSEWHERE = "elsewhere"
"""The model of what is imported: rounds that no job of this studio drew."""
ROUNDS_OF_AN_IMPORT = 4
_STORES = ("store-a", "store-b")

_COMMANDS: dict[str, Callable[[Sequence[str]], None]] = {
    "backup": studio.backup.main,
    "import": studio.import_rounds.main,
}


@dataclass(frozen=True)
class Command:
    """A command that runs, or has ended."""

    process: ForkServerProcess
    log: Path

    def ends_well(self, within_s: float) -> bool:
        """Whether it comes to its end; after so long it is killed.

        Raises:
            AssertionError: it ended by itself, and badly.
        """
        self.process.join(within_s)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
            return False
        words = self.log.read_text(encoding="utf-8")[-2_000:]
        assert self.process.exitcode == 0, f"A command failed:\n{words}"
        return True


def start_command(name: str, arguments: Sequence[object], temporary: Path, log: Path) -> Command:
    """Start `python -m studio.backup` or `studio.import_rounds`."""
    process = fork_server().Process(
        target=_run, args=(name, [*map(str, arguments)], temporary, log)
    )
    process.start()
    return Command(process, log)


def write_export(folder: Path, number: int) -> str:
    """Rounds that stores answered in another studio; their prompt, which no other export has."""
    prompt, chance = f"dress, red, export {number}", random.Random(number)
    rounds = []
    for place in range(ROUNDS_OF_AN_IMPORT):
        colours = ((number % 256, number // 256, 2 * place + side) for side in (0, 1))
        rounds.append(
            Round(
                id=f"round-{place}",
                profile=Profile.of(store_id=_STORES[place % 2]),
                prompt=prompt,
                images=tuple(
                    save_image(folder, Image.new("RGB", (4, 8), each)) for each in colours
                ),
                labels=(1.0, 0.0),
                seeds=(7, 8),
                made_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
                model=ELSEWHERE,
                designs=tuple(sample_design(chance).to_json() for _ in range(2)),
            )
        )
    write_rounds(folder, rounds)
    return prompt


def _run(name: str, arguments: list[str], temporary: Path, log: Path) -> None:
    write_into(log, temporary)
    _COMMANDS[name](arguments)
