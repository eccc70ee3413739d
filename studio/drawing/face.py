"""The model's face."""

from typing import NamedTuple

from studio.drawing.figure import SIDES
from studio.drawing.head import Head
from studio.drawing.lines import Line, joined, line, round_through
from studio.drawing.paths import Path, Point, oval
from studio.drawing.pen import Pen, Taper
from studio.drawing.tones import Colour, lightness, mix

_LIPS: tuple[Colour, ...] = ((178, 70, 76), (160, 54, 66), (188, 88, 84), (150, 60, 72))
_LASH: Colour = (30, 22, 26)
_WHITE: Colour = (255, 255, 255)
_PUPIL: Colour = (22, 18, 20)
_BLUSH: Colour = (206, 82, 84)


class _Likeness(NamedTuple):
    """What makes a face somebody's.

    Attributes:
        slant: how far the outer corner of the eye lies above the inner one.
        opening: height of the eye, 1 the usual one.
        lid: how far the upper fold stands off; 0 for a lid without one.
        brow: how high its arch is.
        nose: half width of the wings.
        lips: fullness, 1 the usual one.
        jaw: width of the jaw, 1 the usual one.
    """

    slant: float
    opening: float
    lid: float
    brow: float
    nose: float
    lips: float
    jaw: float


_LIKENESSES = (
    _Likeness(0.7, 1.0, 0.8, 0.75, 1.35, 1.0, 1.0),
    _Likeness(0.95, 0.78, 0.3, 0.5, 1.4, 0.95, 1.02),
    _Likeness(0.55, 1.08, 0.9, 0.9, 1.65, 1.3, 0.98),
    _Likeness(0.6, 0.92, 0.75, 0.6, 1.3, 0.9, 0.95),
    _Likeness(0.85, 0.88, 0.55, 0.85, 1.5, 1.15, 1.05),
    _Likeness(0.65, 1.1, 1.0, 0.7, 1.45, 1.1, 0.96),
)


def face_outline(head: Head) -> Path:
    """The head without ears and hair."""
    jaw = _likeness(head).jaw
    right = [(7.25, -4.0), (7.2, 1.5), (6.45 * jaw, 6.0), (4.5 * jaw, 9.8), (2.1, 11.9)]
    top = [(6.4, -8.5), (3.5, -12.0), (0.0, -12.8), (-3.5, -12.0), (-6.4, -8.5)]
    left = [(-x, y) for x, y in right]
    return round_through(head.place((0.0, 12.45), *reversed(right), *top, *left))


def _likeness(head: Head) -> _Likeness:
    return _LIKENESSES[head.figure.likeness % len(_LIKENESSES)]


def draw_face(pen: Pen, head: Head) -> None:
    """The face without hair; from behind, no more than the head."""
    figure, path = head.figure, face_outline(head)
    for side in SIDES:
        _draw_ear(pen, head, side)
    if figure.back:
        pen.fill(path, figure.skin)
        return
    left, right = (complex(z) for z in head.place((-7.4, 0.0), (7.6, 2.0)))
    skin, shadow = figure.skin, figure.skin_shadow
    tones = [(0.0, skin, 1.0), (0.22, figure.skin_light, 1.0), (0.42, skin, 1.0)]
    pen.shade(path, left, right, [*tones, (0.66, skin, 1.0), (1.0, mix(skin, shadow, 0.9), 1.0)])
    with pen.inside(path):
        _draw_planes(pen, head)
    likeness = _likeness(head)
    for side in SIDES:
        _draw_eye(pen, head, side, likeness)
    _draw_nose(pen, head, likeness)
    _draw_mouth(pen, head, likeness)
    _draw_jaw(pen, head, likeness)


def _draw_ear(pen: Pen, head: Head, side: int) -> None:
    figure = head.figure
    ear = round_through(
        head.place(
            *[
                (side * x, y)
                for x, y in ((6.9, -2.6), (8.3, -2.9), (8.5, -0.4), (7.6, 2.8), (6.8, 2.2))
            ]
        )
    )
    pen.fill(ear, mix(figure.skin, figure.skin_shadow, 0.35 if side < 0 else 0.75))
    pen.line(ear, figure.skin_ink, 0.3, 0.8)


