"""Single designs on their way out of the studio: PNG files, blueprints, and zips of them."""

import zipfile
from collections.abc import Sequence
from datetime import tzinfo
from functools import lru_cache
from io import BytesIO

from PIL import Image

from studio.design.spec import DesignSpec
from studio.domain import Candidate, CandidateGroup, NothingTickedError, StorageError
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.perfusion.generator import Generator
from studio.services.blueprint import Facts, blueprint_png
from studio.services.enlarging import enlarged_drawing
from studio.services.known_designs import KnownDesigns
from studio.services.recipe import Recipe, recipe_in_file
from studio.services.sheet_facts import SheetWriter, number_of
from studio.services.stores import StoreBook
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles

MOST_SHEETS = 60
SCREEN_HEIGHT_PX = 2048
ENLARGED_HEIGHT_PX = 1024
"""Height for a screen: of a design that is drawn again, and of a small picture that can't be."""
THUMBNAIL_HEIGHT_PX = 256
_LARGE_REMEMBERED, _THUMBNAILS_REMEMBERED = 16, 512  # about 4 and 8 MB


class DesignFiles:
    """Candidates as files to take away.

    Args:
        database: where the rounds are.
        images: where the pictures are.
        generator: has Chinese names for phrases.
        stores: who the designs are for.
        known: the designs on pictures.
    """

    def __init__(
        self,
        database: Database,
        images: ImageFiles,
        generator: Generator,
        stores: StoreBook,
        known: KnownDesigns,
    ) -> None:
        self._groups = GroupStore(database)
        self._images = images
        self._stores = stores
        self._sheets = SheetWriter(generator, known)
        self._known = known
        self._thumbnail = lru_cache(_THUMBNAILS_REMEMBERED)(self._smaller)

    def png(self, candidate_id: int) -> tuple[str, bytes]:
        """A design's own PNG, with its recipe inside.

        Returns:
            File name and content.

        Raises:
            StudioError: there is no such candidate, or its file is missing.
        """
        group, candidate = self._find(candidate_id)
        path = self._images.find(candidate.image)
        if path is None:
            raise StorageError("The image is no longer in the data folder.")
        return f"{number_of(group, candidate)}.png", path.read_bytes()

    def large(self, digest: str) -> bytes:
        """A picture as a PNG for a whole screen: its design is drawn again, twice as large.

        A picture that shows no known design is enlarged if it is small.

        Raises:
            StorageError: it is missing or damaged.
        """
        known = self._known.of_image(digest)
        if known is not None and known.spec is not None:
            return _drawn_png(known.spec, SCREEN_HEIGHT_PX)
        image = self._images.load(digest)
        times = ENLARGED_HEIGHT_PX // image.height
        if times > 1 and times * image.width <= ENLARGED_HEIGHT_PX:
            image = enlarged_drawing(image, (times * image.width, times * image.height))
        return _png(image)

    def thumbnail(self, digest: str) -> bytes:
        """A picture as a small PNG, for lists of many.

        Raises:
            StorageError: it is missing or damaged.
        """
        return self._thumbnail(digest)

    def blueprint(self, candidate_id: int, zone: tzinfo | None = None) -> tuple[str, bytes]:
        """A design's sheet, A4 at 300 dpi.

        Args:
            candidate_id: the design.
            zone: where the person is whose days are meant; None for this machine's.

        Returns:
            File name and content.

        Raises:
            StudioError: there is no such candidate, or its file is missing.
        """
        facts = self.facts(candidate_id, zone)
        return f"{facts.number} blueprint.png", blueprint_png(facts)

    def blueprints(
        self, candidate_ids: Sequence[int], zone: tzinfo | None = None
    ) -> tuple[str, bytes]:
        """Sheets of several designs in one zip file.

        Args:
            candidate_ids: 1 to 60 designs.
            zone: see `blueprint`.

        Returns:
            File name and content.

        Raises:
            NothingTickedError: no candidate was given, or too many.
            StudioError: there is no such candidate, or its file is missing.
        """
        if not 1 <= len(candidate_ids) <= MOST_SHEETS:
            raise NothingTickedError(f"Choose 1 to {MOST_SHEETS} designs for blueprints.")
        file = BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for candidate_id in candidate_ids:
                archive.writestr(*self.blueprint(candidate_id, zone))
        return "blueprints.zip", file.getvalue()

    def facts(self, candidate_id: int, zone: tzinfo | None = None) -> Facts:
        """What a design's sheet says.

        Args:
            candidate_id: the design.
            zone: see `blueprint`.

        Raises:
            StudioError: there is no such candidate, or its file is missing.
        """
        group, candidate = self._find(candidate_id)
        store_id = group.request.store_id
        return self._sheets.facts(
            group,
            candidate,
            self._images.load(candidate.image),
            self._recipe(candidate),
            "" if store_id is None else self._stores.get(store_id).name,
            zone,
        )

    def _find(self, candidate_id: int) -> tuple[CandidateGroup, Candidate]:
        group = self._groups.of_candidate(candidate_id)
        return group, next(each for each in group.candidates if each.id == candidate_id)

    def _recipe(self, candidate: Candidate) -> Recipe:
        recipe = recipe_in_file(self._images.find(candidate.image))
        if recipe is None:
            raise StorageError("The image's recipe is no longer in the data folder.")
        return recipe

    def _smaller(self, digest: str) -> bytes:
        image = self._images.load(digest)
        width = max(1, round(image.width * THUMBNAIL_HEIGHT_PX / image.height))
        if image.height <= THUMBNAIL_HEIGHT_PX or width > 4 * THUMBNAIL_HEIGHT_PX:
            return _png(image)
        size = (width, THUMBNAIL_HEIGHT_PX)
        return _png(image.resize(size, Image.Resampling.BOX, reducing_gap=2.0))


@lru_cache(_LARGE_REMEMBERED)
def _drawn_png(spec: DesignSpec, height_px: int) -> bytes:
    return _png(picture(draw_croquis(spec), height_px))


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, format="PNG")
    return file.getvalue()
