"""Hair styles: for each one the shape behind the shoulders, the fringe, and what is added."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.drawing.figure import CENTRE, OUTLINE, SIDES, Figure
from studio.drawing.paths import Point, circle, loop, oval, polygon
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour, mix

_SCARF: Colour = (52, 122, 128)
_SCARF_DOTS: Colour = (244, 236, 214)
_RIBBON: Colour = (200, 60, 80)

_FRINGE: Sequence[Point] = (
    (54.4, 24),
    (52.8, 15),
    (57, 8),
    (64, 5.5),
    (71, 8),
    (75.2, 15),
    (73.6, 24),
    (71.6, 17),
    (66, 12.5),
    (60.5, 14.5),
    (56.4, 18),
)
_SHORT_FRINGE: Sequence[Point] = (
    (55, 21),
    (53.5, 13),
    (57, 7.5),
    (65, 6),
    (72, 8.5),
    (74.5, 14),
    (73, 21),
    (71.5, 15.5),
    (65, 15.2),
    (57.5, 13.2),
    (56, 17),
)
_LONG: Sequence[Point] = (
    (51, 18),
    (48, 40),
    (46, 70),
    (54, 78),
    (64, 74),
    (74, 78),
    (82, 70),
    (80, 40),
    (77, 18),
    (64, 6),
)
_BOB: Sequence[Point] = (
    (51, 18),
    (48.5, 34),
    (52, 41),
    (64, 38),
    (76, 41),
    (79.5, 34),
    (77, 18),
    (64, 6),
)
_TAIL: Sequence[Point] = (
    (70, 12),
    (82, 14),
    (88, 30),
    (86, 52),
    (81, 60),
    (80, 44),
    (77, 28),
    (70, 20),
)
_UNDER_THE_SCARF: Sequence[Point] = (
    (52, 22),
    (50, 40),
    (46, 56),
    (53, 60),
    (58, 44),
    (70, 44),
    (75, 60),
    (82, 56),
    (78, 40),
    (76, 22),
)
_CURLS = (  # x, y, radius
    (64, 9, 9),
    (53, 13, 8),
    (75, 13, 8),
    (48, 23, 8),
    (80, 23, 8),
    (50, 34, 7.5),
    (78, 34, 7.5),
)


@dataclass(frozen=True)
class _Tones:
    """The colour of the hair and of its lines."""

    hair: Colour
    line: Colour


_Addition = Callable[[Pen, _Tones], None]


@dataclass(frozen=True)
class _Style:
    """What makes a hair style; points are the outline of a closed smooth shape.

    Attributes:
        behind: the shape behind neck and shoulders.
        draw_behind: further drawing behind neck and shoulders.
        fringe: the shape in front of the face.
        under_fringe: drawn before the fringe.
        over_fringe: drawn after it.
    """

    behind: Sequence[Point] = ()
    draw_behind: _Addition | None = None
    fringe: Sequence[Point] = _FRINGE
    under_fringe: _Addition | None = None
    over_fringe: _Addition | None = None


def draw_hair_behind(pen: Pen, figure: Figure, style: str) -> None:
    """The part of the hair that lies behind neck and shoulders."""
    shape, tones = _STYLES[style], _tones(figure)
    if shape.behind:
        pen.patch(loop(shape.behind), mix(tones.hair, OUTLINE, 0.12), tones.line, 0.7)
    if shape.draw_behind:
        shape.draw_behind(pen, tones)


def draw_hair_in_front(pen: Pen, figure: Figure, style: str) -> None:
    """The part of the hair that frames the face."""
    shape, tones = _STYLES[style], _tones(figure)
    if shape.under_fringe:
        shape.under_fringe(pen, tones)
    pen.patch(loop(shape.fringe), tones.hair, tones.line, 0.7)
    if shape.over_fringe:
        shape.over_fringe(pen, tones)


def _tones(figure: Figure) -> _Tones:
    return _Tones(figure.hair, mix(figure.hair, OUTLINE, 0.5))


def _curls(pen: Pen, tones: _Tones) -> None:
    for x, y, radius in _CURLS:
        pen.line(circle(x, y, radius), tones.line, 1.2)
    for x, y, radius in (*_CURLS, (64, 20, 14)):
        pen.fill(circle(x, y, radius), tones.hair)


def _bun(pen: Pen, tones: _Tones) -> None:
    pen.patch(circle(64, 5.6, 5), tones.hair, tones.line, 0.8)


def _braids(pen: Pen, tones: _Tones) -> None:
    for side in SIDES:
        for step in range(7):
            strand = oval(CENTRE + side * (11 + 0.45 * step), 24 + step * 6.2, 3.3, 3.9)
            pen.patch(strand, tones.hair, tones.line, 0.9)


def _ribbon(pen: Pen, tones: _Tones) -> None:
    pen.fill(circle(73.5, 12, 2.3), _RIBBON)


def _scarf(pen: Pen, tones: _Tones) -> None:
    scarf = [(53, 20), (52.5, 11), (58, 4.5), (64, 3), (70, 4.5), (75.5, 11), (75, 20), (64, 12.5)]
    pen.patch(loop(scarf), _SCARF, OUTLINE, 0.8)
    for x, y in ((58, 9), (64, 7), (70, 9), (55, 14), (73, 14)):
        pen.fill(circle(x, y, 1.2), _SCARF_DOTS)
    knot = polygon([(75, 17), (83, 13), (82, 18), (84, 22)])
    pen.patch(knot, _SCARF, OUTLINE, 0.7)


_STYLES = {
    "long hair": _Style(behind=_LONG),
    "short hair": _Style(fringe=_SHORT_FRINGE),
    "bob": _Style(behind=_BOB),
    "bun": _Style(under_fringe=_bun),
    "ponytail": _Style(behind=_TAIL, over_fringe=_ribbon),
    "curly hair": _Style(draw_behind=_curls),
    "braids": _Style(over_fringe=_braids),
    "headscarf": _Style(behind=_UNDER_THE_SCARF, over_fringe=_scarf),
}
