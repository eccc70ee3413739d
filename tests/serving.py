"""A studio that runs for a test: its worker draws, its page is served."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from studio.domain import CandidateGroup
from studio.doors.policy import DoorPolicy
from studio.perfusion.generator import Generator
from studio.perfusion.reward_model import PerFusionRM
from studio.perfusion.scoring import load_reward_model
from studio.services.in_service import InService, Models
from studio.services.studio import Studio
from studio.services.teaching import Trainings
from studio.ui.app import THIS_MACHINE, Teaching, build_app, launch_options


def wait_until(condition: Callable[[], bool], limit_s: float = 20.0) -> None:
    """Wait for another thread to make the condition true."""
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "It took too long."
        time.sleep(0.01)


def drawn_round(
    studio: Studio, prompt: str, count: int, seed: int, store_id: int | None = None
) -> CandidateGroup:
    """A finished round, drawn by the studio's own worker."""
    studio.start()
    job = studio.request_round(prompt, count, seed, store_id=store_id)
    wait_until(lambda: studio.status(job.id).job.state.is_final)
    group = studio.status(job.id).group
    assert group is not None, studio.status(job.id).job.message
    return group


@dataclass(frozen=True)
class Classroom:
    """What a page with a Teach tab works with.

    Attributes:
        checkpoint: folder of the checkpoint that the studio starts with.
        command: what runs a training.
    """

    checkpoint: Path
    command: tuple[str, ...]

    def teaching(self, studio: Studio, data: Path) -> Teaching:
        """Put together as `app.py` does it."""
        trainings = Trainings(data / "trainings", studio.export, self.command)
        return trainings, InService(studio, data, self.checkpoint, load_models)


def load_models(checkpoint: Path) -> Models:
    """What draws and what scores, from a checkpoint folder."""
    return Generator.load(checkpoint, device="cpu"), load_reward_model(checkpoint, device="cpu")


@contextmanager
def served(
    data: Path,
    generator: Generator,
    reward_model: PerFusionRM | None = None,
    classroom: Classroom | None = None,
    policy: DoorPolicy = THIS_MACHINE,
    root_path: str | None = None,
) -> Iterator[str]:
    """The address of a page that is served until the end of the block."""
    name = "tiny" if classroom is None else classroom.checkpoint.name
    studio = Studio.open(data, generator, name, reward_model)
    studio.start()
    teaching = None if classroom is None else classroom.teaching(studio, data)
    page = build_app(studio, teaching, policy=policy)
    _, address, _ = page.launch(
        server_name="127.0.0.1",
        prevent_thread_lock=True,
        quiet=True,
        root_path=root_path,
        **launch_options(studio, policy),
    )
    try:
        yield address
    finally:
        page.close()
        studio.stop()
