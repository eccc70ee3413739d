"""The model's shoes; each kind has its own shape and colour."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from studio.drawing.figure import LEFT, OUTLINE, Figure
from studio.drawing.flesh import fill_limb, outline_limb
from studio.drawing.lines import Line, joined, line, round_through, shares
from studio.drawing.paths import Path, Point
from studio.drawing.pen import EVEN, FIRM, Pen, Taper
from studio.drawing.tones import Colour, mix

_RED: Colour = (150, 28, 42)
_ROSE: Colour = (198, 142, 146)
_BOOT: Colour = (94, 62, 44)
_CANVAS: Colour = (248, 247, 244)
_RUBBER: Colour = (222, 219, 214)
_CORK: Colour = (196, 154, 104)
_STRAP: Colour = (140, 88, 50)
_WHITE: Colour = (255, 255, 255)
_INK: Colour = mix(OUTLINE, (0, 0, 0), 0.3)


@dataclass(frozen=True)
class _Foot:
    """A foot seen from the front or from behind, in its own frame.

    Local points are (outward, along): outward from the middle of the body, along from the ankle
    to the toes, in page units.
    """

    figure: Figure
    side: int
    ankle: complex
    along: complex
    length: float

    @classmethod
    def of(cls, figure: Figure, side: int) -> "_Foot":
        posture = figure.posture
        pose = posture.pose.legs[0 if posture.of_viewer(side) == LEFT else 1]
        turn = np.radians(90 - pose.turn * posture.mirror * (0.55 if figure.back else 1.0))
        along = complex(np.cos(turn), np.sin(turn))
        return cls(figure, side, complex(figure.legs[side].on(1.0)), along, pose.foot)

    def upright(self) -> "_Foot":
        """The foot with its sole on the floor: it turns less, and is seen from in front."""
        return replace(self, along=1j * (self.along / 1j) ** 0.4)

    def place(self, *points: Point) -> Line:
        local = line(*points)
        wide = (0.72 + 0.28 * self.figure.limb) * self.side
        return np.asarray(
            self.ankle + self.along * local.imag * self.length - 1j * self.along * local.real * wide
        )

    def both(self, *outer: Point, inner: tuple[Point, ...] = ()) -> tuple[Line, Line]:
        """The left and the right edge; the inner one mirrors the outer one unless given."""
        mirrored = inner or outer
        outside = self.place(*outer)
        inside = self.place(*[(-x, y) for x, y in mirrored])
        return (outside, inside) if self.side == LEFT else (inside, outside)


def draw_shoe(pen: Pen, figure: Figure, side: int, kind: str) -> None:
    """One shoe, with the foot where it shows."""
    foot = _Foot.of(figure, side)
    (_FROM_BEHIND if figure.back else _FROM_THE_FRONT)[kind](pen, foot)


def _skin(pen: Pen, foot: _Foot, tip: float) -> None:
    """A bare foot that grows out of its leg."""
    figure, leg = foot.figure, foot.figure.legs[foot.side]
    places = shares(6, 0.84, 0.985)
    left, right = figure.leg_bounds(foot.side, places)
    outer = ((2.5, 0.6), (2.45, 2.8), (2.75, 6.0), (3.75, 10.2), (3.1, tip - 2.4), (1.0, tip - 0.2))
    inner = ((2.6, -0.8), (2.35, 2.4), (2.7, 6.0), (3.35, 10.4), (2.3, tip - 2.0), (0.3, tip))
    edges = foot.both(*outer, inner=inner)
    lefts = np.concatenate([leg.on(places, -left), edges[0]])
    rights = np.concatenate([leg.on(places, right), edges[1]])
    fill_limb(pen, figure, (lefts, rights))
    outline_limb(pen, figure, lefts[2:], rights[2:], 0.6)
    ink = figure.skin_ink
    for across in (-1.7, 1.8):
        bone = foot.place((across, -0.6), (across * 1.28, 0.5), (across * 1.1, 1.7))
        pen.brush(bone, ink, 0.38, 0.5)


def _gloss(pen: Pen, foot: _Foot, path: Path, along: float, strength: float = 1.0) -> None:
    outside, inside = (complex(z) for z in foot.place((4.2, along), (-4.2, along)))
    start, end = (outside, inside) if foot.side == LEFT else (inside, outside)
    lit = [(0.1, _WHITE, 0.0), (0.28, _WHITE, 0.36 * strength), (0.46, _WHITE, 0.0)]
    pen.shade(path, start, end, lit)
    pen.shade(path, start, end, [(0.5, OUTLINE, 0.0), (1.0, OUTLINE, 0.5)])


def _edge(pen: Pen, path_points: Line, width: float = 0.55) -> None:
    pen.brush(path_points, _INK, width, 0.92, Taper(0.4, 0.5))


def _heels(pen: Pen, foot: _Foot) -> None:
    stiletto = foot.place((-1.2, 5.0), (-2.5, 11.0), (-3.0, 18.2))
    pen.brush(stiletto, mix(_RED, OUTLINE, 0.55), 1.5, 1.0, Taper(1.0, 0.6))
    _skin(pen, foot, 18.4)
    rim = foot.place((3.1, 6.8), (2.2, 9.8), (0.2, 12.2), (-1.9, 9.8), (-2.9, 6.8))
    outside = foot.place((3.1, 6.8), (4.1, 10.6), (3.3, 15.2), (0.7, 19.4))
    inside = foot.place((-2.9, 6.8), (-3.7, 10.6), (-2.8, 15.0), (0.7, 19.4))
    _pump(pen, foot, _RED, (rim, outside, inside))


def _pump(pen: Pen, foot: _Foot, colour: Colour, edges: tuple[Line, Line, Line]) -> None:
    rim, outside, inside = edges
    shoe = joined(outside, inside[::-1], rim[::-1])
    pen.fill(shoe, colour)
    _gloss(pen, foot, shoe, 11.0)
    pen.brush(rim, mix(colour, OUTLINE, 0.6), 0.4, 0.9, FIRM)
    _edge(pen, outside, 0.65 if foot.side != LEFT else 0.4)
    _edge(pen, inside, 0.65 if foot.side == LEFT else 0.4)


def _flats(pen: Pen, foot: _Foot) -> None:
    _skin(pen, foot, 15.0)
    rim = foot.place((3.0, 5.0), (2.4, 8.4), (0.2, 10.4), (-2.1, 8.4), (-2.8, 5.0))
    outside = foot.place((3.0, 5.0), (4.2, 9.2), (3.6, 13.2), (0.5, 15.8))
    inside = foot.place((-2.8, 5.0), (-3.9, 9.2), (-3.1, 13.2), (0.5, 15.8))
    _pump(pen, foot, _ROSE, (rim, outside, inside))
    bow = foot.place((0.2, 11.0), (1.4, 10.2), (1.5, 11.6), (0.2, 11.0), (-1.2, 11.6), (-1.1, 10.2))
    pen.fill(round_through(bow), mix(_ROSE, OUTLINE, 0.4))


def _sandals(pen: Pen, foot: _Foot) -> None:
    sole = foot.place((3.9, 10.5), (3.6, 14.2), (0.6, 16.2), (-2.8, 14.2), (-3.4, 10.5))
    _skin(pen, foot, 15.0)
    pen.brush(sole, mix(_CORK, OUTLINE, 0.35), 1.6, 1.0, EVEN)
    pen.brush(sole, _CORK, 1.0, 1.0, EVEN)
    for across in (-1.9, -0.7, 0.5, 1.6):  # toes
        gap = foot.place((across, 11.6), (across, 13.9))
        pen.brush(gap, foot.figure.skin_ink, 0.3, 0.5)
    _straps(
        pen, foot, (((2.9, 1.4), (0.2, 2.6), (-2.7, 1.2)), ((3.1, 6.0), (0.4, 9.0), (-3.2, 9.4)))
    )
    _straps(
        pen,
        foot,
        (((3.6, 9.4), (-0.4, 9.0), (-2.8, 6.0)), ((3.9, 11.3), (0.2, 12.6), (-3.4, 11.3))),
    )


def _straps(pen: Pen, foot: _Foot, straps: tuple[tuple[Point, ...], ...]) -> None:
    for strap in straps:
        points = foot.place(*strap)
        pen.brush(points, mix(_STRAP, OUTLINE, 0.6), 1.5, 1.0, EVEN)
        pen.brush(points, _STRAP, 1.0, 1.0, EVEN)


def _sneakers(pen: Pen, foot: _Foot) -> None:
    """Seen from in front, with a flat sole and a round cap over the toes."""
    foot = foot.upright()
    outer = ((2.9, -3.0), (3.0, 1.0), (3.7, 5.4), (4.7, 9.4), (4.9, 12.0))
    inner = ((2.8, -3.0), (2.8, 1.0), (3.3, 5.4), (4.1, 9.4), (4.3, 12.0))
    edges = foot.both(*outer, inner=inner)
    collar = foot.place((2.9, -3.0), (0.1, -2.0), (-2.8, -3.0))
    collar = collar if foot.side != LEFT else collar[::-1]
    shoe = joined(edges[0], edges[1][::-1], collar[1:-1])
    pen.fill(shoe, _CANVAS)
    _gloss(pen, foot, shoe, 8.0, 0.3)
    with pen.inside(shoe):
        cap = foot.place((4.2, 12.2), (3.5, 9.0), (0.3, 7.3), (-2.9, 9.0), (-3.6, 12.2))
        pen.fill(joined(cap), _RUBBER)
        pen.brush(cap, _INK, 0.35, 0.7, EVEN)
        for side in (1.9, -1.7):
            tongue = foot.place((side * 1.1, -2.4), (side, 2.0), (side * 0.9, 6.8))
            pen.brush(tongue, _INK, 0.32, 0.55)
        for along in (-1.0, 0.9, 2.8, 4.7, 6.4):
            lace = foot.place((1.9, along), (0.1, along + 0.7), (-1.7, along))
            pen.brush(lace, (168, 166, 164), 0.75, 1.0, EVEN)
    pen.line(shoe, _INK, 0.45, 0.85)
    sole = foot.place(
        (4.9, 11.4), (5.1, 13.4), (3.6, 14.6), (0.3, 14.9), (-3.0, 14.6), (-4.5, 13.4), (-4.3, 11.4)
    )
    top = foot.place((-2.4, 12.0), (0.3, 12.2), (3.0, 12.0))
    rubber = joined(sole, top)
    pen.fill(rubber, _RUBBER)
    pen.brush(foot.place((4.6, 13.1), (0.3, 13.7), (-4.0, 13.1)), _INK, 0.3, 0.6, EVEN)
    pen.line(rubber, _INK, 0.45, 0.85)


def _boots(pen: Pen, foot: _Foot) -> None:
    front = ((3.6, 5.0), (4.5, 10.4), (3.9, 14.2), (0.6, 16.6))
    _boot(pen, foot, foot.both(*front, inner=((3.3, 5.0), (4.0, 10.4), (3.2, 14.2), (-0.6, 16.6))))
    for along in (-1.0, 1.4, 3.8):
        crease = foot.place((3.0, along - 0.5), (0.4, along + 0.8), (-2.4, along))
        pen.brush(crease, _INK, 0.5, 0.5)


def _boot(pen: Pen, foot: _Foot, edges: tuple[Line, Line]) -> None:
    figure, leg = foot.figure, foot.figure.legs[foot.side]
    places = shares(9, 0.64, 0.98)
    roomy = 1.0 + 0.8 * (1 - (places - 0.64) / 0.34)
    left, right = figure.leg_bounds(foot.side, places)
    lefts = np.concatenate([leg.on(places, -left - roomy), edges[0]])
    rights = np.concatenate([leg.on(places, right + roomy), edges[1]])
    shoe = joined(lefts, rights[::-1])
    pen.fill(shoe, _BOOT)
    start, end = complex(lefts[0]), complex(rights[0])
    lit = [(0.05, (255, 236, 214), 0.0), (0.26, (255, 236, 214), 0.34), (0.5, (255, 236, 214), 0.0)]
    pen.shade(shoe, start, end, lit)
    pen.shade(shoe, start, end, [(0.45, OUTLINE, 0.0), (1.0, OUTLINE, 0.6)])
    with pen.inside(shoe):
        sole = foot.place((6, 14.2), (0.3, 15.2), (-6, 14.2), (-6, 19), (6, 19))
        pen.fill(joined(sole[:3], sole[3:]), mix(_BOOT, OUTLINE, 0.65))
    top = np.array([lefts[0], leg.on(0.648), rights[0]])
    pen.brush(top, _INK, 0.55, 0.9, FIRM)
    _edge(pen, lefts, 0.45)
    _edge(pen, rights, 0.75)


def _heel_of_foot(pen: Pen, foot: _Foot, tip: float) -> None:
    """The bare heel, seen from behind."""
    figure, leg = foot.figure, foot.figure.legs[foot.side]
    places = shares(6, 0.84, 0.985)
    left, right = figure.leg_bounds(foot.side, places)
    edges = foot.both((2.7, 0.2), (2.0, 2.6), (2.7, 6.4), (2.5, tip - 1.6), (0.6, tip))
    lefts = np.concatenate([leg.on(places, -left), edges[0]])
    rights = np.concatenate([leg.on(places, right), edges[1]])
    fill_limb(pen, figure, (lefts, rights))
    outline_limb(pen, figure, lefts[2:], rights[2:], 0.6)
    for across in (-0.8, 0.8):
        tendon = foot.place((across * 0.8, -3.5), (across, 0.5), (across * 1.5, 3.6))
        pen.brush(tendon, figure.skin_ink, 0.35, 0.45)


def _counter(pen: Pen, foot: _Foot, colour: Colour, top: float, bottom: float) -> None:
    """The back of a shoe round the heel."""
    rim = foot.place((2.9, top), (1.2, top - 0.9), (-1.2, top - 0.9), (-2.9, top))
    low = foot.place((-3.3, bottom - 2.0), (-1.8, bottom), (1.8, bottom), (3.3, bottom - 2.0))
    shoe = joined(rim, low)
    pen.fill(shoe, colour)
    _gloss(pen, foot, shoe, top)
    pen.line(shoe, _INK, 0.45, 0.85)
    pen.brush(foot.place((0, top - 0.8), (0, bottom)), _INK, 0.35, 0.6)


def _heels_behind(pen: Pen, foot: _Foot) -> None:
    sole = foot.place((2.6, 9.0), (2.9, 13.5), (1.2, 16.4), (-1.2, 16.4), (-2.7, 13.5), (-2.4, 9.0))
    pen.fill(round_through(sole), mix(_RED, OUTLINE, 0.6))
    _heel_of_foot(pen, foot, 9.0)
    pen.brush(
        foot.place((0, 8.0), (0.1, 12.0), (0.0, 18.0)),
        mix(_RED, OUTLINE, 0.45),
        1.9,
        1.0,
        Taper(1.0, 0.5, 0.1),
    )
    _counter(pen, foot, _RED, 4.0, 10.0)


def _flats_behind(pen: Pen, foot: _Foot) -> None:
    _heel_of_foot(pen, foot, 11.0)
    _counter(pen, foot, _ROSE, 5.6, 12.2)


def _sandals_behind(pen: Pen, foot: _Foot) -> None:
    _heel_of_foot(pen, foot, 11.2)
    sole = foot.place((3.2, 10.2), (2.0, 12.2), (-2.0, 12.2), (-3.2, 10.2))
    pen.brush(sole, mix(_CORK, OUTLINE, 0.35), 1.8, 1.0, EVEN)
    pen.brush(sole, _CORK, 1.1, 1.0, EVEN)
    _straps(
        pen, foot, (((2.7, 2.2), (0.0, 3.4), (-2.7, 2.2)), ((2.8, 6.0), (0.0, 7.2), (-2.8, 6.0)))
    )


def _sneakers_behind(pen: Pen, foot: _Foot) -> None:
    outline = foot.place(
        (3.2, 0.0),
        (3.4, 6.0),
        (3.9, 11.0),
        (3.0, 13.4),
        (-3.0, 13.4),
        (-3.9, 11.0),
        (-3.4, 6.0),
        (-3.2, 0.0),
    )
    shoe = joined(outline)
    pen.fill(shoe, _CANVAS)
    _gloss(pen, foot, shoe, 8.0, 0.3)
    with pen.inside(shoe):
        sole = foot.place((6, 10.8), (-6, 10.8), (-6, 16), (6, 16))
        pen.fill(joined(sole), _RUBBER)
        tab = foot.place((1.4, -1.0), (1.2, 4.6), (-1.2, 4.6), (-1.4, -1.0))
        pen.fill(joined(tab), (176, 180, 186))
        pen.brush(foot.place((5, 10.8), (-5, 10.8)), _INK, 0.35, 0.7, EVEN)
    pen.line(shoe, _INK, 0.45, 0.85)


def _boots_behind(pen: Pen, foot: _Foot) -> None:
    _boot(pen, foot, foot.both((3.0, 4.0), (3.5, 8.6), (3.3, 13.4), (0.4, 14.0)))
    pen.brush(foot.place((0.0, -28.0), (0.1, -8.0), (0.0, 12.0)), _INK, 0.4, 0.6)
    heel = foot.place((3.2, 10.2), (2.8, 15.4), (-2.8, 15.4), (-3.2, 10.2))
    pen.patch(joined(heel), mix(_BOOT, OUTLINE, 0.65), _INK, 0.4)


_Shoe = Callable[[Pen, _Foot], None]
_FROM_THE_FRONT: dict[str, _Shoe] = {
    "heels": _heels,
    "flats": _flats,
    "boots": _boots,
    "sneakers": _sneakers,
    "sandals": _sandals,
}
_FROM_BEHIND: dict[str, _Shoe] = {
    "heels": _heels_behind,
    "flats": _flats_behind,
    "boots": _boots_behind,
    "sneakers": _sneakers_behind,
    "sandals": _sandals_behind,
}
