"""A design's tech pack: everything that its sheets say, and on whose word each of it is."""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from studio.design.colours import Lab
from studio.design.dyes import dyes_of
from studio.design.families import FIGURE_FAMILIES, GARMENT_FAMILIES, NONE
from studio.design.spec import DesignSpec
from studio.domain import Correction
from studio.techpack.artwork import Artwork, artwork_of
from studio.techpack.care import Care, care_of, told
from studio.techpack.construction import notes_of
from studio.techpack.fields import STATUSES, Corrections, Field, Status
from studio.techpack.materials import MaterialLine, bill_of
from studio.techpack.points import PointRow, point_rows
from studio.techpack.said import NOTHING, Said, listed

_TITLE = ("colour", "fabric", "pattern", "neckline", "length", "silhouette")
_MOST_TITLE = 4
_STATUS_OF: dict[str, Status] = {"asked": "asked", "person": "person"}
_PARTS = {
    "cloth": Said("cloth", "面料"),
    "print": Said("print", "印花"),
    "trim": Said("trim", "辅料"),
}


@dataclass(frozen=True, kw_only=True)
class Brief:
    """What the studio knows of a design beside the design itself.

    Attributes:
        number: of the design, such as "PF-000015-3".
        made_on: day of its round.
        store: whom it is for; empty for nobody in particular.
        typed: the prompt as it was typed.
        phrases: the phrases of it, as they were typed.
        typed_of: family -> the phrase that asked for it alone, as it was typed.
        names: family -> what people call its value.
        family_names: family -> what people call it.
        colour_names: measure -> the name that was typed for its very colour.
        footer: seed, checkpoint and so on.
    """

    number: str
    made_on: date
    store: str = ""
    typed: str = ""
    phrases: tuple[str, ...] = ()
    typed_of: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Said] = field(default_factory=dict)
    family_names: Mapping[str, Said] = field(default_factory=dict)
    colour_names: Mapping[str, str] = field(default_factory=dict)
    footer: str = ""

    def value(self, spec: DesignSpec, family: str) -> Said:
        """A family's value as it was typed, else as people call it."""
        if family in spec.asked and family in self.typed_of:
            typed, called = self.typed_of[family], self.name(spec, family)
            if _is_chinese(typed):
                return Said(called.en, typed)
            return Said(typed, called.zh or typed)
        return self.name(spec, family)

    def name(self, spec: DesignSpec, family: str) -> Said:
        """A family's value as people call it."""
        return self.names.get(family, Said(spec[family]))


def _is_chinese(text: str) -> bool:
    return any("CJK" in unicodedata.name(each, "") for each in text)


@dataclass(frozen=True)
class Choice:
    """One of the design's values.

    Attributes:
        family: which.
        name: of the family.
        said: the value, and on whose word it is.
        replaced: whether the first choice did not go with the rest.
    """

    family: str
    name: Said
    said: Field
    replaced: bool = False


@dataclass(frozen=True)
class Dyed:
    """A colour of the colourway.

    Attributes:
        part: what has it.
        name: what people call it.
        hex: in sRGB.
        lab: in CIE L*a*b* under D65.
        reference: the standard to dye by.
    """

    part: Said
    name: Said
    hex: str
    lab: Lab
    reference: Field


@dataclass(frozen=True)
class NoteLine:
    """A note on making a part."""

    part: Said
    said: Field


