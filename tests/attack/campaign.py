"""Attacks on a studio that runs, and what they come to."""

import json
import random
import re
import shutil
import string
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlsplit

from starlette.routing import Route

from studio.domain import StudioError
from studio.perfusion.checkpoint import save_pipeline
from studio.services.import_rounds import open_import
from studio.services.studio import Studio
from studio.ui.collection_routes import collection_routes
from studio.ui.routes import studio_routes
from tests.attack import hostile
from tests.attack.known import PATTERNS, Pattern
from tests.soak.load import Page, resident_mb
from tests.soak.people import call
from tests.soak.server import Server, start_server
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook, tiny_pipeline

_NOBODYS = cast("Studio", None)  # a route's address needs no studio
_DOORS = [
    each
    for each in (*studio_routes(_NOBODYS), *collection_routes(_NOBODYS))
    if isinstance(each, Route)
]
_OURS = tuple({f"/{each.path.split('/')[1].split('.')[0]}" for each in _DOORS})
_QUERIES = (
    "ids", "kind", "language", "view", "store", "format", "source", "exported", "title", "base",
    "zone", "decimals",
)  # fmt: skip
_SECRETS = (b"root:x:0:0", b"SQLite format 3")
_TRACEBACK = "Traceback (most recent call last)"
_OF_GRADIO = (
    "look/{}", "fonts/caladea/{}", "gradio_api/file={}", "static/{}",
    "gradio_api/info?all_endpoints={}", "gradio_api/call/{}/{}", "assets/{}", "theme.css?v={}",
    "gradio_api/queue/data?session_hash=nobody-{}", "gradio_api/upload_progress?upload_id={}",
    "config?deep_link={}", "?deep_link={}", "zh/{}", "{}", "{}/{}",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """What is tried.

    Attributes:
        requests: made up at random, to all routes and events.
        pictures: files that say they are pictures.
        exports: folders that say they are exports.
        seed: of all chance.
        limit_s: the longest that an answer may take.
        growth: the share by which the server's memory may grow between the middle and the end.
    """

    requests: int = 5_000
    pictures: int = 500
    exports: int = 100
    seed: int = 0
    limit_s: float = 2.0
    growth: float = 0.1


@dataclass
class Damage:
    """What the attacks came to.

    Attributes:
        tried: kind of attack -> how often.
        answers: status -> how often.
        found: sentences; there must be none.
        of_gradio: requests that Gradio's own routes answered with a 500; not ours to mend.
        slowest_s: the slowest answer.
        held_s: the longest that a small file of the studio took meanwhile.
        memory_mb: of the server, in the middle and at the end.
    """

    tried: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    of_gradio: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    held_s: float = 0.0
    memory_mb: tuple[float, float] = (0.0, 0.0)

    def sentence(self) -> str:
        """One line for people."""
        tried = ", ".join(f"{count:,} {kind}" for kind, count in self.tried.items())
        codes = ", ".join(f"{code}: {count}" for code, count in sorted(self.answers.items()))
        return (
            f"Tried {tried}. Answers {codes}; the slowest after {self.slowest_s:.2f} s, others "
            f"waited {self.held_s:.2f} s at most; memory {self.memory_mb[0]:.0f} -> "
            f"{self.memory_mb[1]:.0f} MB. {len(self.found)} faults."
        )


def run(config: Campaign, say: Callable[[str], None]) -> Damage:
    """Start a studio with a round in it, attack it, and see whether all is as before."""
    damage, folder = Damage(), Path(tempfile.mkdtemp(prefix="perfusion-attack-"))
    try:
        _imports(config, damage, folder / "imports")
        say(f"{config.exports} exports: {len(damage.found)} faults")
        with _studio(folder) as server:
            _attack(server, config, damage, say)
        log = (folder / "server.log").read_text(encoding="utf-8", errors="replace")
        damage.found += list(dict.fromkeys(own_faults(log)))
    finally:
        shutil.rmtree(folder)
    return damage


def _attack(server: Server, config: Campaign, damage: Damage, say: Callable[[str], None]) -> None:
    attacker = Attacker(server, config, damage)
    kept = attacker.settle()
    half = config.requests // 2
    with _watched(attacker):
        for pattern in PATTERNS:
            attacker.send(pattern)
        say(f"{len(PATTERNS)} known patterns: {len(damage.found)} faults")
        _repeat(attacker.send_picture, config.pictures, "pictures", damage, say)
        _repeat(attacker.make_up, half, "requests", damage, say)
        settled = resident_mb(server)
        _repeat(attacker.make_up, config.requests - half, "further requests", damage, say)
    damage.memory_mb = (settled, resident_mb(server))
    if damage.memory_mb[1] > damage.memory_mb[0] * (1 + config.growth):
        damage.found.append("Memory grew: {:.0f} -> {:.0f} MB".format(*damage.memory_mb))
    now = attacker.round(kept["round_id"])
    told = [name for name in kept if name != "is_deleted"]  # anybody may put a round away
    if changed := [
        f"{name}: {kept[name]!r} -> {now[name]!r}" for name in told if now[name] != kept[name]
    ]:
        damage.found.append(f"The round of before is not as it was: {'; '.join(changed)}")
    attacker.settle()


def _repeat(
    act: Callable[[], None], times: int, what: str, damage: Damage, say: Callable[[str], None]
) -> None:
    for number in range(1, times + 1):
        act()
        if number % 250 == 0 or number == times:
            say(f"{number} {what}: {len(damage.found)} faults")


@contextmanager
def _studio(folder: Path) -> Iterator[Server]:
    checkpoint, temporary = folder / "tiny", folder / "temporary"
    temporary.mkdir(parents=True)
    save_pipeline(tiny_pipeline(), checkpoint, phrasebook=tiny_phrasebook(), defaults=TINY_DEFAULTS)
    server = start_server(folder / "data", checkpoint, temporary, folder / "server.log")
    try:
        server.wait_until_served()
        yield server
    finally:
        server.kill()


def own_faults(log: str) -> Iterator[str]:
    """Tracebacks that end in the studio's own code; Gradio's own are not ours to mend."""
    for part in log.split(_TRACEBACK)[1:]:
        lines = part.splitlines()[1:]  # after the rest of the first line
        frames = [line for line in lines if line.startswith('  File "')]
        last = next((line for line in lines if line and not line.startswith(" ")), "")
        if frames and "/studio/" in frames[-1] and "site-packages" not in frames[-1]:
            yield f"A traceback of ours: {last} in {frames[-1].strip()}"


class Attacker:
    """Sends requests, and looks at each answer."""

    def __init__(self, server: Server, config: Campaign, damage: Damage) -> None:
        self.address = server.address
        self._host = urlsplit(server.address).netloc
        self._config = config
        self._damage = damage
        self._chance = random.Random(config.seed)
        page = Page(server.address)
        self._events = page.events
        self._names = page.names

    def settle(self) -> dict[str, Any]:
        """Draw a round and answer it, as people do: it must work before and after."""
        job = call(self.address, "generate", "dress, red", 2, 1, None, 1.0, 1, False)
        end = time.monotonic() + 120
        while job["state"] not in ("done", "failed") and time.monotonic() < end:
            time.sleep(0.1)
            job = call(self.address, "job", job["job_id"])
        drawn = self.round(job["round_id"])
        return call(self.address, "select", drawn["round_id"], [drawn["candidates"][0]["id"]])

    def round(self, round_id: int) -> dict[str, Any]:
        """A round as it is now."""
        return call(self.address, "round", round_id)

    def send(self, pattern: Pattern) -> bytes:
        """Send a known request."""
        self._damage.tried["known patterns"] += 1
        return self._ask(pattern.method, pattern.path, pattern.body, dict(pattern.headers))

    def send_picture(self) -> None:
        """Send a hostile picture to one of the places that take any."""
        self._damage.tried["pictures"] += 1
        content, route = (
            hostile.picture(self._chance),
            self._chance.choice(("recipes", "references", "rated-pictures")),
        )
        self._ask("POST", route, content, {"Content-Type": "image/png"})

    def make_up(self) -> None:
        """Send a request that nobody thought of."""
        self._damage.tried["requests"] += 1
        kind = self._chance.random()
        if kind < 0.35:
            self._made_up_route()
        elif kind < 0.7:
            self._made_up_call()
        else:
            self._made_up_event()

    def _made_up_route(self) -> None:
        if self._chance.random() < 0.35:
            route = self._chance.choice(_OF_GRADIO)
            methods: Sequence[str] = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE")
        else:
            door = self._chance.choice(_DOORS)
            route = re.sub(r"{\w+}", "{}", door.path[1:])
            methods = [*sorted(door.methods or ()) * 4, "GET", "POST", "PUT", "DELETE"]
            asked = self._chance.sample(_QUERIES, self._chance.choice((0, 1, 1, 2)))
            route += "?" * bool(asked) + "&".join(f"{name}={{}}" for name in asked)
        parts = [self._address_part() for _ in range(route.count("{}"))]
        method = self._chance.choice(methods)
        body = hostile.table(self._chance) if method == "POST" else None
        self._ask(method, route.format(*parts)[:60_000], body, {})

    def _address_part(self) -> str:
        found = hostile.value(self._chance)
        if isinstance(found, int) and found.bit_length() > 10_000:
            found = "9" * 4_000
        text = found if isinstance(found, str) else str(found)
        if self._chance.random() < 0.2:
            text = "".join(self._chance.choices(string.printable, k=self._chance.randint(1, 40)))
        return quote(text[:8_000].encode("utf-8", "surrogatepass"))

    def _made_up_call(self) -> None:
        name, count = self._chance.choice(self._names)
        count = max(0, count + self._chance.choice((0, 0, 0, 0, -1, 1)))
        data = [hostile.value(self._chance) for _ in range(count)]
        url = f"gradio_api/call/{name}"
        reply = self._ask("POST", url, _dumped({"data": data}), _JSON)
        self._wait_for(reply, url)

    def _made_up_event(self) -> None:
        event = self._chance.choice(self._events)
        session = f"{self._chance.getrandbits(20):x}"
        body = {
            "fn_index": event["id"],
            "session_hash": session,
            "data": [hostile.value(self._chance) for _ in event["inputs"]],
            "event_data": hostile.event_data(self._chance),
            "trigger_id": event["targets"][0][0] if event["targets"] else None,
        }
        reply = self._ask("POST", "gradio_api/queue/join", _dumped(body), _JSON)
        if b"event_id" in reply:
            self._ask("GET", f"gradio_api/queue/data?session_hash={session}", None, {})

    def _wait_for(self, reply: bytes, url: str) -> None:
        try:
            event = json.loads(reply)["event_id"]
        except (ValueError, KeyError, TypeError):
            return
        self._ask("GET", f"{url}/{event}", None, {})

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        patience_s = 2 * self._config.limit_s + 1
        started, shown = time.monotonic(), f"{method} /{path[:100]} {(body or b'')[:100]!r}"
        try:
            with closing(HTTPConnection(self._host, timeout=patience_s)) as connection:
                connection.request(method, f"/{path}", body, headers)
                reply = connection.getresponse()
                status, content = reply.status, _read(reply, started + self._config.limit_s)
        except TimeoutError:
            self._damage.found.append(f"No answer: {shown}")
            return b""
        except (HTTPException, OSError, ValueError, UnicodeError):
            self._damage.answers[0] += 1  # hung up on, or no request that can be sent
            return b""
        self._judge(status, content, time.monotonic() - started, shown)
        return content

    def _judge(self, status: int, content: bytes, took_s: float, shown: str) -> None:
        damage = self._damage
        damage.answers[status] += 1
        damage.slowest_s = max(damage.slowest_s, took_s)
        if status >= 500:
            is_ours = shown.split()[1].startswith(_OURS)
            kind = damage.found if is_ours else damage.of_gradio
            kind.append(f"{status}: {shown}: {content[:200]!r}")
        if took_s > self._config.limit_s:
            damage.found.append(f"{took_s:.1f} s: {shown}")
        if _TRACEBACK.encode() in content or any(each in content for each in _SECRETS):
            damage.found.append(f"It told what is none of anybody's business: {shown}")


_JSON = {"Content-Type": "application/json"}


def _read(reply: Any, end: float) -> bytes:
    """A body; of a stream that never ends what came until then."""
    found = b""
    if "event-stream" not in (reply.getheader("Content-Type") or ""):
        return bytes(reply.read())
    while time.monotonic() < end:
        try:
            line = reply.readline()
        except TimeoutError:  # a stream without an end, which only waits
            break
        found += line
        if not line or b"process_completed" in line or b"close_stream" in line:
            break
        if line.startswith((b"event: complete", b"event: error")):
            return found + bytes(reply.readline())
        if b"unexpected_error" in line:
            break
    return found


def _dumped(body: Any) -> bytes:
    return json.dumps(body).encode()


@contextmanager
def _watched(attacker: Attacker) -> Iterator[None]:
    """Ask for a small file all the while: whoever attacks must not hold up others."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            started = time.monotonic()
            with closing(HTTPConnection(attacker._host, timeout=60)) as connection:
                connection.request("GET", "/look/studio.css")
                connection.getresponse().read()
            held = time.monotonic() - started
            attacker._damage.held_s = max(attacker._damage.held_s, held)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _imports(config: Campaign, damage: Damage, folder: Path) -> None:
    """Bring hostile exports in, one after the other, into one data folder."""
    chance = random.Random(f"exports {config.seed}")
    (folder / "data").mkdir(parents=True)
    rounds, database = open_import(folder / "data")
    with closing(database):
        for number in range(config.exports):
            source = folder / f"export-{number}"
            hostile.export(source, chance)
            damage.tried["exports"] += 1
            started = time.monotonic()
            try:
                rounds.read_folder(source)
            except StudioError:
                pass
            except Exception as error:  # whatever it is, it is a fault
                damage.found.append(f"Export {number}: {type(error).__name__}: {error}"[:300])
            took_s = time.monotonic() - started
            if took_s > 5 * config.limit_s:
                damage.found.append(f"Export {number} took {took_s:.1f} s.")
            shutil.rmtree(source)
