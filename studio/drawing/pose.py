"""How the model stands: one function bends all that is cut straight for the trunk."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from studio.drawing.lines import Line, Numbers, eased

CENTRE = 64.0
SHOULDER, BUST, WAIST, HIP, CROTCH = 44.0, 62.0, 84.0, 104.0, 118.0
KNEE, ANKLE, FLOOR = 171.0, 225.0, 243.0
LEFT, RIGHT = -1, 1
SIDES = (LEFT, RIGHT)
"""Sides of the page: what is mirrored is multiplied by them."""

_WEIGHT = 110.0
"""Where the side that carries the weight is pushed out farthest."""
_HEIGHTS = np.arange(0.0, 300.0, 4.0)


class ArmPose(NamedTuple):
    """Elbow and wrist relative to the shoulder, how far the hand bends, and what it does."""

    elbow: complex
    wrist: complex
    bend: float = 0.0
    hand: Literal["relaxed", "hip"] = "relaxed"


class LegPose(NamedTuple):
    """Knee and ankle, x relative to the middle; how far the foot turns out, and its length."""

    knee: complex
    ankle: complex
    turn: float
    foot: float = 1.0


@dataclass(frozen=True)
class Pose:
    """Weight on one leg: shoulders and hips lean against each other.

    Attributes:
        shoulders: slope of the line of the shoulders, y per x.
        hips: slope of the line of the hips.
        shift: how far the hip is pushed aside, and `waist` the waist.
        waist: see `shift`.
        head: how far the head is shifted, and turned in degrees.
        arms: of the left and of the right side of the page, seen from the front.
        legs: likewise.
        first_leg: the side of the leg that is drawn first, behind the other one.
    """

    shoulders: float
    hips: float
    shift: float
    waist: float
    head: tuple[float, float]
    arms: tuple[ArmPose, ArmPose]
    legs: tuple[LegPose, LegPose]
    first_leg: int = LEFT


POSES = {
    "standing": Pose(
        shoulders=0.075,
        hips=-0.145,
        shift=4.4,
        waist=1.8,
        head=(0.8, 4.5),
        arms=(ArmPose(-7.6 + 32j, -7.8 + 61j, -4.0), ArmPose(10.0 + 31j, 6.4 + 60j, 4.0)),
        legs=(LegPose(-8.2 + 169j, -13.2 + 222.5j, -20.0), LegPose(7.4 + 170j, 2.6 + 225j, 5.0)),
    ),
    "hand on hip": Pose(
        shoulders=0.115,
        hips=-0.165,
        shift=5.4,
        waist=2.5,
        head=(0.8, 6.5),
        arms=(ArmPose(-8.6 + 32j, -13.5 + 61j, -7.0), ArmPose(20.5 + 25j, 4.0 + 42j, -8.0, "hip")),
        legs=(LegPose(-9.2 + 168j, -17.0 + 221j, -26.0), LegPose(8.4 + 170j, 2.4 + 225j, 5.0)),
    ),
    "walking": Pose(
        shoulders=-0.085,
        hips=0.15,
        shift=-4.2,
        waist=-1.8,
        head=(-0.5, -4.5),
        arms=(ArmPose(-10.5 + 30j, -18.0 + 57j, -9.0), ArmPose(6.4 + 32j, 2.6 + 61j, 8.0)),
        legs=(
            LegPose(-4.6 + 171j, 0.2 + 227j, -4.0),
            LegPose(6.4 + 167j, 4.8 + 214j, 8.0, 0.8),
        ),
        first_leg=RIGHT,
    ),
    "arms out": Pose(
        shoulders=0.05,
        hips=-0.11,
        shift=3.4,
        waist=1.1,
        head=(0.4, -3.5),
        arms=(ArmPose(-12.5 + 29j, -20.5 + 56j, -10.0), ArmPose(13.8 + 27j, 25.0 + 51j, 14.0)),
        legs=(LegPose(-9.0 + 168j, -15.5 + 221j, -24.0), LegPose(7.0 + 170j, 3.4 + 225j, 6.0)),
    ),
}


class Posture:
    """A pose as the viewer sees it; from behind it is mirrored.

    Attributes:
        pose: the pose.
        back: whether it is seen from behind.
        mirror: -1 from behind, 1 from the front.
    """

    def __init__(self, pose: Pose, back: bool) -> None:
        self.pose, self.back = pose, back
        self.mirror = -1 if back else 1
        y = _HEIGHTS
        down = eased((y - 46.0) / (HIP - 46.0))
        below = eased((y - HIP) / 120.0)
        tilt = np.where(
            y < HIP,
            pose.shoulders + (pose.hips - pose.shoulders) * down,
            pose.hips * (1 - 0.55 * below),
        )
        to_waist = eased((y - 46.0) / (WAIST - 46.0))
        to_thigh = eased((y - WAIST) / (_WEIGHT - WAIST))
        shift = np.where(
            y < WAIST,
            pose.waist * to_waist,
            np.where(
                y < _WEIGHT,
                pose.waist + (pose.shift - pose.waist) * to_thigh,
                pose.shift * (1 - 0.75 * below),
            ),
        )
        self._tilts: Numbers = tilt * self.mirror
        self._shifts: Numbers = shift * self.mirror

    def warp(self, points: Line) -> Line:
        """From straight pieces to the page."""
        y = points.imag
        across = points.real - CENTRE
        tilt = np.interp(y, _HEIGHTS, self._tilts)
        shift = np.interp(y, _HEIGHTS, self._shifts)
        return np.asarray(points + shift + 1j * tilt * across)

    def straight(self, points: Line) -> Line:
        """From the page back to straight pieces, nearly: `warp` undone."""
        found = points
        for _ in range(3):
            found = found + points - self.warp(found)
        return np.asarray(found)

    def one(self, x: float, y: float) -> complex:
        """Where one point of a straight piece lies on the page."""
        return complex(self.warp(np.array([complex(x, y)]))[0])

    def tilt(self, y: float) -> float:
        """Slope of level lines at a height."""
        return float(np.interp(y, _HEIGHTS, self._tilts))

    def of_viewer(self, side: int) -> int:
        """Which of the pose's two sides is seen on this side of the page."""
        return side * self.mirror

    def mirrored(self, place: complex) -> complex:
        """A distance of the pose as the viewer sees it."""
        return complex(place.real * self.mirror, place.imag)
