"""Designs that are nearly the same: a store should know before it lists one twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from studio.design.families import GARMENT_FAMILIES
from studio.design.spec import DesignSpec

NEARLY = 0.92
"""The part of the garment's families that are alike from which on two designs are nearly one."""
LEAST_TOLD = 4
"""Words that tell of fewer families say too little to be compared."""


@dataclass(frozen=True)
class Other:
    """Something to compare a design with.

    Attributes:
        name: what people know it by.
        told: family -> value, of all that is known.
        source: the catalogue that it stands in; empty for a listing of the store itself.
    """

    name: str
    told: Mapping[str, str]
    source: str = ""


@dataclass(frozen=True)
class Alike:
    """Something that is nearly the same.

    Attributes:
        share: of the families that are known of it that are alike.
        told: how many of the garment's are known.
        differs: the others.
    """

    other: Other
    share: float
    told: int
    differs: tuple[str, ...]


def nearly_same(spec: DesignSpec, others: Iterable[Other]) -> tuple[Alike, ...]:
    """What is nearly the same as a design, the nearest first, as far as is known."""
    found = []
    for other in others:
        known = [name for name in GARMENT_FAMILIES if name in other.told]
        if len(known) < LEAST_TOLD:
            continue
        differs = tuple(name for name in known if spec[name] != other.told[name])
        share = 1 - len(differs) / len(known)
        if share >= NEARLY:
            found.append(Alike(other, share, len(known), differs))
    return tuple(sorted(found, key=lambda each: (-each.share, -each.told)))
