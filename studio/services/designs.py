"""Single designs on their way out of the studio: PNG files, blueprints, and zips of them."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import BytesIO

from PIL import Image

from studio.design.families import GARMENT_FAMILIES
from studio.design.spec import DesignSpec, Origin
from studio.domain import Candidate, CandidateGroup, NothingTickedError, StorageError
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.perfusion.generator import Generator
from studio.services.blueprint import (
    FIGURE_HEIGHT_PX,
    Facts,
    Section,
    Swatch,
    blueprint_png,
    seen_colours,
)
from studio.services.dyes import TRIM_COLOURED, dyes_of, print_told, proportions_told
from studio.services.enlarging import enlarged_drawing
from studio.services.known_designs import KnownDesign, KnownDesigns
from studio.services.recipe import Recipe, recipe_in_file, recipe_texts
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

# What the families mean for the making of a garment.
_TITLE_FAMILIES = ("colour", "fabric", "pattern", "neckline", "length", "silhouette")
_PARTS = ("belt", "closure", "pockets", "trim", "bow", "collar", "cuffs")

_POINTS = {
    "top": (
        ("body length, high shoulder point to hem", "± 1.0"),
        ("chest, half, below armhole", "± 0.5"),
        ("shoulder to shoulder", "± 0.5"),
        ("sleeve, shoulder to cuff", "± 0.5"),
        ("hem, half, straight", "± 0.5"),
    ),
    "dress": (
        ("body length, high shoulder point to hem", "± 1.0"),
        ("chest, half, below armhole", "± 0.5"),
        ("waist, half", "± 0.5"),
        ("shoulder to shoulder", "± 0.5"),
        ("sleeve, shoulder to cuff", "± 0.5"),
        ("hem, half, straight", "± 1.0"),
    ),
    "skirt": (
        ("waist, half", "± 0.5"),
        ("hip, half, 20 cm below waist", "± 0.5"),
        ("length, waist to hem", "± 1.0"),
        ("hem, half, straight", "± 1.0"),
    ),
    "trousers": (
        ("waist, half", "± 0.5"),
        ("hip, half, 20 cm below waist", "± 0.5"),
        ("front rise", "± 0.5"),
        ("inseam", "± 1.0"),
        ("thigh, half", "± 0.5"),
        ("leg opening, half", "± 0.5"),
    ),
}
_HANDS: dict[Origin, tuple[str, str]] = {
    "asked": ("Asked for", ""),
    "person": ("Set by hand", ""),
    "generated": ("Generated", "what the phrases left open"),
    "repaired": ("Generated, then replaced", "the first choice did not go with the rest"),
}
"""Who chose -> the heading of what they chose, and a note."""

_CUT_LIKE = {
    **dict.fromkeys(("top", "shirt", "sweater", "jacket", "coat"), "top"),
    **dict.fromkeys(("skirt",), "skirt"),
    **dict.fromkeys(("trousers", "shorts"), "trousers"),
}


class DesignFiles:
    """Candidates as files to take away.

    Args:
        database: where the rounds are.
        images: where the pictures are.
        generator: has the words for values.
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
        self._generator = generator
        self._stores = stores
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
        if times > 1:
            image = enlarged_drawing(image, (times * image.width, times * image.height))
        return _png(image)

    def thumbnail(self, digest: str) -> bytes:
        """A picture as a small PNG, for lists of many.

        Raises:
            StorageError: it is missing or damaged.
        """
        return self._thumbnail(digest)

    def blueprint(self, candidate_id: int) -> tuple[str, bytes]:
        """A design's sheet, A4 at 300 dpi.

        Returns:
            File name and content.

        Raises:
            StudioError: there is no such candidate, or its file is missing.
        """
        facts = self.facts(candidate_id)
        return f"{facts.number} blueprint.png", blueprint_png(facts)

    def blueprints(self, candidate_ids: Sequence[int]) -> tuple[str, bytes]:
        """Sheets of several designs in one zip file.

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
                archive.writestr(*self.blueprint(candidate_id))
        return "blueprints.zip", file.getvalue()

    def facts(self, candidate_id: int) -> Facts:
        """What a design's sheet says.

        Raises:
            StudioError: there is no such candidate, or its file is missing.
        """
        group, candidate = self._find(candidate_id)
        stored = self._images.load(candidate.image)
        known = self._known.of(group, candidate)
        spec = known.spec
        image = stored if spec is None else picture(draw_croquis(spec), FIGURE_HEIGHT_PX)
        palette, palette_note = _palette(spec, stored)
        store_id = group.request.store_id
        store = "" if store_id is None else self._stores.get(store_id).name
        size = f"{stored.width} × {stored.height} px"
        return Facts(
            image=image,
            title=self._title(known) or _capital(", ".join(group.prompt.split(", ")[:3])),
            subtitle=(self._chinese(self._garment(known)), store),
            number=number_of(group, candidate),
            made_on=group.made_at.date(),
            told=self._told(known) or (Section("Asked for", _numbered(group.prompt)),),
            palette=palette,
            palette_note=palette_note,
            measurements=_measurements(known.values),
            materials=self._materials(known, palette),
            footer=f"seed {candidate.seed} · {group.checkpoint} · {size}",
            texts=recipe_texts(self._recipe(candidate), stored.size),
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
        if image.height <= THUMBNAIL_HEIGHT_PX:
            return _png(image)
        size = (width, THUMBNAIL_HEIGHT_PX)
        return _png(image.resize(size, Image.Resampling.BOX, reducing_gap=2.0))

    def _garment(self, known: KnownDesign) -> str:
        return next(iter(self._known.phrases(known.worn("category")).values()), "")

    def _title(self, known: KnownDesign) -> str:
        garment = self._garment(known)
        words = self._known.phrases(known.worn(*_TITLE_FAMILIES))
        told = [words[each] for each in _TITLE_FAMILIES if each in words and words[each] != "solid"]
        return _capital(" ".join([*told[:4], garment])) if garment else ""

    def _chinese(self, phrase: str) -> str:
        phrasebook = self._generator.phrasebook
        label = phrasebook.labels("zh").get(phrase, "") if phrasebook else ""
        return label if label != phrase else ""

    def _told(self, known: KnownDesign) -> tuple[Section, ...]:
        """What is known of the garment, by who chose it."""
        phrases = self._known.phrases(known.worn(*GARMENT_FAMILIES))
        sections = []
        for hand, (heading, note) in _HANDS.items():
            rows = [
                (family, phrase, self._chinese(phrase))
                for family, phrase in phrases.items()
                if known.origin(family) == hand
            ]
            if hand == "generated" and known.spec is not None:
                rows += _measures_told(known.spec)
            if rows:
                sections.append(Section(heading, tuple(rows), note))
        return tuple(sections)

    def _materials(
        self, known: KnownDesign, palette: Sequence[Swatch]
    ) -> tuple[tuple[str, str, str], ...]:
        phrases = self._known.phrases(known.worn("fabric", "colour", *_PARTS))
        main = palette[0].hex if palette else ""
        shell = f"{phrases.get('colour', '')} {main}".strip()
        trim = next((each.hex for each in palette if each.label.startswith("trim")), "")
        parts = [
            (phrases[family], "", trim if known.values[family] in TRIM_COLOURED[family] else "")
            if family in TRIM_COLOURED
            else (phrases[family], "", "")
            for family in _PARTS
            if family in phrases
        ]
        return (
            ("shell", phrases.get("fabric", ""), shell),
            ("lining", "", ""),
            *parts[:5],
            ("thread, labels", "", "match"),
        )


def number_of(group: CandidateGroup, candidate: Candidate) -> str:
    """What people call a design: round and place in it."""
    return f"PF-{group.id:06d}-{candidate.position}"


@lru_cache(_LARGE_REMEMBERED)
def _drawn_png(spec: DesignSpec, height_px: int) -> bytes:
    return _png(picture(draw_croquis(spec), height_px))


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, format="PNG")
    return file.getvalue()


def _palette(spec: DesignSpec | None, image: Image.Image) -> tuple[tuple[Swatch, ...], str]:
    """A design's exact colours, or those that its picture seems to have; and how they are known."""
    if spec is None:
        seen = tuple(Swatch(colour, f"{share:.0%}") for colour, share in seen_colours(image))
        return seen, "read from the middle of the picture"
    exact = tuple(Swatch(dye.hex, f"{dye.part}: {dye.name}") for dye in dyes_of(spec))
    return exact, "the design's own, in sRGB"


def _measures_told(spec: DesignSpec) -> list[tuple[str, str, str]]:
    printed, proportions = print_told(spec), proportions_told(spec)
    rows = [("print", printed, "")] if printed else []
    for place in range(0, len(proportions), 2):
        one, other = (*proportions[place : place + 2], "")[:2]
        rows.append(("" if place else "proportions", one, other))
    return rows


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


def _numbered(prompt: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((str(number), phrase, "") for number, phrase in enumerate(prompt.split(", "), 1))


def _measurements(attributes: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Where to measure a garment of these attributes."""
    cut = _CUT_LIKE.get(attributes.get("category", ""), "dress")
    points = [
        point
        for point in _POINTS[cut]
        if not (re.match("sleeve", point[0]) and attributes.get("sleeve length") == "sleeveless")
    ]
    return tuple(
        (letter, point, spread) for letter, (point, spread) in zip("ABCDEFGH", points, strict=False)
    )
