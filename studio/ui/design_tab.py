"""The Design tab: a store and phrases to designs, and the answer to them."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from studio.services.studio import Studio
from studio.ui.design_handlers import DesignHandlers
from studio.ui.options_panel import build_options_panel
from studio.ui.pack_panel import build_pack_panel
from studio.ui.phrase_field import UNTOUCHED, phrase_view
from studio.ui.reference import reference_view
from studio.ui.scripts import scripted
from studio.ui.session import Session
from studio.ui.tile_board import empty_view
from studio.ui.visiting import visited
from studio.ui.words import EXAMPLES, Words

WATCH_EVERY_S = 0.4


@dataclass(frozen=True)
class DesignTab:
    """The components that other tabs' events change."""

    session: gr.State
    store_card: gr.HTML
    board: gr.HTML
    timer: gr.Timer
    handlers: DesignHandlers


def build_design_tab(studio: Studio, words: Words, page: gr.Blocks) -> DesignTab:
    """Lay out the tab inside the current Blocks, then wire its events."""
    on = DesignHandlers(studio, words)
    session = gr.State(Session())
    with gr.Row(elem_classes="design"):
        with gr.Column(elem_classes="side", min_width=0):
            card = scripted("store_card", on.card(None), words)
            reading = studio.read_prompt("")
            phrases = scripted("phrase_field", phrase_view("", reading, UNTOUCHED, words), words)
            reference = scripted(
                "reference", reference_view(studio.only_own_pictures, words), words
            )
            generate = gr.Button(on.generate_label(studio.default_candidates), variant="primary")
            options = build_options_panel(studio, words)
        with gr.Column(elem_classes="main", min_width=0):
            board = scripted(
                "tile_board",
                empty_view(EXAMPLES[words["language"]]),
                words,
                "tile",
                "full_screen",
                "progress",
            )
    build_pack_panel(studio, words, board)
    timer = gr.Timer(WATCH_EVERY_S, active=False)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    watching = [session, board, timer]
    page.load(visited(on.load), session, [phrases, card, *watching], **quiet)
    card.choose(visited(on.choose_store), session, [session, card, board], **quiet)
    phrases.read(visited(on.read), None, phrases, concurrency_limit=None, **quiet)
    phrases.keep(visited(on.keep), None, phrases, **quiet)
    phrases.restore(
        visited(on.restore), session, [phrases, card, session, *options.inputs], **quiet
    )
    reference.refer(visited(on.refer), session, [session, reference], **quiet)
    reference.colour(visited(on.add_colour), phrases, phrases, **quiet)
    phrases.afresh(visited(on.start_afresh), session, session, **quiet)
    options.count.change(on.generate_label, options.count, generate, **quiet)
    gr.on(
        [options.count.change, options.times.change],
        visited(on.tell_cost),
        [options.count, options.times],
        options.cost,
        **quiet,
    )
    gr.on(
        [generate.click, phrases.submit],
        visited(on.generate),
        [session, phrases, *options.inputs],
        watching,
        **quiet,
    )
    board.example(visited(on.example), [session, options.count], [phrases, *watching], **quiet)
    timer.tick(visited(on.tick), session, watching, concurrency_limit=None, **quiet)
    board.cancel(visited(on.cancel), session, None, **quiet)
    board.save(visited(on.save), session, [board, card], **quiet)
    board.more(visited(on.more), [session, options.count], watching, **quiet)
    board.redraw(visited(on.redraw), [session, options.count], watching, **quiet)
    board.refine(visited(on.refine), session, [phrases, session], **quiet)
    board.open(visited(on.open), session, [*watching, card], **quiet)
    return DesignTab(session, card, board, timer, on)
