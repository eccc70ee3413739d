"""Rows of a file of orders on their way in: on the disk, so that a file may have any length."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import groupby
from typing import NamedTuple

_CHUNK = 5_000


class Head(NamedTuple):
    """What a row tells of an order.

    Attributes:
        key: its id in the shop.
        as_of: when this was so; empty where the row doesn't say.
    """

    row: int
    key: str
    name: str
    placed_at: str
    currency: str
    is_firm: bool
    is_paid: bool
    is_fulfilled: bool
    as_of: str = ""


class Line(NamedTuple):
    """What a row tells of a line.

    Attributes:
        key: the order's id; None where only its name is told.
        name: the order's.
        line: what tells it from the order's other lines; empty where the shop numbers none.
        returned: None where nothing is said about it.
        block: row of the order that it stands below; None where that has to be found.
    """

    row: int
    key: str | None
    name: str
    line: str
    sku: str
    ordered: int
    cancelled: int
    returned: int | None
    price: str
    block: int | None = None


class Staging:
    """Collects rows in any order, and gives them back order by order."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute(f"CREATE TABLE heads ({', '.join(Head._fields)})")
        connection.execute(f"CREATE TABLE lines ({', '.join(Line._fields)})")
        self._heads: list[Head] = []
        self._lines: list[Line] = []

    def add(self, head: Head | None, line: Line | None) -> None:
        """Keep what a row tells."""
        if head is not None:
            self._heads.append(head)
        if line is not None:
            self._lines.append(line if head is None else line._replace(block=head.row))
        if len(self._heads) + len(self._lines) >= _CHUNK:
            self._flush()

    def settle(self) -> None:
        """Find the orders of rows that tell a name alone: the last such order above, or any."""
        self._flush()
        self._connection.execute("CREATE INDEX heads_by_name ON heads (name, row)")
        self._connection.execute("CREATE INDEX heads_by_key ON heads (key, row)")
        for near in ("AND heads.row < lines.row ORDER BY heads.row DESC", "ORDER BY heads.row"):
            self._connection.execute(
                f"""UPDATE lines SET block = (SELECT heads.row FROM heads WHERE
                    (heads.key = lines.key OR (lines.key IS NULL AND heads.name = lines.name))
                    {near} LIMIT 1) WHERE block IS NULL"""
            )
        self._connection.execute("CREATE INDEX heads_by_row ON heads (row)")
        self._connection.execute(
            "UPDATE lines SET key = (SELECT heads.key FROM heads WHERE heads.row = lines.block) "
            "WHERE key IS NULL"
        )
        self._connection.execute("CREATE INDEX lines_by_key ON lines (key, block, row)")
        self._connection.commit()

    def orphans(self) -> Iterator[int]:
        """Rows whose order is told nowhere in the file."""
        for (row,) in self._connection.execute(
            "SELECT row FROM lines WHERE block IS NULL ORDER BY row"
        ):
            yield int(row)

    def orders(self) -> Iterator[tuple[Head, list[Line]]]:
        """Each order with its lines, the oldest order first; what is told last of it counts."""
        fields = len(Head._fields)
        rows = self._connection.execute(
            """SELECT heads.*, lines.* FROM heads JOIN lines ON lines.key = heads.key
                AND lines.block IS NOT NULL
            WHERE NOT EXISTS (SELECT 1 FROM heads AS later
                WHERE later.key = heads.key AND later.row > heads.row)
            ORDER BY heads.placed_at, heads.row, lines.block, lines.row"""
        )
        for _, told in groupby(rows, key=lambda row: row[0]):
            some = list(told)
            yield Head(*some[0][:fields]), [Line(*row[fields:]) for row in some]

    def _flush(self) -> None:
        for table, rows in (("heads", self._heads), ("lines", self._lines)):
            if rows:
                places = ", ".join("?" * len(rows[0]))
                self._connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
                rows.clear()


@contextmanager
def staging() -> Iterator[Staging]:
    """A place for the rows of one file, on the disk and gone afterwards."""
    with closing(sqlite3.connect("")) as connection:  # a nameless file of SQLite's own
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA temp_store = FILE")
        yield Staging(connection)
