"""Round requests as the JSON text that jobs and groups keep, and rows that can't be read."""

import dataclasses
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from studio.domain import GenerationRequest, Mixed, RoundRequest, StorageError, ValueKindError
from studio.values import json_of, moment

Row = TypeVar("Row")
Record = TypeVar("Record")

_log = logging.getLogger(__name__)


class UnreadableRowError(StorageError):
    """A row holds what this studio didn't write: by hand, by another program, by a bad disk."""


def request_to_text(request: RoundRequest) -> str:
    """The request as one line of JSON."""
    return json.dumps(dataclasses.asdict(request), ensure_ascii=False)


def request_from_text(text: str) -> RoundRequest:
    """The request that `request_to_text` wrote; fields added since take their defaults.

    Raises:
        UnreadableRowError: it is something else.
    """
    try:
        fields = json_of("A round's request", text)
        generation = fields["generation"]
        generation["free"] = tuple(generation.get("free", ()))
        fields["generation"] = GenerationRequest(**generation)
        fields["start_images"] = tuple(fields.get("start_images", ()))
        if fields.get("mixed") is not None:
            fields["mixed"] = Mixed(**fields["mixed"])
        return RoundRequest(**fields)
    except (ValueKindError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableRowError(
            "A round in the database can't be read: something else than the studio wrote it."
        ) from error


def time_of(text: str) -> datetime:
    """A time as a row keeps it.

    Raises:
        UnreadableRowError: it is none, or from another age.
    """
    try:
        return moment("A round's time", text)
    except ValueKindError as error:
        raise UnreadableRowError(f"A row in the database can't be read. {error}") from error


def readable(rows: Iterable[Row], read: Callable[[Row], Record]) -> Iterator[Record]:
    """What can be read of rows; one that can't be is logged, and takes no other with it."""
    for row in rows:
        try:
            yield read(row)
        except UnreadableRowError as error:
            _log.warning("%s It is left out.", error)
