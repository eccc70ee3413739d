from collections.abc import Iterator

import pytest

from studio.storage.database import IN_MEMORY, Database


@pytest.fixture
def database() -> Iterator[Database]:
    database = Database(IN_MEMORY)
    yield database
    database.close()
