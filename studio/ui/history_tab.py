"""The History tab: every round, to find, star, open and delete."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import gradio as gr

from studio.domain import CandidateGroup, Store, Visitor
from studio.services.export import ExportFormat
from studio.services.history import PAGE
from studio.services.studio import Studio
from studio.ui.handlers import sent, shows_studio_errors
from studio.ui.scripts import scripted
from studio.ui.store_card import store_names
from studio.ui.tile_board import thumbnail_url
from studio.ui.visiting import visited
from studio.ui.words import Words
from studio.values import Sent

View = dict[str, Any]

_FORMATS = {
    ExportFormat.ROUNDS: "export_as_rounds",
    ExportFormat.PICKAPIC: "export_as_pickapic",
    ExportFormat.TRL: "export_as_trl",
}


def build_history_tab(studio: Studio, words: Words, tab: gr.Tab) -> gr.HTML:
    """Lay out the tab inside the current Blocks; returns its component, for other tabs' events."""
    rounds = scripted("round_list", rounds_view((), (), words), words)
    on = HistoryHandlers(studio, words)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    tab.select(visited(on.show), None, rounds, **quiet)
    rounds.find(visited(on.find), None, rounds, trigger_mode="always_last", **quiet)
    for event, handler in (
        (rounds.star, on.star),
        (rounds.delete, on.delete),
        (rounds.undelete, on.undelete),
    ):
        asked = event(visited(handler), None, None, trigger_mode="multiple", **quiet)
        asked.failure(visited(on.show), None, rounds, **quiet)  # what the page shows is so
    return rounds


class HistoryHandlers:
    """What the tab's events do."""

    def __init__(self, studio: Studio, words: Words) -> None:
        self._studio = studio
        self.words = words

    def of(self, visitor: Visitor) -> "HistoryHandlers":
        """The same for another visitor."""
        return HistoryHandlers(self._studio.of(visitor), self.words)

    @shows_studio_errors
    def show(self) -> View:
        """The newest rounds; a script that has filters set asks for what these want."""
        rounds, stores = self._studio.history.find(), self._studio.stores.all()
        return {**rounds_view(rounds, stores, self.words), "is_fresh": True}

    @shows_studio_errors
    def find(self, event: gr.EventData) -> View:
        """The rounds that the filters want; `before_id` goes on with older ones."""
        asked = sent(event)
        store_id, before_id = asked.whole_or_none("store_id"), asked.whole_or_none("before_id")
        rounds = self._studio.history.find(
            asked.text("search"),
            store_id,
            asked.truth("favourites"),
            before_id,
            zone_of(asked),
            asked.truth("deleted"),
        )
        return rounds_view(
            rounds,
            self._studio.stores.all(),
            self.words,
            store_id=store_id,
            is_continued=before_id is not None,
        )

    @shows_studio_errors
    def star(self, event: gr.EventData) -> None:
        """A star was set or taken away."""
        asked = sent(event)
        self._studio.history.star(asked.whole("group_id"), asked.truth("favourite"))

    @shows_studio_errors
    def delete(self, event: gr.EventData) -> None:
        """Delete a round, for now."""
        self._studio.history.delete(sent(event).whole("group_id"))

    @shows_studio_errors
    def undelete(self, event: gr.EventData) -> None:
        """Take that back."""
        self._studio.history.undelete(sent(event).whole("group_id"))


def zone_of(asked: Sent) -> tzinfo | None:
    """The time zone that a page says it is in; None where it says none that is known."""
    try:
        return ZoneInfo(asked.text("zone")) if "zone" in asked else None
    except (ValueError, OSError, KeyError):
        return None


def rounds_view(
    rounds: Sequence[CandidateGroup],
    stores: Sequence[Store],
    words: Words,
    store_id: int | None = None,
    is_continued: bool = False,
) -> View:
    """A page of the history.

    Args:
        rounds: newest first.
        stores: to filter by.
        words: for the screen.
        store_id: the store that was filtered by.
        is_continued: whether the page goes below what is shown already.
    """
    names = {store.id: store.name for store in stores}
    return {
        "rounds": [_round_view(group, names, words) for group in rounds],
        "has_more": len(rounds) == PAGE,
        "is_continued": is_continued,
        "stores": store_names(stores),
        "filter": {"store_id": store_id},
        "formats": [[str(kind), words[_FORMATS[kind]]] for kind in ExportFormat],
    }


def _round_view(group: CandidateGroup, names: Mapping[int, str], words: Words) -> View:
    picked = group.selected_ids
    if picked is None:
        answer = words["unanswered"]
    else:
        answer = words["answered" if picked else "answered_none"].format(count=len(picked))
    return {
        "id": group.id,
        "phrases": words.prompt(group.prompt),
        "store": names.get(group.request.store_id or 0, ""),
        "made_at": group.made_at.isoformat(),
        "answer": answer,
        "favourite": group.is_favourite,
        "deleted": group.is_deleted,
        "thumbs": [
            {"image": thumbnail_url(each.image), "ticked": each.id in (picked or ())}
            for each in group.candidates
        ],
    }
