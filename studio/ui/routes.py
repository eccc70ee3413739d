"""Files that the page asks for: images by content, previews by job, downloads, fonts, the look.

They are the studio's own routes beside Gradio's, so that no path of the disk is ever in an
address, and images go out byte for byte as they were written.
"""

import dataclasses
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from tempfile import TemporaryFile
from zoneinfo import ZoneInfo

import font_caladea
import font_hanken_grotesk
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Route

from studio.domain import StudioError, ValueKindError
from studio.doors.gate import visitor_of
from studio.selling.selling import Selling
from studio.services.asking import RestoredRound
from studio.services.designs import MOST_SHEETS
from studio.services.export import ExportFormat
from studio.services.recipe import LARGEST_FILE, recipe_in_png
from studio.services.studio import Studio
from studio.values import moment, typed_whole

STYLE_SHEET = "look/studio.css"
"""Linked, not given to `launch(css=...)`: Gradio rewrites that, and media queries suffer."""

_FOLDER = Path(__file__).parent
_FONTS = {
    "caladea": Path(font_caladea.__file__).parent / "files",
    "hanken": Path(font_hanken_grotesk.__file__).parent / "files",
}
"""Served by a plain route: a mounted folder is not found below a path of a proxy."""
_BLOCK = 2**20
_ONCE = {"Cache-Control": "no-store"}
_KINDS = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "taste": "application/octet-stream",
}
_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}


def studio_routes(studio: Studio) -> list[BaseRoute]:
    """The routes, for Gradio to start its server with."""
    files = StudioFiles(studio)
    return [
        Route("/images/{digest}.png", files.image),
        Route("/large/{digest}.png", files.large),
        Route("/thumbnails/{digest}.png", files.thumbnail),
        Route("/previews/{job_id}/{place}.jpg", files.preview),
        Route("/designs/{candidate_id}.png", files.design),
        Route("/designs/{candidate_id}/{view}.png", files.view),
        Route("/designs", files.saved),
        Route("/drawings/{candidate_id}/{name}.svg", files.drawing),
        Route("/blueprints/{candidate_id}.png", files.blueprint),
        Route("/blueprints.zip", files.blueprints),
        Route("/packs/{candidate_id}.pdf", files.pack),
        Route("/packs/{candidate_id}/{sheet}.png", files.sheet),
        Route("/packs.zip", files.packs),
        Route("/rounds.zip", files.rounds),
        Route("/orders", files.orders, methods=["POST"]),
        Route("/rated-pictures", files.rated_picture, methods=["POST"]),
        Route("/polls", files.poll, methods=["POST"]),
        Route("/catalogue/{listing_id}.zip", files.catalogue),
        Route("/production/{order_id}.zip", files.production),
        Route("/recipes", files.recipe, methods=["POST"]),
        Route("/tastes/{store_id}.taste", files.taste),
        Route("/tastes", files.brought_taste, methods=["POST"]),
        Route("/references", files.reference, methods=["POST"]),
        Route(f"/{STYLE_SHEET}", files.style_sheet),
        Route("/fonts/{family}/{name}", files.font),
    ]


