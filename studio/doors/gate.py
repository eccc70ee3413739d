"""The gate behind the doors: finds out who asks, and lets nobody further without that.

Whoever is let in is written into the request as a `Visitor`, and from there on handed along.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from studio.domain import EVERYBODY, StudioError, Visitor
from studio.doors.policy import DoorPolicy, route_of

COOKIE = "perfusion-login"
MOST_REMEMBERED = 20_000
"""Pages and events whose visitors are known; those unused longest are forgotten first."""

_VISITOR = "perfusion.visitor"
_OPEN = (
    "/assets/", "/static/", "/svelte/", "/fonts/", "/look/", "/favicon.ico", "/robots.txt",
    "/theme.css", "/gradio_api/theme.css", "/manifest.json", "/pwa_icon", "/login",
    "/gradio_api/startup-events",
)  # fmt: skip
"""What the login page needs, and what holds nothing of anybody."""


class Accounts(Protocol):
    """Who may come in, as far as the gate asks."""

    def visitor_of(self, token: str) -> Visitor | None:
        """Who has begun this login."""

    def known_as(self, source: Any, key: str, name: str) -> Visitor:
        """Who comes with another's word."""


def visitor_of(scope: Mapping[str, Any]) -> Visitor:
    """Who asks, as the gate has found out.

    Raises:
        KeyError: the request did not come through the gate, so nothing may be done for it.
    """
    visitor: Visitor = scope[_VISITOR]
    return visitor


def cookie_options(scope: Mapping[str, Any], policy: DoorPolicy) -> dict[str, Any]:
    """How the cookie of a login is to be kept: out of reach of scripts and of other sites."""
    return {
        "httponly": True,
        "samesite": "lax",
        "secure": policy.is_secure or scope.get("scheme") == "https",
        "path": "/",
    }


class Gate:
    """Finds out who asks.

    Args:
        app: what is behind the gate.
        policy: how people say who they are.
        accounts: who they can be.
    """

    def __init__(self, app: ASGIApp, policy: DoorPolicy, accounts: Accounts) -> None:
        self._app = app
        self._policy = policy
        self._accounts = accounts
        self._owners = PageOwners()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._policy.login == "none":
            await self._app({**scope, _VISITOR: EVERYBODY}, receive, send)
            return
        request = Request(scope, receive)
        try:
            visitor = await run_in_threadpool(self._visitor, request)
        except StudioError as error:
            await PlainTextResponse(str(error), 401)(scope, receive, send)
            return
        if visitor is not None:
            await self._let_in(visitor, request, send)
        elif is_open(route_of(scope)):
            await self._app(scope, receive, send)
        else:
            await _turned_away(request, self._policy)(scope, receive, send)

    def _visitor(self, request: Request) -> Visitor | None:
        """Who asks, by the one way that the studio was started with."""
        if self._policy.login == "password":
            token = request.cookies.get(COOKIE)
            return self._accounts.visitor_of(token) if token else None
        if self._policy.login == "proxy":
            names = request.headers.getlist(self._policy.user_header)
            name = names[0].strip() if len(names) == 1 else ""
            return self._accounts.known_as("proxy", name, name) if name else None
        told = signed_in(request.scope.get("session", {}))
        return None if told is None else self._accounts.known_as("huggingface", *told)

    async def _let_in(self, visitor: Visitor, request: Request, send: Send) -> None:
        """Go on, unless the request speaks for a page that somebody else has open.

        Gradio hands out what an event has come to by the name of the page or of the event alone.
        """
        scope: Scope = {**request.scope, _VISITOR: visitor}
        path, receive = route_of(scope), request.receive
        if not path.startswith("/gradio_api/"):
            await self._app(scope, receive, send)
            return
        named = _in_address(scope["method"], path, scope.get("query_string", b""))
        if scope["method"] == "POST":
            body = await request.body()  # the doors let no large one in
            named |= await run_in_threadpool(_in_body, body)
            receive = _again(body, receive)
        if not self._owners.are_of(visitor, named):
            await PlainTextResponse("There is no such page.", 404)(scope, receive, send)
            return
        await self._app(scope, receive, _Noting(send, visitor, self._owners, path))


class PageOwners:
    """Which visitor a page or an event belongs to: whoever names it first."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._owners: OrderedDict[str, Visitor] = OrderedDict()
        self._lock = threading.Lock()

    def are_of(self, visitor: Visitor, names: set[str]) -> bool:
        """Whether all of them are this visitor's; those of nobody are from now on."""
        with self._lock:
            if any(self._owners.get(name, visitor) != visitor for name in names):
                return False
            for name in names:
                self._owners[name] = visitor
                self._owners.move_to_end(name)
            while len(self._owners) > self._most:
                self._owners.popitem(last=False)
            return True


def is_open(path: str) -> bool:
    """Whether an address is for everybody, before it is known who asks."""
    return any(
        path.startswith(each) if each.endswith("/") else path == each or path.startswith(f"{each}/")
        for each in _OPEN
    )


def signed_in(session: Mapping[str, Any]) -> tuple[str, str] | None:
    """Account number and name of who signed in with Hugging Face; None when nobody did.

    Args:
        session: as Gradio's sign-in keeps it, in a signed cookie.
    """
    told = session.get("oauth_info")
    user = told.get("userinfo") if isinstance(told, dict) else None
    if not isinstance(user, dict) or not isinstance(user.get("sub"), str):
        return None
    return user["sub"], str(user.get("preferred_username") or user["sub"])


def _turned_away(request: Request, policy: DoorPolicy) -> Response:
    """To the login page, where that is one and a person looks; a sentence otherwise."""
    wants_page = "text/html" in request.headers.get("accept", "")
    if request.method == "GET" and wants_page and policy.login != "proxy":
        prefix = request.scope.get("root_path", "")
        return RedirectResponse(f"{prefix}/login", 303, headers={"cache-control": "no-store"})
    sentence = "Log in first." if policy.login != "proxy" else "The proxy does not say who you are."
    return PlainTextResponse(sentence, 401)


def _in_address(method: str, path: str, query: bytes) -> set[str]:
    """The pages and events that an address names."""
    parts = path.split("/")
    named = {f"page {each}" for each in parse_qs(query.decode("latin-1")).get("session_hash", ())}
    if len(parts) > 3 and parts[2] == "heartbeat":
        named.add(f"page {parts[3]}")
    if method != "POST" and len(parts) > 4 and parts[2] == "call":
        named.add(f"event {parts[-1]}")
    return named


def _in_body(body: bytes) -> set[str]:
    """The pages and events that a call names; what is no JSON names none, and Gradio refuses it."""
    try:
        called = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        return set()
    if not isinstance(called, dict):
        return set()
    named = {"session_hash": "page", "event_id": "event"}
    return {
        f"{kind} {called[name]}"
        for name, kind in named.items()
        if isinstance(called.get(name), str)
    }


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, to be read once more."""
    is_read = False

    async def once_more() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once_more


class _Noting:
    """Notes the events that Gradio begins for a visitor, from its answers."""

    def __init__(self, send: Send, visitor: Visitor, owners: PageOwners, path: str) -> None:
        self._send = send
        self._visitor = visitor
        self._owners = owners
        self._begins = path.startswith(("/gradio_api/queue/join", "/gradio_api/call/"))

    async def __call__(self, message: Message) -> None:
        """Hand on a part of the answer."""
        body = message.get("body", b"")
        if self._begins and message["type"] == "http.response.body" and body.startswith(b"{"):
            self._owners.are_of(self._visitor, _in_body(body))
        await self._send(message)
