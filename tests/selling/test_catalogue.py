"""Acceptance checks 15 and 16 of selling: what shops are given."""

import io
import json
import zipfile
from datetime import timedelta

import pandas as pd
import pytest
from PIL import Image

from studio.selling.catalogue import (
    MERCHANT_COLUMNS,
    SHOPIFY_COLUMNS,
    WOOCOMMERCE_COLUMNS,
    Addresses,
    check_merchant_row,
    merchant_feed,
    read_shopify,
    shopify_csv,
)
from studio.selling.errors import FeedError
from studio.selling.pictures import is_marked, marked
from tests.selling.orders import START
from tests.selling.shop import open_listing

PINNED = (
    "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,"
    "Status,SKU,Barcode,Option1 name,Option1 value,Option1 Linked To,Option2 name,Option2 value,"
    "Option2 Linked To,Option3 name,Option3 value,Option3 Linked To,Price,Compare-at price,"
    "Cost per item,Charge tax,Tax code,Unit price total measure,Unit price total measure unit,"
    "Unit price base measure,Unit price base measure unit,Inventory tracker,Inventory quantity,"
    "Continue selling when out of stock,Weight value (grams),Weight unit for display,"
    "Requires shipping,Fulfillment service,Product image URL,Image position,Image alt text,"
    "Variant image URL,Gift card,SEO title,SEO description"
)
SHOP = "https://shop.example"


def files_of(selling, listing, base=SHOP):
    _, content = selling.catalogue(listing.id, base)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_15_shopify_s_table_reads_back_the_same_variants(selling):
    listing = open_listing(selling, colours="navy, red")
    content = shopify_csv(listing, Addresses(SHOP), ("a.png", "b.png"))

    back = read_shopify(content)

    assert content.decode().splitlines()[0] == PINNED == ",".join(SHOPIFY_COLUMNS)
    assert [(each["sku"], each["option1 value"], each["option2 value"]) for each in back] == [
        (each.sku, each.colour, each.size) for each in listing.variants
    ]
    assert {each["title"] for each in back} == {listing.terms.title}
    assert {each["price"] for each in back} == {"49.90"}


def test_15_shopify_s_earlier_table_is_read_too():
    old = (
        "Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src\n"
        "dress,Dress,<p>x</p>,Size,S,A-S,49.90,\ndress,,,,M,A-M,49.90,\n"
    )

    back = read_shopify(old.encode())

    assert [(each["title"], each["sku"], each["option1 name"]) for each in back] == [
        ("Dress", "A-S", "Size"),
        ("Dress", "A-M", "Size"),
    ]


def test_15_every_picture_in_every_format_says_that_a_machine_made_it(selling):
    files = files_of(selling, open_listing(selling))
    pictures = {name: content for name, content in files.items() if name.startswith("pictures/")}

    assert {name.rsplit(".", 1)[1] for name in pictures} == {"png", "jpg", "webp"}
    assert len(pictures) == 4 * 3
    assert {name.split("-", 3)[3].rsplit(".", 1)[0] for name in pictures} == {
        "front",
        "back",
        "flat-front",
        "flat-back",
    }
    assert all(map(is_marked, pictures.values()))
    assert not is_marked(unmarked(Image.new("RGB", (8, 8))))
    assert is_marked(marked(Image.new("RGB", (8, 8)), "webp"))


def unmarked(image):
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_15_the_exports_open_in_pandas_and_are_the_same_twice(selling):
    listing = open_listing(selling, colours="navy, red")
    files = files_of(selling, listing)

    shopify = pd.read_csv(io.BytesIO(files["shopify.csv"]))
    woo = pd.read_csv(io.BytesIO(files["woocommerce.csv"]))
    google = pd.read_csv(io.BytesIO(files["google-merchant.tsv"]), sep="\t")
    data = json.loads(files["product.jsonld"])

    assert tuple(shopify.columns) == SHOPIFY_COLUMNS
    assert tuple(woo.columns) == WOOCOMMERCE_COLUMNS
    assert tuple(google.columns) == MERCHANT_COLUMNS
    assert woo["Type"].tolist() == ["variable"] + ["variation"] * 4
    assert set(woo["Parent"].dropna()) == {woo["SKU"][0]}
    assert set(google["availability"]) == {"preorder"}
    assert set(google["identifier_exists"]) == {"no"}
    assert data["hasVariant"][0]["offers"]["availability"] == "https://schema.org/PreOrder"
    assert all("TrainedAlgorithmicMedia" in each["digitalSourceType"] for each in data["image"])
    assert files == files_of(selling, listing)


def test_16_a_feed_that_can_t_be_true_is_refused_with_a_sentence(selling):
    listing = open_listing(selling)
    feed = merchant_feed(listing, Addresses(SHOP), ("a.png",), START).decode()
    names, first = (line.split("\t") for line in feed.splitlines()[:2])
    row = dict(zip(names, first, strict=True))
    check_merchant_row(row, START)

    for change, told in (
        ({"availability_date": ""}, "needs the date"),
        ({"availability_date": "2028-01-01T00:00:00+00:00"}, "a year at most"),
        ({"gtin": "4006381333932"}, "check digit"),
        ({"gtin": "2000000000008"}, "within a company"),
        ({"material": ""}, "made of"),
        ({"link": ""}, "shop's address"),
    ):
        with pytest.raises(FeedError, match=told):
            check_merchant_row({**row, **change}, START)
    with pytest.raises(FeedError, match="a year at most"):
        merchant_feed(listing, Addresses(SHOP), ("a.png",), START, START + timedelta(days=400))
    with pytest.raises(FeedError, match="https"):
        Addresses("javascript:alert(1)")


def test_a_draft_is_not_taken_to_shops(selling):
    listing = selling.listings.draft(1)

    with pytest.raises(FeedError, match="made of"):
        selling.catalogue(listing.id, "")


def test_what_is_simulated_says_so_in_its_name_and_inside(selling):
    copied = selling.listings.copy_for_shoppers(open_listing(selling).id)

    name, _ = selling.catalogue(copied.id, "")
    files = files_of(selling, copied, "")

    assert name.startswith("SIMULATED-")
    assert "SIMULATED.txt" in files
    assert "simulated" in files["shopify.csv"].decode()
