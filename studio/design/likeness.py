"""How alike two designs are to the eye: the garment's families, and its main colour."""

from studio.design.colours import Lab
from studio.design.families import GARMENT_FAMILIES, NONE
from studio.design.spec import DesignSpec

COLOUR_REACH = 60.0
"""Distance in Lab at which two main colours have nothing in common any more."""


def likeness(one: DesignSpec, other: DesignSpec) -> float:
    """0 for nothing in common, 1 for the same garment in the same colour.

    The share of families that both have alike, of those that at least one of them has; colour
    counts by how far the shades are apart, not by name. The wearer does not count.
    """
    told = [
        family
        for family in GARMENT_FAMILIES
        if family != "colour" and {one[family], other[family]} != {NONE}
    ]
    alike = sum(one[family] == other[family] for family in told)
    shade = _shade(one.measures.colour, other.measures.colour)
    return (alike + shade) / (len(told) + 1)


def _shade(one: Lab, other: Lab) -> float:
    return max(0.0, 1.0 - one.distance(other) / COLOUR_REACH)
