"""Where the head is: a frame of its own, turned and shifted with the pose."""

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studio.drawing.figure import CENTRE, Figure
from studio.drawing.lines import Line, line
from studio.drawing.paths import Point

_NECK = 34.2
_SIZE = 1.06
_LOWEST = 12.0


@dataclass(frozen=True)
class Head:
    """The frame of the head.

    Local points have x from -8 to 8 and y from -13 (crown) to 12.4 (chin); hair goes beyond.

    Attributes:
        figure: whose head it is.
        base: where local (0, 12) lies on the page.
        turn: rotation as a complex number of length 1.
        aside: how far the face looks to the right of the page: a hint of three quarters.
    """

    figure: Figure
    base: complex
    turn: complex
    aside: float

    @classmethod
    def of(cls, figure: Figure) -> "Head":
        """The head of this figure."""
        posture = figure.posture
        shift, degrees = posture.pose.head
        place = posture.one(CENTRE, 40.0).real + shift * posture.mirror
        turn = cmath.rect(1.0, math.radians(degrees * posture.mirror))
        return cls(
            figure, complex(place, _NECK), turn, 0.9 if degrees * posture.mirror > 0 else -0.9
        )

    def place(self, *points: Point) -> Line:
        """Local points on the page."""
        return self.on(line(*points))

    def on(self, local: Line) -> Line:
        """A local line on the page."""
        return np.asarray(self.base + (local - 1j * _LOWEST) * self.turn * _SIZE)

    def features(self, points: Sequence[Point], side: int = 1) -> Line:
        """Points of the face, given for its right half, a little aside; narrower on the far one."""
        local = line(*[(side * x, y) for x, y in points])
        far = np.sign(local.real) * np.sign(self.aside) > 0
        squeezed = local.real * np.where(far, 0.95, 1.04)
        bent = 1 - 0.35 * np.abs(local.real / 9.0) ** 2  # the face is round: its middle moves most
        return self.on(squeezed + self.aside * bent + 1j * local.imag)
