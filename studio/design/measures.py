"""What words can't say of a design: exact colours, how long, how wide, how large the print."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from studio.design.colours import COLOUR_NAMES, NAMED_COLOURS, Lab, lab_of, nearest_colour_name

LAB_RANGES = ((0.0, 100.0), (-128.0, 127.0), (-128.0, 127.0))
COLOURS = ("colour", "second_colour", "trim_colour")
RANGES: dict[str, tuple[float, float]] = {
    "length": (-1.0, 1.0),
    "ease": (-1.0, 1.0),
    "flare": (-1.0, 1.0),
    "neck_depth": (-1.0, 1.0),
    "sleeve_length": (-1.0, 1.0),
    "sleeve_volume": (-1.0, 1.0),
    "print_scale": (0.5, 2.0),
    "print_angle": (-45.0, 45.0),
}
"""Measure -> its least and its greatest number."""

SEEN_APART = 22.0
"""Distance (CIE76) from which a second colour shows on the first one."""
_DARK_BELOW_RGB = 0.62
_CREAM = lab_of((250, 243, 226))
_NIGHT = lab_of((40, 40, 84))


@dataclass(frozen=True, kw_only=True)
class Measures:
    """The measures of one design.

    Those from -1 to 1 say where a design lies in what its value allows: a midi skirt of length -1
    is the shortest that is still called midi, 0 the usual one, 1 the longest.

    Attributes:
        colour: of the cloth; `Outfit["colour"]` is the name nearest to it.
        second_colour: of prints and colour blocks.
        trim_colour: of piping, cuffs, bows and belts that stand out.
        length: of the whole garment.
        ease: room between body and cloth.
        flare: width at the hem.
        neck_depth: of the neckline.
        sleeve_length: of the sleeves.
        sleeve_volume: width of the sleeves.
        print_scale: size of a print's motif; 1 is the usual one, 2 twice as large.
        print_angle: how far a print is turned, in degrees, clockwise, unless its name says how it
            lies (`print_turn`).

    Raises:
        ValueError: a number is missing, none, or out of range.
    """

    colour: Lab
    second_colour: Lab
    trim_colour: Lab
    length: float = 0.0
    ease: float = 0.0
    flare: float = 0.0
    neck_depth: float = 0.0
    sleeve_length: float = 0.0
    sleeve_volume: float = 0.0
    print_scale: float = 1.0
    print_angle: float = 0.0

    def __post_init__(self) -> None:
        """Check kinds and ranges, and round, so that a design survives being written and read."""
        for name in COLOURS:
            parts = getattr(self, name)
            for part, (low, high) in zip(parts, LAB_RANGES, strict=True):
                _check(name, part, low, high)
            object.__setattr__(self, name, Lab(*(round(float(part), 2) for part in parts)))
        for name, (low, high) in RANGES.items():
            _check(name, getattr(self, name), low, high)
            object.__setattr__(self, name, round(float(getattr(self, name)), 4))

    def but(self, **changes: float | Lab) -> "Measures":
        """The same with some of them changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # checked above


MEASURES = tuple(field.name for field in fields(Measures))
"""The names of all measures, colours first."""


def typical_measures(values: Mapping[str, str]) -> Measures:
    """The usual measures of a design that only words are known of."""
    colour = NAMED_COLOURS[values["colour"]]
    red, green, blue = COLOUR_NAMES[values["colour"]]
    dark = (0.299 * red + 0.587 * green + 0.114 * blue) / 255 < _DARK_BELOW_RGB
    return Measures(
        colour=colour,
        second_colour=_CREAM if dark else colour.towards(_NIGHT, 0.82),
        trim_colour=_CREAM if dark else colour.towards(_NIGHT, 0.75),
    )


def in_range(name: str, number: float) -> float:
    """A measure's number, brought into its range."""
    low, high = RANGES[name]
    return min(max(number, low), high)


def lab_in_range(colour: Lab) -> Lab:
    """A colour whose numbers are brought into their ranges."""
    return Lab(
        *(min(max(part, low), high) for part, (low, high) in zip(colour, LAB_RANGES, strict=True))
    )


def named_so(colour: Lab, name: str) -> Lab:
    """The colour, or as near to it as one is whose nearest name is this one."""
    typical = NAMED_COLOURS[name]
    for step in range(10):
        found = colour.towards(typical, step / 10)
        if nearest_colour_name(found) == name:
            return found
    return typical


def seen_beside(colour: Lab, ground: Lab) -> Lab:
    """The colour, made lighter or darker where it would not show on a ground."""
    if colour.distance(ground) >= SEEN_APART:
        return colour
    away = -1.0 if ground.lightness > 50 else 1.0
    lightness = ground.lightness + away * (SEEN_APART + 8)
    return lab_in_range(Lab(lightness, colour.a, colour.b))


def _check(name: str, number: float, low: float, high: float) -> None:
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise ValueError(f"{name} must be a number, not {number!r}")
    if not low <= number <= high:  # no number at all is neither
        raise ValueError(f"{name} must be from {low:g} to {high:g}, not {number!s:.12}")
