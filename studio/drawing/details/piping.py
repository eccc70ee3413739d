"""Contrast piping: a thin cord along edges and seams, from end to end."""

import numpy as np

from studio.design.families import BOTTOMS, LEGGED
from studio.drawing.cloth import INK
from studio.drawing.cutting.legs import TrouserLeg
from studio.drawing.figure import CENTRE, SIDES
from studio.drawing.garment import Garment
from studio.drawing.lines import Line, through
from studio.drawing.paths import together
from studio.drawing.pen import Pen, Taper
from studio.drawing.pieces.sleeve import ends_plainly
from studio.drawing.tones import mix

_CORD, _RIM = 0.9, 1.45
"""Width of the cord, and of the cord with its dark rims."""
_UNDER_THE_ARM = Taper(0.5, 1.0, 0.4)
"""The seam of an armhole is lost where the arm lies on it."""


def pipe_body(pen: Pen, garment: Garment) -> None:
    """Along the opening, and along the hem or the sides and ends of legs."""
    if garment.has("category", *LEGGED):
        page = pen.posed(None)
        for leg in garment.legs:
            with page.inside(leg.panel.path):
                _pipe(page, garment, _side_seam(garment, leg), leg.mouth)
    else:
        with pen.inside(garment.body.path):
            _pipe(pen, garment, garment.edge.edge() - 0.5j)
    edges = [edge for edge in garment.open_edges if not _goes_under_the_arm(garment, edge)]
    if edges:
        with pen.inside(garment.body.path):
            _pipe(pen, garment, *edges)


def pipe_over_arms(pen: Pen, garment: Garment) -> None:
    """Along armholes, bare or with sleeves in them, and round the ends of sleeves."""
    page = pen.posed(None)
    for side in SIDES if not garment.sleeves else ():
        edge = garment.armhole_edge(side)
        if edge is not None:
            with pen.inside(garment.body.path):
                _pipe_under_arm(pen, garment, edge[::-1] - side * 0.4)
    for sleeve in garment.sleeves:
        if len(sleeve.cap):
            _pipe_under_arm(page, garment, sleeve.cap)
        if ends_plainly(garment, sleeve):
            with page.inside(sleeve.panel.path):
                _pipe(page, garment, sleeve.mouth - sleeve.arm.along(sleeve.end) * 0.5)


def _goes_under_the_arm(garment: Garment, edge: Line) -> bool:
    """Whether it is an armhole, which is piped when the arm is drawn."""
    side = 1 if edge.real.mean() > CENTRE else -1
    beside = abs(edge.real - CENTRE).min() > garment.figure.bust * 0.7
    return bool(beside) and garment.armhole(side) is not None


def _side_seam(garment: Garment, leg: TrouserLeg) -> Line:
    """The outer edge, from the waistband down."""
    first, second, third = leg.outer[:3]
    if garment.has("category", *BOTTOMS):
        deep = 0.9 if garment.has("leg", "leggings") else 0.3
        start = second + (third - second) * deep
    else:
        start = first + (second - first) * 0.6
    return np.asarray(np.concatenate([[start], leg.outer[2:]]) - leg.side * 0.25)


def _tones(garment: Garment) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    tone = garment.cloth.contrast
    return mix(tone, INK, 0.72), tone


def _pipe(pen: Pen, garment: Garment, *lines: Line) -> None:
    """A cord of the trim's colour along lines that may meet."""
    path = together([through(points) for points in lines])
    for tone, width in zip(_tones(garment), (_RIM, _CORD), strict=True):
        pen.line(path, tone, width)


def _pipe_under_arm(pen: Pen, garment: Garment, seam: Line) -> None:
    """A cord along an armhole's seam, from the underarm up."""
    for tone, width in zip(_tones(garment), (_RIM, _CORD), strict=True):
        pen.brush(seam, tone, width, 1.0, _UNDER_THE_ARM)
