"""Rows of a file of orders on their way in: on the disk, so that a file may have any length."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

_CHUNK = 5_000


@dataclass(frozen=True)
class Head:
    """What a row tells of an order.

    Attributes:
        key: its id in the shop.
        facts: JSON of the rest.
    """

    row: int
    key: str
    name: str
    placed_at: str
    facts: str


@dataclass(frozen=True)
class Line:
    """What a row tells of a line.

    Attributes:
        key: the order's id; empty where only its name is told.
        facts: JSON of the rest.
    """

    row: int
    key: str
    name: str
    facts: str


class Staging:
    """Collects rows in any order, and gives them back order by order."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute("CREATE TABLE heads (row, key, name, placed_at, facts)")
        connection.execute("CREATE TABLE lines (row, key, block, name, facts)")
        self._heads: list[tuple[object, ...]] = []
        self._lines: list[tuple[object, ...]] = []

    def add(self, head: Head | None, line: Line | None) -> None:
        """Keep what a row tells."""
        if head is not None:
            self._heads.append((head.row, head.key, head.name, head.placed_at, head.facts))
        if line is not None:
            block = head.row if head is not None else None
            self._lines.append((line.row, line.key or None, block, line.name, line.facts))
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

    def orders(self) -> Iterator[tuple[Head, list[tuple[int, int, str]]]]:
        """Each order with its lines (row, block, facts), the oldest order first."""
        last = """SELECT * FROM heads AS head WHERE NOT EXISTS (SELECT 1 FROM heads AS later
            WHERE later.key = head.key AND later.row > head.row) ORDER BY placed_at, row"""
        with closing(self._connection.cursor()) as lines:
            for row in self._connection.execute(last):
                head = Head(*row)
                found = lines.execute(
                    "SELECT row, block, facts FROM lines WHERE key = ? AND block IS NOT NULL "
                    "ORDER BY block, row",
                    (head.key,),
                ).fetchall()
                yield head, found

    def _flush(self) -> None:
        self._insert("heads", self._heads)
        self._insert("lines", self._lines)

    def _insert(self, table: str, rows: list[Sequence[object]] | list[tuple[object, ...]]) -> None:
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
        yield Staging(connection)
