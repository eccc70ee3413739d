"""Kill the studio's server with `kill -9` at random moments, and look whether anything was lost.

Two designers draw, tick and cancel, a third person exports, a fourth backs the studio up, a fifth
lists designs and takes orders, and now and then somebody teaches. Between two runs rounds are
imported. Backups, imports and trainings are killed, too. After each kill every promise that the
studio made is compared with its database and with what a backup puts back; then it has to start
again and clear up.
This shows what a killed process loses; what a power cut loses is up to the disk as well.
"""

import argparse
import random
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from studio.perfusion.checkpoint import save_pipeline
from tests.soak.checks import losses, lost_in_backups, strays, waiting_jobs
from tests.soak.commands import start_command, write_export
from tests.soak.ledger import Ledger
from tests.soak.lessons import Teacher, kill_trainings, told_wrongly
from tests.soak.people import Archivist, Designer, Exporter, Person
from tests.soak.server import Server, start_server
from tests.soak.shop import Shopkeeper, lost_in_shop
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook, tiny_pipeline

_STARTS_THAT_ARE_KILLED = 10
"""Every so many cycles the server is killed while it starts."""
_LESSONS_ARE_AT = 5
"""In the middle between those somebody teaches."""
_IMPORTS = 3
"""Every so many cycles rounds are imported before."""


class LostError(Exception):
    """Something was lost; the message says what, and where to look."""


@dataclass(frozen=True, kw_only=True)
class KillSoak:
    """What is run.

    Attributes:
        cycles: kills.
        seed: of the moments, and of what the people do.
        longest_s: longest time between the first request and the kill.
        folder: for the data folder and the server's log; None takes a new one and removes it
            when nothing was lost.
    """

    cycles: int = 50
    seed: int = 0
    longest_s: float = 3.0
    folder: Path | None = None


@dataclass
class Report:
    """What was done without a loss."""

    cycles: int = 0
    answers: int = 0
    rounds: int = 0
    jobs: int = 0
    imports: int = 0
    backups: int = 0
    trainings: int = 0
    listings: int = 0
    orders: int = 0
    killed_at: Counter[str] = field(default_factory=Counter)

    def sentence(self) -> str:
        """One line for people."""
        moments = ", ".join(f"{name} {count}" for name, count in self.killed_at.most_common())
        return (
            f"{self.cycles} kills, nothing lost: {self.answers} saved answers, {self.rounds} "
            f"rounds, {self.jobs} jobs, {self.imports} imports, {self.listings} listings and "
            f"{self.orders} orders are there; {self.backups} "
            f"backups could be put back, {self.trainings} trainings were told as they were. "
            f"What went on when it was killed: {moments}."
        )


def add_arguments(parser: argparse.ArgumentParser) -> Sequence[str]:
    """The options of `python -m tests.soak kill`; returns their names."""
    default = KillSoak()
    parser.add_argument("--cycles", type=int, default=default.cycles)
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--longest-s", type=float, default=default.longest_s)
    parser.add_argument("--folder", type=Path, default=default.folder)
    return tuple(asdict(default))


def run(config: KillSoak, say: Callable[[str], None]) -> Report:
    """Kill, look, start again, as often as was asked.

    Raises:
        LostError: something was lost; the folder is kept.
    """
    folder = config.folder or Path(tempfile.mkdtemp(prefix="perfusion-soak-"))
    soak = _Soak(folder, random.Random(config.seed), config.longest_s)
    report = Report()
    for cycle in range(1, config.cycles + 1):
        started = time.monotonic()
        moment = soak.kill_once(cycle)
        report.killed_at.update(moment)
        report.cycles = cycle
        took_s = time.monotonic() - started
        say(f"kill {cycle}: {' + '.join(sorted(moment)) or 'idle'}; {took_s:.1f} s, nothing lost")
    soak.finish()
    ledger = soak.ledger
    report.answers, report.rounds = len(ledger.answers), len(ledger.rounds)
    report.jobs, report.imports = len(ledger.jobs), sum(ledger.imports.values())
    report.backups, report.trainings = soak.backups, soak.trainings
    report.listings, report.orders = len(ledger.listings), len(ledger.orders)
    if config.folder is None:
        shutil.rmtree(folder)
    return report


