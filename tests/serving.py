"""A studio that runs for a test: its worker draws, its page is served."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.domain import CandidateGroup
from studio.perfusion.generator import Generator
from studio.perfusion.reward_model import PerFusionRM
from studio.services.studio import Studio
from studio.ui.app import build_app, launch_options


def wait_until(condition: Callable[[], bool], limit_s: float = 20.0) -> None:
    """Wait for another thread to make the condition true."""
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "It took too long."
        time.sleep(0.01)


def drawn_round(studio: Studio, prompt: str, count: int, seed: int) -> CandidateGroup:
    """A finished round, drawn by the studio's own worker."""
    studio.start()
    job = studio.request_round(prompt, count, seed)
    wait_until(lambda: studio.status(job.id).job.state.is_final)
    group = studio.status(job.id).group
    assert group is not None, studio.status(job.id).job.message
    return group


@contextmanager
def served(
    data: Path, generator: Generator, reward_model: PerFusionRM | None = None
) -> Iterator[str]:
    """The address of a page that is served until the end of the block."""
    studio = Studio.open(data, generator, "tiny", reward_model)
    studio.start()
    page = build_app(studio)
    _, address, _ = page.launch(
        server_name="127.0.0.1", prevent_thread_lock=True, quiet=True, **launch_options(studio)
    )
    try:
        yield address
    finally:
        page.close()
        studio.stop()
