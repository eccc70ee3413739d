"""The model's shoes; each kind has its own shape and colour."""

from studio.drawing.figure import ANKLE, FLOOR, OUTLINE, Figure
from studio.drawing.paths import box, loop, oval, polygon, straight
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour

_RED: Colour = (176, 28, 44)
_ROSE: Colour = (214, 150, 160)
_BOOT: Colour = (92, 58, 36)
_BOOT_SOLE: Colour = (40, 28, 22)
_CANVAS: Colour = (250, 250, 250)
_RUBBER: Colour = (60, 130, 200)
_CORK: Colour = (200, 150, 90)
_STRAP: Colour = (150, 96, 40)


def draw_shoes(pen: Pen, figure: Figure, kind: str) -> None:
    """A pair of shoes, with the feet where they show."""
    for side, (_, _, (ankle, _)) in figure.legs.items():
        _SHOES[kind](pen, figure, ankle, side)


def _foot(x: float, side: int, top: float, toe: float, width: float) -> list[tuple[float, float]]:
    return [
        (x - 3.2, ANKLE + top),
        (x + 3.2, ANKLE + top),
        (x + 3.4 + side * width, toe - 3),
        (x + side * (width + 2), toe),
        (x - 3.6 + side * width * 0.3, toe),
    ]


def _bare_foot(pen: Pen, figure: Figure, x: float, side: int) -> None:
    foot = loop(_foot(x, side, -1, FLOOR - 1, 2.5))
    pen.patch(foot, figure.skin, figure.skin_ink, 0.6)


def _heels(pen: Pen, figure: Figure, x: float, side: int) -> None:
    _bare_foot(pen, figure, x, side)
    shoe = [
        (x - 4, 233),
        (x + side * 2, 238),
        (x + 4, 233),
        (x + 4.5 + side, 241),
        (x + side * 2, FLOOR + 4),
        (x - 4.5 + side, 241),
    ]
    pen.patch(polygon(shoe), _RED, OUTLINE, 0.7)
    heel = straight((x - side * 4.2, 234), (x - side * 5, FLOOR + 4))
    pen.line(heel, _RED, 1.8)


def _flats(pen: Pen, figure: Figure, x: float, side: int) -> None:
    _bare_foot(pen, figure, x, side)
    pen.patch(oval(x + side * 1.5, FLOOR - 2.5, 6, 3.6), _ROSE, OUTLINE, 0.7)
    pen.fill(oval(x + side * 1.2, FLOOR - 4.6, 3.2, 2), figure.skin)


def _boots(pen: Pen, figure: Figure, x: float, side: int) -> None:
    half = 4.6 * figure.limb
    shaft = [
        (x - half - 0.8, 204),
        (x + half + 0.8, 204),
        (x + half - 0.4, 232),
        (x + half + 1 + side * 2.4, FLOOR - 1),
        (x - half - 1 + side * 2.4, FLOOR - 1),
        (x - half + 0.4, 232),
    ]
    pen.patch(polygon(shaft), _BOOT, OUTLINE, 0.8)
    left, right = x - half - 1.4 + side * 2.4, x + half + 1.4 + side * 2.4
    pen.fill(box(left, FLOOR - 3, right, FLOOR + 1.4, 1), _BOOT_SOLE)


def _sneakers(pen: Pen, figure: Figure, x: float, side: int) -> None:
    pen.patch(loop(_foot(x, side, 3, FLOOR - 1, 4)), _CANVAS, OUTLINE, 0.8)
    sole = box(x - 6 + side * 3, FLOOR - 3.4, x + 6 + side * 3, FLOOR + 1, 1.6)
    pen.patch(sole, _RUBBER, OUTLINE, 0.6)
    for y in (234.0, 237.0):
        pen.line(straight((x - 2, y), (x + 2.4, y + 0.6)), OUTLINE, 0.8)


def _sandals(pen: Pen, figure: Figure, x: float, side: int) -> None:
    _bare_foot(pen, figure, x, side)
    pen.fill(box(x - 5 + side * 2, FLOOR - 2, x + 5 + side * 2, FLOOR + 1, 1), _CORK)
    for left, left_y, right, right_y in (
        (-3.6, 230.0, 3.6, 232.0),
        (-3.6, 234.5, 4 + side, 237.0),
        (-3.4 + side, 239.0, 5 + side, 238.0),
    ):
        pen.line(straight((x + left, left_y), (x + right, right_y)), _STRAP, 1.7)


_SHOES = {
    "heels": _heels,
    "flats": _flats,
    "boots": _boots,
    "sneakers": _sneakers,
    "sandals": _sandals,
}
