"""Polls before listing, as a page of the Sell tab: what to ask about, and what people said."""

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from studio.domain import Visitor
from studio.selling.poll_desk import MOST_DESIGNS
from studio.selling.records import Listing, State
from studio.selling.selling import Selling
from studio.selling.storage.polls import Poll
from studio.selling.vote_book import Votes
from studio.selling.votes import Rate, rate_of
from studio.ui.handlers import shows_studio_errors
from studio.ui.scripts import scripted
from studio.ui.visiting import visited
from studio.ui.words import Words

View = dict[str, Any]
_ASKABLE = (State.DRAFT, State.OPEN)


def build_poll_page(selling: Selling, words: Words, tab: gr.Tab) -> None:
    """Lay out the page inside the current tab, then wire its events."""
    on = PollHandlers(selling, words)
    page = scripted("poll_page", poll_view((), (), Votes(), {}, words), words, *_PARTS)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    tab.select(visited(on.show), None, page, **quiet)
    page.look(visited(on.show), None, page, **quiet)


_PARTS = ("ground", "sell_import", "sell_charts")


class PollHandlers:
    """What the page's events do."""

    def __init__(self, selling: Selling, words: Words) -> None:
        self._selling = selling
        self.words = words

    def of(self, visitor: Visitor) -> "PollHandlers":
        """The same for another visitor."""
        return PollHandlers(self._selling.of(visitor), self.words)

    @shows_studio_errors
    def show(self) -> View:
        """Designs to ask about, polls, and what votes have been worth."""
        listings = self._selling.keeper.listings.all()
        stores = {store.id: store.name for store in self._selling.studio.stores.all()}
        votes = self._selling.board.votes()
        return poll_view(listings, self._selling.polls.all(), votes, stores, self.words)


def poll_view(
    listings: Sequence[Listing],
    polls: Sequence[Poll],
    votes: Votes,
    stores: Mapping[int, str],
    words: Words,
) -> View:
    """The page as its script shows it.

    Args:
        listings: all of them; drafts and open ones can be asked about.
        polls: the newest first.
        votes: with what they were worth.
        stores: id -> name.
        words: of the language.
    """
    real = [each for each in listings if not each.is_simulated]
    askable = {each.listed.candidate_id: each for each in real if each.state in _ASKABLE}
    listed = {each.listed.candidate_id: each for each in real}
    return {
        "designs": [
            {
                "id": candidate_id,
                "image": each.listed.image,
                "number": each.listed.number,
                "title": each.terms.title,
            }
            for candidate_id, each in list(askable.items())[:MOST_DESIGNS]
        ],
        "rates": _rates_told(votes, stores, words),
        "polls": [_poll_view(each, listed, votes, words) for each in polls],
    }


def _poll_view(poll: Poll, listed: Mapping[int, Listing], votes: Votes, words: Words) -> View:
    bars = []
    for candidate_id, count in sorted(poll.votes.items(), key=lambda item: (-item[1], item[0])):
        listing = listed.get(candidate_id)
        rate = rate_of(()) if listing is None else votes.rate(listing)
        bars.append(
            {
                "image": "" if listing is None else listing.listed.image,
                "number": str(candidate_id) if listing is None else listing.listed.number,
                "votes": count,
                "told": words.told(
                    "poll_bar" if count else "poll_bar_none",
                    {"count": count, **_pieces(rate, count)},
                ),
            }
        )
    told = words.told(
        "poll_told",
        {"voters": poll.voters, "key": poll.key, "day": poll.made_at.date().isoformat()},
    )
    return {"title": poll.title, "told": told, "bars": bars}


def _pieces(rate: Rate, votes: int) -> dict[str, str]:
    """Pieces that votes may come to, and their interval, as people read them."""
    ends = zip(("low", "pieces", "high"), rate.pieces(votes), strict=True)
    return {name: f"{end:.0f}" for name, end in ends}


def _rates_told(votes: Votes, stores: Mapping[int, str], words: Words) -> list[str]:
    if not votes.rates:
        rate = rate_of(())
        return [words["poll_rate_default"].format(**_rate(rate))]
    return [
        words.told(
            "poll_rate",
            {
                "store": stores.get(store_id, "–") if store_id is not None else words["nobody"],
                "count": rate.listings,
                **_rate(rate),
            },
        )
        for store_id, rate in votes.rates.items()
    ]


def _rate(rate: Rate) -> dict[str, str]:
    ends = {"rate": rate.pieces_per_vote, "low": rate.low, "high": rate.high}
    return {name: f"{end:.2g}" for name, end in ends.items()}
