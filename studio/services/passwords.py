"""Passwords: kept as hashes that take a while to try, and compared without telling how long."""

import base64
import hashlib
import hmac
import os
import secrets
import threading

from studio.domain import PasswordError

SHORTEST, LONGEST = 10, 200
_COST, _BLOCK, _LANES = 2**15, 8, 1  # 32 MB and about 0.1 s for each try
_MEMORY = 2 * 128 * _COST * _BLOCK
_trying = threading.BoundedSemaphore(2)  # more at once would take the machine from everybody


_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Five bits each, and none that looks like another."""


def new_password() -> str:
    """A password of 80 bits that can be read out: four groups of four letters."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def hashed(password: str) -> str:
    """A password as it is kept: how it was hashed, its salt, its hash (scrypt, RFC 7914).

    Raises:
        PasswordError: it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordError(f"A password has {SHORTEST} to {LONGEST} characters.")
    salt = os.urandom(16)
    parts = [str(_COST), str(_BLOCK), str(_LANES), _text(salt)]
    return "$".join(["scrypt", *parts, _text(_scrypt(password, salt, _COST, _BLOCK, _LANES))])


def fits(password: str, kept: str) -> bool:
    """Whether a password is the one that was hashed; what is no hash fits none.

    It takes the same time whether there is a user with a password or not.
    """
    kept = kept or _NOBODYS
    try:
        _, cost, block, lanes, salt, expected = kept.split("$")
        numbers = int(cost), int(block), int(lanes)
        made = _scrypt(password[:LONGEST], base64.b64decode(salt), *numbers)
        return hmac.compare_digest(made, base64.b64decode(expected)) and kept != _NOBODYS
    except ValueError:
        return False


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    with _trying:
        return hashlib.scrypt(
            password.encode("utf-8", "surrogatepass"),
            salt=salt,
            n=cost,
            r=block,
            p=lanes,
            maxmem=_MEMORY,
            dklen=32,
        )


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


_NOBODYS = "$".join(
    ["scrypt", str(_COST), str(_BLOCK), str(_LANES), _text(bytes(16)), _text(bytes(32))]
)
