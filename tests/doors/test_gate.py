import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from studio.domain import Visitor
from studio.doors.gate import COOKIE, Gate, PageOwners, is_open, visitor_of
from studio.doors.policy import DoorPolicy
from studio.services.accounts import Accounts
from studio.storage.database import IN_MEMORY, Database

PASSWORD = "correct horse battery"


async def told(request: Request) -> JSONResponse:
    """Who asks, as it is known behind the gate, and what was sent."""
    visitor = visitor_of(request.scope)
    sent = (await request.body()).decode()
    named = {"event_id": "e1"} if request.url.path.endswith("join") else {}
    return JSONResponse({"workspace": visitor.workspace_id, "sent": sent, **named})


async def anybody(_request: Request) -> JSONResponse:
    return JSONResponse({})


class SignedIn:
    """What Gradio's sign-in leaves in a request."""

    def __init__(self, app: ASGIApp, session: dict[str, Any]) -> None:
        self._app = app
        self._session = session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "session": self._session}, receive, send)


@pytest.fixture
def accounts() -> Accounts:
    accounts = Accounts(Database(IN_MEMORY))
    accounts.add("Ann", PASSWORD)
    accounts.add("Bea", PASSWORD, workspace="bea's")
    return accounts


def guarded(policy: DoorPolicy, accounts: Accounts, session: dict[str, Any] | None = None) -> Any:
    everything = ["GET", "POST"]
    app = Starlette(
        routes=[
            Route("/login", anybody, methods=everything),
            Route("/{path:path}", told, methods=everything),
        ]
    )
    gate: ASGIApp = Gate(app, policy, accounts)
    return TestClient(gate if session is None else SignedIn(gate, session), base_url="http://here")


def asking(accounts: Accounts, name: str, at: Any = None) -> Any:
    gate = guarded(DoorPolicy(login="password"), accounts).app if at is None else at.app
    client = TestClient(gate, base_url="http://here")
    client.cookies.set(COOKIE, accounts.log_in(name, PASSWORD, "here"))
    return client


def test_without_a_login_everybody_is_in_the_first_workspace(accounts):
    client = guarded(DoorPolicy(), accounts)

    assert client.get("/config").json()["workspace"] == 1


def test_a_person_is_sent_to_the_login_and_a_program_gets_a_sentence(accounts):
    client = guarded(DoorPolicy(login="password"), accounts)

    looked = client.get("/", headers={"accept": "text/html"}, follow_redirects=False)
    asked = client.get("/gradio_api/info")
    written = client.post("/recipes", headers={"accept": "text/html"})

    assert (looked.status_code, looked.headers["location"]) == (303, "/login")
    assert (asked.status_code, asked.text) == (401, "Log in first.")
    assert written.status_code == 401


@pytest.mark.parametrize(
    "path", ["/login", "/login/callback", "/assets/a.js", "/look/studio.css", "/favicon.ico"]
)
def test_what_is_the_same_for_everybody_is_open(path):
    assert is_open(path)


@pytest.mark.parametrize(
    "path",
    ["/", "/config", "/loginx", "/look", "/images/a.png", "/gradio_api/queue/data", "/rounds.zip"],
)
def test_nothing_else_is(path):
    assert not is_open(path)


def test_a_proxys_word_counts_once(accounts):
    policy = DoorPolicy(login="proxy", user_header="x-user")
    client = guarded(policy, accounts)

    first = client.get("/config", headers={"x-user": "cy"}).json()["workspace"]

    assert first not in (1, 2)
    assert client.get("/config", headers={"x-user": "CY "}).json()["workspace"] == first
    assert client.get("/config").status_code == 401
    assert client.get("/config", headers=[("x-user", "cy"), ("x-user", "ann")]).status_code == 401
    assert client.get("/config", headers={"x-user": "x" * 200}).status_code == 401


def test_who_signed_in_with_hugging_face_is_known_by_the_account(accounts):
    user = {"sub": "42", "preferred_username": "ann"}
    policy = DoorPolicy(login="huggingface")

    signed_in = guarded(policy, accounts, {"oauth_info": {"userinfo": user}})
    renamed = guarded(policy, accounts, {"oauth_info": {"userinfo": {**user, "sub": "43"}}})

    first = signed_in.get("/config").json()["workspace"]
    assert first != 1
    assert renamed.get("/config").json()["workspace"] != first


@pytest.mark.parametrize(
    "session",
    [{}, {"oauth_info": None}, {"oauth_info": {"userinfo": "x"}}, {"oauth_info": {"userinfo": {}}}],
)
def test_a_session_that_tells_nobody_is_nobodys(accounts, session):
    client = guarded(DoorPolicy(login="huggingface"), accounts, session)

    assert client.get("/config").status_code == 401


def test_a_page_belongs_to_who_opened_it(accounts):
    ann = asking(accounts, "ann")
    bea = asking(accounts, "bea", at=ann)
    event = json.dumps({"session_hash": "page", "data": [1]})

    begun = ann.post("/gradio_api/queue/join", content=event)

    assert begun.json()["sent"] == event
    assert bea.post("/gradio_api/queue/join", content=event).status_code == 404
    assert bea.get("/gradio_api/queue/data?session_hash=page").status_code == 404
    assert bea.get("/gradio_api/heartbeat/page").status_code == 404
    assert bea.get("/gradio_api/call/round/e1").status_code == 404
    assert bea.post("/gradio_api/cancel", content=b'{"event_id": "e1"}').status_code == 404
    assert ann.get("/gradio_api/queue/data?session_hash=page").status_code == 200
    assert ann.get("/gradio_api/call/round/e1").status_code == 200


@pytest.mark.parametrize("content", [b"", b"no JSON", b"[1]", b'{"session_hash": {}}', b"[" * 9999])
def test_what_names_no_page_goes_on_to_gradio(accounts, content):
    reply = asking(accounts, "ann").post("/gradio_api/queue/join", content=content)

    assert reply.json()["sent"] == content.decode()


def test_the_pages_used_longest_ago_are_forgotten_first():
    owners, ann, bea = PageOwners(most=2), Visitor(name="Ann"), Visitor(name="Bea", workspace_id=2)
    for name in ("one", "two", "one", "three"):
        assert owners.are_of(ann, {name})

    assert not owners.are_of(bea, {"one"})
    assert owners.are_of(bea, {"two"})
