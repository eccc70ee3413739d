"""The same round on a plain port, below a path of a proxy, and in another site's frame."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from studio.doors.policy import DoorPolicy
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.generator import Generator
from studio.ui.app import THIS_MACHINE
from tests.serving import served
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook

pytestmark = pytest.mark.browser

DENIED = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {
    get() { throw new DOMException("Access is denied.", "SecurityError"); } });"""
_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def proxy_of(target: str, prefix: str) -> type[BaseHTTPRequestHandler]:
    """A reverse proxy that shows a studio below a path, and takes the path away as nginx does."""

    class Proxy(BaseHTTPRequestHandler):
        def answer(self) -> None:
            if not self.path.startswith(f"{prefix}/"):
                self.send_error(404)
                return
            size = int(self.headers.get("Content-Length") or 0)
            asked = Request(
                f"{target}{self.path.removeprefix(prefix)}",
                data=self.rfile.read(size) if size else None,
                headers=dict(self.headers),
                method=self.command,
            )
            try:
                reply = urlopen(asked, timeout=60)
            except HTTPError as error:
                reply = error
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                if name.lower() not in _HOP:
                    self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            while block := reply.read1(65536):
                self.wfile.write(block)
                self.wfile.flush()

        do_GET = do_POST = answer  # noqa: N815  the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Proxy


def frame_of(address: str) -> type[BaseHTTPRequestHandler]:
    """Another site's page with the studio in a frame."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(
                f'<iframe src="{address}" style="width:1300px;height:900px" sandbox="allow-scripts '
                'allow-same-origin allow-forms allow-downloads"></iframe>'.encode()
            )

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Site


@contextmanager
def studio_at(place: str, pipeline: CheckpointPipeline, data: Path) -> Iterator[str]:
    """A page's address in one of the places."""
    phrasebook = replace(tiny_phrasebook(), suggestions=("dress",))
    generator = Generator(pipeline, TINY_DEFAULTS, phrasebook)
    embedded: DoorPolicy = replace(THIS_MACHINE, embedders=("http://localhost:*",))
    policy = embedded if place == "frame" else THIS_MACHINE
    root_path = "/studio" if place == "proxy" else None
    with served(data, generator, policy=policy, root_path=root_path) as address:
        if place == "port":
            yield address
        elif place == "proxy":
            port = address.rstrip("/").rpartition(":")[2]
            target = f"http://127.0.0.1:{port}"
            with listening(proxy_of(target, "/studio")) as host:
                yield f"http://{host}/studio/"
        else:
            with listening(frame_of(address)) as host:
                yield f"http://localhost:{host.split(':')[1]}/"


def one_round(page: Page | FrameLocator) -> None:
    """Phrases, a round, a tick, an answer."""
    expect(page.locator(".brand")).to_be_visible()
    page.get_by_label("Add a phrase").fill("dress, red,")
    page.get_by_role("button", name=re.compile("^Generate")).click()
    expect(page.locator(".tiles").get_by_role("checkbox")).to_have_count(2)
    expect(page.locator(".round-title")).to_have_text("Round 1")
    page.get_by_role("checkbox", name="Design 1").click()
    page.get_by_role("button", name="Save 1 pick").click()
    expect(page.get_by_text("1 picked")).to_be_visible()


@pytest.mark.parametrize("place", ["port", "proxy", "frame"])
def test_one_round_passes_everywhere(
    browser: Browser, pipeline: CheckpointPipeline, tmp_path: Path, place: str
):
    with studio_at(place, pipeline, tmp_path) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        page = context.new_page()
        thrown: list[str] = []
        lost: list[str] = []
        page.on("pageerror", lambda each: thrown.append(str(each)))
        page.on("response", lambda each: lost.extend([each.url] * (each.status == 404)))
        if place == "frame":
            page.add_init_script(DENIED)
        page.goto(address)
        shown = page.frame_locator("iframe") if place == "frame" else page
        one_round(shown)
        assert page.frames[-1].evaluate("document.fonts.check('16px Caladea')")
        context.close()
    assert [each for each in thrown if "Access is denied" in each] == []
    assert [each for each in lost if "/fonts/" in each or "/images/" in each] == []
