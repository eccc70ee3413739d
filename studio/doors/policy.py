"""Who may come in at all: decided once from the settings, asked of every request.

Everything here is a pure function of headers, so that it can be read and tested without a server.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from studio.domain import SettingsError
from studio.doors.addresses import (
    Authority,
    Network,
    authority,
    authority_of_origin,
    host_names,
    is_number,
    is_this_machine,
    is_within,
    networks,
)
from studio.settings import Settings

LARGEST_BODY = 25 * 2**20
"""Bytes of a picture or a recipe of 24 MB, and of what is written around it."""
LARGEST_TASTE = 9 * 2**20
"""Bytes of a store's taste of 8 MB, and of what is written around it."""
LARGEST_EVENT = 2**17
"""Bytes of an event of the page or of a call. Gradio reads those on the server's loop, where a
megabyte of lists in each other holds everybody up for a quarter of a second."""
LARGEST_TABLE = 512 * 2**20
"""Bytes of a table of orders, which goes to the disk as it comes: a million rows of a shop."""
_LARGEST = {
    "/recipes": LARGEST_BODY,
    "/references": LARGEST_BODY,
    "/tastes": LARGEST_TASTE,
    "/rated-pictures": LARGEST_BODY,
    "/orders": LARGEST_TABLE,
}
READING = frozenset({"GET", "HEAD"})
SPACE_EMBEDDERS = ("https://huggingface.co", "https://*.hf.space")

Login = Literal["none", "password", "proxy", "huggingface"]
"""How people say who they are; "none" lets everybody in who gets as far as the door."""

_CLOSED = (
    "component_server", "custom_component", "deep_link", "dev", "file", "file=", "monitoring",
    "process_recording", "profiling", "proxy=", "run-history", "runs", "stream", "token", "upload",
    "upload_progress", "vibe-code", "vibe-edit", "undo-vibe-edit", "vibe-starter-queries", "mcp",
)  # fmt: skip
"""Routes of Gradio that no page of ours needs: files, recordings, proxies, other people's code."""


@dataclass(frozen=True)
class Refusal:
    """Why a request does not come in.

    Attributes:
        status: the HTTP status.
        sentence: for whoever looks at it.
    """

    status: int
    sentence: str


