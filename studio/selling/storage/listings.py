"""Listings with their variants and lots."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from studio.selling.errors import UnknownListingError
from studio.selling.instants import to_text
from studio.selling.money import Money
from studio.selling.records import (
    Component,
    Event,
    Listed,
    Listing,
    Lot,
    Scope,
    State,
    Terms,
    Trigger,
    Variant,
)
from studio.storage.database import Database
from studio.storage.request_rows import time_of
from studio.values import json_of

_TERMS = (
    "title",
    "description",
    "brand",
    "currency",
    "price",
    "unit_cost",
    "minimum",
    "scope",
    "cap",
    "opens",
    "closes",
    "time_zone",
    "lead_low",
    "lead_usual",
    "lead_high",
    "trigger_at",
    "composition",
    "tolerance",
    "incoterm",
    "incoterm_place",
)


class ListingStore:
    """Reads and writes a workspace's `listings`, `lots`, `variants` and `listing_events`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, listed: Listed, terms: Terms, is_simulated: bool, made_at: datetime) -> int:
        """Keep a new listing without lots and variants.

        Returns:
            Its id.
        """
        design = (listed.store_id, listed.candidate_id, listed.number, listed.image, listed.design)
        columns = ("workspace_id, store_id, candidate_id, number, image, design", *_TERMS)
        values = (self._database.workspace_id, *design, *_term_values(terms))
        row = (*values, int(is_simulated), to_text(made_at))
        places = ", ".join("?" * len(row))
        with self._database.transaction() as connection:
            cursor = connection.execute(
                f"INSERT INTO listings ({', '.join(columns)}, is_simulated, made_at) "
                f"VALUES ({places})",
                row,
            )
            return int(cursor.lastrowid or 0)

    def change(self, listing_id: int, terms: Terms) -> None:
        """Replace what a listing says."""
        assignments = ", ".join(f"{name} = ?" for name in _TERMS)
        self._update(f"UPDATE listings SET {assignments}", _term_values(terms), listing_id)

    def set_shopping(self, listing_id: int, since: datetime) -> None:
        """Remember when simulated shoppers set out."""
        self._update("UPDATE listings SET shopping_since = ?", (since.isoformat(),), listing_id)

    def replace_lots(self, listing_id: int, colours: Iterable[str]) -> None:
        """Make a draft's lots anew."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM lots WHERE listing_id = ?", (listing_id,))
            connection.executemany(
                "INSERT INTO lots (listing_id, colour, state) VALUES (?, ?, ?)",
                [(listing_id, colour, State.DRAFT) for colour in colours],
            )

    def replace_variants(self, listing_id: int, variants: Iterable[Variant]) -> None:
        """Make a draft's variants anew; their ids are given by the database."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM variants WHERE listing_id = ?", (listing_id,))
            connection.executemany(
                "INSERT INTO variants (workspace_id, listing_id, position, size, colour, sku, gtin)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        self._database.workspace_id,
                        listing_id,
                        place,
                        each.size,
                        each.colour,
                        each.sku,
                        each.gtin,
                    )
                    for place, each in enumerate(variants)
                ],
            )

    def drop_colours(self, listing_id: int, colours: Iterable[str]) -> None:
        """Give colourways up: their variants are no longer made."""
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE variants SET is_dropped = 1 WHERE listing_id = ? AND colour = ?",
                [(listing_id, colour) for colour in colours],
            )

    def set_lot(self, listing_id: int, lot: Lot) -> None:
        """Replace the state of a lot; whoever does so adds the event in the same transaction."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE lots SET state = ?, topped_up = ? WHERE listing_id = ? AND colour = ?",
                (lot.state, lot.topped_up, listing_id, lot.colour),
            )

    def add_event(
        self,
        listing_id: int,
        colour: str,
        at: datetime,
        kind: str,
        facts: Mapping[str, object],
        cause: str,
    ) -> None:
        """Add to what happened."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO listing_events (listing_id, colour, at, kind, facts, cause) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (listing_id, colour, to_text(at), kind, json.dumps(facts), cause),
            )

    def events(self, listing_id: int, newest: int | None = None) -> tuple[Event, ...]:
        """What happened to a listing, the oldest first; only the newest ones if so many are asked.

        Raises:
            UnknownListingError: there is no such listing.
        """
        self.get(listing_id)
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM (SELECT * FROM listing_events WHERE listing_id = ? "
                "ORDER BY number DESC LIMIT ?) ORDER BY number",
                (listing_id, -1 if newest is None else newest),
            ).fetchall()
        return tuple(
            Event(
                number=row["number"],
                listing_id=row["listing_id"],
                colour=row["colour"],
                at=time_of(row["at"]),
                kind=row["kind"],
                facts=json_of("An event", row["facts"]),
                cause=row["cause"],
            )
            for row in rows
        )

    def get(self, listing_id: int) -> Listing:
        """The listing with this id.

        Raises:
            UnknownListingError: there is none.
        """
        found = self._read("AND id = ?", listing_id)
        if not found:
            raise UnknownListingError("That listing is no longer there. Reload the page.")
        return found[0]

    def all(self) -> tuple[Listing, ...]:
        """Every listing, the newest first."""
        return self._read("")

    def of_candidate(self, candidate_id: int) -> tuple[Listing, ...]:
        """The listings of a design, the newest first."""
        return self._read("AND candidate_id = ?", candidate_id)

    def find_variant(self, sku: str) -> tuple[int, Variant] | None:
        """The listing's id and the variant that has an article's number; None for nobody's."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT * FROM variants WHERE workspace_id = ? AND sku = ?",
                (self._database.workspace_id, sku),
            ).fetchone()
        return None if row is None else (row["listing_id"], _variant(row))

    def _read(self, condition: str, *values: int) -> tuple[Listing, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT * FROM listings WHERE workspace_id = ? {condition} ORDER BY id DESC",
                (self._database.workspace_id, *values),
            ).fetchall()
            if not rows:
                return ()
            lowest, highest = rows[-1]["id"], rows[0]["id"]
            between = "WHERE listing_id BETWEEN ? AND ?"
            lots = connection.execute(
                f"SELECT * FROM lots {between} ORDER BY listing_id", (lowest, highest)
            ).fetchall()
            variants = connection.execute(
                f"SELECT * FROM variants {between} ORDER BY listing_id, position",
                (lowest, highest),
            ).fetchall()
        lots_of: dict[int, list[Lot]] = {row["id"]: [] for row in rows}
        variants_of: dict[int, list[Variant]] = {row["id"]: [] for row in rows}
        for row in lots:
            if row["listing_id"] in lots_of:
                lot = Lot(row["colour"], State(row["state"]), row["topped_up"])
                lots_of[row["listing_id"]].append(lot)
        for row in variants:
            if row["listing_id"] in variants_of:
                variants_of[row["listing_id"]].append(_variant(row))
        return tuple(_listing(row, variants_of[row["id"]], lots_of[row["id"]]) for row in rows)

    def _update(self, statement: str, values: tuple[object, ...], listing_id: int) -> None:
        with self._database.transaction() as connection:
            done = connection.execute(
                f"{statement} WHERE id = ? AND workspace_id = ?",
                (*values, listing_id, self._database.workspace_id),
            )
            if done.rowcount == 0:
                raise UnknownListingError("That listing is no longer there. Reload the page.")


def _term_values(terms: Terms) -> tuple[object, ...]:
    composition = [
        [each.part, [list(fibre) for fibre in each.fibres]] for each in terms.composition
    ]
    return (
        terms.title,
        terms.description,
        terms.brand,
        terms.price.currency,
        terms.price.minor,
        terms.unit_cost.minor,
        terms.minimum,
        terms.scope,
        terms.cap,
        to_text(terms.opens),
        to_text(terms.closes),
        terms.time_zone,
        *terms.lead_days,
        terms.trigger,
        json.dumps(composition, ensure_ascii=False),
        terms.tolerance,
        *terms.incoterm,
    )


def _listing(row: sqlite3.Row, variants: list[Variant], lots: list[Lot]) -> Listing:
    colours = tuple(dict.fromkeys(each.colour for each in variants))
    order = {colour: place for place, colour in enumerate(colours)}
    return Listing(
        id=row["id"],
        listed=Listed(
            store_id=row["store_id"],
            candidate_id=row["candidate_id"],
            number=row["number"],
            image=row["image"],
            design=row["design"],
        ),
        terms=Terms(
            title=row["title"],
            description=row["description"],
            brand=row["brand"],
            price=Money(row["price"], row["currency"]),
            unit_cost=Money(row["unit_cost"], row["currency"]),
            minimum=row["minimum"],
            scope=Scope(row["scope"]),
            cap=row["cap"],
            opens=time_of(row["opens"]),
            closes=time_of(row["closes"]),
            time_zone=row["time_zone"],
            lead_days=(row["lead_low"], row["lead_usual"], row["lead_high"]),
            trigger=Trigger(row["trigger_at"]),
            composition=tuple(
                Component(part, tuple((name, share) for name, share in fibres))
                for part, fibres in json_of("A composition", row["composition"])
            ),
            sizes=tuple(dict.fromkeys(each.size for each in variants)),
            colours=colours,
            tolerance=row["tolerance"],
            incoterm=(row["incoterm"], row["incoterm_place"]),
        ),
        variants=tuple(variants),
        lots=tuple(sorted(lots, key=lambda lot: order.get(lot.colour, 0))),
        is_simulated=bool(row["is_simulated"]),
        made_at=time_of(row["made_at"]),
        shopping_since=time_of(row["shopping_since"]) if row["shopping_since"] else None,
    )


def _variant(row: sqlite3.Row) -> Variant:
    return Variant(
        id=row["id"],
        size=row["size"],
        colour=row["colour"],
        sku=row["sku"],
        gtin=row["gtin"],
        is_dropped=bool(row["is_dropped"]),
    )