def _draw_planes(pen: Pen, head: Head) -> None:
    """Cheeks, and the shade under the cheekbone and the lower lip."""
    shadow = head.figure.skin_shadow
    pen.fill(
        round_through(head.place((7.8, 1.5), (5.2, 4.4), (4.2, 8.6), (3.2, 12.2), (8, 11))),
        shadow,
        0.3,
    )
    for side in SIDES:
        cheek = complex(head.features([(4.3, 3.7)], side)[0])
        pen.glow(cheek.real, cheek.imag, (2.8, 2.0), _BLUSH, 0.26)


def _draw_eye(pen: Pen, head: Head, side: int, likeness: _Likeness) -> None:
    figure = head.figure

    def f(*points: Point) -> Line:
        return head.features(points, side)

    pale = lightness(figure.skin) > 0.6
    up, slant = likeness.opening, likeness.slant
    outer = 0.35 - slant
    lid = round_through(f((1.2, 0.2), (3.2, -2.2 * up), (5.7, outer - 0.6), (3.5, -0.4)))
    pen.fill(lid, figure.skin_shadow, 0.5)
    upper = f((1.5, 0.4), (3.25, -0.9 * up), (5.35, outer))
    lower = f((5.35, outer), (3.6, 0.85 * up), (1.5, 0.4))
    eye = joined(upper, lower)
    pen.fill(eye, mix((248, 244, 240), figure.skin, 0.12 if pale else 0.3))
    with pen.inside(eye):
        _draw_iris(pen, head, side, up)
    brow = f((1.6, -3.1), (3.9, -3.1 - 0.8 * likeness.brow), (6.1, -2.2 - 0.3 * slant))
    pen.brush(brow, mix(figure.hair, (40, 28, 28), 0.55), 0.78, 0.85, Taper(0.6, 0.1, 0.3))
    lash = f((1.4, 0.45), (3.2, -1.0 * up), (5.1, outer - 0.15), (6.25, outer - 0.75))
    pen.brush(lash, _LASH, 0.72, 0.96, Taper(0.2, 0.08, 0.6))
    pen.brush(f((2.2, 0.8), (3.6, 1.0 * up), (5.1, outer + 0.2)), (50, 34, 38), 0.24, 0.7)
    if likeness.lid > 0.4:
        crease = f((1.9, -1.2 * up), (3.4, -1.2 * up - likeness.lid), (5.2, outer - 1.0))
        pen.brush(crease, figure.skin_ink, 0.28, 0.7)


def _draw_iris(pen: Pen, head: Head, side: int, up: float) -> None:
    figure = head.figure
    light_eyes = lightness(figure.hair) > 0.3 and lightness(figure.skin) > 0.6
    colour: Colour = (
        ((92, 112, 108), (88, 102, 126))[figure.likeness % 2] if light_eyes else (84, 60, 44)
    )
    centre = complex(head.features([(3.4 * side + 0.14 * head.aside, -0.16)])[0])
    x, y = centre.real, centre.imag
    pen.fill(oval(x, y, 1.1, 1.15), mix(colour, _PUPIL, 0.35))
    pen.fill(oval(x, y + 0.1, 0.9, 0.95), colour)
    pen.fill(oval(x, y, 0.58, 0.6), _PUPIL)
    pen.fill(oval(x - 0.36, y - 0.42, 0.3, 0.3), _WHITE, 0.95)
    under_lid = head.features([(1, -1.9), (6, -1.9), (6, -0.8), (3.3, -0.62 * up), (1, 0)], side)
    pen.fill(joined(under_lid[:2], under_lid[2:]), (60, 40, 50), 0.35)


