"""The exact colours of a design, and its proportions: what words can't say, told to people."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from studio.design.colours import Lab, hex_of, lab_of, nearest_colour_name, rgb_of
from studio.design.families import NONE, PRINTS
from studio.design.prints import print_turn
from studio.design.spec import DesignSpec

TRIM_COLOURED: dict[str, tuple[str, ...]] = {
    "neckline": ("keyhole neck",),
    "collar": ("peter pan collar", "sailor collar"),
    "cuffs": ("contrast cuffs", "ruffled cuffs"),
    "closure": ("button front", "lace-up front", "frog closure"),
    "trim": ("contrast piping",),
    "belt": ("tied sash",),
    "bow": ("neck bow", "shoulder bows"),
}
"""Family -> its values that are drawn in the trim's colour."""

NOTHING_TYPED: Mapping[str, str] = MappingProxyType({})

_SEEN = 0.1
"""A share of a proportion's range that can just be seen."""
_SLEEVED = ("short sleeves", "three-quarter sleeves", "long sleeves")


@dataclass(frozen=True)
class Dye:
    """One colour of a design.

    Attributes:
        part: what has it: the cloth, the print on it, or trims.
        name: as it was typed for this very colour, else of the nearest family of colours.
        hex: such as "#7A2231".
        lab: the colour itself.
    """

    part: Literal["cloth", "print", "trim"]
    name: str
    hex: str
    lab: Lab


def dyes_of(spec: DesignSpec, typed: Mapping[str, str] = NOTHING_TYPED) -> tuple[Dye, ...]:
    """The colours that a design shows: of the cloth, of its print, of its trims.

    Args:
        spec: the design.
        typed: measure -> the name that somebody typed for its colour.
    """
    measures = spec.measures
    dyes = [_dye("cloth", measures.colour, typed.get("colour"))]
    if spec["pattern"] in PRINTS:
        dyes.append(_dye("print", measures.second_colour, typed.get("second_colour")))
    if any(spec[family] in values for family, values in TRIM_COLOURED.items()):
        dyes.append(_dye("trim", measures.trim_colour, typed.get("trim_colour")))
    return tuple(dyes)


def print_told(spec: DesignSpec) -> str:
    """How large a print is and how it lies; empty without a print."""
    if spec["pattern"] not in PRINTS:
        return ""
    told = f"{spec.measures.print_scale:.2f} × the usual size"
    turn = print_turn(spec)
    if round(turn):
        way = "clockwise" if turn > 0 else "anticlockwise"
        told += f", turned {abs(turn):.0f}° {way}"
    return told


def proportions(spec: DesignSpec) -> dict[str, float]:
    """Where a design lies in what its words allow, from -1 to 1; 0 for what it doesn't have."""
    names = ("length", "ease", "flare", "neck_depth", "sleeve_length", "sleeve_volume")
    return {
        name.replace("_", " "): getattr(spec.measures, name) if shows_measure(spec, name) else 0.0
        for name in names
    }


def shows_measure(spec: DesignSpec, name: str) -> bool:
    """Whether a measure is about something that the design has."""
    if name in ("sleeve_length", "sleeve_volume"):
        return spec["sleeve length"] in _SLEEVED
    if name in ("print_scale", "print_angle"):
        return spec["pattern"] in PRINTS
    if name == "flare":
        return (spec["silhouette"], spec["leg"]) != (NONE, NONE)
    return name != "neck_depth" or spec["neckline"] != NONE


def proportions_told(spec: DesignSpec) -> tuple[str, ...]:
    """The proportions that differ visibly from the usual, from −1 to +1."""
    return tuple(
        f"{name} {share:+.1f}".replace("-", "−")
        for name, share in proportions(spec).items()
        if abs(share) >= _SEEN
    )


def _dye(part: Literal["cloth", "print", "trim"], colour: Lab, typed: str | None) -> Dye:
    seen = lab_of(rgb_of(colour))  # what is too strong for a screen is shown paler
    return Dye(part, typed or nearest_colour_name(seen), hex_of(colour), colour)
