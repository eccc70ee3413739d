"""Polls before listing, and designs that are nearly listed already."""

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from studio.domain import Visitor
from studio.selling.catalogue import Addresses, merchant_feed, shopify_csv, woocommerce_csv
from studio.selling.errors import PollError
from studio.selling.forecast import NOBODYS, forecast
from studio.selling.likeness import Other, nearly_same
from studio.selling.pictures import is_marked
from studio.selling.vote_desk import VOTE_COLUMNS
from studio.selling.votes import Polled, rate_of, with_votes
from tests.selling.orders import START, an_order
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
    assert selling.board.votes().of(listing) == 2
    assert selling.keeper.orders.sold(listing.id) == 0
    assert b"Pictures made by AI" in page
    pictures = [base64.b64decode(each) for each in re.findall(rb"jpeg;base64,([^\"]+)", page)]
    assert len(pictures) == 2
    assert all(map(is_marked, pictures))
    assert not any(b"profile" in each or b"checkpoint" in each for each in pictures)
    with pytest.raises(PollError):
        selling.polls.begin("", [1, 2])
    with pytest.raises(PollError):
        selling.polls.begin("One", [1])


def test_what_a_vote_is_worth_is_learnt_from_listings_that_were_polled_and_closed(selling, clock):
    key, _ = selling.polls.begin("Which one?", [1, 2])
    for voter in range(20):
        selling.polls.vote(key, 1, str(voter))
    listing = open_listing(selling)
    selling.orders.place(an_order(listing, "1", 15))
    before = selling.board.votes()
    clock.pass_days(15)

    after = selling.board.votes()

    assert (before.rate(listing).pieces_per_vote, before.rates) == (0.25, {})
    rate = after.rate(listing)
    assert rate.listings == 1
    assert 0.25 < rate.pieces_per_vote < 0.75
    assert rate.low < rate.pieces_per_vote < rate.high
    assert rate.spread < before.rate(listing).spread


def test_a_vote_s_worth_comes_from_listings_and_not_from_pooled_counts():
    """Against the formulas of the conjugate prior, worked out for two listings."""
    rate = rate_of([Polled(10, 20), Polled(1000, 500)])

    logs = np.log([20.5 / 10.5, 500.5 / 1000.5])
    middle = (np.log(0.25) + logs.sum()) / 3
    variance = (
        4 * 1.0 + ((logs - logs.mean()) ** 2).sum() + 2 / 3 * (logs.mean() - np.log(0.25)) ** 2
    ) / 6
    half = stats.t.ppf(0.975, 6) * np.sqrt(variance / 3)
    assert rate.pieces_per_vote == pytest.approx(np.exp(middle))
    assert (rate.low, rate.high) == pytest.approx((np.exp(middle - half), np.exp(middle + half)))
    many = rate_of([Polled(100, 50)] * 30)
    assert many.high / many.low < 1.5 < rate.high / rate.low


