import pytest

from studio.domain import ComparisonError, UnknownStoreError
from studio.services.comparison import request_comparison, score_matrix
from studio.services.studio import Studio
from tests.serving import wait_until
from tests.tiny_reward_models import shake, tiny_reward_model


def compared(studio, store_ids, **options):
    studio.start()
    jobs = request_comparison(studio, "dress, red", 2, store_ids, seed=7, **options)
    wait_until(lambda: all(studio.status(job.id).job.state.is_final for job in jobs))
    return [studio.status(job.id).group for job in jobs]


@pytest.fixture
def studio(personal_studio: Studio) -> Studio:
    return personal_studio


def test_two_stores_get_the_same_phrases_and_seeds_and_different_designs(studio, store_ids):
    one, other = compared(studio, store_ids)

    assert one.prompt == other.prompt
    assert [each.seed for each in one.candidates] == [each.seed for each in other.candidates]
    assert [each.image for each in one.candidates] != [each.image for each in other.candidates]
    assert (one.request.store_id, other.request.store_id) == store_ids


def test_at_strength_nought_both_get_the_plain_designs(studio, store_ids, images):
    one, other = compared(studio, store_ids, strength=0.0)

    for left, right in zip(one.candidates, other.candidates, strict=True):
        assert images.load(left.image).tobytes() == images.load(right.image).tobytes()


def test_every_design_is_scored_for_both_stores_against_all_that_are_shown(studio, store_ids):
    groups = compared(studio, store_ids)

    matrix = score_matrix(studio.scores, groups, store_ids)

    assert matrix is not None
    shown = [each.id for group in groups for each in group.candidates]
    for store_id in store_ids:
        assert list(matrix.scores[store_id].by_candidate) == shown
        assert sum(matrix.relative(store_id, each) for each in shown) == pytest.approx(0, abs=1e-4)
        assert matrix.of_round(store_id, 0) == pytest.approx(-matrix.of_round(store_id, 1))


def test_where_stores_make_no_difference_one_round_is_drawn_for_both(generator, database, images):
    studio = Studio(generator, "tiny", database, images, shake(tiny_reward_model()))
    ids = (studio.stores.add("Plain", {}).id, studio.stores.add("Rich", {}).id)

    [group] = compared(studio, ids)

    matrix = score_matrix(studio.scores, [group], ids)
    assert matrix is not None
    assert group.request.store_id is None
    assert all(len(scores.by_candidate) == 2 for scores in matrix.scores.values())
    studio.stop()


def test_without_a_reward_model_there_is_no_matrix(generator, database, images):
    studio = Studio(generator, "tiny", database, images)
    ids = (studio.stores.add("Plain", {}).id, studio.stores.add("Rich", {}).id)

    assert score_matrix(studio.scores, compared(studio, ids), ids) is None
    studio.stop()


def test_a_store_is_not_compared_with_itself_and_unknown_ones_draw_nothing(studio, store_ids):
    with pytest.raises(ComparisonError, match="different"):
        request_comparison(studio, "dress", 2, (store_ids[0], store_ids[0]))
    with pytest.raises(UnknownStoreError):
        request_comparison(studio, "dress", 2, (store_ids[0], 999))

    assert studio.latest_job() is None
