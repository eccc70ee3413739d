"""Values, pictures and exports of somebody who means harm, or whose program is broken."""

import json
import os
import random
import struct
import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.selling.launch_desk import TRAFFIC_COLUMNS
from studio.selling.order_files import PLAIN_COLUMNS
from studio.selling.vote_desk import VOTE_COLUMNS
from studio.services.export import COLUMNS, FORMAT
from studio.services.recipe import RECIPE_KEY

SINGLE: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 2**31, 2**53, 2**63 - 1, 2**63, 2**70, 10**30, 10**400,
    -(10**30), 0.5, 1.0, -0.0, 1e300, -1e300, 1e-320, float("nan"), float("inf"),
    "", " ", "0", "1", "-1", "dress, red", "dress", "x" * 1_000, "x" * 200_000,
    "\ud83d", "\udc00red", "\0", "a\0b", "'\"`;--", "' OR 1=1 --", "<script>alert(1)</script>",
    "${7*7}{{7*7}}", "../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd",
    "http://169.254.169.254/latest/meta-data/", "%00", "%2e%2e%2f", "9" * 400, "9" * 4_301,
    "1e999", "NaN", "null", "\uff12", "\u00b2", "\U0001f389" * 500, "\u202edress",
    "\r\nSet-Cookie: a=b", "a" * 64, "0" * 64, "连衣裙", "{", "[" * 5_000,
    [], {}, [[]], [None], [1, 2, 3], ["red"], list(range(3_000)), ["x"] * 3_000,
    {"prompt": "dress"}, {"prompt": None}, {"$ne": 1}, {"__type__": "update"},
    {"__proto__": {"a": 1}}, {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}},
)  # fmt: skip
ENTRIES = (
    "prompt", "revision", "kept", "phrase", "store_id", "recipe", "image", "variation", "name",
    "group_id", "candidate_ids", "candidate_id", "seen_ids", "parts", "store_ids", "job_ids",
    "count", "seed", "search", "favourites", "favourite", "before_id", "answers", "part",
)  # fmt: skip
"""What the scripts of the page send with their events."""


def value(chance: random.Random, depth: int = 0) -> Any:
    """Any value at all; mostly a single one."""
    kind = chance.random()
    if depth > 3 or kind < 0.8:
        return chance.choice(SINGLE)
    if kind < 0.85:
        return nested(chance.choice((20, 200, 900)))
    if kind < 0.93:
        return [value(chance, depth + 1) for _ in range(chance.randint(0, 4))]
    return {chance.choice(ENTRIES): value(chance, depth + 1) for _ in range(chance.randint(0, 4))}


def nested(depth: int) -> Any:
    """A list in a list in a list."""
    found: Any = 1
    for _ in range(depth):
        found = [found]
    return found


def event_data(chance: random.Random) -> Any:
    """What a component's script may send: some entries that are right, some that are not."""
    if chance.random() < 0.1:
        return value(chance)
    right = {
        "group_id": 1,
        "candidate_ids": [1],
        "prompt": "dress",
        "revision": 1,
        "store_id": None,
    }
    sent = {name: each for name, each in right.items() if chance.random() < 0.5}
    return sent | {chance.choice(ENTRIES): value(chance) for _ in range(chance.randint(1, 4))}


def table(chance: random.Random) -> bytes:
    """A file that says it is a table of orders, of traffic or of votes, or says nothing."""
    columns = chance.choice(_TABLES)
    cells = ("", "1", "-3", "2", "9" * 400, "1e999", "2026-11-31", "2026-02-01 12:00:00 +0200")
    rows = [columns]
    for _ in range(chance.choice((0, 1, 5, 200))):
        width = len(columns) + chance.choice((0, 0, 0, -1, 3))
        rows.append(
            [
                chance.choice(cells) if chance.random() < 0.7 else str(value(chance, 4))[:5_000]
                for _ in range(width)
            ]
        )
    mark = chance.choice((",", ",", ";", "\t"))
    text = chance.choice(("\n", "\r\n", "\r")).join(mark.join(row) for row in rows)
    coding = chance.choice(("utf-8", "utf-8-sig", "utf-16"))
    return text.encode(coding, "surrogatepass")[: chance.choice((10**7, 10**7, 300))]


