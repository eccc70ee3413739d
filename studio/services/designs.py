"""Single designs on their way out of the studio: PNG files, blueprints, and zips of them."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

from PIL import Image

from studio.domain import Candidate, CandidateGroup, NothingTickedError, StorageError
from studio.perfusion.generator import Generator
from studio.perfusion.phrasebook import ABSENT, ParsedPrompt
from studio.services.blueprint import Design, blueprint_png, palette
from studio.services.enlarging import enlarged_drawing
from studio.services.recipe import Recipe, recipe_from_texts, recipe_texts
from studio.services.stores import StoreBook
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles

NOTHING = ParsedPrompt({}, ())
MOST_SHEETS = 60
SCREEN_HEIGHT_PX = 1024

# What the phrasebook's families mean for the making of a garment.
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
        generator: reads phrases back into attributes.
        stores: who the designs are for.
    """

    def __init__(
        self, database: Database, images: ImageFiles, generator: Generator, stores: StoreBook
    ) -> None:
        self._groups = GroupStore(database)
        self._images = images
        self._generator = generator
        self._stores = stores

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
        """A picture as a PNG for a whole screen; large ones stay as they are.

        Raises:
            StorageError: it is missing or damaged.
        """
        image = self._images.load(digest)
        times = SCREEN_HEIGHT_PX // image.height
        if times > 1:
            image = enlarged_drawing(image, (times * image.width, times * image.height))
        file = BytesIO()
        image.save(file, format="PNG")
        return file.getvalue()

    def blueprint(self, candidate_id: int) -> tuple[str, bytes]:
        """A design's sheet, A4 at 300 dpi.

        Returns:
            File name and content.

        Raises:
            StudioError: there is no such candidate, or its file is missing.
        """
        design = self.design(candidate_id)
        return f"{design.number} blueprint.png", blueprint_png(design)

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

    def design(self, candidate_id: int) -> Design:
        """What a design's sheet says.

        Raises:
            StudioError: there is no such candidate, or its file is missing.
        """
        group, candidate = self._find(candidate_id)
        image = self._images.load(candidate.image)
        parsed = self._generator.read_prompt(group.prompt)
        lots = self._generator.read_prompt(candidate.lots) if candidate.lots else NOTHING
        store_id = group.request.store_id
        store = "" if store_id is None else self._stores.get(store_id).name
        size = f"{image.width} × {image.height} px"
        return Design(
            image=image,
            title=self._title(parsed),
            subtitle=(self._title_in_chinese(parsed), store),
            number=number_of(group, candidate),
            made_on=group.made_at.date(),
            specification=self._rows(parsed) or _numbered(parsed),
            lots=self._rows(lots),
            measurements=_measurements({**lots.attributes, **parsed.attributes}),
            materials=self._materials(parsed, image),
            footer=f"seed {candidate.seed} · {group.checkpoint} · {size}",
            texts=recipe_texts(self._recipe(candidate), image.size),
        )

    def _find(self, candidate_id: int) -> tuple[CandidateGroup, Candidate]:
        group = self._groups.of_candidate(candidate_id)
        return group, next(each for each in group.candidates if each.id == candidate_id)

    def _recipe(self, candidate: Candidate) -> Recipe:
        path = self._images.find(candidate.image)
        if path is not None:
            with Image.open(path, formats=["PNG"]) as image:
                recipe = recipe_from_texts(image.info)
            if recipe is not None:
                return recipe
        raise StorageError("The image's recipe is no longer in the data folder.")

    def _phrase(self, parsed: ParsedPrompt, family: str) -> str:
        """What was asked for in a family, in its main words; empty if nothing was."""
        value = parsed.attributes.get(family, ABSENT)
        phrasebook = self._generator.phrasebook
        if value == ABSENT or phrasebook is None:
            return ""
        return phrasebook.canonical(family, value) or value

    def _title(self, parsed: ParsedPrompt) -> str:
        garment = self._phrase(parsed, "category")
        words = [self._phrase(parsed, family) for family in _TITLE_FAMILIES]
        told = [word for word in words if word and word != "solid"][:4]
        title = " ".join([*told, garment]) if garment else ", ".join(parsed.phrases[:3])
        return title[:1].upper() + title[1:]

    def _title_in_chinese(self, parsed: ParsedPrompt) -> str:
        garment = self._phrase(parsed, "category")
        return self._chinese(garment) if garment else ""

    def _chinese(self, phrase: str) -> str:
        phrasebook = self._generator.phrasebook
        label = phrasebook.labels("zh").get(phrase, "") if phrasebook else ""
        return label if label != phrase else ""

    def _rows(self, parsed: ParsedPrompt) -> tuple[tuple[str, str, str], ...]:
        """What phrases say about the garment: (family, phrase, the phrase in Chinese)."""
        phrasebook = self._generator.phrasebook
        wearer = phrasebook.wearer if phrasebook else ()
        return tuple(
            (family, phrase, self._chinese(phrase))
            for family in parsed.attributes
            if family not in wearer and (phrase := self._phrase(parsed, family))
        )

    def _materials(
        self, parsed: ParsedPrompt, image: Image.Image
    ) -> tuple[tuple[str, str, str], ...]:
        colours = palette(image)
        shell = (
            "shell",
            self._phrase(parsed, "fabric"),
            f"{self._phrase(parsed, 'colour')} {colours[0][0] if colours else ''}".strip(),
        )
        parts = [(phrase, "", "") for family in _PARTS if (phrase := self._phrase(parsed, family))]
        return shell, ("lining", "", ""), *parts[:5], ("thread, labels", "", "match")


def number_of(group: CandidateGroup, candidate: Candidate) -> str:
    """What people call a design: round and place in it."""
    return f"PF-{group.id:06d}-{candidate.position}"


def _numbered(parsed: ParsedPrompt) -> tuple[tuple[str, str, str], ...]:
    return tuple((str(number), phrase, "") for number, phrase in enumerate(parsed.phrases, 1))


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
