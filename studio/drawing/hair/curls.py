"""Curly hair: a cloud with spirals in light and shade."""

import random

import numpy as np

from studio.drawing.hair.locks import Tones
from studio.drawing.head import Head
from studio.drawing.lines import Line, line, ribbon, round_through, smooth, stamped, tapered
from studio.drawing.paths import Path, circle
from studio.drawing.pen import Pen
from studio.drawing.tones import mix

_MIDDLE = -2.6
_SPIRAL = smooth(
    line((0.9, 0.2), (0.45, 0.95), (-0.55, 0.85), (-1.0, -0.1), (-0.4, -0.9), (0.35, -0.6)), 3
)


def _curl() -> Path:
    share = np.linspace(0.0, 1.0, len(_SPIRAL))
    return ribbon(_SPIRAL, 0.36 * tapered(share, 0.1, 0.1, 0.5))


def _cloud(head: Head, rng: random.Random, rings: list[tuple[float, float, int]]) -> Line:
    """Places round the head; a ring is its radius, its lowest y and how many."""
    found = []
    for radius, lowest, count in rings:
        for i in range(count):
            angle = np.radians(-215 + 250 * i / (count - 1))
            reach = radius + rng.uniform(-0.6, 0.6)
            x, y = reach * np.cos(angle), _MIDDLE + reach * 1.06 * np.sin(angle)
            if y < lowest:
                found.append((float(x), float(y)))
    return head.place(*found)


def draw_cloud(pen: Pen, head: Head, tones: Tones) -> None:
    """The hair round the head, behind the face."""
    rng = random.Random(4)
    hair = Tones.of(head.figure)
    ground = mix(hair.base, hair.dark, 0.3)
    rims = _cloud(head, rng, [(12.2, 14.0, 22)])
    body = _cloud(head, rng, [(9.4, 13.0, 16), (6.0, 11.0, 12)])
    sizes = np.array([rng.uniform(2.7, 3.6) for _ in rims])
    pen.fill(stamped(circle(0, 0, 1.0), rims, sizes * 1.13), tones.dark)
    pen.fill(stamped(circle(0, 0, 1.0), rims, sizes), ground)
    pen.fill(stamped(circle(0, 0, 4.4), body, np.ones(len(body))), ground)
    _draw_curls(pen, head, tones, rng, [(13.4, 14.0, 26), (11.0, 14.0, 24), (8.6, 13.0, 18)])


def draw_hairline(pen: Pen, head: Head, tones: Tones) -> None:
    """The curls that lie on the forehead and the temples."""
    rng = random.Random(9)
    angles = np.radians(np.linspace(-198, 18, 23))
    reach = np.array([8.2 + rng.uniform(-0.4, 0.7) for _ in angles])
    places = head.on(0.97 * reach * np.cos(angles) + 1j * (-3.5 + reach * 1.13 * np.sin(angles)))
    sizes = np.array([rng.uniform(1.7, 2.5) for _ in angles])
    pen.fill(stamped(circle(0, 0, 1.0), places, sizes * 1.1), tones.dark, 0.8)
    pen.fill(stamped(circle(0, 0, 1.0), places, sizes), mix(tones.base, tones.dark, 0.12))
    _draw_curls(pen, head, tones, rng, [(8.0, 3.0, 20), (9.8, 3.0, 18)])


def _draw_curls(
    pen: Pen, head: Head, tones: Tones, rng: random.Random, rings: list[tuple[float, float, int]]
) -> None:
    places = _cloud(head, rng, rings)
    turns = np.array([rng.uniform(0.9, 1.7) * np.exp(1j * rng.uniform(0, 6.3)) for _ in places])
    light = np.array([rng.random() < 0.4 for _ in places])
    pen.fill(stamped(_curl(), places[~light], turns[~light]), tones.dark, 0.85)
    pen.fill(stamped(_curl(), places[light], turns[light]), tones.pale, 0.75)


def draw_cloud_behind(pen: Pen, head: Head, tones: Tones) -> None:
    """All of it, seen from behind."""
    draw_cloud(pen, head, tones)
    pen.fill(
        round_through(
            head.place((0, -12), (9, -6), (9.4, 4), (5, 10), (-5, 10), (-9.4, 4), (-9, -6))
        ),
        mix(tones.base, tones.dark, 0.3),
    )
    rng = random.Random(5)
    places = head.place(*[(rng.uniform(-7, 7), rng.uniform(-10, 8)) for _ in range(30)])
    pen.fill(stamped(circle(0, 0, 2.6), places, np.ones(30)), mix(tones.base, tones.dark, 0.3))
    _draw_curls(pen, head, tones, rng, [(3.0, 14.0, 12), (6.0, 14.0, 16), (8.6, 13.0, 18)])
