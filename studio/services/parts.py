"""The parts of a design that people draw again one by one, and what belongs to each."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from studio.domain import DesignError


class Part(StrEnum):
    """A part of a design as people speak of it."""

    NECKLINE = "neckline"
    SLEEVES = "sleeves"
    SHAPE = "shape"
    COLOUR = "colour"
    PRINT = "print"
    FABRIC = "fabric"
    DETAILS = "details"
    WEARER = "wearer"


PARTS: dict[Part, frozenset[str]] = {
    Part.NECKLINE: frozenset({"neckline", "collar", "neck_depth"}),
    Part.SLEEVES: frozenset(
        {"sleeve length", "sleeve shape", "cuffs", "sleeve_length", "sleeve_volume"}
    ),
    Part.SHAPE: frozenset(
        {"length", "silhouette", "leg", "fit", "waist", "hem", "slit", "pleats", "ease", "flare"}
    ),
    Part.COLOUR: frozenset({"colour", "second_colour", "trim_colour"}),
    Part.PRINT: frozenset({"pattern", "second_colour", "print_scale", "print_angle"}),
    Part.FABRIC: frozenset({"fabric"}),
    Part.DETAILS: frozenset({"closure", "trim", "belt", "pockets", "bow", "trim_colour"}),
    Part.WEARER: frozenset({"hair", "hair colour", "skin", "build", "pose", "shoes"}),
}
"""Part -> its families and measures. "colour" and "length" are names of both.

The kind of garment is no part: with another one it is another design.
"""


def free_names(parts: Iterable[str]) -> frozenset[str]:
    """The families and measures of parts, by their names.

    Raises:
        DesignError: there is no such part, or none is given.
    """
    chosen = list(parts)
    if not chosen or not {*chosen} <= {*Part}:
        raise DesignError(f"Say which parts to draw again: {', '.join(Part)}.")
    return frozenset().union(*(PARTS[Part(each)] for each in chosen))


def parts_of(free: Collection[str]) -> tuple[Part, ...]:
    """The parts all of whose families and measures are free."""
    return tuple(part for part, names in PARTS.items() if names <= {*free})
