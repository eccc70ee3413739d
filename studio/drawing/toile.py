"""Toile de Jouy: small scenes of the country, engraved in one colour."""

import math
from functools import lru_cache

import numpy as np

from studio.drawing.cloth import Cloth
from studio.drawing.lines import at, line, many, round_through, shares, stamped, through
from studio.drawing.paths import Path, together
from studio.drawing.pen import Pen
from studio.drawing.print_frame import PrintFrame
from studio.drawing.tones import mix

_SCALE = 1.65
"""Print units per unit of a scene."""


def draw_toile(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """A tree with a cottage, and a bird on a branch, by turns."""
    step = 29.0
    unit = frame.unit
    columns, rows = frame.columns(step), frame.rows(0.72 * step)
    across = columns[None, :] + (np.arange(len(rows)) % 2)[:, None] * step / 2
    along = np.broadcast_to(rows[:, None], across.shape)
    kinds = np.broadcast_to((np.arange(len(rows)) % 2)[:, None], across.shape).ravel()
    places = (across + 1j * along).ravel()
    left, top, right, bottom = frame.panel.bounds
    seen = frame.place(across, along).ravel()
    margin = 10.0 * unit
    met = (seen.real > left - margin) & (seen.real < right + margin)
    met &= (seen.imag > top - margin) & (seen.imag < bottom + margin)
    tone = cloth.accent
    pale = mix(tone, cloth.colour, 0.72)
    for kind, (washes, solids, strokes) in enumerate((_cottage(), _bird())):
        chosen = places[(kinds == kind) & met]
        if not len(chosen):
            continue
        pen.fill(frame.bent(stamped(washes, chosen, _SCALE)), pale)
        pen.fill(frame.bent(stamped(solids, chosen, _SCALE)), tone)
        pen.line(frame.bent(stamped(strokes, chosen, _SCALE)), tone, 0.46 * unit)


def _cloud(x: float, y: float, wide: float, high: float) -> Path:
    """Foliage: an edge of little bows."""
    angles = shares(28)[:-1] * math.tau
    bumps = 1.0 + 0.1 * np.cos(angles * 9)
    return round_through(at(x + wide * bumps * np.cos(angles), y + high * bumps * np.sin(angles)))


_Scene = tuple[Path, Path, Path]
"""What is washed pale, what is solid, and what is drawn as lines."""


@lru_cache(maxsize=1)
def _cottage() -> _Scene:
    """A tree bends over a cottage on a hillock."""
    crowns = [
        _cloud(-3.4, -4.4, 3.4, 2.5),
        _cloud(-0.6, -5.6, 2.6, 1.9),
        _cloud(-5.2, -2.6, 2.0, 1.4),
    ]
    hill = round_through(
        line((-7.5, 4.6), (-4.0, 3.4), (0.0, 3.0), (4.4, 3.4), (7.6, 4.8), (3.5, 5.6), (-3.5, 5.6))
    )
    trunk = many(
        line(
            (-3.6, 3.8),
            (-3.0, 0.6),
            (-3.9, -2.6),
            (-3.1, -2.6),
            (-2.0, -4.4),
            (-1.6, -4.2),
            (-2.3, -1.6),
            (-1.9, 1.0),
            (-1.7, 3.8),
        )[None, :],
        closed=True,
    )
    roof = many(line((1.2, -0.4), (2.4, -2.4), (5.4, -2.4), (6.6, -0.4))[None, :], closed=True)
    door = many(line((3.4, 3.2), (3.4, 1.1), (4.4, 1.1), (4.4, 3.2))[None, :], closed=True)
    walls = many(line((1.7, -0.4), (1.7, 3.2), (6.1, 3.3), (6.1, -0.4))[None, :])
    smoke = through(line((4.8, -2.6), (4.8, -3.8), (5.6, -4.4), (5.1, -5.4)))
    hatch = many(
        np.array(
            [
                [x, x + 1.1 - 0.9j]
                for x in line(
                    (-6.0, 5.0),
                    (-4.4, 5.2),
                    (-2.8, 5.3),
                    (-1.2, 5.3),
                    (0.4, 5.3),
                    (2.0, 5.3),
                    (3.6, 5.2),
                    (5.2, 5.0),
                )
            ]
        )
    )
    leaves = [
        _cloud(x, y, 0.7, 0.5)
        for x, y in ((-4.4, -5.0), (-2.4, -4.0), (-0.8, -5.9), (-5.4, -2.8), (0.6, -5.2))
    ]
    window = many(line((2.3, 0.6), (2.9, 0.6), (2.9, 1.4), (2.3, 1.4))[None, :], closed=True)
    return (
        together([*crowns, hill]),
        together([trunk, roof, door, window]),
        together([*crowns, hill, walls, smoke, hatch, *leaves]),
    )


@lru_cache(maxsize=1)
def _bird() -> _Scene:
    """A bird with a long tail on a branch in blossom."""
    body = round_through(
        line(
            (-0.4, -3.0),
            (0.9, -3.6),
            (2.0, -2.7),
            (2.3, -1.0),
            (1.2, 0.8),
            (-0.4, 1.3),
            (-1.2, -0.4),
        )
    )
    tail = many(line((-0.9, 0.6), (-4.8, 4.6), (-3.2, 4.8), (0.2, 1.2))[None, :], closed=True)
    beak = many(line((1.7, -3.0), (3.3, -2.5), (1.9, -2.2))[None, :], closed=True)
    wing = round_through(line((-0.3, -1.2), (1.0, -1.0), (0.7, 0.4), (-1.6, 2.0), (-1.2, 0.2)))
    branch = through(line((-7.0, 0.6), (-3.6, 1.6), (0.0, 1.7), (3.6, 2.6), (7.2, 1.4)))
    twig = through(line((3.0, 2.4), (5.0, 4.2), (6.6, 4.4)))
    twig2 = through(line((-4.4, 1.4), (-5.8, -1.4), (-5.2, -3.0)))
    leaf = line((0.0, 0.0), (0.8, -0.6), (2.0, 0.0), (0.8, 0.6))
    leaves = [
        round_through(complex(x, y) + leaf * np.exp(1j * way))
        for x, y, way in (
            (-7.0, 0.6, 2.8),
            (-5.6, 1.0, -1.9),
            (4.2, 2.6, -0.9),
            (5.6, 2.2, 1.0),
            (6.6, 4.4, 0.2),
            (-5.9, -1.0, 2.9),
            (5.0, 4.2, 1.7),
        )
    ]
    petals = [
        round_through(
            complex(x, y)
            + 0.85 * np.exp(1j * k * math.tau / 5)
            + 0.72 * np.exp(1j * shares(7)[:-1] * math.tau)
        )
        for x, y in ((-5.1, -3.6), (7.4, 0.6))
        for k in range(5)
    ]
    return (
        together([body, *petals, *leaves]),
        together([tail, beak, wing]),
        together([body, branch, twig, twig2, *leaves, *petals]),
    )
