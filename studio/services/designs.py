"""Single designs on their way out of the studio: PNG, SVG and PDF, blueprints, and zips of them."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from functools import lru_cache
from io import BytesIO

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.design.families import GARMENT_FAMILIES
from studio.design.spec import DesignSpec
from studio.domain import (
    Candidate,
    CandidateGroup,
    DesignError,
    ImageFileError,
    NothingTickedError,
    ValueKindError,
)
from studio.drawing.croquis import draw_croquis
from studio.drawing.pdf import pdf
from studio.drawing.raster import picture
from studio.services.blueprint import PictureFacts, picture_sheet_png
from studio.services.briefs import number_of
from studio.services.known_designs import KnownDesign, KnownDesigns
from studio.services.recipe import Recipe, recipe_in_file, recipe_texts
from studio.services.tech_packs import DRAWINGS, TechPacks, language_of
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles
from studio.techpack.fields import STATUSES, Status
from studio.techpack.frame import Heading, Printing
from studio.techpack.pack import Brief
from studio.techpack.said import Said
from studio.techpack.sheets import first_sheet, page_png

MOST_SHEETS = 60
SCREEN_HEIGHT_PX = 2048
ENLARGED_HEIGHT_PX = 1024
"""Height for a screen: of a design that is drawn again, and of a small picture that can't be."""
THUMBNAIL_HEIGHT_PX = 256
SAVED_KINDS = ("png", "svg", "pdf")
_LARGE_REMEMBERED, _THUMBNAILS_REMEMBERED = 16, 512  # about 4 and 8 MB


