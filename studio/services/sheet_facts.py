"""What a design's sheet says: its name, who chose what, colours, where to measure, materials."""

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo

from PIL import Image

from studio.design.families import GARMENT_FAMILIES
from studio.design.spec import DesignSpec, Origin
from studio.domain import Candidate, CandidateGroup
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.perfusion.generator import Generator
from studio.services.blueprint import FIGURE_HEIGHT_PX, Facts, Section, Swatch, seen_colours
from studio.services.dyes import TRIM_COLOURED, dyes_of, print_told, proportions_told
from studio.services.known_designs import KnownDesign, KnownDesigns
from studio.services.recipe import Recipe, recipe_texts

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


class SheetWriter:
    """Finds the words for what is known of designs.

    Args:
        generator: has Chinese names for phrases.
        known: the designs on pictures.
    """

    def __init__(self, generator: Generator, known: KnownDesigns) -> None:
        self._generator = generator
        self._known = known

    def facts(
        self,
        group: CandidateGroup,
        candidate: Candidate,
        stored: Image.Image,
        recipe: Recipe,
        store: str,
        zone: tzinfo | None = None,
    ) -> Facts:
        """What a candidate's sheet says.

        Args:
            group: its round.
            candidate: the design.
            stored: its picture.
            recipe: of the picture.
            store: whom it is for; empty for nobody in particular.
            zone: where the person is whose days are meant; None for this machine's.
        """
        known = self._known.of(group, candidate)
        spec = known.spec
        palette, palette_note = _palette(spec, stored)
        size = f"{stored.width} × {stored.height} px"
        return Facts(
            image=stored if spec is None else picture(draw_croquis(spec), FIGURE_HEIGHT_PX),
            title=self._title(known) or _capital(", ".join(group.prompt.split(", ")[:3])),
            subtitle=(self._chinese(self._garment(known)), store),
            number=number_of(group, candidate),
            made_on=group.made_at.astimezone(zone).date(),
            told=self._told(known) or (Section("Asked for", _numbered(group.prompt)),),
            palette=palette,
            palette_note=palette_note,
            measurements=_measurements(known.values),
            materials=self._materials(known, palette),
            footer=f"seed {candidate.seed} · {group.checkpoint} · {size}",
            texts=recipe_texts(recipe, stored.size),
        )

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
            *parts,
            ("thread, labels", "", "match"),
        )


def number_of(group: CandidateGroup, candidate: Candidate) -> str:
    """What people call a design: round and place in it."""
    return f"PF-{group.id:06d}-{candidate.position}"


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