class StudioFiles:
    """One method for each route. What can't be had is told in a sentence, as plain text."""

    def __init__(self, studio: Studio) -> None:
        self._everybodys = studio

    def _studio(self, request: Request) -> Studio:
        """The studio of who asks."""
        return self._everybodys.of(visitor_of(request.scope))

    def image(self, request: Request) -> Response:
        """A picture by its content; it never changes."""
        path = self._studio(request).images.find(request.path_params["digest"])
        if path is None:
            return Response(status_code=404)
        return FileResponse(path, media_type="image/png", headers=_FOR_EVER)

    def large(self, request: Request) -> Response:
        """The same for a whole screen, drawn again; its address names the drawing engine.

        `?view=back` is the design from behind.
        """
        digest, view = request.path_params["digest"], request.query_params.get("view", "front")
        return _picture(lambda: self._studio(request).designs.large(digest, view))

    def thumbnail(self, request: Request) -> Response:
        """The same, small, for lists of many."""
        return _picture(
            lambda: self._studio(request).designs.thumbnail(request.path_params["digest"])
        )

    def preview(self, request: Request) -> Response:
        """A picture that is being drawn; its address names the step."""
        try:
            job_id = typed_whole("The round", request.path_params["job_id"])
            place = typed_whole("The place", request.path_params["place"])
            previews = self._studio(request).progress(job_id).previews
        except StudioError:
            return Response(status_code=404)
        if place >= len(previews):
            return Response(status_code=404)
        return Response(previews[place](), media_type="image/jpeg", headers=_FOR_EVER)

    def design(self, request: Request) -> Response:
        """A design's PNG to keep."""
        return _download(lambda: self._studio(request).designs.png(_candidate_id(request)))

    def view(self, request: Request) -> Response:
        """A design from the `front` or from the `back`, 1024 x 2048, with its recipe."""
        designs, view = self._studio(request).designs, request.path_params["view"]
        return _download(lambda: designs.view(_candidate_id(request), view))

    def saved(self, request: Request) -> Response:
        """Designs to keep: `?ids=1,2,3&kind=png`, `svg` or `pdf`; several come in one zip file."""
        designs, kind = self._studio(request).designs, request.query_params.get("kind", "png")
        return _download(lambda: designs.saved(_ids(request), kind))

    def drawing(self, request: Request) -> Response:
        """A drawing of a design: `croquis-front`, `croquis-back`, `flat-front` or `flat-back`."""
        packs, name = self._studio(request).packs, request.path_params["name"]
        return _download(lambda: packs.drawing(_candidate_id(request), name))

    def blueprint(self, request: Request) -> Response:
        """A design's sheet; `?language=en`, `zh` or `both`."""
        designs = self._studio(request).designs
        asked = asked_language(request), asked_zone(request)
        return _download(lambda: designs.blueprint(_candidate_id(request), *asked))

    def blueprints(self, request: Request) -> Response:
        """Several sheets in one zip file: `?ids=1,2,3`."""
        designs = self._studio(request).designs
        return _download(
            lambda: designs.blueprints(_ids(request), asked_language(request), asked_zone(request))
        )

    def pack(self, request: Request) -> Response:
        """A design's tech pack as one PDF of three sheets; `?language=en`, `zh` or `both`."""
        packs = self._studio(request).packs
        return _download(
            lambda: packs.pdf(_candidate_id(request), asked_language(request), asked_zone(request))
        )

    def sheet(self, request: Request) -> Response:
        """One sheet of a tech pack, 1 to 3, at A4 and 300 dpi; languages as above."""
        packs, sheet = self._studio(request).packs, request.path_params["sheet"]
        return _download(
            lambda: packs.page(
                _candidate_id(request),
                typed_whole("The sheet", sheet),
                asked_language(request),
                asked_zone(request),
            )
        )

    def packs(self, request: Request) -> Response:
        """Tech packs in one zip file, with PDF, PNG and SVG: `?ids=1,2,3`; languages as above."""
        packs = self._studio(request).packs
        return _download(
            lambda: packs.zip(_ids(request), asked_language(request), asked_zone(request))
        )

    def rounds(self, request: Request) -> Response:
        """The answered rounds as an export: `?store=1` for one store's, `?format=pickapic`."""
        store = request.query_params.get("store", "")
        kind = request.query_params.get("format", ExportFormat.ROUNDS)
        if kind not in [*ExportFormat]:
            return PlainTextResponse(f"An export can be {', '.join(ExportFormat)}.", 400)
        made = TemporaryFile()  # noqa: SIM115  without a name, and closed once it is sent
        try:
            store_id = typed_whole("store", store) if store else None
            self._studio(request).export.write_zip(made, store_id, ExportFormat(kind))
        except StudioError as error:
            made.close()
            return _refusal(error)
        size = made.tell()
        made.seek(0)
        name = "rounds" if kind == ExportFormat.ROUNDS else f"rounds-{kind}"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}.zip"',
            "Content-Length": str(size),
            **_ONCE,
        }
        return StreamingResponse(
            iter(lambda: made.read(_BLOCK), b""),
            media_type="application/zip",
            headers=headers,
            background=BackgroundTask(made.close),
        )

    async def orders(self, request: Request) -> Response:
        """What became of a file that is sent, of orders, returns, traffic or votes.

        `?source=SHOP&exported=TIME` says where orders come from, and as of when.
        """
        studio = self._studio(request)
        try:
            studio.visitor.check_may_write()  # before a large file comes to the disk
        except StudioError as error:
            return JSONResponse({"problem": str(error)})
        selling = Selling(studio)
        with TemporaryFile() as file:
            async for chunk in request.stream():
                file.write(chunk)
            file.seek(0)
            source = request.query_params.get("source", "")
            exported = request.query_params.get("exported", "")
            try:
                as_of = moment("exported", exported) if exported else None
                batch = await run_in_threadpool(selling.bring, file, source, as_of)
            except StudioError as error:
                return JSONResponse({"problem": str(error)})
        return JSONResponse(dataclasses.asdict(batch) | {"made_at": batch.made_at.isoformat()})

    async def rated_picture(self, request: Request) -> Response:
        """Keep a picture that is sent, to be rated: its SHA-256, or what is wrong with it."""
        content = await _file_sent(request)
        try:
            bring = Selling(self._studio(request)).ratings.bring
            image = await run_in_threadpool(bring, content)
        except StudioError as error:
            return JSONResponse({"problem": str(error)})
        return JSONResponse({"image": image})

    def poll(self, request: Request) -> Response:
        """Make a poll, a page of one file: `?ids=1,2,3&title=TEXT`, languages as above."""
        title = request.query_params.get("title", "")
        polls = Selling(self._studio(request)).polls
        try:
            key, page = polls.begin(title, _ids(request), asked_language(request))
        except StudioError as error:
            return _refusal(error)
        headers = {"Content-Disposition": f'attachment; filename="poll-{key}.html"', **_ONCE}
        return Response(page, media_type="text/html", headers=headers)

    def catalogue(self, request: Request) -> Response:
        """A listing for shops: `?base=ADDRESS`."""
        base = request.query_params.get("base", "")
        selling = Selling(self._studio(request))
        return _download(
            lambda: selling.catalogue(
                typed_whole("The listing", request.path_params["listing_id"]), base
            )
        )

    def production(self, request: Request) -> Response:
        """What a factory is sent."""
        selling = Selling(self._studio(request))
        return _download(
            lambda: selling.pack(
                typed_whole("The production order", request.path_params["order_id"])
            )
        )

    async def recipe(self, request: Request) -> Response:
        """The recipe in a PNG that is sent, or what is wrong with it; the file is not kept.

        `has_design` says whether the picture can be started from as well, see `reference`.
        """
        content = await _file_sent(request)
        try:
            studio = self._studio(request)
            recipe, restored = await run_in_threadpool(_restored, studio, content)
        except StudioError as error:
            return JSONResponse({"problem": str(error)})
        has_design = studio.only_own_pictures and restored.design is not None
        return JSONResponse({"recipe": recipe, "has_design": has_design})

    def taste(self, request: Request) -> Response:
        """What a store has taught, to bring to another studio."""
        tastes = self._studio(request).tastes
        store_id = request.path_params["store_id"]
        return _download(
            lambda: (
                f"store-{store_id}.taste",
                tastes.saved(typed_whole("The store", store_id)).to_bytes(),
            )
        )

    async def brought_taste(self, request: Request) -> Response:
        """Add the store of a taste that is sent: its id and name, or what is wrong with it."""
        content = await _file_sent(request)
        try:
            store = await run_in_threadpool(self._studio(request).tastes.bring, content)
        except StudioError as error:
            return JSONResponse({"problem": str(error)})
        return JSONResponse({"store_id": store.id, "name": store.name})

    async def reference(self, request: Request) -> Response:
        """What a picture that is sent can be used for, or what is wrong with it."""
        content = await _file_sent(request)
        try:
            reference = await run_in_threadpool(self._studio(request).references.read, content)
        except StudioError as error:
            return JSONResponse({"problem": str(error)})
        start = reference.start
        return JSONResponse(
            {
                "image": None if start is None else start.images[0],
                "variation": None if start is None else start.variation,
                "colours": [dataclasses.asdict(colour) for colour in reference.colours],
            }
        )

    def font(self, request: Request) -> Response:
        """A font's file, by a name out of its package's folder."""
        folder = _FONTS.get(request.path_params["family"])
        name = request.path_params["name"]
        if folder is None or name not in {path.name for path in folder.iterdir()}:
            return Response(status_code=404)
        return FileResponse(folder / name, headers=_FOR_EVER)

    def style_sheet(self, _request: Request) -> Response:
        """The look."""
        return FileResponse(_FOLDER / "studio.css", headers={"Cache-Control": "no-cache"})


