"""The Design tab: a store and phrases to designs, and the answer to them."""

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from studio.domain import SeedError
from studio.services.studio import MOST_CANDIDATES, Studio
from studio.ui.handlers import shows_studio_errors
from studio.ui.phrase_field import UNTOUCHED, phrase_view, prompt_of
from studio.ui.scripts import scripted
from studio.ui.session import Session
from studio.ui.store_card import card_view
from studio.ui.tile_board import empty_view, group_view, status_view
from studio.ui.words import EXAMPLES, Words

WATCH_EVERY_S = 0.4

View = dict[str, Any]
Watching = tuple[Session, View, gr.Timer]


@dataclass(frozen=True)
class DesignTab:
    """The components that other tabs' events change."""

    session: gr.State
    store_card: gr.HTML
    board: gr.HTML
    timer: gr.Timer
    handlers: "DesignHandlers"


def build_design_tab(studio: Studio, words: Words, page: gr.Blocks) -> DesignTab:
    """Lay out the tab inside the current Blocks, then wire its events."""
    on = DesignHandlers(studio, words)
    session = gr.State(Session())
    with gr.Row(elem_classes="design"):
        with gr.Column(elem_classes="side", min_width=0):
            card = scripted("store_card", card_view(studio.stores, None, words), words)
            reading = studio.read_prompt("")
            phrases = scripted("phrase_field", phrase_view("", reading, UNTOUCHED, words), words)
            generate = gr.Button(on.generate_label(studio.default_candidates), variant="primary")
            with gr.Accordion(words["options"], open=False, elem_classes="options"):
                count = gr.Slider(
                    1, MOST_CANDIDATES, studio.default_candidates, step=1, label=words["count"]
                )
                seed = gr.Textbox(
                    label=words["seed"], info=words["seed_info"], max_lines=1, max_length=12
                )
        with gr.Column(elem_classes="main", min_width=0):
            board = scripted("tile_board", empty_view(EXAMPLES[words["language"]]), words)
    timer = gr.Timer(WATCH_EVERY_S, active=False)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    watching = [session, board, timer]
    page.load(on.load, None, [phrases, card, *watching], **quiet)
    card.choose(on.choose_store, session, [session, card], **quiet)
    phrases.read(on.read, None, phrases, concurrency_limit=None, **quiet)
    phrases.restore(on.restore, session, [phrases, card, session, count, seed], **quiet)
    phrases.afresh(on.start_afresh, session, session, **quiet)
    count.change(on.generate_label, count, generate, **quiet)
    gr.on(
        [generate.click, phrases.submit],
        on.generate,
        [session, phrases, count, seed],
        watching,
        **quiet,
    )
    board.example(on.example, [session, count], [phrases, *watching], **quiet)
    timer.tick(on.tick, session, watching, concurrency_limit=None, **quiet)
    board.cancel(on.cancel, session, None, **quiet)
    board.save(on.save, session, [board, card], **quiet)
    board.more(on.more, [session, count], watching, **quiet)
    board.refine(on.refine, session, [phrases, session], **quiet)
    board.open(on.open, session, watching, **quiet)
    return DesignTab(session, card, board, timer, on)


