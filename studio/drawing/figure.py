"""The model who wears the design: build, posture and colours."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from studio.design.families import FIGURE_FAMILIES, NONE
from studio.design.spec import DesignSpec
from studio.drawing.limbs import Limb, Profile, profile
from studio.drawing.lines import Numbers, shares
from studio.drawing.pose import (
    ANKLE,
    BUST,
    CENTRE,
    CROTCH,
    FLOOR,
    HIP,
    KNEE,
    LEFT,
    POSES,
    RIGHT,
    SHOULDER,
    SIDES,
    WAIST,
    Posture,
)
from studio.drawing.tones import Colour, lightness, mix

__all__ = [
    "ANKLE",
    "BUST",
    "CENTRE",
    "CROTCH",
    "FLOOR",
    "HIP",
    "KNEE",
    "LEFT",
    "OUTLINE",
    "RIGHT",
    "SHOULDER",
    "SIDES",
    "WAIST",
    "Figure",
]

OUTLINE: Colour = (34, 30, 40)

_NARROW = ("pencil", "mermaid", "straight")
_LONG = ("knee-length", "midi", "maxi")

_SKIN: dict[str, Colour] = {
    "fair skin": (246, 218, 200),
    "tan skin": (224, 176, 138),
    "brown skin": (164, 108, 76),
    "deep skin": (104, 66, 48),
}
_HAIR: dict[str, Colour] = {
    "black hair": (38, 31, 34),
    "brown hair": (106, 66, 42),
    "blonde hair": (224, 186, 114),
    "red hair": (170, 74, 36),
    "silver hair": (192, 194, 200),
}
_BUILD = {  # half widths at shoulder, bust, waist, hip, and thickness of the limbs
    "slender build": (15.7, 12.6, 9.3, 13.4, 0.86),
    "average build": (17.0, 14.2, 11.0, 15.8, 1.0),
    "curvy build": (18.9, 17.6, 14.2, 20.4, 1.22),
}


@dataclass(frozen=True)
class Figure:
    """Where the body is, in page units, and its colours.

    Attributes:
        shoulder: half width at the shoulders; likewise bust, waist and hip.
        limb: thickness of arms and legs, 1 for the average build.
        posture: how the trunk stands.
        arms: side of the page -> arm.
        legs: side of the page -> leg.
        skin: colour of the skin.
        hair: colour of the hair.
        likeness: a number that tells people of the same families apart from others.
    """

    shoulder: float
    bust: float
    waist: float
    hip: float
    limb: float
    posture: Posture
    arms: dict[int, Limb]
    legs: dict[int, Limb]
    skin: Colour
    hair: Colour
    likeness: int

    @classmethod
    def of(cls, spec: DesignSpec, back: bool = False) -> "Figure":
        """The body of this design's model."""
        shoulder, bust, waist, hip, thickness = _BUILD[spec["build"]]
        posture = Posture(POSES[spec["pose"]], back)
        person = "".join(spec[family] for family in FIGURE_FAMILIES[:3])
        return cls(
            shoulder=shoulder,
            bust=bust,
            waist=waist,
            hip=hip,
            limb=thickness,
            posture=posture,
            arms={side: _arm(posture, side, shoulder, hip) for side in SIDES},
            legs={side: _leg(posture, side, hip, _stride(spec)) for side in SIDES},
            skin=_SKIN[spec["skin"]],
            hair=_HAIR[spec["hair colour"]],
            likeness=hashlib.sha256(person.encode()).digest()[0],
        )

    @property
    def back(self) -> bool:
        """Whether the model is seen from behind."""
        return self.posture.back

    @cached_property
    def skin_ink(self) -> Colour:
        """The line round bare skin."""
        dark = lightness(self.skin) < 0.35
        return mix(self.skin, (40, 14, 16) if dark else (92, 38, 34), 0.55)

    @cached_property
    def skin_shadow(self) -> Colour:
        """Bare skin in shade."""
        pale = lightness(self.skin) > 0.5
        return mix(self.skin, (160, 66, 60) if pale else (40, 14, 20), 0.36)

    @cached_property
    def skin_light(self) -> Colour:
        """Bare skin that faces the light."""
        return mix(self.skin, (255, 236, 214), 0.34 if lightness(self.skin) > 0.5 else 0.16)

    @cached_property
    def arm_half(self) -> Profile:
        """Half the width of a bare arm at places from shoulder to wrist."""
        thick = 0.5 + 0.5 * self.limb
        knots = [(-0.1, 3.5), (0.04, 4.0), (0.16, 3.9), (0.32, 3.3), (0.46, 2.75), (0.56, 2.95)]
        knots += [(0.66, 2.75), (0.84, 2.05), (0.97, 1.65), (1.2, 1.65)]
        return profile(*[(place, width * thick) for place, width in knots])

    def leg_half(self, inner: bool) -> Profile:
        """Half the width of a bare leg on one of its sides, from hip to ankle."""
        calf = (0.69, 5.3) if inner else (0.66, 5.0)
        knots = [(0.0, 8.2), (0.14, 8.2), (0.34, 6.4), (0.47, 4.7), (0.54, 4.25), (0.6, 4.45)]
        knots += [calf, (0.84, 3.3), (0.955, 2.25), (1.2, 2.25)]
        return profile(*[(place, width * self.limb) for place, width in knots])

    def half_across_arms(self, height: float) -> float:
        """How far from the middle, straight, a sleeve on an arm reaches above a height."""
        places = shares(21, 0.1, 1.0)
        reach = 0.0
        for side, arm in self.arms.items():
            edge = self.posture.straight(arm.on(places, side * (self.arm_half(places) + 1.4)))
            above = edge[edge.imag < height + 4]
            if len(above):
                reach = max(reach, float(np.max(side * (above.real - CENTRE))))
        return reach

    def half_across_legs(self, height: float) -> float:
        """How far from the middle, straight, the legs reach at a height."""
        places = shares(41, 0.1, 1.0)
        reach = 0.0
        for side, leg in self.legs.items():
            outer = self.leg_half(False)(places)
            edge = self.posture.straight(leg.on(places, side * outer))
            reach = max(reach, side * (float(np.interp(height, edge.imag, edge.real)) - CENTRE))
        return reach

    def leg_bounds(self, side: int, place: Numbers) -> tuple[Numbers, Numbers]:
        """Half widths of a leg to the left and to the right of the page."""
        outer, inner = self.leg_half(False)(place), self.leg_half(True)(place)
        return (outer, inner) if side == LEFT else (inner, outer)


