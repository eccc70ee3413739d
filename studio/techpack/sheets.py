"""A pack on paper: three sheets as drawings, as pictures and as one PDF."""

from io import BytesIO

from PIL.PngImagePlugin import PngInfo

from studio.drawing.pdf import pdf
from studio.drawing.raster import picture
from studio.drawing.record import Drawing
from studio.techpack.frame import Printing
from studio.techpack.pack import Pack
from studio.techpack.sheet_look import draw_look
from studio.techpack.sheet_making import draw_making
from studio.techpack.sheet_points import draw_points

DPI = 300
WIDTH_PX, HEIGHT_PX = 2480, 3508
"""Of a page of A4 at 300 dpi."""

_DRAW = (draw_look, draw_points, draw_making)


def sheets_of(pack: Pack, printing: Printing) -> tuple[Drawing, ...]:
    """All three sheets, in their order."""
    title = f"{pack.brief.number} {pack.title.en}"
    return tuple(draw(pack, printing).drawing(title) for draw in _DRAW)


def first_sheet(pack: Pack, printing: Printing) -> Drawing:
    """Sheet 1: the blueprint."""
    return draw_look(pack, printing).drawing(f"{pack.brief.number} {pack.title.en}")


def sheets_pdf(pack: Pack, printing: Printing) -> bytes:
    """One document of three pages: vectors, with text that can be searched."""
    return pdf(sheets_of(pack, printing))


def page_png(sheet: Drawing, texts: PngInfo | None = None) -> bytes:
    """A sheet as a PNG file that prints at A4.

    Args:
        sheet: the page.
        texts: of the file, such as the design's recipe.
    """
    file = BytesIO()
    image = picture(sheet, HEIGHT_PX).crop((0, 0, WIDTH_PX, HEIGHT_PX))
    image.save(file, format="PNG", dpi=(DPI, DPI), pnginfo=texts, compress_level=1)
    return file.getvalue()
