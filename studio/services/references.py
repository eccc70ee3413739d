"""Reference images: pictures that people bring along for a round to start from.

Where the models know any picture, any becomes the start of the next round. A checkpoint of designs
starts from the design that a picture of the studio carries; of a photograph it takes the colours.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from studio.design.colours import COLOUR_NAMES
from studio.domain import ReferenceImageError, VariationError
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.perfusion.generator import Generator
from studio.perfusion.pictures import LONGEST_SHAPE, fit_picture
from studio.services.asking import Start
from studio.services.colours import NamedColour, garment_colours
from studio.services.known_designs import KnownDesigns
from studio.services.picture_keeper import PictureKeeper
from studio.services.png_texts import texts_of_png
from studio.services.recipe import Recipe, png_with_recipe, recipe_from_texts
from studio.storage.brought_pictures import BroughtPictureStore
from studio.storage.database import Database
from studio.storage.image_files import MOST_PIXELS, ImageFiles, digest_of

LARGEST_FILE = 24 * 2**20
SMALLEST_SIDE_PX = 16
FORMATS = ("PNG", "JPEG", "WEBP")
VARIATION = 0.4
"""Share of the noise schedule that is drawn anew from a reference; people can change it."""
NOT_HERE = "That picture is no longer here. Bring it again."
NO_DESIGN = (
    "No design is known of that picture, so it can't be varied. Take its colours as phrases, or "
    "go on from its own phrases."
)


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
        generator: says at which size the models draw.
        known: the designs on pictures.
    """

    def __init__(
        self, database: Database, images: ImageFiles, generator: Generator, known: KnownDesigns
    ) -> None:
        self._keeper = PictureKeeper(database, images)
        self._brought = BroughtPictureStore(database)
        self._images = images
        self._generator = generator
        self._known = known

    def read(self, content: bytes) -> Reference:
        """Find out what a picture can be used for, and keep it if a round can start from it.

        Raises:
            ReferenceImageError: it is too large, of another kind, or damaged.
            StorageError: it can't be kept.
        """
        digest = digest_of(content)
        brought, recipe = opened_picture(content)
        if not self._known.are_drawn:
            return self._start_of_picture(content, digest, brought, recipe)
        if self._images.find(digest) is not None and self._known.start_of(digest) is not None:
            return self._start([digest])
        known = self._known.of_recipe(recipe)
        design = None if known is None else known.whole()
        if recipe is None or design is None:
            whole = fit_picture(brought, brought.size)
            return Reference(colours=garment_colours(whole, self._colour_names))
        if brought.size != self._size:  # a sheet or an enlarged copy: the design itself is kept
            drawn = picture(draw_croquis(design), self._size[1])
            content = png_with_recipe(drawn, recipe)
        return self._start(self._keeper.keep([content]))

    def _start_of_picture(
        self, content: bytes, digest: str, brought: Image.Image, recipe: Recipe | None
    ) -> Reference:
        """A start from the picture itself, whatever it shows."""
        if self._images.find(digest) is not None:
            return self._start([digest])
        if recipe is None or brought.size != self._size:
            file = BytesIO()
            fit_picture(brought, self._size).save(file, format="PNG")
            content = file.getvalue()
        return self._start(self._keeper.keep([content]))

    def _start(self, digests: Sequence[str]) -> Reference:
        """A start from pictures that the workspace has brought along, or had already."""
        self._brought.add(digests)
        return Reference(start=Start(tuple(digests), VARIATION))

    @property
    def _colour_names(self) -> Collection[str]:
        """What the models call colours."""
        book = self._generator.phrasebook
        return COLOUR_NAMES if book is None else book.families.get("colour", ())

    @property
    def _size(self) -> tuple[int, int]:
        """Width and height of what the models draw."""
        return self._generator.defaults.width_px, self._generator.defaults.height_px

    def start_from(self, digest: str, variation: object) -> Start:
        """A start from a picture that was read before.

        Args:
            digest: what `read` answered.
            variation: how much to draw anew, above 0 to 1.

        Raises:
            ReferenceImageError: there is no such picture, or none that can be varied.
            VariationError: the share is out of range.
        """
        self.check_starts((digest,))
        if not isinstance(variation, float | int) or not 0 < variation <= 1:
            raise VariationError("The share to draw anew is above 0 and up to 1.")
        return Start((digest,), float(variation))

    def check_starts(self, digests: Sequence[str]) -> None:
        """Refuse pictures that the checkpoint can't start from, and those of other workspaces.

        Raises:
            ReferenceImageError: one is not here, or the checkpoint draws designs, and none is known
                of one of them.
        """
        if any(self._images.find(digest) is None for digest in digests):
            raise ReferenceImageError(NOT_HERE)
        if self._known.are_drawn and not all(map(self._known.start_of, digests)):
            raise ReferenceImageError(NO_DESIGN)


def opened_picture(content: bytes) -> tuple[Image.Image, Recipe | None]:
    """A picture that anybody may have made, decoded, and the recipe of ours in it.

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
            if max(image.size) > LONGEST_SHAPE * min(image.size):
                raise ReferenceImageError(
                    f"The picture is more than {LONGEST_SHAPE} times as long as it is wide, or as "
                    "wide as it is high. Cut out what matters."
                )
            image.load()
            is_png = image.format == "PNG"
            return image.copy(), recipe_from_texts(
                texts_of_png(BytesIO(content))
            ) if is_png else None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ReferenceImageError(
            f"That is no whole picture that can be read. Bring a {', '.join(FORMATS[:-1])} or "
            f"{FORMATS[-1]} file."
        ) from error
