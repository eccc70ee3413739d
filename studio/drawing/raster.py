"""Drawings as pictures. The one rasteriser: training and the app see the same pixels."""

from threading import Lock

import pypdfium2
from PIL import Image

from studio.drawing.pdf import pdf_for_raster
from studio.drawing.record import Drawing

# PDFium lets go of the interpreter's lock and crashes when two threads are in it.
_PDFIUM = Lock()


def picture(drawing: Drawing, height_px: int) -> Image.Image:
    """The drawing in RGB; its width follows from the page. May be called from many threads."""
    unit_px = height_px / drawing.height
    page_file = pdf_for_raster(drawing, unit_px)
    with _PDFIUM:
        document = pypdfium2.PdfDocument(page_file)
        page = document[0]
        bitmap = page.render(
            scale=unit_px, may_draw_forms=False, rev_byteorder=True, prefer_bgrx=True
        )
        image: Image.Image = bitmap.to_pil().convert(
            "RGB"
        )  # a copy: the bitmap's memory goes with it
        bitmap.close()
        page.close()
        document.close()
    return image
