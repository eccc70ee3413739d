"""How a handler's errors reach the person: one place for all of them."""

import functools
import html
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import gradio as gr

from studio.domain import StudioError
from studio.ui.words import Words


class Handlers(Protocol):
    """A tab's handlers speak one language."""

    @property
    def words(self) -> Words:
        """Its words."""


H = TypeVar("H", bound=Handlers)
P = ParamSpec("P")
R = TypeVar("R")


def plain(text: str) -> str:
    """A text for a message on the page: Gradio takes messages as markup, and names are text."""
    return html.escape(text, quote=False)


def shows_studio_errors(handler: Callable[Concatenate[H, P], R]) -> Callable[Concatenate[H, P], R]:
    """Show a `StudioError` as its sentence; any other exception surfaces as a bug."""

    @functools.wraps(handler)
    def wrapped(handlers: H, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return handler(handlers, *args, **kwargs)
        except StudioError as error:
            told = plain(handlers.words.error(error))
            raise gr.Error(told, duration=8, print_exception=False) from error

    return wrapped
