"""Named endpoints of selling: listings, orders and production for other programs."""

import dataclasses
from typing import Any

from gradio.events import api

from studio.domain import Visitor
from studio.selling.board import row_record
from studio.selling.errors import OrderError
from studio.selling.instants import from_local
from studio.selling.money import Money
from studio.selling.order_files import STATUSES
from studio.selling.production_pack import order_number
from studio.selling.records import Order, OrderLine, ProductionOrder
from studio.selling.selling import Selling
from studio.selling.tables import MOST_PIECES
from studio.selling.terms_form import as_typed
from studio.selling.vote_book import poll_record
from studio.ui.api_values import endpoint
from studio.ui.visiting import visited
from studio.ui.words import ENGLISH, Words
from studio.values import Sent, moment

Record = dict[str, Any]


def add_selling_endpoints(selling: Selling) -> None:
    """Add the endpoints to the current Blocks; their docstrings are the API page."""
    endpoints = SellingEndpoints(selling)
    api(visited(endpoints.listings), api_name="listings", concurrency_limit=None)
    api(visited(endpoints.listing), api_name="listing", concurrency_limit=None)
    api(visited(endpoints.list_design), api_name="list_design")
    api(visited(endpoints.change_listing), api_name="change_listing")
    api(visited(endpoints.set_gtins), api_name="set_gtins")
    api(visited(endpoints.open_listing), api_name="open_listing")
    api(visited(endpoints.try_listing), api_name="try_listing")
    api(visited(endpoints.place_order), api_name="place_order")
    api(visited(endpoints.decide), api_name="decide")
    api(visited(endpoints.send_production), api_name="send_production")
    api(visited(endpoints.receive_production), api_name="receive_production")
    api(visited(endpoints.vote), api_name="vote")
    api(visited(endpoints.polls), api_name="polls", concurrency_limit=None)
    api(visited(endpoints.panels), api_name="panels", concurrency_limit=None)
    api(visited(endpoints.after_launch), api_name="after_launch", concurrency_limit=None)
    api(visited(endpoints.begin_panel), api_name="begin_panel")
    api(visited(endpoints.rating_sheet), api_name="rating_sheet", concurrency_limit=None)
    api(visited(endpoints.rate), api_name="rate")
    api(visited(endpoints.panel_result), api_name="panel_result", concurrency_limit=None)


