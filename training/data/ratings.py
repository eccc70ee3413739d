"""Ratings by real people: a table that somebody brings, read into who gave what to which image.

In long form it has a line per rating, in wide form a line per image and a column per rater:

    user,image,rating,age,sex          image,r01,r02,r03
    r01,0412.jpg,4,24,female           0412.jpg,4,2,3
    r02,0412.jpg,2,51,male             0413.jpg,1,5,

Commas, semicolons or tabs; UTF-8 or UTF-16, with or without a mark. What raters tell of themselves
stands in the same lines, or in a second table with a line per rater. Ratings that can't be used
are left out, and counted by reason.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from studio.domain import StudioError
from studio.perfusion.profile import STORE_ID, FieldValue
from studio.selling.errors import OrdersFileError
from studio.selling.tables import Row, read_table
from training.data.own_fields import answers_of

INCOMPLETE = "without a user or an image"
NO_NUMBER = "that are no numbers"
REPEATED = "that repeat a user and an image"
UNREADABLE = "in lines that can't be read"
_NO_TEXT = "\ufffd"
"""What stands for bytes that are no text."""
_SHOWN = 12


class RatingsError(StudioError):
    """Ratings that can't be used; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class RatingTable:
    """Where ratings stand. Names of columns are read in small letters.

    Attributes:
        file: CSV of the ratings.
        user: column that names the rater; not in wide form.
        image: column with the image's file name, with or without folder and ending.
        rating: column of the rating, a number; not in wide form.
        wide: whether every column but the image's is a rater.
        user_fields: columns of what raters tell of themselves.
        users: CSV that has these beside `user`, a line per rater; None where the ratings have them.
    """

    file: Path
    user: str = "user"
    image: str = "image"
    rating: str = "rating"
    wide: bool = False
    user_fields: tuple[str, ...] = ()
    users: Path | None = None


@dataclass(frozen=True)
class Ratings:
    """Who gave what to which image.

    Attributes:
        by_rater: rater -> image -> rating.
        fields: rater -> what they tell of themselves.
        left_out: reason -> how many ratings.
    """

    by_rater: Mapping[str, Mapping[str, float]]
    fields: Mapping[str, Mapping[str, FieldValue]] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Of ratings that can be used."""
        return sum(map(len, self.by_rater.values()))

    def report(self) -> str:
        """One sentence for the log."""
        reasons = ", ".join(
            f"{count:,} {reason}" for reason, count in sorted(self.left_out.items())
        )
        return f"{self.count:,} ratings of {len(self.by_rater):,} raters; left out: {reasons or 0}"


def read_ratings(table: RatingTable) -> Ratings:
    """Read the ratings, and what their raters tell of themselves.

    Raises:
        RatingsError: a file can't be read, lacks a column, or holds no rating that can be used.
    """
    found: dict[str, dict[str, float]] = {}
    first_lines: dict[str, Row] = {}
    left_out = Counter[str]()
    for row in _rows(table.file, _needed(table), left_out):
        image = row.get(table.image, "")
        for rater, cell in _answers(table, row):
            value = _number(cell)
            if not rater or not image:
                left_out[INCOMPLETE] += 1
            elif value is None:
                left_out[NO_NUMBER] += 1
            elif image in found.get(rater, {}):
                left_out[REPEATED] += 1
            else:
                found.setdefault(rater, {})[image] = value
                first_lines.setdefault(rater, row)
    ratings = Ratings(found, left_out=dict(left_out))
    if not found:
        raise RatingsError(
            f"{table.file} holds no rating that can be used: {ratings.report()}. Ratings are "
            "numbers, and more is better."
        )
    lines = first_lines if table.users is None else _lines_of_users(table, table.users)
    told = _told(table.user_fields, {rater: lines.get(rater, {}) for rater in found})
    return Ratings(found, told, ratings.left_out)


def _needed(table: RatingTable) -> tuple[str, ...]:
    if table.wide:
        if table.user_fields and table.users is None:
            raise RatingsError(
                "In wide form there is no place for what raters tell of themselves. Bring it as a "
                "table of its own, with --users."
            )
        return (table.image,)
    own = table.user_fields if table.users is None else ()
    return (table.user, table.image, table.rating, *own)


def _answers(table: RatingTable, row: Row) -> Iterator[tuple[str, str]]:
    """(rater, cell) for each rating of a line; an empty cell of the wide form is none."""
    if not table.wide:
        yield row.get(table.user, ""), row.get(table.rating, "")
        return
    for column, cell in row.items():
        if column != table.image and cell:
            yield column, cell


def _rows(path: Path, needed: Sequence[str], left_out: Counter[str]) -> Iterator[Row]:
    """The lines that can be read.

    Raises:
        RatingsError: the file is no table, or lacks one of the columns that are needed.
    """
    try:
        with path.open("rb") as file:
            columns, rows = read_table(file)
            _check_columns(path, columns, needed)
            for _, row in rows:
                if isinstance(row, str) or _NO_TEXT in "".join(row.values()):
                    left_out[UNREADABLE] += 1
                else:
                    yield row
    except OSError as error:
        raise RatingsError(f"{path} can't be opened. Check the path. ({error.strerror})") from error
    except OrdersFileError as error:
        raise RatingsError(f"{path}: {error}") from error


def _check_columns(path: Path, columns: Sequence[str], needed: Iterable[str]) -> None:
    missing = [name for name in needed if name not in columns]
    if missing:
        more = ", ..." if len(columns) > _SHOWN else ""
        raise RatingsError(
            f"{path} has no column {' and no column '.join(f'“{name}”' for name in missing)}. Its "
            f"columns are: {', '.join(columns[:_SHOWN])}{more}. Say which is which with "
            "--user-column, --image-column, --rating-column and --user-fields; give --wide where "
            "each rater has a column."
        )


def _number(cell: str) -> float | None:
    """A finite number, with a point or a comma; None for anything else."""
    try:
        value = float(cell.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _lines_of_users(table: RatingTable, path: Path) -> dict[str, Row]:
    """Rater -> their line in the table of users; unreadable lines tell nothing."""
    lines: dict[str, Row] = {}
    for row in _rows(path, (table.user, *table.user_fields), Counter()):
        rater = row.get(table.user, "")
        rater = rater.casefold() if table.wide else rater  # as columns are read
        if rater in lines:
            raise RatingsError(f"{path} has more than one line for “{rater}”. Keep one of them.")
        lines[rater] = row
    return lines


def _told(names: Sequence[str], lines: Mapping[str, Row]) -> dict[str, dict[str, FieldValue]]:
    """Rater -> field -> answer; an empty cell tells nothing."""
    if STORE_ID in names:
        raise RatingsError(f"{STORE_ID} is the rater's own name. Take it out of --user-fields.")
    read = {name: answers_of([line.get(name, "") for line in lines.values()]) for name in names}
    return {
        rater: {name: each[place] for name, each in read.items() if each[place] not in ("", ())}
        for place, rater in enumerate(lines)
    }