_TABLES = (
    ["Id", "Name", "Created at", "Lineitem name", "Lineitem quantity", "Lineitem sku", "Currency"],
    [*PLAIN_COLUMNS],
    [*TRAFFIC_COLUMNS],
    [*VOTE_COLUMNS],
    ["\0", "=1+1", "'", '"', "\U0001f389"],
)


def picture(chance: random.Random) -> bytes:
    """A file that says it is a picture."""
    return chance.choice(_PICTURES)(chance)


def _small(chance: random.Random, size: tuple[int, int] = (32, 64), **options: Any) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, (chance.randrange(256), 0, 0)).save(file, "PNG", **options)
    return file.getvalue()


def _cut(chance: random.Random) -> bytes:
    whole = _small(chance)
    return whole[: chance.randrange(len(whole))]


def _changed(chance: random.Random) -> bytes:
    content = bytearray(_small(chance))
    for _ in range(chance.randint(1, 12)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def _claimed(chance: random.Random) -> bytes:
    """A header that claims a picture of any size, and nothing behind it."""
    width, height = (chance.choice((0, 1, 16, 65_535, 2**31 - 1, 2**32 - 1)) for _ in range(2))
    header = struct.pack(">IIBBBBB", width, height, chance.choice((1, 8, 16, 99)), 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", b"") + _chunk(b"IEND", b"")
    )


def _flat_bomb(chance: random.Random) -> bytes:
    side = chance.choice((6_000, 9_000, 12_000))
    file = BytesIO()
    Image.new("1", (side, side)).save(file, "PNG")
    return file.getvalue()


def _narrow(chance: random.Random) -> bytes:
    return _small(chance, chance.choice(((800, 1), (1, 800), (16, 9_000), (20_000, 16))))


def _text_bomb(chance: random.Random) -> bytes:
    """A text chunk that unpacks to far more than it weighs."""
    packed = zlib.compress(b"{" * chance.choice((10**5, 10**7)), 9)
    return _with_chunk(chance, b"zTXt", RECIPE_KEY.encode() + b"\0\0" + packed)


def _recipe(chance: random.Random) -> bytes:
    """A recipe with one entry that is wrong."""
    request = {
        "prompt": "dress, red", "num_candidates": 2, "seed": 1, "num_inference_steps": None,
        "guidance_scale": None, "variation": None, "strength": 1.0, "wearer_seed": None,
        "kept": "", "free": [],
    }  # fmt: skip
    record: dict[str, Any] = {
        "version": 1, "request": request, "prompt": "dress, red", "seed": 1,
        "num_inference_steps": 4, "guidance_scale": 1.0, "checkpoint": "tiny", "start_images": [],
        "profile": "", "shown": None, "design": "",
    }  # fmt: skip
    changed = record if chance.random() < 0.5 else request
    changed[chance.choice(list(changed))] = value(chance)
    return _with_text(chance, json.dumps(record))


def _deep_recipe(chance: random.Random) -> bytes:
    return _with_text(chance, "[" * chance.choice((100, 100_000)))


def _many_chunks(chance: random.Random) -> bytes:
    whole = _small(chance)
    chunk = _chunk(b"tEXt", b"a\0b")
    return whole[:33] + chunk * chance.choice((1_000, 100_000)) + whole[33:]


def _foreign(chance: random.Random) -> bytes:
    return chance.choice(
        (
            b"", b"\0" * 100, b"GIF89a" + b"\xff" * 50,
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"%PDF-1.7", b"PK\x03\x04" + b"\0" * 40, b"BM" + b"\xff" * 60, b"II*\0" + b"\xff" * 60,
            b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\xff" * 40, b"\xff\xd8\xff\xe0" + b"\0" * 40,
        )
    )  # fmt: skip


def _noise(chance: random.Random) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chance.randbytes(chance.randint(0, 5_000))


_PICTURES = (
    _small, _cut, _changed, _claimed, _flat_bomb, _narrow, _text_bomb, _recipe, _recipe, _recipe,
    _deep_recipe, _many_chunks, _foreign, _noise,
)  # fmt: skip


def _with_text(chance: random.Random, text: str) -> bytes:
    info = PngInfo()
    info.add_itxt(RECIPE_KEY, text, zip=chance.random() < 0.5)
    return _small(chance, pnginfo=info)


def _with_chunk(chance: random.Random, name: bytes, content: bytes) -> bytes:
    whole = _small(chance)
    return whole[:33] + _chunk(name, content) + whole[33:]


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def export(folder: Path, chance: random.Random) -> None:
    """A folder that says it is an export of rounds."""
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "a.png").write_bytes(_small(chance))
    (folder / "images" / "b.png").write_bytes(picture(chance))
    (folder / "export.json").write_text(json.dumps(FORMAT))
    rows = [_row(chance) for _ in range(3)]
    try:
        table = pa.Table.from_pylist(rows, schema=COLUMNS)
    except (pa.ArrowException, ValueError, OverflowError, TypeError):
        table = pa.Table.from_pylist([_right()], schema=COLUMNS)
    pq.write_table(table, folder / "rounds.parquet")
    chance.choice(_HARMS)(folder, chance)


