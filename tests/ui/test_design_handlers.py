"""What a page shows when it is opened."""

import gradio as gr
import pytest

from studio.services.asking import Change, RoundOptions
from studio.services.daring import MIDDLE
from studio.services.parts import Part
from studio.services.studio import Studio
from studio.ui.design_handlers import DesignHandlers
from studio.ui.session import Session
from studio.ui.words import ENGLISH, Words
from tests.serving import drawn_round, wait_until

WORDS = Words(ENGLISH, {})
NOTHING_NEW = {"__type__": "update"}


@pytest.fixture
def studio(tmp_path, generator):
    studio = Studio.open(tmp_path, generator, "tiny")
    yield studio
    studio.stop()


def test_an_opened_page_shows_what_was_asked_for_last(studio):
    group = drawn_round(studio, "dress, red", 1, seed=1)

    _, _, session, board, *_ = DesignHandlers(studio, WORDS).load(Session())

    assert isinstance(session, Session)
    assert session.group_id == board["group_id"] == group.id


def test_a_first_page_has_the_favourites_and_nothing_to_look_at(studio):
    studio.favourites.keep("red")

    phrases, _, *board = DesignHandlers(studio, WORDS).load(Session())

    assert phrases["favourites"] == ["red"]
    assert board == [NOTHING_NEW] * 8


def event(**data: object) -> gr.EventData:
    return gr.EventData(None, data)


def test_a_change_of_a_part_is_watched_and_says_what_was_kept(studio):
    group = drawn_round(studio, "dress, red", 2, seed=1)
    asked = event(group_id=group.id, candidate_id=group.candidates[0].id, parts=["sleeves"])

    session, _, _ = DesignHandlers(studio, WORDS).redraw(Session(), 2, asked)
    wait_until(lambda: studio.status(session.job_id).job.state.is_final)
    _, board, _ = DesignHandlers(studio, WORDS).tick(session)

    assert "sleeves of a design of round 1 drawn again" in board["note"]
    assert all(tile["told"] and tile["colours"] and tile["can_change"] for tile in board["tiles"])
    assert [part for part, _ in board["parts"]] == [*Part]


def test_a_restored_change_is_asked_for_once_and_a_reference_takes_its_place(studio):
    group = drawn_round(studio, "dress, red", 1, seed=1)
    design = group.candidates[0].design
    change = Change(design, frozenset({"fabric"}))
    on, fields = (
        DesignHandlers(studio, WORDS),
        ({"prompt": "dress, red"}, 1.0, "5", MIDDLE, 1.0, False),
    )

    restored = Session(restored=RoundOptions(change=change))
    session, _, _ = on.generate(restored, *fields)
    assert studio.latest_job().request.generation.kept == design
    session, _, _ = on.generate(session, *fields)
    assert studio.latest_job().request.generation.kept == ""

    asked = event(image=group.candidates[0].image, variation=0.4)
    session, _ = on.refer(restored, asked)
    on.generate(session, *fields)
    generation = studio.latest_job().request.generation
    assert (generation.kept, generation.variation) == ("", 0.4)


def test_a_round_asked_for_before_the_page_was_ready_is_not_taken_away(studio):
    drawn_round(studio, "dress", 1, seed=1)

    _, _, *board = DesignHandlers(studio, WORDS).load(Session(job_id=7))

    assert board == [NOTHING_NEW] * 8
