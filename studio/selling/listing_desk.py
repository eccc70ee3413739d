"""The listing desk: from a design to an offer."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from studio.design.families import GARMENT_FAMILIES
from studio.design.spec import DesignSpec
from studio.domain import DesignError
from studio.selling.errors import ListingError, ListingStateError
from studio.selling.fibres import USUAL, read_composition
from studio.selling.gtin import checked_gtin
from studio.selling.keeper import Keeper
from studio.selling.lifecycle import lots_of
from studio.selling.money import Money
from studio.selling.records import Listed, Listing, Scope, State, Terms, Trigger, Variant
from studio.selling.terms_form import changed
from studio.services.briefs import number_of
from studio.services.stores import StoreBook
from studio.services.tech_packs import TechPacks, language_of
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.techpack.pack import Pack
from studio.techpack.said import Language, Said, listed

USUAL_DAYS = 14
USUAL_MINIMUM = 50
_SIZES = ("XS", "S", "M", "L", "XL")


class ListingDesk:
    """Makes listings of designs, changes them while they are drafts, and opens them.

    Args:
        database: a visitor's view of it.
        keeper: moves listings.
        packs: what is known of designs, by the ids of their candidates.
        stores: who sells.
    """

    def __init__(
        self, database: Database, keeper: Keeper, packs: TechPacks, stores: StoreBook
    ) -> None:
        self._database = database
        self._keeper = keeper
        self._packs = packs
        self._stores = stores
        self._groups = GroupStore(database)

    def draft(self, candidate_id: int, is_simulated: bool = False, language: str = "en") -> Listing:
        """A listing of a design, with usual terms that a person goes over.

        Args:
            candidate_id: the design.
            is_simulated: for simulated shoppers; its composition is then the usual one.
            language: of its title and description: "en", "zh" or "both".

        Raises:
            StudioError: there is no such design, its picture is missing, or listings don't speak
                that language.
        """
        spoken = language_of(language)
        group = self._groups.of_candidate(candidate_id)
        candidate = next(each for each in group.candidates if each.id == candidate_id)
        spec = self._packs.spec(candidate_id)
        title = Said(_sentence(", ".join(group.prompt.split(", ")[:3])))
        pack = None if spec is None else self._packs.pack(candidate_id)
        if pack is not None:
            title = pack.title
        store_id = group.request.store_id
        brand = "" if store_id is None else self._stores.get(store_id).name
        listed = Listed(
            store_id=store_id,
            candidate_id=candidate_id,
            number=number_of(group, candidate),
            image=candidate.image,
            design=candidate.design,
        )
        opens = self._keeper.now().replace(second=0, microsecond=0)
        terms = Terms(
            title=_on_one_line(title, spoken),
            description=description(title, pack, spoken),
            brand=brand or "PerFusion Studio",
            price=Money(4990, "EUR"),
            unit_cost=Money(1800, "EUR"),
            minimum=USUAL_MINIMUM,
            scope=Scope.STYLE,
            cap=None,
            opens=opens,
            closes=opens + timedelta(days=USUAL_DAYS),
            time_zone="UTC",
            lead_days=(3, 7, 20),
            trigger=Trigger.THRESHOLD,
            composition=read_composition(usual_composition(spec)) if is_simulated else (),
            sizes=_SIZES,
            colours=(_on_one_line(colour_of(pack), spoken),),
            tolerance=5,
            incoterm=("FOB", "to be agreed"),
        )
        return self._add(listed, terms, is_simulated)

    def copy_for_shoppers(self, listing_id: int) -> Listing:
        """The same offer again, for simulated shoppers; it opens at once.

        Raises:
            UnknownListingError: there is no such listing.
        """
        listing = self._keeper.listings.get(listing_id)
        opens = self._keeper.now().replace(microsecond=0)
        terms = listing.terms
        spec = spec_of(listing.listed.design)
        terms = replace(
            terms,
            opens=opens,
            closes=opens + timedelta(days=USUAL_DAYS),
            composition=terms.composition or read_composition(usual_composition(spec)),
        )
        with self._database.transaction():
            copied = self._add(listing.listed, terms, is_simulated=True)
            self._keeper.listings.set_shopping(copied.id, opens)
            return self.open(copied.id)

    def change(self, listing_id: int, typed: Mapping[str, str]) -> Listing:
        """Change what a draft says; see `terms_form.FIELDS`.

        Raises:
            ListingStateError: it is no draft any more: what people have ordered stays as it was.
            ListingError: a field can't be used.
        """
        with self._database.transaction():
            listing = self._drafted(listing_id)
            self._write(listing, changed(listing.terms, typed))
            return self._keeper.listings.get(listing_id)

    def set_gtins(self, listing_id: int, gtins: Mapping[str, str]) -> Listing:
        """Give a draft's variants article numbers that the brand owns: SKU -> GTIN.

        Raises:
            ListingStateError: it is no draft any more.
            ListingError: one is no GTIN, or is there twice.
        """
        with self._database.transaction():
            listing = self._drafted(listing_id)
            made = [
                replace(each, gtin=checked_gtin(gtins.get(each.sku, each.gtin)))
                for each in listing.variants
            ]
            given = [each.gtin for each in made if each.gtin]
            if len(set(given)) < len(given):
                raise ListingError("Each size and colour has a GTIN of its own; two are the same.")
            self._keeper.listings.replace_variants(listing_id, made)
            return self._keeper.listings.get(listing_id)

    def open(self, listing_id: int) -> Listing:
        """Offer a draft: from now on orders count.

        Raises:
            ListingError: it lacks its composition, or its deadline has passed.
            ListingStateError: it is no draft.
        """
        with self._database.transaction():
            listing = self._drafted(listing_id)
            if not listing.terms.composition:
                raise ListingError(
                    "Say what it is made of, by part and with percentages: customers in the EU "
                    "have to see that before they buy."
                )
            if self._keeper.is_closed(listing):
                raise ListingError("The deadline has passed. Choose a later one, then open it.")
            for lot in listing.lots:
                self._keeper.move(listing, lot, "opened", {}, "person")
            return self._keeper.listings.get(listing_id)

    def _add(self, listed: Listed, terms: Terms, is_simulated: bool) -> Listing:
        with self._database.transaction():
            now = self._keeper.now()
            listing_id = self._keeper.listings.add(listed, terms, is_simulated, now)
            self._write(self._keeper.listings.get(listing_id), terms)
            return self._keeper.listings.get(listing_id)

    def _write(self, listing: Listing, terms: Terms) -> None:
        """Keep a draft's terms, with the variants and lots that follow from them."""
        self._keeper.listings.change(listing.id, terms)
        gtins = {(each.colour, each.size): each.gtin for each in listing.variants}
        self._keeper.listings.replace_variants(
            listing.id,
            [
                Variant(
                    id=0,
                    size=size,
                    colour=colour,
                    sku=sku_of(listing, colour_place, colour, size),
                    gtin=gtins.get((colour, size), ""),
                )
                for colour_place, colour in enumerate(terms.colours, 1)
                for size in terms.sizes
            ],
        )
        lots = lots_of(terms)
        self._keeper.listings.replace_lots(listing.id, lots)
        self._keeper.tell(listing, "", "drafted", {"lots": list(lots)}, "person")

    def _drafted(self, listing_id: int) -> Listing:
        listing = self._keeper.listings.get(listing_id)
        if listing.state is not State.DRAFT:
            raise ListingStateError(
                f"This listing is {listing.state}, so what it says stays as people ordered it. "
                "List the design again to change it."
            )
        return listing


