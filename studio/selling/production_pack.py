"""What a factory is sent: one zip with the order, its quantities and the design's tech pack."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping

from studio.selling.fibres import told
from studio.selling.instants import to_text, zone_of
from studio.selling.production_sheet import order_sheet
from studio.selling.records import Listing, ProductionOrder
from studio.selling.spreadsheet import written
from studio.services.designs import DesignFiles
from studio.services.tech_packs import TechPacks

_ALWAYS = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a zip: the same content is to give the same bytes."""
SIMULATED_NAME = "SIMULATED"
LANGUAGE = "both"
"""Of the sheets: a factory may read either."""
_COLUMNS = (
    "production order",
    "design",
    "style",
    "colour",
    "size",
    "sku",
    "quantity",
    "unit cost",
    "currency",
)


def order_number(order: ProductionOrder) -> str:
    """What people call a production order: listing and batch."""
    return f"PO-{order.listing_id:05d}-{order.batch}"


def production_pack(
    listing: Listing, order: ProductionOrder, sheets: Mapping[str, bytes]
) -> tuple[str, bytes]:
    """The zip of a production order; the same order and sheets give the same bytes.

    Args:
        listing: what it is of.
        order: with its quantities.
        sheets: see `tech_pack`.

    Returns:
        File name and content.
    """
    number = order_number(order)
    files = {
        f"{number}.csv": quantities_csv(listing, order),
        f"{number}.json": _facts(listing, order),
        f"{number}.html": order_sheet(listing, order, number, listing.is_simulated),
        **sheets,
    }
    if listing.is_simulated:
        note = "Made of orders by simulated shoppers. Nothing of this is to be produced.\n"
        files[f"{SIMULATED_NAME}.txt"] = note.encode()
    name = f"{SIMULATED_NAME}-{number}.zip" if listing.is_simulated else f"{number}.zip"
    return name, same_zip(files)


def tech_pack(listing: Listing, packs: TechPacks, designs: DesignFiles) -> dict[str, bytes]:
    """What a pattern maker works from, by file name: all sheets and drawings, in both languages.

    It takes some seconds. A picture that no design is known of has its one sheet.

    Raises:
        StudioError: the design or its picture is missing.
    """
    candidate_id, zone = listing.listed.candidate_id, zone_of(listing.terms.time_zone)
    if packs.spec(candidate_id) is None:
        name, content = designs.blueprint(candidate_id, LANGUAGE, zone)
        return {name: content}
    return dict(packs.files(candidate_id, LANGUAGE, zone))


def quantities_csv(listing: Listing, order: ProductionOrder) -> bytes:
    """The pieces of each size and colour, and all together in the last row."""
    terms, number = listing.terms, order_number(order)
    alike = {"production order": number, "design": listing.listed.number, "style": terms.title}
    rows = [
        {
            **alike,
            "colour": each.colour,
            "size": each.size,
            "sku": each.sku,
            "quantity": str(order.quantities[each.id]),
            "unit cost": str(terms.unit_cost),
            "currency": terms.unit_cost.currency,
        }
        for each in listing.variants
        if each.id in order.quantities
    ]
    rows.append(
        {**alike, "size": "all", "quantity": str(order.ordered), "currency": terms.price.currency}
    )
    return written(_COLUMNS, rows)


def digest_of(content: bytes) -> str:
    """SHA-256 of what is sent."""
    return hashlib.sha256(content).hexdigest()


def same_zip(files: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """Files in one zip, by name, without anything of the day on which it was made."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in sorted(dict(files).items()):
            info = zipfile.ZipInfo(name, _ALWAYS)
            info.external_attr = 0o644 << 16
            info.create_system = 3
            info.compress_type = zipfile.ZIP_STORED
            archive.writestr(info, content)
    return file.getvalue()


def _facts(listing: Listing, order: ProductionOrder) -> bytes:
    terms = listing.terms
    most = order.ordered * (100 + order.tolerance) // 100
    least = -(-order.ordered * (100 - order.tolerance) // 100)
    record = {
        "production_order": order_number(order),
        "batch": order.batch,
        "is_simulated": listing.is_simulated,
        "buyer": terms.brand,
        "design": listing.listed.number,
        "style": terms.title,
        "issued": None if order.sent_at is None else to_text(order.sent_at),
        "ship_by": to_text(order.ship_by),
        "incoterm": order.incoterm[0],
        "place": order.incoterm[1],
        "pieces": order.ordered,
        "tolerance_percent": order.tolerance,
        "accepted_from": least,
        "accepted_to": most,
        "unit_cost": str(terms.unit_cost),
        "total_cost": str(terms.unit_cost * order.ordered),
        "currency": terms.unit_cost.currency,
        "composition": told(terms.composition),
        "lead_days": list(terms.lead_days),
    }
    return (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode()
