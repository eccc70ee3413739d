"""Pictures of a listing for shops: worn, from behind and flat, each marked as made by AI."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.design.spec import DesignSpec
from studio.drawing.croquis import draw_croquis
from studio.drawing.flats.flat import draw_flat
from studio.drawing.flats.form import Side
from studio.drawing.raster import picture
from studio.drawing.record import Drawing
from studio.selling.listing_desk import spec_of
from studio.selling.records import Listing
from studio.services.recipe import AI_MARK, TRAINED_ALGORITHMIC_MEDIA
from studio.storage.image_files import ImageFiles

HEIGHT_PX, FLAT_HEIGHT_PX = 2048, 1536
Format = Literal["png", "jpg", "webp"]
FORMATS: tuple[Format, ...] = ("png", "jpg", "webp")
_PILLOW = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}


@dataclass(frozen=True)
class Shown:
    """A picture of a listing.

    Attributes:
        view: "front", "back", or the same "flat".
        name: of its file.
        alt: what it shows, in words.
    """

    view: str
    name: str
    alt: str
    content: bytes


def views_of(listing: Listing, images: ImageFiles) -> dict[str, Image.Image]:
    """A listing from all sides, the front first; drawing them takes a second or two.

    A picture whose design is not known is shown as it is, from the front alone.

    Raises:
        StorageError: it is missing or damaged.
    """
    spec = spec_of(listing.listed.design)
    if spec is None:
        return {"front": images.load(listing.listed.image)}
    return {
        "front": picture(draw_croquis(spec), HEIGHT_PX),
        "back": picture(draw_croquis(spec, "back"), HEIGHT_PX),
        "flat front": picture(_flat(spec, "front"), FLAT_HEIGHT_PX),
        "flat back": picture(_flat(spec, "back"), FLAT_HEIGHT_PX),
    }


def pictures_of(
    listing: Listing, views: Mapping[str, Image.Image], kind: Format
) -> tuple[Shown, ...]:
    """The views of a listing as files of one format."""
    stem = re.sub(r"[^a-z0-9]+", "-", listing.listed.number.casefold()).strip("-")
    return tuple(
        Shown(
            view,
            f"{stem}-{view.replace(' ', '-')}.{kind}",
            f"{listing.terms.title}, {view} view",
            marked(image, kind),
        )
        for view, image in views.items()
    )


def _flat(spec: DesignSpec, side: Side) -> Drawing:
    """A flat for customers, without what only a factory reads."""
    return draw_flat(spec, side, points=(), callouts=False)


def marked(image: Image.Image, kind: Format) -> bytes:
    """A picture as a file that says that a machine made it."""
    file = io.BytesIO()
    image = image.convert("RGB")
    if kind == "png":
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", AI_MARK, zip=False)
        image.save(file, "PNG", pnginfo=info)
    else:
        image.save(file, _PILLOW[kind], quality=92, xmp=AI_MARK.encode())
    return file.getvalue()


def is_marked(content: bytes) -> bool:
    """Whether a picture's file says that a machine made it."""
    with Image.open(io.BytesIO(content), formats=list(_PILLOW.values())) as image:
        found = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    text = found.decode("utf-8", "replace") if isinstance(found, bytes) else str(found)
    return TRAINED_ALGORITHMIC_MEDIA in text
