"""How much slower rounds are drawn while the studio teaches itself, through its own doors.

A studio is started, a few rounds are drawn and answered in it, and the models are taught from them;
meanwhile rounds are drawn as before. So it measures as well how long so small a training takes.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gradio_client import Client

from training.bench.studio import (
    CANDIDATES,
    COLOURS,
    PROMPT,
    BenchError,
    drawn_round,
    median,
    open_client,
    started,
)
from training.results import RESULTS, Figure, write_results

FEWEST = 3
"""Rounds drawn beside a training, to say anything of it."""
_ENDED = ("cancelled", "interrupted", "failed", "done")
_PART_NAMES = {None: "preparing", "reward": "scores", "generator": "designs"}


@dataclass(frozen=True, kw_only=True)
class TeachingBench:
    """What is measured.

    Attributes:
        checkpoint: of the studio that is started.
        prompt: phrases that the checkpoint knows.
        rounds: answered before the training.
        repeats: rounds drawn before the training, after one that is not counted.
        results: folder of the result files.
    """

    checkpoint: Path = Path("checkpoints/atelier")
    prompt: str = PROMPT
    rounds: int = 12
    repeats: int = 10
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.bench teaching`."""
    default = TeachingBench()
    parser.add_argument("--checkpoint", type=Path, default=default.checkpoint)
    parser.add_argument("--prompt", default=default.prompt)
    parser.add_argument("--rounds", type=int, default=default.rounds)
    parser.add_argument("--repeats", type=int, default=default.repeats)
    parser.add_argument("--results", type=Path, default=default.results)


def from_options(options: argparse.Namespace) -> TeachingBench:
    """The parsed command line as a configuration."""
    return TeachingBench(**{name: getattr(options, name) for name in asdict(TeachingBench())})


def run(config: TeachingBench, command: str) -> dict[str, Figure]:
    """Measure and write the result file.

    Raises:
        BenchError: the studio does not start, draw or teach.
    """
    checkpoint = ("--checkpoint", str(config.checkpoint))
    with tempfile.TemporaryDirectory() as data, started(Path(data), *checkpoint) as app:
        figures = measure_teaching(app.address, config)
    write_results("teaching", command, range(config.repeats + 1), figures, config.results)
    return figures


def measure_teaching(address: str, config: TeachingBench) -> dict[str, Figure]:
    """Rounds before a training and beside it, part by part; medians.

    Raises:
        BenchError: see `run`.
    """
    client = open_client(address)
    answer_rounds(client, address, config.rounds)
    before = [
        drawn_round(client, address, config.prompt, repeat * CANDIDATES).whole_s
        for repeat in range(config.repeats + 1)
    ][1:]
    began = time.perf_counter()
    client.predict("both", api_name="/teach")
    beside: dict[str, list[float]] = {}
    for seed, part in enumerate(_parts_under_way(client)):
        took = drawn_round(client, address, config.prompt, seed * CANDIDATES).whole_s
        beside.setdefault(part, []).append(took)
    minutes = (time.perf_counter() - began) / 60
    drawn = [each for some in beside.values() for each in some]
    if len(drawn) < FEWEST:
        raise BenchError("The training was over before anything could be drawn beside it.")
    calm = float(np.median(before))
    return {
        "grid_before_s": median(before),
        "grid_beside_s": median(drawn),
        "slowed": median([each / calm for each in drawn]),
        **{f"slowed_{part}": median([s / calm for s in some]) for part, some in beside.items()},
        "beside": Figure.exact(len(drawn)),
        "rounds": Figure.exact(config.rounds),
        "minutes": Figure.exact(minutes),
    }


def answer_rounds(client: Client, address: str, rounds: int) -> None:
    """Draw so many rounds for two stores by turns, and tick two designs of each.

    Args:
        client: of the studio.
        address: of the studio.
        rounds: how many.
    """
    stores = [each["id"] for each in client.predict(api_name="/stores")[:2]]
    for number in range(rounds):
        prompt = f"dress, {COLOURS[number % len(COLOURS)]}"
        made = drawn_round(
            client, address, prompt, number * CANDIDATES, stores[number % len(stores)]
        )
        group = client.predict(made.round_id, api_name="/round")
        ticked = [each["id"] for each in group["candidates"][number % 3 : number % 3 + 2]]
        client.predict(made.round_id, ticked, api_name="/select")


def _parts_under_way(client: Client) -> Iterator[str]:
    """What is taught, again and again until the training has ended.

    Raises:
        BenchError: it failed.
    """
    while True:
        training: dict[str, Any] = client.predict(api_name="/training")
        if training["state"] in _ENDED:
            break
        yield _PART_NAMES[training["part"]]
    if training["state"] != "done":
        raise BenchError(f"The training ended as {training['state']}. {training['message']}")