class SellingEndpoints:
    """The verbs of selling with plain values in and out."""

    def __init__(self, selling: Selling) -> None:
        self._selling = selling
        self.words = Words(ENGLISH, {})

    def of(self, visitor: Visitor) -> "SellingEndpoints":
        """The same for another visitor."""
        return SellingEndpoints(self._selling.of(visitor))

    @endpoint
    def listings(self) -> list[Record]:
        """How every listing stands: pieces, chance to reach the minimum, what is to be decided."""
        self._selling.sweep()
        return [row_record(each) for each in self._selling.board.rows()]

    @endpoint
    def listing(self, listing_id: int) -> Record:
        """One listing: its terms as typed, its articles, production orders and events.

        Simulated shoppers of it come in when it is asked for.
        """
        return self._record(listing_id)

    @endpoint
    def list_design(self, candidate_id: int) -> Record:
        """Make a listing of a design, as a draft with usual terms."""
        return self._record(self._selling.listings.draft(candidate_id).id)

    @endpoint
    def change_listing(self, listing_id: int, terms: dict[str, Any]) -> Record:
        """Change a draft's terms, each a text as `/listing` gives them; those left out stay."""
        sent = Sent(terms)
        typed = {name: sent.text(name, 6_000) for name in terms}
        return self._record(self._selling.listings.change(listing_id, typed).id)

    @endpoint
    def set_gtins(self, listing_id: int, gtins: dict[str, Any]) -> Record:
        """Give a draft's articles GTINs that the brand owns: an object of SKU and GTIN."""
        sent = Sent(gtins)
        given = {sku: sent.text(sku, 20) for sku in gtins}
        return self._record(self._selling.listings.set_gtins(listing_id, given).id)

    @endpoint
    def open_listing(self, listing_id: int) -> Record:
        """Open a draft for orders; it has to say what it is made of."""
        return self._record(self._selling.listings.open(listing_id).id)

    @endpoint
    def try_listing(self, listing_id: int) -> Record:
        """Offer the same to simulated shoppers. Returns that listing; ask `/listing` to watch."""
        return self._record(self._selling.listings.copy_for_shoppers(listing_id).id)

    @endpoint
    def place_order(
        self,
        source: str,
        order_id: str,
        placed_at: str,
        lines: list[dict[str, Any]],
        updated_at: str = "",
        status: str = "open",
    ) -> list[Record]:
        """Take an order of a shop, whole or not at all; taking it again changes nothing.

        Each line has sku, quantity, price (a text such as "49.90") and currency; cancelled,
        returned and line (what tells it from others) can be left out. A status is "open", "paid",
        "fulfilled" or "cancelled". What is older by updated_at than what is known changes nothing.
        Returns the listings as `/listings` does.
        """
        if status not in STATUSES:
            raise OrderError(f"status should be {', '.join(STATUSES)}.")
        placed = moment("placed_at", placed_at)
        order = Order(
            source=source,
            external_id=order_id,
            name=order_id,
            placed_at=placed,
            as_of=moment("updated_at", updated_at) if updated_at else placed,
            is_firm=status != "cancelled",
            is_paid=status in ("paid", "fulfilled"),
            is_fulfilled=status == "fulfilled",
            lines=tuple(_line(each) for each in lines),
        )
        self._selling.orders.place(order)
        return self.listings()

    @endpoint
    def decide(
        self,
        listing_id: int,
        choice: str,
        colour: str = "",
        closes: str = "",
        kept: list[str] | None = None,
        minimum: int = 1,
    ) -> Record:
        """Decide on a listing that missed its minimum, or take it off.

        A choice is "extend" (with closes), "fewer colours" (with the colours that are kept and
        their minimum), "top up", "refund", "refunded", "settle" or "cancel". Where each colour has
        a minimum of its own, colour says which is meant.
        """
        deciding = self._selling.deciding
        if choice == "extend":
            zone = self._selling.keeper.listings.get(listing_id).terms.time_zone
            deciding.extend(listing_id, colour, from_local(closes, zone))
        elif choice == "fewer colours":
            deciding.keep_colours(listing_id, kept or [], minimum)
        elif choice == "settle":
            self._selling.production.settle(listing_id, colour)
        elif choice == "cancel":
            deciding.cancel(listing_id)
        elif choice in ("top up", "refund", "refunded"):
            getattr(deciding, choice.replace(" ", "_"))(listing_id, colour)
        else:
            raise OrderError("There is no such choice; the API page lists them.")
        return self._record(listing_id)

    @endpoint
    def send_production(self, production_order_id: int) -> Record:
        """Send a production order: its quantities stay from now on.

        `GET production/ID.zip` is what the factory gets.
        """
        self._selling.send(production_order_id)
        return self._production_record(self._selling.production.get(production_order_id)[1])

    @endpoint
    def receive_production(self, production_order_id: int, pieces: dict[str, Any]) -> Record:
        """Enter what was delivered: an object of SKU and pieces. Tells who still waits."""
        listing, _ = self._selling.production.get(production_order_id)
        sent = Sent(pieces)
        by_sku = {each.sku: each.id for each in listing.variants}
        unknown = sorted(set(pieces) - set(by_sku))
        if unknown:
            raise OrderError(f"This listing has no article {unknown[0][:40]!r}.")
        came = {by_sku[sku]: sent.whole(sku, 0, MOST_PIECES) for sku in pieces}
        self._selling.production.receive(production_order_id, came)
        return self._production_record(self._selling.production.get(production_order_id)[1])

    @endpoint
    def vote(self, poll: str, candidate_id: int, voter: str) -> bool:
        """Count a vote of a poll; once for each voter and design. It is never an order.

        `POST polls?ids=1,2&title=TEXT` makes a poll. Returns whether the vote was new.
        """
        return self._selling.polls.vote(poll, candidate_id, voter)

    @endpoint
    def polls(self) -> list[Record]:
        """Every poll with its votes by design, and what they may come to in pieces.

        A range holds in 95 of 100 cases, by what votes of the design's store have been worth.
        """
        votes = self._selling.board.votes()
        listed = {
            each.listed.candidate_id: each
            for each in self._selling.keeper.listings.all()
            if not each.is_simulated
        }
        return [poll_record(each, listed, votes) for each in self._selling.polls.all()]

    @endpoint
    def panels(self) -> list[Record]:
        """Every panel of experts: its number, its name, pictures and raters."""
        return [
            {**dataclasses.asdict(each), "made_at": each.made_at.isoformat()}
            for each in self._selling.ratings.panels()
        ]

    @endpoint
    def after_launch(self, is_simulated: bool = False) -> Record:
        """How rates of designs made with AI differ from those of the stores' own (Table 7).

        Each is a mean over stores of relative changes, with Student's t interval from six stores
        on. Items are not assigned by lot, so a change is no proof of a cause.
        """
        changes = self._selling.launch.changes(is_simulated)
        return {name: dataclasses.asdict(each) for name, each in changes.items()}

    @endpoint
    def begin_panel(self, name: str, ai: list[str], human: list[str]) -> int:
        """Make a panel that rates pictures blind: SHA-256 of those made with AI, and of others.

        Pictures are those of rounds, and those brought along. Returns the panel's number.
        """
        return self._selling.ratings.begin(name, ai, human)

    @endpoint
    def rating_sheet(self, panel_id: int, rater: str) -> list[Record]:
        """What a rater sees: pictures in an own order, with the rater's own scores so far."""
        sheet = self._selling.ratings.sheet(panel_id, rater)
        return [
            {"item": item, "image": f"images/{image}.png", "scores": dict(scores)}
            for item, image, scores in sheet.items
        ]

    @endpoint
    def rate(self, panel_id: int, rater: str, item: int, scores: dict[str, Any]) -> bool:
        """Keep a rater's scores: "material", "model realism", "craft", ..., each 0, 1 or 2."""
        sent = Sent(scores)
        given = {aspect: sent.whole(aspect, 0, 2) for aspect in scores}
        self._selling.ratings.rate(panel_id, rater, item, given)
        return True

    @endpoint
    def panel_result(self, panel_id: int) -> list[Record]:
        """Table 6: mean scores of either kind, and Krippendorff's alpha with its interval."""
        return [dataclasses.asdict(each) for each in self._selling.ratings.result(panel_id)]

    def _record(self, listing_id: int) -> Record:
        listing = self._selling.keeper.listings.get(listing_id)
        self._selling.sweep()
        if listing.shopping_since is not None and self._selling.may_write:
            listing = self._selling.shoppers.advance(listing_id)
        row = self._selling.board.row(listing_id)
        return {
            **row_record(row),
            "terms": as_typed(listing.terms),
            "articles": [
                {
                    "sku": each.sku,
                    "colour": each.colour,
                    "size": each.size,
                    "gtin": each.gtin,
                    "firm": row.units[each.id].firm if each.id in row.units else 0,
                }
                for each in listing.variants
            ],
            "production_orders": [
                self._production_record(each)
                for each in self._selling.production.of_listing(listing_id)
            ],
            "events": [
                {
                    "at": each.at.isoformat(),
                    "kind": each.kind,
                    "colour": each.colour,
                    "facts": dict(each.facts),
                    "cause": each.cause,
                }
                for each in self._selling.keeper.listings.events(listing_id)
            ],
        }

    def _production_record(self, order: ProductionOrder) -> Record:
        listing = self._selling.keeper.listings.get(order.listing_id)
        skus = {each.id: each.sku for each in listing.variants}
        delivery = self._selling.production.delivery(order.id)
        return {
            "id": order.id,
            "number": order_number(order),
            "state": str(order.state),
            "quantities": {skus[each]: count for each, count in order.quantities.items()},
            "received": {skus[each]: count for each, count in order.received.items()},
            "surplus": {skus[each]: count for each, count in delivery.surplus.items()},
            "needs_decision": delivery.needs_decision and order.sent_at is not None,
            "waiting": [[each.order, each.sku, each.pieces] for each in delivery.waiting],
            "digest": order.digest,
            "zip": f"production/{order.id}.zip",
        }


def _line(record: Record) -> OrderLine:
    sent = Sent(record)
    sku = sent.text("sku", 100)
    ordered = sent.whole("quantity", 0, MOST_PIECES)
    cancelled = sent.whole("cancelled", 0, ordered) if "cancelled" in sent else 0
    return OrderLine(
        key=sent.text("line", 100) if "line" in sent else sku,
        sku=sku,
        ordered=ordered,
        cancelled=cancelled,
        returned=sent.whole("returned", 0, ordered) if "returned" in sent else None,
        price=Money.parse(sent.text("price", 40), sent.text("currency", 10)),
    )
