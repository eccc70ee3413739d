"""What a garment is made of, and the pieces that it is cut into."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from numpy.typing import ArrayLike

from studio.design.colours import rgb_of
from studio.design.prints import print_turn
from studio.design.spec import DesignSpec
from studio.drawing.lines import Line, shares, through
from studio.drawing.paths import Box, Path
from studio.drawing.tones import Colour, lightness, mix

WHITE: Colour = (255, 255, 255)
CREAM: Colour = (250, 243, 226)
INK: Colour = (34, 30, 40)
GOLD: Colour = (226, 168, 60)

_SHADE: Colour = (26, 16, 40)
_COOL: Colour = (104, 112, 138)
_DEEP: Colour = (74, 56, 72)
_NEARLY_GREY = 30
_UNPRINTED = ("solid", "colour block", "ombre", "tie-dye")


@dataclass(frozen=True)
class Panel:
    """A piece of cloth: its path, and the frame that its pattern follows.

    Attributes:
        path: the edge of the piece.
        half: half of the reference width, in pattern units.
        length: how far the piece reaches down, in pattern units.
        place: (across, along) -> points. `across` runs from -half to half over the reference
            width, `along` down the piece from 0 to `length`; both may be arrays.
        sleeve: whether this is a sleeve.
    """

    path: Path
    half: float
    length: float
    place: Callable[[ArrayLike, ArrayLike], Line]
    sleeve: bool = False

    @property
    def bounds(self) -> Box:
        """Left, top, right, bottom."""
        return self.path.box

    def across(self, along: float) -> Path:
        """A line across the piece, `along` units down."""
        return through(self.place(shares(9, -1.3, 1.3) * self.half, along))

    def down(self, across: float) -> Path:
        """A line down the piece, `across` units beside its middle."""
        return through(self.place(across, shares(11, -4.0, self.length + 4.0)))


@dataclass(frozen=True)
class Cloth:
    """Colours, pattern and fabric of a design, with the tones derived from its colour.

    Attributes:
        colour: the ground.
        accent: the second colour, of patterns.
        contrast: the colour of details that stand out.
        ink: edges and seams.
        texture: folds and weave.
        pattern: value of the family `pattern`.
        fabric: value of the family `fabric`.
        print_scale: size of the pattern; 1 is the usual one.
        print_angle: how far the pattern is turned, in radians, clockwise.
    """

    colour: Colour
    accent: Colour
    contrast: Colour
    ink: Colour
    texture: Colour
    pattern: str
    fabric: str
    print_scale: float = 1.0
    print_angle: float = 0.0

    @classmethod
    def of(cls, spec: DesignSpec) -> "Cloth":
        """The cloth of this design's garment."""
        measures = spec.measures
        colour = rgb_of(measures.colour)
        light = lightness(colour)
        return cls(
            colour=colour,
            accent=rgb_of(measures.second_colour),
            contrast=rgb_of(measures.trim_colour),
            ink=mix(colour, INK, 0.78) if light > 0.2 else (12, 11, 15),
            texture=mix(colour, WHITE, 0.5) if light < 0.45 else mix(colour, INK, 0.5),
            pattern=spec["pattern"],
            fabric=spec["fabric"],
            print_scale=measures.print_scale,
            print_angle=math.radians(print_turn(spec)),
        )

    @property
    def lightness(self) -> float:
        """Perceived lightness of the ground, 0 (black) to 1 (white)."""
        return lightness(self.colour)

    @property
    def shade(self) -> Colour:
        """The ground in the depth of a fold."""
        return mix(self.colour, _SHADE, 0.62) if self.lightness > 0.16 else (4, 4, 8)

    @property
    def light(self) -> Colour:
        """The ground where it faces the light."""
        return mix(self.colour, WHITE, 0.55 if self.lightness > 0.12 else 0.38)

    @property
    def reflection(self) -> Colour:
        """What glossy cloth mirrors beside its lights: grey and blue on white, else deep colour."""
        if self.lightness <= 0.55:
            return self.shade
        if max(self.colour) - min(self.colour) < _NEARLY_GREY:
            return mix(self.colour, _COOL, 0.66)
        return mix(self.colour, _DEEP, 0.5)

    @property
    def glint(self) -> Colour:
        """The brightest light on glossy cloth."""
        return mix(self.colour, WHITE, 0.92 if self.lightness > 0.55 else 0.8)

    def darker(self, share: float) -> Colour:
        """The ground, `share` (0..1) of the way to ink."""
        return mix(self.colour, INK, share)

    def lighter(self, share: float) -> Colour:
        """The ground, `share` (0..1) of the way to white."""
        return mix(self.colour, WHITE, share)

    def layered(self, share: float, dark_below: float) -> Colour:
        """For cloth on this cloth: lighter than a dark ground, darker than any other."""
        if self.lightness < dark_below:
            return self.lighter(share)
        return self.darker(share * 0.5 if self.lightness > 0.8 else share)  # or it would be grey

    @property
    def visible_ink(self) -> Colour:
        """For lines that must show: of the ground's colour, paler, on very dark cloth.

        A pale line would be lost on a light print: what is dark and light has dark ones.
        """
        print_light = 0.0 if self.pattern in _UNPRINTED else lightness(self.accent)
        if max(self.lightness, 0.6 * print_light) > 0.22:
            return self.ink
        return mix(self.colour, (196, 194, 200), 0.5)