def _right() -> dict[str, Any]:
    return {
        "round_id": "round-1", "store_id": "", "profile": "", "prompt": "dress, red",
        "images": ["images/a.png", "images/b.png"], "labels": [1.0, 0.0], "seeds": [1, 2],
        "made_at": datetime(2026, 1, 1, tzinfo=UTC), "model": "tiny", "split": "",
        "lots": ["", ""], "designs": ["", ""],
    }  # fmt: skip


def _row(chance: random.Random) -> dict[str, Any]:
    row = _right()
    wrong: dict[str, list[Any]] = {
        "prompt": ["", None, "x" * 5_000, "\0", "dress\nskirt"],
        "profile": ["{", "[" * 10_000, '{"version": 1, "fields": {"price": NaN}}', "null"],
        "images": [[], None, ["/etc/passwd"] * 2, ["../a.png"] * 2, ["images"] * 2, ["a\0b"] * 2,
                   ["images/a.png"] * 90, ["images/pipe.png"] * 2, ["images/loop.png"] * 2],
        "labels": [[], None, [None, None], [float("nan")] * 2, [1e300, -1e300]],
        "seeds": [[], None, [-1, 2**62], [None, 1]],
        "made_at": [None, 2**62, -(2**62), 0],
        "designs": [None, [], ["{", ""], ["[" * 10_000, ""], ['{"version": 1}', ""]],
        "model": [None, "x" * 100_000],
    }  # fmt: skip
    name = chance.choice(list(wrong))
    row[name] = chance.choice(wrong[name])
    return row


def _leave(folder: Path, chance: random.Random) -> None:
    """The rows alone are wrong."""


def _pipes(folder: Path, chance: random.Random) -> None:
    os.mkfifo(folder / "images" / "pipe.png")
    (folder / "images" / "loop.png").symlink_to("loop.png")


def _pipe_for_table(folder: Path, chance: random.Random) -> None:
    name = chance.choice(("export.json", "rounds.parquet"))
    (folder / name).unlink()
    os.mkfifo(folder / name)


def _loop_for_table(folder: Path, chance: random.Random) -> None:
    name = chance.choice(("export.json", "rounds.parquet"))
    (folder / name).unlink()
    (folder / name).symlink_to(name)


def _damaged_table(folder: Path, chance: random.Random) -> None:
    content = bytearray((folder / "rounds.parquet").read_bytes())
    for _ in range(chance.randint(1, 30)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    (folder / "rounds.parquet").write_bytes(content)


def _foreign_facts(folder: Path, chance: random.Random) -> None:
    facts = chance.choice(("", "null", "[" * 100_000, '{"format": 1}', "9" * 5_000, "\xff"))
    (folder / "export.json").write_bytes(facts.encode("latin-1"))


def _long_table(folder: Path, chance: random.Random) -> None:
    """Millions of rows in a file of nothing."""
    table = pa.table({"prompt": pa.DictionaryArray.from_arrays(pa.array([0] * 3_000_000), ["x"])})
    pq.write_table(table, folder / "rounds.parquet")


_HARMS = (
    _leave, _leave, _leave, _pipes, _pipe_for_table, _loop_for_table, _damaged_table,
    _foreign_facts,
    _long_table,
)  # fmt: skip
