"""What was tried on Gradio's apps before, and on this one: requests that must come to nothing.

Published vulnerabilities, by their numbers at https://nvd.nist.gov/vuln/detail/NUMBER.
"""

import json
from dataclasses import dataclass
from typing import Any

FILE = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
URL = {"path": "x", "url": "http://127.0.0.1:1/secret", "meta": {"_type": "gradio.FileData"}}


@dataclass(frozen=True)
class Pattern:
    """A request.

    Attributes:
        source: where it is from.
        method: of HTTP.
        path: after the address.
        body: of the request; None for none.
        headers: beside the usual ones.
    """

    source: str
    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()


def _json(source: str, path: str, body: Any, **headers: str) -> Pattern:
    kinds = (("Content-Type", "application/json"), *headers.items())
    return Pattern(source, path, "POST", json.dumps(body).encode(), kinds)


def _form(source: str, path: str, name: str, boundary: str = "x", content: str = "a") -> Pattern:
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        f"Content-Type: text/html\r\n\r\n{content}\r\n--{boundary}--\r\n"
    )
    kind = (("Content-Type", f"multipart/form-data; boundary={boundary}"),)
    return Pattern(source, path, "POST", body.encode(), kind)


def _join(data: list[Any]) -> dict[str, Any]:
    return {"fn_index": 0, "session_hash": "abc", "data": data, "event_data": FILE}