@dataclass(frozen=True)
class Pack:
    """A whole tech pack.

    Attributes:
        spec: the design.
        brief: what else is known of it.
        title: its name.
        choices: its values, those asked for first.
        sizes: what the size run is called, base size included.
        base: place of the base size in the run.
        points: points of measure.
        materials: the bill.
        colours: the colourway.
        artwork: of the print; None without one.
        notes: on making it.
        care: the signs proposed.
        care_note: what the label is to say, and on whose word.
        house: what only the house can say: factory, price, quantities.
    """

    spec: DesignSpec
    brief: Brief
    title: Said
    choices: tuple[Choice, ...]
    sizes: tuple[str, ...]
    base: int
    points: tuple[PointRow, ...]
    materials: tuple[MaterialLine, ...]
    colours: tuple[Dyed, ...]
    artwork: Artwork | None
    notes: tuple[NoteLine, ...]
    care: Care
    care_note: Field
    house: tuple[NoteLine, ...]

    def fields(self) -> Iterator[Field]:
        """Every field, in the order of the sheets."""
        yield from (choice.said for choice in self.choices)
        for row in self.points:
            yield row.tolerance
            yield from row.cells
        for line in self.materials:
            yield from line.fields
        yield from (dyed.reference for dyed in self.colours)
        if self.artwork is not None:
            yield from (each for _, each in self.artwork.fields)
        yield from (note.said for note in self.notes)
        yield self.care_note
        yield from (line.said for line in self.house)

    def counts(self) -> dict[Status, int]:
        """How many fields there are on whose word."""
        counted = Counter(
            each.status for each in self.fields() if each.status != "open" or each.question
        )
        return {status: counted[status] for status in STATUSES}

    def open_questions(self) -> tuple[Said, ...]:
        """What the factory or the house has to say before it can be made."""
        asked = (each.question for each in self.fields() if each.status == "open")
        return tuple(dict.fromkeys(question for question in asked if question))

    def corrected(self) -> tuple[Field, ...]:
        """What people have set by hand in the pack."""
        return tuple(each for each in self.fields() if each.at is not None)

    def find(self, key: str) -> Field | None:
        """The field of a key that people may correct; None where there is none."""
        correctable = (each for each in self.fields() if not each.key.startswith("choice."))
        return next((each for each in correctable if each.key == key), None)

    def digest(self) -> str:
        """Of all that the pack says: another digest is another revision."""
        says = [[each.key, each.said.en, each.said.zh, each.status] for each in self.fields()]
        content = [self.spec.to_json(), self.brief.typed, self.brief.number, says]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def pack_of(spec: DesignSpec, brief: Brief, corrections: Sequence[Correction] = ()) -> Pack:
    """The pack of a design.

    Args:
        spec: the design.
        brief: what else is known of it.
        corrections: what people have set by hand, in the order of making.
    """
    made = Corrections(corrections)
    sizes, base, points = point_rows(spec, made)
    dyes = dyes_of(spec, brief.colour_names)
    colours: dict[str, Said] = {
        dye.part: Said("{name} {hex}").filled(
            name=_colour_name(brief, spec, dye.part, dye.name), hex=dye.hex
        )
        for dye in dyes
    }
    print_name = brief.value(spec, "pattern")
    return Pack(
        spec=spec,
        brief=brief,
        title=_title(spec, brief),
        choices=tuple(_choices(spec, brief)),
        sizes=sizes,
        base=base,
        points=points,
        materials=bill_of(spec, brief.phrases, colours, made),
        colours=tuple(
            Dyed(
                _PARTS[dye.part],
                _colour_name(brief, spec, dye.part, dye.name),
                dye.hex,
                dye.lab,
                made.text(
                    f"colour.{dye.part}", NOTHING, None, _ASK_DYE.filled(part=_PARTS[dye.part])
                ),
            )
            for dye in dyes
        ),
        artwork=artwork_of(spec, print_name, made),
        notes=tuple(
            NoteLine(note.part, made.text(f"note.{note.key}", note.text)) for note in notes_of(spec)
        ),
        care=care_of(spec),
        care_note=made.text("care", listed(told(care_of(spec)))),
        house=tuple(
            NoteLine(name, made.text(f"house.{key}", NOTHING, None, question))
            for key, name, question in _HOUSE
        ),
    )


_ASK_DYE = Said("Which standard is the {part} dyed by?", "{part}按哪个色样染色？")
_HOUSE = (
    ("factory", Said("factory", "工厂"), Said("Which factory makes it?", "由哪家工厂生产？")),
    (
        "quantity",
        Said("quantity per size", "各码数量"),
        Said("How many pieces of each size?", "每个尺码多少件？"),
    ),
    (
        "origin",
        Said("country of origin", "原产地"),
        Said("Which country of origin stands on the label?", "标签上写哪个原产地？"),
    ),
    ("remark", Said("remarks", "备注"), NOTHING),
)


_MEASURE_OF = {"cloth": "colour", "print": "second_colour", "trim": "trim_colour"}


def _colour_name(brief: Brief, spec: DesignSpec, part: str, name: str) -> Said:
    """As it was typed, where it was; else the nearest name."""
    if typed := brief.colour_names.get(_MEASURE_OF[part]):
        return Said(typed)
    if part == "cloth":
        return brief.value(spec, "colour")
    return brief.names.get(f"colour:{name}", Said(name))


def _choices(spec: DesignSpec, brief: Brief) -> Iterator[Choice]:
    """The values that there are: of the garment, and of the wearer what was asked for."""
    told = [family for family in GARMENT_FAMILIES if spec[family] != NONE]
    told += [family for family in FIGURE_FAMILIES if family in spec.asked]
    order: tuple[Status, ...] = ("asked", "person", "derived")
    for status in order:
        for family in told:
            origin = spec.origin(family)
            if _STATUS_OF.get(origin, "derived") != status:
                continue
            said = Field(key=f"choice.{family}", said=brief.value(spec, family), status=status)
            name = brief.family_names.get(family, Said(family))
            yield Choice(family, name, said, origin == "repaired")


def _title(spec: DesignSpec, brief: Brief) -> Said:
    """Such as "Baby blue satin v-neck dress": what was asked for first, and not too much."""
    worn = [each for each in _TITLE if spec[each] not in (NONE, "solid")]
    asked = [each for each in worn if each in spec.asked]
    rest = [each for each in worn if each not in spec.asked]
    kept = {*asked, *rest[: max(0, _MOST_TITLE - len(asked))]}
    parts = [brief.value(spec, each) for each in worn if each in kept]
    parts.append(brief.value(spec, "category"))
    english = " ".join(part.en for part in parts)
    return Said(english[:1].upper() + english[1:], "".join(part.zh or part.en for part in parts))
