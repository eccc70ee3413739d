"""Acceptance checks 1 to 10 of selling: orders, once each, in any sequence."""

import csv
import random
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from studio.selling.errors import OrderError, OrdersFileError, SoldOutError
from studio.selling.keeper import Keeper
from studio.selling.order_desk import OrderDesk
from studio.selling.records import ProductionState, State
from studio.selling.selling import Selling
from studio.storage.database import Database
from tests.selling.orders import SHOP, START, an_order, bare_listing
from tests.selling.shop import SHOPIFY_COLUMNS, open_listing, shopify_rows, table, tables_of

EXPORTED = START + timedelta(days=3)


def skus(listing):
    return [each.sku for each in listing.variants]


def some_orders(listing, count=12):
    small, medium = skus(listing)[:2]
    rows = []
    for number in range(count):
        lines = [(small, 1), (medium, 2)] if number % 3 == 0 else [(small, 1)]
        rows.append(shopify_rows(str(9000 + number), f"#{1000 + number}", lines))
    return rows


def flat(orders):
    return [row for order in orders for row in order]


def test_01_the_same_file_twice_changes_nothing(selling):
    listing = open_listing(selling)
    file = table(flat(some_orders(listing)))
    first = selling.orders.import_file(file, SHOP, EXPORTED)
    before, events = tables_of(selling), selling.keeper.listings.events(listing.id)

    second = selling.orders.import_file(file, SHOP, EXPORTED)

    assert (first.taken, first.unchanged, first.refused) == (16, 0, 0)
    assert (second.taken, second.unchanged, second.refused) == (0, 16, 0)
    assert tables_of(selling) == before
    assert selling.keeper.listings.events(listing.id) == events


def test_02_overlapping_and_shuffled_files_come_to_the_same_as_one(selling, studio, clock):
    listing = open_listing(selling)
    orders = some_orders(listing)
    mixed = [shopify_rows("9500", "#1500", [(skus(listing)[0], 1)])]
    halves = [
        shopify_rows("9600", "#1600", [(sku, 1)]) for sku in skus(listing)
    ]  # one order, its lines in two files
    whole = shopify_rows("9600", "#1600", [(sku, 1) for sku in skus(listing)])
    shuffled = flat(orders[:8]) + halves[0]
    random.Random(5).shuffle(shuffled)
    one_go = Selling(studio, clock)

    selling.orders.import_file(table(flat(orders[4:] + mixed) + halves[1]), SHOP, EXPORTED)
    selling.orders.import_file(table(shuffled), SHOP, EXPORTED)
    in_parts = tables_of(selling)
    forget_orders(selling, listing)
    one_go.orders.import_file(table(flat(orders + mixed) + whole), SHOP, EXPORTED)

    assert tables_of(one_go) == in_parts
    assert len(in_parts["lines"]) == 16 + 1 + 2


def forget_orders(selling, listing):
    """Put the shop back to before its first order."""
    with selling.studio.database.transaction() as rows:
        rows.execute("DELETE FROM orders")
        rows.execute("DELETE FROM production_orders")
        rows.execute("UPDATE lots SET state = 'open' WHERE listing_id = ?", (listing.id,))


def test_03_later_changes_count_and_an_older_export_undoes_none(selling):
    listing = open_listing(selling, minimum="100")
    sku = skus(listing)[0]

    def take(quantity, day, **head):
        rows = shopify_rows("1", "#1", [(sku, quantity)], **head)
        selling.orders.import_file(table(rows), SHOP, START + timedelta(days=day))
        return selling.keeper.orders.sold(listing.id)

    assert take(5, 2) == 5
    assert take(3, 4) == 3
    assert take(5, 3) == 3  # exported before the change
    assert take(3, 5, **{"Cancelled at": "2026-10-05 10:00:00 +0200"}) == 0
    assert take(3, 4) == 0
    other = shopify_rows("2", "#2", [(sku, 2)])
    selling.orders.import_file(table(other), SHOP, EXPORTED)
    refunded = shopify_rows("2", "#2", [(sku, 2)], **{"Financial Status": "refunded"})
    selling.orders.import_file(table(refunded), SHOP, EXPORTED + timedelta(days=1))
    assert selling.keeper.orders.sold(listing.id) == 0


def test_04_numbers_of_orders_are_told_apart_by_shop_and_id(selling):
    listing = open_listing(selling)
    sku = skus(listing)[0]
    one, other = (shopify_rows(key, "#1001", [(sku, 1)]) for key in ("71", "72"))

    selling.orders.import_file(table(one + other), SHOP, EXPORTED)
    selling.orders.import_file(table(one), "second.example", EXPORTED)

    assert selling.keeper.orders.sold(listing.id) == 3


