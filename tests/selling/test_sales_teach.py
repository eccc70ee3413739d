"""Build 9 of selling: what sells and what comes back teaches the store's taste."""

from datetime import timedelta
from pathlib import Path

import gradio as gr
import pytest

from studio.domain import NothingTickedError
from studio.selling.sales_desk import ANYTHING, shared_phrases
from studio.selling.sold_together import Sold, contest, contests, listed_together, quicker
from studio.services.import_rounds import RoundImport
from studio.services.in_service import InService, Models
from studio.services.teaching import Trainings
from studio.storage.database import IN_MEMORY, Database
from studio.ui.teach_tab import TeachHandlers
from studio.ui.words import ENGLISH, Words
from tests.scripted_training import FAILS, scripted_training
from tests.selling.orders import SHOP, START, an_order
from tests.selling.shop import COTTON, open_listing, table
from training.data.groups import informative, read_rounds


def sold(number, kept, day=0.0, store=1, days=14.0):
    opens = START + timedelta(days=day)
    closes = opens + timedelta(days=days)
    return Sold(listing_id=number, store_id=store, opens=opens, closes=closes, kept=kept)


def test_what_was_listed_together_competes_and_stores_do_not_meet():
    listings = [sold(1, 9), sold(2, 1, day=6), sold(3, 5, day=8), sold(4, 5, store=2)]

    lots = [[each.listing_id for each in lot] for lot in listed_together(listings)]

    assert lots == [[1, 2], [3], [4]]


def test_the_clearer_the_sales_the_more_they_weigh():
    clear, near = contest([sold(1, 60), sold(2, 5)]), contest([sold(1, 12), sold(2, 9)])

    assert clear is not None
    assert near is not None
    assert clear.is_wanted == near.is_wanted == (True, False)
    assert clear.weight > 0.95
    assert 0.1 <= near.weight < 0.5
    assert contest([sold(1, 7), sold(2, 7)]) is None
    assert contest([sold(1, 0), sold(2, 0)]) is None
    assert contest([sold(1, 50)]) is None
    assert contests([sold(1, 50), sold(2, 2), sold(3, 9, day=30)]) == (
        contest([sold(1, 50), sold(2, 2)]),
    )


def test_a_listing_that_was_open_longer_had_more_time_to_sell():
    [found] = contests([sold(1, 40, days=40), sold(2, 30, day=1, days=10)])

    assert found.is_wanted == (False, True)


def test_the_chance_to_be_quicker_is_that_of_two_gamma_variables():
    """Against the closed form for whole shapes 1: rates of exponential variables."""
    assert quicker((1.0, 2.0), (1.0, 6.0)) == pytest.approx(6 / 8)
    assert quicker((3.0, 2.0), (3.0, 2.0)) == pytest.approx(0.5)


@pytest.fixture
def shop(selling, studio, clock):
    """Three designs of one store, sold for two weeks: many of the first, few of the others."""
    store = studio.stores.add("Anna", {"style": ["minimalist"]})
    listings = [open_listing(selling, candidate) for candidate in (1, 2, 3)]
    with studio.database.transaction() as rows:
        rows.execute("UPDATE listings SET store_id = ?", (store.id,))
    for listing, pieces in zip(listings, (60, 3, 8), strict=True):
        for number in range(pieces):
            selling.orders.place(an_order(listing, f"{listing.id}-{number}"))
    clock.pass_days(15)
    return selling, listings, store


def test_orders_become_a_weighted_round_that_training_reads(shop, studio, tmp_path):
    selling, listings, store = shop

    [found] = selling.sales.rounds()
    written = studio.export.write_folder(tmp_path / "export", more=[found])
    read = informative(read_rounds(tmp_path / "export"))

    assert (written, len(read.rounds)) == (1, 1)
    [back] = read.rounds
    assert back.id == f"sales-{listings[0].id}"
    assert back.labels == (1.0, 0.0, 0.0)
    assert back.weight == pytest.approx(found.weight)
    assert back.store_id == store.key
    assert back.prompt == "dress"
    assert "1 of them by sales" in read.report()
    assert all((tmp_path / "export" / name).is_file() for name in back.images)
    assert all(back.designs)


