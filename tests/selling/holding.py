"""What always holds of a listing, its orders and its production orders."""

from studio.selling.keeper import Keeper, firm_of
from studio.selling.lifecycle import replay
from studio.selling.records import ProductionState, State


def check_listing(keeper: Keeper, listing_id: int) -> None:
    """What always holds of a listing."""
    listing = keeper.listings.get(listing_id)
    events = keeper.listings.events(listing_id)
    assert replay(events).states == {lot.colour: lot.state for lot in listing.lots}
    orders = keeper.production.of_listing(listing_id)
    assert len({each.batch for each in orders}) == len(orders)
    for lot in listing.lots:
        firm = firm_of(listing.variants_of(lot), keeper.orders.units(listing_id))
        own = [each for each in orders if each.colour == lot.colour]
        drafts = [each for each in own if each.state is ProductionState.DRAFT]
        assert len(drafts) <= 1
        if lot.state is State.OPEN:
            assert firm < listing.terms.minimum
            assert not drafts
        if lot.state is State.REACHED:
            assert firm >= listing.terms.minimum or lot.topped_up
            assert len(drafts) == 1
    wanted = {each.line_id: each.pieces for each in keeper.orders.wanted(listing_id)}
    given: dict[int, int] = {}
    taken: dict[int, int] = {}
    for (line, order), pieces in keeper.production.allocations(listing_id).items():
        given[line] = given.get(line, 0) + pieces
        taken[order] = taken.get(order, 0) + pieces
    assert all(pieces <= wanted.get(line, 0) for line, pieces in given.items())
    assert all(taken.get(each.id, 0) <= sum(each.received.values()) for each in orders)