class _Soak:
    """One data folder, and all that was promised about it."""

    def __init__(self, folder: Path, chance: random.Random, longest_s: float) -> None:
        self.ledger = Ledger()
        self.backups = self.trainings = 0
        self._chance = chance
        self._longest_s = longest_s
        self._folder = folder
        self._data = folder / "data"
        self._checkpoint = folder / "tiny"
        self._temporary = folder / "temporary"
        for each in (self._temporary, folder / "backups", self._data):
            each.mkdir(parents=True, exist_ok=True)
        save_pipeline(
            tiny_pipeline(), self._checkpoint, phrasebook=tiny_phrasebook(), defaults=TINY_DEFAULTS
        )

    def kill_once(self, cycle: int) -> list[str]:
        """Import, start, work, kill, look. Returns what was going on."""
        moment = self._import() if cycle % _IMPORTS == 0 else []
        server, place = self._start(), cycle % _STARTS_THAT_ARE_KILLED
        try:
            if place == 0:
                time.sleep(self._chance.uniform(0.0, 1.0))
                moment.append("start")
            else:
                self._begin(server)
                moment += self._work(server, is_lesson=place == _LESSONS_ARE_AT)
        finally:
            server.kill()
            if self._chance.random() < 0.5:  # else it goes on without the studio
                kill_trainings(self._data)
        self._look()
        return moment

    def finish(self) -> None:
        """Start a last time, let it draw what waits, and look at everything."""
        server = self._start()
        try:
            self._begin(server)
        finally:
            server.kill()
        self._look()

    def _look(self) -> None:
        if (self._data / "studio.db").exists():
            self._complain(losses(self._data, self.ledger))
            self._complain([*lost_in_shop(self._data, self.ledger)])
        self.backups += sum(target.exists() for target in self.ledger.backups)
        self._complain(lost_in_backups(self.ledger, self._folder / "put back"))

    def _import(self) -> list[str]:
        """Bring rounds in while no studio runs; half the time it is killed, and comes again."""
        export = self._folder / "export"
        prompt = write_export(export, len(self.ledger.imports))
        if self.ledger.imports and not all(self.ledger.imports.values()):
            shutil.rmtree(export)
            prompt = write_export(export, len(self.ledger.imports) - 1)
        arguments = [export, "--data", self._data]
        log = self._folder / "imports.log"
        command = start_command("import", arguments, self._temporary, log)
        is_killed = self._chance.random() < 0.5
        ended = command.ends_well(self._chance.uniform(0.0, 0.6) if is_killed else 60.0)
        self.ledger.imports[prompt] = ended or self.ledger.imports.get(prompt, False)
        shutil.rmtree(export)
        return [] if ended else ["import"]

    def _start(self) -> Server:
        log = self._folder / "server.log"
        return start_server(self._data, self._checkpoint, self._temporary, log)

    def _begin(self, server: Server) -> None:
        server.wait_until_served()
        wait_for(lambda: waiting_jobs(self._data) == 0)
        self._complain(strays(self._data, self._temporary))
        wrong = told_wrongly(self._data, server.address)
        if kill_trainings(self._data):
            wrong += told_wrongly(self._data, server.address)
        self._complain(wrong)

    def _work(self, server: Server, is_lesson: bool) -> list[str]:
        killed = threading.Event()
        self.ledger.doing.clear()
        people = self._people(server, killed)
        if is_lesson:
            teacher = Teacher(server.address, self.ledger, self._luck())
            people.append(Person("teacher", killed, teacher.act))
            self.trainings += 1
        for person in people:
            person.start()
        time.sleep(self._chance.uniform(0.05, self._longest_s))
        killed.set()
        server.kill()
        for person in people:
            person.join(timeout=60)
        self._complain([f"{each.name}: {each.failure}" for each in people if each.failure])
        return sorted(set(self.ledger.doing.values()))

    def _people(self, server: Server, killed: threading.Event) -> list[Person]:
        designers = [
            Designer(server.address, self.ledger, self._luck(), name)
            for name in ("first designer", "second designer")
        ]
        exporter = Exporter(server.address, self.ledger, self._luck())
        archivist = Archivist(self._data, self._folder / "backups", self.ledger, self._luck())
        shopkeeper = Shopkeeper(server.address, self.ledger, self._luck())
        acts = [*(each.act for each in designers), exporter.act, archivist.act, shopkeeper.act]
        return [Person(f"person {number}", killed, act) for number, act in enumerate(acts, 1)]

    def _luck(self) -> random.Random:
        return random.Random(self._chance.random())

    def _complain(self, found: Sequence[str]) -> None:
        if found:
            raise LostError("\n".join([f"Lost, see {self._folder}:", *found]))


def wait_for(condition: Callable[[], bool], limit_s: float = 60.0) -> None:
    """Wait for the studio to do what it has to do by itself.

    Raises:
        LostError: it doesn't.
    """
    end = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > end:
            raise LostError("Jobs that waited are not drawn.")
        time.sleep(0.02)
