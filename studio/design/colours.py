"""Colours by the names that designers use, and as numbers that tell how they look."""

from math import dist
from typing import NamedTuple

Rgb = tuple[int, int, int]

COLOUR_NAMES: dict[str, Rgb] = {
    "black": (34, 33, 38),
    "white": (252, 251, 247),
    "grey": (142, 147, 153),
    "beige": (226, 208, 176),
    "camel": (194, 138, 74),
    "brown": (104, 64, 40),
    "burgundy": (112, 22, 50),
    "red": (208, 32, 40),
    "coral": (255, 128, 104),
    "orange": (240, 124, 24),
    "mustard": (202, 156, 32),
    "yellow": (250, 222, 72),
    "olive": (112, 110, 50),
    "green": (44, 142, 76),
    "mint": (168, 226, 198),
    "teal": (18, 124, 128),
    "sky blue": (140, 198, 240),
    "blue": (44, 92, 204),
    "navy": (28, 38, 86),
    "purple": (108, 58, 158),
    "lilac": (196, 168, 228),
    "pink": (246, 174, 198),
    "fuchsia": (216, 36, 140),
}
"""Name -> sRGB of what is typical of it."""

_D65 = (0.9505, 1.0, 1.089)
_TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_FROM_XYZ = (
    (3.2406255, -1.5372080, -0.4986286),
    (-0.9689307, 1.8757561, 0.0415175),
    (0.0557101, -0.2040211, 1.0569959),
)


class Lab(NamedTuple):
    """A colour in CIE L*a*b* under D65: distances are about as they look.

    `lightness` is 0 (black) to 100 (white); `a` runs from green to red and `b` from blue to
    yellow, about -128 to 127.
    """

    lightness: float
    a: float
    b: float

    def distance(self, other: "Lab") -> float:
        """CIE76 difference; about 2 can just be seen side by side."""
        return dist(self, other)

    def towards(self, other: "Lab", share: float) -> "Lab":
        """The colour `share` (0 to 1) of the way to another one."""
        return Lab(*(mine + (its - mine) * share for mine, its in zip(self, other, strict=True)))


def lab_of(rgb: Rgb) -> Lab:
    """A colour of sRGB, 0 to 255 each."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in rgb)
    ]
    x, y, z = (
        _root(sum(weight * part for weight, part in zip(row, linear, strict=True)) / white)
        for row, white in zip(_TO_XYZ, _D65, strict=True)
    )
    return Lab(116 * y - 16, 500 * (x - y), 200 * (y - z))


def rgb_of(colour: Lab) -> Rgb:
    """The nearest colour that a screen can show, as sRGB, 0 to 255 each.

    What is too strong for a screen is brought towards the grey of the same lightness.
    """
    for step in range(21):
        share = 1 - step / 20
        found = _linear_rgb(Lab(colour.lightness, colour.a * share, colour.b * share))
        if all(-0.002 <= part <= 1.002 for part in found):
            break
    red, green, blue = (_encoded(part) for part in found)
    return red, green, blue


def hex_of(colour: Lab) -> str:
    """Such as "#7A2231"."""
    red, green, blue = rgb_of(colour)
    return f"#{red:02X}{green:02X}{blue:02X}"


def nearest_colour_name(colour: Lab) -> str:
    """The name whose typical colour is nearest."""
    return min(NAMED_COLOURS, key=lambda name: NAMED_COLOURS[name].distance(colour))


def _root(part: float) -> float:
    return part ** (1 / 3) if part > (6 / 29) ** 3 else part / (3 * (6 / 29) ** 2) + 4 / 29


def _cubed(part: float) -> float:
    return part**3 if part > 6 / 29 else 3 * (6 / 29) ** 2 * (part - 4 / 29)


def _linear_rgb(colour: Lab) -> list[float]:
    y = (colour.lightness + 16) / 116
    xyz = [
        _cubed(part) * white
        for part, white in zip((y + colour.a / 500, y, y - colour.b / 200), _D65, strict=True)
    ]
    return [sum(weight * part for weight, part in zip(row, xyz, strict=True)) for row in _FROM_XYZ]


def _encoded(linear: float) -> int:
    part = min(max(linear, 0.0), 1.0)
    return round(255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))


NAMED_COLOURS: dict[str, Lab] = {name: lab_of(rgb) for name, rgb in COLOUR_NAMES.items()}
"""Name -> the colour that is typical of it."""
