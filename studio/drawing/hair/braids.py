"""Braids: strands that cross from side to side."""

import numpy as np

from studio.drawing.hair.locks import Tones
from studio.drawing.head import Head
from studio.drawing.lines import joined, resampled, smooth
from studio.drawing.paths import Point
from studio.drawing.pen import Pen, Taper
from studio.drawing.tones import Colour

RIBBON: Colour = (200, 60, 80)
_PLAITS = 15
_STRAND = np.array(
    [0.55 - 0.85j, 1.08 - 0.25j, 0.95 + 0.55j, -0.5 + 1.5j, -0.5 + 0.7j, -0.2 - 0.3j]
)
"""A strand of a braid: share of its half width outwards, and of a step along it."""


def draw_braid(pen: Pen, head: Head, tones: Tones, fall: list[Point]) -> None:
    """Strands that cross from side to side, and the loose end below the ribbon."""
    spine = resampled(smooth(head.place(*fall), 6), _PLAITS + 1)
    step = abs(spine[-1] - spine[0]) / _PLAITS
    along = np.gradient(spine)
    along = along / np.abs(along)
    low = spine[-1] + along[-1] * np.array([0.0, 2.8, 6.4])
    pen.brush(low, tones.dark, 3.3, 1.0, Taper(0.75, 0.0, 0.3))
    pen.brush(low, tones.base, 2.7, 1.0, Taper(0.75, 0.0, 0.3))
    for shift in (-0.5, 0.45):
        pen.brush(low[:2] + shift, tones.dark, 0.3, 0.7)
    core = resampled(spine, 12)
    pen.brush(core, tones.dark, 2.6, 1.0, Taper(0.8, 0.7))
    for number in reversed(range(_PLAITS)):
        half = 2.0 - 0.55 * number / _PLAITS
        lean = 1 if number % 2 else -1
        _draw_plait(pen, tones, complex(spine[number]), complex(along[number]), (half, step, lean))
    tie = spine[-1] + along[-1] * 0.1 + 1j * along[-1] * np.array([-1.5, 0.0, 1.5])
    pen.brush(tie, RIBBON, 1.4, 1.0, Taper(1, 1))


def _draw_plait(
    pen: Pen, tones: Tones, place: complex, along: complex, sizes: tuple[float, float, int]
) -> None:
    """One strand where it comes from the outside and dives below the next one."""
    half, step, lean = sizes
    across = 1j * along * lean
    shape = place + half * across * _STRAND.real + step * along * _STRAND.imag
    path = joined(shape[:4], shape[3:])
    pen.fill(path, tones.base)
    left, right = sorted((complex(shape[1]), complex(shape[5])), key=lambda point: point.real)
    lit = [(0.0, tones.pale, 0.75), (0.5, tones.base, 0.0), (1.0, tones.dark, 0.75)]
    pen.shade(path, left, right, lit)
    pen.brush(shape[[0, 2, 3]] * 0.5 + shape[[0, 5, 3]] * 0.5, tones.dark, 0.28, 0.6)
    pen.line(path, tones.dark, 0.34, 0.95)
