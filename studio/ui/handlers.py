"""What handlers are sent, and how their errors reach the person: one place for all of them."""

import functools
import html
from collections.abc import Callable, Mapping
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import gradio as gr
from gradio.context import LocalContext

from studio.domain import StudioError
from studio.doors.gate import visitor_of
from studio.services.turns import NOBODY, Caller, asked_by
from studio.ui.words import Words
from studio.values import Sent, check_plain


class Handlers(Protocol):
    """A tab's handlers speak one language."""

    @property
    def words(self) -> Words:
        """Its words."""


H = TypeVar("H", bound=Handlers)
P = ParamSpec("P")
R = TypeVar("R")


_SENT = (str, int, float, list, tuple, dict)


def caller() -> Caller:
    """Who called the handler that runs now: a person who has logged in is one place, anywhere."""
    request = LocalContext.request.get(None)
    if request is None or request.request is None:
        return NOBODY
    client = request.request.client
    person = visitor_of(request.request.scope)
    place = f"{person.workspace_id} {person.name}" if person.name else client.host if client else ""
    return Caller(place, request.session_hash or "")


def page_query() -> Mapping[str, str]:
    """What stands behind the ? in the address of the page that asks; empty outside of a page."""
    request = LocalContext.request.get(None)
    query = None if request is None else request.query_params
    return {} if query is None else dict(query)


def sent(event: gr.EventData) -> Sent:
    """What a component's script sent with an event, to be read entry by entry.

    Raises:
        ValueKindError: it holds values that nothing can use.
    """
    return Sent(event._data)


def plain(text: str) -> str:
    """A text for a message on the page: Gradio takes messages as markup, and names are text."""
    return html.escape(text, quote=False)


def shows_studio_errors(handler: Callable[Concatenate[H, P], R]) -> Callable[Concatenate[H, P], R]:
    """Show a `StudioError` as its sentence; any other exception surfaces as a bug.

    What the page sends beside an event is looked at before the handler is; see `check_plain`.
    """

    @functools.wraps(handler)
    def wrapped(handlers: H, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            for value in args:
                if isinstance(value, _SENT):
                    check_plain("What was sent", value)
            with asked_by(caller()):
                return handler(handlers, *args, **kwargs)
        except StudioError as error:
            told = plain(handlers.words.error(error))
            raise gr.Error(told, duration=8, print_exception=False) from error

    return wrapped
