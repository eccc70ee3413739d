"""Selling by the endpoints and by the command line."""

import json
import logging

import gradio as gr
import pytest

from studio.domain import Role, Visitor
from studio.sell import main
from studio.selling.records import State
from studio.selling.selling import Selling
from studio.ui.sell_tab import OnSale, SellHandlers
from studio.ui.selling_api import SellingEndpoints
from studio.ui.words import CHINESE, ENGLISH, Words
from tests.selling.orders import SHOP, an_order
from tests.selling.shop import COTTON, open_listing, table


def test_a_whole_sale_by_the_endpoints(selling):
    offered = SellingEndpoints(selling)
    listing_id = offered.list_design(1)["listing_id"]
    offered.change_listing(listing_id, {"minimum": "5", "composition": COTTON, "sizes": "M"})
    article = offered.open_listing(listing_id)["articles"][0]["sku"]
    line = {"sku": article, "quantity": 5, "price": "49.90", "currency": "EUR"}

    [row] = offered.place_order(SHOP, "1", "2026-10-01T09:00:00Z", [line], status="paid")
    order_id = row["production_order_ids"][0]
    sent = offered.send_production(order_id)
    received = offered.receive_production(order_id, {article: 5})

    assert (row["state"], row["units"]["paid"]) == ("reached", 5)
    assert sent["quantities"] == {article: 5}
    assert (received["state"], received["waiting"]) == ("closed", [])
    assert offered.decide(listing_id, "settle")["state"] == "settled"
    with pytest.raises(gr.Error, match="whole number"):
        offered.place_order(SHOP, "2", "2026-10-01T09:00:00Z", [{**line, "quantity": -1}])
    with pytest.raises(gr.Error, match="no such choice"):
        offered.decide(listing_id, "burn")


def test_the_command_brings_orders_in_and_tells_the_board(kept_selling, tmp_path, caplog):
    listing = open_listing(kept_selling)
    row = {
        "order_id": "1",
        "placed_at": "2026-10-02T09:00:00Z",
        "sku": listing.variants[0].sku,
        "quantity": "3",
        "price": "49.90",
        "currency": "EUR",
    }
    file = tmp_path / "orders.csv"
    file.write_bytes(table([row, {**row, "sku": "X"}], tuple(row)).getvalue())
    data = ["--data", str(tmp_path / "data")]
    caplog.set_level(logging.INFO)

    main(["orders", str(file), "--source", SHOP, *data])
    main(["board", *data])

    told = [record.getMessage() for record in caplog.records if record.name == "studio.sell"]
    assert told[0].startswith("Row 3: No listing has")
    assert told[1] == "2 rows: 1 new, 0 known already, 1 refused."
    assert json.loads(told[2])["units"]["firm"] == 3


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
def test_the_tab_shows_every_state_in_words(selling, clock, language):
    handlers = SellHandlers(selling, Words(language, {}))
    listing = open_listing(selling, scope="colour", colours="navy, red", sizes="M")
    selling.orders.place(an_order(listing, "1", 10))
    [order] = selling.production.of_listing(listing.id)
    selling.production.send(order.id)
    clock.pass_days(15)

    _, board, _ = handlers.refresh(OnSale())
    _, view, _ = handlers.refresh(OnSale(listing.id))

    shown = view["listing"]
    assert board["rows"][0]["title"] == listing.terms.title
    assert [lot["key"] for lot in shown["lots"]] == [State.IN_PRODUCTION, State.EXPIRED]
    assert [each["colour"] for each in shown["decisions"]] == ["red"]
    assert shown["production"][0]["lines"][0]["quantity"] == 10
    assert len(shown["events"]) >= 6


def test_a_viewer_looks_and_moves_nothing(selling, clock):
    listing = open_listing(selling)
    clock.pass_days(15)
    theirs = selling.of(Visitor(role=Role.VIEWER, name="v"))

    _, view, _ = SellHandlers(theirs, Words(ENGLISH, {})).refresh(OnSale(listing.id))

    assert view["listing"]["lots"][0]["key"] == State.OPEN
    assert isinstance(theirs, Selling)
