"""The page: the header, the tabs, and how Gradio is to serve them."""

from typing import Any

import gradio as gr

from studio.services.studio import Studio
from studio.ui.api import add_endpoints
from studio.ui.design_tab import build_design_tab
from studio.ui.routes import STYLE_SHEET, studio_routes
from studio.ui.theme import studio_theme
from studio.ui.words import WORDS


def build_app(studio: Studio) -> gr.Blocks:
    """The whole page, ready to `launch(**launch_options(studio))`."""
    page: gr.Blocks
    with gr.Blocks(title=WORDS["title"], analytics_enabled=False, fill_width=True) as page:
        add_endpoints(studio)  # first, so that no event of the page takes their names
        gr.HTML(
            html_template=f'<p class="brand">{WORDS["title"]}</p>',
            apply_default_css=False,
            elem_id="brand",
        )
        gr.HTML(
            html_template="",
            js_on_load="element.textContent = props.name;",
            apply_default_css=False,
            elem_id="model",
            name=studio.checkpoint,
        )
        with gr.Tabs(elem_id="pages"), gr.Tab(WORDS["design"]):
            build_design_tab(studio, page)
    return page


def launch_options(studio: Studio) -> dict[str, Any]:
    """What `launch` needs for the look and for our own files."""
    return {
        "theme": studio_theme(),
        "head": f'<link rel="stylesheet" href="{STYLE_SHEET}">',
        "footer_links": [],
        "app_kwargs": {"routes": studio_routes(studio)},
        "ssr_mode": False,
    }