def _arm(posture: Posture, side: int, shoulder: float, hip: float) -> Limb:
    pose = posture.pose.arms[0 if posture.of_viewer(side) == LEFT else 1]
    start = posture.one(CENTRE + side * (shoulder - 2.4), SHOULDER + 3.4)
    wider = side * (shoulder - 15.6) * 0.5
    elbow = start + posture.mirrored(pose.elbow) + wider
    if pose.hand == "hip":
        wrist = posture.one(CENTRE + side * (hip * 0.86 + 2.0), HIP - 13.5)
        return Limb(start, elbow, wrist, 0.2)
    hanging = max(1.0 - abs(pose.wrist.real) / 28.0, 0.0)  # these must get round the hip
    wrist = start + posture.mirrored(pose.wrist) + wider
    wrist += side * max(hip - 13.4, 0.0) * 1.1 * hanging
    return Limb(start, elbow + side * max(hip - 15.8, 0.0) * 0.6 * hanging, wrist, 0.3)


def _stride(spec: DesignSpec) -> float:
    """How far the knees go apart: nobody stands wide in a narrow skirt."""
    if spec["slit"] != NONE or spec["silhouette"] not in _NARROW:
        return 1.0
    if spec["silhouette"] == "pencil":
        return 0.5
    return 0.58 if spec["length"] in _LONG else 0.8


def _leg(posture: Posture, side: int, hip: float, stride: float) -> Limb:
    pose = posture.pose.legs[0 if posture.of_viewer(side) == LEFT else 1]
    spread = side * (hip - 13.4) * 0.36 * stride
    knee, ankle = posture.mirrored(pose.knee), posture.mirrored(pose.ankle)
    weight = posture.pose.shift * posture.mirror * 0.4  # they close towards the leg that stands
    knee = complex(weight + (knee.real - weight) * stride, knee.imag)
    ankle = complex(weight + (ankle.real - weight) * (0.25 + 0.75 * stride), ankle.imag)
    return Limb(
        posture.one(CENTRE + side * hip * 0.53, CROTCH - 9),
        CENTRE + knee + spread,
        CENTRE + ankle + spread * 0.6,
        0.3,
    )
