"""Files that the page asks for: images by content, previews by job, fonts and the look.

They are the studio's own routes beside Gradio's, so that no path of the disk is ever in an
address, and images go out byte for byte as they were written.
"""

from pathlib import Path

import font_caladea
import font_hanken_grotesk
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from studio.services.studio import Studio

STYLE_SHEET = "look/studio.css"
"""Linked, not given to `launch(css=...)`: Gradio rewrites that, and media queries suffer."""

_FOLDER = Path(__file__).parent
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def studio_routes(studio: Studio) -> list[BaseRoute]:
    """The routes, for Gradio to start its server with."""

    def image(request: Request) -> Response:
        path = studio.images.find(request.path_params["digest"])
        if path is None:
            return Response(status_code=404)
        return FileResponse(path, media_type="image/png", headers=_FOR_EVER)

    def preview(request: Request) -> Response:
        previews = studio.progress(request.path_params["job_id"]).previews
        place = request.path_params["place"]
        if place >= len(previews):
            return Response(status_code=404)
        return Response(previews[place], media_type="image/jpeg", headers=_FOR_EVER)

    def style_sheet(_request: Request) -> Response:
        return FileResponse(_FOLDER / "studio.css", headers={"Cache-Control": "no-cache"})

    return [
        Route(f"/{STYLE_SHEET}", style_sheet),
        Route("/images/{digest}.png", image),
        Route("/previews/{job_id:int}/{place:int}.jpg", preview),
        Mount("/fonts/caladea", StaticFiles(directory=_files_of(font_caladea.__file__))),
        Mount("/fonts/hanken", StaticFiles(directory=_files_of(font_hanken_grotesk.__file__))),
    ]


def _files_of(package_file: str) -> Path:
    return Path(package_file).parent / "files"
