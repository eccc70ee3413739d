"""Designs that are nearly the same: a store should know before it lists one twice."""

from collections.abc import Iterable
from dataclasses import dataclass

from studio.design.families import GARMENT_FAMILIES
from studio.design.spec import DesignSpec

NEARLY = 0.92
"""The part of the garment's families that are alike from which on two designs are nearly one."""


@dataclass(frozen=True)
class Alike:
    """Another listing whose design is nearly the same.

    Attributes:
        share: of the garment's families that are alike.
        differs: the others.
    """

    listing_id: int
    title: str
    share: float
    differs: tuple[str, ...]


def nearly_same(
    spec: DesignSpec, others: Iterable[tuple[int, str, DesignSpec]]
) -> tuple[Alike, ...]:
    """The listings whose designs are nearly the same, the nearest first.

    Args:
        spec: the design.
        others: (listing id, title, design) of those to compare with.
    """
    found = []
    for listing_id, title, other in others:
        differs = tuple(name for name in GARMENT_FAMILIES if spec[name] != other[name])
        share = 1 - len(differs) / len(GARMENT_FAMILIES)
        if share >= NEARLY:
            found.append(Alike(listing_id, title, share, differs))
    return tuple(sorted(found, key=lambda each: -each.share))
