from dataclasses import replace

import pytest

from studio.domain import (
    CandidateCountError,
    ContradictoryPhrasesError,
    EmptyPromptError,
    NothingKnownError,
    NothingTickedError,
    PromptTooLongError,
    SeedError,
    UnknownCandidateError,
    UnknownGroupError,
    UnknownStoreError,
)
from studio.perfusion.generator import Generator
from studio.services.studio import Studio
from tests.serving import drawn_round, wait_until


@pytest.fixture
def group(studio):
    return drawn_round(studio, "dress, red", 2, seed=3)


def troubles(studio, prompt: str) -> list[tuple[str, str | None]]:
    return [(phrase.text, phrase.trouble) for phrase in studio.read_prompt(prompt).phrases]


def test_every_phrase_is_marked_where_it_was_typed(studio):
    assert troubles(studio, " red,dress , smocked,v-neck") == [
        ("red", None),
        ("dress", None),
        ("smocked", "unknown"),
        ("v-neck", None),
    ]


def test_an_unknown_phrase_comes_with_the_nearest_known_ones(studio):
    unknown = studio.read_prompt("v-nek").phrases[0]

    assert "v-neck" in unknown.nearest


def test_contradictions_are_marked_and_told_in_a_sentence(studio):
    reading = studio.read_prompt("dress, mini, maxi")

    assert troubles(studio, "dress, mini, maxi")[1:] == [
        ("mini", "contradicted"),
        ("maxi", "contradicted"),
    ]
    assert "mini" in reading.conflicts[0].message


def test_an_empty_field_is_no_error_while_typing(studio):
    assert studio.read_prompt(" , ").phrases == ()


@pytest.mark.parametrize(
    ("prompt", "error"),
    [
        ("", EmptyPromptError),
        (" , ;\n", EmptyPromptError),
        ("🎉🎉", NothingKnownError),
        ("xyzzy", NothingKnownError),
        ("dress, mini, maxi", ContradictoryPhrasesError),
        ("dress " * 2000, PromptTooLongError),
    ],
)
def test_a_prompt_that_cannot_be_drawn_is_refused_before_it_is_queued(studio, prompt, error):
    with pytest.raises(error):
        studio.request_round(prompt, 2)

    assert studio.latest_job() is None


@pytest.mark.parametrize("count", [-1, 0, 13, 10_000])
def test_a_number_of_designs_out_of_range_is_refused(studio, count):
    with pytest.raises(CandidateCountError, match="1 to 12"):
        studio.request_round("dress", count)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused(studio, seed):
    with pytest.raises(SeedError):
        studio.request_round("dress", 1, seed)


def test_without_a_seed_every_round_gets_its_own(studio):
    seeds = {studio.request_round("dress", 1).request.generation.seed for _ in range(5)}

    assert len(seeds) == 5


def test_a_round_that_goes_on_from_a_missing_one_is_refused(studio):
    with pytest.raises(UnknownGroupError):
        studio.request_round("dress", 1, parent_id=99)


def test_a_job_knows_how_many_wait_before_it(studio):
    jobs = [studio.request_round("dress", 1) for _ in range(3)]

    assert [studio.status(job.id).waiting_before for job in jobs] == [0, 1, 2]


def test_an_answer_is_kept_with_its_round(studio, group):
    ticked = frozenset({group.candidates[1].id})

    studio.select(group.id, ticked)

    assert studio.group(group.id).selected_ids == ticked


def test_ids_of_another_round_are_refused(studio, group):
    with pytest.raises(UnknownCandidateError):
        studio.select(group.id, frozenset({group.candidates[0].id + 1000}))


def test_more_like_these_keeps_the_ticks_and_goes_on_from_them(studio, group):
    ticked = group.candidates[1]

    job = studio.request_variations(group.id, frozenset({ticked.id}), 3, seed=8)
    wait_until(lambda: studio.status(job.id).job.state.is_final)

    varied = studio.status(job.id).group
    assert studio.group(group.id).selected_ids == {ticked.id}
    assert varied.parent_id == group.id
    assert varied.request.start_images == (ticked.image,)
    assert varied.prompt == group.prompt
    assert len(varied.candidates) == 3
    assert [each.id for each in studio.lineage(varied.id)] == [group.id, varied.id]


def test_more_like_these_are_drawn_from_the_phrases_of_the_ticked(lots_generator, tmp_path):
    book = replace(lots_generator.phrasebook, wearer=("length",))  # what a variation keeps
    generator = Generator(lots_generator.pipeline, lots_generator.defaults, book)
    studio = Studio.open(tmp_path, generator, "tiny")
    group = drawn_round(studio, "dress, red", 8, seed=3)
    ticked = next(each for each in group.candidates if each.lots == "maxi")

    job = studio.request_variations(group.id, frozenset({ticked.id}), 6, seed=9)
    wait_until(lambda: studio.status(job.id).job.state.is_final)

    varied = studio.status(job.id).group
    assert varied is not None
    assert {each.lots for each in varied.candidates} == {"maxi"}
    studio.stop()


def test_what_lots_settled_outlives_a_restart(lots_generator, tmp_path):
    studio = Studio.open(tmp_path, lots_generator, "tiny")
    group = drawn_round(studio, "dress, red", 8, seed=3)
    studio.stop()

    studio = Studio.open(tmp_path, lots_generator, "tiny")
    again = studio.group(group.id)
    studio.stop()

    assert {each.lots for each in again.candidates} == {"midi", "maxi"}
    assert again.candidates == group.candidates


def test_more_like_nothing_is_refused(studio, group):
    with pytest.raises(NothingTickedError, match="Tick at least one"):
        studio.request_variations(group.id, frozenset(), 3)


def test_refused_variations_keep_no_ticks(studio, group):
    with pytest.raises(CandidateCountError):
        studio.request_variations(group.id, frozenset({group.candidates[0].id}), 99)

    assert studio.group(group.id).selected_ids is None


def test_a_round_remembers_the_store_as_it_was(studio):
    store = studio.stores.add("Maison Nord", {"season": "autumn"})
    studio.start()
    job = studio.request_round("dress", 1, seed=1, store_id=store.id)
    wait_until(lambda: studio.status(job.id).job.state.is_final)
    group = studio.status(job.id).group
    before = studio.stores.profile_text(store.id)

    studio.stores.change(store.id, "Maison Nord", {"season": "summer"})

    assert studio.group(group.id).request.profile == before
    assert studio.group(group.id).request.store_id == store.id


def test_a_round_for_an_unknown_store_is_refused(studio):
    with pytest.raises(UnknownStoreError):
        studio.request_round("dress", 1, store_id=99)
