"""What a fabric's surface looks like near by: weave, stitches, seams, pile."""

import numpy as np

from studio.drawing.cloth import GOLD, INK, Cloth, Panel
from studio.drawing.leathers import draw_leather, draw_suede
from studio.drawing.lines import Line, many, ribbons, shares
from studio.drawing.openwork import draw_broderie, draw_crochet, draw_mesh
from studio.drawing.pen import Pen
from studio.drawing.piles import draw_corduroy, draw_velvet, draw_wool
from studio.drawing.surface import columns, rows, seen, short_lines
from studio.drawing.tones import mix
from studio.drawing.weaves import draw_jacquard, draw_jersey, draw_linen, draw_ribs

_CABLE = 7.0
"""From one crossing of a cable to the next."""


def draw_fabric(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """The surface of one piece; cotton, satin and sheer cloth are smooth."""
    fabric = _FABRICS.get(cloth.fabric)
    if fabric:
        fabric(pen, cloth, panel)


def _knit(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    across, along = np.meshgrid(columns(panel, 2.2), rows(panel, 2.1))
    stitch = short_lines(panel, across, along, ((-1.0, 0.0), (0.0, 1.7), (1.0, 0.0)))
    glint = short_lines(panel, across, along, ((-0.66, -0.1), (-0.1, 1.05)))
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
    across, along = np.meshgrid(columns(panel, 1.25), rows(panel, 1.35))
    column = np.round(across / 1.25).astype(int)
    lean = np.where((column // 3) % 2 == 0, 1.0, -1.0)
    row = np.round(along / 1.35).astype(int)
    dark = (row + column * lean.astype(int)) % 2 == 0
    for chosen, tone in ((dark, mix(cloth.colour, INK, 0.5)), (~dark, cloth.lighter(0.4))):
        x, y, slope = across[chosen][:, None], along[chosen][:, None], lean[chosen][:, None]
        piece = panel.place(x + np.array([-0.5, 0.5]), y + slope * np.array([-0.45, 0.45]))
        pen.line(many(seen(panel, piece)), tone, 0.34, 0.6)
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
        pen.line(many(seen(panel, fleck)), tone, 0.5, 0.75)


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


def _quilted(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Diamonds between seams: each is lit above and lies in shade below."""
    step = 7.0
    across, along = np.meshgrid(columns(panel, step), rows(panel, step))
    across = across + (np.round(along / step).astype(int) % 2) * 0.0
    for shift in (0.0, step / 2):
        x, y = across + shift, along + shift
        lit = short_lines(panel, x, y, ((-1.9, -0.4), (-0.7, -1.9), (0.9, -1.5), (-0.4, -0.3)))
        dim = short_lines(panel, x, y, ((2.6, 0.4), (0.3, 2.9), (-2.2, 1.2), (0.4, 1.3)))
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
    across, along = np.meshgrid(columns(panel, 2.6), rows(panel, 2.8))
    rng = np.random.default_rng(8)
    across = across + rng.uniform(-1.0, 1.0, across.shape)
    along = along + rng.uniform(-1.2, 1.2, across.shape)
    lean = rng.uniform(-1.5, 1.5, across.shape).ravel()[:, None]
    t = shares(5)
    hairs = panel.place(across.ravel()[:, None] + lean * t**2, along.ravel()[:, None] + 5.2 * t)
    kind = rng.integers(0, 3, len(hairs))
    widths = 0.9 * np.sqrt(np.clip(1 - t, 0.0, 1.0)) * np.array([0.4, 1, 1, 1, 1])
    for number, tone in enumerate((cloth.darker(0.45), cloth.lighter(0.38), cloth.shade)):
        chosen = seen(panel, hairs[kind == number])
        if len(chosen):
            pen.fill(ribbons(chosen, np.broadcast_to(widths, chosen.shape)), tone, 0.6)


_FABRICS = {
    "denim": _denim,
    "knit": _knit,
    "leather": draw_leather,
    "tweed": _tweed,
    "quilted": _quilted,
    "faux fur": _faux_fur,
    "linen": draw_linen,
    "velvet": draw_velvet,
    "corduroy": draw_corduroy,
    "wool": draw_wool,
    "jersey": draw_jersey,
    "ribbed": draw_ribs,
    "crochet": draw_crochet,
    "broderie": draw_broderie,
    "jacquard": draw_jacquard,
    "suede": draw_suede,
    "mesh": draw_mesh,
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
