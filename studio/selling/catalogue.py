"""Listings for shops: Shopify, WooCommerce, Google Merchant Center, and data for search engines."""

import csv
import html
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from studio.selling.errors import FeedError, ListingError
from studio.selling.fibres import for_customers
from studio.selling.gtin import checked_gtin
from studio.selling.instants import to_text
from studio.selling.pictures import FORMATS, pictures_of, views_of
from studio.selling.production_pack import SIMULATED_NAME, same_zip
from studio.selling.records import Listing, State, Variant
from studio.selling.spreadsheet import written
from studio.storage.image_files import ImageFiles

SHOPIFY_COLUMNS = (
    "Title",
    "URL handle",
    "Description",
    "Vendor",
    "Product category",
    "Type",
    "Tags",
    "Published on online store",
    "Status",
    "SKU",
    "Barcode",
    "Option1 name",
    "Option1 value",
    "Option1 Linked To",
    "Option2 name",
    "Option2 value",
    "Option2 Linked To",
    "Option3 name",
    "Option3 value",
    "Option3 Linked To",
    "Price",
    "Compare-at price",
    "Cost per item",
    "Charge tax",
    "Tax code",
    "Unit price total measure",
    "Unit price total measure unit",
    "Unit price base measure",
    "Unit price base measure unit",
    "Inventory tracker",
    "Inventory quantity",
    "Continue selling when out of stock",
    "Weight value (grams)",
    "Weight unit for display",
    "Requires shipping",
    "Fulfillment service",
    "Product image URL",
    "Image position",
    "Image alt text",
    "Variant image URL",
    "Gift card",
    "SEO title",
    "SEO description",
)
"""The product table that Shopify reads now."""
_OLD_SHOPIFY = {
    "handle": "url handle",
    "body (html)": "description",
    "variant sku": "sku",
    "variant barcode": "barcode",
    "variant price": "price",
}
"""Columns of Shopify's earlier table -> what they are called now."""
WOOCOMMERCE_COLUMNS = (
    "ID",
    "Type",
    "SKU",
    "GTIN, UPC, EAN, or ISBN",
    "Name",
    "Published",
    "Is featured?",
    "Visibility in catalog",
    "Short description",
    "Description",
    "Tax status",
    "In stock?",
    "Stock",
    "Backorders allowed?",
    "Regular price",
    "Categories",
    "Tags",
    "Images",
    "Parent",
    "Position",
    "Attribute 1 name",
    "Attribute 1 value(s)",
    "Attribute 1 visible",
    "Attribute 1 global",
    "Attribute 2 name",
    "Attribute 2 value(s)",
    "Attribute 2 visible",
    "Attribute 2 global",
)
MERCHANT_COLUMNS = (
    "id",
    "title",
    "description",
    "link",
    "image_link",
    "additional_image_link",
    "availability",
    "availability_date",
    "price",
    "brand",
    "gtin",
    "identifier_exists",
    "condition",
    "item_group_id",
    "color",
    "size",
    "material",
    "age_group",
    "gender",
)
FARTHEST_DATE = timedelta(days=365)
"""How far ahead Google lets an availability date lie."""
_OFFERED = (State.OPEN, State.REACHED, State.IN_PRODUCTION)


@dataclass(frozen=True)
class Addresses:
    """Where the shop has its product pages and pictures.

    Attributes:
        base: such as "https://shop.example/"; empty where there is none yet.
    """

    base: str

    def __post_init__(self) -> None:
        """Refuse what is no address.

        Raises:
            FeedError: it is none of the web.
        """
        parts = urlsplit(self.base)
        if self.base and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise FeedError("Write the shop's address with https, as in https://shop.example/.")

    def of(self, *names: str) -> str:
        """An address of the shop; empty where it has none."""
        return "/".join([self.base.rstrip("/"), *map(quote, names)]) if self.base else ""


