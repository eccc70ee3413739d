"""Polls before listing, and designs that a store has listed already."""

import pytest

from studio.selling.errors import PollError
from studio.selling.likeness import nearly_same
from studio.selling.poll_desk import VOTE_COLUMNS
from tests.selling.orders import an_order
from tests.selling.shop import design, open_listing, table


def test_votes_come_by_file_once_each_and_are_no_orders(selling):
    listing = open_listing(selling)
    key, page = selling.polls.begin("Which one?", [1, 2])
    rows = [
        {"poll": key, "design": "1", "voter": "a"},
        {"poll": key, "design": "1", "voter": "b"},
        {"poll": key, "design": "1", "voter": "a"},
        {"poll": key, "design": "3", "voter": "a"},
        {"poll": "none", "design": "1", "voter": "a"},
    ]

    batch = selling.polls.import_votes(table(rows, VOTE_COLUMNS))

    assert (batch.taken, batch.unchanged, batch.refused) == (2, 1, 2)
    assert selling.polls.votes(1) == 2
    assert selling.keeper.orders.sold(listing.id) == 0
    assert page.count(b"data:image/png;base64,") == 2
    assert b"Pictures made by AI" in page
    with pytest.raises(PollError):
        selling.polls.begin("", [1, 2])
    with pytest.raises(PollError):
        selling.polls.begin("One", [1])


def test_what_a_vote_is_worth_is_learnt_from_listings_that_were_polled(selling, clock):
    before = selling.polls.rate()
    key, _ = selling.polls.begin("Which one?", [1, 2])
    for voter in range(20):
        selling.polls.vote(key, 1, str(voter))
    listing = open_listing(selling)
    selling.orders.place(an_order(listing, "1", 15))

    after = selling.polls.rate()

    assert (before.orders_per_vote, before.listings) == (0.25, 0)
    assert after.listings == 1
    assert after.orders_per_vote == pytest.approx(16 / 24)
    assert after.low < after.orders_per_vote < after.high
    assert after.high - after.low < before.high - before.low


def test_a_design_that_is_nearly_listed_already_is_told():
    others = [(1, "Navy dress", design("navy")), (2, "Red dress", design("red"))]

    [first, second] = nearly_same(design("navy"), others)

    assert (first.listing_id, first.share) == (1, 1.0)
    assert second.differs == ("colour",)
