"""What a garment is made of, and the pieces that it is cut into."""

from collections.abc import Callable
from dataclasses import dataclass

import skia

from studio.perfusion.colour_names import COLOUR_NAMES
from training.atelier.attributes import Outfit
from training.atelier.pen import Colour, Point, curve, lightness, mix

WHITE: Colour = (255, 255, 255)
CREAM: Colour = (250, 243, 226)
INK: Colour = (34, 30, 40)
GOLD: Colour = (226, 168, 60)

_ACROSS_STEPS = 8
_DOWN_STEPS = 10


@dataclass(frozen=True)
class Panel:
    """A piece of cloth: its path, and the frame that its pattern follows.

    Attributes:
        path: the edge of the piece.
        half: half of the reference width, in pattern units.
        length: how far the piece reaches down, in pattern units.
        place: (across, along) -> point of the page. `across` runs from -half to half over the
            reference width, `along` down the piece from 0 to `length`.
        sleeve: whether this is a sleeve.
    """

    path: skia.Path
    half: float
    length: float
    place: Callable[[float, float], Point]
    sleeve: bool = False

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        box = self.path.getBounds()
        return box.left(), box.top(), box.right(), box.bottom()

    def across(self, along: float) -> skia.Path:
        """A line across the piece, `along` units down."""
        left, width = -self.half * 1.3, self.half * 2.6
        steps = range(_ACROSS_STEPS + 1)
        return curve([self.place(left + width * i / _ACROSS_STEPS, along) for i in steps])

    def down(self, across: float) -> skia.Path:
        """A line down the piece, `across` units beside its middle."""
        length = self.length + 8
        steps = range(_DOWN_STEPS + 1)
        return curve([self.place(across, -4 + length * i / _DOWN_STEPS) for i in steps])


@dataclass(frozen=True)
class Cloth:
    """Colour, pattern and fabric of an outfit, with the tones derived from its colour.

    Attributes:
        colour: the ground.
        accent: the second colour of patterns.
        ink: edges and seams.
        texture: folds and weave.
        pattern: value of the family `pattern`.
        fabric: value of the family `fabric`.
    """

    colour: Colour
    accent: Colour
    ink: Colour
    texture: Colour
    pattern: str
    fabric: str

    @classmethod
    def of(cls, outfit: Outfit) -> "Cloth":
        """The cloth of this outfit's garment."""
        colour = COLOUR_NAMES[outfit["colour"]]
        light = lightness(colour)
        return cls(
            colour=colour,
            accent=CREAM if light < 0.62 else mix(colour, (40, 40, 84), 0.82),
            ink=mix(colour, INK, 0.8) if light > 0.2 else (10, 10, 12),
            texture=mix(colour, WHITE, 0.5) if light < 0.45 else mix(colour, INK, 0.5),
            pattern=outfit["pattern"],
            fabric=outfit["fabric"],
        )

    @property
    def lightness(self) -> float:
        """Perceived lightness of the ground, 0 (black) to 1 (white)."""
        return lightness(self.colour)

    @property
    def contrast(self) -> Colour:
        """For details: light on dark cloth, dark on light cloth."""
        return CREAM if self.lightness < 0.62 else self.darker(0.75)

    def darker(self, share: float) -> Colour:
        """The ground, `share` (0..1) of the way to ink."""
        return mix(self.colour, INK, share)

    def lighter(self, share: float) -> Colour:
        """The ground, `share` (0..1) of the way to white."""
        return mix(self.colour, WHITE, share)

    def layered(self, share: float, dark_below: float) -> Colour:
        """For cloth on this cloth: lighter than a dark ground, darker than any other."""
        return self.lighter(share) if self.lightness < dark_below else self.darker(share)

    @property
    def visible_ink(self) -> Colour:
        """For lines that must show on the ground: grey on very dark cloth."""
        return self.ink if self.lightness > 0.22 else (150, 150, 160)
