"""Fifty people at once, all through the page's own events: each asks for rounds and ticks a design.

As in a browser, a page asks how far its round is until it is drawn. It measures how long such an
event takes, ticks are kept by a further one, what goes wrong, and whether the memory of the server
stays.
"""

import argparse
import json
import random
import resource
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np

from studio.perfusion.checkpoint import save_pipeline
from tests.soak.people import PROMPTS, RefusedError
from tests.soak.server import Server, start_server
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook, tiny_pipeline
from training.results import Figure, bootstrap, write_results

_ROUND_EVERY_S = 30.0
_DESIGNS = 2
_QUIET_S = 5.0
"""Time for the server to settle before its memory is read a last time."""


@dataclass(frozen=True, kw_only=True)
class LoadSoak:
    """What is run.

    Attributes:
        sessions: people.
        minutes: how long.
        settled_minutes: from then on memory has to stay.
        seed: of what the people do.
        results: folder for `load.json`; None writes none.
    """

    sessions: int = 50
    minutes: float = 10.0
    settled_minutes: float = 2.0
    seed: int = 0
    results: Path | None = None


@dataclass
class LoadReport:
    """What was seen.

    Attributes:
        ticks_s: how long each event of a page took, from its request to its answer.
        errors: what went wrong, once each.
        rounds: that were drawn and answered.
        settled_mb: resident memory of the server once it had settled.
        end_mb: the same at the end.
    """

    ticks_s: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    rounds: int = 0
    settled_mb: float = 0.0
    end_mb: float = 0.0

    @property
    def growth(self) -> float:
        """By how much of itself the memory grew after it had settled."""
        return self.end_mb / self.settled_mb - 1 if self.settled_mb else 0.0

    def sentence(self) -> str:
        """One line for people."""
        late = float(np.quantile(self.ticks_s, 0.95)) if self.ticks_s else 0.0
        return (
            f"{len(self.ticks_s):,} events, {late:.3f} s for all but one in twenty; {self.rounds} "
            f"rounds; {len(self.errors)} errors; memory {self.settled_mb:.0f} -> "
            f"{self.end_mb:.0f} MB ({self.growth:+.1%})."
        )


def add_arguments(parser: argparse.ArgumentParser) -> Sequence[str]:
    """The options of `python -m tests.soak load`; returns their names."""
    default = LoadSoak()
    parser.add_argument("--sessions", type=int, default=default.sessions)
    parser.add_argument("--minutes", type=float, default=default.minutes)
    parser.add_argument("--settled-minutes", type=float, default=default.settled_minutes)
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--results", type=Path, default=default.results)
    return tuple(asdict(default))


def run(config: LoadSoak, say: Callable[[str], None]) -> LoadReport:
    """Start a studio, let the people work, and look at it all the while."""
    folder = Path(tempfile.mkdtemp(prefix="perfusion-load-"))
    try:
        server = _start(folder)
        try:
            server.wait_until_served()
            report = _watch(server, config, say)
        finally:
            server.kill()
    finally:
        shutil.rmtree(folder)
    if config.results is not None:
        _write(config, report)
    return report


def _start(folder: Path) -> Server:
    checkpoint, temporary = folder / "tiny", folder / "temporary"
    temporary.mkdir()
    save_pipeline(tiny_pipeline(), checkpoint, phrasebook=tiny_phrasebook(), defaults=TINY_DEFAULTS)
    return start_server(folder / "data", checkpoint, temporary, folder / "server.log")


def _watch(server: Server, config: LoadSoak, say: Callable[[str], None]) -> LoadReport:
    report, stopped = LoadReport(), threading.Event()
    page = Page(server.address)
    people = [
        Onlooker(page, report, stopped, random.Random(f"{config.seed}-{number}"))
        for number in range(config.sessions)
    ]
    for person in people:
        person.start()
    started = time.monotonic()
    while (minutes := (time.monotonic() - started) / 60) < config.minutes:
        time.sleep(min(5.0, config.minutes * 6))
        memory = resident_mb(server)
        if not report.settled_mb and minutes >= config.settled_minutes:
            report.settled_mb = memory
        done = f"{len(report.ticks_s)} events, {report.rounds} rounds"
        say(f"{minutes:.1f} min: {done}, {memory:.0f} MB")
    stopped.set()
    for person in people:
        person.join(timeout=60)
    time.sleep(_QUIET_S)
    report.end_mb = resident_mb(server)
    return report


def resident_mb(server: Server) -> float:
    """Memory of the server's process that is in use."""
    statm = Path(f"/proc/{server.process.pid}/statm").read_text(encoding="ascii")
    return int(statm.split()[1]) * resource.getpagesize() / 2**20


