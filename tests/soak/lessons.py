"""Trainings that the people of a soak start from the page, and what the page tells of them."""

import json
import os
import random
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

from studio.ui.words_english import ENGLISH
from tests.soak.ledger import Ledger
from tests.soak.load import Page
from tests.soak.people import RefusedError


class Teacher:
    """Starts a training as the Teach tab does, and looks how it is until the studio dies."""

    def __init__(self, address: str, ledger: Ledger, chance: random.Random) -> None:
        self._lessons = Lessons(address)
        self._ledger = ledger
        self._chance = chance
        self._has_begun = False

    def act(self) -> None:
        """Begin, then look."""
        if self._has_begun:
            self._lessons.told()
            time.sleep(0.2)
            return
        time.sleep(self._chance.uniform(0.0, 0.5))
        self._ledger.doing["teacher"] = "teach"
        with suppress(RefusedError):  # nothing was answered yet
            self._lessons.begin()
        self._has_begun = True


class Lessons:
    """The Teach tab, as its page uses it."""

    def __init__(self, address: str) -> None:
        self._page = Page(address)
        self._start, self._look = next(
            (start, look)
            for start in self._page.events
            for look in self._page.events
            if _is(start, "start") and _is(look, "tick") and start["outputs"] == look["outputs"]
        )

    def begin(self) -> None:
        """Teach the generator on all answered rounds.

        Raises:
            RefusedError: that can't be done now.
        """
        self._page.ask(self._start, f"teach-{threading.get_ident()}", {"part": "generator"})

    def told(self) -> str:
        """What is said of the last training; empty where there was none."""
        shown = self._page.ask(self._look, f"look-{threading.get_ident()}")[
            self._look["outputs"][0]
        ]
        view = shown.get("value", shown)
        return str((view["sentences"] or [""])[0])


def told_wrongly(data: Path, address: str) -> list[str]:
    """What the page tells of the last training that isn't so; empty when it is right.

    A training may end while it is looked at: then what was right before or after is right.
    """
    lessons, before = Lessons(address), sentence_of_last(data)
    told = lessons.told()
    if told in (before, sentence_of_last(data)):
        return []
    return [f"A training is told as {told!r}; right were {before!r}."]


def sentence_of_last(data: Path) -> str:
    """What is so, from the files and the processes."""
    folders = sorted(each.parent for each in (data / "trainings").glob("[0-9]*/training.json"))
    if not folders:
        return ""
    number, outcome = int(folders[-1].name), folders[-1] / "outcome.json"
    if running(folders[-1]):
        state = "training_running"
    elif outcome.is_file():
        is_done = not json.loads(outcome.read_text(encoding="utf-8"))["error"]
        state = "training_done" if is_done else "training_failed"
    else:
        state = "training_interrupted"
    return ENGLISH[state].format(number=number)


def running(folder: Path) -> list[int]:
    """The processes that were started with something in this folder, and live."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            if b"training.finetune" in words and any(
                str(folder).encode() in each for each in words
            ):
                found.append(int(process.name))
    return found


def kill_trainings(data: Path) -> int:
    """`kill -9` to the trainings of a data folder; how many there were."""
    found = running(data)
    for process_id in found:
        with suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGKILL)
    end = time.monotonic() + 20
    while running(data):
        assert time.monotonic() < end, "A training outlived kill -9."
        time.sleep(0.02)
    return len(found)


def _is(event: dict[str, object], name: str) -> bool:
    targets = event["targets"]
    return isinstance(targets, list) and [name] == [target[1] for target in targets]
