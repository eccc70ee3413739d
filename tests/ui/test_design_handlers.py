"""What a page shows when it is opened."""

import pytest

from studio.services.studio import Studio
from studio.ui.design_handlers import DesignHandlers
from studio.ui.session import Session
from studio.ui.words import ENGLISH, Words
from tests.serving import drawn_round

WORDS = Words(ENGLISH, {})
NOTHING_NEW = {"__type__": "update"}


@pytest.fixture
def studio(tmp_path, generator):
    studio = Studio.open(tmp_path, generator, "tiny")
    yield studio
    studio.stop()


def test_an_opened_page_shows_what_was_asked_for_last(studio):
    group = drawn_round(studio, "dress, red", 1, seed=1)

    _, _, session, board, _ = DesignHandlers(studio, WORDS).load(Session())

    assert isinstance(session, Session)
    assert session.job_id == studio.latest_job().id
    assert board["group_id"] == group.id


def test_a_first_page_has_the_favourites_and_nothing_to_look_at(studio):
    studio.favourites.keep("red")

    phrases, _, *board = DesignHandlers(studio, WORDS).load(Session())

    assert phrases["favourites"] == ["red"]
    assert board == [NOTHING_NEW] * 3


def test_a_round_asked_for_before_the_page_was_ready_is_not_taken_away(studio):
    drawn_round(studio, "dress", 1, seed=1)

    _, _, *board = DesignHandlers(studio, WORDS).load(Session(job_id=7))

    assert board == [NOTHING_NEW] * 3
