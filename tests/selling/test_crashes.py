"""Acceptance check 18 of selling: whatever happens, the events lead to the state."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from studio.domain import StudioError
from studio.selling.deciding import Deciding
from studio.selling.keeper import Keeper
from studio.selling.order_desk import OrderDesk
from studio.selling.production_desk import ProductionDesk
from studio.selling.records import ProductionState, State
from studio.storage.database import IN_MEMORY, Database
from tests.selling.holding import check_listing
from tests.selling.orders import Clock, an_order, bare_listing


class Shop(RuleBasedStateMachine):
    """Orders, cancellations, deadlines, production and deliveries in any sequence."""

    def __init__(self) -> None:
        super().__init__()
        self.database = Database(IN_MEMORY)
        self.clock = Clock()
        self.keeper = Keeper(self.database, self.clock)
        self.desk = OrderDesk(self.database, self.keeper)
        self.production = ProductionDesk(self.database, self.keeper)
        self.deciding = Deciding(self.database, self.keeper)

    @initialize(scope=st.sampled_from(["style", "colour"]))
    def open(self, scope):
        self.listing = bare_listing(self.keeper, scope)

    @rule(
        number=st.integers(1, 6),
        pieces=st.integers(1, 6),
        variant=st.integers(0, 3),
        age=st.integers(-2, 2),
        is_firm=st.booleans(),
    )
    def order(self, number, pieces, variant, age, is_firm):
        order = an_order(
            self.listing,
            f"{number}-{variant}",
            pieces,
            variant=variant,
            placed=self.clock(),
            as_of=self.clock() + timedelta(hours=age),
            is_firm=is_firm,
        )
        self.attempt(lambda: self.desk.place(order))

    @rule(days=st.sampled_from([0.5, 3, 9]))
    def wait(self, days):
        self.clock.pass_days(days)
        self.keeper.sweep()

    @rule()
    def send(self):
        for order in self.production.of_listing(self.listing.id):
            if order.state is ProductionState.DRAFT:
                self.production.send(order.id)

    @rule(pieces=st.integers(1, 9))
    def deliver(self, pieces):
        for order in self.production.of_listing(self.listing.id):
            if order.sent_at is not None and order.quantities:
                first = next(iter(order.quantities))
                self.attempt(partial(self.production.receive, order.id, {first: pieces}))

    @rule(choice=st.sampled_from(["extend", "top up", "refund", "cancel"]))
    def decide(self, choice):
        for lot in self.keeper.listings.get(self.listing.id).lots:
            self.attempt(partial(self.decide_for, choice, lot.colour))

    def decide_for(self, choice, colour):
        if choice == "extend":
            self.deciding.extend(self.listing.id, colour, self.clock() + timedelta(days=5))
        elif choice == "top up":
            self.deciding.top_up(self.listing.id, colour)
        elif choice == "refund":
            self.deciding.refund(self.listing.id, colour)
        else:
            self.deciding.cancel(self.listing.id)

    @invariant()
    def events_lead_to_the_state(self):
        if hasattr(self, "listing"):
            check_listing(self.keeper, self.listing.id)

    def attempt(self, act):
        """What is refused with a sentence changes nothing; anything else is a bug."""
        with suppress(StudioError):
            act()

    def teardown(self):
        self.database.close()


TestShop18 = Shop.TestCase
TestShop18.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)

KILLED = """
import sys
from pathlib import Path
from studio.selling.keeper import Keeper
from studio.selling.order_desk import OrderDesk
from studio.storage.database import Database
from tests.selling.orders import Clock, an_order

database = Database(Path(sys.argv[1]))
keeper = Keeper(database, Clock())
tell = keeper.listings.add_event
listing = keeper.listings.get(1)

def stop_before(*arguments):
    if arguments[3] == sys.argv[2]:
        print("now", flush=True)
        sys.stdin.read()
    tell(*arguments)

keeper.listings.add_event = stop_before
for number in range(12):
    OrderDesk(database, keeper).place(an_order(listing, str(number)))
"""


@pytest.mark.parametrize("kind", ["orders came", "reached", "drawn up"])
def test_18_killed_between_order_and_event_nothing_is_half_done(tmp_path, kind):
    path = tmp_path / "studio.db"
    database = Database(path)
    listing = bare_listing(Keeper(database, Clock()), "style")
    database.close()
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path), kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"now\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    database = Database(path)
    keeper = Keeper(database, Clock())
    check_listing(keeper, listing.id)
    assert keeper.orders.sold(listing.id) == (0 if kind == "orders came" else 9)
    for number in range(12):
        OrderDesk(database, keeper).place(an_order(listing, str(number)))
    check_listing(keeper, listing.id)
    assert keeper.listings.get(listing.id).state is State.REACHED
    assert keeper.orders.sold(listing.id) == 12
    database.close()
