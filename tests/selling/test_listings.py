from datetime import UTC, datetime

import pytest

from studio.domain import ForbiddenError, Role, ValueKindError, Visitor
from studio.selling.errors import (
    ListingError,
    ListingStateError,
    MoneyError,
    UnknownListingError,
)
from studio.selling.instants import from_local, in_zone
from studio.selling.lifecycle import replay
from studio.selling.listing_desk import colour_of
from studio.selling.money import Money
from studio.selling.records import State
from studio.selling.terms_form import as_typed
from studio.techpack.said import Said
from tests.selling.shop import COTTON, open_listing
from tests.techpack.packs import design, pack


def test_a_draft_says_what_its_design_is(selling):
    listing = selling.listings.draft(1)

    assert "dress" in listing.terms.title.lower()
    assert "made to order" in listing.terms.description
    assert listing.terms.colours == ("navy",)
    assert listing.listed.number == "PF-000001-1"
    assert listing.state is State.DRAFT
    assert [each.size for each in listing.variants] == ["XS", "S", "M", "L", "XL"]


def test_a_draft_speaks_one_language(selling):
    chinese = selling.listings.draft(1, language="zh").terms

    assert "由 AI 设计" in chinese.description
    assert "made to order" not in chinese.description
    with pytest.raises(ValueKindError, match="speak"):
        selling.listings.draft(1, language="klingon")


def test_a_draft_names_its_colour_in_the_language_of_the_listing():
    coloured = pack(design({"category": "dress", "colour": "navy"}))

    assert colour_of(coloured) == Said("navy", "藏青色")
    assert colour_of(None).told("zh") == "如图"


def test_terms_are_typed_and_read_back_the_same(selling):
    listing = selling.listings.draft(1)

    changed = selling.listings.change(
        listing.id,
        {
            "price": "1250",
            "currency": "JPY",
            "unit_cost": "400",
            "sizes": "34, 36, 38",
            "colours": "navy, red",
            "scope": "colour",
            "cap": "200",
            "closes": "2026-10-25 02:30",
            "time_zone": "Europe/Berlin",
            "composition": "shell: 95% cotton, 5% elastane; lining: polyester 100",
            "incoterm": "fob Ningbo",
        },
    )

    assert changed.terms.price == Money(1250, "JPY")
    assert len(changed.variants) == 6
    assert [lot.colour for lot in changed.lots] == ["navy", "red"]
    assert changed.terms.incoterm == ("FOB", "Ningbo")
    again = selling.listings.change(listing.id, as_typed(changed.terms))
    assert again.terms == changed.terms


def test_09_yen_and_dinars_round_trip():
    for text, currency, minor in (
        ("1250", "JPY", 1250),
        ("1.250", "KWD", 1250),
        ("12,5", "EUR", 1250),
    ):
        money = Money.parse(text, currency)

        assert money.minor == minor
        assert Money.parse(str(money), currency) == money
    with pytest.raises(MoneyError, match="0 digits"):
        Money.parse("12.5", "JPY")
    with pytest.raises(MoneyError, match="can't be summed"):
        Money(1, "EUR") + Money(1, "USD")


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("title", "=HYPERLINK(1)", "spreadsheets would run"),
        ("title", "", "1 to 150"),
        ("price", "free", "amount such as"),
        ("currency", "XBT", "no currency"),
        ("minimum", "0", "from 1"),
        ("minimum", "-3", "whole number"),
        ("closes", "2026-09-01 10:00", "closes before"),
        ("closes", "soon", "Write a day"),
        ("time_zone", "Mars/Olympus", "no time zone"),
        ("composition", "shell: cotton 90", "have to be 100"),
        ("composition", "shell: unicorn 100", "no fibre name"),
        ("sizes", " , ", "1 to 20 sizes"),
        ("cap", "5", "below the minimum"),
        ("lead_days", "20/7/3", "go up"),
        ("incoterm", "ABC Ningbo", "Incoterm"),
        ("scope", "planet", "style or colour"),
    ],
)
def test_terms_that_make_no_sense_are_refused_with_a_sentence(selling, field, typed, told):
    listing = selling.listings.draft(1)

    with pytest.raises((ListingError, MoneyError), match=told):
        selling.listings.change(listing.id, {field: typed})

    assert selling.keeper.listings.get(listing.id) == listing


def test_nothing_is_offered_before_it_says_what_it_is_made_of(selling):
    listing = selling.listings.draft(1)

    with pytest.raises(ListingError, match="made of"):
        selling.listings.open(listing.id)

    selling.listings.change(listing.id, {"composition": COTTON})
    assert selling.listings.open(listing.id).state is State.OPEN


def test_what_was_offered_stays_as_it_was(selling):
    listing = open_listing(selling)

    with pytest.raises(ListingStateError):
        selling.listings.change(listing.id, {"price": "1"})


def test_events_lead_to_the_state(selling):
    listing = open_listing(selling, scope="colour", colours="navy, red")

    events = selling.keeper.listings.events(listing.id)

    assert replay(events).states == {"navy": State.OPEN, "red": State.OPEN}
    assert events[-1].kind == "opened"


def test_events_are_never_changed(selling):
    open_listing(selling)

    with (
        pytest.raises(Exception, match="only ever added"),
        selling.studio.database.transaction() as rows,
    ):
        rows.execute("UPDATE listing_events SET kind = 'sold out'")


@pytest.mark.parametrize(
    ("gtin", "told"),
    [
        ("4006381333931", ""),
        ("4006381333932", "check digit"),
        ("2000000000008", "within a company"),
        ("0200000000004", "within a company"),
        ("9800000000007", "within a company"),
        ("0000000000000", "check digit"),
        ("12345", "8, 12, 13 or 14"),
    ],
)
def test_article_numbers_are_real_or_refused(selling, gtin, told):
    listing = selling.listings.draft(1)
    sku = listing.variants[0].sku

    if told:
        with pytest.raises(ListingError, match=told):
            selling.listings.set_gtins(listing.id, {sku: gtin})
    else:
        made = selling.listings.set_gtins(listing.id, {sku: gtin})
        assert made.variants[0].gtin == gtin
        assert selling.listings.change(listing.id, {"price": "55"}).variants[0].gtin == gtin


def test_hours_that_clocks_leave_out_are_refused_and_repeated_ones_come_first():
    with pytest.raises(ListingError, match="leave"):
        from_local("2027-03-28 02:30", "Europe/Berlin")
    first = from_local("2026-10-25 02:30", "Europe/Berlin")
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert in_zone(first, "Europe/Berlin") == "2026-10-25 02:30 +0200"


def test_another_workspace_sees_no_listing_and_a_viewer_makes_none(selling):
    listing = open_listing(selling)
    stranger = selling.of(Visitor(workspace_id=7))
    viewer = selling.of(Visitor(role=Role.VIEWER))

    with pytest.raises(UnknownListingError):
        stranger.keeper.listings.get(listing.id)
    assert stranger.board.rows() == ()
    assert viewer.board.rows()[0].listing.id == listing.id
    with pytest.raises(ForbiddenError):
        viewer.listings.draft(1)
