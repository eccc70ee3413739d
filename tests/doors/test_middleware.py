from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from studio.doors.addresses import networks
from studio.doors.middleware import Doors, lifespan_of
from studio.doors.policy import LARGEST_BODY, LARGEST_EVENT, DoorPolicy

PROXIED = DoorPolicy(
    names=frozenset({"studio.example.com"}),
    login="proxy",
    user_header="x-forwarded-user",
    proxies=networks(["10.0.0.1"]),
)


async def told(request: Request) -> JSONResponse:
    """What arrives behind the doors."""
    body = await request.body()
    client = request.client
    return JSONResponse(
        {
            "headers": dict(request.headers),
            "client": None if client is None else client.host,
            "scheme": request.url.scheme,
            "size": len(body),
        }
    )


def app() -> Starlette:
    return Starlette(routes=[Route("/{path:path}", told, methods=["GET", "POST"])])


def client(policy: DoorPolicy, peer: str = "127.0.0.1", host: str = "localhost") -> TestClient:
    return TestClient(Doors(app(), policy), base_url=f"http://{host}", client=(peer, 5000))


def test_what_is_refused_gets_a_sentence_and_the_app_never_sees_it():
    reply = client(DoorPolicy(), host="evil.com").get("/")

    assert reply.status_code == 421
    assert reply.text.endswith(".")
    assert "frame-ancestors" in reply.headers["content-security-policy"]


LARGEST = [("/recipes", LARGEST_BODY), ("/gradio_api/queue/join", LARGEST_EVENT)]


@pytest.mark.parametrize(("path", "largest"), LARGEST)
def test_a_body_that_does_not_say_how_large_it_is_is_cut_off(path, largest):
    def endless() -> Iterator[bytes]:
        for _ in range(largest // 2**18 + 2):
            yield b"x" * 2**18

    reply = client(DoorPolicy()).post(path, content=endless())

    assert reply.status_code == 413


@pytest.mark.parametrize(("path", "largest"), LARGEST)
def test_a_body_of_the_largest_size_goes_through(path, largest):
    reply = client(DoorPolicy()).post(path, content=b"x" * largest)

    assert reply.json()["size"] == largest


def test_nobody_but_the_proxy_is_believed():
    said = {
        "x-forwarded-user": "owner",
        "x-forwarded-host": "evil.com",
        "x-forwarded-for": "1.2.3.4",
        "x-forwarded-proto": "https",
        "forwarded": "host=evil.com",
    }

    arrived = client(PROXIED, "10.0.0.2", "studio.example.com").get("/", headers=said).json()

    assert not {*said} & {*arrived["headers"]}
    assert (arrived["client"], arrived["scheme"]) == ("10.0.0.2", "http")


def test_what_the_proxy_says_is_believed_as_far_as_it_is_the_proxys():
    said = {
        "x-forwarded-user": "ann",
        "x-forwarded-host": "evil.com",
        "x-forwarded-for": "6.6.6.6, 192.168.1.7",
        "x-forwarded-proto": "https",
    }

    arrived = client(PROXIED, "10.0.0.1", "studio.example.com").get("/", headers=said).json()

    assert arrived["headers"]["x-forwarded-user"] == "ann"
    assert "x-forwarded-host" not in arrived["headers"]
    assert (arrived["client"], arrived["scheme"]) == ("192.168.1.7", "https")


def test_the_doors_hang_before_every_other_layer_and_take_back_leave_to_read():
    generous = Middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
    inner = Starlette(
        routes=[Route("/", told)], middleware=[generous], lifespan=lifespan_of(DoorPolicy())
    )

    with TestClient(inner, base_url="http://localhost") as open_client:
        foreign = open_client.get("/", headers={"origin": "https://evil.com"})
        asked = open_client.options(
            "/", headers={"origin": "https://evil.com", "access-control-request-method": "POST"}
        )
        own = open_client.get("/", headers={"origin": "http://localhost"})

    assert (foreign.status_code, asked.status_code, own.status_code) == (403, 403, 200)
    for reply in (foreign, asked, own):
        assert not [name for name in reply.headers if name.startswith("access-control-")]


def test_there_are_no_sockets_behind_the_doors():
    with pytest.raises(Exception), client(DoorPolicy()).websocket_connect("/"):  # noqa: B017, PT011
        pass
