"""Cloths with a nap: velvet and corduroy, whose pile stands, and wool that is felted."""

import numpy as np

from studio.drawing.cloth import Cloth, Panel
from studio.drawing.lines import many, ribbons, shares
from studio.drawing.pen import Pen
from studio.drawing.surface import columns, lines_down, scattered, seen, soft_lines


def draw_velvet(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Deep where one looks into the pile; pale where it turns away, and along the edge."""
    deep = 0.5 if cloth.pattern == "solid" else 0.2
    pen.fill(panel.path, cloth.darker(0.55), deep)
    rng = np.random.default_rng(11)
    t = shares(7, -0.5, 0.5)
    for tone, alpha, per_unit, seed in (
        (cloth.darker(0.8), 0.36, 0.0045, 12),
        (cloth.lighter(0.4), 0.44, 0.0085, 13),
    ):
        across, along = scattered(panel, per_unit, np.random.default_rng(seed))
        length = rng.uniform(16.0, 34.0, across.shape)
        bend = rng.uniform(-3.4, 3.4, across.shape)
        patches = panel.place(across + bend * np.sin(np.pi * (t + 0.5)), along + length * t)
        widths = rng.uniform(4.0, 7.0, across.shape) * np.sqrt(np.clip(1 - 4 * t * t, 0.02, 1))
        soft_lines(pen, patches, widths, tone, alpha)
    across, along = scattered(panel, 0.5, np.random.default_rng(14))
    hairs = panel.place(across + np.array([0.0, 0.1]), along + np.array([0.0, 0.5]))
    pen.line(many(seen(panel, hairs)), cloth.lighter(0.4), 0.2, 0.22)
    for width, alpha in ((4.6, 0.22), (2.4, 0.3), (0.9, 0.4)):
        pen.line(panel.path, cloth.lighter(0.6), width, alpha)


_WALE = 2.5
"""From one cord of corduroy to the next."""


def draw_corduroy(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Cords of pile, each lit on its left, with the ground showing between them."""
    cords = columns(panel, _WALE)
    pen.line(lines_down(panel, cords + 0.35), cloth.darker(0.35), 1.3, 0.45)
    pen.line(lines_down(panel, cords + 0.55), cloth.shade, 0.62, 0.8)
    pen.line(lines_down(panel, cords - 0.95), cloth.lighter(0.5), 0.7, 0.6)
    across, along = scattered(panel, 0.22, np.random.default_rng(15))
    ticks = panel.place(across + np.array([0.0, 0.7]), along + np.array([0.0, 0.15]))
    pen.line(many(seen(panel, ticks)), cloth.darker(0.4), 0.2, 0.3)


def draw_wool(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Felted: fibres curl all ways, in tones of one colour, and stand off at the edge."""
    rng = np.random.default_rng(16)
    t = shares(4)
    for tone, alpha, per_unit, seed in (
        (cloth.darker(0.4), 0.34, 0.32, 17),
        (cloth.lighter(0.34), 0.4, 0.34, 18),
        (cloth.lighter(0.45), 0.4, 0.03, 19),
    ):
        across, along = scattered(panel, per_unit, np.random.default_rng(seed))
        turn = rng.uniform(0.0, 2 * np.pi, across.shape)
        way = turn + rng.uniform(-1.6, 1.6, across.shape) * t
        reach = rng.uniform(0.8, 1.7, across.shape) * t
        curls = panel.place(across + reach * np.cos(way), along + reach * np.sin(way))
        curls = seen(panel, curls)
        pen.fill(ribbons(curls, np.full(curls.shape, 0.26)), tone, alpha)
    pen.line(panel.path, cloth.lighter(0.35), 1.6, 0.35)
    pen.dashes(panel.path, cloth.darker(0.3), 1.3, (0.35, 0.5), 0.6)