class Page:
    """What a browser knows of the page: which event is which."""

    def __init__(self, address: str) -> None:
        self.address = address
        with urlopen(f"{address}config", timeout=60) as reply:
            config = json.load(reply)
        dependencies: list[dict[str, Any]] = config["dependencies"]
        self._values = {each["id"]: each["props"].get("value") for each in config["components"]}
        self.events = [each for each in dependencies if each["backend_fn"]]
        """Of all pages, private ones too."""
        self.names = [
            (str(each["api_name"]), len(each["inputs"]))
            for each in self.events
            if each.get("api_visibility", "public") == "public" and each["api_name"]
        ]
        """The named endpoints, and how many values each takes."""
        self.load, self.draw, self.tick, self.save, redraw = (
            next(each for each in dependencies if [event] == [t[1] for t in each["targets"]])
            for event in ("load", "example", "tick", "save", "redraw")
        )
        """Of the tab Design, which is the first: how a page begins, asks for a round of phrases,
        asks how far it is, and keeps what is ticked."""
        self.board, self.timer = (int(event["targets"][0][0]) for event in (self.draw, self.tick))
        """What shows the designs, and what makes the page ask."""
        self._values[redraw["inputs"][-1]] = _DESIGNS

    def ask(self, event: dict[str, Any], session: str, sent: Any = None) -> dict[int, Any]:
        """Send an event as a page that was just opened does, and wait for what comes of it.

        Returns:
            Component -> what it shows now, as far as the event says so.

        Raises:
            RefusedError: it was answered with a sentence.
        """
        body = {
            "fn_index": event["id"],
            "session_hash": session,
            "data": [self._values[each] for each in event["inputs"]],
            "event_data": sent,
            "trigger_id": event["targets"][0][0],
        }
        question = Request(
            f"{self.address}gradio_api/queue/join?__theme=light",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urlopen(question, timeout=60) as reply:
            json.load(reply)
        url = f"{self.address}gradio_api/queue/data?session_hash={session}"
        with urlopen(url, timeout=60) as reply:
            for line in reply:
                message = json.loads(line[6:]) if line.startswith(b"data: ") else {}
                if message.get("msg") == "process_completed":
                    if not message["success"]:
                        raise RefusedError(str(message))
                    return dict(zip(event["outputs"], message["output"]["data"], strict=True))
        raise AssertionError(f"{event['targets']} never ended")


class Onlooker(threading.Thread):
    """One of the people: asks for a round now and then, waits for it, and ticks a design."""

    def __init__(
        self, page: Page, report: LoadReport, stopped: threading.Event, chance: random.Random
    ) -> None:
        super().__init__(daemon=True)
        self._page = page
        self._report = report
        self._stopped = stopped
        self._chance = chance
        self._session = f"{chance.getrandbits(64):016x}"
        self._next_round = time.monotonic() + chance.uniform(0, _ROUND_EVERY_S)

    def run(self) -> None:
        """Draw until it is over; what goes wrong is noted, and the next round comes."""
        self._try(lambda: self._page.ask(self._page.load, self._session))
        while not self._stopped.wait(max(0.0, self._next_round - time.monotonic())):
            self._next_round = time.monotonic() + self._chance.uniform(0.5, 1.5) * _ROUND_EVERY_S
            self._try(self._round)

    def _round(self) -> None:
        page, prompt = self._page, self._chance.choice(PROMPTS)
        timer = self._timed(page.draw, {"prompt": prompt})[page.timer]
        while not self._stopped.wait(timer["value"]):
            shown = self._timed(page.tick)
            timer = shown[page.timer]
            if not timer["active"]:
                self._answer(shown[page.board])
                return

    def _answer(self, board: dict[str, Any]) -> None:
        for tile in board["tiles"]:
            with urlopen(self._page.address + tile["image"], timeout=60) as reply:
                reply.read()
        ticked = [board["tiles"][0]["id"]]
        answered = {"group_id": board["group_id"], "candidate_ids": ticked, "seen_ids": []}
        kept = self._timed(self._page.save, answered)[self._page.board]
        if not kept["is_answered"] or kept["ticked"] != ticked:
            raise AssertionError(f"A tick was not kept: {kept}")
        self._report.rounds += 1

    def _timed(self, event: dict[str, Any], sent: Any = None) -> dict[int, Any]:
        started = time.monotonic()
        answer = self._page.ask(event, self._session, sent)
        self._report.ticks_s.append(time.monotonic() - started)
        return answer

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except (AssertionError, OSError, ValueError, KeyError) as error:
            body = error.read().decode() if isinstance(error, HTTPError) else ""
            self._report.errors.append(f"{type(error).__name__}: {error} {body}"[:300])


def _write(config: LoadSoak, report: LoadReport) -> None:
    def late(values: Any) -> float:
        return float(np.quantile(values, 0.95))

    figures = {
        "errors": Figure.exact(len(report.errors)),
        "tick_p95_s": bootstrap(report.ticks_s, late, draws=200),
        "rss_growth": Figure.exact(report.growth),
        "events": Figure.exact(len(report.ticks_s)),
        "rounds": Figure.exact(report.rounds),
        "rss_mb": Figure.exact(report.end_mb),
    }
    command = f"python -m tests.soak load --sessions {config.sessions} --minutes {config.minutes:g}"
    write_results("load", command, [config.seed], figures, config.results or Path())
