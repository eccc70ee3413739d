"""Events and addresses of one visitor: who asks is taken from the request and handed on."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, Protocol, Self, get_type_hints

import gradio as gr

from studio.domain import Visitor
from studio.doors.gate import visitor_of


class Visited(Protocol):
    """Handlers of events that work for one visitor."""

    def of(self, visitor: Visitor) -> Self:
        """The same handlers for another visitor."""


def visited(handler: Callable[..., Any]) -> Callable[..., Any]:
    """A method of handlers as an event for Gradio: each visitor gets handlers of their own.

    Args:
        handler: a bound method of something `Visited`.

    Returns:
        A function that takes the request before all that the method takes; Gradio puts it in.
    """
    handlers: Visited = handler.__self__  # type: ignore[attr-defined]  # a bound method's own
    method = handler.__func__  # type: ignore[attr-defined]

    @functools.wraps(method)
    def for_visitor(request: gr.Request, *args: Any, **kwargs: Any) -> Any:
        theirs = handlers.of(visitor_of(_scope(request)))
        return method(theirs, *args, **kwargs)

    parameter = inspect.Parameter(
        "request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=gr.Request
    )
    signature = inspect.signature(handler)
    with_request = signature.replace(parameters=[parameter, *signature.parameters.values()])
    for_visitor.__signature__ = with_request  # type: ignore[attr-defined]  # what Gradio reads
    for_visitor.__annotations__ = {**get_type_hints(method), "request": gr.Request}
    return for_visitor


def _scope(request: gr.Request) -> dict[str, Any]:
    """What the gate wrote into; a request that Gradio made up itself has none, and gets nothing."""
    asked = request.request
    return {} if asked is None else dict(asked.scope)
