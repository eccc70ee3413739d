"""How fabrics look: gloss, weave, stitches, pile."""

import math
import random

import skia

from training.atelier.cloth import GOLD, WHITE, Cloth, Panel
from training.atelier.patterns import columns, staggered_grid, steps
from training.atelier.pen import Pen, circle, curve, straight


def draw_fabric(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """The look of the cloth's fabric on one piece; cotton and sheer cloth have none."""
    fabric = _FABRICS.get(cloth.fabric)
    if fabric:
        fabric(pen, cloth, panel)


def _satin(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for share, width, alpha in ((-0.62, 2.4, 0.5), (-0.28, 4.4, 0.62), (0.4, 3.2, 0.55)):
        pen.line(_ripple(panel, share), cloth.lighter(0.8), width, alpha)
    for share in (-0.45, 0.12, 0.68):
        pen.line(_ripple(panel, share), cloth.darker(0.6), 2.2, 0.35)


def _ripple(panel: Panel, share: float) -> skia.Path:
    """A wavy line down the piece, `share` (-1..1) of its half width beside the middle."""
    return curve(
        [
            panel.place(panel.half * (share + 0.13 * math.sin(i * 1.7)), panel.length * i / 6)
            for i in range(7)
        ]
    )


def _denim(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    left, right = -panel.half * 1.3, panel.half * 1.3
    for along in steps(-panel.half * 2, panel.length + 4, 3.2):
        twill = straight(panel.place(left, along), panel.place(right, along + panel.half * 2))
        pen.line(twill, cloth.texture, 0.8, 0.35)
    # A golden seam along the edge: a broad line with a narrower one on it.
    pen.line(panel.path, GOLD, 6.6)
    pen.line(panel.path, cloth.colour, 4.2)
    pen.dashes(panel.down(0), GOLD, 1.1, (2.6, 1.6))


def _knit(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for across in columns(panel, 7):
        for along in steps(-2, panel.length + 4, 4.6):
            stitch = straight(
                panel.place(across - 3, along),
                panel.place(across, along + 3.4),
                panel.place(across + 3, along),
            )
            pen.line(stitch, cloth.texture, 1.2, 0.75)


def _leather(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for share, start, end in (
        (-0.55, 0.06, 0.3),
        (-0.5, 0.52, 0.84),
        (0.34, 0.1, 0.42),
        (0.46, 0.62, 0.93),
    ):
        shine = [
            panel.place(panel.half * share, panel.length * start),
            panel.place(panel.half * (share + 0.1), panel.length * (start + end) / 2),
            panel.place(panel.half * share, panel.length * end),
        ]
        pen.line(curve(shine), WHITE, 1.9, 0.85)
    seam = cloth.ink if cloth.lightness > 0.2 else (92, 92, 100)
    for share in (0.34, 0.68):
        pen.line(panel.across(panel.length * share), seam, 1.1)


def _tweed(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    rng = random.Random(7)
    light, dark = cloth.lighter(0.7), cloth.darker(0.75)
    for row, column, (x, y) in staggered_grid(panel, 3.4):
        dx, dy = rng.uniform(0.5, 1.3), rng.uniform(-1.2, 1.2)
        tone = light if (row + column + (row // 3)) % 2 else dark
        pen.line(straight((x - dx, y - dy), (x + dx, y + dy)), tone, 1.1, 0.8)


def _quilted(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    gloss = cloth.lighter(0.55)
    for row, _, (x, y) in staggered_grid(panel, 11):
        if row % 2 == 0:
            pen.soft_fill(circle(x - 1.5, y - 2, 3), gloss, 0.5, 1.2)
    reach = panel.half * 1.4
    for across in steps(-reach - panel.length, reach + panel.length, 11):
        for lean in (-panel.length, panel.length):
            start, end = panel.place(across, -2), panel.place(across + lean, panel.length - 2)
            pen.line(straight(start, end), cloth.texture, 1.3, 0.9)


def _faux_fur(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    dark = cloth.darker(0.4)
    for row, column, (x, y) in staggered_grid(panel, 5):
        lean = ((row * 7 + column * 3) % 5 - 2) * 0.9
        hair = curve([(x - lean, y - 2.6), (x, y), (x + lean * 0.6, y + 3.2)])
        pen.line(hair, cloth.texture if (row + column) % 2 else dark, 1.2, 0.7)


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


def _draw_tufts(pen: Pen, cloth: Cloth, edge: skia.Path) -> None:
    measure = skia.PathMeasure(edge, False, 1.0)
    tones = (cloth.colour, cloth.darker(0.25))
    for step in range(int(measure.getLength() / 2.6)):
        point, tangent = measure.getPosTan(step * 2.6)
        reach = 2.6 + (step % 3) * 0.8
        x, y, dx, dy = point.x(), point.y(), -tangent.y() * reach, tangent.x() * reach
        pen.line(straight((x - dx, y - dy), (x + dx, y + dy)), tones[step % 2], 1.6)