def test_what_comes_back_counts_against_a_design(shop):
    selling, listings, _ = shop
    columns = ("order_id", "sku", "returned", "as_of")
    sku = listings[0].variants[0].sku
    told = {"sku": sku, "returned": "1", "as_of": "2026-11-02T10:00:00Z"}
    rows = [{"order_id": f"#{listings[0].id}-{n}", **told} for n in range(59)]

    batch = selling.orders.import_file(table(rows, columns), SHOP, None)

    assert batch.taken == 59
    [found] = selling.sales.rounds()
    assert found.is_wanted == (False, False, True)


def test_simulated_open_and_cancelled_listings_never_teach(shop, clock):
    selling, listings, store = shop
    [before] = selling.sales.rounds()
    simulated = selling.listings.copy_for_shoppers(listings[1].id)
    clock.pass_days(15)
    selling.shoppers.advance(simulated.id)
    opened = selling.listings.draft(2)
    closes = f"{clock() + timedelta(days=9):%Y-%m-%d %H:%M}"
    selling.listings.change(opened.id, {"composition": COTTON, "closes": closes})
    selling.listings.open(opened.id)
    with selling.studio.database.transaction() as rows:
        rows.execute("UPDATE listings SET store_id = ?", (store.id,))

    assert selling.keeper.orders.sold(simulated.id) > 0
    assert selling.sales.rounds() == (before,)


def test_designs_of_deleted_rounds_and_of_no_store_teach_nothing(shop, studio):
    selling, _, store = shop
    assert selling.sales.rounds(store.id + 1) == ()
    assert selling.sales.rounds(store.id) != ()

    studio.history.delete(1)

    assert selling.sales.rounds() == ()


def test_sales_are_not_imported_as_if_somebody_had_ticked(shop, studio, tmp_path):
    selling, _, _ = shop
    studio.export.write_folder(tmp_path / "export", more=selling.sales.rounds())
    database = Database(IN_MEMORY)

    found = RoundImport(database, studio.images).read_folder(tmp_path / "export")

    assert found.rounds == 0
    assert "by sales" in found.sentence()
    database.close()


def test_sales_are_off_until_somebody_asks_for_them(shop, studio, tmp_path):
    """What the studio exports by itself holds answered rounds alone."""
    with pytest.raises(NothingTickedError):
        studio.export.write_folder(tmp_path / "export")


def never(folder: Path) -> Models:
    raise AssertionError(f"{folder} is not to be loaded")


@pytest.mark.parametrize("with_sales", [True, False])
def test_a_training_gets_sales_only_when_the_box_is_ticked(shop, studio, tmp_path, with_sales):
    selling, _, _ = shop
    studio.select(1, {1})
    trainings = Trainings(tmp_path / "trainings", studio.export, scripted_training(tmp_path, FAILS))
    now = InService(studio, tmp_path, tmp_path / "atelier", never)
    on = TeachHandlers(studio, trainings, now, Words(ENGLISH, {}))
    on._selling = selling  # its clock stands where the sales are over

    view = on.view()
    on.start(gr.EventData(None, {"part": "reward", "with_sales": with_sales}))

    read = read_rounds(tmp_path / "trainings" / "0001" / "rounds")
    assert "1 round " in view["sales"]
    assert [each.is_of_sales for each in read.rounds] == [False, True][: 1 + with_sales]


def test_the_prompt_is_what_all_designs_were_asked_for():
    assert shared_phrases(["dress, red, v-neck", "dress, v-neck", "v-neck, dress"]) == (
        "dress, v-neck"
    )
    assert shared_phrases(["dress", "coat"]) == ANYTHING
