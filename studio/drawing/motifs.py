"""Prints of plants: blossoms large and tiny, palms, and the drops of paisley."""

import cmath
import math
from functools import lru_cache

import numpy as np

from studio.drawing.cloth import Cloth
from studio.drawing.lines import (
    Line,
    Numbers,
    chain,
    line,
    many,
    ribbon,
    round_through,
    shares,
    smooth,
    stamped,
)
from studio.drawing.paths import Path, together
from studio.drawing.pen import Pen
from studio.drawing.print_frame import PrintFrame
from studio.drawing.tones import Colour, lightness, mix

_BLOSSOM: Colour = (248, 200, 70)
_LEAF: Colour = (62, 112, 78)
_PALE_LEAF: Colour = (150, 194, 140)
_WHITE: Colour = (255, 255, 255)
_WINE: Colour = (120, 30, 60)


@lru_cache(maxsize=1)
def blossom() -> tuple[Path, Path, Path]:
    """Petals, the lines on them, and a pair of leaves, for a blossom of radius 1."""
    petal = line((0.1, 0.0), (0.45, -0.44), (0.98, -0.36), (0.9, 0.0), (0.98, 0.36), (0.45, 0.44))
    turns = [cmath.rect(1.0, k * math.tau / 5) for k in range(5)]
    petals = together([round_through(petal * turn) for turn in turns])
    veins = together([chain(line((0.3, 0.0), (0.74, 0.0)) * turn) for turn in turns])
    leaf = line((0.9, 0.0), (1.35, -0.34), (1.95, 0.0), (1.35, 0.3))
    leaves = [round_through(leaf * cmath.rect(1.0, angle)) for angle in (0.4, 1.5)]
    return petals, veins, together(leaves)


