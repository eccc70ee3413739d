from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.perfusion.generator import Generator
from studio.services.studio import Studio
from studio.storage.database import IN_MEMORY, Database
from studio.storage.image_files import ImageFiles
from tests.tiny_models import tiny_personal_generator
from tests.tiny_reward_models import shake, tiny_reward_model


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


@pytest.fixture
def personal_studio(database: Database, images: ImageFiles) -> Iterator[Studio]:
    """A studio whose models are both personal; it draws, and learns when it is told to."""
    reward_model = shake(tiny_reward_model(variant="text-only"))
    studio = Studio(tiny_personal_generator(), "tiny", database, images, reward_model)
    yield studio
    studio.stop()


@pytest.fixture
def store_ids(personal_studio: Studio) -> tuple[int, int]:
    """Two of its stores, unlike each other."""
    return (
        personal_studio.stores.add("Plain", {"style": ["minimalist"], "price": 20}).id,
        personal_studio.stores.add("Rich", {"style": ["luxurious"], "price": 500}).id,
    )
