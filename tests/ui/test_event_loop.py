"""Whoever asks for something large must not hold up everybody else: the loop serves them all."""

import asyncio
import gc
import json
import threading
import time
import zlib
from asyncio.events import Handle
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from PIL import Image, PngImagePlugin

from studio.domain import GenerationRequest, NewCandidate, NewGroup, RoundRequest, Selection
from studio.doors.policy import LARGEST_EVENT
from studio.services.recipe import LARGEST_FILE, RECIPE_KEY
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles
from studio.storage.selections import SelectionStore
from tests.scripted_training import PASSES, scripted_training
from tests.serving import Classroom, served
from tests.soak.load import Page
from tests.soak.people import RefusedError

LONGEST_S = 0.05
"""Of the loop's own work for one thing, in time of the CPU: other programs don't count."""
ROUNDS = 300
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
CALLS: dict[str, list[Any]] = {
    "change": [1, 1, ["sleeves"], 1],
    "cancel": [1],
    "compare": ["dress, red", 1, 2, 1, 5],
    "delete": [2],
    "favourites": [],
    "generate": ["dress, red", 1, 5, 1, 1.0, 1],
    "history": ["dress", None, False, None],
    "job": [1],
    "keep_phrase": ["red", True],
    "more": [1, [1], 1],
    "round": [1],
    "scores": [1, 1],
    "seconds": [4],
    "select": [1, [1]],
    "star": [1, True],
    "stores": [],
    "undelete": [2],
}
"""Endpoints that are asked with sense; the others with nothing, and with too much."""


@pytest.fixture(scope="module")
def address(generator, tmp_path_factory) -> Iterator[str]:
    """A page with a long history, a worker that draws and a Teach tab."""
    folder = tmp_path_factory.mktemp("loop")
    _fill(folder / "data")
    classroom = Classroom(folder / "tiny", scripted_training(folder, PASSES))
    with served(folder / "data", generator, classroom=classroom) as address:
        yield address


def _fill(data: Path) -> None:
    data.mkdir()
    file = BytesIO()
    Image.new("RGB", (64, 128), "red").save(file, format="PNG")
    images = ImageFiles(data / "images")
    digest = images.write(file.getvalue())
    database = Database(data / "studio.db")
    groups, selections = GroupStore(database), SelectionStore(database)
    with database.transaction():
        for number in range(ROUNDS):
            request = GenerationRequest(prompt=f"dress, red, {number}", num_candidates=8, seed=0)
            group_id = groups.add(
                NewGroup(
                    request=RoundRequest(generation=request),
                    prompt=request.prompt,
                    checkpoint="tiny",
                    candidates=tuple(NewCandidate(seed=each, image=digest) for each in range(8)),
                    made_at=NOW,
                )
            )
            first = groups.get(group_id).candidates[0].id
            ticks = frozenset({first})
            selections.record(Selection(group_id=group_id, candidate_ids=ticks, made_at=NOW))
    database.close()


@contextmanager
def longest_turns() -> Iterator[dict[str, float]]:
    """What loops do in one go while the block runs -> how long, in seconds of their CPU time.

    No garbage is collected meanwhile: that falls on whoever comes next.
    """
    turns: dict[str, float] = {}
    run: Callable[[Handle], None] = Handle._run

    def timed(handle: Handle) -> None:
        started = time.thread_time()
        run(handle)
        took = time.thread_time() - started
        if took > LONGEST_S / 5:
            name = repr(handle)[:300]
            turns[name] = max(took, turns.get(name, 0.0))

    gc.collect()
    gc.disable()
    Handle._run = timed  # type: ignore[method-assign, assignment]  # the loop's own, to be timed
    try:
        yield turns
    finally:
        Handle._run = run  # type: ignore[method-assign, assignment]
        gc.enable()


def ask(
    address: str, path: str, body: bytes | None = None, kind: str = "application/json"
) -> bytes:
    """What comes of a request, whatever it is."""
    try:
        with urlopen(Request(address + path, body, {"Content-Type": kind}), timeout=60) as reply:
            return bytes(reply.read())
    except HTTPError as error:
        return bytes(error.read())


