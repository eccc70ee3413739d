"""The receipt's panel: what of a design makes its score, and where a person says otherwise.

Its script sends `say`; the board's sends `why`. A receipt takes some seconds, so the panel opens
first and fills afterwards; what is refused is told in the panel, since the page's own messages lie
below a dialog.
"""

from typing import Any

import gradio as gr
from gradio.events import Dependency

from studio.domain import CandidateGroup, StudioError, Visitor
from studio.services.receipts import Receipt
from studio.services.studio import Studio
from studio.ui.handlers import sent, shows_studio_errors
from studio.ui.receipt_view import CLOSED, Named, problem_view, receipt_view, working_view
from studio.ui.scripts import scripted
from studio.ui.session import Session
from studio.ui.visiting import visited
from studio.ui.words import Words
from studio.values import Sent

View = dict[str, Any]


class ReceiptHandlers:
    """One method for each event."""

    def __init__(self, studio: Studio, words: Words) -> None:
        self._studio = studio
        self.words = words

    def of(self, visitor: Visitor) -> "ReceiptHandlers":
        """The same for another visitor."""
        return ReceiptHandlers(self._studio.of(visitor), self.words)

    @shows_studio_errors
    def begin(self, event: gr.EventData) -> View:
        """Open the panel for a design."""
        asked = sent(event)
        return working_view(asked.whole("group_id"), asked.whole("candidate_id"), self.words)

    @shows_studio_errors
    def fill(self, session: Session, begun: object) -> View:
        """Make the receipt out that the panel was opened for."""
        asked = Sent(begun)
        group_id, candidate_id = asked.whole("group_id"), asked.whole("candidate_id")
        try:
            group = self._studio.group(group_id)
            receipt = self._studio.receipts.receipt(group, candidate_id, session.store_id)
        except StudioError as error:
            return problem_view(group_id, candidate_id, self.words.error(error), self.words)
        named = self._named(receipt, session.store_id)
        return receipt_view(group, candidate_id, receipt, named, self.words)

    @shows_studio_errors
    def say(self, session: Session, shown: object, event: gr.EventData) -> View:
        """Take in that the store likes or avoids what a line is about."""
        asked, before = sent(event), shown if isinstance(shown, dict) else CLOSED
        group = self._studio.group(asked.whole("group_id"))
        try:
            told = self._said(session.store_id, group, asked)
        except StudioError as error:
            return {**before, "told": self.words.error(error)}
        return {**before, "told": told}

    def _said(self, store_id: int | None, group: CandidateGroup, asked: Sent) -> str:
        if store_id is None:
            return self.words["scores_general"]
        tastes = self._studio.tastes
        tastes.say(
            store_id,
            asked.text("family"),
            asked.text("value"),
            is_liked=asked.truth("is_liked"),
            seen_in=group,
        )
        tastes.settle(store_id)
        return self.words["receipt_said"]

    def _named(self, receipt: Receipt, store_id: int | None) -> Named:
        studio, known = self._studio, self._studio.known
        values = {
            (part.family, value)
            for part in receipt.parts
            if not part.is_measure
            for value in (part.value, *part.instead)
        }
        return Named(
            store="" if store_id is None else studio.stores.get(store_id).name,
            families=studio.family_labels(self.words["language"]),
            phrases={
                (family, value): known.phrases({family: value})[family] for family, value in values
            },
        )


def build_receipt_panel(
    studio: Studio, words: Words, board: gr.HTML, session: gr.State
) -> Dependency:
    """Lay out the panel inside the current Blocks, then wire its events.

    Args:
        studio: what a person can do.
        words: for the screen.
        board: whose full screen opens the panel.
        session: whose store the scores are for.

    Returns:
        What was said, after which the store's taste is another.
    """
    on = ReceiptHandlers(studio, words)
    panel = scripted("receipt_panel", CLOSED, words)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    board.why(visited(on.begin), None, panel, concurrency_limit=None, **quiet).success(
        visited(on.fill), [session, panel], panel, **quiet
    )
    said: Dependency = panel.say(visited(on.say), [session, panel], panel, **quiet)
    return said