def spec_of(design: str) -> DesignSpec | None:
    """A design's record; None where none can be read."""
    try:
        return DesignSpec.from_json(design) if design else None
    except DesignError:
        return None


def colour_of(pack: Pack | None) -> Said:
    """The colour by which customers know a design."""
    return _AS_PICTURED if pack is None else pack.colours[0].name


def _on_one_line(said: Said, language: Language) -> str:
    return said.told(language).replace("\n", " · ")


def usual_composition(spec: DesignSpec | None) -> str:
    """What a design's fabric is usually made of: a hint."""
    return USUAL["cotton"] if spec is None else USUAL[spec["fabric"]]


_AS_PICTURED = Said("as pictured", "如图")
_MADE_TO_ORDER = Said(
    "{title}. Designed with AI, made to order: it is produced once enough are ordered.",
    "{title}。由 AI 设计，按单生产：订够数量才投产。",
)
_DETAIL = Said("{family}: {value}", "{family}：{value}")
_COLOURS = Said("Colours: {colours}", "颜色：{colours}")
_COLOUR = Said("{name} ({part})", "{name}（{part}）")


def description(title: Said, pack: Pack | None, language: Language) -> str:
    """What a listing says of a design: what it is, then its details, each by its family."""
    lines = [_MADE_TO_ORDER.filled(title=title)]
    if pack is not None:
        lines += [
            _DETAIL.filled(family=Said(_sentence(each.name.en), each.name.zh), value=each.said.said)
            for each in pack.choices
            if each.family in GARMENT_FAMILIES and each.family not in ("category", "colour")
        ]
        colours = listed(_COLOUR.filled(name=each.name, part=each.part) for each in pack.colours)
        lines.append(_COLOURS.filled(colours=colours))
    return "\n".join(line.told(language) for line in lines)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def sku_of(listing: Listing, colour_place: int, colour: str, size: str) -> str:
    """An article's number: design, listing, colour and size, in letters that every system takes."""
    number = listing.listed.number.replace("PF-", "PF").lstrip("=")
    return "-".join(
        [number, f"L{listing.id}", f"{colour_place}{_letters(colour)[:8]}", _letters(size)]
    )


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^A-Za-z0-9]+", "", plain).upper()
    return kept or f"U{sum(map(ord, text)) % 10_000}"
