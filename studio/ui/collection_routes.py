"""Files of collections and picks: a page of one file, a line sheet, tables, all files at once."""

from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from studio.domain import StudioError, ValueKindError
from studio.doors.gate import visitor_of
from studio.services.studio import Studio
from studio.services.tables import Table, csv_file, xlsx_file
from studio.ui.routes import asked_language, asked_zone
from studio.ui.tile_board import image_url
from studio.values import typed_whole

_KINDS = {
    "html": "text/html",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TABLES: dict[str, Callable[[Table], bytes]] = {"csv": csv_file, "xlsx": xlsx_file}


def collection_routes(studio: Studio) -> list[BaseRoute]:
    """The routes, for Gradio to start its server with."""
    files = CollectionFiles(studio)
    return [
        Route("/collections.json", files.names),
        Route("/collections/{collection_id}.{kind}", files.collection),
        Route("/picks.{kind}", files.picks),
    ]


class CollectionFiles:
    """One method for each route. What can't be had is told in a sentence, as plain text."""

    def __init__(self, studio: Studio) -> None:
        self._everybodys = studio

    def names(self, request: Request) -> Response:
        """Every collection's id and name, for a menu."""
        listed = [
            {"id": each.id, "name": each.name} for each in self._studio(request).collections.all()
        ]
        return JSONResponse(listed, headers={"Cache-Control": "no-store"})

    def collection(self, request: Request) -> Response:
        """A collection as a file of one of the kinds: html, pdf, zip, csv or xlsx.

        Pages and tech packs speak `?language=en`, `zh` or `both`; tables always English.
        """
        kind = request.path_params["kind"]
        if kind not in _KINDS:
            return Response(status_code=404)
        try:
            collection_id = typed_whole("The collection", request.path_params["collection_id"])
            return _file(*self._made(request, collection_id, kind))
        except StudioError as error:
            return _refusal(error)

    def picks(self, request: Request) -> Response:
        """All ticked designs as a table, csv or xlsx: `?store=1` for one store's."""
        kind, store = request.path_params["kind"], request.query_params.get("store", "")
        if kind not in _TABLES:
            return Response(status_code=404)
        try:
            studio = self._studio(request)
            store_id = typed_whole("store", store) if store else None
            table = studio.line_sheets.picks(store_id, _addresses(request))
            return _file(f"picks.{kind}", _TABLES[kind](table))
        except StudioError as error:
            return _refusal(error)

    def _made(self, request: Request, collection_id: int, kind: str) -> tuple[str, bytes]:
        sheets = self._studio(request).line_sheets
        if kind in _TABLES:
            table = sheets.table(collection_id, _addresses(request))
            name = self._studio(request).collections.get(collection_id).name
            return f"{name}.{kind}", _TABLES[kind](table)
        language = asked_language(request)
        if kind == "zip":
            return sheets.everything(collection_id, language, asked_zone(request))
        return {"html": sheets.page, "pdf": sheets.sheet}[kind](collection_id, language)

    def _studio(self, request: Request) -> Studio:
        """The studio of who asks."""
        return self._everybodys.of(visitor_of(request.scope))


def _addresses(request: Request) -> Callable[[str], str]:
    base = str(request.base_url)
    return lambda digest: f"{base}{image_url(digest)}"


def _refusal(error: StudioError) -> Response:
    return PlainTextResponse(str(error), 400 if isinstance(error, ValueKindError) else 409)


def _file(name: str, content: bytes) -> Response:
    """A file to keep; its name may be in any script."""
    ending = name.rsplit(".", 1)[-1]
    plain = name if name.isascii() and '"' not in name else f"collection.{ending}"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(content, media_type=_KINDS[ending], headers=headers)