def test_04_an_order_without_an_id_is_known_again_once_it_has_one(selling):
    listing = open_listing(selling)
    rows = shopify_rows("71", "#1001", [(skus(listing)[0], 1)])
    without = [{**row, "Id": ""} for row in rows]

    for some in (without, rows, without):
        selling.orders.import_file(table(some), SHOP, EXPORTED)

    assert selling.keeper.orders.sold(listing.id) == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_05_files_are_read_as_shops_write_them_and_bad_rows_are_told(selling, delimiter, mark):
    listing = open_listing(selling)
    small, medium = skus(listing)
    rows = [
        *shopify_rows("'1", "'#1", [(small, 1), (medium, 2)]),  # rows 2 and 3
        *shopify_rows("2", "#2", [("NOBODYS", 1)]),
        *shopify_rows("3", "=HYPERLINK(1)", [(small, 1)]),
        *shopify_rows("4", "#4", [(small, -2)]),
        *shopify_rows("5", "#5", [(small, 1)], **{"Created at": "yesterday"}),
        *shopify_rows("6", "#6", [(small, 1)], Currency="USD"),
        *shopify_rows("7", "#7", [(small, 1)], **{"Created at": "2026-10-02 09:50:26"}),
        *shopify_rows("8", "#8", [(small, 4)]),
        {"Name": "#99", "Lineitem quantity": "1", "Lineitem sku": small},  # no order above
    ]

    batch = selling.orders.import_file(table(rows, delimiter=delimiter, mark=mark), SHOP, EXPORTED)

    assert selling.keeper.orders.sold(listing.id) == 1 + 2 + 4
    assert batch.rows == len(rows)
    assert [row for row, _ in batch.reasons] == [4, 5, 6, 7, 8, 9, 11]
    told = dict(batch.reasons)
    assert "No listing has" in told[4]
    assert "spreadsheet would run" in told[5]
    assert "whole number" in told[6]
    assert "time" in told[7]
    assert "USD" in told[8]
    assert "which zone" in told[9]
    assert "doesn't tell the order" in told[11]


def test_05_nothing_about_the_person_is_kept(selling):
    listing = open_listing(selling)
    selling.orders.import_file(table(flat(some_orders(listing))), SHOP, EXPORTED)

    with selling.studio.database.reading() as connection:
        dump = "\n".join(connection.iterdump())

    assert "#1000" in dump
    assert not any(
        word in dump for word in ("somebody@example.com", "Some Body", "01067", "please")
    )


def test_05_what_is_no_table_of_orders_is_refused_whole(selling):
    for file in (table([], ("a", "b")), table([{"Name": "x"}], ("Name",))):
        with pytest.raises(OrdersFileError, match="no orders that can be read"):
            selling.orders.import_file(file, SHOP, None)
    broken = table([])
    broken.seek(0, 2)
    broken.write(b"\xff\xfe\xfa\xfb" * 10)
    batch = selling.orders.import_file(broken, SHOP, None)
    assert "no text in UTF-8" in batch.reasons[0][1]
    with pytest.raises(OrderError, match="which shop"):
        selling.orders.import_file(table([]), "  ", None)


def crossing(path, listing_id, orders):
    """Orders that come at one moment, each by a connection of its own."""

    def place(order):
        database = Database(path, wait_s=60)
        try:
            keeper = Keeper(database, lambda: START)
            OrderDesk(database, keeper).place(order)
        finally:
            database.close()

    with ThreadPoolExecutor(len(orders)) as pool:
        list(pool.map(place, orders))


