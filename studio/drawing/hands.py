"""Hands: a palm, a thumb and four fingers."""

import cmath
from dataclasses import dataclass

import numpy as np

from studio.drawing.figure import LEFT, Figure
from studio.drawing.lines import Line, line, places, ribbon, round_through, smooth
from studio.drawing.paths import Point
from studio.drawing.pen import Pen, Taper

_INK = 0.32
_RELAXED = (  # root, middle and tip of a finger, as (across, along), little finger first
    ((-1.8, 4.8), (-1.75, 8.0), (-0.55, 10.6)),
    ((-0.9, 5.0), (-0.85, 8.8), (0.15, 12.4)),
    ((0.25, 5.0), (0.3, 9.0), (0.95, 12.9)),
    ((1.35, 4.8), (1.45, 8.4), (1.75, 11.9)),
)
_ON_HIP = (
    ((-1.9, 4.4), (-2.7, 6.8), (-3.8, 8.4)),
    ((-0.9, 4.6), (-1.4, 7.4), (-2.1, 9.9)),
    ((0.15, 4.6), (0.1, 7.4), (-0.2, 10.4)),
    ((1.1, 4.5), (1.4, 7.1), (1.7, 9.5)),
)
_RELAXED_PALM = (
    (-1.45, -1.4),
    (-1.9, 1.5),
    (-2.5, 4.3),
    (-2.0, 6.3),
    (-0.2, 6.7),
    (1.7, 6.2),
    (2.35, 3.6),
    (1.95, 1.2),
    (1.45, -1.4),
)
_HIP_PALM = (
    (-1.5, -1.2),
    (-2.3, 2.5),
    (-2.4, 5.4),
    (-0.4, 6.0),
    (1.7, 5.6),
    (2.0, 2.5),
    (1.45, -1.2),
)
_RELAXED_THUMB = ((1.1, 1.2), (2.9, 4.0), (2.9, 7.6))
_HIP_THUMB = ((1.4, 2.2), (3.1, 4.0), (3.5, 6.4))


@dataclass(frozen=True)
class _Frame:
    """Where a hand is: its wrist, the direction to the fingers, and to the thumb."""

    wrist: complex
    along: complex
    thumb: complex
    size: float

    def place(self, points: tuple[Point, ...]) -> Line:
        local = line(*points)
        return np.asarray(
            self.wrist + self.size * (self.along * local.imag + self.thumb * local.real)
        )


def draw_hand(pen: Pen, figure: Figure, side: int) -> None:
    """The hand at the end of an arm."""
    pose = figure.posture.pose.arms[0 if figure.posture.of_viewer(side) == LEFT else 1]
    if pose.hand == "hip":
        _draw_on_hip(pen, figure, _hip_frame(figure, side))
    else:
        _draw_relaxed(pen, figure, _relaxed_frame(figure, side, pose.bend))


def _size(figure: Figure) -> float:
    return 0.66 + 0.3 * figure.limb


def _relaxed_frame(figure: Figure, side: int, bend: float) -> _Frame:
    arm = figure.arms[side]
    turned = bend * figure.posture.mirror * -0.8
    along = arm.along(1.0) * cmath.rect(1.0, np.radians(turned))
    thumb = along * (1j if side > 0 else -1j)  # towards the body
    if figure.back:
        thumb = along * (1j if side > 0 else -1j)
    return _Frame(complex(arm.on(1.0)), along, thumb, _size(figure))


def _hip_frame(figure: Figure, side: int) -> _Frame:
    arm = figure.arms[side]
    along = complex(-side * 8.2, 6.2) / abs(complex(8.2, 6.2))
    thumb = along * (1j if side > 0 else -1j)
    return _Frame(complex(arm.on(1.0)), along, thumb, _size(figure))


def _draw_finger(
    pen: Pen, figure: Figure, frame: _Frame, joints: tuple[Point, ...], half: float
) -> None:
    spine = smooth(frame.place(joints), 4)
    share = places(spine)
    tip = np.sqrt(np.clip(1 - (np.clip(share - 0.8, 0.0, 0.2) / 0.205) ** 2, 0.0, 1.0))
    path = ribbon(spine, 2 * half * frame.size * (1 - 0.32 * share) * tip)
    pen.fill(path, figure.skin)
    pen.line(path, figure.skin_ink, _INK, 0.85)


def _draw_relaxed(pen: Pen, figure: Figure, frame: _Frame) -> None:
    for joints in _RELAXED:
        _draw_finger(pen, figure, frame, joints, 0.78)
    palm = frame.place(_RELAXED_PALM)
    pen.fill(round_through(palm), figure.skin)
    _draw_finger(pen, figure, frame, _RELAXED_THUMB, 0.88)
    _shade_palm(pen, figure, frame, palm)
    pen.brush(palm[:3], figure.skin_ink, 0.4, 0.9, Taper(0.4, 0.3))


def _draw_on_hip(pen: Pen, figure: Figure, frame: _Frame) -> None:
    _draw_finger(pen, figure, frame, _HIP_THUMB, 0.88)
    for joints in _ON_HIP:
        _draw_finger(pen, figure, frame, joints, 0.76)
    palm = frame.place(_HIP_PALM)
    pen.fill(round_through(palm), figure.skin)
    _shade_palm(pen, figure, frame, palm)
    pen.brush(palm[:3], figure.skin_ink, 0.4, 0.9, Taper(0.4, 0.3))
    pen.brush(palm[-3:], figure.skin_ink, 0.35, 0.8, Taper(0.3, 0.4))


def _shade_palm(pen: Pen, figure: Figure, frame: _Frame, palm: Line) -> None:
    lit, dark = frame.place(((2.4, 0.0), (-2.6, 0.0)))
    shadow = figure.skin_shadow
    stops = [(0.0, shadow, 0.0), (0.5, shadow, 0.05), (1.0, shadow, 0.6)]
    pen.shade(round_through(palm), complex(lit), complex(dark), stops)
    for across in (-1.25, -0.2, 0.85):
        gap = frame.place(((across, 5.2), (across + 0.05, 6.4), (across + 0.1, 7.6)))
        pen.brush(gap, figure.skin_ink, 0.28, 0.6)
