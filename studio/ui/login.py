"""The page where people say who they are, and the addresses that begin and end a login."""

import html
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from studio.domain import LoginError, TooManyAttemptsError
from studio.doors.gate import COOKIE, cookie_options
from studio.doors.policy import DoorPolicy
from studio.services.accounts import Accounts
from studio.ui.words import CHINESE, ENGLISH, Words

_LARGEST_FORM = 10_000
_FIELDS = """<form method="post" action="login">
<label>{user_name}<input name="username" autocomplete="username" required autofocus></label>
<label>{password}<input name="password" type="password" autocomplete="current-password"
required></label>
<button>{log_in}</button>
</form>"""
_SIGN_IN = (
    """<p><a class="sign-in" href="login/huggingface" target="_blank">{sign_in_hub}</a></p>"""
)
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{log_in} · {title}</title>
<link rel="stylesheet" href="look/studio.css">
</head>
<body class="login">
<main>
<h1>{title}</h1>
<p>{log_in_lead}</p>
<p role="alert">{said}</p>
{form}
</main>
</body>
</html>
"""


def login_routes(accounts: Accounts, policy: DoorPolicy) -> list[BaseRoute]:
    """The login's addresses; none where nobody logs in here."""
    if policy.login not in ("password", "huggingface"):
        return []
    pages = LoginPages(accounts, policy)
    routes: list[BaseRoute] = [Route("/login", pages.show, methods=["GET"])]
    if policy.login == "password":
        routes += [
            Route("/login", pages.log_in, methods=["POST"]),
            Route("/logout", pages.log_out, methods=["POST"]),
        ]
    return routes


class LoginPages:
    """One method for each address."""

    def __init__(self, accounts: Accounts, policy: DoorPolicy) -> None:
        self._accounts = accounts
        self._policy = policy

    def show(self, request: Request) -> Response:
        """The page."""
        return self._page(request)

    async def log_in(self, request: Request) -> Response:
        """Begin a login: from the page, or from `gradio_client` with `auth=(name, password)`."""
        fields = await _form(request)
        name, password = fields.get("username", [""])[0], fields.get("password", [""])[0]
        address = "" if request.client is None else request.client.host
        from_page = "text/html" in request.headers.get("accept", "")
        try:
            token = await run_in_threadpool(self._accounts.log_in, name, password, address)
        except LoginError as error:
            status = 429 if isinstance(error, TooManyAttemptsError) else 401
            if from_page:
                return self._page(request, _words(request).error(error), status)
            return JSONResponse({"detail": str(error)}, status)
        await self._end(request)
        reply: Response = JSONResponse({"success": True})
        if from_page:
            reply = RedirectResponse("./", 303)
        reply.set_cookie(COOKIE, token, **cookie_options(request.scope, self._policy))
        return reply

    async def log_out(self, request: Request) -> Response:
        """End the login."""
        await self._end(request)
        reply = RedirectResponse("login", 303)
        reply.delete_cookie(COOKIE, **cookie_options(request.scope, self._policy))
        return reply

    async def _end(self, request: Request) -> None:
        token = request.cookies.get(COOKIE)
        if token:
            await run_in_threadpool(self._accounts.log_out, token)

    def _page(self, request: Request, said: str = "", status: int = 200) -> Response:
        words = _words(request)
        form = _FIELDS if self._policy.login == "password" else _SIGN_IN
        page = _PAGE.format(
            **_escaped(words, "language", "title", "log_in", "log_in_lead"),
            said=html.escape(said),
            form=form.format(**_escaped(words, "user_name", "password", "log_in", "sign_in_hub")),
        )
        return HTMLResponse(page, status, headers={"cache-control": "no-store"})


def _escaped(words: Words, *names: str) -> dict[str, str]:
    return {name: html.escape(words[name]) for name in names}


def _words(request: Request) -> Words:
    is_chinese = request.headers.get("accept-language", "").lower().startswith("zh")
    return Words(CHINESE if is_chinese else ENGLISH, {})


async def _form(request: Request) -> dict[str, list[str]]:
    """The fields of a form, as far as it is not too large to be one."""
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > _LARGEST_FORM:
            return {}
    try:
        return parse_qs(content.decode("utf-8"), max_num_fields=10)
    except ValueError:
        return {}