class DesignFiles:
    """Candidates as files to take away.

    Args:
        database: where the rounds are.
        images: where the pictures are.
        packs: tech packs of designs.
        known: the designs on pictures.
    """

    def __init__(
        self, database: Database, images: ImageFiles, packs: TechPacks, known: KnownDesigns
    ) -> None:
        self._groups = GroupStore(database)
        self._images = images
        self._packs = packs
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
            raise ImageFileError("The image is no longer in the data folder.")
        return f"{number_of(group, candidate)}.png", path.read_bytes()

    def large(self, digest: str, view: str = "front") -> bytes:
        """A picture as a PNG for a whole screen: its design is drawn again, twice as large.

        A picture that shows no known design is enlarged if it is small, and has no back.

        Args:
            digest: the SHA-256 of its file.
            view: "front" or "back".

        Raises:
            ValueKindError: it is to be seen from elsewhere.
            DesignError: its back is not known.
            ImageFileError: it is missing or damaged.
        """
        if view not in ("front", "back"):
            raise ValueKindError("A design is seen from the front or from the back.")
        known = self._known.of_image(digest)
        if known is not None and known.spec is not None:
            return _drawn_png(known.spec, SCREEN_HEIGHT_PX, view == "back")
        if view == "back":
            raise DesignError("No design is known of that picture, so nobody knows its back.")
        image = self._images.load(digest)
        times = ENLARGED_HEIGHT_PX // image.height
        if times > 1 and times * image.width <= ENLARGED_HEIGHT_PX:
            size = (times * image.width, times * image.height)
            image = image.resize(size, Image.Resampling.LANCZOS)
        return _png(image)

    def view(self, candidate_id: int, view: str) -> tuple[str, bytes]:
        """A design from the front or from behind, as a PNG as large as a screen, with its recipe.

        Raises:
            StudioError: there is no such candidate, or no design is known of it.
        """
        group, candidate = self._find(candidate_id)
        content = self.large(candidate.image, view)
        with Image.open(BytesIO(content)) as image:
            texts = recipe_texts(self._recipe(candidate), image.size)
            return f"{number_of(group, candidate)} {view}.png", _png(image, texts)

    def thumbnail(self, digest: str) -> bytes:
        """A picture as a small PNG, for lists of many.

        Raises:
            ImageFileError: it is missing or damaged.
        """
        return self._thumbnail(digest)

    def blueprint(
        self, candidate_id: int, language: str = "en", zone: tzinfo | None = None
    ) -> tuple[str, bytes]:
        """A design's sheet, A4 at 300 dpi: the first one of its tech pack, with the recipe inside.

        A picture that no design is known of has a sheet of what its words tell.

        Args:
            candidate_id: the design.
            language: of its words: "en", "zh" or "both".
            zone: where the person is whose days are meant; None for this machine's.

        Returns:
            File name and content.

        Raises:
            StudioError: there is no such candidate, its file is missing, or sheets don't speak
                that language.
        """
        group, candidate = self._find(candidate_id)
        name = f"{number_of(group, candidate)} blueprint.png"
        stored = self._images.load(candidate.image)
        texts = recipe_texts(self._recipe(candidate), stored.size)
        if self._packs.spec(candidate_id) is not None:
            pack, printing = self._packs.printed(candidate_id, language, zone)
            return name, page_png(first_sheet(pack, printing), texts)
        brief = self._packs.brief(candidate_id, zone)
        rows = _rows(self._known.of(group, candidate), brief)
        counts = {status: sum(row[2] == status for row in rows) for status in STATUSES}
        title = Said(_capital(", ".join(group.prompt.split(", ")[:3])))
        facts = PictureFacts(stored, Heading(title, brief, counts), rows, texts)
        return name, picture_sheet_png(facts, Printing(language_of(language)))

    def blueprints(
        self, candidate_ids: Sequence[int], language: str = "en", zone: tzinfo | None = None
    ) -> tuple[str, bytes]:
        """Sheets of several designs in one zip file.

        Args:
            candidate_ids: 1 to 60 designs.
            language: see `blueprint`.
            zone: see `blueprint`.

        Returns:
            File name and content.

        Raises:
            NothingTickedError: no candidate was given, or too many.
            StudioError: as for `blueprint`.
        """
        if not 1 <= len(candidate_ids) <= MOST_SHEETS:
            raise NothingTickedError(f"Choose 1 to {MOST_SHEETS} designs for blueprints.")
        return "blueprints.zip", _zipped(
            self.blueprint(each, language, zone) for each in candidate_ids
        )

    def saved(self, candidate_ids: Sequence[int], kind: str) -> tuple[str, bytes]:
        """Designs to keep, of one kind of file: one file, or a zip of them.

        Args:
            candidate_ids: at least one.
            kind: "png" as they are kept, "svg" with all four drawings, or "pdf" with both croquis
                and both flats on pages of their own.

        Args:
            candidate_id: the design.
            zone: see `blueprint`.

        Raises:
            NothingTickedError: no candidate was given, or too many.
            ValueKindError: there is no such kind of file.
            StudioError: there is no such candidate, or no design is known of it.
        """
        if kind not in SAVED_KINDS:
            raise ValueKindError(f"Designs are saved as {', '.join(SAVED_KINDS)}.")
        if not 1 <= len(candidate_ids) <= MOST_SHEETS:
            raise NothingTickedError(f"Choose 1 to {MOST_SHEETS} designs to save.")
        files = [file for each in dict.fromkeys(candidate_ids) for file in self._saved(each, kind)]
        if len(files) == 1:
            return files[0]
        return f"designs {kind}.zip", _zipped(files)

    def _saved(self, candidate_id: int, kind: str) -> Iterator[tuple[str, bytes]]:
        if kind == "png":
            yield self.png(candidate_id)
        elif kind == "svg":
            for name in DRAWINGS:
                yield self._packs.drawing(candidate_id, name)
        else:
            pages = self._packs.drawings(candidate_id)
            yield f"{number_of(*self._find(candidate_id))}.pdf", pdf(pages)

    def _find(self, candidate_id: int) -> tuple[CandidateGroup, Candidate]:
        group = self._groups.of_candidate(candidate_id)
        return group, next(each for each in group.candidates if each.id == candidate_id)

    def _recipe(self, candidate: Candidate) -> Recipe:
        recipe = recipe_in_file(self._images.find(candidate.image))
        if recipe is None:
            raise ImageFileError("The image's recipe is no longer in the data folder.")
        return recipe

    def _smaller(self, digest: str) -> bytes:
        image = self._images.load(digest)
        width = max(1, round(image.width * THUMBNAIL_HEIGHT_PX / image.height))
        if image.height <= THUMBNAIL_HEIGHT_PX or width > 4 * THUMBNAIL_HEIGHT_PX:
            return _png(image)
        size = (width, THUMBNAIL_HEIGHT_PX)
        return _png(image.resize(size, Image.Resampling.BOX, reducing_gap=2.0))


@lru_cache(_LARGE_REMEMBERED)
def _drawn_png(spec: DesignSpec, height_px: int, back: bool) -> bytes:
    return _png(picture(draw_croquis(spec, "back" if back else "front"), height_px))


def _rows(known: KnownDesign, brief: Brief) -> tuple[tuple[Said, Said, Status], ...]:
    """What words tell of a picture; else its phrases, numbered."""
    rows: list[tuple[Said, Said, Status]] = [
        (
            brief.family_names.get(family, Said(family)),
            brief.names.get(family, Said(value)),
            "asked" if known.origin(family) == "asked" else "derived",
        )
        for family, value in known.worn(*GARMENT_FAMILIES).items()
    ]
    if rows:
        return tuple(rows)
    return tuple((Said(str(n)), Said(each), "asked") for n, each in enumerate(brief.phrases, 1))


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


def _zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return content.getvalue()


def _png(image: Image.Image, texts: PngInfo | None = None) -> bytes:
    file = BytesIO()
    image.save(file, format="PNG", pnginfo=texts)
    return file.getvalue()
