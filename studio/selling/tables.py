"""Tables that people bring: CSV as shops and spreadsheets write it, read row by row."""

import codecs
import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import IO

from studio.domain import ValueKindError
from studio.selling.errors import OrderError, OrdersFileError
from studio.values import moment, typed_whole

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How cells begin that a spreadsheet would run."""
LONGEST_CELL = 500
MOST_PIECES = 1_000_000
_LONGEST_FIELD = 1_000_000
_UNREADABLE = "\ufffd"
"""What stands for bytes that are no text."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

Row = Mapping[str, str]
"""Name of a column in small letters -> what stands there, without space around it."""


def read_table(
    file: IO[bytes], wanted: Collection[str] | None = None
) -> tuple[tuple[str, ...], Iterator[tuple[int, Row | str]]]:
    """The columns of a table and its rows, read as they are asked for.

    Args:
        file: CSV in UTF-8 or UTF-16, with or without a mark; commas, semicolons or tabs.
        wanted: the columns that rows are to have; None for all. What isn't wanted, such as a
            person's address, is not even looked at.

    Returns:
        The columns' names in small letters; and (number, row) from 2 on, as a spreadsheet counts.
        Where a row can't be read there is a sentence about it in its place.

    Raises:
        OrdersFileError: it is no such text, or empty.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    start = file.read(4)
    encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="", errors="replace")
    try:
        first = text.readline(_LONGEST_FIELD)
        delimiter = max(",;\t", key=first.count)
        names = next(csv.reader([first], delimiter=delimiter), [])
    except (UnicodeError, csv.Error):
        names = [_UNREADABLE]
    text.detach()
    if any(_UNREADABLE in name for name in names):
        raise OrdersFileError(
            "That is no table in UTF-8. Export it again as CSV, with UTF-8 as the encoding."
        )
    columns = tuple(name.strip().casefold() for name in names)
    if not any(columns):
        raise OrdersFileError("The file is empty. Export it again, with the names of its columns.")
    places = [
        (name, place)
        for place, name in enumerate(columns)
        if name and (wanted is None or name in wanted)
    ]
    return columns, _rows(file, encoding, places, delimiter)


def _rows(
    file: IO[bytes], encoding: str, places: Sequence[tuple[str, int]], delimiter: str
) -> Iterator[tuple[int, Row | str]]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="", errors="replace")
    reader = csv.reader(text, delimiter=delimiter)
    next(reader, None)
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            yield number, f"The row can't be read: {error}."
            continue
        if not any(cells):
            continue
        there = len(cells)
        yield number, {name: _plain(cells[at]) for name, at in places if at < there}
    text.detach()


def _plain(cell: str) -> str:
    """A cell without space around it, and without the apostrophe that makes a number a text."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" else cell


def name_in(row: Row, column: str) -> str:
    """A cell that is kept as it is, such as an order's name; empty where there is none.

    Raises:
        OrderError: it is very long, or a spreadsheet would run it.
    """
    cell = row.get(column, "")
    if cell.startswith(FORMULA):
        raise OrderError(
            f"{column} begins with {cell[0]!r}, which a spreadsheet would run. Take that away."
        )
    if len(cell) > LONGEST_CELL:
        raise OrderError(f"{column} has {len(cell):,} characters; {LONGEST_CELL} are the most.")
    if _UNREADABLE in cell:
        raise OrderError(f"{column} is no text in UTF-8. Export the file again, as UTF-8.")
    if not cell.isprintable():
        raise OrderError(f"{column} holds characters that can't be printed. Take them away.")
    return cell


def pieces_in(row: Row, column: str, lowest: int = 0) -> int:
    """A number of pieces.

    Raises:
        OrderError: it is none, negative, or beyond all measure.
    """
    try:
        return typed_whole(column, row.get(column, ""), lowest, MOST_PIECES)
    except ValueKindError as error:
        raise OrderError(str(error)) from None


def moment_in(row: Row, column: str) -> datetime | None:
    """A moment with its distance from UTC, as in "2025-10-07 09:50:26 +0200"; None for none.

    Raises:
        OrderError: it can't be read, or doesn't say in which zone.
    """
    cell = row.get(column, "")
    if not cell:
        return None
    joined = cell.replace(" +", "+").replace(" -", "-").replace(" UTC", "Z")
    try:
        read = datetime.fromisoformat(joined)
        if read.tzinfo is None:
            raise OrderError(
                f"{column} says {cell[:40]!r} and not in which zone. Write it as in "
                "2026-10-07 09:50:26 +0200."
            )
        return moment(column, read).astimezone(UTC)
    except (ValueError, OverflowError):
        raise OrderError(
            f"{column} should be a time such as 2026-10-07 09:50:26 +0200, not {cell[:40]!r}."
        ) from None
    except ValueKindError as error:
        raise OrderError(str(error)) from None
