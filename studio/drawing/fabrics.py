"""How fabrics look: gloss, weave, stitches, pile."""

import math
import random

from studio.drawing.cloth import GOLD, WHITE, Cloth, Panel
from studio.drawing.paths import Path, curve, straight, together
from studio.drawing.patterns import columns, staggered_grid, steps
from studio.drawing.pen import Pen

_SHEEN = 7
"""Nested strips of one soft reflection."""


def draw_fabric(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """The look of the cloth's fabric on one piece; cotton and sheer cloth have none."""
    fabric = _FABRICS.get(cloth.fabric)
    if fabric:
        fabric(pen, cloth, panel)


def _satin(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Broad soft light and shade, as of cloth that falls in long folds."""
    half = panel.half
    for share, width, alpha in ((-0.8, 0.34, 0.34), (0.08, 0.36, 0.3), (0.72, 0.4, 0.4)):
        _soft_strip(pen, _fall(panel, share), cloth.darker(0.75), (width * half, alpha))
    for share, width, alpha in ((-0.4, 0.5, 0.75), (0.42, 0.34, 0.6)):
        _soft_strip(pen, _fall(panel, share), cloth.lighter(0.85), (width * half, alpha))


def _soft_strip(
    pen: Pen, line: Path, tone: tuple[int, int, int], size: tuple[float, float]
) -> None:
    """A strip along a line that is densest in its middle: nested strokes that add up.

    `size` is its half width and its opacity in the middle.
    """
    half, alpha = size
    share = 1 - (1 - alpha) ** (1 / _SHEEN)
    for i in range(_SHEEN):
        pen.line(line, tone, 2 * half * (1 - i / _SHEEN), share)


def _fall(panel: Panel, share: float) -> Path:
    """A slightly waving line down the piece, `share` (-1..1) of its half width off the middle."""
    return curve(
        [
            panel.place(
                panel.half * (share + 0.1 * math.sin(share * 9 + i * 1.1)),
                panel.length * (i / 6 * 1.08 - 0.04),
            )
            for i in range(7)
        ]
    )


def _denim(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    left, right = -panel.half * 1.3, panel.half * 1.3
    twill = [
        straight(panel.place(left, along), panel.place(right, along + panel.half * 2))
        for along in steps(-panel.half * 2, panel.length + 4, 2.2)
    ]
    pen.line(together(twill), cloth.texture, 0.6, 0.38)
    # A golden seam along the edge: a broad line with a narrower one on it.
    pen.line(panel.path, GOLD, 5.2)
    pen.line(panel.path, cloth.colour, 3.8)
    pen.dashes(panel.down(0), GOLD, 0.8, (2.2, 1.2))


def _knit(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    stitches = [
        straight(
            panel.place(across - 1.9, along),
            panel.place(across, along + 2.3),
            panel.place(across + 1.9, along),
        )
        for across in columns(panel, 4.4)
        for along in steps(-2, panel.length + 4, 3.1)
    ]
    pen.line(together(stitches), cloth.texture, 0.9, 0.7)


def _leather(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for share, start, end in (
        (-0.55, 0.06, 0.3),
        (-0.5, 0.52, 0.84),
        (0.34, 0.1, 0.42),
        (0.46, 0.62, 0.93),
    ):
        shine = curve(
            [
                panel.place(panel.half * share, panel.length * start),
                panel.place(panel.half * (share + 0.1), panel.length * (start + end) / 2),
                panel.place(panel.half * share, panel.length * end),
            ]
        )
        _soft_strip(pen, shine, WHITE, (2.4, 0.7))
    seam = cloth.ink if cloth.lightness > 0.2 else (92, 92, 100)
    for share in (0.34, 0.68):
        pen.line(panel.across(panel.length * share), seam, 0.9)


def _tweed(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    rng = random.Random(7)
    flecks: dict[bool, list[Path]] = {True: [], False: []}
    for row, column, (x, y) in staggered_grid(panel, 2.7):
        dx, dy = rng.uniform(0.4, 1.1), rng.uniform(-1.0, 1.0)
        light = bool((row + column + (row // 3)) % 2)
        flecks[light].append(straight((x - dx, y - dy), (x + dx, y + dy)))
    for light, tone in ((True, cloth.lighter(0.7)), (False, cloth.darker(0.75))):
        pen.line(together(flecks[light]), tone, 0.85, 0.8)


def _quilted(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    gloss, deep = cloth.lighter(0.6), cloth.darker(0.6)
    left, top, right, bottom = panel.bounds
    for row, _, (x, y) in staggered_grid(panel, 5.0):
        if row % 2 == 0 and left < x < right and top < y < bottom:
            for radius in (2.6, 1.9, 1.2):
                pen.dots([(x - 0.7, y - 1.0)], radius, gloss, 0.16)
    reach = panel.half * 1.4
    seams = [
        straight(panel.place(across, -2), panel.place(across + lean, panel.length - 2))
        for across in steps(-reach - panel.length, reach + panel.length, 10)
        for lean in (-panel.length, panel.length)
    ]
    pen.line(together(seams), deep, 2.2, 0.25)
    pen.line(together(seams), cloth.texture, 0.9, 0.9)


def _faux_fur(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    hairs: dict[bool, list[Path]] = {True: [], False: []}
    for row, column, (x, y) in staggered_grid(panel, 3.4):
        lean = ((row * 7 + column * 3) % 5 - 2) * 0.8
        hair = curve([(x - lean, y - 2.4), (x, y), (x + lean * 0.6, y + 3.0)])
        hairs[bool((row + column) % 2)].append(hair)
    for light, tone in ((True, cloth.texture), (False, cloth.darker(0.4))):
        pen.line(together(hairs[light]), tone, 0.9, 0.7)


_FABRICS = {
    "satin": _satin,
    "denim": _denim,
    "knit": _knit,
    "leather": _leather,
    "tweed": _tweed,
    "quilted": _quilted,
    "faux fur": _faux_fur,
}


def draw_edge(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """The edge of a piece: tufts of fur, or an inked line."""
    if cloth.fabric == "faux fur":
        _draw_tufts(pen, cloth, panel.path)
    else:
        pen.line(panel.path, cloth.ink, 1.2)


def _draw_tufts(pen: Pen, cloth: Cloth, edge: Path) -> None:
    tufts: dict[bool, list[Path]] = {True: [], False: []}
    for step, ((x, y), (along_x, along_y)) in enumerate(edge.every(1.9)):
        reach = 2.2 + (step % 3) * 0.8
        dx, dy = -along_y * reach, along_x * reach
        tufts[bool(step % 2)].append(straight((x - dx, y - dy), (x + dx, y + dy)))
    for dark, tone in ((False, cloth.colour), (True, cloth.darker(0.25))):
        pen.line(together(tufts[dark]), tone, 1.2)
