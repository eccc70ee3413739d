"""The Sell tab: the demand board, one listing with all that can be done about it, and imports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import gradio as gr

from studio.domain import Visitor
from studio.selling.board import Progress, Row
from studio.selling.errors import ListingError
from studio.selling.forecast import ENOUGH, back_test
from studio.selling.instants import from_local
from studio.selling.lifecycle import SELLING
from studio.selling.listing_desk import spec_of, usual_composition
from studio.selling.money import Money
from studio.selling.records import Listing, State
from studio.selling.selling import Selling
from studio.selling.threshold import Plan, compare
from studio.ui.handlers import sent, shows_studio_errors
from studio.ui.launch_page import build_launch_page
from studio.ui.poll_page import build_poll_page
from studio.ui.rating_page import build_rating_page
from studio.ui.scripts import scripted
from studio.ui.sell_view import (
    alike_told,
    batch_view,
    comparison_view,
    decision_view,
    event_view,
    form_view,
    plot_view,
    production_view,
    row_view,
    sizes_view,
    terms_view,
)
from studio.ui.visiting import visited
from studio.ui.words import Words
from studio.values import Sent

WATCH_EVERY_S = 1.0
NEWEST_EVENTS = 60
MOST_AT_ONCE = 12
LOOKED_BACK_AT = 0.25
"""The part of its time at which each earlier listing is foretold, to show how true that is."""

View = dict[str, Any]


@dataclass(frozen=True)
class OnSale:
    """What a visitor's tab looks at: a listing, or the board."""

    listing_id: int | None = None


Watching = tuple[OnSale, View, gr.Timer]


@dataclass(frozen=True)
class SellTab:
    """What other tabs' events change and need."""

    on_sale: gr.State
    board: gr.HTML
    timer: gr.Timer
    handlers: "SellHandlers"


def build_sell_tab(selling: Selling, words: Words, tab: gr.Tab) -> SellTab:
    """Lay out the tab inside the current Blocks, then wire its events."""
    on = SellHandlers(selling, words)
    on_sale = gr.State(OnSale())
    timer = gr.Timer(WATCH_EVERY_S, active=False)
    with gr.Tabs(elem_id="sell-pages", overflow_behavior="wrap"):
        with gr.Tab(words["sell_board"], id="sell-board", elem_id="sell-page-board"):
            nothing: View = {"rows": [], "batches": [], "listing": None}
            board = scripted("sell_board", nothing, words, "ground", "sell_plot", "sell_import")
        with gr.Tab(words["polls"], id="polls", elem_id="sell-page-polls") as polls_tab:
            build_poll_page(selling, words, polls_tab)
        with gr.Tab(words["launch"], id="launch", elem_id="sell-page-launch") as launch_tab:
            build_launch_page(selling, words, launch_tab)
        with gr.Tab(words["ratings"], id="ratings", elem_id="sell-page-ratings") as ratings_tab:
            build_rating_page(selling, words, ratings_tab)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    watching = [on_sale, board, timer]
    tab.select(visited(on.refresh), on_sale, watching, **quiet)
    timer.tick(visited(on.refresh), on_sale, watching, **quiet)
    for event, handler in (
        (board.look, on.look),
        (board.back, on.back),
        (board.revise, on.change),
        (board.offer, on.offer),
        (board.shoppers, on.shoppers),
        (board.produce, on.produce),
        (board.decide, on.decide),
        (board.what_if, on.what_if),
    ):
        event(visited(handler), on_sale, watching, **quiet)
    return SellTab(on_sale, board, timer, on)


