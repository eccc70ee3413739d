from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.perfusion.generator import Generator
from studio.services.studio import Studio
from studio.storage.database import IN_MEMORY, Database
from studio.storage.image_files import ImageFiles


@pytest.fixture
def database() -> Iterator[Database]:
    database = Database(IN_MEMORY)
    yield database
    database.close()


@pytest.fixture
def images(tmp_path: Path) -> ImageFiles:
    return ImageFiles(tmp_path / "images")


@pytest.fixture
def studio(generator: Generator, database: Database, images: ImageFiles) -> Iterator[Studio]:
    """A studio on the tiny models whose worker has not started."""
    studio = Studio(generator, "tiny", database, images)
    yield studio
    studio.stop()


@pytest.fixture
def picture_studio(open_generator: Generator, tmp_path: Path) -> Iterator[Studio]:
    """The same on a checkpoint of pictures, as for Stable Diffusion."""
    studio = Studio.open(tmp_path / "pictures", open_generator, "tiny-sd15")
    yield studio
    studio.stop()
