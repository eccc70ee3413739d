"""The tech pack's panel: what a design measures and is made of, and where a person corrects it.

Its script sends `correct` and `undo`; the board's sends `pack`. What is refused is told in the
panel itself, since the page's own messages lie below a dialog.
"""

from typing import Any

import gradio as gr

from studio.domain import CorrectionError, Visitor
from studio.services.studio import Studio
from studio.techpack.corrections import LONGEST
from studio.ui.handlers import sent, shows_studio_errors
from studio.ui.pack_view import CLOSED, pack_view
from studio.ui.scripts import scripted
from studio.ui.visiting import visited
from studio.ui.words import Words

View = dict[str, Any]

_LONGEST_KEY = 100
_LONGEST_TYPED = 10 * LONGEST


class PackHandlers:
    """One method for each event."""

    def __init__(self, studio: Studio, words: Words) -> None:
        self._studio = studio
        self.words = words

    def of(self, visitor: Visitor) -> "PackHandlers":
        """The same for another visitor."""
        return PackHandlers(self._studio.of(visitor), self.words)

    @shows_studio_errors
    def open(self, event: gr.EventData) -> View:
        """Show the pack of a design."""
        candidate_id = sent(event).whole("candidate_id")
        return pack_view(candidate_id, self._studio.packs.pack(candidate_id), self.words)

    @shows_studio_errors
    def correct(self, event: gr.EventData) -> View:
        """Set a field by hand."""
        asked = sent(event)
        candidate_id, field = asked.whole("candidate_id"), asked.text("field", _LONGEST_KEY)
        typed = asked.text("value", _LONGEST_TYPED)
        packs = self._studio.packs
        try:
            return pack_view(candidate_id, packs.correct(candidate_id, field, typed), self.words)
        except CorrectionError as error:
            problem = {"field": field, "typed": typed, "sentence": self.words.error(error)}
            return pack_view(candidate_id, packs.pack(candidate_id), self.words, problem)

    @shows_studio_errors
    def undo(self, event: gr.EventData) -> View:
        """Take the newest correction of a field back."""
        asked = sent(event)
        candidate_id, field = asked.whole("candidate_id"), asked.text("field", _LONGEST_KEY)
        pack = self._studio.packs.undo(candidate_id, field)
        return pack_view(candidate_id, pack, self.words)


def build_pack_panel(studio: Studio, words: Words, board: gr.HTML) -> gr.HTML:
    """Lay out the panel inside the current Blocks, then wire its events.

    Args:
        studio: what a person can do.
        words: for the screen.
        board: whose full screen opens the panel.
    """
    on = PackHandlers(studio, words)
    panel = scripted("pack_panel", CLOSED, words)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    board.pack(visited(on.open), None, panel, concurrency_limit=None, **quiet)
    panel.correct(visited(on.correct), None, panel, **quiet)
    panel.undo(visited(on.undo), None, panel, **quiet)
    return panel
