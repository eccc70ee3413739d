"""How quick the studio is for the person in front of it, measured through its own doors.

All by HTTP and `gradio_client`, as any other program would. Without `--address` it starts the app
itself, on a data folder with a long history, and then measures start-up, memory and history too.
"""

import argparse
import itertools
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
from gradio_client import Client
from numpy.typing import NDArray
from PIL import Image

from studio.domain import StudioError
from studio.perfusion.profile import Profile
from training.data.groups import Round, save_image, write_rounds
from training.results import RESULTS, Figure, bootstrap, write_results

PROMPT = "dress, v-neck, slim-fit, long sleeves, long-hair model"
COLOURS = ("red", "navy", "black", "white", "green", "pink", "yellow", "grey")
STORES = 20
CANDIDATES = 8
_SEARCHES_PER_REPEAT = 20
_FEW_ROUNDS, _MANY_ROUNDS = 10, 200
"""Rounds that a taste is learnt from; of more than the second, the newest count."""
_LONGEST_WAIT_S = 600.0


class BenchError(StudioError):
    """The studio that is to be measured does not answer as it should."""


@dataclass(frozen=True, kw_only=True)
class StudioBench:
    """What is measured.

    Attributes:
        address: of a running studio; empty to start one.
        checkpoint: of the studio that is started.
        prompt: phrases that the checkpoint knows.
        repeats: of everything, after one that is not counted.
        rounds: in the history of the studio that is started.
        results: folder of the result files.
    """

    address: str = ""
    checkpoint: Path = Path("checkpoints/atelier")
    prompt: str = PROMPT
    repeats: int = 10
    rounds: int = 10_000
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.bench studio`."""
    default = StudioBench()
    parser.add_argument("--address", default=default.address)
    parser.add_argument("--checkpoint", type=Path, default=default.checkpoint)
    parser.add_argument("--prompt", default=default.prompt)
    parser.add_argument("--repeats", type=int, default=default.repeats)
    parser.add_argument("--rounds", type=int, default=default.rounds)
    parser.add_argument("--results", type=Path, default=default.results)


def from_options(options: argparse.Namespace) -> StudioBench:
    """The parsed command line as a configuration."""
    return StudioBench(**{name: getattr(options, name) for name in asdict(StudioBench())})


def run(config: StudioBench, command: str) -> dict[str, Figure]:
    """Measure and write the result file.

    Raises:
        BenchError: the studio does not start or does not draw.
    """
    if config.address:
        figures = measure_drawing(config.address, config)
    else:
        with tempfile.TemporaryDirectory() as made:
            figures = _measure_own(Path(made), config)
    write_results("studio", command, range(config.repeats + 1), figures, config.results)
    return figures


def measure_drawing(address: str, config: StudioBench) -> dict[str, Figure]:
    """From the click to the first preview, and to eight scored tiles; medians."""
    client = open_client(address)
    grids = [
        drawn_round(client, address, config.prompt, repeat * CANDIDATES)
        for repeat in range(config.repeats + 1)
    ][1:]
    return {
        "first_preview_s": median([grid.first_preview_s for grid in grids]),
        "grid_s": median([grid.whole_s for grid in grids]),
        "tiles": Figure.exact(CANDIDATES),
        "scored_tiles": Figure.exact(min(grid.scored for grid in grids)),
    }


def measure_history(address: str, repeats: int) -> dict[str, Figure]:
    """Pages of the history, as people turn them: newest, by store, by phrase, and older ones."""
    client = open_client(address)
    stores = [store["id"] for store in client.predict(api_name="/stores")]
    times = []
    for turn in range(repeats * _SEARCHES_PER_REPEAT + 1):
        began = time.perf_counter()
        _turn_a_page(client, turn, stores)
        times.append(time.perf_counter() - began)
    return {"history_10k_p95_s": bootstrap(times[1:], _p95)}


def measure_tastes(address: str, prompt: str, repeats: int) -> dict[str, Figure]:
    """From a saved answer to the taste that knows it, after 10 rounds and after 200; medians."""
    client = open_client(address)
    few = client.predict("Bench", {}, api_name="/add_store")["id"]
    for turn in range(_FEW_ROUNDS):
        _answer(client, _drawn(client, prompt, turn, few))
    many = next(each["id"] for each in client.predict(api_name="/stores") if each["id"] != few)
    figures = {}
    for store_id, rounds in ((few, _FEW_ROUNDS), (many, _MANY_ROUNDS)):
        _wait_for_taste(client, store_id)
        times = []
        for repeat in range(repeats + 1):
            drawn = _drawn(client, prompt, 1_000 + repeat, store_id)
            started = time.perf_counter()
            _answer(client, drawn)
            _wait_for_taste(client, store_id)
            times.append(time.perf_counter() - started)
        figures[f"taste_after_{rounds}_s"] = median(times[1:])
    return figures


def median(values: list[float]) -> Figure:
    """The median with its interval."""
    return bootstrap(values, lambda drawn: float(np.median(drawn)))


def write_history(folder: Path, rounds: int) -> None:
    """An export with so many answered rounds, for `python -m studio.import_rounds`.

    A few pictures in every order: rounds differ, and the folder stays small.
    """
    pictures = [
        save_image(folder, Image.new("RGB", (128, 256), (30 * place, 90, 160)))
        for place in range(CANDIDATES)
    ]
    orders = itertools.islice(itertools.permutations(pictures), rounds)
    first = datetime(2026, 1, 1, tzinfo=UTC)
    write_rounds(
        folder,
        [
            Round(
                id=f"round-{number}",
                profile=Profile.of(store_id=f"store-{number % STORES}"),
                prompt=f"dress, {COLOURS[number % len(COLOURS)]}",
                images=order,
                labels=tuple(float(place == number % CANDIDATES) for place in range(CANDIDATES)),
                seeds=tuple(range(CANDIDATES)),
                made_at=first + timedelta(minutes=number),
            )
            for number, order in enumerate(orders)
        ],
    )


@dataclass(frozen=True)
class Grid:
    """One round as a person waits for it."""

    first_preview_s: float
    whole_s: float
    scored: int
    round_id: int


def _measure_own(folder: Path, config: StudioBench) -> dict[str, Figure]:
    data, export = folder / "data", folder / "export"
    write_history(export, config.rounds)
    importing = [sys.executable, "-m", "studio.import_rounds", str(export), "--data", str(data)]
    if subprocess.run(importing, check=False).returncode:
        raise BenchError("The history to measure with could not be made; see above.")
    starts = []
    for _ in range(config.repeats + 1):
        with started(data, "--checkpoint", str(config.checkpoint)) as app:
            starts.append(app.startup_s)
    with started(data, "--checkpoint", str(config.checkpoint)) as app:
        history = measure_history(app.address, config.repeats)
        drawing = measure_drawing(app.address, config)
        tastes = measure_tastes(app.address, config.prompt, config.repeats)
        memory = _memory_mb(app.process_id)
    return {
        **drawing,
        "startup_s": median(starts[1:]),
        **({} if memory is None else {"idle_mb": Figure.exact(memory)}),
        **history,
        **tastes,
        "rounds": Figure.exact(config.rounds),
    }


def drawn_round(
    client: Client, address: str, prompt: str, seed: int, store_id: int | None = None
) -> Grid:
    """Draw eight designs and score them.

    Raises:
        BenchError: they were not drawn.
    """
    began = time.perf_counter()
    job = client.predict(prompt, CANDIDATES, seed, store_id, api_name="/generate")
    _wait(lambda: _answers(f"{address}previews/{job['job_id']}/0.jpg"), "a preview", 0.01)
    first_preview_s = time.perf_counter() - began
    state = dict(job)

    def is_done() -> bool:
        state.update(client.predict(job["job_id"], api_name="/job"))
        return state["state"] not in ("queued", "running")

    _wait(is_done, "the designs", 0.02)
    if state["state"] != "done":
        raise BenchError(f"The round was not drawn: {state['message'] or state['state']}")
    scores = client.predict(state["round_id"], api_name="/scores")
    took = time.perf_counter() - began
    return Grid(first_preview_s, took, len(scores), state["round_id"])


def _drawn(client: Client, prompt: str, seed: int, store_id: int) -> dict[str, Any]:
    """A round for a store."""
    state = dict(client.predict(prompt, CANDIDATES, seed, store_id, api_name="/generate"))

    def is_done() -> bool:
        state.update(client.predict(state["job_id"], api_name="/job"))
        return state["state"] not in ("queued", "running")

    _wait(is_done, "the designs", 0.05)
    found: dict[str, Any] = client.predict(state["round_id"], api_name="/round")
    return found


def _answer(client: Client, drawn: dict[str, Any]) -> None:
    first = [drawn["candidates"][0]["id"]]
    client.predict(drawn["round_id"], first, api_name="/select")


def _wait_for_taste(client: Client, store_id: int) -> None:
    def is_there() -> bool:
        return not client.predict(store_id, api_name="/taste")["is_learning"]

    _wait(is_there, "the taste", 0.05)


def _turn_a_page(client: Client, turn: int, stores: list[int]) -> None:
    search: dict[str, Any] = (
        {},
        {"store_id": stores[turn % len(stores)]} if stores else {},
        {"search": COLOURS[turn % len(COLOURS)]},
        {"search": "dre"},
        {"before_id": 100 + 37 * turn},
    )[turn % 5]
    client.predict(**search, api_name="/history")


@dataclass(frozen=True)
class App:
    """A studio of our own."""

    address: str
    startup_s: float
    process_id: int


@contextmanager
def started(
    data: Path,
    *options: str,
    program: Sequence[str] = (sys.executable, "app.py"),
    folder: Path | None = None,
) -> Iterator[App]:
    """A studio of our own, on a data folder.

    Args:
        data: its data folder.
        options: of the app.
        program: what starts the app.
        folder: where that runs; None for the one of this process.

    Raises:
        BenchError: it does not start.
    """
    port = _free_port()
    address = f"http://127.0.0.1:{port}/"
    command = [*program, "--data", str(data), "--port", str(port), *options]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        _wait(lambda: process.poll() is not None or _answers(address), "the page", 0.05)
        if process.poll() is not None:
            raise BenchError("The app did not start; see above.")
        yield App(address, time.perf_counter() - began, process.pid)
    finally:
        process.terminate()
        process.wait()


def open_client(address: str) -> Client:
    """A client of a running studio.

    Raises:
        BenchError: none answers.
    """
    if not _answers(address):
        raise BenchError(f"No studio answers at {address}: start it with `python app.py`.")
    return Client(address, verbose=False)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=10) as reply:
            return bool(reply.status == 200)
    except URLError:
        return False


def _wait(condition: Callable[[], bool], what: str, pause_s: float) -> None:
    end = time.monotonic() + _LONGEST_WAIT_S
    while not condition():
        if time.monotonic() > end:
            raise BenchError(
                f"The studio gave up on {what}: nothing after {_LONGEST_WAIT_S:.0f} s."
            )
        time.sleep(pause_s)


def _memory_mb(process_id: int) -> float | None:
    """Resident memory; None where the system does not tell."""
    try:
        lines = Path(f"/proc/{process_id}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    (resident,) = (line for line in lines if line.startswith("VmRSS:"))
    return int(resident.split()[1]) / 1024


def _p95(values: NDArray[np.float64]) -> float:
    return float(np.quantile(values, 0.95))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
