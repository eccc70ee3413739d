"""After launch (Table 7), as a page of the Sell tab: each rate with a point for every store."""

from typing import Any

import gradio as gr

from studio.domain import Visitor
from studio.selling.launch import FEWEST_STORES, RATES, Change
from studio.selling.selling import Selling
from studio.ui.handlers import sent, shows_studio_errors
from studio.ui.scripts import scripted
from studio.ui.visiting import visited
from studio.ui.words import Words

View = dict[str, Any]
_ROOM = 0.05
"""Of an axis, beyond the outermost store."""


def build_launch_page(selling: Selling, words: Words, tab: gr.Tab) -> None:
    """Lay out the page inside the current tab, then wire its events."""
    on = LaunchHandlers(selling, words)
    is_simulated = gr.State(False)
    page = scripted(
        "launch_page", launch_view({}, False, words), words, "sell_import", "sell_charts"
    )
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    shown = [is_simulated, page]
    tab.select(visited(on.show), is_simulated, shown, **quiet)
    page.look(visited(on.look), None, shown, **quiet)
    page.simulate(visited(on.simulate), None, shown, **quiet)


class LaunchHandlers:
    """What the page's events do."""

    def __init__(self, selling: Selling, words: Words) -> None:
        self._selling = selling
        self.words = words

    def of(self, visitor: Visitor) -> "LaunchHandlers":
        """The same for another visitor."""
        return LaunchHandlers(self._selling.of(visitor), self.words)

    @shows_studio_errors
    def show(self, is_simulated: bool) -> tuple[bool, View]:
        """How the rates differ, of real items or of simulated ones."""
        changes = self._selling.launch.changes(is_simulated)
        return is_simulated, launch_view(changes, is_simulated, self.words)

    @shows_studio_errors
    def look(self, event: gr.EventData) -> tuple[bool, View]:
        """Look at the real ones, or at the simulated ones."""
        return self.show(sent(event).truth("is_simulated"))

    @shows_studio_errors
    def simulate(self) -> tuple[bool, View]:
        """Bring the traffic of simulated stores in, to see what the page tells."""
        self._selling.launch.simulate()
        return self.show(True)


def launch_view(changes: dict[str, Change], is_simulated: bool, words: Words) -> View:
    """The page as its script shows it; rates that nothing is known of are left out."""
    known = {name: changes[name] for name in RATES if name in changes and changes[name].by_store}
    return {
        "is_simulated": is_simulated,
        "rates": [_rate_view(name, change, words) for name, change in known.items()],
    }


def _rate_view(name: str, change: Change, words: Words) -> View:
    ends = [*change.by_store.values(), 0.0]
    ends += [end for end in (change.low, change.high) if end is not None]
    room = _ROOM * max(max(ends) - min(ends), 0.1)
    key, stores = name.replace(" ", "_"), len(change.by_store)
    mean = "–" if change.mean is None else percent(change.mean)
    if change.low is None or change.high is None:
        told = words["launch_mean_alone"].format(mean=mean)
        note = words.told("launch_few_stores", {"count": stores, "fewest": FEWEST_STORES})
    else:
        low, high = percent(change.low), percent(change.high)
        told = words["launch_mean"].format(mean=mean, low=low, high=high)
        note = words["launch_stores"].format(count=stores)
    return {
        "name": words[f"launch_{key}"],
        "told": told,
        "note": note,
        "points": [[store, value] for store, value in change.by_store.items()],
        "mean": change.mean,
        "low": change.low,
        "high": change.high,
        "least": min(ends) - room,
        "most": max(ends) + room,
        "label": f"{words[f'launch_{key}']}: {told}",
    }


def percent(share: float) -> str:
    """A relative change as people read it: "+12.5 %"."""
    points = round(100 * share, 1)
    return f"{'−' if points < 0 else '+'}{abs(points):.1f} %"