def _restored(studio: Studio, content: bytes) -> tuple[str, RestoredRound]:
    recipe = recipe_in_png(content)
    return recipe, studio.restore(recipe)


async def _file_sent(request: Request) -> bytes:
    """A request's body, as far as it is not too large to be of use."""
    chunks, size = [], 0
    async for chunk in request.stream():
        chunks.append(chunk)
        size += len(chunk)
        if size > LARGEST_FILE:
            break
    return b"".join(chunks)


def asked_zone(request: Request) -> tzinfo | None:
    """The time zone that the page says it is in; None where it says none that is known."""
    try:
        return ZoneInfo(request.query_params["zone"])
    except (KeyError, ValueError, OSError):
        return None


def _candidate_id(request: Request) -> int:
    return typed_whole("The design", request.path_params["candidate_id"])


def _ids(request: Request) -> list[int]:
    """The designs that an address lists, duplicates included."""
    asked = request.query_params.get("ids", "").split(",", MOST_SHEETS)
    return [typed_whole("ids", each) for each in asked]


def asked_language(request: Request) -> str:
    """The language that sheets are asked for in."""
    return request.query_params.get("language", "en")


def _refusal(error: StudioError) -> Response:
    """The sentence: of values that can't be used at all, or of what can't be done now."""
    return PlainTextResponse(str(error), 400 if isinstance(error, ValueKindError) else 409)


def _picture(make: Callable[[], bytes]) -> Response:
    try:
        return Response(make(), media_type="image/png", headers=_FOR_EVER)
    except StudioError:
        return Response(status_code=404)


def _download(make: Callable[[], tuple[str, bytes]]) -> Response:
    try:
        name, content = make()
    except StudioError as error:
        return _refusal(error)
    kind = _KINDS[name.rpartition(".")[2]]
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **_ONCE}
    return Response(content, media_type=kind, headers=headers)
