"""The header: the name of the place, the checkpoint in service, the language, light or dark."""

from typing import Any

import gradio as gr

from studio.services.studio import Studio
from studio.ui.scripts import scripted
from studio.ui.words import Words


def build_header(studio: Studio, words: Words, page: gr.Blocks) -> gr.HTML:
    """Lay out the header inside the current Blocks; a reload tells what is in service then."""
    header = scripted("header", header_view(studio), words)
    page.load(
        lambda: header_view(studio),
        None,
        header,
        show_progress="hidden",
        api_visibility="private",
    )
    return header


def header_view(studio: Studio) -> dict[str, Any]:
    """What the script shows."""
    return {"model": studio.checkpoint}