PATTERNS: tuple[Pattern, ...] = (
    Pattern("CVE-2021-43831", "gradio_api/file/etc/passwd"),
    Pattern("CVE-2023-34239", "gradio_api/file=/etc/passwd"),
    Pattern("CVE-2023-34239", "gradio_api/file=../../../../etc/passwd"),
    Pattern("CVE-2023-51449", "gradio_api/file=%2e%2e/%2e%2e/%2e%2e/etc/passwd"),
    Pattern("CVE-2023-51449", "gradio_api/file=http://127.0.0.1:1/"),
    Pattern("CVE-2024-0964", "gradio_api/file=//etc/passwd"),
    _json("CVE-2024-0964", "gradio_api/run/predict", {"fn_index": 0, "data": [FILE]}),
    _json("CVE-2024-1183", "gradio_api/queue/join", _join([URL])),
    _json(
        "CVE-2024-1561",
        "gradio_api/component_server",
        {"component_id": 1, "data": "/etc/passwd", "fn_name": "move_resource_to_block_cache",
         "session_hash": "abc"},
    ),
    _json(
        "CVE-2024-34511",
        "gradio_api/component_server",
        {"component_id": "1", "data": ["/etc"], "fn_name": "__class__", "session_hash": "abc"},
    ),
    _form("CVE-2024-1728", "gradio_api/upload", "../../../../tmp/written-outside"),
    Pattern("CVE-2024-2206", "gradio_api/proxy=http://127.0.0.1:1/"),
    Pattern("CVE-2024-2206", "gradio_api/proxy=https://evil.hf.space/"),
    _json("CVE-2024-4325", "gradio_api/call/generate", {"data": [URL, 1, 1]}),
    _json("CVE-2024-4941", "gradio_api/call/add_store", {"data": ["Nord", FILE]}),
    Pattern("CVE-2024-4940", "gradio_api/file=https://evil.example/"),
    Pattern("CVE-2024-8021", "gradio_api/file=%2F%2Fevil.example%2F"),
    _form("CVE-2024-10648", "gradio_api/upload", "..\\..\\x.wav"),
    _json("CVE-2024-10624", "gradio_api/call/history", {"data": ["0" * 50_000 + "!"]}),
    _form("CVE-2024-10569", "gradio_api/upload", "bomb.csv.zip"),
    Pattern("CVE-2024-12217", "gradio_api/file=C:/app.py::$DATA"),
    Pattern("CWE-22", "gradio_api/file=app.py"),
    Pattern("CVE-2024-47164", "gradio_api/file=images/..%5c..%5cstudio.db"),
    Pattern("CVE-2024-47165", "config", headers=(("Origin", "null"),)),
    Pattern("CVE-2024-47084", "config", headers=(("Origin", "http://evil.example"),)),
    Pattern("CVE-2024-47166", "gradio_api/custom_component/1/component/../../../../etc/passwd"),
    Pattern("CVE-2024-47166", "custom_component/a/client/component/%2e%2e/%2e%2e/__init__.py"),
    _json("CVE-2024-47167", "gradio_api/queue/join", _join([{"url": "http://[::1]:1/"}])),
    Pattern("CVE-2024-47168", "gradio_api/monitoring"),
    Pattern("CVE-2024-47168", "monitoring/summary"),
    _json("CVE-2024-47868", "gradio_api/call/select", {"data": [FILE, [FILE]]}),
    _form("CVE-2024-47872", "gradio_api/upload", "x.html", content="<script>alert(1)</script>"),
    _json("CVE-2024-48052", "gradio_api/queue/join", _join([{"path": "http://127.0.0.1:1/"}])),
    _json("CVE-2024-51751", "gradio_api/queue/join", _join([[FILE, FILE]])),
    _form("CVE-2024-8966", "gradio_api/upload", "x", boundary="-" * 20_000),
    _form("CVE-2025-0187", "gradio_api/upload", "x" * 500_000),
    Pattern("CVE-2025-23042", "gradio_api/file=APP.PY"),
    Pattern("CVE-2025-23042", "gradio_api/file=DATA/studio.db"),
    _json("CVE-2025-48889", "gradio_api/call/flag", {"data": [FILE]}),
    Pattern("CVE-2025-5320", "config", headers=(("Origin", "http://localhost.evil.example"),)),
    Pattern("CWE-22", "gradio_api/heartbeat/../../etc/passwd"),
    Pattern("CWE-22", "images/..%2f..%2fstudio.db.png"),
    Pattern("CWE-22", "large/%2e%2e%2f%2e%2e%2fstudio.db.png"),
    Pattern("CWE-22", "fonts/caladea/..%2f..%2f..%2fetc/passwd"),
    Pattern("CWE-22", "fonts/caladea/%00"),
    Pattern("CWE-22", "look/studio.css/../../app.py"),
    Pattern("CWE-22", "static/../../../../etc/passwd"),
    Pattern("CWE-22", "assets/%2e%2e/%2e%2e/%2e%2e/routes.py"),
    Pattern("CWE-190", f"designs/{'9' * 4_301}.png"),
    Pattern("CWE-190", f"blueprints/{'9' * 20}.png"),
    Pattern("CWE-190", f"previews/{'9' * 5_000}/0.jpg"),
    Pattern("CWE-190", f"blueprints.zip?ids={'9' * 5_000}"),
    Pattern("CWE-20", "rounds.zip?store=abc"),
    Pattern("CWE-20", "rounds.zip?store=-1"),
    Pattern("CWE-20", f"rounds.zip?store={'9' * 400}"),
    Pattern("CWE-20", "rounds.zip?format=../../etc"),
    Pattern("CWE-20", "blueprints.zip?ids=1,x"),
    Pattern("CWE-113", "rounds.zip?store=1%0d%0aSet-Cookie:%20a=b"),
    _json("CWE-190", "gradio_api/call/generate", {"data": ["dress", 2, 10**30]}),
    _json("CWE-190", "gradio_api/call/generate", {"data": ["dress", 10**400, 1]}),
    _json("CWE-176", "gradio_api/call/keep_phrase", {"data": ["\ud83d"]}),
    _json("CWE-639", "gradio_api/call/cancel", {"data": [999_999]}),
    Pattern("CWE-674", "gradio_api/call/job", "POST", b"[" * 100_000),
    Pattern("CWE-674", "gradio_api/queue/join", "POST", b'{"data":' + b"[" * 50_000),
)  # fmt: skip
