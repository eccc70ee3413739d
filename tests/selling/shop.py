"""A small shop for the tests: designs that were drawn, listings that are open, orders."""

import csv
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache

from studio.design.spec import DesignSpec, spec_of_values
from studio.domain import GenerationRequest, NewCandidate, NewGroup, RoundRequest
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.selling.records import Listing
from studio.selling.selling import Selling
from studio.services.recipe import Recipe, png_with_recipe
from studio.services.studio import Studio
from studio.storage.groups import GroupStore
from tests.selling.orders import START

COTTON = "shell: cotton 95, elastane 5"
COLOURS = ("navy", "red", "mint", "camel")
REQUEST = GenerationRequest(prompt="dress", num_candidates=3, seed=7)


def design(colour: str) -> DesignSpec:
    return spec_of_values({"category": "dress", "colour": colour, "fabric": "cotton"}, {"category"})


@lru_cache
def drawn(colour: str) -> bytes:
    spec = design(colour)
    recipe = Recipe(
        request=REQUEST,
        prompt="dress",
        seed=7,
        num_inference_steps=4,
        guidance_scale=1.0,
        checkpoint="tiny",
        design=spec.to_json(),
    )
    return png_with_recipe(picture(draw_croquis(spec), 256), recipe)


def drawn_candidates(studio: Studio, count: int) -> list[int]:
    """A round of designs with their pictures, as the worker keeps them; returns their ids."""
    colours = [COLOURS[place % len(COLOURS)] for place in range(count)]
    groups = GroupStore(studio.database)
    group_id = groups.add(
        NewGroup(
            request=RoundRequest(generation=REQUEST),
            prompt="dress",
            checkpoint="tiny",
            candidates=tuple(
                NewCandidate(
                    seed=7 + place,
                    image=studio.images.write(drawn(colour)),
                    design=design(colour).to_json(),
                )
                for place, colour in enumerate(colours)
            ),
            made_at=START,
        )
    )
    return [each.id for each in groups.get(group_id).candidates]


def open_listing(selling: Selling, candidate_id: int = 1, **typed: str) -> Listing:
    """A listing that takes orders for two weeks; the fields of the form can be chosen."""
    listing = selling.listings.draft(candidate_id)
    form = {"minimum": "10", "sizes": "S, M", "colours": "navy", "composition": COTTON, **typed}
    selling.listings.change(listing.id, form)
    return selling.listings.open(listing.id)


SHOPIFY_COLUMNS = (
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at",
    "Accepts Marketing", "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code",
    "Discount Amount", "Shipping Method", "Created at", "Lineitem quantity", "Lineitem name",
    "Lineitem price", "Lineitem compare at price", "Lineitem sku", "Lineitem requires shipping",
    "Lineitem taxable", "Lineitem fulfillment status", "Billing Name", "Billing Street",
    "Billing Address1", "Billing Address2", "Billing Company", "Billing City", "Billing Zip",
    "Billing Province", "Billing Country", "Billing Phone", "Shipping Name", "Shipping Street",
    "Shipping Address1", "Shipping Address2", "Shipping Company", "Shipping City",
    "Shipping Zip", "Shipping Province", "Shipping Country", "Shipping Phone", "Notes",
    "Note Attributes", "Cancelled at", "Payment Method", "Payment Reference", "Refunded Amount",
    "Vendor", "Outstanding Balance", "Employee", "Location", "Device ID", "Id", "Tags",
    "Risk Level", "Source", "Lineitem discount", "Tax 1 Name", "Tax 1 Value", "Tax 2 Name",
    "Tax 2 Value", "Tax 3 Name", "Tax 3 Value", "Tax 4 Name", "Tax 4 Value", "Tax 5 Name",
    "Tax 5 Value", "Phone", "Receipt Number", "Duties", "Billing Province Name",
    "Shipping Province Name", "Payment ID", "Payment Terms Name", "Next Payment Due At",
    "Payment References",
)  # fmt: skip
"""The header of Shopify's export of orders, as it comes."""


def shopify_rows(
    order_id: str,
    name: str,
    lines: Sequence[tuple[str, int]],
    **head: str,
) -> list[dict[str, str]]:
    """An order as Shopify exports it: what is of the order stands in its first row only."""
    first = {
        "Email": "somebody@example.com",
        "Financial Status": "paid",
        "Paid at": "2026-10-02 09:50:26 +0200",
        "Currency": "EUR",
        "Created at": "2026-10-02 09:50:26 +0200",
        "Billing Name": "Some Body",
        "Shipping Zip": "'01067",
        "Notes": "please ring,\ntwice",
        "Id": order_id,
        **head,
    }
    rows = []
    for place, (sku, quantity) in enumerate(lines):
        rows.append(
            {
                "Name": name,
                "Lineitem quantity": str(quantity),
                "Lineitem name": f"Dress - {sku}",
                "Lineitem price": "49.90",
                "Lineitem sku": sku,
                **(first if place == 0 else {}),
            }
        )
    return rows


def table(
    rows: Sequence[Mapping[str, str]],
    columns: Sequence[str] = SHOPIFY_COLUMNS,
    delimiter: str = ",",
    mark: bytes = b"",
) -> io.BytesIO:
    """Rows as a file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(mark + text.getvalue().encode())


def tables_of(selling: Selling) -> dict[str, list[tuple[object, ...]]]:
    """All that selling keeps, without row ids and the batches, to compare two ways to the same."""
    wanted = {
        "orders": "SELECT source, external_id, name, placed_at, is_firm, is_paid FROM orders "
        "ORDER BY source, external_id",
        "lines": "SELECT source, external_id, key, variant_id, ordered - cancelled, returned "
        "FROM order_lines JOIN orders ON orders.id = order_id ORDER BY source, external_id, key",
        "lots": "SELECT * FROM lots ORDER BY listing_id, colour",
        "production": "SELECT listing_id, batch, colour, state FROM production_orders",
    }
    with selling.studio.database.reading() as connection:
        return {
            name: [tuple(row) for row in connection.execute(query)]
            for name, query in wanted.items()
        }
