"""The model who wears the design: build, pose and skin."""

from collections.abc import Callable
from dataclasses import dataclass

from studio.design.spec import DesignSpec
from studio.drawing.limbs import Joints, edges, outline
from studio.drawing.paths import Point, curve, oval
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour, mix

CENTRE = 64.0
SHOULDER, BUST, WAIST, HIP, CROTCH = 44.0, 62.0, 84.0, 104.0, 118.0
KNEE, ANKLE, FLOOR = 172.0, 228.0, 243.0
LEFT, RIGHT = -1, 1
SIDES = (LEFT, RIGHT)
"""Sides of the page: what is mirrored is multiplied by them."""
OUTLINE: Colour = (44, 36, 38)

_SKIN: dict[str, Colour] = {
    "fair skin": (248, 219, 198),
    "tan skin": (226, 176, 132),
    "brown skin": (168, 110, 70),
    "deep skin": (98, 60, 40),
}
_HAIR: dict[str, Colour] = {
    "black hair": (34, 28, 30),
    "brown hair": (112, 68, 38),
    "blonde hair": (232, 196, 116),
    "red hair": (186, 74, 30),
    "silver hair": (196, 198, 204),
}
_BUILD = {  # half widths at shoulder, bust, waist, hip, and thickness of the limbs
    "slender build": (16.0, 13.5, 9.5, 13.5, 0.84),
    "average build": (18.0, 15.5, 12.0, 16.5, 1.0),
    "curvy build": (20.0, 19.0, 15.5, 21.0, 1.24),
}
_ARMS: dict[str, dict[int, tuple[Point, Point]]] = {
    # elbow and wrist of the left and of the right arm, relative to (centre, shoulder)
    "standing": {LEFT: ((-23.5, 32), (-25, 63)), RIGHT: ((23.5, 32), (25, 63))},
    "hand on hip": {LEFT: ((-23.5, 32), (-25, 63)), RIGHT: ((38, 33), (20, 54))},
    "walking": {LEFT: ((-25, 31), (-34, 58)), RIGHT: ((24, 32), (21, 63))},
    "arms out": {LEFT: ((-32, 27), (-46, 52)), RIGHT: ((32, 27), (46, 52))},
}
_ANKLES = {  # of the left and of the right leg, relative to the centre
    "standing": {LEFT: -8.5, RIGHT: 8.5},
    "hand on hip": {LEFT: -8.5, RIGHT: 8.5},
    "walking": {LEFT: -13.0, RIGHT: 6.0},
    "arms out": {LEFT: -8.5, RIGHT: 8.5},
}


@dataclass(frozen=True)
class Figure:
    """Where the body is, in page units, and its colours.

    Attributes:
        shoulder: half width at the shoulders; likewise bust, waist and hip.
        limb: thickness of arms and legs, 1 for the average build.
        arms: side -> shoulder, elbow, wrist.
        legs: side -> hip, knee, ankle.
        skin: colour of the skin.
        hair: colour of the hair.
    """

    shoulder: float
    bust: float
    waist: float
    hip: float
    limb: float
    arms: dict[int, Joints]
    legs: dict[int, Joints]
    skin: Colour
    hair: Colour

    @classmethod
    def of(cls, spec: DesignSpec) -> "Figure":
        """The body of this design's model."""
        shoulder, bust, waist, hip, thickness = _BUILD[spec["build"]]
        return cls(
            shoulder=shoulder,
            bust=bust,
            waist=waist,
            hip=hip,
            limb=thickness,
            arms={side: _arm(side, spec["pose"], shoulder) for side in SIDES},
            legs={side: _leg(side, spec["pose"], hip) for side in SIDES},
            skin=_SKIN[spec["skin"]],
            hair=_HAIR[spec["hair colour"]],
        )

    @property
    def skin_ink(self) -> Colour:
        """The line round bare skin."""
        return mix(self.skin, OUTLINE, 0.45)


def _arm(side: int, pose: str, shoulder: float) -> Joints:
    elbow, wrist = _ARMS[pose][side]
    return (
        (CENTRE + side * (shoulder - 2.5), SHOULDER + 3),
        (CENTRE + elbow[0] + side * (shoulder - 18), SHOULDER + elbow[1]),
        (CENTRE + wrist[0] + side * (shoulder - 18), SHOULDER + wrist[1]),
    )


def _leg(side: int, pose: str, hip: float) -> Joints:
    ankle = _ANKLES[pose][side]
    return (
        (CENTRE + side * hip * 0.52, CROTCH - 8),
        (CENTRE + (side * hip * 0.52 + ankle) / 2 + side * 0.6, KNEE),
        (CENTRE + ankle, ANKLE),
    )


def draw_body(pen: Pen, figure: Figure) -> None:
    """Legs, torso and neck, without arms and head."""
    for leg in figure.legs.values():
        _draw_limb(pen, figure, leg, leg_half_width(figure))
    right = [
        (CENTRE + 3.6, 34),
        (CENTRE + 4.2, 40),
        (CENTRE + figure.shoulder, SHOULDER + 1),
        (CENTRE + figure.bust, BUST),
        (CENTRE + figure.waist, WAIST),
        (CENTRE + figure.hip, HIP),
        (CENTRE + 2, CROTCH + 3),
    ]
    trunk = curve([*right, *mirrored(right)]).closed()
    pen.patch(trunk, figure.skin, figure.skin_ink, 0.6)
    shadow_of_the_chin = oval(CENTRE, 36.5, 4.2, 2.4)
    pen.fill(shadow_of_the_chin, mix(figure.skin, OUTLINE, 0.28), 0.6)


def mirrored(points: list[Point]) -> list[Point]:
    """The points on the other side of the middle line, in reverse order."""
    return [(2 * CENTRE - x, y) for x, y in reversed(points)]


def draw_arms(pen: Pen, figure: Figure) -> None:
    """Both arms with their hands."""
    for side in SIDES:
        _draw_limb(pen, figure, figure.arms[side], lambda place: figure.limb * (4.3 - 1.7 * place))
        _draw_hand(pen, figure, side)


def draw_hands(pen: Pen, figure: Figure) -> None:
    """Both hands, below the wrists."""
    for side in SIDES:
        _draw_hand(pen, figure, side)


def _draw_hand(pen: Pen, figure: Figure, side: int) -> None:
    hand = edges(figure.arms[side], lambda place: 2.7 - 9 * abs(place - 1.06), 0.98, 1.16)
    pen.patch(outline(hand), figure.skin, figure.skin_ink, 0.6)


def leg_half_width(figure: Figure) -> Callable[[float], float]:
    """Half the width of a bare leg at a place 0 (hip) to 1 (ankle)."""

    def half_width(place: float) -> float:
        calf = max(0.0, 1 - abs(place - 0.68) * 5)
        return figure.limb * (8.0 - 5.6 * place + 1.6 * calf)

    return half_width


def _draw_limb(
    pen: Pen, figure: Figure, joints: Joints, half_width: Callable[[float], float]
) -> None:
    path = outline(edges(joints, half_width, 0.0, 1.0))
    pen.patch(path, figure.skin, figure.skin_ink, 0.6)