@pytest.mark.parametrize("runs", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_06_ten_orders_at_one_moment_make_one_production_order(kept_selling, tmp_path, runs):
    path = tmp_path / "data" / "studio.db"
    for run in range(runs):
        listing = open_listing(kept_selling, candidate_id=1 + run % 3)
        orders = [an_order(listing, f"{run}-{number}") for number in range(10)]

        crossing(path, listing.id, orders)

        made = kept_selling.production.of_listing(listing.id)
        kinds = [each.kind for each in kept_selling.keeper.listings.events(listing.id)]
        assert len(made) == 1
        assert made[0].ordered == 10
        assert kinds.count("reached") == kinds.count("drawn up") == 1


def test_07_cancelling_before_sending_takes_the_listing_back(selling):
    listing = open_listing(selling)
    selling.orders.place(an_order(listing, "1", 10))
    assert selling.keeper.listings.get(listing.id).state is State.REACHED

    late = START + timedelta(hours=2)
    selling.orders.place(an_order(listing, "1", 10, is_firm=False, as_of=late))

    [order] = selling.production.of_listing(listing.id)
    assert selling.keeper.listings.get(listing.id).state is State.OPEN
    assert order.state is ProductionState.CANCELLED
    selling.orders.place(an_order(listing, "2", 11))
    [order] = selling.production.of_listing(listing.id)
    assert (order.state, order.batch, order.ordered) == (ProductionState.DRAFT, 1, 11)


def test_07_cancelling_after_sending_becomes_surplus(selling):
    listing = open_listing(selling)
    selling.orders.place(an_order(listing, "1", 6))
    selling.orders.place(an_order(listing, "2", 4))
    [order] = selling.production.of_listing(listing.id)
    selling.production.send(order.id)

    gone = an_order(listing, "2", 4, is_firm=False, as_of=START + timedelta(hours=3))
    selling.orders.place(gone)

    listing = selling.keeper.listings.get(listing.id)
    [after] = selling.production.of_listing(listing.id)
    assert listing.state is State.IN_PRODUCTION
    assert after.quantities == {listing.variants[0].id: 10}
    assert selling.production.surplus(listing, listing.lots[0]) == {listing.variants[0].id: 4}


@pytest.mark.parametrize("runs", [1, pytest.param(50, marks=pytest.mark.slow)])
def test_08_a_second_before_the_deadline_counts_and_a_second_after_does_not(selling, runs):
    for run in range(runs):
        listing = open_listing(
            selling, time_zone="Europe/Berlin", closes="2026-10-25 02:30", opens="2026-10-01 10:00"
        )
        closes = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # clocks go back half an hour later
        sku = skus(listing)[0]
        rows = [
            *shopify_rows(
                f"{run}a", "#1", [(sku, 1)], **{"Created at": "2026-10-25 02:29:59 +0200"}
            ),
            *shopify_rows(
                f"{run}b", "#2", [(sku, 1)], **{"Created at": "2026-10-25 02:30:00 +0200"}
            ),
            *shopify_rows(
                f"{run}c", "#3", [(sku, 1)], **{"Created at": "2026-10-25 02:29:59 +0100"}
            ),
        ]

        batch = selling.orders.import_file(table(rows), SHOP, closes + timedelta(days=1))

        assert listing.terms.closes == closes
        assert selling.keeper.orders.sold(listing.id) == 1
        assert [row for row, _ in batch.reasons] == [3, 4]
        assert "until before 2026-10-25 02:30 +0200" in batch.reasons[0][1]


def test_09_orders_in_another_currency_are_never_summed(selling):
    listing = open_listing(selling)

    with pytest.raises(OrderError, match="in USD"):
        selling.orders.place(an_order(listing, "1", currency="USD"))

    assert selling.keeper.orders.sold(listing.id) == 0


@pytest.mark.parametrize("runs", [1, pytest.param(50, marks=pytest.mark.slow)])
def test_10_the_cap_holds_for_orders_that_come_at_one_moment(kept_selling, tmp_path, runs):
    for run in range(runs):
        listing = open_listing(kept_selling, cap="12")
        orders = [an_order(listing, f"{run}-{number}", 5) for number in range(4)]

        with pytest.raises(SoldOutError, match="limited to 12"):
            crossing(tmp_path / "data" / "studio.db", listing.id, orders)

        assert kept_selling.keeper.orders.sold(listing.id) == 10


def test_10_lines_of_one_order_are_counted_together_for_the_cap(selling):
    listing = open_listing(selling, cap="12")
    order = an_order(listing, "1", 7)
    two = replace(
        order, lines=(order.lines[0], replace(order.lines[0], key="2", sku=skus(listing)[1]))
    )

    with pytest.raises(SoldOutError):
        selling.orders.place(two)

    assert selling.keeper.orders.sold(listing.id) == 0


def test_10_an_import_beyond_the_cap_is_kept_and_told(selling):
    listing = open_listing(selling, cap="12")
    rows = flat([shopify_rows(str(n), f"#{n}", [(skus(listing)[0], 1)]) for n in range(15)])

    selling.orders.import_file(table(rows), SHOP, EXPORTED)

    assert selling.keeper.orders.sold(listing.id) == 15
    assert selling.keeper.orders.oversold(listing.id) == 3
    kinds = [each.kind for each in selling.keeper.listings.events(listing.id)]
    assert "oversold" in kinds


def test_returns_come_by_a_table_of_their_own(selling):
    listing = open_listing(selling)
    sku = skus(listing)[0]
    selling.orders.place(an_order(listing, "1", 3))
    columns = ("order_id", "sku", "returned", "as_of")
    rows = [
        {"order_id": "#1", "sku": sku, "returned": "2", "as_of": "2026-11-02T10:00:00Z"},
        {"order_id": "#1", "sku": sku, "returned": "9", "as_of": "2026-11-02T10:00:00Z"},
        {"order_id": "#77", "sku": sku, "returned": "1", "as_of": "2026-11-02T10:00:00Z"},
    ]

    batch = selling.orders.import_file(table(rows, columns), SHOP, None)
    again = selling.orders.import_file(table(rows[:1], columns), SHOP, None)

    assert (batch.taken, batch.refused, again.unchanged) == (1, 2, 1)
    assert selling.keeper.orders.units(listing.id)[listing.variants[0].id].returned == 2


def test_a_plain_table_tells_everything_in_each_row(selling):
    listing = open_listing(selling)
    row = {
        "order_id": "A1",
        "placed_at": "2026-10-02T09:00:00+08:00",
        "updated_at": "2026-10-03T09:00:00+08:00",
        "status": "paid",
        "sku": skus(listing)[0],
        "quantity": "3",
        "cancelled": "1",
        "price": "49,90",
        "currency": "EUR",
    }
    wrong = {**row, "order_id": "A2", "cancelled": "4"}

    batch = selling.orders.import_file(table([row, wrong], tuple(row), ";"), "plain", None)

    units = selling.keeper.orders.units(listing.id)[listing.variants[0].id]
    assert (units.firm, units.paid) == (2, 2)
    assert batch.reasons == ((3, "More pieces were cancelled or returned than ordered."),)


def test_simulated_and_real_orders_never_mix(selling):
    real = open_listing(selling)
    simulated = selling.listings.copy_for_shoppers(real.id)

    with pytest.raises(OrderError, match="simulated shoppers only"):
        selling.orders.place(an_order(simulated, "1"))
    with pytest.raises(OrderError, match="real orders only"):
        selling.orders.place(an_order(real, "1", source="simulated: x"))


def test_a_shop_that_was_tried_long_ago_can_still_be_looked_at(selling, clock):
    """Its clock runs a day in three seconds, and stops before it leaves the calendar."""
    simulated = selling.listings.copy_for_shoppers(open_listing(selling).id)
    clock.pass_days(400)

    selling.keeper.sweep()
    listing = selling.shoppers.advance(simulated.id)

    assert listing.state in (State.REACHED, State.EXPIRED)
    assert selling.keeper.listings.events(simulated.id)[-1].at.year <= 2028


@pytest.mark.slow
def test_a_hundred_thousand_orders_are_read_in_half_a_minute(selling, tmp_path):
    listing = open_listing(selling, minimum="1000")
    small, medium = skus(listing)
    path = tmp_path / "orders.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, SHOPIFY_COLUMNS, restval="")
        writer.writeheader()
        for n in range(100_000):
            placed = f"{START + timedelta(seconds=10 * n):%Y-%m-%d %H:%M:%S} +0000"
            line = (small if n % 2 else medium, 1)
            writer.writerows(shopify_rows(str(n), f"#{n}", [line], **{"Created at": placed}))
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with path.open("rb") as opened:
        batch = selling.orders.import_file(opened, SHOP, EXPORTED)

    assert batch.taken == 100_000
    assert time.process_time() - began <= 25  # of the processor: others may be busy meanwhile
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 60_000  # the file alone has 23 MB, as rows in memory some 500


@pytest.mark.slow
def test_the_board_of_two_hundred_listings_is_quick(selling):
    for number in range(200):
        bare_listing(selling.keeper, "style", f"-{number}")
    rows = [
        {
            "order_id": str(n),
            "placed_at": "2026-10-02T09:00:00Z",
            "sku": f"navy-S-{n % 200}",
            "quantity": "1",
            "price": "49.90",
            "currency": "EUR",
        }
        for n in range(1_600)
    ]
    selling.orders.import_file(table(rows, tuple(rows[0])), SHOP, EXPORTED)
    seconds = []
    for _ in range(5):
        began = time.process_time()  # others may be busy meanwhile
        assert len(selling.board.rows()) == 200
        seconds.append(time.process_time() - began)

    assert min(seconds) <= 0.3
