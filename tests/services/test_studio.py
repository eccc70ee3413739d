import pytest

from studio.design.families import FAMILIES, FIGURE_FAMILIES
from studio.design.measures import MEASURES
from studio.design.spec import DesignSpec
from studio.domain import (
    CandidateCountError,
    CandidateGroup,
    ContradictoryPhrasesError,
    DesignError,
    EmptyPromptError,
    Job,
    NothingKnownError,
    NothingTickedError,
    PromptTooLongError,
    ReferenceImageError,
    SeedError,
    UnknownCandidateError,
    UnknownGroupError,
    UnknownStoreError,
)
from studio.services.asking import Change, RoundOptions
from studio.services.parts import Part, free_names
from studio.services.studio import Studio
from tests.services.old_rounds import an_old_round
from tests.serving import drawn_round, wait_until


@pytest.fixture
def group(studio):
    return drawn_round(studio, "dress, red", 2, seed=3)


def troubles(studio, prompt: str) -> list[tuple[str, str | None]]:
    return [(chip.text, chip.trouble) for chip in studio.read_prompt(prompt).chips]


def test_every_phrase_is_marked_where_it_was_typed(studio):
    assert troubles(studio, " red,dress , smocked,v-neck") == [
        ("red", None),
        ("dress", None),
        ("smocked", "unknown"),
        ("v-neck", None),
    ]


def test_an_unknown_phrase_comes_with_the_nearest_known_ones(studio):
    unknown = studio.read_prompt("v-nekk").chips[0]

    assert "v-neck" in unknown.nearest


def test_a_refusal_has_a_chip_of_its_own_that_reads_the_same_again(studio):
    chips = studio.read_prompt("a red dress without belt and pockets").chips

    assert [(chip.label, chip.refused) for chip in chips] == [
        ("red dress", False),
        ("belt", True),
        ("pockets", True),
    ]
    again = studio.read_prompt(", ".join(chip.text for chip in chips))
    assert [chip.label for chip in again.chips] == ["red dress", "belt", "pockets"]


def test_each_side_of_a_contradiction_is_one_way_out(studio):
    [found] = studio.read_prompt("mini, maxi dress, red").contradictions

    assert [(way.keep, way.prompt) for way in found.ways_out] == [
        ("mini", "mini, dress, red"),
        ("maxi", "maxi dress, red"),
    ]
    [found] = studio.read_prompt("red dress, not red").contradictions
    assert [(way.kind, way.prompt) for way in found.ways_out] == [
        ("keep", "red dress"),
        ("refuse", "dress, no red"),
    ]


def test_contradictions_are_marked_and_told_in_a_sentence(studio):
    reading = studio.read_prompt("dress, mini, maxi")

    assert troubles(studio, "dress, mini, maxi")[1:] == [
        ("mini", "contradicted"),
        ("maxi", "contradicted"),
    ]
    assert "mini" in reading.contradictions[0].conflict.message


def test_an_empty_field_is_no_error_while_typing(studio):
    assert studio.read_prompt(" , ").chips == ()


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


def finished(studio: Studio, job: Job) -> CandidateGroup:
    wait_until(lambda: studio.status(job.id).job.state.is_final)
    group = studio.status(job.id).group
    assert group is not None, studio.status(job.id).job.message
    return group


def designs_of(group: CandidateGroup) -> list[DesignSpec]:
    return [DesignSpec.from_json(each.design) for each in group.candidates]


def test_within_a_round_the_wearer_is_the_same(studio):
    designs = designs_of(drawn_round(studio, "dress, red", 6, seed=3))

    assert len({tuple(each[name] for name in FIGURE_FAMILIES) for each in designs}) == 1


def test_more_like_these_are_worn_by_those_who_wore_the_ticked(studio, group):
    ticked = group.candidates[1]

    job = studio.request_variations(group.id, frozenset({ticked.id}), 3, seed=88)

    (before, *_), after = designs_of(group)[1:], designs_of(finished(studio, job))
    wearers = {tuple(each[name] for name in FIGURE_FAMILIES) for each in (before, *after)}
    assert len(wearers) == 1
    assert all(each["colour"] == "red" for each in after)


def test_more_like_an_older_round_starts_from_what_its_lots_tell(studio, database, images):
    group = an_old_round(database, images, "dress, red", ["maxi", "midi"])
    studio.start()

    job = studio.request_variations(group.id, frozenset({group.candidates[0].id}), 2, seed=8)

    assert all(each["category"] == "dress" for each in designs_of(finished(studio, job)))
    assert studio.group(group.id).selected_ids == {group.candidates[0].id}


