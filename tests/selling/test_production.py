"""Acceptance checks 11 to 13 of selling, and the decisions on what missed its minimum."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest

from studio.domain import StudioError
from studio.selling.errors import ListingStateError, ProductionError
from studio.selling.keeper import shared_out
from studio.selling.production_pack import production_pack, tech_pack
from studio.selling.production_sheet import order_sheet
from studio.selling.records import ProductionState, State
from studio.storage.groups import GroupStore
from tests.selling.orders import START, a_line, an_order
from tests.selling.shop import open_listing


def sent_order(selling, listing):
    """Without the zip, which takes a second to draw."""
    [order] = selling.production.of_listing(listing.id)
    return selling.production.send(order.id)


def test_11_a_short_delivery_goes_to_the_oldest_orders_and_asks(selling):
    listing = open_listing(selling, minimum="100", tolerance="5")
    for number in range(50):
        placed = START + timedelta(hours=50 - number)  # the last one came first
        selling.orders.place(an_order(listing, str(number), 2, placed=placed))
    order = sent_order(selling, listing)
    small = listing.variants[0].id

    delivery = selling.production.receive(order.id, {small: 93})

    assert (delivery.ordered, delivery.received, delivery.least) == (100, 93, 95)
    assert delivery.needs_decision
    assert [(each.order, each.pieces) for each in delivery.waiting] == [
        ("#3", 1),
        ("#2", 2),
        ("#1", 2),
        ("#0", 2),
    ]
    rest = selling.production.receive(order.id, {small: 2})
    assert not rest.needs_decision
    assert selling.keeper.listings.get(listing.id).state is State.DELIVERED
    assert sum(each.pieces for each in rest.waiting) == 5


def test_11_a_short_delivery_can_be_accepted(selling):
    listing = open_listing(selling)
    selling.orders.place(an_order(listing, "1", 10))
    order = sent_order(selling, listing)
    selling.production.receive(order.id, {listing.variants[0].id: 4})

    delivery = selling.production.accept_short(order.id)

    assert [each.pieces for each in delivery.waiting] == [6]
    assert selling.production.get(order.id)[1].state is ProductionState.CLOSED
    selling.production.settle(listing.id, "")
    assert selling.keeper.listings.get(listing.id).state is State.SETTLED


def test_12_of_two_colours_one_is_made_and_the_other_expires(selling, clock):
    listing = open_listing(selling, scope="colour", colours="red, blue", sizes="M")
    red, blue = listing.variants
    selling.orders.place(an_order(listing, "1", 10, variant=0))
    selling.orders.place(an_order(listing, "2", 9, variant=1))

    clock.pass_days(15)
    selling.keeper.sweep()

    listing = selling.keeper.listings.get(listing.id)
    assert {lot.colour: lot.state for lot in listing.lots} == {
        "red": State.REACHED,
        "blue": State.EXPIRED,
    }
    [order] = selling.production.of_listing(listing.id)
    assert order.quantities == {red.id: 10}
    selling.production.send(order.id)
    due = selling.deciding.refund(listing.id, "blue")
    assert [(each.sku, each.pieces) for each in due] == [(blue.sku, 9)]
    selling.deciding.refunded(listing.id, "blue")


def test_13_of_a_mixed_order_only_the_failing_listing_is_refunded(selling, clock):
    listings = [open_listing(selling, candidate) for candidate in (1, 2, 3)]
    for listing in listings[:2]:
        selling.orders.place(an_order(listing, f"full {listing.id}", 10))
    mixed = an_order(listings[0], "mixed")
    lines = tuple(a_line(listing.variants[0].sku, 1) for listing in listings)
    selling.orders.place(type(mixed)(**{**mixed.__dict__, "lines": lines}))

    clock.pass_days(15)
    selling.keeper.sweep()
    due = selling.deciding.refund(listings[2].id, "")

    assert [(each.order, each.sku) for each in due] == [("#mixed", listings[2].variants[0].sku)]
    states = [selling.keeper.listings.get(each.id).state for each in listings]
    assert states == [State.REACHED, State.REACHED, State.REFUNDING]


def test_14_the_zip_is_the_same_for_ever_and_its_sizes_sum_to_the_order(selling, studio):
    """Drawn anew it has the same bytes, and what is corrected later changes nothing of it."""
    listing = open_listing(selling, colours="navy, red", sizes="S, M, L")
    for place in range(6):
        selling.orders.place(an_order(listing, str(place), place + 1, variant=place))
    [order] = selling.production.of_listing(listing.id)

    digest = selling.send(order.id)
    name, content = selling.pack(order.id)
    sheets = tech_pack(listing, studio.packs, studio.designs)
    anew = production_pack(listing, selling.production.get(order.id)[1], sheets)
    studio.packs.correct(listing.listed.candidate_id, "house.factory", "Ateliers du Nord")

    assert anew == (name, content) == selling.pack(order.id)
    assert name == "PO-00001-1.zip"
    assert hashlib.sha256(content).hexdigest() == digest
    assert selling.production.get(order.id)[1].digest == digest
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {each: archive.read(each) for each in archive.namelist()}
    rows = list(csv.DictReader(io.StringIO(files["PO-00001-1.csv"].decode())))
    record = json.loads(files["PO-00001-1.json"])
    assert sum(int(row["quantity"]) for row in rows[:-1]) == int(rows[-1]["quantity"]) == 21
    assert record["pieces"] == 21
    assert (record["accepted_from"], record["accepted_to"]) == (20, 22)
    number = listing.listed.number
    assert {row["design"] for row in rows} == {record["design"]} == {number}
    [whole] = [each for each in files if each.endswith(".pdf")]
    assert whole == f"{number}/{number} tech pack rev A.pdf"
    assert sum(each.endswith(".png") for each in files) == 3
    assert {each.rsplit(" ", 1)[1] for each in files if each.endswith(".svg")} == {
        f"{drawing}-{side}.svg" for drawing in ("croquis", "flat") for side in ("front", "back")
    }


def test_the_order_sheet_sums_sizes_and_colours_and_says_what_is_simulated(selling):
    listing = open_listing(selling, colours="navy, <b>red", sizes="S, M")
    for place in range(4):
        selling.orders.place(an_order(listing, str(place), place + 2, variant=place))
    order = sent_order(selling, listing)

    page = order_sheet(listing, order, "PO-00001-1", is_simulated=False).decode()

    cells = re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", page)
    table = cells[cells.index("Colour · 颜色") :]
    assert table == [
        *("Colour · 颜色", "S", "M", "All · 合计"),
        *("navy", "2", "3", "5"),
        *("&lt;b&gt;red", "4", "5", "9"),
        *("All · 合计", "", "", "14"),
    ]
    assert "FOB to be agreed" in page
    assert "SIMULATED" not in page
    assert "SIMULATED" in order_sheet(listing, order, "PO-00001-1", is_simulated=True).decode()


def test_what_can_t_be_drawn_is_not_sent(selling):
    listing = open_listing(selling)
    selling.orders.place(an_order(listing, "1", 10))
    [order] = selling.production.of_listing(listing.id)
    with selling.studio.database.transaction() as rows:
        rows.execute("DELETE FROM groups")

    with pytest.raises(StudioError):
        selling.send(order.id)

    assert selling.production.of_listing(listing.id)[0].state is ProductionState.DRAFT


def test_a_round_that_was_listed_is_never_forgotten_for_good(selling, studio):
    """Or what was ordered could no longer be made."""
    listing = open_listing(selling)
    studio.history.delete(1)
    now = START + timedelta(days=99)

    GroupStore(studio.database).purge(now, now, days_of_work=0)

    assert studio.packs.spec(listing.listed.candidate_id) is not None


def test_a_production_order_is_sent_once(selling):
    listing = open_listing(selling)
    selling.orders.place(an_order(listing, "1", 10))
    order = sent_order(selling, listing)

    with pytest.raises(ProductionError, match="can't be sent"):
        selling.send(order.id)


def test_what_is_ordered_after_a_batch_makes_the_next_once_it_is_enough(selling):
    listing = open_listing(selling)
    selling.orders.place(an_order(listing, "1", 12))
    sent_order(selling, listing)

    selling.orders.place(an_order(listing, "2", 9))
    assert len(selling.production.of_listing(listing.id)) == 1
    selling.orders.place(an_order(listing, "3", 2))

    first, second = selling.production.of_listing(listing.id)
    assert (first.ordered, second.batch, second.ordered) == (12, 2, 11)
    selling.production.send(second.id)
    for order in (first, second):
        selling.production.receive(order.id, {listing.variants[0].id: order.ordered})
    assert selling.keeper.listings.get(listing.id).state is State.DELIVERED


def test_a_trigger_at_the_close_waits_for_it(selling, clock):
    listing = open_listing(selling, trigger="close")
    selling.orders.place(an_order(listing, "1", 10))
    assert selling.production.of_listing(listing.id) == ()

    clock.pass_days(15)
    selling.keeper.sweep()

    assert [each.ordered for each in selling.production.of_listing(listing.id)] == [10]


def expired(selling, clock, pieces=6, **typed):
    listing = open_listing(selling, **typed)
    selling.orders.place(an_order(listing, "1", pieces))
    clock.pass_days(15)
    selling.keeper.sweep()
    return selling.keeper.listings.get(listing.id)


def test_an_expired_listing_can_be_extended(selling, clock):
    listing = expired(selling, clock)

    selling.deciding.extend(listing.id, "", clock() + timedelta(days=7))
    assert selling.keeper.listings.get(listing.id).state is State.OPEN
    selling.orders.place(an_order(listing, "2", 4, placed=clock()))

    assert selling.keeper.listings.get(listing.id).state is State.REACHED


def test_an_expired_listing_can_be_topped_up(selling, clock):
    listing = expired(selling, clock)
    cost = selling.deciding.top_up_of(listing, listing.lots[0])

    selling.deciding.top_up(listing.id, "")

    [order] = selling.production.of_listing(listing.id)
    assert (cost.missing, str(cost.cost), order.ordered) == (4, "72.00", 10)


def test_an_expired_listing_can_go_on_with_fewer_colours(selling, clock):
    listing = expired(selling, clock, colours="navy, red", sizes="M")
    late = an_order(listing, "2", 2, variant=1, placed=START + timedelta(days=1))
    selling.orders.place(late)

    selling.deciding.keep_colours(listing.id, ["navy"], minimum=6)

    listing = selling.keeper.listings.get(listing.id)
    [order] = selling.production.of_listing(listing.id)
    assert listing.state is State.REACHED
    assert order.quantities == {listing.variants[0].id: 6}
    due = selling.deciding.dropped_to_refund(listing)
    assert [(each.order, each.pieces) for each in due] == [("#2", 2)]


def test_nothing_is_to_be_decided_before_it_expired(selling):
    listing = open_listing(selling)

    with pytest.raises(ListingStateError):
        selling.deciding.top_up(listing.id, "")


def test_pieces_are_shared_out_whole_and_all():
    assert shared_out(5, {1: 1, 2: 1, 3: 1}) == {1: 2, 2: 2, 3: 1}
    assert shared_out(4, {1: 0, 2: 0}) == {1: 2, 2: 2}
    assert sum(shared_out(97, {n: n * n for n in range(1, 9)}).values()) == 97
