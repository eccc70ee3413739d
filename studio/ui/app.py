"""The page: the header, the tabs, and how Gradio is to serve them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import gradio as gr
from gradio.events import Dependency
from gradio.routes import App
from starlette.middleware import Middleware

from studio.domain import NOBODY
from studio.doors.gate import Gate
from studio.doors.middleware import lifespan_of
from studio.doors.policy import LARGEST_BODY, DoorPolicy, Login
from studio.selling.selling import Selling
from studio.services.in_service import InService
from studio.services.studio import Studio
from studio.services.teaching import Trainings
from studio.ui.api import add_endpoints
from studio.ui.collection_routes import collection_routes
from studio.ui.collections_tab import build_collections_tab
from studio.ui.compare_tab import CompareTab, build_compare_tab
from studio.ui.design_tab import DesignTab, build_design_tab
from studio.ui.header import HeaderHandlers, build_header
from studio.ui.history_tab import build_history_tab
from studio.ui.login import login_routes
from studio.ui.people_tab import build_people_tab
from studio.ui.routes import STYLE_SHEET, studio_routes
from studio.ui.sell_tab import SellTab, build_sell_tab
from studio.ui.selling_api import add_selling_endpoints
from studio.ui.sessions import forgetful
from studio.ui.stores_tab import StoresTab, build_stores_tab
from studio.ui.swap_panel import build_swap_panel
from studio.ui.teach_tab import build_teach_tab
from studio.ui.teaching_api import add_teaching_endpoints
from studio.ui.theme import studio_theme
from studio.ui.visiting import visited
from studio.ui.words import CHINESE, ENGLISH, Words

THIS_MACHINE = DoorPolicy()
"""Doors of a studio that only its own machine can ask."""

Teaching = tuple[Trainings, InService]
"""What the Teach tab needs; without it there is no such tab."""


def build_app(
    studio: Studio,
    teaching: Teaching | None = None,
    is_kept: bool = True,
    policy: DoorPolicy = THIS_MACHINE,
) -> gr.Blocks:
    """The whole page, ready to `launch(**launch_options(studio))`; in Chinese under `/zh`.

    Args:
        studio: what a person can do.
        teaching: for the Teach tab.
        is_kept: whether what is saved outlives a restart; if not, the page says so.
        policy: how people say who they are.
    """
    page: gr.Blocks
    studio = studio.of(NOBODY)  # what the page is built with goes to everybody
    with gr.Blocks(title=ENGLISH["title"], analytics_enabled=False, fill_width=True) as page:
        add_endpoints(studio)  # first, so that no event of the page takes their names
        add_selling_endpoints(Selling(studio))
        if teaching is not None:
            add_teaching_endpoints(studio, *teaching)
        _say_if_not_kept(is_kept, Words(ENGLISH, {}))
        _build_page(studio, Words(ENGLISH, {}), page, teaching, policy.login)
        if policy.login == "huggingface":
            gr.LoginButton(visible=False)  # with one on the page, Gradio serves the sign-in
    with page.route("中文", "/zh", show_in_navbar=False):
        _say_if_not_kept(is_kept, Words(CHINESE, {}))
        _build_page(
            studio, Words(CHINESE, studio.phrase_labels("zh")), page, teaching, policy.login
        )
    return page


def launch_options(studio: Studio, policy: DoorPolicy = THIS_MACHINE) -> dict[str, Any]:
    """What `launch` needs for the look, for our own files, and for who may come in.

    What Gradio would take from its own variables is said here, where it opens ways past the doors:
    tunnels, workers at ports of their own, other programs' protocols, folders to serve files from.
    """
    gate = Middleware(Gate, policy=policy, accounts=studio.accounts)
    routes = [
        *login_routes(studio.accounts, policy),
        *collection_routes(studio),
        *studio_routes(studio),
    ]
    return {
        "theme": studio_theme(),
        "head": f'<link rel="stylesheet" href="{STYLE_SHEET}">',
        "footer_links": [],
        "app_kwargs": {
            "routes": routes,
            "middleware": [gate],
            "lifespan": partial(_lifespan, policy),
        },
        "ssr_mode": False,
        "max_file_size": LARGEST_BODY,
        "share": False,
        "num_workers": 0,
        "mcp_server": False,
        "run_history": False,
        "enable_monitoring": False,
        "blocked_paths": ["/"],
        "show_error": False,
    }


@asynccontextmanager
async def _lifespan(policy: DoorPolicy, app: App) -> AsyncIterator[None]:
    """What is to be in place before the server listens."""
    async with lifespan_of(policy)(app), forgetful(app):
        yield


def _say_if_not_kept(is_kept: bool, words: Words) -> None:
    if not is_kept:
        gr.HTML(f'<p class="told" role="note">{words["not_kept"]}</p>', elem_id="not-kept")


def _build_page(
    studio: Studio, words: Words, page: gr.Blocks, teaching: Teaching | None, login: Login
) -> None:
    header, heading = build_header(studio, words, page, login)
    with gr.Tabs(elem_id="pages", overflow_behavior="wrap") as tabs:
        with gr.Tab(words["design"], id="design", elem_id="page-design") as design_tab:
            design = build_design_tab(studio, words, page)
        with gr.Tab(words["compare"], id="compare", elem_id="page-compare") as compare_tab:
            compare = build_compare_tab(studio, words, compare_tab)
            build_swap_panel(studio, words, compare_tab)
        with gr.Tab(words["history"], id="history", elem_id="page-history") as history_tab:
            rounds = build_history_tab(studio, words, history_tab)
        with gr.Tab(
            words["collections"], id="collections", elem_id="page-collections"
        ) as collections_tab:
            book = build_collections_tab(
                studio, words, collections_tab, design.board, design.collected
            )
        with gr.Tab(words["stores"], id="stores", elem_id="page-stores") as stores_tab:
            stores = build_stores_tab(studio, words, page, stores_tab, design.answered)
        with gr.Tab(words["sell"], id="sell", elem_id="page-sell") as sell_tab:
            sell = build_sell_tab(Selling(studio), words, sell_tab)
        if teaching is not None:
            with gr.Tab(words["teach"], id="teach", elem_id="page-teach") as teach_tab:
                switched = build_teach_tab(studio, *teaching, words, teach_tab)
            _wire_switch(header, heading, design, switched)
        if login == "password":
            with gr.Tab(words["people"], id="people"):
                build_people_tab(studio, words, page)
    _wire_tabs(design, rounds, book, stores, tabs, design_tab)
    _wire_compare(design, compare, tabs)
    _wire_sell(design, sell, tabs)


def _wire_tabs(
    design: DesignTab,
    rounds: gr.HTML,
    book: gr.HTML,
    stores: StoresTab,
    tabs: gr.Tabs,
    design_tab: gr.Tab,
) -> None:
    """Events of one tab that change another."""
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    on, session, card = design.handlers, design.session, design.store_card

    def to_design() -> gr.Tabs:
        return gr.Tabs(selected="design")

    def to_stores() -> gr.Tabs:
        return gr.Tabs(selected="stores")

    design_tab.select(visited(on.show_store), session, card, **quiet).then(
        visited(on.read_again), [session, design.phrases], design.phrases, **quiet
    )
    card.edit(to_stores, None, tabs, **quiet)
    for each in stores.changed:
        each.then(visited(on.show_again), session, [card, design.board], **quiet)
    used = stores.book.use(
        visited(on.choose_store), session, [session, card, design.board], **quiet
    )
    used.then(visited(on.read_again), [session, design.phrases], design.phrases, **quiet).success(
        to_design, None, tabs, **quiet
    )
    for place in (rounds, book):
        place.open(visited(on.open), design.stands, design.opened, **quiet).success(
            to_design, None, tabs, **quiet
        )


def _wire_switch(
    header: gr.HTML, heading: HeaderHandlers, design: DesignTab, switched: Dependency
) -> None:
    """After a switch of checkpoint: its name, its scores, and what it can't do for a store yet."""
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    on = design.handlers
    switched.then(visited(heading.show), None, header, **quiet).then(
        visited(on.show_again), design.session, [design.store_card, design.board], **quiet
    )


def _wire_compare(design: DesignTab, compare: CompareTab, tabs: gr.Tabs) -> None:
    """From a round to its comparison, and from a comparison to its rounds."""
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

    def to_compare() -> gr.Tabs:
        return gr.Tabs(selected="compare")

    def to_design() -> gr.Tabs:
        return gr.Tabs(selected="design")

    design.board.compare(
        visited(compare.handlers.take_round),
        [compare.compared, design.session],
        [compare.compared, compare.board],
        **quiet,
    ).then(to_compare, None, tabs, **quiet)
    compare.board.open(
        visited(design.handlers.open), design.stands, design.opened, **quiet
    ).success(to_design, None, tabs, **quiet)


def _wire_sell(design: DesignTab, sell: SellTab, tabs: gr.Tabs) -> None:
    """From ticked designs to their listings."""
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

    def to_sell() -> gr.Tabs:
        return gr.Tabs(selected="sell")

    design.board.sell(
        visited(sell.handlers.list_designs), None, [sell.on_sale, sell.board, sell.timer], **quiet
    ).success(to_sell, None, tabs, **quiet)
