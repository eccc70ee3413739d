"""Names and numbers under which a studio can be asked, as browsers and proxies write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from studio.domain import SettingsError

Network = IPv4Network | IPv6Network

_AUTHORITY = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::([0-9]{1,5}))?")
_USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Authority:
    """The part of an address that says whom to ask.

    Attributes:
        name: a host name or an IP number, in lower case, without brackets or a dot at the end.
        port: None where none was written.
    """

    name: str
    port: int | None


def authority(text: str) -> Authority | None:
    """A `Host` header's value; None for anything else than one name or number and a port."""
    found = _AUTHORITY.fullmatch(text.strip().lower())
    if found is None:
        return None
    port = None if found[2] is None else int(found[2])
    return Authority(found[1].strip("[]").rstrip("."), port)


def authority_of_origin(origin: str) -> Authority | None:
    """An `Origin` header's value with the port that it means; None for "null" and the like."""
    scheme, divided, rest = origin.strip().lower().partition("://")
    found = authority(rest) if divided and scheme in _USUAL_PORTS else None
    if found is None or found.port is not None:
        return found
    return Authority(found.name, _USUAL_PORTS[scheme])


def is_number(name: str) -> bool:
    """Whether it is an IP number: nobody's name server can make that mean another machine."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def is_this_machine(name: str) -> bool:
    """Whether a name or number can only mean the machine itself."""
    name = name.strip("[]").lower().rstrip(".")
    return ip_address(name).is_loopback if is_number(name) else name == "localhost"


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """IP numbers and ranges such as `10.0.0.0/8`.

    Raises:
        SettingsError: one of them is neither.
    """
    try:
        return tuple(ip_network(text.strip()) for text in texts if text.strip())
    except ValueError as error:
        raise SettingsError(
            f"--trusted-proxies is a list of IP numbers and ranges with commas between. {error}."
        ) from error


def is_within(number: str, ranges: Iterable[Network]) -> bool:
    """Whether an IP number is in one of the ranges; nothing else than a number is."""
    if not is_number(number):
        return False
    found = ip_address(number)
    return any(found in each for each in ranges)


def host_names(text: str) -> frozenset[str]:
    """Host names with commas between, as people write them: with or without a port.

    Raises:
        SettingsError: one of them is no name.
    """
    names = [part.strip() for part in text.split(",") if part.strip()]
    found = [authority(name) for name in names]
    for name, each in zip(names, found, strict=True):
        if each is None:
            raise SettingsError(
                f"A host name is written like studio.example.com, without http://, not {name!r}."
            )
    return frozenset(each.name for each in found if each is not None)