@dataclass(frozen=True, kw_only=True)
class DoorPolicy:
    """What a studio lets in.

    Attributes:
        names: host names that it answers to.
        public_names: those of them that a proxy may answer to in its place.
        answers_numbers: whether it answers to IP numbers of its machine in the network, too.
        login: how people say who they are.
        user_header: where the proxy writes who they are; empty without one.
        proxies: whose `X-Forwarded-...` and `user_header` are believed.
        embedders: other sites that may show the studio in a frame.
        is_secure: whether browsers come by HTTPS, whatever the studio itself sees.
    """

    names: frozenset[str] = frozenset({"localhost"})
    public_names: frozenset[str] = frozenset()
    answers_numbers: bool = False
    login: Login = "none"
    user_header: str = ""
    proxies: tuple[Network, ...] = ()
    embedders: tuple[str, ...] = ()
    is_secure: bool = False

    @property
    def is_open_to_all(self) -> bool:
        """Whether other machines may come in, and nobody is asked who it is."""
        return self.answers_numbers and self.login == "none"

    def refusal(
        self, method: str, path: str, headers: Mapping[str, tuple[str, ...]]
    ) -> Refusal | None:
        """Why a request does not come in; None lets it in.

        Args:
            method: in upper case.
            path: without the query.
            headers: name in lower case -> every value that was sent.
        """
        return (
            self._wrong_host(headers.get("host", ()))
            or _too_large(headers.get("content-length", ()), largest_body(path))
            or self._foreign(method, headers)
            or (_NOT_HERE if is_closed(path) else None)
        )

    def answers_to(self, host: Authority) -> bool:
        """Whether a name or number is ours: a name that a stranger's name server made up isn't."""
        if is_number(host.name):
            return self.answers_numbers or is_this_machine(host.name)
        return host.name in self.names

    def trusts(self, peer: str) -> bool:
        """Whether what this machine says of its own clients is believed."""
        return is_within(peer, self.proxies)

    def _wrong_host(self, hosts: tuple[str, ...]) -> Refusal | None:
        host = authority(hosts[0]) if len(hosts) == 1 else None
        if host is None:
            return Refusal(400, "The request does not say which host it asks.")
        if self.answers_to(host):
            return None
        return Refusal(
            421,
            "This studio does not answer to that name. If the name is its own, start it with "
            "--host-names and the name.",
        )

    def _foreign(self, method: str, headers: Mapping[str, tuple[str, ...]]) -> Refusal | None:
        """Refuse what another site's page does in a visitor's browser.

        Browsers say of each request where it comes from, and no page can change that; other
        programs say nothing. A look by a link or in a frame is let in, everything else is not.
        """
        site = _only(headers, "sec-fetch-site")
        origin = _only(headers, "origin")
        if origin is not None and not self._is_own(origin, headers):
            return _FOREIGN
        if origin is None and site in ("cross-site", "same-site"):
            arrives = method in READING and _only(headers, "sec-fetch-mode") == "navigate"
            as_page = _only(headers, "sec-fetch-dest") in ("document", "iframe", None)
            return None if arrives and as_page else _FOREIGN
        return None

    def _is_own(self, origin: str, headers: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether an origin is the studio's own page: the very host that is asked, port and all."""
        found, asked = authority_of_origin(origin), authority(_only(headers, "host") or "")
        if found is None or asked is None:
            return False
        if found.name in self.public_names and found.port in (asked.port, *(80, 443)):
            return True
        ports = (80, 443) if asked.port is None else (asked.port,)
        return found.name == asked.name and found.port in ports


_NOT_HERE = Refusal(404, "There is nothing here.")
_FOREIGN = Refusal(403, "This came from another site's page, which may do nothing here.")


def largest_body(path: str) -> int:
    """How many bytes a request to this address may bring: most where files are taken in."""
    return _LARGEST.get(path, LARGEST_EVENT)


def too_large(largest: int) -> Refusal:
    """What is said to whom sends more bytes than may be sent."""
    size = f"{largest // 2**20} MB" if largest >= 2**20 else f"{largest // 2**10} KB"
    return Refusal(413, f"That is larger than {size}.")


def is_closed(path: str) -> bool:
    """Whether an address is one of those routes of Gradio's that stay closed."""
    parts = path.lstrip("/").split("/")
    if parts[0] == "monitoring":
        return True
    if parts[0] != "gradio_api" or len(parts) < 2:
        return False
    return any(
        parts[1] == closed or (closed.endswith("=") and parts[1].startswith(closed))
        for closed in _CLOSED
    )


def route_of(scope: Mapping[str, Any]) -> str:
    """The path by which routes are found: without the prefix that a proxy may put before all."""
    path, prefix = str(scope["path"]), str(scope.get("root_path", ""))
    return path.removeprefix(prefix) if prefix and path.startswith(f"{prefix}/") else path


def security_headers(policy: DoorPolicy) -> dict[str, str]:
    """What every answer tells the browser.

    Gradio's page has scripts in itself and makes functions from text, so `script-src` can't say
    less. What scripts may fetch, frames may show and forms may send is this studio alone.
    """
    ancestors = " ".join(("'self'", *policy.embedders))
    content = (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "media-src 'self' data: blob:; worker-src 'self' blob:; connect-src 'self' data: blob:; "
        f"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors {ancestors}"
    )
    headers = {
        "content-security-policy": content,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    if not policy.embedders:
        headers["x-frame-options"] = "SAMEORIGIN"
    return headers


def policy_of(settings: Settings, environment: Mapping[str, str]) -> DoorPolicy:
    """The doors that the settings ask for.

    Raises:
        SettingsError: everybody in the network could come in, and nobody said that they may; or
            two ways to log in were asked for at once.
    """
    in_space = "SPACE_ID" in environment
    login = login_of(settings, environment)
    if login == "none" and not (
        settings.allow_everybody or in_space or is_this_machine(settings.host)
    ):
        raise SettingsError(
            f"With --host {settings.host} everybody in the network could see and change everything "
            "here. Ask who they are with --auth (add people with `python -m studio.users add "
            "NAME`), or with --auth-header behind a proxy that knows them; or say that everybody "
            "may with --allow-everybody."
        )
    given = host_names(settings.host_names)
    space = _space_names(environment)
    open_to_network = not is_this_machine(settings.host)
    own = {"localhost", *given, *space}
    if open_to_network:
        machine = socket.gethostname().lower()
        own |= {machine, f"{machine.split('.')[0]}.local", *_named(settings.host)}
    proxies = networks(settings.trusted_proxies.split(",")) if settings.auth_header else ()
    return DoorPolicy(
        names=frozenset(own),
        public_names=given | space,
        answers_numbers=open_to_network,
        login=login,
        user_header=settings.auth_header.lower(),
        proxies=networks(["0.0.0.0/0", "::/0"]) if in_space else proxies,
        embedders=SPACE_EMBEDDERS if in_space else (),
        is_secure=in_space,
    )


def login_of(settings: Settings, environment: Mapping[str, str]) -> Login:
    """How people say who they are.

    Raises:
        SettingsError: two ways were asked for.
    """
    if settings.auth and settings.auth_header:
        raise SettingsError("Choose one of --auth and --auth-header: who says who people are?")
    if settings.auth_header:
        return "proxy"
    if settings.auth:
        return "password"
    if "SPACE_ID" in environment and environment.get("OAUTH_CLIENT_ID"):
        return "huggingface"
    return "none"


def _space_names(environment: Mapping[str, str]) -> frozenset[str]:
    """The names of a Hugging Face Space: with a domain of its own, it has several."""
    if "SPACE_ID" not in environment:
        return frozenset()
    usual = _dashed(environment["SPACE_ID"])
    return host_names(environment.get("SPACE_HOST", "")) | {f"{usual}.hf.space"}


def _dashed(space_id: str) -> str:
    """`owner/Some_name` as it stands in the Space's address."""
    return "".join(each if each.isalnum() else "-" for each in space_id.lower())


def _named(host: str) -> frozenset[str]:
    """The host of --host, where it is a name."""
    found = authority(host)
    return frozenset() if found is None or is_number(found.name) else frozenset({found.name})


def _only(headers: Mapping[str, tuple[str, ...]], name: str) -> str | None:
    """A header's value; several of them are none that can be trusted, so they read as foreign."""
    values = headers.get(name, ())
    return values[0] if len(values) == 1 else ("" if values else None)


def _too_large(lengths: tuple[str, ...], largest: int) -> Refusal | None:
    if any(not length.isdecimal() or len(length) > 15 for length in lengths):
        return Refusal(400, "The request does not say how large it is.")
    return too_large(largest) if any(int(length) > largest for length in lengths) else None
