"""The studio's own routes: a look changes nothing, and what is written down is sent."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from studio.doors.gate import Gate
from studio.doors.policy import DoorPolicy
from studio.perfusion.generator import Generator
from studio.selling.selling import Selling
from studio.services.studio import Studio
from studio.storage.groups import GroupStore
from studio.ui.collection_routes import collection_routes
from studio.ui.routes import studio_routes
from tests.selling.orders import Clock, an_order
from tests.selling.shop import drawn_candidates, open_listing

PLACES = {
    "digest": "",
    "job_id": "1",
    "place": "0",
    "candidate_id": "1",
    "view": "back",
    "name": "flat-front",
    "sheet": "1",
    "listing_id": "1",
    "order_id": "1",
    "family": "caladea",
    "collection_id": "1",
    "store_id": "1",
}
PRINTED = ("/packs", "/blueprints", "/production", "/collections/1.zip", "/collections/1.pdf")
"""They take long: whole sheets at 300 dpi."""
QUERY = "?ids=1,2&title=Which&language=en"


@pytest.fixture
def shop(generator: Generator, tmp_path: Path) -> Iterator[Studio]:
    """A studio with designs, a collection, a listing and its production order."""
    studio = Studio.open(tmp_path / "data", generator, "tiny")
    ids = drawn_candidates(studio, 3)
    studio.collections.start("Autumn", ids[:2])
    selling = Selling(studio, Clock())
    listing = open_listing(selling)
    selling.orders.place(an_order(listing, "1", 10))
    yield studio
    studio.stop()


@pytest.fixture
def client(shop: Studio) -> TestClient:
    routes = [*collection_routes(shop), *studio_routes(shop)]
    return TestClient(Gate(Starlette(routes=routes), DoorPolicy(), shop.accounts))


def looks(studio: Studio) -> list[str]:
    """An address for each route that can be asked for with GET, and one for each kind of file."""
    image = GroupStore(studio.database).get(1).candidates[0].image
    addresses = []
    for route in [*collection_routes(studio), *studio_routes(studio)]:
        assert isinstance(route, Route)
        if "GET" not in (route.methods or ()):
            continue
        for kind in ("html", "pdf", "zip", "csv", "xlsx") if "{kind}" in route.path else ("",):
            places = {**PLACES, "digest": image, "kind": kind}
            addresses.append(route.path.format(**places) + QUERY)
    return addresses


@pytest.mark.parametrize("is_printed", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_looking_at_anything_writes_nothing_into_the_database(shop, client, tmp_path, is_printed):
    [file] = (tmp_path / "data").glob("*.db")
    watcher = sqlite3.connect(file)
    addresses = [each for each in looks(shop) if each.startswith(PRINTED) == is_printed]
    for candidate_id in (1, 2):  # a pack's letter is written down once, by what is in it
        shop.packs.revision(candidate_id, shop.packs.pack(candidate_id))

    before = watcher.execute("PRAGMA data_version").fetchone()
    found = {each: client.get(each).status_code for each in addresses}

    assert watcher.execute("PRAGMA data_version").fetchone() == before
    assert sum(status == 200 for status in found.values()) > len(found) // 2, found
    watcher.close()


def test_a_poll_is_made_by_sending_for_it_in_either_language(shop, client):
    asked = "/polls?ids=1,2,1&title=Which+one%3F"

    by_looking, made = client.get(asked), client.post(f"{asked}&language=zh")

    assert by_looking.status_code == 405
    assert made.headers["content-type"].startswith("text/html")
    assert "图片由 AI 生成" in made.text
    assert '<html lang="zh">' in made.text
    assert made.text.count("data:image/jpeg") == 2
    [poll] = Selling(shop).polls.all()
    assert poll.key in made.headers["content-disposition"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("ids=1,2", 409),
        ("ids=1&title=Which", 409),
        ("ids=1,two&title=Which", 400),
        ("title=Which", 400),
        ("ids=1,2&title=Which&language=klingon", 400),
        ("ids=1,99&title=Which", 409),
    ],
)
def test_a_poll_that_cannot_be_made_is_refused_and_leaves_nothing(shop, client, query, status):
    refused = client.post(f"/polls?{query}")

    assert refused.status_code == status
    assert refused.text.endswith(".")
    assert Selling(shop).polls.all() == ()
