"""Fill the studio's disk again and again while people work, and look whether anything was lost.

The data folder is a small disk in memory (tmpfs), which root may mount. While it is full, what is
asked for is refused in a sentence; once there is room again all goes on without a restart.
"""

import argparse
import os
import random
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from studio.perfusion.checkpoint import save_pipeline
from tests.soak.checks import losses, strays, waiting_jobs
from tests.soak.kill import LostError, wait_for
from tests.soak.ledger import Ledger
from tests.soak.people import Designer, Person, RefusedError
from tests.soak.server import start_server
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook, tiny_pipeline

_SENTENCES = ("disk is full", "can't be read or written", "could not be saved")


@dataclass(frozen=True, kw_only=True)
class FillSoak:
    """What is run.

    Attributes:
        cycles: how often the disk is filled.
        seed: of the moments, and of what the people do.
        megabytes: of the disk.
        longest_s: how long it is full, and how long it has room.
    """

    cycles: int = 20
    seed: int = 0
    megabytes: int = 24
    longest_s: float = 2.0


@dataclass
class FillReport:
    """What was done without a loss."""

    cycles: int = 0
    answers: int = 0
    rounds: int = 0
    refusals: int = 0

    def sentence(self) -> str:
        """One line for people."""
        return (
            f"{self.cycles} times full, nothing lost: {self.answers} saved answers and "
            f"{self.rounds} rounds are there; {self.refusals} times it was told that there is no "
            "room."
        )


def add_arguments(parser: argparse.ArgumentParser) -> Sequence[str]:
    """The options of `python -m tests.soak fill`; returns their names."""
    default = FillSoak()
    parser.add_argument("--cycles", type=int, default=default.cycles)
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--megabytes", type=int, default=default.megabytes)
    parser.add_argument("--longest-s", type=float, default=default.longest_s)
    return tuple(asdict(default))


def run(config: FillSoak, say: Callable[[str], None]) -> FillReport:
    """Fill, empty, look, as often as was asked.

    Raises:
        LostError: something was lost, or did not go on.
        OSError: no disk in memory can be mounted here.
    """
    folder = Path(tempfile.mkdtemp(prefix="perfusion-fill-"))
    with small_disk(folder / "disk", config.megabytes) as disk:
        soak = _Soak(folder, disk, random.Random(config.seed), config.longest_s)
        try:
            report = soak.run(config.cycles, say)
        finally:
            soak.server.kill()
        found = losses(soak.data, soak.ledger)
        if found:
            raise LostError("\n".join(["Lost:", *found]))
    shutil.rmtree(folder)
    return report


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of so many megabytes while the block runs.

    Raises:
        OSError: nobody here may mount one.
    """
    folder.mkdir(parents=True)
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)]
    made = subprocess.run(mounting, capture_output=True, check=False)
    if made.returncode:
        raise OSError(f"No disk in memory can be mounted here: {made.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


class _Soak:
    def __init__(self, folder: Path, disk: Path, chance: random.Random, longest_s: float) -> None:
        self.data, self.ledger = disk / "data", Ledger()
        self._disk, self._chance, self._longest_s = disk, chance, longest_s
        self._temporary = folder / "temporary"
        self._temporary.mkdir()
        checkpoint = folder / "tiny"
        save_pipeline(
            tiny_pipeline(), checkpoint, phrasebook=tiny_phrasebook(), defaults=TINY_DEFAULTS
        )
        self.server = start_server(self.data, checkpoint, self._temporary, folder / "server.log")

    def run(self, cycles: int, say: Callable[[str], None]) -> FillReport:
        self.server.wait_until_served()
        report, over = FillReport(), threading.Event()
        designers = [
            Designer(self.server.address, self.ledger, random.Random(self._chance.random()), name)
            for name in ("first designer", "second designer")
        ]
        refused: list[str] = []
        people = [
            Person(f"person {number}", over, _patient(each.act, refused))
            for number, each in enumerate(designers, 1)
        ]
        for person in people:
            person.start()
        for cycle in range(1, cycles + 1):
            before = len(refused)
            self._fill()
            self._check(people, refused)
            report.cycles = cycle
            told = len(refused) - before
            say(f"full {cycle}: told {told} times, {len(self.ledger.rounds)} rounds")
        rounds = len(self.ledger.rounds)
        wait_for(lambda: len(self.ledger.rounds) > rounds)  # it goes on by itself
        over.set()
        for person in people:
            person.join(timeout=60)
        wait_for(lambda: waiting_jobs(self.data) == 0)
        left = strays(self.data, self._temporary)
        if left:
            raise LostError("\n".join(["Left behind:", *left]))
        report.refusals, report.rounds = len(refused), len(self.ledger.rounds)
        report.answers = len(self.ledger.answers)
        return report

    def _fill(self) -> None:
        """Take all room for a while; then give it back for a while."""
        filler = self._disk / "filler"
        end = time.monotonic() + self._chance.uniform(0.2, self._longest_s)
        with filler.open("wb", buffering=0) as file:
            while time.monotonic() < end:
                try:
                    file.write(b"\0" * 4096)
                except OSError:
                    time.sleep(0.005)
        filler.unlink()
        time.sleep(self._chance.uniform(0.2, self._longest_s))
        self._make_room()

    def _make_room(self) -> None:
        """The rounds themselves must not fill the disk for good."""
        room = os.statvfs(self._disk)
        if room.f_bavail * room.f_frsize < 2**20:
            raise LostError("The disk is too small for so many cycles: give it more --megabytes.")

    def _check(self, people: Sequence[Person], refused: Sequence[str]) -> None:
        failures = [f"{each.name}: {each.failure}" for each in people if each.failure]
        strange = [each for each in refused if not any(known in each for known in _SENTENCES)]
        if failures or strange:
            raise LostError("\n".join([*failures, *strange]))


def _patient(act: Callable[[], None], refused: list[str]) -> Callable[[], None]:
    """A person who takes no for an answer, and tries again."""

    def tried() -> None:
        try:
            act()
        except RefusedError as error:
            refused.append(str(error))
            time.sleep(0.05)

    return tried
