"""The outermost layer of the server: asks the policy of each request, before Gradio sees it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from studio.doors.addresses import authority, is_number
from studio.doors.policy import (
    DoorPolicy,
    Refusal,
    largest_body,
    route_of,
    security_headers,
    too_large,
)

Headers = dict[str, tuple[str, ...]]
_FORWARDED = (b"x-forwarded-", b"forwarded", b"x-real-ip", b"x-original-")


class Doors:
    """Lets in what the policy lets in, and tells browsers what the page may do.

    Args:
        app: what is behind the doors.
        policy: says what comes in.
    """

    def __init__(self, app: ASGIApp, policy: DoorPolicy) -> None:
        self._app = app
        self._policy = policy
        self._told = [
            (name.encode(), value.encode()) for name, value in security_headers(policy).items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = believed(scope, self._policy)
        answer = _Answer(send, self._told)
        route = route_of(scope)
        refusal = self._policy.refusal(scope["method"], route, headers_of(scope))
        if refusal is not None:
            await _refuse(refusal, scope, receive, answer)
            return
        largest = largest_body(route)
        body = _Body(receive, answer, largest)
        try:
            await self._app(scope, body, answer)
        except _TooLargeError:
            if not answer.has_started:
                await _refuse(too_large(largest), scope, receive, answer)


def lifespan_of(policy: DoorPolicy) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """For Gradio to start its server with: hangs the doors in front of all its own layers.

    Gradio puts a layer of its own outermost, which lets any site's page read what a studio in the
    network answers. The server starts to listen after this, so no request comes before the doors.
    """

    @asynccontextmanager
    async def hang(app: Any) -> AsyncIterator[None]:
        app.middleware_stack = Doors(app.middleware_stack, policy)
        yield

    return hang


def headers_of(scope: Scope) -> Headers:
    """Name in lower case -> every value that was sent."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        found[key] = (*found.get(key, ()), value.decode("latin-1"))
    return found


def believed(scope: Scope, policy: DoorPolicy) -> Scope:
    """The request with what a trusted proxy says of it, and without what anybody else says.

    Gradio builds addresses from `X-Forwarded-Host`: from a stranger it would be the stranger's.
    The last number of `X-Forwarded-For` that is no proxy of ours is the client.
    """
    peer = (scope.get("client") or ("", 0))[0]
    user_header = policy.user_header.encode()
    if not policy.trusts(peer):
        kept = [
            (name, value)
            for name, value in scope["headers"]
            if not name.lower().startswith(_FORWARDED) and name.lower() != (user_header or None)
        ]
        return {**scope, "headers": kept}
    headers = headers_of(scope)
    told = [part.strip() for text in headers.get("x-forwarded-for", ()) for part in text.split(",")]
    strangers = [each for each in told if not policy.trusts(each)]
    client = (strangers or told or [peer])[-1]
    if is_number(client):
        scope = {**scope, "client": (client, 0)}
    scheme = headers.get("x-forwarded-proto", ("",))[-1].strip()
    if scheme in ("http", "https"):
        scope = {**scope, "scheme": scheme}
    return {**scope, "headers": _own_hosts(scope["headers"], policy)}


def _own_hosts(headers: list[tuple[bytes, bytes]], policy: DoorPolicy) -> list[tuple[bytes, bytes]]:
    """Without forwarded hosts that are not ours: a proxy may hand on what a client wrote."""

    def is_ours(value: bytes) -> bool:
        host = authority(value.decode("latin-1").split(",")[0])
        return host is not None and policy.answers_to(host)

    return [
        (name, value)
        for name, value in headers
        if name.lower() != b"x-forwarded-host" or is_ours(value)
    ]


class _TooLargeError(Exception):
    """More was sent than may be sent."""


class _Body:
    """The request's body, cut off where it becomes too large: not everybody says before."""

    def __init__(self, receive: Receive, answer: "_Answer", largest: int) -> None:
        self._receive = receive
        self._answer = answer
        self._largest = largest
        self._size = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > self._largest:
            self._answer.status = too_large(
                self._largest
            ).status  # whoever reads the body may answer first
            raise _TooLargeError
        return message


class _Answer:
    """What goes out: with our headers, and without leave for other sites to read it."""

    def __init__(self, send: Send, told: list[tuple[bytes, bytes]]) -> None:
        self._send = send
        self._told = told
        self.has_started = False
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        """Hand on a part of the answer."""
        if message["type"] == "http.response.start":
            self.has_started = True
            message = {
                **message,
                "status": self.status or message["status"],
                "headers": [*_without_leave(message.get("headers", [])), *self._told],
            }
        await self._send(message)


def _without_leave(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [each for each in headers if not each[0].lower().startswith(b"access-control-")]


async def _refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    response = PlainTextResponse(refusal.sentence, refusal.status, headers={"connection": "close"})
    await response(scope, receive, send)
