from dataclasses import replace
from datetime import UTC, datetime

import pytest

from studio.domain import (
    Candidate,
    CandidateGroup,
    GenerationRequest,
    Job,
    JobState,
    RoundRequest,
    SeedError,
    Store,
)
from studio.services.jobs import Progress
from studio.services.studio import JobStatus, PromptReading, TypedPhrase
from studio.ui.design_tab import parse_seed
from studio.ui.history_tab import rounds_view
from studio.ui.phrase_field import phrase_view, prompt_of
from studio.ui.store_card import answer_text
from studio.ui.tile_board import empty_view, group_view, status_view
from studio.ui.words import EXAMPLES, WORDS

NOW = datetime(2026, 11, 23, tzinfo=UTC)
REQUEST = RoundRequest(generation=GenerationRequest(prompt="red, dress", num_candidates=2, seed=9))


def a_group(
    selected: frozenset[int] | None = None, request: RoundRequest = REQUEST
) -> CandidateGroup:
    return CandidateGroup(
        id=15,
        parent_id=request.parent_id,
        request=request,
        prompt="dress, red",
        made_at=NOW,
        candidates=(
            Candidate(id=301, position=1, seed=9, image="a" * 64),
            Candidate(id=302, position=2, seed=10, image="b" * 64),
        ),
        selected_ids=selected,
    )


def a_status(
    state: JobState, progress: Progress | None = None, waiting: int = 0, message: str = ""
) -> JobStatus:
    job = Job(id=7, request=REQUEST, state=state, made_at=NOW, message=message)
    return JobStatus(job, progress or Progress(), waiting, None)


def test_tiles_carry_ids_and_addresses_without_a_path():
    view = group_view([a_group()], WORDS)

    assert [tile["id"] for tile in view["tiles"]] == [301, 302]
    assert view["tiles"][0]["image"] == f"images/{'a' * 64}.png"


@pytest.mark.parametrize(
    ("selected", "ticked", "note"),
    [
        (None, [], "seed 9"),
        (frozenset(), [], "none picked"),
        (frozenset({302}), [302], "1 picked"),
    ],
)
def test_an_answer_is_shown_with_its_round(selected, ticked, note):
    view = group_view([a_group(selected)], WORDS)

    assert view["ticked"] == ticked
    assert note in view["note"]


def test_a_running_round_has_one_unpickable_tile_for_each_design():
    view = status_view(a_status(JobState.RUNNING, Progress(step=1, total=4)), (), WORDS)

    assert [tile["id"] for tile in view["tiles"]] == [None, None]
    assert view["group_id"] is None


def test_a_new_preview_has_a_new_address():
    early = Progress(2, 20, (b"one", b"two"), preview_step=2, seconds_left=3.0)
    late = Progress(5, 20, (b"one", b"two"), preview_step=4, seconds_left=2.0)

    views = [status_view(a_status(JobState.RUNNING, each), (), WORDS) for each in (early, late)]

    addresses = [view["tiles"][0]["image"] for view in views]
    assert addresses == ["previews/7/0.jpg?step=2", "previews/7/0.jpg?step=4"]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (a_status(JobState.QUEUED, waiting=2), "Waiting for 2"),
        (a_status(JobState.RUNNING), "Reading the phrases"),
        (a_status(JobState.RUNNING, Progress(5, 20, seconds_left=3.4)), "about 3 s left"),
        (a_status(JobState.RUNNING, Progress(20, 20, seconds_left=0.0)), "Step 20 of 20"),
    ],
)
def test_progress_is_told_in_a_sentence(status, sentence):
    assert sentence in status_view(status, (), WORDS)["progress"]["sentence"]


@pytest.mark.parametrize(
    ("status", "note"),
    [
        (a_status(JobState.FAILED, message="The disk is full."), "The disk is full."),
        (a_status(JobState.CANCELLED), "generate again"),
        (a_status(JobState.INTERRUPTED), "Generate again"),
    ],
)
def test_a_round_that_did_not_finish_says_why(status, note):
    view = status_view(status, (), WORDS)

    assert note in view["note"]
    assert view["tiles"] == []
    assert view["progress"] is None


def test_the_lineage_shows_the_first_pick_of_each_round():
    lineage = [a_group(frozenset({302})), a_group(frozenset())]

    view = group_view(lineage, WORDS)

    images = [each["image"] for each in view["lineage"]]
    assert images == [f"images/{'b' * 64}.png", f"images/{'a' * 64}.png"]


def test_a_variation_says_what_it_varies():
    request = replace(REQUEST, parent_id=12, start_images=("a" * 64,))

    assert "more like round 12" in group_view([a_group(request=request)], WORDS)["note"]


def test_every_view_has_the_same_parts():
    views = [
        empty_view(EXAMPLES),
        group_view([a_group()], WORDS),
        status_view(a_status(JobState.RUNNING), (), WORDS),
        status_view(a_status(JobState.FAILED), (), WORDS),
    ]

    parts = {frozenset(view) - {"examples"} for view in views}

    assert len(parts) == 1


def test_phrases_are_shown_as_they_were_typed():
    reading = PromptReading(
        phrases=(TypedPhrase("dress", None), TypedPhrase("smoked", "unknown", ("smocked",))),
        conflicts=(),
        suggestions=("midi",),
    )

    view = phrase_view("dress, smoked", reading, 4)

    assert view["revision"] == 4
    assert view["phrases"][1] == {"text": "smoked", "trouble": "unknown", "nearest": ["smocked"]}
    assert view["suggestions"] == ["midi"]


@pytest.mark.parametrize("payload", [None, "dress", 3, [], {}, {"prompt": None}, {"prompt": [1]}])
def test_what_is_no_prompt_is_an_empty_one(payload):
    assert prompt_of(payload) == ""


def test_the_prompt_is_what_the_field_sends():
    assert prompt_of({"prompt": "dress"}) == "dress"


@pytest.mark.parametrize(
    ("text", "seed"), [(None, None), ("", None), ("  ", None), ("0", 0), (" 12 ", 12)]
)
def test_a_seed_may_be_left_open(text, seed):
    assert parse_seed(text) == seed


@pytest.mark.parametrize("text", ["-1", "1.5", "abc", "1e3", "²"])
def test_a_seed_that_is_no_whole_number_is_told(text):
    with pytest.raises(SeedError):
        parse_seed(text)


def test_the_round_list_marks_picks_and_says_whose_they_are():
    store = Store(id=4, key="store-4", name="Maison Nord", profile="{}")
    request = replace(REQUEST, store_id=4)

    view = rounds_view([a_group(frozenset({302}), request)], [store], WORDS)

    assert view["rounds"][0]["store"] == "Maison Nord"
    assert [thumb["ticked"] for thumb in view["rounds"][0]["thumbs"]] == [False, True]
    assert view["rounds"][0]["answer"] == "1 picked"
    assert not view["has_more"]


@pytest.mark.parametrize(
    ("answer", "text"), [(("work", "party"), "work, party"), (95.0, "95"), ("autumn", "autumn")]
)
def test_an_answer_is_shown_as_a_person_reads_it(answer, text):
    assert answer_text(answer) == text
