"""The header: the name of the place, the checkpoint, who is logged in, language, light or dark."""

from typing import Any

import gradio as gr

from studio.domain import Visitor
from studio.doors.policy import Login
from studio.services.studio import Studio
from studio.ui.scripts import scripted
from studio.ui.visiting import visited
from studio.ui.words import Words


def build_header(
    studio: Studio, words: Words, page: gr.Blocks, login: Login
) -> tuple[gr.HTML, "HeaderHandlers"]:
    """Lay out the header inside the current Blocks; a reload tells what is in service then."""
    on = HeaderHandlers(studio, login)
    header = scripted("header", on.show(), words)
    page.load(visited(on.show), None, header, show_progress="hidden", api_visibility="private")
    return header, on


class HeaderHandlers:
    """What the header's events do."""

    def __init__(self, studio: Studio, login: Login) -> None:
        self._studio = studio
        self._login = login

    def of(self, visitor: Visitor) -> "HeaderHandlers":
        """The same for another visitor."""
        return HeaderHandlers(self._studio.of(visitor), self._login)

    def show(self) -> dict[str, Any]:
        """What the script shows: the way out is a form here, and an address of Gradio's sign-in."""
        ways_out = {"password": "post", "huggingface": "get"}
        return {
            "model": self._studio.checkpoint,
            "name": self._studio.visitor.name,
            "log_out": ways_out.get(self._login, ""),
        }
