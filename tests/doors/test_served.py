"""The doors of a studio that is really served, with Gradio behind them."""

import http.client
from collections.abc import Iterator
from urllib.parse import urlparse

import pytest

from tests.serving import served

LOOKS = {"/": 200, "/zh": 200, "/config": 200, "/gradio_api/info": 200}


@pytest.fixture(scope="module")
def address(generator, tmp_path_factory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("data"), generator) as address:
        yield address


def ask(
    address: str, method: str, path: str, body: bytes = b"", **headers: str
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlparse(address).netloc, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body or None, named)
    return connection.getresponse()


@pytest.mark.parametrize("path", LOOKS)
def test_the_page_is_there_for_its_own_machine_and_says_what_it_may_do(address, path):
    reply = ask(address, "GET", path)

    assert reply.status == LOOKS[path]
    assert "frame-ancestors 'self'" in (reply.getheader("content-security-policy") or "")
    assert reply.getheader("x-content-type-options") == "nosniff"


@pytest.mark.parametrize("path", [*LOOKS, "/rounds.zip", "/gradio_api/queue/data?session_hash=a"])
def test_a_rebound_name_reads_nothing(address, path):
    assert ask(address, "GET", path, host="rebound.example:7860").status == 421


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/recipes"),
        ("POST", "/references"),
        ("POST", "/tastes"),
        ("POST", "/gradio_api/queue/join"),
        ("POST", "/gradio_api/call/add_store"),
        ("POST", "/gradio_api/run/add_store"),
        ("POST", "/gradio_api/api/add_store"),
        ("POST", "/gradio_api/upload"),
        ("POST", "/gradio_api/cancel"),
        ("POST", "/gradio_api/reset"),
        ("POST", "/login"),
        ("PUT", "/recipes"),
        ("DELETE", "/"),
    ],
)
def test_another_sites_page_writes_nothing_anywhere(address, method, path):
    reply = ask(address, method, path, b"{}", origin="https://evil.example")

    assert reply.status == 403
    assert reply.getheader("access-control-allow-origin") is None
    assert reply.getheader("access-control-allow-credentials") is None


def test_no_upload_is_kept(address, tmp_path):
    huge = ask(address, "POST", "/gradio_api/upload", content_length=str(300 * 2**20))
    small = ask(address, "POST", "/gradio_api/upload", b"x")

    assert (huge.status, small.status) == (413, 404)


def test_no_header_of_a_stranger_becomes_an_address_of_the_page(address):
    page = ask(address, "GET", "/config", x_forwarded_host="evil.example").read()

    assert b"evil.example" not in page
