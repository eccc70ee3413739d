"""Reference images: pictures that people bring along for a round to start from.

One of the studio's own designs, or any picture where the models know any picture, becomes the
start of the next round. The drawn world knows croquis only: of a photograph it takes the colours.
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from studio.domain import ReferenceImageError, VariationError
from studio.perfusion.generator import Generator
from studio.perfusion.pictures import fit_picture
from studio.services.asking import Start
from studio.services.colours import NamedColour, garment_colours
from studio.services.picture_keeper import PictureKeeper
from studio.services.recipe import RECIPE_KEY
from studio.storage.database import Database
from studio.storage.image_files import ImageFiles, digest_of

LARGEST_FILE = 24 * 2**20
MOST_PIXELS = 40_000_000
SMALLEST_SIDE_PX = 16
FORMATS = ("PNG", "JPEG", "WEBP")
VARIATION = 0.7
"""Share of the noise schedule that is drawn anew from a reference; people can change it."""


@dataclass(frozen=True)
class Reference:
    """What the studio makes of a picture: one of the two is there.

    Attributes:
        start: what the next round can start from; None where only colours can be taken.
        colours: the garment's main colours, by phrases that the model knows.
    """

    start: Start | None = None
    colours: tuple[NamedColour, ...] = ()


class ReferenceDesk:
    """Looks at pictures that people bring along.

    Args:
        database: notes pictures that no round starts from yet.
        images: where the studio's pictures are.
        generator: says which size and which phrases the models know.
    """

    def __init__(self, database: Database, images: ImageFiles, generator: Generator) -> None:
        self._keeper = PictureKeeper(database, images)
        self._images = images
        self._generator = generator

    def read(self, content: bytes) -> Reference:
        """Find out what a picture can be used for, and keep it if a round can start from it.

        Raises:
            ReferenceImageError: it is too large, of another kind, or damaged.
            StorageError: it can't be kept.
        """
        own = self._images.find(digest_of(content))
        picture, has_recipe = opened_picture(content)
        defaults = self._generator.defaults
        size = (defaults.width_px, defaults.height_px)
        if own is not None:
            return Reference(start=Start((own.stem,), VARIATION))
        if has_recipe and picture.size == size:
            return Reference(start=Start(self._keeper.keep([content]), VARIATION))
        if self._generator.phrasebook is None:
            file = BytesIO()
            fit_picture(picture, size).save(file, format="PNG")
            return Reference(start=Start(self._keeper.keep([file.getvalue()]), VARIATION))
        names = self._generator.phrasebook.families.get("colour", ())
        return Reference(colours=garment_colours(fit_picture(picture, picture.size), names))

    def start_from(self, digest: str, variation: object) -> Start:
        """A start from a picture that was read before.

        Args:
            digest: what `read` answered.
            variation: how much to draw anew, above 0 to 1.

        Raises:
            ReferenceImageError: there is no such picture.
            VariationError: the share is out of range.
        """
        if self._images.find(digest) is None:
            raise ReferenceImageError("That picture is no longer here. Bring it again.")
        if not isinstance(variation, float | int) or not 0 < variation <= 1:
            raise VariationError("The share to draw anew is above 0 and up to 1.")
        return Start((digest,), float(variation))


def opened_picture(content: bytes) -> tuple[Image.Image, bool]:
    """A picture that anybody may have made, decoded, and whether a recipe of ours is in it.

    The size is checked before anything is decoded, and the kind by the content, not by a name.

    Raises:
        ReferenceImageError: it is too large, of another kind, or damaged.
    """
    if len(content) > LARGEST_FILE:
        raise ReferenceImageError(f"The file is larger than {LARGEST_FILE // 2**20} MB.")
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ReferenceImageError(
                    f"The picture has {image.width:,} × {image.height:,} pixels. Scale it down "
                    "first; the models look at a small copy anyway."
                )
            if min(image.size) < SMALLEST_SIDE_PX:
                raise ReferenceImageError("The picture is too small to see anything in it.")
            image.load()
            return image.copy(), isinstance(image.info.get(RECIPE_KEY), str)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ReferenceImageError(
            f"That is no whole picture that can be read. Bring a {', '.join(FORMATS[:-1])} or "
            f"{FORMATS[-1]} file."
        ) from error
