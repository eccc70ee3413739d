"""The shopkeeper of a soak, who lists designs and takes orders; and what must hold of a shop."""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from studio.selling.keeper import Keeper
from studio.storage.database import Database
from tests.selling.holding import check_listing
from tests.soak.ledger import Ledger
from tests.soak.people import call

_TERMS = {"composition": "100 cotton", "minimum": "6", "sizes": "S, M"}
_SOURCE = "soak"


class Shopkeeper:
    """Lists what designers chose, opens it, and takes one order after another."""

    def __init__(self, address: str, ledger: Ledger, chance: random.Random) -> None:
        self._address = address
        self._ledger = ledger
        self._chance = chance

    def act(self) -> None:
        """One listing now and then, or one order."""
        if self._ledger.articles and self._chance.random() < 0.8:
            self._order()
        elif chosen := [ids for ids in self._ledger.answers.values() if ids]:
            self._open(min(self._chance.choice(chosen)))
        else:
            time.sleep(0.05)

    def _open(self, candidate_id: int) -> None:
        self._do("list")
        listing = call(self._address, "list_design", candidate_id)["listing_id"]
        self._ledger.listings[listing] = "draft"
        call(self._address, "change_listing", listing, _TERMS)
        opened = call(self._address, "open_listing", listing)
        self._ledger.listings[listing] = "open"
        self._ledger.articles += [
            (each["sku"], opened["terms"]["price"], opened["terms"]["currency"])
            for each in opened["articles"]
        ]

    def _order(self) -> None:
        self._do("order")
        name, pieces = f"{self._chance.getrandbits(60):015x}", self._chance.randint(1, 4)
        sku, price, currency = self._chance.choice(self._ledger.articles)
        line = {"sku": sku, "quantity": pieces, "price": price, "currency": currency}
        placed = datetime.now(UTC).isoformat()
        call(self._address, "place_order", _SOURCE, name, placed, [line], "", "paid")
        self._ledger.orders[name] = pieces

    def _do(self, what: str) -> None:
        self._ledger.doing["shopkeeper"] = what


def lost_in_shop(data: Path, ledger: Ledger) -> Iterator[str]:
    """What is wrong with listings, orders and production orders, with the studio dead."""
    with closing(sqlite3.connect(data / "studio.db")) as connection:
        there = dict(
            connection.execute(
                "SELECT external_id, sum(ordered) FROM orders JOIN order_lines "
                "ON order_id = orders.id WHERE source = ? GROUP BY orders.id",
                (_SOURCE,),
            ).fetchall()
        )
        states: dict[int, set[str]] = {}
        for listing, state in connection.execute("SELECT listing_id, state FROM lots"):
            states.setdefault(listing, set()).add(state)
    yield from _broken_promises(ledger, there, states)
    with closing(Database(data / "studio.db")) as database:
        keeper = Keeper(database, lambda: datetime.now(UTC))
        for listing, found in states.items():
            if found != {"draft"}:
                yield from _unsound(keeper, listing)


def _broken_promises(
    ledger: Ledger, there: dict[str, int], states: dict[int, set[str]]
) -> Iterator[str]:
    for name, pieces in ledger.orders.items():
        if there.get(name) != pieces:
            yield f"order {name} of {pieces} pieces was taken, {there.get(name)} are there"
    for listing, state in ledger.listings.items():
        if listing not in states:
            yield f"listing {listing} is gone"
        elif state == "open" and "draft" in states[listing]:
            yield f"listing {listing} was opened and is a draft"


def _unsound(keeper: Keeper, listing: int) -> Iterator[str]:
    try:
        check_listing(keeper, listing)
    except AssertionError as error:
        yield f"listing {listing} is in no state that its events lead to: {error}"
