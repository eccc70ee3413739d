"""Selling, as the page, the endpoints and the commands use it: all desks of one visitor."""

import zlib
from datetime import datetime
from typing import IO

from studio.domain import Role, Visitor
from studio.selling.board import Board
from studio.selling.catalogue import Addresses, catalogue_zip
from studio.selling.catalogue_desk import CatalogueDesk, is_catalogue
from studio.selling.deciding import Deciding
from studio.selling.keeper import Clock, Keeper, utc_now
from studio.selling.launch_desk import TRAFFIC_COLUMNS, LaunchDesk
from studio.selling.likeness import Alike, Other, nearly_same
from studio.selling.listing_desk import ListingDesk, spec_of
from studio.selling.order_desk import OrderDesk
from studio.selling.poll_desk import PollDesk
from studio.selling.production_desk import ProductionDesk
from studio.selling.production_pack import digest_of, production_pack, tech_pack
from studio.selling.rating_desk import RatingDesk
from studio.selling.records import Listing
from studio.selling.sales_desk import SalesDesk
from studio.selling.simulated_shop import SimulatedShop
from studio.selling.storage.orders import Batch
from studio.selling.tables import read_table
from studio.selling.vote_desk import VOTE_COLUMNS
from studio.services.studio import Studio


class Selling:
    """What a visitor can do beside designing: list, count, produce.

    Args:
        studio: the designs and stores, as the visitor may use them.
        now: the clock of real listings.
    """

    def __init__(self, studio: Studio, now: Clock = utc_now) -> None:
        self._studio = studio
        self._now = now
        database = studio.database
        self.keeper = Keeper(database, now)
        self.listings = ListingDesk(database, self.keeper, studio.packs, studio.stores)
        self.orders = OrderDesk(database, self.keeper)
        self.production = ProductionDesk(database, self.keeper)
        self.deciding = Deciding(database, self.keeper)
        self.board = Board(self.keeper)
        self.launch = LaunchDesk(database, self.keeper)
        self.catalogues = CatalogueDesk(database, self.keeper, studio.known.told)
        self.ratings = RatingDesk(database, self.keeper, studio.images)
        self.polls = PollDesk(database, self.keeper, studio.designs)
        self.sales = SalesDesk(database, self.keeper, studio.stores)
        self.shoppers = SimulatedShop(self.keeper, self.orders, seed_of)

    def of(self, visitor: Visitor) -> "Selling":
        """The same for another visitor."""
        return Selling(self._studio.of(visitor), self._now)

    def alike(self, listing: Listing) -> tuple[Alike, ...]:
        """Other listings of the same store, and articles of catalogues, that are nearly the same.

        Of a catalogue only words are known, so only what they tell is compared.
        """
        spec = spec_of(listing.listed.design)
        if spec is None:
            return ()
        own = [
            Other(each.terms.title, other.outfit)
            for each in self.keeper.listings.all()
            if each.id != listing.id
            and each.listed.store_id == listing.listed.store_id
            and each.is_simulated == listing.is_simulated
            and (other := spec_of(each.listed.design)) is not None
        ]
        return nearly_same(spec, [*own, *self.catalogues.others()])

    @property
    def may_write(self) -> bool:
        """Whether the visitor may change anything."""
        return self._studio.visitor.role is not Role.VIEWER

    def sweep(self) -> None:
        """Look at the deadlines that have passed; whoever only looks leaves that to others."""
        if self.may_write:
            self.keeper.sweep()

    @property
    def studio(self) -> Studio:
        """Where the designs are made."""
        return self._studio

    def bring(self, file: IO[bytes], source: str, as_of: datetime | None) -> Batch:
        """Take a file of orders, returns, traffic, votes or products, whichever its columns say.

        Args:
            file: the table.
            source: the shop that orders, returns and products come from.
            as_of: when it was exported; None takes the latest moment that it names.

        Raises:
            OrdersFileError: it is none of these.
        """
        columns = set(read_table(file)[0])
        file.seek(0)
        if set(TRAFFIC_COLUMNS) <= columns:
            return self.launch.import_file(file)
        if set(VOTE_COLUMNS) <= columns:
            return self.polls.import_votes(file)
        if is_catalogue(columns):
            return self.catalogues.import_file(file, source)
        return self.orders.import_file(file, source, as_of)

    def catalogue(self, listing_id: int, base: str) -> tuple[str, bytes]:
        """A listing for shops as one zip; see `catalogue_zip`.

        Raises:
            StudioError: the listing, its picture or something that it has to tell is missing.
        """
        listing = self.keeper.listings.get(listing_id)
        now = self.keeper.now_of(listing)
        return catalogue_zip(listing, Addresses(base), self._studio.images, now)

    def send(self, order_id: int) -> str:
        """Send a production order.

        Returns:
            SHA-256 of the zip that the factory gets.

        Raises:
            StudioError: it was sent before, or was taken back; or its design's picture is missing,
                and then it is not sent.
        """
        listing, drafted = self.production.get(order_id)
        sheets = self._sheets(listing) if drafted.sent_at is None else {}  # slow: nobody waits
        with self._studio.database.transaction():
            name, content = production_pack(listing, self.production.send(order_id), sheets)
            digest = digest_of(content)
            self.keeper.production.keep_pack(order_id, name, content, digest)
        return digest

    def pack(self, order_id: int) -> tuple[str, bytes]:
        """What a factory is sent, as a zip; once it is sent, the very same for ever.

        Raises:
            StudioError: there is no such order, or the design's picture is missing.
        """
        kept = self.keeper.production.pack(order_id)
        if kept is not None:
            return kept
        listing, order = self.production.get(order_id)
        name, content = production_pack(listing, order, self._sheets(listing))
        if order.sent_at is not None and self.may_write:  # sent before packs were kept
            self.keeper.production.keep_pack(order_id, name, content, digest_of(content))
        return name, content

    def _sheets(self, listing: Listing) -> dict[str, bytes]:
        return tech_pack(listing, self._studio.packs, self._studio.designs)


def seed_of(listing: Listing) -> int:
    """The seed of the hidden wish for a listing: of its design and of when it was opened."""
    text = f"{listing.listed.number} {listing.id} {listing.terms.opens.isoformat()}"
    return zlib.crc32(text.encode())