def draw_floral(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """Blossoms of five petals with a pair of leaves, and dots between them."""
    unit = frame.unit
    centres = frame.grid(12.5, 0.13)
    if not len(centres):
        return
    rng = np.random.default_rng(3)
    sizes = rng.uniform(3.6, 5.0, len(centres)) * unit
    turns = sizes * np.exp(1j * (rng.uniform(0, math.tau, len(centres)) + frame.angle))
    kinds = rng.integers(0, 3, len(centres))
    petals, veins, leaves = blossom()
    pale = cloth.lightness < 0.45
    pen.fill(stamped(leaves, centres, turns), _PALE_LEAF if pale else _LEAF)
    tones = (cloth.accent, cloth.accent, second_bloom(cloth))
    for kind, tone in enumerate(tones):
        chosen = kinds == kind
        if chosen.any():
            pen.fill(stamped(petals, centres[chosen], turns[chosen]), tone)
            pen.line(
                stamped(veins, centres[chosen], turns[chosen]),
                mix(tone, _WINE, 0.4),
                0.28 * unit,
                0.8,
            )
    heart = np.abs(turns) * 0.3
    pen.fill(stamped(disc(), centres, heart), heart_of(cloth.accent))
    pen.fill(
        stamped(disc(), centres + 0.12 * unit, heart * 0.45),
        mix(heart_of(cloth.accent), _WINE, 0.5),
    )
    filler = frame.grid(6.25, 0.35)
    pen.fill(stamped(disc(), filler, np.full(len(filler), 0.6 * unit)), tones[2], 0.9)


@lru_cache(maxsize=1)
def disc() -> Path:
    """A disc of radius 1."""
    return round_through(
        line((1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0), (-0.7, -0.7), (0, -1), (0.7, -0.7))
    )


def second_bloom(cloth: Cloth) -> Colour:
    """Of the flowers that are not quite of the second colour, and yet show on the ground."""
    paler = mix(cloth.accent, _WHITE, 0.5)
    if abs(lightness(paler) - cloth.lightness) > 0.15:
        return paler
    return mix(cloth.accent, _WINE, 0.45)


def heart_of(petals: Colour) -> Colour:
    """The middle of a blossom, which must show on its petals."""
    return _BLOSSOM if abs(lightness(petals) - lightness(_BLOSSOM)) > 0.2 else (150, 74, 40)


def draw_ditsy(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """Tiny blossoms of several colours, thickly strewn."""
    centres = frame.grid(5.4, 0.24)
    if not len(centres):
        return
    rng = np.random.default_rng(41)
    sizes = rng.uniform(1.45, 1.95, len(centres)) * frame.unit
    turns = sizes * np.exp(1j * rng.uniform(0, math.tau, len(centres)))
    petals, _, _ = blossom()
    kinds = rng.integers(0, 4, len(centres))
    leaf = _PALE_LEAF if cloth.lightness < 0.45 else _LEAF
    stalk = many(np.array([[0.0, 1.9 + 0.5j]]))
    pen.line(stamped(stalk, centres, turns), leaf, 0.5 * frame.unit)
    leaves = together([_oval(1.5 + 0.9j, 0.5), _oval(1.9 + 0.1j, 0.45)])
    pen.fill(stamped(leaves, centres, turns), leaf)
    tones = (cloth.accent, cloth.accent, second_bloom(cloth), _third_bloom(cloth))
    for kind, tone in enumerate(tones):
        chosen = kinds == kind
        if chosen.any():
            pen.fill(stamped(petals, centres[chosen], turns[chosen]), tone)
            pen.fill(stamped(disc(), centres[chosen], np.abs(turns[chosen]) * 0.3), heart_of(tone))


def _oval(middle: complex, long: float) -> Path:
    angles = shares(9)[:-1] * math.tau
    way = middle / abs(middle)
    return round_through(middle + way * (long * np.cos(angles) + 0.55j * long * np.sin(angles)))


def _third_bloom(cloth: Cloth) -> Colour:
    """Of a few flowers that are neither of the second colour nor of its paler tone."""
    for tone in ((228, 96, 92), (244, 178, 66), (92, 132, 206)):
        apart = min(
            sum(abs(a - b) for a, b in zip(tone, other, strict=True))
            for other in (cloth.colour, cloth.accent)
        )
        if apart > 150:
            return tone
    return _BLOSSOM


@lru_cache(maxsize=1)
def _boteh() -> Line:
    """The edge of a drop with a curled tip, of height about 2."""
    return line(
        *((0.0, 1.0), (-0.48, 0.88), (-0.72, 0.46), (-0.66, 0.0), (-0.46, -0.45), (-0.12, -0.84)),
        *((0.34, -1.1), (0.86, -1.14), (0.94, -1.06), (0.5, -0.86), (0.3, -0.5)),
        *((0.36, -0.14), (0.58, 0.18), (0.66, 0.55), (0.42, 0.88)),
    )


def draw_paisley(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """Drops with a curled tip, one in another, with a seam of beads and a flower inside."""
    centres, stretch = frame.stretched_grid(13.5, 0.05)
    if not len(centres):
        return
    rng = np.random.default_rng(42)
    unit = frame.unit
    way = np.where(np.arange(len(centres)) % 2 == 0, 0.35, math.pi + 0.35)
    way = way + rng.uniform(-0.25, 0.25, len(centres)) + frame.angle
    turns = 5.6 * unit * stretch**0.6 * np.exp(1j * way)
    edge = _boteh()
    middle = 0.05 + 0.3j
    second = second_bloom(cloth)
    outline = smooth(np.append(edge, edge[0]), 2)[:-1]
    beads = (middle + (outline - middle) * 1.24)[:-12]
    dots = (centres[:, None] + turns[:, None] * beads[None, ::2]).ravel()
    pen.fill(stamped(disc(), dots, 0.45 * unit), cloth.accent)
    for size, tone in ((1.0, cloth.accent), (0.72, cloth.colour), (0.58, second)):
        pen.fill(stamped(round_through(middle + (edge - middle) * size), centres, turns), tone)
    petals, _, _ = blossom()
    hearts = centres + turns * (0.0 + 0.4j)
    pen.fill(stamped(petals, hearts, turns * 0.3), cloth.colour)
    pen.fill(stamped(disc(), hearts, turns * 0.11), cloth.accent)
    sprigs = frame.grid(13.5) + 6.75 * unit * cmath.rect(1.0, frame.angle)
    pen.fill(stamped(petals, sprigs, 1.7 * unit), second)
    pen.fill(stamped(disc(), sprigs, 0.5 * unit), cloth.accent)


@lru_cache(maxsize=1)
def _palm() -> tuple[Path, Path]:
    """A palm leaf of length about 2, and its ribs."""
    t = shares(9)
    rib = _rib(t)
    leaflets = []
    for place in np.linspace(0.12, 0.97, 9).tolist():
        root = _rib(np.array([place]))[0]
        reach = 0.95 * math.sin(math.pi * (0.12 + 0.8 * place)) + 0.12
        for side in (-1.0, 1.0):
            tip = root + reach * cmath.rect(1.0, -math.pi / 2 + side * (1.12 - 0.55 * place))
            middle = (root + tip) / 2
            across = 1j * (tip - root) / abs(tip - root) * 0.085
            leaflets.append(round_through(np.array([root, middle + across, tip, middle - across])))
    return together(leaflets), ribbon(rib, 0.06 - 0.04 * t)


def _rib(t: Numbers) -> Line:
    """Points along the rib of a leaf, from its foot to its tip."""
    return np.asarray(0.22 * np.sin(t * 2.0) + 1j * (0.95 - 1.9 * t))


@lru_cache(maxsize=1)
def _monstera() -> tuple[Path, Path]:
    """A broad leaf with deep cuts, of length about 2, and its ribs."""
    side = line(
        *((0.0, -1.0), (0.3, -0.86), (0.5, -0.62), (0.2, -0.5), (0.66, -0.5), (0.82, -0.2)),
        *((0.26, -0.16), (0.88, -0.06), (0.9, 0.28), (0.28, 0.14), (0.82, 0.42), (0.62, 0.7)),
        *((0.26, 0.42), (0.46, 0.82), (0.2, 0.94), (0.0, 0.66)),
    )
    edge = np.concatenate([side, -np.conj(side[-2:0:-1])])
    ribs = [line((0.0, -0.85), (0.0, 0.7))]
    for y, reach in ((-0.4, 0.5), (-0.05, 0.66), (0.3, 0.6)):
        ribs += [line((0.0, y + 0.16), (s * reach, y - 0.14)) for s in (-1.0, 1.0)]
    return chain(edge, closed=True), together([chain(each) for each in ribs])


@lru_cache(maxsize=1)
def _hibiscus() -> tuple[Path, Path, Path]:
    """Five wide petals, the lines on them, and the long pistil, of radius about 1."""
    petal = line((0.06, -0.08), (0.4, -0.44), (0.86, -0.46), (1.0, -0.08), (0.9, 0.4), (0.4, 0.36))
    turns = [cmath.rect(1.0, k * math.tau / 5 + 0.3) for k in range(5)]
    petals = together([round_through(petal * turn) for turn in turns])
    veins = together(
        [
            chain(line((0.14, 0.0), (0.5 + 0.1 * abs(y), y * 0.7), (0.8, y)) * turn)
            for turn in turns
            for y in (-0.22, 0.0, 0.22)
        ]
    )
    return petals, veins, ribbon(line((0.0, 0.0), (0.3, -0.4), (0.72, -0.66)), [0.12, 0.1, 0.14])


def draw_tropical(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """Palm leaves and leaves with deep cuts, one over another, and hibiscus among them."""
    rng = np.random.default_rng(43)
    unit = frame.unit
    deep, bright = _greens(cloth)
    palm, rib = _palm()
    monstera, ribs = _monstera()
    leaves, stretch = frame.stretched_grid(11.5, 0.12)
    if not len(leaves):
        return
    way = rng.uniform(0, math.tau, len(leaves)) + frame.angle
    broad = np.arange(len(leaves)) % 3 == 1
    sizes = unit * stretch**0.7 * rng.uniform(6.2, 7.4, len(leaves)) * np.exp(1j * way)
    pen.fill(stamped(palm, leaves[~broad], sizes[~broad]), deep)
    pen.fill(stamped(rib, leaves[~broad], sizes[~broad]), bright)
    if broad.any():
        pen.fill(stamped(monstera, leaves[broad], sizes[broad] * 0.85), bright)
        pen.line(stamped(ribs, leaves[broad], sizes[broad] * 0.85), deep, 0.42 * unit)
    petals, veins, pistil = _hibiscus()
    flowers = frame.grid(16.5, 0.1) + 6.0 * unit
    turns = 4.3 * unit * np.exp(1j * rng.uniform(0, math.tau, len(flowers)))
    pen.line(stamped(petals, flowers, turns), mix(cloth.accent, _WINE, 0.45), 0.5 * unit)
    pen.fill(stamped(petals, flowers, turns), cloth.accent)
    pen.line(stamped(veins, flowers, turns), mix(cloth.accent, _WINE, 0.45), 0.3 * unit, 0.7)
    pen.fill(stamped(disc(), flowers, 0.75 * unit), mix(cloth.accent, _WINE, 0.7))
    pen.fill(stamped(pistil, flowers, turns), heart_of(cloth.accent))


def _greens(cloth: Cloth) -> tuple[Colour, Colour]:
    """A darker and a brighter green that show on the cloth."""
    if cloth.lightness < 0.4:
        return (86, 158, 104), (158, 206, 118)
    return (28, 92, 62), (74, 146, 78)
