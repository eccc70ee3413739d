"""The texts in a PNG file, wherever in it they stand, and whichever way they are written.

Other programs move a picture's texts behind the picture's data, where libraries find them only
once they have decoded it, or write them anew as another kind of chunk. Nothing is decoded here.
Source: PNG specification, third edition, sections 5.3 and 11.3.3.
"""

import zlib
from typing import IO

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD_BYTES, _CHECK_BYTES = 8, 4
_LONGEST_KEY = 79
_LONGEST_TEXT = 2**20
"""Bytes of one text, unpacked."""
_MOST_CHUNKS = 10_000


def texts_of_png(file: IO[bytes]) -> dict[str, str]:
    """Key -> text; of several with one key the first. A damaged file gives what stands before.

    Args:
        file: at its beginning; it can be sought in.
    """
    found: dict[str, str] = {}
    if file.read(len(_SIGNATURE)) != _SIGNATURE:
        return found
    for _ in range(_MOST_CHUNKS):
        head = file.read(_HEAD_BYTES)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if len(head) < _HEAD_BYTES or kind == b"IEND":
            break
        if kind in (b"tEXt", b"zTXt", b"iTXt") and length <= _LONGEST_TEXT:
            content = file.read(length)
            key, text = _text(kind, content)
            if len(content) == length and text is not None:
                found.setdefault(key, text)
        else:
            file.seek(length, 1)
        file.seek(_CHECK_BYTES, 1)
    return found


def _text(kind: bytes, content: bytes) -> tuple[str, str | None]:
    key, _, rest = content.partition(b"\0")
    name = key[:_LONGEST_KEY].decode("latin-1")
    if kind == b"tEXt":
        return name, _decoded(rest)
    if kind == b"zTXt":
        return name, _unpacked(rest[1:])
    is_packed, (_language, _, rest) = rest[:1] == b"\1", rest[2:].partition(b"\0")
    _translated, _, rest = rest.partition(b"\0")
    return name, _unpacked(rest) if is_packed else _decoded(rest)


def _unpacked(content: bytes) -> str | None:
    try:
        return _decoded(zlib.decompressobj().decompress(content, _LONGEST_TEXT))
    except zlib.error:
        return None


def _decoded(content: bytes) -> str:
    """UTF-8 where it is that: programs write it even where Latin-1 is meant to stand."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")
