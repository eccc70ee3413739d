"""Values from outside: one place that checks kinds and ranges, and says what is wrong with them.

Events of pages, calls of programs, recipes in pictures, rows of imports, records of the database:
all of them may come from anybody, so nothing of them is used before it went through here.
Standard library only.
"""

import json
import math
import os
import stat
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain, repeat
from pathlib import Path
from typing import Any, NoReturn

from studio.domain import ValueKindError

LARGEST_WHOLE = 2**63 - 1
"""What the database can keep."""
LONGEST_TEXT = 100_000
LONGEST_RECORD = 1_000_000
"""Characters of JSON."""
MOST_VALUES = 20_000
"""Values in one record, lists and objects counted with what they hold."""
DEEPEST = 12
"""Lists and objects in each other."""
LONGEST_NUMBER = 40
"""Characters of a number in JSON or in a field; Python's own limit is 4,300 digits."""
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

_QUOTED = 60


class Sent:
    """A record that a page, a program or a file sent; its entries are checked as they are read.

    Args:
        record: an object of names and values; whatever else came has no entries.
    """

    def __init__(self, record: object) -> None:
        """Check the whole for values that nothing can use; see `check_plain`."""
        check_plain("What was sent", record)
        self._record = record if isinstance(record, Mapping) else {}

    def __contains__(self, name: str) -> bool:
        """Whether there is such an entry, and not an empty one."""
        return self._record.get(name) is not None

    def whole(self, name: str, lowest: int = 0, highest: int = LARGEST_WHOLE) -> int:
        """A whole number; see `whole`."""
        return whole(name, self._record.get(name), lowest, highest)

    def whole_or_none(self, name: str, lowest: int = 0) -> int | None:
        """A whole number, or nothing."""
        return self.whole(name, lowest) if name in self else None

    def wholes(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers, such as ids."""
        return tuple(whole(name, each) for each in self._list(name, "a list of whole numbers"))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(text(name, each) for each in self._list(name, "a list of texts"))

    def number(self, name: str, lowest: float, highest: float) -> float:
        """A number; see `number`."""
        return number(name, self._record.get(name), lowest, highest)

    def text(self, name: str, longest: int = LONGEST_TEXT) -> str:
        """A text; see `text`."""
        return text(name, self._record.get(name), longest)

    def truth(self, name: str) -> bool:
        """True or false; see `truth`."""
        return truth(name, self._record.get(name))

    def record(self, name: str) -> dict[str, Any]:
        """An object of names and values."""
        value = self._record.get(name)
        if isinstance(value, dict):
            return value
        raise _refusal(name, "an object of names and values", value)

    def _list(self, name: str, kind: str) -> list[object]:
        value = self._record.get(name)
        if isinstance(value, list | tuple):
            return list(value)
        raise _refusal(name, kind, value)


def whole(name: str, value: object, lowest: int = 0, highest: int = LARGEST_WHOLE) -> int:
    """A whole number in a range; 8.0 is one, as sliders send it, and true is none.

    Raises:
        ValueKindError: it is something else, or out of range.
    """
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST_WHOLE:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest:
        return value
    if highest == LARGEST_WHOLE:
        raise _refusal(name, "a whole number", value)
    raise _refusal(name, f"a whole number from {lowest:,} to {highest:,}", value)


def truth(name: str, value: object) -> bool:
    """True or false; nothing is false.

    Raises:
        ValueKindError: it is something else.
    """
    if value is None or isinstance(value, bool):
        return bool(value)
    raise _refusal(name, "true or false", value)


def number(name: str, value: object, lowest: float, highest: float) -> float:
    """A number in a range; NaN is in none.

    Raises:
        ValueKindError: it is something else, or out of range.
    """
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and lowest <= value <= highest
    ):
        return float(value)
    raise _refusal(name, f"a number from {lowest:g} to {highest:g}", value)


def text(name: str, value: object, longest: int = LONGEST_TEXT) -> str:
    """A text of characters that can be kept: half of a surrogate pair can't be.

    Raises:
        ValueKindError: it is something else, too long, or holds such a character.
    """
    if not isinstance(value, str):
        raise _refusal(name, "a text", value)
    if len(value) > longest:
        raise ValueKindError(f"{name} has {len(value):,} characters; {longest:,} are the most.")
    if not _can_be_kept(value):
        raise ValueKindError(f"{name} holds half a character: {short(value)}. Type it again.")
    return value


def typed_whole(name: str, typed: str, lowest: int = 0, highest: int = LARGEST_WHOLE) -> int:
    """A whole number that was typed, or stands in an address.

    Raises:
        ValueKindError: it is something else, or out of range.
    """
    typed = typed.strip()
    if typed.isdecimal() and len(typed) <= LONGEST_NUMBER:
        return whole(name, int(typed), lowest, highest)
    raise _refusal(name, "a whole number", typed)


def moment(name: str, value: object) -> datetime:
    """A time with its zone, in ISO 8601; from 1970 up to 2200.

    Raises:
        ValueKindError: it is something else, or from another age.
    """
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else value
        if isinstance(read, datetime):
            read = read if read.tzinfo else read.replace(tzinfo=UTC)
            if EARLIEST <= read < LATEST:
                return read
    except (ValueError, OverflowError):
        pass
    raise _refusal(name, f"a time from {EARLIEST.year} up to {LATEST.year}", value)


def json_of(name: str, content: object, longest: int = LONGEST_RECORD) -> Any:
    """What a text of JSON says, once it is sure that it can be used; see `check_plain`.

    Raises:
        ValueKindError: it is no JSON, too long, too deep, or holds values that can't be used.
    """
    if not isinstance(content, str):
        raise _refusal(name, "a text of JSON", content)
    if len(content) > longest:
        raise ValueKindError(f"{name} has {len(content):,} characters; {longest:,} are the most.")
    try:
        read = json.loads(content, parse_int=_int, parse_constant=_no_number)
    except RecursionError:
        raise ValueKindError(f"{name} is nested too deeply.") from None
    except ValueError as error:
        raise ValueKindError(f"{name} is no JSON that can be read.") from error
    check_plain(name, read)
    return read


def check_plain(name: str, value: object) -> None:
    """Refuse what no part of the studio could use, however it is nested.

    That is: whole numbers that the database can't keep, NaN and infinity, half characters, texts
    and lists without end, and objects in objects in objects.

    Raises:
        ValueKindError: it says what is wrong.
    """
    for count, (depth, each) in enumerate(_all_in(value)):
        if count >= MOST_VALUES:
            raise ValueKindError(f"{name} holds more than {MOST_VALUES:,} values.")
        if depth > DEEPEST:
            raise ValueKindError(f"{name} is nested too deeply.")
        if isinstance(each, str):
            text(name, each)
        elif isinstance(each, int) and abs(each) > LARGEST_WHOLE:
            raise ValueKindError(
                f"{name} holds {short(each)}, which can't be kept: it is too large."
            )
        elif isinstance(each, float) and not math.isfinite(each):
            raise ValueKindError(f"{name} holds {each}, which is no number to count with.")


def short(value: object) -> str:
    """A value as a message quotes it; some can't be printed at all."""
    if isinstance(value, int) and value.bit_length() > 128:
        return f"a number of about {round(value.bit_length() * math.log10(2)):,} digits"
    if isinstance(value, str):
        value = value[: _QUOTED + 1]
    if isinstance(value, list | tuple | dict):
        size = sum(1 for _, _ in zip(range(_QUOTED), _all_in(value), strict=False))
        if size >= _QUOTED:
            return f"{type(value).__name__} of {len(value):,} values"
    try:
        quoted = repr(value)
    except (ValueError, RecursionError):
        return f"a {type(value).__name__} that can't be printed"
    return quoted if len(quoted) <= _QUOTED else f"{quoted[: _QUOTED - 3]}..."


def regular_file(path: Path, within: Path | None = None) -> Path | None:
    """The file that a path leads to; None for pipes, devices, folders, link loops and nothing.

    A pipe that is opened waits for ever, and a device may have no end.

    Args:
        path: of anybody.
        within: the folder that it must lie in, links followed; None for anywhere.
    """
    try:
        found = path.resolve(strict=True)
        is_file = stat.S_ISREG(os.stat(found).st_mode)
    except (OSError, RuntimeError, ValueError):  # a loop; a name that no disk can have
        return None
    if within is not None and not found.is_relative_to(within.resolve()):
        return None
    return found if is_file else None


def _all_in(value: object) -> Iterator[tuple[int, object]]:
    """Everything in a value with its depth, itself included; without recursion."""
    waiting: list[Iterator[tuple[int, object]]] = [iter([(0, value)])]
    while waiting:
        found = next(waiting[-1], None)
        if found is None:
            waiting.pop()
            continue
        yield found
        depth, each = found
        if isinstance(each, Mapping):
            waiting.append(zip(repeat(depth + 1), chain(each.keys(), each.values()), strict=False))
        elif isinstance(each, list | tuple):
            waiting.append(zip(repeat(depth + 1), each, strict=False))


def _can_be_kept(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _int(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("a number without end")
    return int(digits)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _refusal(name: str, kind: str, value: object) -> ValueKindError:
    return ValueKindError(f"{name} should be {kind}, not {short(value)}.")
