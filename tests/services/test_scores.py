from dataclasses import replace

import pytest

from studio.domain import NoScoresError, StorageError, UnknownStoreError
from studio.services.asking import RoundOptions
from studio.services.recipe import recipe_in_png
from studio.services.scores import ScoreBook
from studio.services.studio import Studio
from tests.serving import drawn_round, wait_until
from tests.tiny_reward_models import shake, tiny_reward_model


@pytest.fixture
def studio(generator, database, images):
    """A studio whose checkpoint has a reward model that knows stores called anna and berta."""
    studio = Studio(generator, "tiny", database, images, shake(tiny_reward_model()))
    yield studio
    studio.stop()


@pytest.fixture
def group(studio):
    return drawn_round(studio, "dress, red", 3, seed=3)


@pytest.fixture
def two_stores(studio):
    return (
        studio.stores.add("Plain", {"style": ["minimalist"], "price": 20}),
        studio.stores.add("Rich", {"style": ["luxurious"], "price": 500}),
    )


def test_every_design_has_a_score_and_the_stores_own_part_of_it(studio, group, two_stores):
    scores = studio.scores.of_round(group, two_stores[0].id)

    assert list(scores.by_candidate) == [candidate.id for candidate in group.candidates]
    for score in scores.by_candidate.values():
        assert score.own == pytest.approx(score.total - score.general)
        assert score.own != 0


def test_another_store_changes_the_own_part_and_not_the_general_one(studio, group, two_stores):
    plain, rich = (studio.scores.of_round(group, store.id) for store in two_stores)

    for candidate in group.candidates:
        one, other = plain.by_candidate[candidate.id], rich.by_candidate[candidate.id]
        assert one.general == other.general
        assert one.total != other.total


def test_nobody_in_particular_gets_the_general_score(studio, group, two_stores):
    nobody = studio.scores.of_round(group, None)
    store = studio.scores.of_round(group, two_stores[0].id)

    for candidate in group.candidates:
        score = nobody.by_candidate[candidate.id]
        assert score.own == 0
        assert score.total == store.by_candidate[candidate.id].general


def test_a_store_whose_ticks_the_model_never_saw_is_known_by_its_answers_only(
    studio, group, two_stores, database
):
    assert not studio.scores.of_round(group, two_stores[0].id).is_known

    with database.transaction() as connection:
        connection.execute("UPDATE stores SET key = 'anna' WHERE id = ?", (two_stores[0].id,))

    assert studio.scores.of_round(group, two_stores[0].id).is_known


def test_without_a_reward_model_there_are_no_scores(generator, database, images):
    studio = Studio(generator, "tiny", database, images)
    group = drawn_round(studio, "dress", 1, seed=1)

    assert not studio.scores.can_score
    assert studio.scores.of_round(group, None) is None
    studio.stop()


def test_a_round_that_was_scored_once_is_scored_again_without_its_files(
    studio, group, two_stores, images
):
    before = studio.scores.of_round(group, two_stores[0].id)
    for candidate in group.candidates:
        images.find(candidate.image).unlink()

    assert studio.scores.of_round(group, two_stores[0].id) == before
    with pytest.raises(StorageError):
        ScoreBook(tiny_reward_model(), images, studio.stores, studio.tastes).of_round(group, None)


def test_scores_for_an_unknown_store_are_refused(studio, group):
    with pytest.raises(UnknownStoreError):
        studio.scores.of_round(group, 99_999)


def test_the_order_of_the_candidates_does_not_change_their_scores(studio, group, two_stores):
    turned = replace(group, candidates=group.candidates[::-1])
    scores = studio.scores.of_round(group, two_stores[0].id).by_candidate
    again = studio.scores.of_round(turned, two_stores[0].id).by_candidate

    assert {key: each.total for key, each in again.items()} == pytest.approx(
        {key: each.total for key, each in scores.items()}, abs=1e-4
    )


def test_the_best_of_many_are_shown_in_the_order_of_drawing(studio, two_stores):
    studio.start()
    store = two_stores[0]
    job = studio.request_round("dress", 2, seed=5, store_id=store.id, options=RoundOptions(times=3))
    wait_until(lambda: studio.status(job.id).job.state.is_final)

    group = studio.status(job.id).group
    assert group.request.generation.num_candidates == 6
    assert group.request.shown == 2
    seeds = [candidate.seed for candidate in group.candidates]
    assert seeds == sorted(seeds)
    assert set(seeds) <= set(range(5, 11))


def test_what_was_shown_of_what_was_drawn_is_restored_from_the_png(studio, two_stores):
    studio.start()
    job = studio.request_round(
        "dress", 2, seed=5, store_id=two_stores[0].id, options=RoundOptions(times=3)
    )
    wait_until(lambda: studio.status(job.id).job.state.is_final)
    _, content = studio.designs.png(studio.status(job.id).group.candidates[0].id)

    restored = studio.restore(recipe_in_png(content))

    assert (restored.num_candidates, restored.options.times) == (2, 3)
    assert (restored.seed, restored.store_id) == (5, two_stores[0].id)


def test_what_more_designs_cost_is_told_from_the_last_round_of_this_machine(studio, database):
    assert studio.seconds_for(8) is None
    drawn_round(studio, "dress", 4, seed=1)
    with database.transaction() as connection:
        connection.execute("UPDATE groups SET seconds = 10.0")

    assert studio.seconds_for(4) == 10.0
    assert studio.seconds_for(5) == 15.0  # a third pass of two
    assert studio.seconds_for(16) == 40.0


def test_without_a_reward_model_nothing_says_which_are_best(generator, database, images):
    studio = Studio(generator, "tiny", database, images)

    with pytest.raises(NoScoresError, match="no reward model"):
        studio.request_round("dress", 2, options=RoundOptions(times=2))

    assert studio.latest_job() is None
    studio.stop()