class DesignHandlers:
    """What the tab's events do: ask the studio, turn its answer into component values."""

    def __init__(self, studio: Studio, words: Words) -> None:
        self._studio = studio
        self.words = words

    @shows_studio_errors
    def load(self) -> tuple[View, View, Session, View, gr.Timer]:
        """A fresh page shows what was asked for last, wherever that was."""
        job = self._studio.latest_job()
        if job is None:
            return self._read("", UNTOUCHED), self._card(None), *self._watch(Session())
        session = Session(job_id=job.id, store_id=job.request.store_id)
        prompt = job.request.generation.prompt
        return self._read(prompt, UNTOUCHED), self._card(session.store_id), *self._watch(session)

    @shows_studio_errors
    def read(self, event: gr.EventData) -> View:
        """The phrases changed."""
        return self._read(str(event.prompt), int(event.revision))

    @shows_studio_errors
    def choose_store(self, session: Session, event: gr.EventData) -> tuple[Session, View]:
        """The next rounds are for this store, or for nobody in particular."""
        store_id = None if event.store_id is None else self._studio.stores.get(event.store_id).id
        return replace(session, store_id=store_id), self._card(store_id)

    @shows_studio_errors
    def show_store(self, session: Session) -> View:
        """The card again, after stores may have changed."""
        return self._card(session.store_id)

    @shows_studio_errors
    def generate(
        self, session: Session, typed: object, candidates: float, typed_seed: str | None
    ) -> Watching:
        """Ask for a round."""
        job = self._studio.request_round(
            prompt_of(typed),
            int(candidates),
            parse_seed(typed_seed),
            session.refined_id,
            session.store_id,
            session.start,
        )
        return self._watch(replace(session, job_id=job.id, start=None))

    @shows_studio_errors
    def restore(
        self, session: Session, event: gr.EventData
    ) -> tuple[View, View, Session, float, str]:
        """Take the inputs of a dropped PNG's round into the fields."""
        restored = self._studio.restore(str(event.recipe))
        for notice in restored.notices:
            gr.Warning(notice, duration=8)
        gr.Info(self.words["restored"], duration=6)
        session = replace(
            session, refined_id=None, store_id=restored.store_id, start=restored.start
        )
        return (
            self._read(restored.prompt, None),
            self._card(restored.store_id),
            session,
            float(restored.num_candidates),
            str(restored.seed),
        )

    @shows_studio_errors
    def example(
        self, session: Session, candidates: float, event: gr.EventData
    ) -> tuple[View, Session, View, gr.Timer]:
        """Ask for a round of an example's phrases."""
        prompt = str(event.prompt)
        job = self._studio.request_round(prompt, int(candidates), store_id=session.store_id)
        return self._read(prompt, None), *self._watch(replace(session, job_id=job.id))

    @shows_studio_errors
    def tick(self, session: Session) -> Watching:
        """Look how far the round is."""
        return self._watch(session)

    @shows_studio_errors
    def cancel(self, session: Session) -> None:
        """Stop the round on the screen."""
        if session.job_id:
            self._studio.cancel(session.job_id)

    @shows_studio_errors
    def save(self, session: Session, event: gr.EventData) -> tuple[View, View]:
        """Keep the answer to a round."""
        group_id, ids = int(event.group_id), candidate_ids(event)
        group = self._studio.select(group_id, ids)
        gr.Info(self.saved_sentence(len(ids), len(group.candidates)), duration=4)
        return self._group(group_id), self._card(session.store_id)

    @shows_studio_errors
    def more(self, session: Session, candidates: float, event: gr.EventData) -> Watching:
        """Keep the ticks, and ask for more like them."""
        group_id, ids = int(event.group_id), candidate_ids(event)
        job = self._studio.request_variations(group_id, ids, int(candidates))
        total = len(self._studio.group(group_id).candidates)
        gr.Info(self.words["more_saved"].format(count=len(ids), total=total), duration=4)
        return self._watch(replace(session, job_id=job.id))

    @shows_studio_errors
    def refine(self, session: Session, event: gr.EventData) -> tuple[View, Session]:
        """Take a round's phrases back into the field; the next round goes on from it."""
        group = self._studio.group(int(event.group_id))
        prompt = group.request.generation.prompt
        reading = self._studio.read_prompt(prompt)
        view = phrase_view(prompt, reading, None, self.words, refined_id=group.id)
        return view, replace(session, refined_id=group.id)

    @shows_studio_errors
    def start_afresh(self, session: Session) -> Session:
        """The next round goes on from none."""
        return replace(session, refined_id=None, start=None)

    @shows_studio_errors
    def open(self, session: Session, event: gr.EventData) -> Watching:
        """Show an earlier round; nothing is deleted."""
        view = self._group(int(event.group_id))
        return replace(session, job_id=None), view, gr.Timer(active=False)

    def generate_label(self, count: float) -> str:
        """What the button says that it will do."""
        return self.words["generate"].format(count=int(count))

    def saved_sentence(self, count: int, total: int) -> str:
        """What to say after an answer was kept."""
        words = self.words
        return words["saved"].format(count=count, total=total) if count else words["saved_none"]

    def _watch(self, session: Session) -> Watching:
        if session.job_id is None:
            return session, empty_view(EXAMPLES[self.words["language"]]), gr.Timer(active=False)
        status = self._studio.status(session.job_id)
        if status.group is not None:
            return session, self._group(status.group.id), gr.Timer(active=False)
        parent_id = status.job.request.parent_id
        before = self._studio.lineage(parent_id) if parent_id is not None else ()
        active = not status.job.state.is_final
        return session, status_view(status, before, self.words), gr.Timer(active=active)

    def _group(self, group_id: int) -> View:
        return group_view(self._studio.lineage(group_id), self.words)

    def _card(self, store_id: int | None) -> View:
        return card_view(self._studio.stores, store_id, self.words)

    def _read(self, prompt: str, revision: int | None) -> View:
        return phrase_view(prompt, self._studio.read_prompt(prompt), revision, self.words)


def candidate_ids(event: gr.EventData) -> frozenset[int]:
    """The ids that a board sends; whether the round holds them is checked where it is kept."""
    return frozenset(int(each) for each in event.candidate_ids)


def parse_seed(text: str | None) -> int | None:
    """The seed that was typed; None when none was (an untouched field sends None).

    Raises:
        SeedError: it is no whole number.
    """
    if not text or not text.strip():
        return None
    if not text.strip().isdecimal():
        raise SeedError("The seed must be a whole number, or empty for a new one each time.")
    return int(text)
