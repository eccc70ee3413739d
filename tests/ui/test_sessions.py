"""What Gradio keeps of each caller."""

import gradio as gr
import pytest
from gradio.state_holder import SessionState

from studio.ui.sessions import MOST_CALLS, MOST_PAGES, Sessions


@pytest.fixture
def sessions() -> Sessions:
    with gr.Blocks() as page:
        state = gr.State(0)
        gr.Textbox("a page")
    page.state = state._id
    sessions = Sessions()
    sessions.set_blocks(page)
    return sessions


def test_calls_without_a_state_are_forgotten_and_open_pages_are_not(sessions):
    state = sessions.blocks.state
    pages = [f"page {number}" for number in range(20)]
    for number, page in enumerate(pages):
        sessions[page][state] = number

    for number in range(2_000):
        sessions[f"call {number}"]

    assert len(sessions.session_data) == len(pages) + MOST_CALLS
    assert len(sessions.time_last_used) == len(pages) + MOST_CALLS
    assert [sessions[page][state] for page in pages] == list(range(20))


def test_the_page_that_was_used_longest_ago_starts_afresh(sessions):
    state = sessions.blocks.state
    for number in range(MOST_PAGES + 1):
        sessions[f"page {number}"][state] = number + 1
        sessions["page 0"]

    assert sessions["page 0"][state] == 1
    assert len(sessions.session_data) <= MOST_PAGES + 1
    assert "page 1" not in sessions.session_data or sessions["page 2"][state] == 3


def test_a_session_that_was_forgotten_is_made_again(sessions):
    for number in range(100):
        sessions[f"call {number}"]

    assert "call 0" not in sessions
    assert sessions["call 0"].state_data == {}


def test_a_session_begins_as_one_of_gradios_own_and_shares_nothing_with_the_next(sessions):
    own = SessionState(sessions.blocks)
    (box,) = (key for key, block in sessions.blocks.blocks.items() if isinstance(block, gr.Textbox))

    first, second = sessions["a page"], sessions["another"]

    assert vars(first).keys() == vars(own).keys()
    assert first.config_values == own.config_values
    first[box] = gr.Textbox("changed")
    first._update_value_in_config(box, "written")
    assert second.config_values == own.config_values
    assert second[box] is sessions.blocks.blocks[box]
    assert sessions["a third"].config_values == own.config_values
