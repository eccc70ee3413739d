"""Packs to test with: designs that together show every value of every family, and their words."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from studio.design.families import FAMILIES
from studio.design.phrasebook import Phrasebook
from studio.design.spec import DesignSpec, spec_of_values
from studio.domain import Correction
from studio.drawing.paths import Box
from studio.drawing.record import Drawing, Group, Mark, Text
from studio.techpack.pack import Brief, Pack, pack_of
from studio.techpack.said import Said
from training.atelier.world import sample_design

ATELIER = Path(__file__).parents[2] / "checkpoints" / "atelier"
NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
DRESS = {
    "category": "dress",
    "colour": "sky blue",
    "fabric": "cotton",
    "sleeve length": "long sleeves",
}


@lru_cache(maxsize=1)
def book() -> Phrasebook:
    return Phrasebook.load(ATELIER)


def design(values: Mapping[str, str] | None = None, asked: tuple[str, ...] = ()) -> DesignSpec:
    return spec_of_values(DRESS if values is None else values, asked)


def designs_with_every_value() -> list[DesignSpec]:
    """Random designs that together have every value of every family."""
    missing = {(family, value) for family, values in FAMILIES.items() for value in values}
    found: list[DesignSpec] = []
    rng = random.Random(5)
    while missing:
        spec = sample_design(rng)
        shown = missing & set(spec.outfit.items())
        if len(shown) > 2 or (shown and len(found) > 24):
            missing -= shown
            found.append(replace(spec, asked=frozenset(list(spec.outfit)[:3])))
    return found


def brief(spec: DesignSpec, typed: str = "baby blue dress, plus size", **changes: object) -> Brief:
    labels = book().labels("zh")
    names = {
        family: Said(book().canonical(family, value) or value,
                     labels.get(book().canonical(family, value) or value, ""))
        for family, value in spec.outfit.items()
    }  # fmt: skip
    families = {each: Said(each, name) for each, name in book().family_labels("zh").items()}
    whole = Brief(
        number="PF-000015-3",
        made_on=date(2026, 11, 30),
        store="Maison Nord",
        typed=typed,
        phrases=tuple(typed.split(", ")),
        typed_of={"colour": "baby blue", "build": "plus size"},
        names=names,
        family_names=families,
        footer="seed 7 · atelier",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def pack(spec: DesignSpec | None = None, *corrections: tuple[str, str], by: str = "Ann") -> Pack:
    spec = design(asked=("category", "colour")) if spec is None else spec
    made = [
        Correction(id=place, candidate_id=1, field=field, value=value, made_at=NOW, by=by)
        for place, (field, value) in enumerate(corrections)
    ]
    return pack_of(spec, brief(spec), made)


def texts_of(drawing: Drawing) -> Iterator[Text]:
    yield from _texts(drawing.marks)


def _texts(marks: tuple[Mark, ...]) -> Iterator[Text]:
    for mark in marks:
        if isinstance(mark, Group):
            yield from _texts(mark.marks)
        elif isinstance(mark, Text):
            yield mark


def overlapping(texts: list[Text]) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes lie on each other by more than a hair."""
    boxes = sorted(((text.box(), text.text) for text in texts), key=lambda each: each[0][1])
    found = []
    for place, (box, text) in enumerate(boxes):
        for other, other_text in boxes[place + 1 :]:
            if other[1] >= box[3]:
                break
            if _depth(box, other) > 0.5:
                found.append((text, other_text))
    return found


def _depth(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return min(across, down)