def test_a_picture_whose_design_nobody_knows_is_not_varied_and_its_ticks_are_not_kept(
    studio, database, images
):
    group = an_old_round(database, images, "dress, red", [""])

    with pytest.raises(ReferenceImageError, match=r"its colours .* its own phrases"):
        studio.request_variations(group.id, frozenset({group.candidates[0].id}), 2)

    assert studio.group(group.id).selected_ids is None
    assert studio.latest_job() is None


def test_designs_outlive_a_restart(generator, tmp_path):
    studio = Studio.open(tmp_path, generator, "tiny")
    group = drawn_round(studio, "dress, red", 2, seed=3)
    studio.stop()

    studio = Studio.open(tmp_path, generator, "tiny")
    again = studio.group(group.id)
    studio.stop()

    assert all(each.design for each in again.candidates)
    assert again.candidates == group.candidates


# --- Only this sleeve ------------------------------------------------------------------------


@pytest.mark.parametrize("part", list(Part))
def test_a_change_changes_nothing_but_the_free_families_and_measures(studio, group, part):
    kept, free = group.candidates[1], free_names([part])

    job = studio.request_change(group.id, kept.id, free, 4, seed=50)

    changed = finished(studio, job)
    before = DesignSpec.from_json(kept.design)
    for after in designs_of(changed):
        assert {name for name in FAMILIES if after[name] != before[name]} <= free
        apart = (
            name
            for name in MEASURES
            if getattr(after.measures, name) != getattr(before.measures, name)
        )
        assert {*apart} <= free
        assert (after["category"], after["colour"]) == ("dress", "red")
        assert {"category", "colour"} <= after.asked
    assert changed.parent_id == group.id
    assert changed.request.store_id == group.request.store_id
    assert changed.prompt == group.prompt
    assert changed.request.generation.kept == kept.design
    assert {*changed.request.generation.free} == free


def test_a_change_draws_something_new(studio, group):
    free = free_names(["sleeves", "shape", "print"])

    job = studio.request_change(group.id, group.candidates[0].id, free, 6, seed=50)

    assert len({*designs_of(finished(studio, job))}) > 1


def test_a_change_ticks_nothing(studio, group):
    studio.request_change(group.id, group.candidates[0].id, {"fabric"}, 1)

    assert studio.group(group.id).selected_ids is None


def test_a_change_of_an_older_round_keeps_what_its_lots_tell(studio, database, images):
    group = an_old_round(database, images, "dress, red", ["maxi"])
    studio.start()

    job = studio.request_change(group.id, group.candidates[0].id, {"fabric"}, 2)

    designs = designs_of(finished(studio, job))
    assert {(each["length"], each["colour"]) for each in designs} == {("maxi", "red")}


@pytest.mark.parametrize(
    ("free", "count", "error"),
    [
        (set(), 2, DesignError),
        ({"wings"}, 2, DesignError),
        ({"fabric", "wings"}, 2, DesignError),
        ({"fabric"}, 0, CandidateCountError),
        ({"fabric"}, 13, CandidateCountError),
    ],
)
def test_a_change_that_cannot_be_drawn_is_refused_before_it_is_queued(
    studio, group, free, count, error
):
    before = studio.latest_job()

    with pytest.raises(error):
        studio.request_change(group.id, group.candidates[0].id, free, count)

    assert studio.latest_job() == before


def test_a_change_of_what_is_not_there_is_refused(studio, group, database, images):
    unknown = an_old_round(database, images, "dress", [""])

    with pytest.raises(UnknownGroupError):
        studio.request_change(99, 1, {"fabric"}, 1)
    with pytest.raises(UnknownCandidateError):
        studio.request_change(group.id, unknown.candidates[0].id, {"fabric"}, 1)
    with pytest.raises(DesignError, match="No design is known"):
        studio.request_change(unknown.id, unknown.candidates[0].id, {"fabric"}, 1)


def test_a_checkpoint_of_pictures_changes_no_part(picture_studio, studio, group):
    drawn = drawn_round(picture_studio, "dress", 1, seed=1)

    with pytest.raises(DesignError):
        picture_studio.request_change(drawn.id, drawn.candidates[0].id, {"fabric"}, 1)
    options = RoundOptions(change=Change(group.candidates[0].design, frozenset({"fabric"})))
    with pytest.raises(DesignError, match="knows of no designs"):
        picture_studio.request_round("dress", 1, options=options)


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
