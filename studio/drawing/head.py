"""The model's face."""

from studio.drawing.figure import CENTRE, OUTLINE, SIDES, Figure
from studio.drawing.paths import circle, curve, loop, oval
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour, mix

_EYE: Colour = (36, 30, 34)
_BLUSH: Colour = (214, 96, 90)
_LIPS: Colour = (178, 62, 66)


def draw_face(pen: Pen, figure: Figure) -> None:
    """The face, without hair."""
    face = [
        (55.6, 20),
        (56.6, 27.5),
        (60.4, 33),
        (64, 35),
        (67.6, 33),
        (71.4, 27.5),
        (72.4, 20),
        (70, 13),
        (64, 10.5),
        (58, 13),
    ]
    ink = mix(figure.skin, OUTLINE, 0.5)
    pen.patch(loop(face), figure.skin, ink, 0.6)
    for side in SIDES:
        _draw_eye(pen, figure, side)
    nose = curve([(64, 23), (63.2, 26), (64.3, 26.6)])
    pen.line(nose, ink, 0.7)
    mouth = curve([(61.6, 29.6), (64, 30.5), (66.4, 29.6)])
    pen.line(mouth, _LIPS, 1.3)


def _draw_eye(pen: Pen, figure: Figure, side: int) -> None:
    """One eye with its brow and cheek."""
    brow = [
        (CENTRE + side * 2.2, 19.4),
        (CENTRE + side * 4, 18.7),
        (CENTRE + side * 5.6, 19.6),
    ]
    pen.line(curve(brow), mix(figure.hair, OUTLINE, 0.6), 0.8)
    pen.fill(oval(CENTRE + side * 3.7, 22.2, 1.25, 1.0), _EYE)
    pen.fill(circle(CENTRE + side * 4.6, 26.6, 1.7), _BLUSH, 0.22)
