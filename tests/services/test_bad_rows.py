"""A row that something else than the studio wrote takes no page and no start with it."""

import sqlite3
from contextlib import closing, suppress

import pytest

from studio.domain import StorageError
from studio.services.studio import Studio
from studio.ui.api import Endpoints, group_record
from studio.ui.design_handlers import DesignHandlers
from studio.ui.design_screen import DesignScreen
from studio.ui.history_tab import HistoryHandlers
from studio.ui.session import Session
from studio.ui.stores_tab import book_view
from studio.ui.words import ENGLISH, Words
from tests.serving import drawn_round

WORDS = Words(ENGLISH, {})


def change(data, statement: str) -> None:
    with closing(sqlite3.connect(data / "studio.db")) as connection:
        connection.execute(statement)
        connection.commit()


@pytest.fixture
def data(generator, tmp_path):
    """A folder with two answered rounds of a store."""
    studio = Studio.open(tmp_path, generator, "tiny")
    studio.stores.add_samples()
    for seed in (1, 2):
        group = drawn_round(studio, "dress, red", 1, seed)
        studio.select(group.id, frozenset({group.candidates[0].id}))
    studio.stop()
    return tmp_path


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE groups SET request = '{' WHERE id = 2",
        "UPDATE groups SET request = 'null' WHERE id = 2",
        "UPDATE groups SET request = printf('%.*c', 50000, '[') WHERE id = 2",
        "UPDATE groups SET request = json_set(request, '$.wings', 2) WHERE id = 2",
        "UPDATE groups SET made_at = '148000-01-01T00:00:00' WHERE id = 2",
        "UPDATE groups SET made_at = '' WHERE id = 2",
        "UPDATE groups SET prompt = CAST(X'ff64ff' AS TEXT) WHERE id = 2",
        "UPDATE groups SET seconds = -1e300 WHERE id = 2",
        "UPDATE groups SET deleted_at = 'never' WHERE id = 2",
        "UPDATE selections SET made_at = 'soon' WHERE group_id = 2",
        "UPDATE selections SET profile = '[[' WHERE group_id = 2",
        "UPDATE candidates SET design = '{\"version\": 99' WHERE group_id = 2",
        "UPDATE candidates SET image = '../../etc/passwd' WHERE group_id = 2",
        "DELETE FROM candidates WHERE group_id = 2",
        "UPDATE jobs SET request = 'x' WHERE id = 2",
        "UPDATE jobs SET state = 'dreaming' WHERE id = 2",
        "UPDATE jobs SET state = 'queued', request = '[]' WHERE id = 2",
        "UPDATE jobs SET made_at = '9999999' WHERE id = 2",
        "UPDATE stores SET profile = 'NaN' WHERE id = 1",
        "INSERT INTO loose_images VALUES ('0', 'yesterday')",
        "INSERT INTO favourite_phrases (phrase, kept_at) VALUES ('a,b', 'then')",
    ],
)
def test_all_else_is_there(generator, data, statement):
    change(data, statement)

    studio = Studio.open(data, generator, "tiny")
    studio.start()
    try:
        DesignHandlers(studio, WORDS).load(Session())
        DesignScreen(studio, WORDS).card(Session(store_id=1))
        shown = HistoryHandlers(studio, WORDS).show()
        assert 1 in [each["id"] for each in shown["rounds"]]
        assert book_view(studio, WORDS)["stores"]
        Endpoints(studio).history()
        assert group_record(studio.group(1))["candidates"]
        studio.export.count()
        with suppress(StorageError):  # of a picture that is gone it says so
            studio.export.write_folder(data / "export")
        assert drawn_round(studio, "dress", 1, seed=3).id == 3
    finally:
        studio.stop()


def test_a_round_that_cannot_be_read_says_so(generator, data):
    change(data, "UPDATE groups SET request = '{' WHERE id = 2")

    studio = Studio.open(data, generator, "tiny")
    with pytest.raises(StorageError, match="can't be read"):
        studio.group(2)
    studio.stop()
