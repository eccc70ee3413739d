"""Experts' ratings (Table 6), as a page of the Sell tab: panels, a sheet to rate, the result."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from studio.domain import Visitor
from studio.selling.agreement import ASPECTS, Agreement, Line
from studio.selling.errors import PanelError
from studio.selling.rating_desk import Sheet
from studio.selling.records import Listing
from studio.selling.selling import Selling
from studio.selling.storage.ratings import Panel
from studio.ui.handlers import sent, shows_studio_errors
from studio.ui.scripts import scripted
from studio.ui.visiting import visited
from studio.ui.words import Words
from studio.values import Sent

View = dict[str, Any]
MOST_LISTED = 60
_NOTHING: View = {"panels": [], "designs": [], "sheet": None, "result": None}


def build_rating_page(selling: Selling, words: Words, tab: gr.Tab) -> None:
    """Lay out the page inside the current tab, then wire its events."""
    on = RatingHandlers(selling, words)
    page = scripted("rating_page", _NOTHING, words, "ground", "sell_charts")
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    tab.select(visited(on.show), None, page, **quiet)
    for event, handler in (
        (page.back, on.show),
        (page.begin, on.begin),
        (page.rate_as, on.rate_as),
        (page.score, on.score),
        (page.result, on.result),
    ):
        event(visited(handler), None, page, **quiet)


class RatingHandlers:
    """What the page's events do."""

    def __init__(self, selling: Selling, words: Words) -> None:
        self._selling = selling
        self.words = words

    def of(self, visitor: Visitor) -> "RatingHandlers":
        """The same for another visitor."""
        return RatingHandlers(self._selling.of(visitor), self.words)

    @shows_studio_errors
    def show(self) -> View:
        """The panels, and the designs that a new one can hold."""
        panels = self._selling.ratings.panels()
        return {**_NOTHING, **panels_view(panels, self._selling.keeper.listings.all(), self.words)}

    @shows_studio_errors
    def begin(self, event: gr.EventData) -> View:
        """Make a panel."""
        asked = sent(event)
        name, ai, human = asked.text("name", 200), asked.texts("ai"), asked.texts("human")
        self._selling.ratings.begin(name, ai, human)
        return self.show()

    @shows_studio_errors
    def rate_as(self, event: gr.EventData) -> View:
        """The first picture that a rater has not rated yet; the panels once all are."""
        asked = sent(event)
        return self._sheet(asked.whole("panel_id"), asked.text("rater", 200))

    @shows_studio_errors
    def score(self, event: gr.EventData) -> View:
        """Keep the scores of a picture, and go on to the next."""
        asked = sent(event)
        panel_id, rater = asked.whole("panel_id"), asked.text("rater", 200)
        scores = Sent(asked.record("scores"))
        given = {aspect: scores.whole(aspect, 0, 2) for aspect in ASPECTS}
        self._selling.ratings.rate(panel_id, rater, asked.whole("item"), given)
        return self._sheet(panel_id, rater)

    @shows_studio_errors
    def result(self, event: gr.EventData) -> View:
        """What came of a panel."""
        panel = self._panel(sent(event).whole("panel_id"))
        lines = self._selling.ratings.result(panel.id)
        return {**_NOTHING, "result": result_view(panel, lines, self.words)}

    def _sheet(self, panel_id: int, rater: str) -> View:
        sheet = self._selling.ratings.sheet(panel_id, rater)
        view = sheet_view(self._panel(panel_id), rater, sheet, self.words)
        return self.show() if view is None else {**_NOTHING, "sheet": view}

    def _panel(self, panel_id: int) -> Panel:
        found = [each for each in self._selling.ratings.panels() if each.id == panel_id]
        if not found:
            raise PanelError("That panel is no longer there. Reload the page.")
        return found[0]


def panels_view(panels: Sequence[Panel], listings: Sequence[Listing], words: Words) -> View:
    """The list of panels, and the listed designs with a picture each."""
    shown = {each.listed.image: each for each in reversed(listings) if not each.is_simulated}
    return {
        "panels": [
            {
                "id": each.id,
                "name": each.name,
                "told": words.told(
                    "rating_panel",
                    {
                        "pictures": each.pictures,
                        "raters": each.raters,
                        "day": each.made_at.date().isoformat(),
                    },
                ),
            }
            for each in panels
        ],
        "designs": [
            {"image": image, "number": each.listed.number, "title": each.terms.title}
            for image, each in list(shown.items())[-MOST_LISTED:]
        ],
    }


def sheet_view(panel: Panel, rater: str, sheet: Sheet, words: Words) -> View | None:
    """The first picture that is not rated whole; None once all are."""
    open_ = [each for each in sheet.items if len(each[2]) < len(ASPECTS)]
    if not open_:
        return None
    item, image, scores = open_[0]
    done = len(sheet.items) - len(open_)
    return {
        "panel_id": panel.id,
        "rater": rater,
        "item": item,
        "image": image,
        "scores": dict(scores),
        "title": panel.name,
        "told": words["rating_progress"].format(done=done + 1, all=len(sheet.items), rater=rater),
        "aspects": [{"key": each, "label": _aspect(each, words)} for each in ASPECTS],
    }


def result_view(panel: Panel, lines: Sequence[Line], words: Words) -> View:
    """Table 6 with its chart."""
    return {
        "title": panel.name,
        "told": words.told("rating_told", {"pictures": panel.pictures, "raters": panel.raters}),
        "lines": [
            {"name": _aspect(each.aspect, words), "ai": each.ai, "human": each.human}
            for each in lines
        ],
        "head": [
            words["rating_aspect"],
            words["rating_ai"],
            words["rating_human"],
            words["rating_alpha"],
        ],
        "rows": [
            [
                _aspect(each.aspect, words),
                _score(each.ai),
                _score(each.human),
                agreement_told(each.agreement, words),
            ]
            for each in lines
        ],
    }


def agreement_told(agreement: Agreement, words: Words) -> str:
    """How raters agree, with its interval; or why nobody can tell."""
    if agreement.alpha is None or agreement.low is None or agreement.high is None:
        return words[f"rating_{agreement.reason.replace(' ', '_')}"]
    return f"{agreement.alpha:.2f} ({agreement.low:.2f}–{agreement.high:.2f})"


def _aspect(aspect: str, words: Words) -> str:
    return words[f"rating_aspect_{aspect.replace(' ', '_')}"]


def _score(score: float | None) -> str:
    return "–" if score is None else f"{score:.2f}"