def test_votes_move_the_forecast_the_more_the_better_they_are_known():
    known = rate_of([Polled(40 + place, 20 + place // 2) for place in range(30)])

    def chance(votes, rate):
        return forecast(with_votes(NOBODYS, 50, votes, rate), 50, 0, 0, 0.0, 0).chance

    plain = forecast(NOBODYS, 50, 0, 0, 0.0, 0).chance
    assert chance(0, known) == plain
    assert chance(20, known) < plain < chance(400, known)
    assert abs(chance(400, rate_of(())) - plain) < abs(chance(400, known) - plain)


def test_what_the_prior_and_the_votes_say_meets_as_two_measurements():
    """Two gamma distributions that say the same are surer together, and say it still."""
    sure = rate_of([Polled(100, 50)] * 30)
    habits = replace(NOBODYS, shape=1.5, wanted=1.0)

    both = with_votes(habits, 50, 100, sure)

    assert both.shape > habits.shape
    assert both.wanted == pytest.approx(1.0, abs=0.15)


def test_votes_of_simulated_listings_count_for_nothing_and_of_colours_are_shared(selling):
    key, _ = selling.polls.begin("Which one?", [1, 2])
    for voter in range(40):
        selling.polls.vote(key, 1, str(voter))
    listing = open_listing(selling, scope="colour", colours="navy, red")
    simulated = selling.listings.copy_for_shoppers(listing.id)

    votes = selling.board.votes()

    assert (votes.of(listing), votes.of(simulated)) == (40, 0)
    assert votes.habits(NOBODYS, simulated) == NOBODYS
    assert votes.habits(NOBODYS, listing) == with_votes(NOBODYS, 10, 20, rate_of(()))


def test_polls_are_listed_with_their_votes(selling):
    key, _ = selling.polls.begin("Which one?", [1, 2])
    selling.polls.vote(key, 2, "a")
    selling.polls.vote(key, 2, "b")
    selling.polls.vote(key, 1, "b")

    [poll] = selling.polls.all()

    assert (poll.key, poll.title, dict(poll.votes), poll.voters) == (
        key,
        "Which one?",
        {1: 1, 2: 2},
        2,
    )
    assert selling.of(Visitor(workspace_id=7)).polls.all() == ()


def told(spec):
    return dict(spec.outfit)


def test_a_design_that_is_nearly_listed_already_is_told():
    others = [Other("Navy dress", told(design("navy"))), Other("Red dress", told(design("red")))]

    [first, second] = nearly_same(design("navy"), others)

    assert (first.other.name, first.share) == ("Navy dress", 1.0)
    assert second.differs == ("colour",)


def test_words_that_say_too_little_are_like_nothing():
    spec = design("navy")
    few = {name: spec[name] for name in ("category", "colour", "fabric")}
    enough = {**few, "sleeve length": spec["sleeve length"]}

    assert nearly_same(spec, [Other("x", few, "shop")]) == ()
    assert [each.told for each in nearly_same(spec, [Other("x", enough, "shop")])] == [4]
    assert nearly_same(spec, [Other("x", {**enough, "colour": "red"}, "shop")]) == ()


PRODUCTS = (
    "Title,URL handle,Description,SKU,Price\n"
    "Navy cotton dress,navy-dress,<p>Long sleeves &amp; v-neck</p>,A-S,49.90\n"
    ",navy-dress,,A-M,49.90\n"
    "Red coat,red-coat,,C-S,99\n"
    "=HYPERLINK(1),x,,D,1\n"
    ",,,E,1\n"
)


def test_a_catalogue_is_brought_in_and_listings_like_it_say_so(selling):
    read = []
    spec = design("navy")

    def understand(words):
        read.append(words)
        return dict(spec.outfit) if "Navy" in words else {"category": "coat"}

    selling.catalogues._read = understand  # the tiny models of these tests have no phrasebook

    batch = selling.bring(io.BytesIO(PRODUCTS.encode()), "other.example", None)
    again = selling.bring(io.BytesIO(PRODUCTS.encode()), "other.example", None)

    assert (batch.kind, batch.taken, batch.unchanged, batch.refused) == ("catalogue", 2, 1, 2)
    assert [row for row, _ in batch.reasons] == [5, 6]
    assert (again.taken, again.unchanged) == (0, 3)
    assert read[0].startswith("Navy cotton dress, , Long sleeves & v-neck")
    [alike] = selling.alike(selling.listings.draft(1))
    assert (alike.other.name, alike.other.source) == ("Navy cotton dress", "other.example")
    assert selling.of(Visitor(workspace_id=7)).catalogues.others() == ()


def test_our_own_exports_are_read_as_catalogues(selling):
    listing = open_listing(selling)
    selling.catalogues._read = lambda _words: {}
    shop = Addresses("https://shop.example")
    for content in (
        shopify_csv(listing, shop, ()),
        woocommerce_csv(listing, shop, ()),
        merchant_feed(listing, shop, ("a.png",), START),
    ):
        batch = selling.bring(io.BytesIO(content), "own", None)
        assert (batch.kind, batch.refused) == ("catalogue", 0)
