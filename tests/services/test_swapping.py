"""Blind pairs differ in nothing but the taste, and tell nothing before all are voted on."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from studio.domain import (
    CandidateGroup,
    ComparisonError,
    SwapTest,
    SwapTestError,
    SwapVote,
    Visitor,
)
from studio.services.studio import Studio
from studio.services.swapping import SwapDesk, share_of, wilson
from studio.storage.users import UserStore
from studio.ui.swap_panel import SwapHandlers, Swapping, share_sentence
from studio.ui.words import ENGLISH, Words

NOW = datetime(2026, 11, 30, tzinfo=UTC)
WORDS = Words(ENGLISH, {})


@pytest.fixture
def studio(personal_studio: Studio) -> Studio:
    return personal_studio


def begun(studio: Studio, store_id: int, against_id: int | None, count: int = 2) -> SwapTest:
    test = SwapDesk(studio).begin("dress", store_id, against_id, count, seed=7)
    assert SwapDesk(studio).pairs(test) == ()
    while studio._line.run_next():
        pass
    return test


def both(studio: Studio, test: SwapTest) -> tuple[CandidateGroup, CandidateGroup]:
    """The round of the store's own taste, and the other one."""
    own, other = (each.group for each in SwapDesk(studio).statuses(test))
    assert own is not None
    assert other is not None
    return own, other


def drawn(studio: Studio, store_id: int | None) -> CandidateGroup:
    """The round that a store would see of the same noise."""
    job = studio.request_round("dress", 2, 7, store_id=store_id)
    studio._line.run_next()
    group = studio.status(job.id).group
    assert group is not None
    return group


def test_against_none_the_other_side_is_the_plain_design_of_the_same_noise(studio, store_ids):
    test = begun(studio, store_ids[0], None)
    own, other = both(studio, test)

    plain = drawn(studio, None)
    assert [each.design for each in other.candidates] == [each.design for each in plain.candidates]
    assert [each.seed for each in own.candidates] == [each.seed for each in other.candidates]
    assert own.request.generation.wearer_seed == other.request.generation.wearer_seed


def test_against_another_store_it_is_what_that_store_would_see(studio, store_ids):
    test = begun(studio, *store_ids)
    _, other = both(studio, test)

    its = drawn(studio, store_ids[1])
    assert [each.design for each in other.candidates] == [each.design for each in its.candidates]
    assert other.request.store_id == store_ids[0]  # so that one store's house rules hold for both


def test_sides_are_drawn_by_lot_and_a_pair_holds_both_designs(studio, store_ids):
    desk, test = SwapDesk(studio), begun(studio, *store_ids)
    own = {each.id for each in both(studio, test)[0].candidates}

    for pair, own_is_left in zip(desk.pairs(test), test.own_is_left, strict=True):
        assert (pair.left.id in own) == own_is_left
        assert (pair.right.id in own) != own_is_left
        assert pair.left.seed == pair.right.seed


def test_only_after_the_last_vote_it_is_told_who_won(studio, store_ids):
    on, test = SwapHandlers(studio, WORDS), begun(studio, *store_ids)
    desk = SwapDesk(studio)
    votable = [each.place for each in desk.pairs(test) if not each.is_same]
    assert votable

    for place in votable:
        _, view, _ = on.refresh(Swapping(test.id))
        assert (view["is_over"], view["told"]) == (False, "")
        assert desk.share(store_ids[0], against_none=False).votes == 0
        test = desk.vote(test.id, place, "left" if test.own_is_left[place] else "right")

    _, view, timer = on.refresh(Swapping(test.id))
    assert view["is_over"]
    assert f"100% of {len(votable)} votes" in view["told"]
    assert not timer.active
    share = desk.share(store_ids[0], against_none=False)
    assert (share.votes, share.value) == (len(votable), 1.0)
    assert desk.share(store_ids[0], against_none=True).value is None


def test_the_first_vote_stands_since_it_alone_was_blind(studio, store_ids):
    desk, test = SwapDesk(studio), begun(studio, *store_ids)
    place = next(each.place for each in desk.pairs(test) if not each.is_same)

    desk.vote(test.id, place, "left")

    assert desk.vote(test.id, place, "right").votes == {place: SwapVote.LEFT}


def test_what_can_be_no_vote_and_no_test_is_refused(studio, store_ids, database):
    desk, test = SwapDesk(studio), begun(studio, *store_ids)
    place = next(each.place for each in desk.pairs(test) if not each.is_same)
    bea = studio.of(Visitor(workspace_id=UserStore(database).workspace("bea's", NOW)))

    for refused in (
        lambda: desk.vote(test.id, place, "mine"),
        lambda: desk.vote(test.id, 99, "left"),
        lambda: desk.vote(99, 0, "left"),
        lambda: SwapDesk(bea).get(test.id),
    ):
        with pytest.raises(SwapTestError):
            refused()
    with pytest.raises(ComparisonError):
        desk.begin("dress", store_ids[0], store_ids[0], 2)


def test_without_an_adaptive_network_there_is_nothing_to_test(generator, database, images):
    studio = Studio(generator, "tiny", database, images)
    store = studio.stores.add("Plain", {})

    with pytest.raises(SwapTestError, match="the same for every store"):
        SwapDesk(studio).begin("dress", store.id, None, 2)
    studio.stop()


A_TEST = SwapTest(
    id=1,
    store_id=1,
    against_id=None,
    own_job_id=1,
    other_job_id=2,
    own_is_left=(True, False, True, True),
    made_at=NOW,
)


def test_a_tie_counts_half_and_a_pair_without_a_vote_nothing():
    votes = {0: SwapVote.LEFT, 1: SwapVote.LEFT, 2: SwapVote.SAME}

    share = share_of([replace(A_TEST, votes=votes)])

    assert share.votes == 3
    assert share.value == pytest.approx(0.5)
    assert share.low < 0.5 < share.high


def test_the_interval_is_wilsons():
    # By hand for 8 of 10: centre (0.8 + 1.9207 / 10) / 1.38415, reach 0.2284.
    assert wilson(0.8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(1.0, 4)[1] == pytest.approx(1.0)
    assert wilson(0.0, 4)[0] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("value", "votes", "said"),
    [(0.9, 40, "helps"), (0.6, 10, "luck"), (0.1, 40, "does not help")],
)
def test_the_verdict_follows_the_interval(value, votes, said):
    share = replace(share_of([]), votes=votes, value=value)
    low, high = wilson(value, votes)

    assert said in share_sentence(replace(share, low=low, high=high), "Plain", None, WORDS)


def test_where_all_pairs_are_the_same_that_is_said():
    assert "one and the same" in share_sentence(share_of([]), "Plain", None, WORDS)
