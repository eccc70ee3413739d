"""How a handler's errors reach the person: one place for all of them."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import gradio as gr

from studio.domain import StudioError

P = ParamSpec("P")
R = TypeVar("R")


def shows_studio_errors(handler: Callable[P, R]) -> Callable[P, R]:
    """Show a `StudioError` as its sentence; any other exception surfaces as a bug."""

    @functools.wraps(handler)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return handler(*args, **kwargs)
        except StudioError as error:
            raise gr.Error(str(error), duration=8, print_exception=False) from error

    return wrapped
