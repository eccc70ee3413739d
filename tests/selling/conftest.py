from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.perfusion.generator import Generator
from studio.selling.selling import Selling
from studio.services.studio import Studio
from studio.storage.database import IN_MEMORY, Database
from studio.storage.image_files import ImageFiles
from tests.selling.orders import Clock
from tests.selling.shop import drawn_candidates


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> ImageFiles:
    """The pictures of all tests: each is drawn and written once."""
    return ImageFiles(tmp_path_factory.mktemp("pictures") / "images")


@pytest.fixture
def studio(generator: Generator, pictures: ImageFiles) -> Iterator[Studio]:
    """A studio in memory whose worker has not started."""
    studio = Studio(generator, "tiny", Database(IN_MEMORY), pictures)
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


@pytest.fixture
def kept_selling(generator: Generator, clock: Clock, tmp_path: Path) -> Iterator[Selling]:
    """The same in a data folder, for other connections and commands."""
    studio = Studio.open(tmp_path / "data", generator, "tiny")
    drawn_candidates(studio, 3)
    yield Selling(studio, clock)
    studio.stop()
