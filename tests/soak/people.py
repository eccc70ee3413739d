"""The people of a soak: they draw, tick, change their minds, cancel and export without a pause."""

import json
import random
import threading
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pandas as pd
from PIL import Image

from tests.soak.commands import start_command
from tests.soak.ledger import Ledger

PROMPTS = ("dress, red", "skirt, navy", "dress, v-neck, midi", "skirt, maxi, red")

NO_STORE, AS_TRAINED, ONCE, EXPLORES = None, 1.0, 1, False


class RefusedError(AssertionError):
    """The studio answered with a sentence that it can't do that."""


class Person(threading.Thread):
    """Does one thing after another until the studio is killed.

    What goes wrong before that is kept in `failure`: it is a bug, not the kill.
    """

    def __init__(self, name: str, killed: threading.Event, act: Callable[[], None]) -> None:
        super().__init__(name=name, daemon=True)
        self.failure: Exception | None = None
        self._killed = killed
        self._act = act

    def run(self) -> None:
        try:
            while not self._killed.is_set():
                self._act()
        except Exception as error:  # a dying server breaks calls in every way there is
            if not self._killed.is_set():
                self.failure = error


def call(address: str, endpoint: str, *values: object) -> Any:
    """Call a named endpoint as Gradio's page on plain HTTP tells.

    `gradio_client` does the same and more; here it would print a traceback for each kill.
    """
    url = f"{address}gradio_api/call/{endpoint}"
    question = Request(
        url, json.dumps({"data": values}).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(question, timeout=60) as reply:
        event = json.load(reply)["event_id"]
    with urlopen(f"{url}/{event}", timeout=60) as reply:
        lines = reply.read().decode().splitlines()
    answers = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    if "event: complete" not in lines:
        raise RefusedError(f"{endpoint} {values}: {lines}")
    return json.loads(answers[-1])[0]


class Designer:
    """Asks for rounds and answers them."""

    def __init__(self, address: str, ledger: Ledger, chance: random.Random, name: str) -> None:
        self._address = address
        self._ledger = ledger
        self._chance = chance
        self._name = name

    def act(self) -> None:
        """One round, from its phrases to its ticks."""
        self._do("draw")
        count, seed = self._chance.randint(1, 4), self._chance.randrange(2**32)
        prompt = self._chance.choice(PROMPTS)
        job = self._ask("generate", prompt, count, seed, NO_STORE, AS_TRAINED, ONCE, EXPLORES)
        self._ledger.jobs.add(job["job_id"])
        if self._chance.random() < 0.15:
            job = self._ask("cancel", job["job_id"])
        while job["state"] in ("queued", "running"):
            job = self._ask("job", job["job_id"])
        if job["state"] == "done":
            drawn = self._ask("round", job["round_id"])
            self._answer(drawn)
            if self._chance.random() < 0.2:
                self._change(drawn)

    def _answer(self, drawn: dict[str, Any]) -> None:
        self._do("tick")
        ids = [each["id"] for each in drawn["candidates"]]
        self._ledger.rounds[drawn["round_id"]] = frozenset(ids)
        for _ in range(self._chance.randint(1, 3)):  # people change their minds
            ticks = frozenset(self._chance.sample(ids, self._chance.randint(0, len(ids))))
            self._ledger.ask(drawn["round_id"], ticks)
            answered = self._ask("select", drawn["round_id"], sorted(ticks))
            self._ledger.hear(drawn["round_id"], frozenset(answered["selected_ids"]))

    def _change(self, drawn: dict[str, Any]) -> None:
        self._do("change")
        kept = self._chance.choice(drawn["candidates"])["id"]
        job = self._ask("change", drawn["round_id"], kept, ["sleeves", "fabric"], 1)
        self._ledger.jobs.add(job["job_id"])

    def _do(self, what: str) -> None:
        self._ledger.doing[self._name] = what

    def _ask(self, endpoint: str, *values: object) -> dict[str, Any]:
        return call(self._address, endpoint, *values)


class Exporter:
    """Takes the rounds away again and again, and a blueprint now and then."""

    def __init__(self, address: str, ledger: Ledger, chance: random.Random) -> None:
        self._address = address
        self._ledger = ledger
        self._chance = chance

    def act(self) -> None:
        """One export; it must hold every answer that was acknowledged before it was asked for."""
        promised = dict(self._ledger.answers)
        if not promised:
            time.sleep(0.05)
            return
        self._ledger.doing["exporter"] = "export"
        with zipfile.ZipFile(BytesIO(self._get("rounds.zip"))) as archive:
            table = pd.read_parquet(BytesIO(archive.read("rounds.parquet")))
            names = set(archive.namelist())
        missing = {f"round-{each}" for each in promised} - set(table["round_id"])
        assert not missing, f"The export lacks {sorted(missing)}."
        assert {image for images in table["images"] for image in images} <= names
        if self._chance.random() < 0.2:
            self._ledger.doing["exporter"] = "blueprint"
            candidates = self._ledger.rounds[self._chance.choice(sorted(promised))]
            sheet = self._get(f"blueprints/{min(candidates)}.png")
            with Image.open(BytesIO(sheet)) as image:
                image.verify()

    def _get(self, path: str) -> bytes:
        with urlopen(self._address + path, timeout=60) as reply:
            content: bytes = reply.read()
        return content


class Archivist:
    """Backs the studio up once, in a process that may be killed, too."""

    def __init__(self, data: Path, folder: Path, ledger: Ledger, chance: random.Random) -> None:
        self._data = data
        self._folder = folder
        self._ledger = ledger
        self._chance = chance
        self._has_begun = False

    def act(self) -> None:
        """One backup at any moment; then nothing more."""
        if self._has_begun:
            time.sleep(0.05)
            return
        time.sleep(self._chance.uniform(0.0, 1.0))
        self._has_begun = True
        self._ledger.doing["archivist"] = "back up"
        promised = frozenset(self._ledger.answers)
        target = self._folder / f"{self._chance.getrandbits(60):015x}.zip"
        command = start_command(
            "backup", [target, "--data", self._data], self._folder, self._folder / "backups.log"
        )
        is_killed = self._chance.random() < 0.3
        ended = command.ends_well(self._chance.uniform(0.0, 0.4) if is_killed else 60.0)
        self._ledger.backups[target] = ended, promised