class SellHandlers:
    """What the tab's events do."""

    def __init__(self, selling: Selling, words: Words) -> None:
        self._selling = selling
        self.words = words

    def of(self, visitor: Visitor) -> "SellHandlers":
        """The same for another visitor."""
        return SellHandlers(self._selling.of(visitor), self.words)

    @shows_studio_errors
    def refresh(self, on_sale: OnSale) -> Watching:
        """How everything stands; simulated shoppers come in meanwhile."""
        return self._show(on_sale)

    @shows_studio_errors
    def list_designs(self, event: gr.EventData) -> Watching:
        """Make a listing of each ticked design, and look at the first."""
        ids = sent(event).wholes("candidate_ids")[:MOST_AT_ONCE]
        if not ids:
            raise ListingError(self.words["sell_tick_first"])
        language = self.words["language"]
        made = [self._selling.listings.draft(each, language=language) for each in ids]
        return self._show(OnSale(made[0].id if len(made) == 1 else None))

    @shows_studio_errors
    def look(self, on_sale: OnSale, event: gr.EventData) -> Watching:
        """Look at a listing."""
        return self._show(OnSale(sent(event).whole("listing_id")))

    @shows_studio_errors
    def back(self, on_sale: OnSale) -> Watching:
        """Back to the board."""
        return self._show(OnSale())

    @shows_studio_errors
    def change(self, on_sale: OnSale, event: gr.EventData) -> Watching:
        """Keep what was typed into a draft."""
        self._selling.listings.change(_listing_id(on_sale), _form(sent(event)))
        return self._show(on_sale)

    @shows_studio_errors
    def offer(self, on_sale: OnSale, event: gr.EventData) -> Watching:
        """Keep what was typed, and open the listing."""
        listing_id = _listing_id(on_sale)
        self._selling.listings.change(listing_id, _form(sent(event)))
        self._selling.listings.open(listing_id)
        return self._show(on_sale)

    @shows_studio_errors
    def shoppers(self, on_sale: OnSale) -> Watching:
        """Offer the same to simulated shoppers, and watch."""
        copied = self._selling.listings.copy_for_shoppers(_listing_id(on_sale))
        return self._show(OnSale(copied.id))

    @shows_studio_errors
    def produce(self, on_sale: OnSale, event: gr.EventData) -> Watching:
        """Send, confirm or receive a production order."""
        asked = sent(event)
        order_id, step = asked.whole("order_id"), asked.text("step")
        production = self._selling.production
        pieces = Sent(asked.record("pieces")) if "pieces" in asked else Sent({})
        _, order = production.get(order_id)
        steps: dict[str, Callable[[], object]] = {
            "send": lambda: self._selling.send(order_id),
            "confirm": lambda: production.confirm(order_id),
            "receive": lambda: production.receive(
                order_id,
                {each: pieces.whole(str(each)) for each in order.quantities if str(each) in pieces},
            ),
            "accept": lambda: production.accept_short(order_id),
        }
        _one_of(steps, step)()
        return self._show(on_sale)

    @shows_studio_errors
    def decide(self, on_sale: OnSale, event: gr.EventData) -> Watching:
        """Decide what becomes of a lot."""
        asked, listing_id = sent(event), _listing_id(on_sale)
        colour, deciding = asked.text("colour"), self._selling.deciding
        listing = self._selling.keeper.listings.get(listing_id)
        ways: dict[str, Callable[[], object]] = {
            "extend": lambda: deciding.extend(
                listing_id, colour, from_local(asked.text("closes"), listing.terms.time_zone)
            ),
            "colours": lambda: deciding.keep_colours(
                listing_id, asked.texts("kept"), asked.whole("minimum", 1, 1_000_000)
            ),
            "top_up": lambda: deciding.top_up(listing_id, colour),
            "refund": lambda: deciding.refund(listing_id, colour),
            "refunded": lambda: deciding.refunded(listing_id, colour),
            "cancel": lambda: deciding.cancel(listing_id),
            "settle": lambda: self._selling.production.settle(listing_id, colour),
        }
        _one_of(ways, asked.text("choice"))()
        return self._show(on_sale)

    @shows_studio_errors
    def what_if(self, on_sale: OnSale, event: gr.EventData) -> Watching:
        """Selling first beside making first."""
        asked, listing = sent(event), self._selling.keeper.listings.get(_listing_id(on_sale))
        currency = listing.terms.price.currency
        plan = Plan(
            minimum=asked.whole("minimum", 1, 1_000_000),
            price=Money.parse(asked.text("price", 40), currency).minor,
            unit_cost=Money.parse(asked.text("unit_cost", 40), currency).minor,
            salvage=asked.number("salvage", 0, 100) / 100,
            lead_days=listing.terms.lead_days[1],
            stocked=asked.whole("stocked", 0, 1_000_000),
        )
        days = (listing.terms.closes - listing.terms.opens) / timedelta(days=1)
        found = compare(plan, self._selling.board.habits(listing), days)
        shown, view, timer = self._show(on_sale)
        view["listing"]["what_if"] = comparison_view(found, currency, self.words)
        return shown, view, timer

    def _show(self, on_sale: OnSale) -> Watching:
        shoppers = self._bring_shoppers(on_sale)
        self._selling.sweep()
        view: View = {
            "rows": [],
            "batches": [batch_view(each, self.words) for each in self._batches()],
            "listing": None,
        }
        if on_sale.listing_id is None:
            view["rows"] = [row_view(each, self.words) for each in self._selling.board.rows()]
        else:
            view["listing"] = self._listing_view(self._selling.board.row(on_sale.listing_id))
        return on_sale, view, gr.Timer(active=shoppers)

    def _batches(self) -> tuple[Any, ...]:
        return self._selling.keeper.orders.batches(5)

    def _bring_shoppers(self, on_sale: OnSale) -> bool:
        """Let simulated shoppers in to what is looked at; whether they are still coming."""
        if not self._selling.may_write:
            return False
        keeper = self._selling.keeper
        some = (
            keeper.listings.all()
            if on_sale.listing_id is None
            else (keeper.listings.get(on_sale.listing_id),)
        )
        coming = [each for each in some if each.is_simulated and each.state in SELLING]
        for each in coming[:MOST_AT_ONCE]:
            self._selling.shoppers.advance(each.id)
        return any(not keeper.is_closed(each) for each in coming)

    def _listing_view(self, row: Row) -> View:
        listing, words, board = row.listing, self.words, self._selling.board
        orders = [self._selling.production.get(each.id)[1] for each in row.production]
        is_open = len(row.lots) == 1 and listing.state is State.OPEN
        found = board.forecast(listing, listing.lots[0]) if is_open else None
        is_draft = listing.state is State.DRAFT
        hint = usual_composition(spec_of(listing.listed.design))
        terms = listing.terms
        events = self._selling.keeper.listings.events(listing.id, NEWEST_EVENTS)
        return {
            **row_view(row, words),
            "is_draft": is_draft,
            "form": form_view(listing, hint, words) if is_draft else [],
            "terms": [] if is_draft else terms_view(listing, words),
            "description": terms.description,
            "sizes": sizes_view(row),
            "plot": None
            if is_draft
            else plot_view(listing, board.come(listing), board.time_of(listing), found, words),
            "habits": " ".join(
                filter(None, (self._habits_told(listing), self._votes_told(listing)))
            ),
            "alike": [alike_told(each, words) for each in self._selling.alike(listing)[:3]]
            if is_draft or not listing.is_simulated
            else [],
            "production": [
                production_view(
                    listing,
                    each,
                    self._selling.production.delivery(each.id) if each.sent_at else None,
                    words,
                )
                for each in orders
            ],
            "decisions": [
                self._decision_view(listing, each)
                for each in row.lots
                if each.lot.state in (State.EXPIRED, State.REFUNDING, State.DELIVERED)
            ],
            "can_cancel": all(
                each.lot.state in (State.DRAFT, State.OPEN, State.REACHED, State.EXPIRED)
                for each in row.lots
            ),
            "events": [event_view(each, listing, words) for each in reversed(events)],
            "plan": {
                "minimum": terms.minimum,
                "price": str(terms.price),
                "unit_cost": str(terms.unit_cost),
                "stocked": terms.minimum * 2,
            },
            "what_if": None,
        }

    def _decision_view(self, listing: Listing, progress: Progress) -> View:
        deciding = self._selling.deciding
        cost = deciding.top_up_of(listing, progress.lot)
        due = len(deciding.to_refund(listing, progress.lot))
        return decision_view(listing, progress, cost, due, self.words)

    def _votes_told(self, listing: Listing) -> str:
        votes = self._selling.board.votes()
        count, rate = votes.of(listing), votes.rate(listing)
        if not count:
            return ""
        low, middle, high = (f"{each:.0f}" for each in rate.pieces(count))
        return self.words.told(
            "sell_votes" if rate.listings else "sell_votes_default",
            {
                "count": count,
                "listings": rate.listings,
                "low": low,
                "pieces": middle,
                "high": high,
            },
        )

    def _habits_told(self, listing: Listing) -> str:
        past = self._selling.board.past(listing)
        if len(past) < ENOUGH:
            return self.words["sell_habits_default"].format(count=len(past))
        error, base = back_test(past, LOOKED_BACK_AT)
        told = self.words["sell_habits_own"]
        return told.format(count=len(past), error=f"{error:.2f}", base=f"{base:.2f}")


def _listing_id(on_sale: OnSale) -> int:
    if on_sale.listing_id is None:
        raise ListingError("Open a listing first.")
    return on_sale.listing_id


def _form(asked: Sent) -> dict[str, str]:
    form = Sent(asked.record("form"))
    return {name: form.text(name, 6_000) for name in asked.record("form")}


def _one_of(ways: dict[str, Callable[[], object]], name: str) -> Callable[[], object]:
    if name not in ways:
        raise ListingError(f"There is no such step: {name[:40]!r}. Reload the page.")
    return ways[name]
