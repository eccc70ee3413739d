"""What a fabric's surface looks like near by: weave, stitches, seams, pile."""

import numpy as np

from studio.drawing.cloth import GOLD, INK, WHITE, Cloth, Panel
from studio.drawing.lines import Line, Numbers, many, ribbons, shares
from studio.drawing.pen import Pen, Taper
from studio.drawing.tones import mix

_CABLE = 7.0
"""From one crossing of a cable to the next."""


def draw_fabric(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """The surface of one piece; cotton, satin and sheer cloth are smooth."""
    fabric = _FABRICS.get(cloth.fabric)
    if fabric:
        fabric(pen, cloth, panel)


def _columns(panel: Panel, step: float) -> Numbers:
    count = int(panel.half * 1.45 / step) + 1
    return step * np.arange(-count, count + 1)


def _rows(panel: Panel, step: float, before: float = 2.0) -> Numbers:
    return np.arange(-before, panel.length + 6, step)


def _seen(panel: Panel, pieces: Line) -> Line:
    """Those (n, m) pieces that meet the panel."""
    left, top, right, bottom = panel.bounds
    first = pieces[:, 0]
    return pieces[
        (first.real > left - 3)
        & (first.real < right + 3)
        & (first.imag > top - 3)
        & (first.imag < bottom + 3)
    ]


def _short_lines(
    panel: Panel, across: Numbers, along: Numbers, shape: tuple[tuple[float, float], ...]
) -> Line:
    """(n, m) copies of a little shape, in units of the piece, at each of the places."""
    dx = np.array([x for x, _ in shape])
    dy = np.array([y for _, y in shape])
    return _seen(panel, panel.place(across.ravel()[:, None] + dx, along.ravel()[:, None] + dy))


def _knit(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    across, along = np.meshgrid(_columns(panel, 2.2), _rows(panel, 2.1))
    stitch = _short_lines(panel, across, along, ((-1.0, 0.0), (0.0, 1.7), (1.0, 0.0)))
    glint = _short_lines(panel, across, along, ((-0.66, -0.1), (-0.1, 1.05)))
    pen.line(many(stitch), cloth.shade, 0.42, 0.5)
    pen.line(many(glint), cloth.light, 0.5, 0.45)
    if cloth.pattern == "solid":
        _cables(pen, cloth, panel)


def _cables(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Ropes of two strands that cross again and again."""
    ropes = np.array([0.0]) if panel.sleeve or panel.half < 12 else np.array([-9.5, 0.0, 9.5])
    starts = np.arange(-_CABLE, panel.length + _CABLE, _CABLE)
    t = shares(8)
    middle, start = (grid.ravel()[:, None] for grid in np.meshgrid(ropes, starts))
    for hand, tone in ((-1, cloth.colour), (1, mix(cloth.colour, cloth.light, 0.3))):
        strands = panel.place(middle + hand * 1.9 * np.cos(np.pi * t), start + _CABLE * t)
        pen.fill(ribbons(strands, np.full(strands.shape, 2.6)), cloth.shade, 0.85)
        pen.fill(ribbons(strands, np.full(strands.shape, 1.9)), tone)
    rails = (ropes[:, None] + np.array([-3.5, 3.5])).ravel()
    edges = panel.place(rails[:, None], shares(9, 0.0, panel.length)[None, :])
    pen.line(many(edges), cloth.shade, 0.5, 0.55)


def _tweed(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Herringbone, and flecks of other colours."""
    across, along = np.meshgrid(_columns(panel, 1.25), _rows(panel, 1.35))
    column = np.round(across / 1.25).astype(int)
    lean = np.where((column // 3) % 2 == 0, 1.0, -1.0)
    row = np.round(along / 1.35).astype(int)
    dark = (row + column * lean.astype(int)) % 2 == 0
    for chosen, tone in ((dark, mix(cloth.colour, INK, 0.5)), (~dark, cloth.lighter(0.4))):
        x, y, slope = across[chosen][:, None], along[chosen][:, None], lean[chosen][:, None]
        piece = panel.place(x + np.array([-0.5, 0.5]), y + slope * np.array([-0.45, 0.45]))
        pen.line(many(_seen(panel, piece)), tone, 0.34, 0.6)
    rng = np.random.default_rng(9)
    x = rng.uniform(-1.4, 1.4, 420) * panel.half
    y = rng.uniform(0.0, panel.length, 420)
    count = int(420 * min(1.0, panel.length * panel.half / 1500))
    for start, tone in (
        (0, mix(cloth.colour, (255, 240, 210), 0.75)),
        (1, mix(cloth.colour, (160, 60, 50), 0.6)),
    ):
        x2, y2 = x[start:count:2][:, None], y[start:count:2][:, None]
        fleck = panel.place(x2 + np.array([0.0, 0.7]), y2 + np.array([0.0, 0.35]))
        pen.line(many(_seen(panel, fleck)), tone, 0.5, 0.75)


def _denim(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    reach = panel.half * 1.4
    starts = np.arange(-2 * reach, panel.length + 4, 1.1)
    t = shares(7)
    twill = panel.place(-reach + 2 * reach * t[None, :], starts[:, None] + 2 * reach * t[None, :])
    pen.line(many(twill), cloth.lighter(0.45), 0.28, 0.42)
    pen.line(many(twill + 0.4), mix(cloth.colour, INK, 0.5), 0.22, 0.42)
    # A golden seam along the edge: dashes under a narrower line of the ground.
    pen.dashes(panel.path, GOLD, 2.9, (1.4, 0.9))
    pen.line(panel.path, cloth.colour, 2.1)


_LONG = Taper(0.0, 0.0, 0.35)
# Of each light on leather: the share across, where it starts and ends, its width, and its lean.
_GLINTS = (
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


def _leather(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Seams with rows of stitches, and small hard lights, each beside a dark reflection."""
    _leather_seams(pen, cloth, panel)
    deep = 0.75 if cloth.lightness > 0.8 else 0.62
    sparse = 1 if panel.length > 90 else 2 if panel.length > 45 else 3
    for share, start, end, width, lean in _GLINTS[::sparse]:
        along = shares(5, start, end) * panel.length
        across = panel.half * (share + lean * shares(5, -0.5, 0.5))
        bright = panel.place(across, along)
        beside = panel.place(across + width * 0.62, along)
        pen.soft_line(beside, cloth.reflection, width * 3.3, deep, _LONG)
        pen.brush(beside, cloth.reflection, width * 0.7, deep, _LONG)
        pen.brush(bright, cloth.glint, width * 0.95, 0.8, _LONG)
        pen.brush(bright[1:-1], WHITE, width * 0.5, 1.0)
    pen.line(panel.path, cloth.reflection, 2.6, 0.4)  # the edge turns away, and then catches light
    pen.line(panel.path, cloth.glint, 0.9, 0.6)


def _leather_seams(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    seam = cloth.ink if cloth.lightness > 0.2 else (84, 84, 92)
    thread = cloth.light if cloth.lightness < 0.55 else mix(cloth.ink, cloth.colour, 0.35)
    across = (0.5,) if panel.sleeve else (0.36,) if panel.length < 100 else ()
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


def _quilted(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Diamonds between seams: each is lit above and lies in shade below."""
    step = 7.0
    across, along = np.meshgrid(_columns(panel, step), _rows(panel, step))
    across = across + (np.round(along / step).astype(int) % 2) * 0.0
    for shift in (0.0, step / 2):
        x, y = across + shift, along + shift
        lit = _short_lines(panel, x, y, ((-1.9, -0.4), (-0.7, -1.9), (0.9, -1.5), (-0.4, -0.3)))
        dim = _short_lines(panel, x, y, ((2.6, 0.4), (0.3, 2.9), (-2.2, 1.2), (0.4, 1.3)))
        pen.fill(many(lit, closed=True), cloth.lighter(0.6), 0.28)
        pen.fill(many(dim, closed=True), cloth.shade, 0.22)
    reach = panel.half * 1.4
    starts = np.arange(-2 * reach - step, panel.length + 2 * reach, step)
    t = shares(9, -1.0, 1.0)
    seams = [
        panel.place(reach * t[None, :], starts[:, None] + lean * reach * t[None, :] + step / 2)
        for lean in (1, -1)
    ]
    path = many(np.concatenate(seams))
    pen.line(path, cloth.shade, 1.3, 0.22)
    pen.line(path, cloth.texture, 0.45, 0.9)


def _faux_fur(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    across, along = np.meshgrid(_columns(panel, 2.6), _rows(panel, 2.8))
    rng = np.random.default_rng(8)
    across = across + rng.uniform(-1.0, 1.0, across.shape)
    along = along + rng.uniform(-1.2, 1.2, across.shape)
    lean = rng.uniform(-1.5, 1.5, across.shape).ravel()[:, None]
    t = shares(5)
    hairs = panel.place(across.ravel()[:, None] + lean * t**2, along.ravel()[:, None] + 5.2 * t)
    kind = rng.integers(0, 3, len(hairs))
    widths = 0.9 * np.sqrt(np.clip(1 - t, 0.0, 1.0)) * np.array([0.4, 1, 1, 1, 1])
    for number, tone in enumerate((cloth.darker(0.45), cloth.lighter(0.38), cloth.shade)):
        chosen = _seen(panel, hairs[kind == number])
        if len(chosen):
            pen.fill(ribbons(chosen, np.broadcast_to(widths, chosen.shape)), tone, 0.6)


_FABRICS = {
    "denim": _denim,
    "knit": _knit,
    "leather": _leather,
    "tweed": _tweed,
    "quilted": _quilted,
    "faux fur": _faux_fur,
}


def draw_tufts(pen: Pen, cloth: Cloth, edge: Line, outward: float) -> None:
    """The edge of fur: hairs that stand off to one side of a line."""
    run = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(edge)))])
    count = max(4, int(run[-1] / 0.9))
    places = shares(count, 0.0, float(run[-1]))
    roots = np.interp(places, run, edge)
    along = np.gradient(roots)
    along = along / np.maximum(np.abs(along), 1e-9)
    rng = np.random.default_rng(6)
    reach = rng.uniform(1.2, 2.6, count) * outward
    t = shares(4)
    sweep = along[:, None] * (0.9 * t**2)[None, :]
    hairs = roots[:, None] + 1j * along[:, None] * reach[:, None] * (t - 0.25)[None, :] + sweep
    widths = 0.95 * (1 - t**2) + 0.05
    for start, tone in ((0, cloth.colour), (1, cloth.darker(0.28)), (2, cloth.lighter(0.25))):
        chosen = hairs[start::3]
        pen.fill(ribbons(chosen, np.broadcast_to(widths, chosen.shape)), tone)