def _draw_nose(pen: Pen, head: Head, likeness: _Likeness) -> None:
    figure, wing = head.figure, likeness.nose

    def f(*points: Point) -> Line:
        return head.features(points)

    shadow, ink = figure.skin_shadow, figure.skin_ink
    side = f((0.95, -1.8), (0.75, 1.4), (wing, 3.6))
    pen.brush(side, shadow, 0.95, 0.6, Taper(0.2, 0.5))
    base = f((-wing, 3.9), (-0.7, 4.5), (0.0, 4.3), (0.7, 4.5), (wing, 3.85))
    pen.brush(base, ink, 0.44, 0.85, Taper(0.3, 0.4))
    for s in SIDES:
        pen.brush(
            f((s * (wing + 0.15), 2.9), (s * (wing + 0.4), 3.6), (s * wing, 4.15)), ink, 0.3, 0.6
        )
    tip = complex(f((-0.15, 2.8))[0])
    pen.fill(
        oval(tip.real, tip.imag, 0.5, 0.55), _WHITE, 0.22 if lightness(figure.skin) > 0.5 else 0.14
    )
    pen.brush(f((-0.25, -1.6), (-0.3, 0.4), (-0.2, 2.0)), figure.skin_light, 0.6, 0.5)


def _draw_mouth(pen: Pen, head: Head, likeness: _Likeness) -> None:
    figure, full = head.figure, likeness.lips

    def f(*points: Point) -> Line:
        return head.features(points)

    tone = _LIPS[figure.likeness % len(_LIPS)]
    lips = mix(tone, figure.skin, 0.12 if lightness(figure.skin) > 0.45 else 0.32)
    top = [
        (-2.8, 7.3),
        (-1.5, 7.25 - 0.55 * full),
        (-0.55, 7.25 - 0.9 * full),
        (0.0, 7.3 - 0.65 * full),
    ]
    top += [(-x, y) for x, y in reversed(top[:3])]
    parting = [(2.8, 7.3), (1.0, 7.25), (0.0, 7.45), (-1.0, 7.25), (-2.8, 7.3)]
    bottom = [
        (2.8, 7.3),
        (1.5, 7.4 + 1.25 * full),
        (0.0, 7.4 + 1.6 * full),
        (-1.5, 7.4 + 1.25 * full),
    ]
    pen.fill(joined(f(*reversed(parting)), f(*bottom, (-2.8, 7.3))), lips)
    pen.fill(joined(f(*top), f(*parting)), mix(lips, (70, 20, 34), 0.3))
    smile = f((-3.1, 7.12), (-1.0, 7.22), (0.0, 7.42), (1.0, 7.22), (3.1, 7.12))
    pen.brush(smile, (84, 26, 36), 0.32, 0.85)
    light = complex(f((-0.75, 7.45 + 0.75 * full))[0])
    pen.fill(oval(light.real, light.imag, 0.75, 0.28), _WHITE, 0.38)
    under = f((-1.1, 8.1 + 1.6 * full), (0.0, 8.4 + 1.6 * full), (1.1, 8.1 + 1.6 * full))
    pen.brush(under, figure.skin_shadow, 0.55, 0.8)


def _draw_jaw(pen: Pen, head: Head, likeness: _Likeness) -> None:
    """The contour: light on one side, heavier on the other."""
    jaw, ink = likeness.jaw, head.figure.skin_ink
    half = [(7.2, -3.0), (7.2, 1.5), (6.45 * jaw, 6.0), (4.5 * jaw, 9.8), (2.1, 11.9), (0.0, 12.45)]
    left = head.place(*[(-x, y) for x, y in half])
    pen.brush(left, ink, 0.42, 0.85, Taper(0.2, 0.8))
    pen.brush(head.place(*reversed(half)), ink, 0.66, 0.9, Taper(0.8, 0.2))


def draw_earrings(pen: Pen, head: Head, colour: Colour = (222, 184, 96)) -> None:
    """A stud on each ear."""
    for side in SIDES:
        stud = complex(head.place((side * 7.9, 3.4))[0])
        pen.fill(oval(stud.real, stud.imag, 0.62, 0.62), colour)
        pen.line(oval(stud.real, stud.imag, 0.62, 0.62), mix(colour, _PUPIL, 0.5), 0.18)


def forehead_shadow(head: Head) -> Line:
    """What hair casts on the forehead."""
    return head.on(
        line(
            (-8, -14),
            (8, -14),
            (8.4, 2),
            (6.7, -2.2),
            (5.2, -6.3),
            (1.4, -8.6),
            (-2.6, -7.9),
            (-5.6, -4.9),
            (-6.7, -0.2),
            (-8.2, 1),
        )
    )
