"""The blind test below the comparison: pairs of the same noise, with and without a taste."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from studio.domain import SwapTest, Visitor
from studio.services.studio import Studio
from studio.services.swapping import LiveShare, Pair, SwapDesk
from studio.ui.handlers import sent, shows_studio_errors
from studio.ui.scripts import scripted
from studio.ui.store_card import store_names
from studio.ui.tile_board import image_url, progress_view
from studio.ui.visiting import visited
from studio.ui.words import EXAMPLES, Words

WATCH_EVERY_S = 0.5

View = dict[str, Any]


@dataclass(frozen=True)
class Swapping:
    """The test that a tab looks at; None for none yet."""

    test_id: int | None = None


Watching = tuple[Swapping, View, gr.Timer]


def build_swap_panel(studio: Studio, words: Words, tab: gr.Tab) -> None:
    """Lay out the panel inside the current Blocks, then wire its events."""
    on = SwapHandlers(studio, words)
    swapping = gr.State(Swapping())
    board = scripted("swap_board", on.form({}), words, "tile", "progress")
    timer = gr.Timer(WATCH_EVERY_S, active=False)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    watching = [swapping, board, timer]
    tab.select(visited(on.refresh), swapping, watching, **quiet)
    board.begin(visited(on.begin), None, watching, **quiet)
    board.vote(visited(on.vote), swapping, watching, **quiet)
    board.resume(visited(on.resume), None, watching, **quiet)
    board.cancel(visited(on.cancel), swapping, None, **quiet)
    timer.tick(visited(on.refresh), swapping, watching, concurrency_limit=None, **quiet)


class SwapHandlers:
    """What the panel's events do."""

    def __init__(self, studio: Studio, words: Words) -> None:
        self._studio = studio
        self._desk = SwapDesk(studio)
        self.words = words

    def of(self, visitor: Visitor) -> "SwapHandlers":
        """The same for another visitor."""
        return SwapHandlers(self._studio.of(visitor), self.words)

    @shows_studio_errors
    def begin(self, event: gr.EventData) -> Watching:
        """Draw the pairs."""
        asked = sent(event)
        test = self._desk.begin(
            asked.text("prompt"),
            asked.whole("store_id"),
            asked.whole_or_none("against_id"),
            asked.whole("count"),
        )
        return self._watch(Swapping(test.id))

    @shows_studio_errors
    def vote(self, swapping: Swapping, event: gr.EventData) -> Watching:
        """Take a vote."""
        asked = sent(event)
        self._desk.vote(asked.whole("test_id"), asked.whole("place"), asked.text("vote"))
        return self._watch(swapping)

    @shows_studio_errors
    def resume(self, event: gr.EventData) -> Watching:
        """A page that was loaded again goes on with its test."""
        return self._watch(Swapping(sent(event).whole("test_id")))

    @shows_studio_errors
    def refresh(self, swapping: Swapping) -> Watching:
        """Look how far the rounds are; the stores may have changed, too."""
        return self._watch(swapping)

    @shows_studio_errors
    def cancel(self, swapping: Swapping) -> None:
        """Stop both rounds."""
        if swapping.test_id is not None:
            for status in self._desk.statuses(self._desk.get(swapping.test_id)):
                self._studio.cancel(status.job.id)

    def form(self, more: View) -> View:
        """What can be chosen, and more."""
        return {
            "choices": store_names(self._studio.stores.all()),
            "example": EXAMPLES[self.words["language"]][0],
            "is_personal": self._studio.is_personal,
            **more,
        }

    def _watch(self, swapping: Swapping) -> Watching:
        if swapping.test_id is None:
            return swapping, self.form({}), gr.Timer(active=False)
        test = self._desk.get(swapping.test_id)
        view = self._test_view(test)
        return swapping, self.form(view), gr.Timer(active=view["progress"] is not None)

    def _test_view(self, test: SwapTest) -> View:
        desk, words = self._desk, self.words
        statuses = desk.statuses(test)
        unfinished = [each for each in statuses if not each.job.state.is_final]
        failed = [each for each in statuses if each.job.state.is_final and each.group is None]
        names = {each.id: each.name for each in self._studio.stores.all()}
        is_over = desk.is_over(test)
        told = ""
        if is_over:
            share = desk.share(test.store_id, against_none=test.against_id is None)
            told = share_sentence(share, names.get(test.store_id, ""), test.against_id, words)
        return {
            "test_id": test.id,
            "progress": progress_view(unfinished[0], words) if unfinished else None,
            "note": failed[0].job.message or words[str(failed[0].job.state)] if failed else "",
            "pairs": [] if unfinished else [_pair_view(each, test) for each in desk.pairs(test)],
            "is_over": is_over,
            "told": told,
        }


def share_sentence(share: LiveShare, name: str, against_id: int | None, words: Words) -> str:
    """How often the store's own designs won, with the interval and what it means."""
    if share.value is None:
        return words["swap_all_same"]
    told = words["swap_share" if against_id is None else "swap_share_others"].format(
        name=name,
        share=f"{share.value:.0%}",
        votes=share.votes,
        low=f"{share.low:.0%}",
        high=f"{share.high:.0%}",
    )
    verdict = "swap_works" if share.low > 0.5 else "swap_luck" if share.high > 0.5 else "swap_fails"
    return f"{told} {words[verdict]}"


def _pair_view(pair: Pair, test: SwapTest) -> View:
    """A pair; which is which is no part of it before all are voted on."""
    return {
        "place": pair.place,
        "left": image_url(pair.left.image),
        "right": image_url(pair.right.image),
        "is_same": pair.is_same,
        "vote": test.votes.get(pair.place),
    }