def call(address: str, name: str, data: list[Any]) -> None:
    begun = json.loads(ask(address, f"gradio_api/call/{name}", json.dumps({"data": data}).encode()))
    if "event_id" in begun:
        ask(address, f"gradio_api/call/{name}/{begun['event_id']}")


def large_png() -> bytes:
    """As large as may be, and a recipe that is no less."""
    facts, file = PngImagePlugin.PngInfo(), BytesIO()
    facts.add_text(RECIPE_KEY, "[" * 200_000, zip=True)
    facts.add(b"teSt", b"\0" * (LARGEST_FILE - 300_000))
    Image.effect_noise((256, 256), 40).save(file, format="PNG", pnginfo=facts)
    return file.getvalue()


def test_no_address_holds_the_loop(address):
    digest = next(iter(json.loads(_round(address))["candidates"]))["image"][7:71]
    png = large_png()
    assert LARGEST_FILE - 400_000 < len(png) < LARGEST_FILE
    with longest_turns() as turns:
        for path in (
            "", "zh", "config", "gradio_api/info", f"images/{digest}.png", f"large/{digest}.png",
            f"thumbnails/{digest}.png", "previews/1/0.jpg", "designs/1.png", "blueprints/1.png",
            "blueprints.zip?ids=1", "rounds.zip", "rounds.zip?format=pickapic",
            "rounds.zip?format=trl", "look/studio.css", "theme.css",
        ):  # fmt: skip
            ask(address, path)
        for path in ("recipes", "references"):
            ask(address, path, png, "image/png")
            ask(address, path, b"\x89PNG\r\n\x1a\n" + zlib.compress(b"\0" * 10**8), "image/png")

    assert {name: took for name, took in turns.items() if took > LONGEST_S} == {}


def _round(address: str) -> bytes:
    begun = json.loads(ask(address, "gradio_api/call/round", b'{"data": [1]}'))
    lines = ask(address, f"gradio_api/call/round/{begun['event_id']}").splitlines()
    return json.dumps(json.loads(lines[1].removeprefix(b"data: "))[0]).encode()


def test_no_call_and_no_event_of_a_page_holds_the_loop(address):
    page = Page(address)
    assert {*CALLS} <= {name for name, _ in page.names}
    with longest_turns() as turns:
        for name, count in page.names:
            call(address, name, CALLS.get(name, [None] * count))
        for event in [each for each in page.events if each["targets"]]:
            with suppress(RefusedError):
                page.ask(event, "one-page", {})

    assert {name: took for name, took in turns.items() if took > LONGEST_S} == {}


@pytest.mark.parametrize("values", ["[]", '"a"', '{"path":"a"}', "[" * 12 + "]" * 12])
def test_no_large_event_holds_the_loop(address, values):
    count = (LARGEST_EVENT - 200) // (len(values) + 1)
    data = ",".join([values] * count)
    with longest_turns() as turns:
        for path, body in (
            ("gradio_api/call/keep_phrase", f'{{"data": [[{data}], true]}}'),
            (
                "gradio_api/queue/join",
                f'{{"fn_index": 3, "session_hash": "a", "data": [[{data}]]}}',
            ),
        ):
            assert len(body) <= LARGEST_EVENT
            ask(address, path, body.encode())
        ask(address, "gradio_api/call/keep_phrase", b'{"data": [' + b"9" * (2 * LARGEST_EVENT))

    assert {name: took for name, took in turns.items() if took > LONGEST_S} == {}


def test_work_on_the_loop_is_seen():
    def work() -> None:
        end = time.thread_time() + 2 * LONGEST_S
        while time.thread_time() < end:
            pass

    async def begin() -> None:
        asyncio.get_running_loop().call_soon(work)
        await asyncio.sleep(0.01)

    with longest_turns() as turns:
        looping = threading.Thread(target=asyncio.run, args=(begin(),))
        looping.start()
        looping.join()

    assert any("work" in name and took > LONGEST_S for name, took in turns.items())
