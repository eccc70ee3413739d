"""Locks of hair: a mass between two edges, with strands along it."""

import random
from dataclasses import dataclass

import numpy as np

from studio.drawing.figure import OUTLINE, Figure
from studio.drawing.lines import (
    Line,
    between,
    joined,
    places,
    resampled,
    ribbons,
    shares,
    smooth,
    tapered,
)
from studio.drawing.paths import Path
from studio.drawing.pen import Pen, Taper
from studio.drawing.tones import Colour, lightness, mix

_POINTS = 12
_EDGE = Taper(0.3, 0.3)


def _depth(hair: Colour) -> Colour:
    """What hair darkens to: fair hair to a warm brown, silver to a cool grey."""
    if lightness(hair) < 0.45:
        return (24, 14, 22)
    warm = hair[0] - hair[2] > 30
    return (96, 56, 26) if warm else (62, 62, 78)


@dataclass(frozen=True)
class Tones:
    """The colours of one head of hair."""

    base: Colour
    dark: Colour
    pale: Colour

    @classmethod
    def of(cls, figure: Figure) -> "Tones":
        """Those of the figure."""
        hair = figure.hair
        return cls(
            base=hair,
            dark=mix(hair, _depth(hair), 0.52),
            pale=mix(hair, (255, 240, 214), 0.34 if lightness(hair) > 0.2 else 0.24),
        )

    def shaded(self) -> "Tones":
        """The same hair where it lies behind neck and shoulders."""
        base = mix(self.base, self.dark, 0.55)
        return Tones(base, mix(self.dark, OUTLINE, 0.3), mix(self.pale, self.dark, 0.5))


@dataclass(frozen=True)
class Lock:
    """A mass of hair that falls between two edges, both from the top down.

    Attributes:
        left: its edge on the left of the page.
        right: its edge on the right.
        strands: how many lines are drawn along it.
        seed: of their places.
    """

    left: Line
    right: Line
    strands: int = 10
    seed: int = 1

    @property
    def path(self) -> Path:
        """Its outline."""
        return joined(self.left, self.right[::-1])


def draw_lock(pen: Pen, lock: Lock, tones: Tones, line_width: float = 0.55) -> None:
    """The mass, its strands and its contour."""
    path = lock.path
    left, _, right, _ = path.box
    base, dark, pale = tones.base, tones.dark, tones.pale
    stops = [(0.0, mix(base, pale, 0.3), 1.0), (0.16, mix(base, pale, 0.5), 1.0)]
    stops += [(0.38, base, 1.0), (0.62, base, 1.0), (1.0, mix(base, dark, 0.7), 1.0)]
    pen.shade(path, complex(left, 0), complex(right, 0), stops)
    with pen.inside(path):
        draw_strands(pen, lock, tones)
    pen.brush(lock.left, dark, line_width * 0.8, 0.9, _EDGE)
    pen.brush(lock.right, dark, line_width * 1.2, 0.9, _EDGE)


def draw_strands(pen: Pen, lock: Lock, tones: Tones, alpha: float = 0.62) -> None:
    """Lines along a lock, some in shade and some in light."""
    rng = random.Random(lock.seed)
    left = resampled(smooth(lock.left, 4), 24)
    right = resampled(smooth(lock.right, 4), 24)
    groups: dict[bool, tuple[list[Line], list[Line]]] = {True: ([], []), False: ([], [])}
    for i in range(lock.strands):
        share = (i + 0.5) / lock.strands + rng.uniform(-0.35, 0.35) / lock.strands
        whole = between(left, right, share)
        start, end = rng.uniform(0.0, 0.25), rng.uniform(0.68, 1.0)
        strand = np.interp(shares(_POINTS, start, end), places(whole), whole)
        width = rng.uniform(0.3, 0.75) * tapered(shares(_POINTS), 0.0, 0.0, rng.uniform(0.3, 0.6))
        lines, widths = groups[rng.random() < 0.34]
        lines.append(strand)
        widths.append(width.astype(complex))
    for pale, (lines, widths) in groups.items():
        if lines:
            path = ribbons(np.array(lines), np.array(widths).real)
            pen.fill(path, tones.pale if pale else tones.dark, alpha)
