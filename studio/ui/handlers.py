"""How a handler's errors reach the person: one place for all of them."""

import functools
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


def shows_studio_errors(handler: Callable[Concatenate[H, P], R]) -> Callable[Concatenate[H, P], R]:
    """Show a `StudioError` as its sentence; any other exception surfaces as a bug."""

    @functools.wraps(handler)
    def wrapped(handlers: H, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return handler(handlers, *args, **kwargs)
        except StudioError as error:
            raise gr.Error(
                handlers.words.error(error), duration=8, print_exception=False
            ) from error

    return wrapped
