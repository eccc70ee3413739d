"""The Compare tab: the same phrases and seeds for two stores, side by side."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import gradio as gr

from studio.domain import ComparisonError, Store, Visitor
from studio.services.comparison import request_comparison, score_matrix
from studio.services.studio import Studio
from studio.ui.compare_view import compare_view
from studio.ui.handlers import sent, shows_studio_errors
from studio.ui.scripts import scripted
from studio.ui.seed import parse_seed
from studio.ui.session import Session
from studio.ui.store_card import store_names
from studio.ui.visiting import visited
from studio.ui.words import EXAMPLES, Words

WATCH_EVERY_S = 0.5

View = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What to put into the form."""

    prompt: str
    seed: str
    store_id: int | None


@dataclass(frozen=True)
class Compared:
    """What a tab compares.

    Attributes:
        store_ids: of the two stores.
        job_ids: of their rounds; a single one where both get the same designs.
        wanted: what the form was filled with from another tab.
    """

    store_ids: tuple[int, ...] = ()
    job_ids: tuple[int, ...] = ()
    wanted: Wanted | None = None


Watching = tuple[Compared, View, gr.Timer]


@dataclass(frozen=True)
class CompareTab:
    """What other tabs' events change and need."""

    compared: gr.State
    board: gr.HTML
    handlers: "CompareHandlers"


def build_compare_tab(studio: Studio, words: Words, tab: gr.Tab) -> CompareTab:
    """Lay out the tab inside the current Blocks, then wire its events."""
    on = CompareHandlers(studio, words)
    compared = gr.State(Compared())
    board = scripted("compare_board", on.form({}), words, "ground", "tile", "progress")
    timer = gr.Timer(WATCH_EVERY_S, active=False)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    watching = [compared, board, timer]
    tab.select(visited(on.refresh), compared, board, **quiet)
    board.compare(visited(on.compare), None, watching, **quiet)
    board.resume(visited(on.resume), None, watching, **quiet)
    board.cancel(visited(on.cancel), compared, None, **quiet)
    timer.tick(visited(on.tick), compared, watching, concurrency_limit=None, **quiet)
    return CompareTab(compared, board, on)


class CompareHandlers:
    """What the tab's events do."""

    def __init__(self, studio: Studio, words: Words) -> None:
        self._studio = studio
        self.words = words

    def of(self, visitor: Visitor) -> "CompareHandlers":
        """The same for another visitor."""
        return CompareHandlers(self._studio.of(visitor), self.words)

    @shows_studio_errors
    def compare(self, event: gr.EventData) -> Watching:
        """Draw for both stores."""
        asked = sent(event)
        store_ids = two_stores(asked.wholes("store_ids"))
        seed = parse_seed(asked.text("seed"))
        jobs = request_comparison(
            self._studio, asked.text("prompt"), asked.whole("count"), store_ids, seed
        )
        return self._watch(Compared(store_ids, tuple(job.id for job in jobs)))

    @shows_studio_errors
    def resume(self, event: gr.EventData) -> Watching:
        """A page that was loaded again goes on looking at its comparison."""
        asked = sent(event)
        store_ids = two_stores(asked.wholes("store_ids"))
        return self._watch(Compared(store_ids, asked.wholes("job_ids")[:2]))

    @shows_studio_errors
    def take_round(
        self, compared: Compared, session: Session, event: gr.EventData
    ) -> tuple[Compared, View]:
        """Put a round's phrases and seed into the form, to compare them."""
        generation = self._studio.group(sent(event).whole("group_id")).request.generation
        wanted = Wanted(generation.prompt, str(generation.seed), session.store_id)
        compared = replace(compared, wanted=wanted)
        return compared, self._view(compared)

    @shows_studio_errors
    def refresh(self, compared: Compared) -> View:
        """The stores may have changed."""
        return self._view(compared)

    @shows_studio_errors
    def tick(self, compared: Compared) -> Watching:
        """Look how far the rounds are."""
        return self._watch(compared)

    @shows_studio_errors
    def cancel(self, compared: Compared) -> None:
        """Stop both rounds."""
        for job_id in compared.job_ids:
            self._studio.cancel(job_id)

    def form(self, more: View) -> View:
        """What can be chosen, and more."""
        return {
            "choices": store_names(self._studio.stores.all()),
            "example": EXAMPLES[self.words["language"]][0],
            "can_score": self._studio.scores.can_score,
            **more,
        }

    def _watch(self, compared: Compared) -> Watching:
        view = self._view(compared)
        return compared, view, gr.Timer(active=bool(view.get("progress")))

    def _view(self, compared: Compared) -> View:
        wanted = {"wanted": None if compared.wanted is None else asdict(compared.wanted)}
        if not compared.job_ids:
            return self.form(wanted)
        studio = self._studio
        statuses = [studio.status(job_id) for job_id in compared.job_ids]
        stores: list[Store] = [studio.stores.get(store_id) for store_id in compared.store_ids]
        groups = [status.group for status in statuses if status.group is not None]
        all_there = len(groups) == len(statuses)
        matrix = score_matrix(studio.scores, groups, compared.store_ids) if all_there else None
        return self.form({**wanted, **compare_view(statuses, stores, matrix, self.words)})


def two_stores(store_ids: Sequence[int]) -> tuple[int, int]:
    """The two that are compared.

    Raises:
        ComparisonError: these are not two.
    """
    if len(store_ids) != 2:
        raise ComparisonError("Choose two different stores to compare.")
    return store_ids[0], store_ids[1]