def shopify_csv(listing: Listing, shop: Addresses, pictures: tuple[str, ...]) -> bytes:
    """The product table of Shopify: it sells on at no stock, and a person publishes it.

    Args:
        listing: what is offered.
        shop: where its pictures lie; without an address they are uploaded by hand.
        pictures: their names.
    """
    terms, rows = listing.terms, []
    sold_on = "FALSE" if terms.cap is not None else "TRUE"
    for place, variant in enumerate(_variants(listing)):
        row = {
            "Title": terms.title,
            "URL handle": handle_of(listing),
            "SKU": variant.sku,
            "Barcode": variant.gtin,
            "Option1 name": "Color",
            "Option1 value": variant.colour,
            "Option2 name": "Size",
            "Option2 value": variant.size,
            "Price": str(terms.price),
            "Cost per item": str(terms.unit_cost),
            "Charge tax": "TRUE",
            "Inventory tracker": "shopify",
            "Inventory quantity": str(terms.cap // len(listing.variants) if terms.cap else 0),
            "Continue selling when out of stock": sold_on,
            "Requires shipping": "TRUE",
            "Fulfillment service": "manual",
            "Gift card": "FALSE",
        }
        if place == 0:
            row |= {
                "Description": _html(listing),
                "Vendor": terms.brand,
                "Tags": ", ".join(_tags(listing)),
                "Published on online store": "FALSE",
                "Status": "Draft",
                "SEO title": terms.title[:70],
            }
        if shop.base and place < len(pictures):
            row |= {
                "Product image URL": shop.of("pictures", pictures[place]),
                "Image position": str(place + 1),
                "Image alt text": terms.title,
            }
        rows.append(row)
    return written(SHOPIFY_COLUMNS, rows)


def read_shopify(content: bytes) -> list[dict[str, str]]:
    """The variants of a product table of Shopify, by today's or the earlier names of its columns.

    Returns:
        For each: title, handle, sku, barcode, price and options, with what stands in a product's
        first row only handed down.

    Raises:
        FeedError: it is no such table.
    """
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    names = {
        name: _OLD_SHOPIFY.get(name.casefold(), name.casefold()) for name in reader.fieldnames or ()
    }
    if not {"title", "sku", "price", "url handle"} <= set(names.values()):
        raise FeedError(
            "That is no product table of Shopify: Title, SKU, Price or handle is missing."
        )
    found, heads = [], dict[str, dict[str, str]]()
    for raw in reader:
        row = {names[name]: (cell or "").strip() for name, cell in raw.items() if name in names}
        head = heads.setdefault(row["url handle"], row)
        if not row["sku"]:
            continue
        given = {
            name: row.get(name) or head.get(name, "")
            for name in ("title", "url handle", "option1 name", "option2 name")
        }
        found.append(
            {
                **given,
                "sku": row["sku"],
                "barcode": row.get("barcode", ""),
                "price": row["price"],
                "option1 value": row.get("option1 value", ""),
                "option2 value": row.get("option2 value", ""),
            }
        )
    return found


def woocommerce_csv(listing: Listing, shop: Addresses, pictures: tuple[str, ...]) -> bytes:
    """The product table of WooCommerce: a product that is not public yet, and its variations."""
    terms = listing.terms
    parent = f"{listing.listed.number}-L{listing.id}"
    colours = dict.fromkeys(each.colour for each in _variants(listing))
    sizes = dict.fromkeys(each.size for each in _variants(listing))
    rows = [
        {
            "Type": "variable",
            "SKU": parent,
            "Name": terms.title,
            "Published": "-1",
            "Visibility in catalog": "visible",
            "Description": _html(listing),
            "Tax status": "taxable",
            "In stock?": "1",
            "Tags": ", ".join(_tags(listing)),
            "Images": ", ".join(shop.of("pictures", each) for each in pictures if shop.base),
            "Position": "0",
            "Attribute 1 name": "Color",
            "Attribute 1 value(s)": ", ".join(colours),
            "Attribute 1 visible": "1",
            "Attribute 1 global": "1",
            "Attribute 2 name": "Size",
            "Attribute 2 value(s)": ", ".join(sizes),
            "Attribute 2 visible": "1",
            "Attribute 2 global": "1",
        }
    ]
    for place, variant in enumerate(_variants(listing), 1):
        rows.append(
            {
                "Type": "variation",
                "SKU": variant.sku,
                "GTIN, UPC, EAN, or ISBN": variant.gtin,
                "Name": f"{terms.title} - {variant.colour}, {variant.size}",
                "Published": "1",
                "In stock?": "1",
                "Stock": "0",
                "Backorders allowed?": "notify",
                "Regular price": str(terms.price),
                "Parent": parent,
                "Position": str(place),
                "Attribute 1 name": "Color",
                "Attribute 1 value(s)": variant.colour,
                "Attribute 1 global": "1",
                "Attribute 2 name": "Size",
                "Attribute 2 value(s)": variant.size,
                "Attribute 2 global": "1",
            }
        )
    return written(WOOCOMMERCE_COLUMNS, rows)


def merchant_feed(
    listing: Listing,
    shop: Addresses,
    pictures: tuple[str, ...],
    now: datetime,
    available: datetime | None = None,
) -> bytes:
    """A feed for Google Merchant Center, with tabs between its columns.

    Args:
        listing: what is offered.
        shop: its address; Google wants pages and pictures on the web.
        pictures: names of the pictures.
        now: dates may lie a year ahead at most.
        available: when the goods can be sent; None reckons from the deadline and the lead time.

    Raises:
        FeedError: something that Google asks for is missing or can't be right.
    """
    terms = listing.terms
    available = available or terms.closes + timedelta(days=terms.lead_days[1])
    rows = []
    for variant in _variants(listing):
        rows.append(
            {
                "id": variant.sku,
                "title": f"{terms.title} - {variant.colour}, {variant.size}"[:150],
                "description": terms.description.replace("\n", " "),
                "link": shop.of("products", handle_of(listing)),
                "image_link": shop.of("pictures", pictures[0]) if pictures else "",
                "additional_image_link": ",".join(
                    shop.of("pictures", each) for each in pictures[1:]
                ),
                "availability": "preorder",
                "availability_date": to_text(available),
                "price": f"{terms.price} {terms.price.currency}",
                "brand": terms.brand,
                "gtin": variant.gtin,
                "identifier_exists": "yes" if variant.gtin else "no",
                "condition": "new",
                "item_group_id": f"L{listing.id}",
                "color": variant.colour,
                "size": variant.size,
                "material": for_customers(terms.composition),
                "age_group": "adult",
                "gender": "female",
            }
        )
    for row in rows:
        check_merchant_row(row, now)
    return written(MERCHANT_COLUMNS, rows, delimiter="\t")


def check_merchant_row(row: Mapping[str, str], now: datetime) -> None:
    """Refuse a row that Google would refuse, or that would not be true.

    Raises:
        FeedError: a sentence about what is missing.
    """
    if row["availability"] in ("preorder", "backorder"):
        if not row["availability_date"]:
            raise FeedError("A pre-order needs the date from which it can be sent.")
        date = datetime.fromisoformat(row["availability_date"])
        if not now < date <= now + FARTHEST_DATE:
            raise FeedError(
                "The date from which it can be sent lies ahead, by a year at most. Change the "
                "listing's deadline or its days to delivery."
            )
    try:
        checked_gtin(row["gtin"])
    except ListingError as error:
        raise FeedError(str(error)) from None
    if not row["material"]:
        raise FeedError("Say what it is made of, by part and with percentages, before it is shown.")
    missing = [name for name in ("link", "image_link", "brand", "title") if not row[name]]
    if missing:
        raise FeedError(
            f"The feed needs {', '.join(missing)}. Say the shop's address, as in "
            "https://shop.example/."
        )


def json_ld(listing: Listing, shop: Addresses, pictures: tuple[str, ...]) -> bytes:
    """The listing as schema.org data, for the product's page."""
    terms = listing.terms
    record = {
        "@context": "https://schema.org",
        "@type": "ProductGroup",
        "productGroupID": f"L{listing.id}",
        "name": terms.title,
        "description": terms.description,
        "brand": {"@type": "Brand", "name": terms.brand},
        "material": for_customers(terms.composition),
        "variesBy": ["https://schema.org/color", "https://schema.org/size"],
        "image": [
            {
                "@type": "ImageObject",
                "contentUrl": shop.of("pictures", each) or f"pictures/{each}",
                "digitalSourceType": "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
            }
            for each in pictures
        ],
        "hasVariant": [
            {
                "@type": "Product",
                "sku": each.sku,
                **({"gtin": each.gtin} if each.gtin else {}),
                "color": each.colour,
                "size": each.size,
                "offers": {
                    "@type": "Offer",
                    "price": str(terms.price),
                    "priceCurrency": terms.price.currency,
                    "availability": "https://schema.org/PreOrder",
                    "validFrom": to_text(terms.opens),
                    "priceValidUntil": to_text(terms.closes),
                    "availabilityStarts": to_text(
                        terms.closes + timedelta(days=terms.lead_days[1])
                    ),
                },
            }
            for each in _variants(listing)
        ],
    }
    return (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode()


def catalogue_zip(
    listing: Listing, shop: Addresses, images: ImageFiles, now: datetime
) -> tuple[str, bytes]:
    """A listing for every shop, with its pictures in every format; the same twice.

    Without an address of the shop there is no feed for Google, which takes none without.

    Returns:
        File name and content.

    Raises:
        FeedError: something that customers have to be told is missing.
    """
    check_offered(listing)
    files: dict[str, bytes] = {}
    names: tuple[str, ...] = ()
    views = views_of(listing, images)
    for kind in FORMATS:
        shown = pictures_of(listing, views, kind)
        files |= {f"pictures/{each.name}": each.content for each in shown}
        names = tuple(each.name for each in shown) if kind == "png" else names
    files["shopify.csv"] = shopify_csv(listing, shop, names)
    files["woocommerce.csv"] = woocommerce_csv(listing, shop, names)
    files["product.jsonld"] = json_ld(listing, shop, names)
    if shop.base:
        files["google-merchant.tsv"] = merchant_feed(listing, shop, names, now)
    stem = f"{listing.listed.number}-L{listing.id}"
    if listing.is_simulated:
        stem = f"{SIMULATED_NAME}-{stem}"
        files[f"{SIMULATED_NAME}.txt"] = b"For simulated shoppers. Not to be offered to anybody.\n"
    return f"{stem}.zip", same_zip(files)


def check_offered(listing: Listing) -> None:
    """Refuse a listing that customers can't be shown.

    Raises:
        FeedError: it has no composition, or is not on offer.
    """
    if not listing.terms.composition:
        raise FeedError(
            "Say what it is made of, by part and with percentages, before it is shown to anybody."
        )
    if listing.state not in _OFFERED:
        raise FeedError("Open the listing first; then it can be taken to shops.")


def handle_of(listing: Listing) -> str:
    """The listing's part of an address."""
    return f"{listing.listed.number}-l{listing.id}".casefold()


def _variants(listing: Listing) -> tuple[Variant, ...]:
    return tuple(each for each in listing.variants if not each.is_dropped)


def _tags(listing: Listing) -> tuple[str, ...]:
    simulated = ("simulated",) if listing.is_simulated else ()
    return ("pre-order", "designed with AI", *simulated)


def _html(listing: Listing) -> str:
    terms = listing.terms
    lines = [*terms.description.split("\n"), f"Composition: {for_customers(terms.composition)}"]
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines if line.strip())
