from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.perfusion.generator import Generator
from studio.selling.selling import Selling
from studio.services.studio import Studio
from tests.selling.orders import Clock
from tests.selling.shop import drawn_candidates


@pytest.fixture
def studio(generator: Generator, tmp_path: Path) -> Iterator[Studio]:
    """A studio on a folder whose worker has not started."""
    studio = Studio.open(tmp_path / "data", generator, "tiny")
    yield studio
    studio.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def selling(studio: Studio, clock: Clock) -> Selling:
    """Selling with a clock that stands still until a test moves it, and a round of designs."""
    drawn_candidates(studio, 3)
    return Selling(studio, clock)
