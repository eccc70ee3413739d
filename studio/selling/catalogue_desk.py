"""The catalogue desk: what other shops offer, brought in as their product tables tell of it."""

import html
import re
from collections.abc import Callable, Mapping
from typing import IO

from studio.selling.errors import OrderError, OrdersFileError
from studio.selling.keeper import Keeper
from studio.selling.likeness import Other
from studio.selling.order_desk import Tally, checked_source
from studio.selling.order_files import digest_of
from studio.selling.storage.catalogues import CatalogueStore, Item
from studio.selling.storage.orders import Batch
from studio.selling.tables import Row, name_in, read_table
from studio.storage.database import Database

_KINDS: dict[str, tuple[frozenset[str], str, str, tuple[str, ...]]] = {
    "Shopify": (
        frozenset({"title", "url handle", "sku"}),
        "url handle",
        "title",
        ("title", "tags", "option1 value", "description"),
    ),
    "Shopify of before": (
        frozenset({"title", "handle", "variant sku"}),
        "handle",
        "title",
        ("title", "tags", "option1 value", "body (html)"),
    ),
    "WooCommerce": (
        frozenset({"type", "sku", "name", "published"}),
        "sku",
        "name",
        ("name", "tags", "attribute 1 value(s)", "short description", "description"),
    ),
    "Google": (
        frozenset({"id", "title", "availability", "price"}),
        "item_group_id",
        "title",
        ("title", "color", "description"),
    ),
}
"""What a table has to have, its key, its name, and where it tells what an article looks like."""
MOST_WORDS = 60
"""Of an article; what follows is about washing and delivery."""
_TAG = re.compile(r"<[^>]*>")

Read = Callable[[str], Mapping[str, str]]
"""Words -> what they tell of a design: family -> value."""


def is_catalogue(columns: set[str]) -> bool:
    """Whether a table with these columns tells of products."""
    return _kind_of(columns) is not None


class CatalogueDesk:
    """Keeps what other shops offer, by what their words tell.

    Args:
        database: a visitor's view of it.
        keeper: keeps what became of files.
        read: understands words.
    """

    def __init__(self, database: Database, keeper: Keeper, read: Read) -> None:
        self._database = database
        self._keeper = keeper
        self._read = read
        self._items = CatalogueStore(database)

    def import_file(self, file: IO[bytes], source: str) -> Batch:
        """Take a product table of Shopify, WooCommerce or Google; the same twice changes nothing.

        Only a product's first row tells of it; the rows of its sizes are counted as known.

        Args:
            file: the table.
            source: the shop that it is of.

        Raises:
            OrdersFileError: it is no such table.
            OrderError: the shop has no name.
        """
        source, digest = checked_source(source), digest_of(file)
        columns, rows = read_table(file)
        kind = _kind_of(set(columns))
        if kind is None:
            raise OrdersFileError(
                "That is no product table. Export the products from Shopify or WooCommerce."
            )
        _, key, name, words = _KINDS[kind]
        key = key if key in columns else "id"
        tally, seen = Tally(), set[str]()

        def keep(row: Row) -> bool:
            item = self._item(row, key, name, words)
            is_first = item.handle not in seen
            seen.add(item.handle)
            return is_first and self._items.put(source, item)

        with self._database.transaction():
            tally.take_rows(rows, keep)
            batch = tally.batch("catalogue", source, digest, tally.rows, self._keeper.now())
            self._keeper.orders.add_batch(batch, None)
        return batch

    def others(self) -> tuple[Other, ...]:
        """Everything that was brought in, to be compared with."""
        return tuple(
            Other(item.title, item.told, source) for source, item in self._items.all() if item.told
        )

    def _item(self, row: Row, key: str, name: str, words: tuple[str, ...]) -> Item:
        handle, title = name_in(row, key), name_in(row, name)
        if not handle:
            raise OrderError(f"The row has no {key}, so nobody knows which product it is of.")
        told = ", ".join(_plain(row.get(each, "")) for each in words if row.get(each))
        return Item(handle, title or handle, self._read(" ".join(told.split()[:MOST_WORDS])))


def _kind_of(columns: set[str]) -> str | None:
    return next((kind for kind, (needed, *_) in _KINDS.items() if needed <= columns), None)


def _plain(text: str) -> str:
    """A text without its markup."""
    return html.unescape(_TAG.sub(", ", text))
