"""Two people at one studio, for tests: each with a cookie, a page and the API of their own."""

import http.client
import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlparse

from PIL import Image

from studio.domain import GenerationCancelledError, GenerationRequest
from studio.doors.gate import COOKIE
from studio.perfusion.generator import GeneratedGroup, Generator, StepCallback

PASSWORD = "correct horse battery"
DEFAULTS: dict[str, tuple[Any, ...]] = {
    "generate": ("", 8, None, None, 1.0, 1, False),
    "history": ("", None, False, None),
    "star": (0, True),
    "keep_phrase": ("", True),
    "scores": (0, None),
}
"""What `gradio_client` fills in where less is given."""


class WaitingGenerator(Generator):
    """Draws as ever, but a round of "maxi" hangs after its first preview until it is let go."""

    def __init__(self, other: Generator) -> None:
        super().__init__(other.pipeline, other.defaults, other.phrasebook)
        self.go_on = threading.Event()

    def generate(
        self,
        request: GenerationRequest,
        on_step: StepCallback | None = None,
        *rest: Any,
        **named: Any,
    ) -> GeneratedGroup:
        """Make a group; see `Generator.generate`."""
        if "maxi" in request.prompt and on_step is not None:
            previews = [lambda: Image.new("RGB", (8, 16), "red")] * request.num_candidates
            while not self.go_on.wait(0.05):
                if not on_step(1, 2, previews):
                    raise GenerationCancelledError
        return super().generate(request, on_step, *rest, **named)


@dataclass(frozen=True)
class Reply:
    """What came back: a status, and all of it as text, to be searched for what it must not hold."""

    status: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        """The content, where it is JSON."""
        return json.loads(self.text)


class Person:
    """Somebody with a browser, as far as the server can tell.

    Args:
        address: of the studio.
        cookie: of the login; empty without one.
    """

    def __init__(self, address: str, cookie: str = "") -> None:
        self._host = urlparse(address).netloc
        self.cookie = cookie
        self.page = secrets.token_hex(8)

    @classmethod
    def logged_in(cls, address: str, name: str, password: str = PASSWORD) -> "Person":
        """Somebody who has just logged in."""
        person = cls(address)
        form = urlencode({"username": name, "password": password})
        reply = person.ask("POST", "/login", form.encode())
        assert reply.status == 200, reply.text
        person.cookie = reply.headers["set-cookie"].split(";")[0].removeprefix(f"{COOKIE}=")
        return person

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        """One request."""
        with self._asked(method, path, body, headers) as reply:
            content = reply.read()
        told = {name.lower(): value for name, value in reply.getheaders()}
        return Reply(reply.status, content.decode("latin-1"), told)

    def get(self, path: str) -> Reply:
        """A look at an address."""
        return self.ask("GET", path)

    def send(self, path: str, content: Any) -> Reply:
        """JSON to an address."""
        return self.ask("POST", path, json.dumps(content).encode(), content_type="application/json")

    def call(self, endpoint: str, *values: Any) -> Reply:
        """A named endpoint, and what came of it."""
        rest = DEFAULTS.get(endpoint, ())[len(values) :]
        begun = self.send(f"/gradio_api/call/{endpoint}", {"data": [*values, *rest]})
        if begun.status != 200:
            return begun
        return self.get(f"/gradio_api/call/{endpoint}/{begun.json['event_id']}")

    def event(self, element: str, name: str, /, **data: Any) -> Reply:
        """What the page sends when something happens on it, and what came of it.

        Args:
            element: the component, as its script is called.
            name: of the event.
            data: what the script sends along.
        """
        config = self.get("/config").json
        sender = next(
            each["id"]
            for each in config["components"]
            if each["props"].get("elem_id") == element.replace("_", "-")
        )
        listener = next(
            each for each in config["dependencies"] if [sender, name] in map(list, each["targets"])
        )
        asked = {
            "fn_index": listener["id"],
            "data": [None] * len(listener["inputs"]),
            "event_data": data,
            "session_hash": self.page,
            "trigger_id": sender,
        }
        begun = self.send("/gradio_api/queue/join", asked)
        if begun.status != 200:
            return begun
        return self.told_of(begun.json["event_id"])

    def told_of(self, event_id: str) -> Reply:
        """What the page hears of an event until it is over."""
        path = f"/gradio_api/queue/data?session_hash={quote(self.page)}"
        heard = []
        with self._asked("GET", path, b"", {}) as reply:
            for line in reply:
                heard.append(line.decode())
                if '"process_completed"' in heard[-1] and event_id in heard[-1]:
                    break
        return Reply(reply.status, "".join(heard))

    @contextmanager
    def _asked(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(self._host, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            named["cookie"] = f"{COOKIE}={self.cookie}"
        with closing(connection):
            connection.request(method, path, body or None, named)
            yield connection.getresponse()


def rows_of(data: Path, workspace: str) -> list[tuple[Any, ...]]:
    """Everything that a workspace has in the database, to be compared with later."""
    own = "(SELECT id FROM workspaces WHERE name = ?)"
    groups = f"(SELECT id FROM groups WHERE workspace_id = {own})"
    questions: Sequence[str] = (
        f"SELECT 'group', * FROM groups WHERE workspace_id = {own}",
        f"SELECT 'job', * FROM jobs WHERE workspace_id = {own}",
        f"SELECT 'store', * FROM stores WHERE workspace_id = {own}",
        f"SELECT 'phrase', * FROM favourite_phrases WHERE workspace_id = {own}",
        f"SELECT 'picture', * FROM brought_pictures WHERE workspace_id = {own}",
        f"SELECT 'candidate', * FROM candidates WHERE group_id IN {groups}",
        f"SELECT 'answer', * FROM selections WHERE group_id IN {groups}",
        f"SELECT 'tick', * FROM ticks WHERE group_id IN {groups}",
    )
    with closing(sqlite3.connect(data / "studio.db")) as connection:
        return [row for each in questions for row in connection.execute(each, (workspace,))]
