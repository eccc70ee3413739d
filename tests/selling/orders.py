"""Orders and listings for the tests that need no designs; nothing heavy is imported here."""

from datetime import UTC, datetime, timedelta

from studio.selling.keeper import Keeper
from studio.selling.lifecycle import lots_of
from studio.selling.money import Money
from studio.selling.records import (
    Listed,
    Listing,
    Order,
    OrderLine,
    Scope,
    Terms,
    Trigger,
    Variant,
)

START = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
SHOP = "shop.example"


class Clock:
    """A clock that goes on only when a test says so."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time

    def pass_days(self, days: float) -> None:
        self.time += timedelta(days=days)


def an_order(  # noqa: PLR0913  each test says what is special about its order
    listing: Listing,
    number: str,
    pieces: int = 1,
    *,
    variant: int = 0,
    placed: datetime = START + timedelta(hours=1),
    as_of: datetime | None = None,
    is_firm: bool = True,
    currency: str = "EUR",
    source: str = SHOP,
    cancelled: int = 0,
) -> Order:
    """An order of one line."""
    sku = listing.variants[variant].sku
    return Order(
        source=source,
        external_id=number,
        name=f"#{number}",
        placed_at=placed,
        as_of=placed if as_of is None else as_of,
        is_firm=is_firm,
        is_paid=is_firm,
        is_fulfilled=False,
        lines=(a_line(sku, pieces, currency, cancelled),),
    )


def a_line(sku: str, pieces: int, currency: str = "EUR", cancelled: int = 0) -> OrderLine:
    return OrderLine(
        key=sku,
        sku=sku,
        ordered=pieces,
        cancelled=cancelled,
        returned=None,
        price=Money(4990, currency),
    )


def bare_listing(keeper: Keeper, scope: str, ending: str = "") -> Listing:
    """An open listing of two sizes and two colours, of a design that nobody has drawn."""
    terms = Terms(
        title="Dress",
        description="",
        brand="Shop",
        price=Money(4990, "EUR"),
        unit_cost=Money(1800, "EUR"),
        minimum=10,
        scope=Scope(scope),
        cap=None,
        opens=START,
        closes=START + timedelta(days=14),
        time_zone="UTC",
        lead_days=(3, 7, 20),
        trigger=Trigger.THRESHOLD,
        composition=(),
        sizes=("S", "M"),
        colours=("navy", "red"),
        tolerance=5,
        incoterm=("FOB", "Ningbo"),
    )
    listed = Listed(store_id=None, candidate_id=1, number="PF-000001-1", image="", design="")
    listing_id = keeper.listings.add(listed, terms, False, START)
    lots = lots_of(terms)
    keeper.listings.replace_lots(listing_id, lots)
    keeper.listings.replace_variants(
        listing_id,
        [
            Variant(id=0, size=size, colour=colour, sku=f"{colour}-{size}{ending}")
            for colour in terms.colours
            for size in terms.sizes
        ],
    )
    listing = keeper.listings.get(listing_id)
    keeper.tell(listing, "", "drafted", {"lots": list(lots)}, "test")
    for lot in listing.lots:
        keeper.move(listing, lot, "opened", {}, "test")
    return keeper.listings.get(listing_id)
