"""The care signs of ISO 3758, drawn by our own pen: tub, triangle, square, iron and circle."""

from studio.drawing.paths import Path, arc, circle, curve, polygon, straight, together
from studio.drawing.pen import Pen
from studio.drawing.record import Text
from studio.drawing.tones import Colour
from studio.techpack.care import Care

_WEIGHT = 0.06  # of a line, as a share of the sign's size

_PAPER: Colour = (255, 255, 255)
_HAND = (
    (0.2, 0.0), (0.4, 0.13), (0.56, 0.27), (0.69, 0.45), (0.78, 0.64), (0.72, 0.7), (0.66, 0.64),
    (0.6, 0.54), (0.62, 0.68), (0.56, 0.75), (0.5, 0.69), (0.48, 0.58), (0.46, 0.7), (0.39, 0.72),
    (0.36, 0.62), (0.35, 0.48), (0.24, 0.32), (0.06, 0.17),
)  # fmt: skip
"""From the wrist along the back of the hand, round three fingers, and back."""


class CareSigns:
    """Draws signs of one size, each in a square whose left top corner is given.

    Args:
        pen: draws in millimetres.
        size: of the square, in millimetres.
        ink: of the lines.
    """

    def __init__(self, pen: Pen, size: float, ink: Colour) -> None:
        self._pen = pen
        self._size = size
        self._ink = ink

    def row(self, care: Care, left: float, top: float, step: float) -> None:
        """All six, from left to right, `step` apart."""
        for place, draw in enumerate(
            (self._wash, self._bleach, self._tumble, self._dry, self._iron, self._clean)
        ):
            draw(care, left + place * step, top)

    def _line(self, path: Path) -> None:
        self._pen.line(path, self._ink, _WEIGHT * self._size)

    def _text(self, text: str, x: float, y: float, size: float) -> None:
        place = (x, y + 0.36 * size)
        self._pen.text(Text(text, place, size, self._ink, "middle", "medium"))

    def _dots(self, count: int, x: float, y: float) -> None:
        gap = 0.17 * self._size
        first = x - gap * (count - 1) / 2
        spots = [(first + gap * place, y) for place in range(count)]
        self._pen.dots(spots, 0.05 * self._size, self._ink)

    def _cross(self, x: float, y: float) -> None:
        s = self._size
        one = straight((x + 0.06 * s, y + 0.1 * s), (x + 0.94 * s, y + 0.9 * s))
        other = straight((x + 0.94 * s, y + 0.1 * s), (x + 0.06 * s, y + 0.9 * s))
        self._line(together([one, other]))

    def _bars(self, count: int, x: float, y: float) -> None:
        s = self._size
        for place in range(count):
            level = y + (1.02 + 0.11 * place) * s
            self._line(straight((x + 0.2 * s, level), (x + 0.8 * s, level)))

    def _wash(self, care: Care, x: float, y: float) -> None:
        s = self._size
        tub = straight((x, y + 0.2 * s), (x + 0.14 * s, y + 0.88 * s),
                       (x + 0.86 * s, y + 0.88 * s), (x + s, y + 0.2 * s))  # fmt: skip
        waves = [(x + s * (0.06 + 0.11 * i), y + s * (0.34 + 0.05 * (-1) ** i)) for i in range(9)]
        self._line(tub)
        self._line(curve(waves))
        if care.wash == "none":
            self._cross(x, y)
        elif care.wash == "hand":
            self._hand(x, y)
        else:
            self._text(care.wash, x + 0.5 * s, y + 0.63 * s, 0.34 * s)
            self._bars(care.bars, x, y)

    def _hand(self, x: float, y: float) -> None:
        """A hand that reaches into the tub from above, before the water."""
        s = self._size
        points = [(x + s * px, y + s * py) for px, py in _HAND]
        self._pen.fill(curve(points).closed(), _PAPER)
        self._line(curve(points))

    def _bleach(self, care: Care, x: float, y: float) -> None:
        s = self._size
        self._line(polygon([(x + 0.5 * s, y + 0.1 * s), (x + 0.98 * s, y + 0.88 * s),
                            (x + 0.02 * s, y + 0.88 * s)]))  # fmt: skip
        if care.bleach == "none":
            self._cross(x, y)
        elif care.bleach == "oxygen":
            for shift in (0.0, 0.2):
                start = (x + (0.27 + shift) * s, y + 0.88 * s)
                self._line(straight(start, (x + (0.5 + shift / 2) * s, y + (0.48 + shift / 3) * s)))

    def _square(self, x: float, y: float) -> None:
        s = self._size
        left, top, right, bottom = x + 0.08 * s, y + 0.08 * s, x + 0.92 * s, y + 0.92 * s
        self._line(polygon([(left, top), (right, top), (right, bottom), (left, bottom)]))

    def _tumble(self, care: Care, x: float, y: float) -> None:
        s = self._size
        self._square(x, y)
        self._line(circle(x + 0.5 * s, y + 0.5 * s, 0.36 * s))
        if care.tumble == "none":
            self._cross(x, y)
        else:
            self._dots(1 if care.tumble == "low" else 2, x + 0.5 * s, y + 0.5 * s)

    def _dry(self, care: Care, x: float, y: float) -> None:
        s = self._size
        self._square(x, y)
        if care.dry == "flat":
            self._line(straight((x + 0.26 * s, y + 0.5 * s), (x + 0.74 * s, y + 0.5 * s)))
            return
        self._line(straight((x + 0.5 * s, y + 0.26 * s), (x + 0.5 * s, y + 0.76 * s)))
        if care.dry == "line in shade":
            for shift in (0.0, 0.12):
                self._line(straight((x + 0.08 * s, y + (0.26 + shift) * s),
                                    (x + (0.26 + shift) * s, y + 0.08 * s)))  # fmt: skip

    def _iron(self, care: Care, x: float, y: float) -> None:
        s = self._size
        sole = straight((x + 0.02 * s, y + 0.82 * s), (x + 0.98 * s, y + 0.82 * s),
                        (x + 0.84 * s, y + 0.24 * s), (x + 0.3 * s, y + 0.24 * s))  # fmt: skip
        front = arc(x + 0.46 * s, y + 0.82 * s, (0.44 * s, 0.36 * s), 180, 90)
        handle = straight((x + 0.46 * s, y + 0.46 * s), (x + 0.88 * s, y + 0.46 * s))
        self._line(together([sole, front, handle]))
        if care.iron == "none":
            self._cross(x, y)
        else:
            self._dots(int(care.iron), x + 0.54 * s, y + 0.65 * s)

    def _clean(self, care: Care, x: float, y: float) -> None:
        s = self._size
        self._line(circle(x + 0.5 * s, y + 0.5 * s, 0.42 * s))
        if care.cleaning == "none":
            self._cross(x, y)
        else:
            self._text(care.cleaning, x + 0.5 * s, y + 0.5 * s, 0.5 * s)
            self._bars(care.cleaning_bars, x, y)
