"""Leather, which mirrors, and suede, its brushed inner side, which does not."""

import numpy as np

from studio.drawing.cloth import Cloth, Panel
from studio.drawing.lines import many, shares
from studio.drawing.pen import Pen, Taper
from studio.drawing.surface import scattered, seen, soft_lines
from studio.drawing.tones import mix

_LONG = Taper(0.0, 0.0, 0.35)
# Of each light on leather: the share across, where it starts and ends, its width, and its lean.
_Glints = tuple[tuple[float, float, float, float, float], ...]
_GLINTS: _Glints = (
    (-0.6, 0.03, 0.3, 1.7, 0.1),
    (-0.5, 0.33, 0.44, 1.1, -0.14),
    (-0.58, 0.46, 0.72, 1.8, 0.08),
    (-0.52, 0.76, 0.99, 1.7, -0.05),
    (-0.3, 0.1, 0.18, 0.8, 0.16),
    (-0.26, 0.56, 0.63, 0.8, -0.12),
    (0.2, 0.05, 0.2, 1.1, 0.12),
    (0.32, 0.28, 0.46, 1.3, -0.1),
    (0.14, 0.5, 0.58, 0.9, 0.12),
    (0.36, 0.64, 0.86, 1.3, -0.06),
    (0.74, 0.14, 0.27, 0.8, 0.06),
    (0.74, 0.54, 0.7, 0.9, -0.05),
)
_LEG_GLINTS: _Glints = (
    (-0.5, 0.06, 0.52, 1.5, 0.1),
    (-0.44, 0.55, 0.98, 1.5, -0.08),
    (0.36, 0.6, 0.96, 1.0, 0.08),
)
"""Those of a leg: long, along the thigh and below the knee."""
_FEW_GLINTS: _Glints = (
    (-0.56, 0.08, 0.62, 1.6, 0.12),
    (0.3, 0.3, 0.9, 1.2, -0.1),
    (-0.42, 0.7, 0.97, 1.1, -0.1),
)


def draw_leather(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Seams with rows of stitches, and small hard lights, each beside a dark reflection."""
    _seams(pen, cloth, panel)
    deep = 0.75 if cloth.lightness > 0.8 else 0.62
    if panel.length > 90:
        glints = _GLINTS[::2] if panel.half > 12 else _LEG_GLINTS
    else:  # few on a small piece, and long ones
        glints = _FEW_GLINTS if panel.half > 9 else _FEW_GLINTS[:1]
    for share, start, end, width, lean in glints:
        along = shares(5, start, end) * panel.length
        across = panel.half * (share + lean * shares(5, -0.5, 0.5))
        bright = panel.place(across, along)
        beside = panel.place(across + width * 0.62, along)
        pen.soft_line(beside, cloth.reflection, width * 3.3, deep, _LONG)
        pen.soft_line(bright, cloth.glint, width * 1.7, 0.66, _LONG)
        pen.brush(bright, cloth.glint, width * 0.34, 0.55, _LONG)
    pen.line(panel.path, cloth.reflection, 2.6, 0.4)  # the edge turns away, and then catches light
    pen.line(panel.path, cloth.glint, 0.9, 0.6)


def _seams(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    seam = cloth.ink if cloth.lightness > 0.2 else (84, 84, 92)
    thread = cloth.light if cloth.lightness < 0.55 else mix(cloth.ink, cloth.colour, 0.35)
    across = (0.5,) if panel.sleeve and panel.length > 30 else ()
    seams = [(panel.across(panel.length * share + d), d) for share in across for d in _ROWS]
    if not panel.sleeve:
        seams += [
            (panel.down(side * 0.66 * panel.half + d), d)
            for side in ((-1, 1) if panel.half > 12 else (0.6,))
            for d in _ROWS
        ]
    for path, beside in seams:
        if beside:
            pen.dashes(path, thread, 0.26, (0.9, 0.6), 0.85)
        else:
            pen.line(path, cloth.reflection, 1.3, 0.3)
            pen.line(path, seam, 0.42, 0.85)


_ROWS = (0.0, 0.9, -0.9)
"""A seam, and rows of stitches beside it."""


def draw_suede(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Seams with rows of stitches, and a short nap that is dark or light as hands brushed it."""
    rng = np.random.default_rng(21)
    t = shares(6, -0.5, 0.5)
    for number, tone, alpha in ((0, cloth.darker(0.5), 0.1), (1, cloth.lighter(0.5), 0.22)):
        across, along = scattered(panel, 0.011, np.random.default_rng(22 + number))
        lean = rng.uniform(-0.25, 0.25, across.shape)
        length = rng.uniform(9.0, 17.0, across.shape)
        strokes = panel.place(across + lean * length * t, along + length * t)
        widths = rng.uniform(3.0, 5.5, across.shape) * np.sqrt(np.clip(1 - 4 * t * t, 0.02, 1))
        soft_lines(pen, strokes, widths, tone, alpha)
    for tone, seed in ((cloth.darker(0.5), 24), (cloth.lighter(0.4), 25)):
        across, along = scattered(panel, 0.28, np.random.default_rng(seed))
        grain = panel.place(across + np.array([0.0, 0.3]), along + np.array([0.0, 0.35]))
        pen.line(many(seen(panel, grain)), tone, 0.42, 0.32)
    _seams(pen, cloth, panel)
