"""Cloths with holes in them: crochet, broderie anglaise and mesh."""

import cmath
import math
from functools import lru_cache

import numpy as np

from studio.drawing.cloth import Cloth, Panel
from studio.drawing.lines import Line, line, many, ribbons, round_through, shares, stamped
from studio.drawing.paths import Path, together
from studio.drawing.pen import Pen
from studio.drawing.surface import lines_across, seen
from studio.drawing.tones import Colour, mix

_LINING: Colour = (176, 128, 104)
"""Of the slip that is seen through the holes: about as dark as skin."""


def _behind(cloth: Cloth) -> Colour:
    """What is seen through a hole: it must show on the cloth."""
    if cloth.lightness > 0.55:
        return mix(cloth.colour, _LINING, 0.75)
    return (
        mix(cloth.shade, (0, 0, 0), 0.2) if cloth.lightness > 0.16 else mix(_LINING, (0, 0, 0), 0.1)
    )


_SHELL, _ROUND = 8.0, 4.9
"""Width of a shell of crochet, and height of a round of them."""


def draw_crochet(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Rounds of shells on chains: each fans out from one stitch, and bears a scalloped edge."""
    pen.fill(panel.path, _behind(cloth))
    middles = np.arange(-_ROUND, panel.length + 2 * _ROUND, _ROUND)
    count = int(panel.half * 1.45 / _SHELL) + 1
    across = _SHELL * np.arange(-count, count + 1)[None, :] + (np.arange(len(middles)) % 2)[
        :, None
    ] * (_SHELL / 2)
    along = np.broadcast_to(middles[:, None], across.shape)
    x, y = across.reshape(-1, 1), along.reshape(-1, 1)
    fans = []
    t = shares(4, 0.12, 0.92)
    for angle in np.radians((-66.0, -33.0, 0.0, 33.0, 66.0)):
        fans.append(panel.place(x + 4.1 * t * math.sin(angle), y - 4.4 * t * math.cos(angle)))
    rays = seen(panel, np.concatenate(fans))
    bow = np.radians(shares(9, -84.0, 84.0))
    arcs = seen(panel, panel.place(x + 3.95 * np.sin(bow), y - 4.3 * np.cos(bow)))
    chains = lines_across(panel, middles)
    widths = np.array([0.55, 0.62, 0.8, 0.8])
    for grow, tone in ((0.42, cloth.shade), (0.0, cloth.lighter(0.08))):
        pen.fill(ribbons(rays, np.broadcast_to(widths + grow, rays.shape)), tone)
        pen.fill(ribbons(arcs, np.full(arcs.shape, 0.95 + grow)), tone)
        pen.line(chains, tone, 0.85 + grow)
    pen.line(many(arcs - 0.25j), cloth.light, 0.35, 0.8)
    pen.dashes(many(rays), cloth.darker(0.4), 0.45, (0.3, 0.5), 0.45)
    pen.dashes(chains, cloth.darker(0.4), 0.5, (0.35, 0.75), 0.5)


@lru_cache(maxsize=1)
def _eyelets() -> tuple[Path, Path]:
    """Six drops round a hole, of radius about 1, and the same with their stitched rims."""

    def ring(grow: float) -> Path:
        a, b = 0.36 - grow, 0.98 + grow
        w = 0.2 + grow
        drop = line((a, 0.0), (0.62, -0.7 * w), (0.84, -w), (b, 0.0), (0.84, w), (0.62, 0.7 * w))
        drops = [drop * cmath.rect(1.0, k * math.tau / 6) for k in range(6)]
        middle = np.exp(1j * shares(9)[:-1] * math.tau) * (0.17 + grow * 0.8)
        return together([round_through(each) for each in (*drops, middle)])

    return ring(0.0), ring(0.1)


_FLOWER_STEP = 11.5


def draw_broderie(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Flowers of stitched holes, rows of eyelets between them, and sprigs in white work."""
    flowers = _staggered(panel, _FLOWER_STEP, 0.0)
    between = _staggered(panel, _FLOWER_STEP, 0.5)
    holes, rims = _eyelets()
    rim = cloth.lighter(0.55)
    edge = cloth.darker(0.42) if cloth.lightness > 0.5 else cloth.lighter(0.45)
    behind = _behind(cloth)
    size = 4.1 * cmath.rect(1.0, math.pi / 6)
    pen.line(stamped(rims, flowers, size), edge, 0.35, 0.85)
    pen.fill(stamped(rims, flowers, size), rim)
    pen.fill(stamped(holes, flowers, size), behind)
    round_ = round_through(np.exp(1j * shares(9)[:-1] * math.tau))
    dots = (between[:, None] + np.array([-1.7j, 1.7j])).ravel()
    pen.line(stamped(round_, dots, 0.86), edge, 0.32, 0.85)
    pen.fill(stamped(round_, dots, 0.86), rim)
    pen.fill(stamped(round_, dots, 0.55), behind)


def _staggered(panel: Panel, step: float, shift: float) -> Line:
    """Places in rows, every other one moved by half a step; `shift` is down, in steps."""
    count = int(panel.half * 1.45 / step) + 1
    rows = np.arange(-1, int(panel.length / (step * 0.72)) + 2)
    across = step * np.arange(-count, count + 1)[None, :] + (rows % 2)[:, None] * step / 2
    along = rows[:, None] * step * 0.72 + 0.0 * across
    if shift:
        across = across + step / 2
    return panel.place(across, along).ravel()


_NET = 2.7


def draw_mesh(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """A net with holes through which one sees what lies behind."""
    reach = panel.half * 1.45
    starts = np.arange(-2 * reach, panel.length + 2 * reach, _NET)
    t = shares(13, -1.0, 1.0)
    strings = np.concatenate(
        [
            panel.place(reach * t[None, :], starts[:, None] + lean * 1.25 * reach * t[None, :])
            for lean in (1, -1)
        ]
    )
    pen.line(many(strings), cloth.darker(0.4), 0.85, 0.5)
    pen.line(many(strings), cloth.layered(0.12, 0.12), 0.6)
    pen.line(panel.path, cloth.colour, 2.4)
