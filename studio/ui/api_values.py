"""Values that other programs send to the named endpoints: of the kind that is asked for, or told.

Gradio hands on whatever JSON comes; the endpoints' annotations say what it should be, and
`studio.values` what can be used at all.
"""

import functools
import inspect
import types
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar, get_args, get_origin, get_type_hints

import gradio as gr

from studio.domain import StudioError, ValueKindError
from studio.services.turns import asked_by
from studio.ui.handlers import Handlers, caller
from studio.values import check_plain, short

H = TypeVar("H", bound=Handlers)
P = ParamSpec("P")
R = TypeVar("R")

_NAMES: dict[object, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list[int]: "a list of whole numbers",
    list[str]: "a list of texts",
    list[dict[str, Any]]: "a list of objects",
    dict[str, Any]: "an object of names and values",
    types.NoneType: "nothing",
}


def endpoint(handler: Callable[Concatenate[H, P], R]) -> Callable[Concatenate[H, P], R]:
    """Refuse values of another kind than annotated; answer a `StudioError` with its sentence."""
    signature, kinds = inspect.signature(handler), get_type_hints(handler)

    @functools.wraps(handler)
    def answered(handlers: H, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            check(signature.bind(handlers, *args, **kwargs).arguments, kinds)
            with asked_by(caller()):
                return handler(handlers, *args, **kwargs)
        except StudioError as error:
            raise gr.Error(handlers.words.error(error), print_exception=False) from error

    return answered


def check(values: Mapping[str, object], kinds: Mapping[str, Any]) -> None:
    """Refuse the first value that is not of its annotated kind, or that nothing can use.

    Raises:
        ValueKindError: it says which value, and what it should be.
    """
    for name, value in values.items():
        if name not in kinds:
            continue
        if not fits(value, kinds[name]):
            raise ValueKindError(f"{name} should be {told(kinds[name])}, not {short(value)}.")
        check_plain(name, value)


def fits(value: object, kind: Any) -> bool:
    """Whether a value of JSON is of an annotated kind; a truth value is no number."""
    if isinstance(kind, types.UnionType):
        return any(fits(value, each) for each in get_args(kind))
    if get_origin(kind) is list:
        return isinstance(value, list) and all(fits(each, get_args(kind)[0]) for each in value)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, get_origin(kind) or kind)


def told(kind: Any) -> str:
    """An annotated kind in words."""
    kinds = get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    return " or ".join(_NAMES[each] for each in kinds)
