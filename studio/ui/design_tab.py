"""The Design tab: a store and phrases to designs, and the answer to them."""

from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.events import Dependency

from studio.services.daring import MIDDLE
from studio.services.studio import Studio
from studio.ui.design_handlers import DesignHandlers
from studio.ui.design_screen import WATCH_EVERY_S, DesignScreen
from studio.ui.options_panel import OptionsPanel, build_options_panel
from studio.ui.pack_panel import build_pack_panel
from studio.ui.phrase_field import UNTOUCHED, phrase_view
from studio.ui.plan import plan_view, shown_plan
from studio.ui.receipt_panel import build_receipt_panel
from studio.ui.reference import reference_view
from studio.ui.scripts import scripted
from studio.ui.session import Session
from studio.ui.tile_board import empty_view
from studio.ui.visiting import visited
from studio.ui.words import EXAMPLES, Words


@dataclass(frozen=True)
class DesignTab:
    """The components that other tabs' events change."""

    session: gr.State
    store_card: gr.HTML
    board: gr.HTML
    timer: gr.Timer
    handlers: DesignHandlers
    phrases: gr.HTML
    options: OptionsPanel
    answered: tuple[Dependency, ...]
    collected: gr.HTML

    @property
    def stands(self) -> list[Any]:
        """What events start from that fill the fields: what stands there can be put back."""
        return [self.session, self.phrases, *self.options.inputs]

    @property
    def opened(self) -> list[Any]:
        """What shows a round that was opened, in the order of `DesignHandlers.open`."""
        shown = [self.session, self.board, self.timer, self.store_card, self.phrases]
        return [*shown, *self.options.inputs]


def build_design_tab(studio: Studio, words: Words, page: gr.Blocks) -> DesignTab:
    """Lay out the tab inside the current Blocks, then wire its events."""
    on = DesignHandlers(studio, words)
    session = gr.State(Session())
    with gr.Row(elem_classes="design"):
        with gr.Column(elem_classes="side", min_width=0):
            screen = DesignScreen(studio, words)
            card = scripted("store_card", screen.card(Session()), words)
            reading = studio.read_prompt("")
            phrases = scripted("phrase_field", phrase_view("", reading, UNTOUCHED, words), words)
            reference = scripted(
                "reference", reference_view(studio.only_own_pictures, words), words
            )
            nothing = plan_view(shown_plan(Session(), 1, "", MIDDLE, 1, False), Session(), words)
            plan = scripted("plan", nothing, words)
            generate = gr.Button(
                on.generate_label(studio.default_candidates),
                variant="primary",
                elem_id="generate",
            )
            options = build_options_panel(studio, words)
        with gr.Column(elem_classes="main", min_width=0):
            board = scripted(
                "tile_board",
                empty_view(EXAMPLES[words["language"]]),
                words,
                "ground",
                "tile",
                "full_screen",
                "progress",
                "collect_menu",
            )
            collected = scripted("collected", {"told": "", "undo": None}, words)
    build_pack_panel(studio, words, board)
    said = build_receipt_panel(studio, words, board, session)
    timer = gr.Timer(WATCH_EVERY_S, active=False)
    places = scripted("places", {}, words)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    watching = [session, board, timer]
    answered = (
        board.save(visited(on.save), session, [session, board, card], **quiet),
        board.unsave(visited(on.unsave), session, [session, board, card], **quiet),
        board.more(visited(on.more), [session, options.count], [*watching, card], **quiet),
    )
    said.then(visited(on.show_again), session, [card, board], **quiet)
    tab = DesignTab(session, card, board, timer, on, phrases, options, answered, collected)
    page.load(visited(on.load), session, [phrases, card, *watching, *options.inputs], **quiet)
    chosen = card.choose(visited(on.choose_store), session, [session, card, board], **quiet)
    chosen.failure(visited(on.show_store), session, card, **quiet)  # the one before stays
    card.mix(visited(on.mix), session, [session, card], **quiet)
    chosen.then(visited(on.read_again), [session, phrases], phrases, **quiet)
    phrases.read(visited(on.read), session, phrases, concurrency_limit=None, **quiet)
    phrases.keep(visited(on.keep), session, phrases, **quiet)
    phrases.restore(
        visited(on.restore), tab.stands, [phrases, card, session, *options.inputs], **quiet
    )
    reference.refer(visited(on.refer), session, [session, reference], **quiet)
    reference.colour(visited(on.add_colour), [session, phrases], phrases, **quiet)
    plan.afresh(visited(on.start_afresh), tab.stands, [phrases, session], **quiet)
    plan.put_back(visited(on.put_back), tab.stands, tab.opened, **quiet)
    plan.unpin(visited(on.unpin), tab.stands, [session, card, *options.inputs[1:]], **quiet)
    gr.on(
        [session.change, *(each.change for each in options.inputs)],
        visited(on.tell_plan),
        [session, *options.inputs],
        plan,
        trigger_mode="always_last",
        **quiet,
    )
    options.count.change(on.generate_label, options.count, generate, **quiet)
    gr.on(
        [
            session.change,
            *(each.change for each in (options.count, options.times, options.explores)),
        ],
        visited(on.tell_cost),
        [session, *options.inputs],
        options.cost,
        **quiet,
    )
    gr.on(
        [generate.click, phrases.submit],
        visited(on.generate),
        tab.stands,
        watching,
        **quiet,
    )
    board.example(visited(on.example), tab.stands, [phrases, *watching], **quiet)
    timer.tick(visited(on.tick), session, watching, concurrency_limit=None, **quiet)
    board.cancel(visited(on.cancel), session, watching, **quiet)
    board.redraw(visited(on.redraw), [session, options.count], watching, **quiet)
    board.refine(visited(on.refine), tab.stands, [phrases, session], **quiet)
    board.open(visited(on.open), tab.stands, tab.opened, **quiet)
    places.go(visited(on.open), tab.stands, tab.opened, **quiet)
    return tab
