"""What a garment is made of: colour, pattern, fabric, and how they follow a panel."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import skia

from training.atelier.attributes import Outfit
from training.atelier.pen import (
    Colour,
    Pen,
    Point,
    circle,
    curve,
    lightness,
    mix,
    oval,
    polygon,
)

COLOURS: dict[str, Colour] = {
    "black": (34, 33, 38),
    "white": (252, 251, 247),
    "grey": (142, 147, 153),
    "beige": (226, 208, 176),
    "camel": (194, 138, 74),
    "brown": (104, 64, 40),
    "burgundy": (112, 22, 50),
    "red": (208, 32, 40),
    "coral": (255, 128, 104),
    "orange": (240, 124, 24),
    "mustard": (202, 156, 32),
    "yellow": (250, 222, 72),
    "olive": (112, 110, 50),
    "green": (44, 142, 76),
    "mint": (168, 226, 198),
    "teal": (18, 124, 128),
    "sky blue": (140, 198, 240),
    "blue": (44, 92, 204),
    "navy": (28, 38, 86),
    "purple": (108, 58, 158),
    "lilac": (196, 168, 228),
    "pink": (246, 174, 198),
    "fuchsia": (216, 36, 140),
}
CREAM: Colour = (250, 243, 226)
INK: Colour = (34, 30, 40)
GOLD: Colour = (226, 168, 60)


@dataclass(frozen=True)
class Panel:
    """A piece of cloth: its path, its box, and the frame that its pattern follows.

    `place(across, along)` maps pattern units to the page: `across` runs from -half to half over
    the reference width, `along` down the piece from 0 to `length`.
    """

    path: skia.Path
    half: float
    length: float
    place: Callable[[float, float], Point]
    sleeve: bool = False

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        box = self.path.getBounds()
        return box.left(), box.top(), box.right(), box.bottom()

    def across(self, along: float) -> skia.Path:
        """A line across the piece, `along` units down."""
        count = 8
        return curve(
            [
                self.place(-self.half * 1.3 + self.half * 2.6 * i / count, along)
                for i in range(count + 1)
            ]
        )

    def down(self, across: float) -> skia.Path:
        """A line down the piece, `across` units beside its middle."""
        count = 10
        return curve(
            [self.place(across, -4 + (self.length + 8) * i / count) for i in range(count + 1)]
        )


@dataclass(frozen=True)
class Cloth:
    """Colour, pattern and fabric of an outfit, with the tones derived from its colour."""

    colour: Colour
    accent: Colour
    ink: Colour
    texture: Colour
    pattern: str
    fabric: str

    @classmethod
    def of(cls, outfit: Outfit) -> "Cloth":
        """The cloth of this outfit's garment."""
        colour = COLOURS[outfit["colour"]]
        light = lightness(colour)
        return cls(
            colour=colour,
            accent=CREAM if light < 0.62 else mix(colour, (40, 40, 84), 0.82),
            ink=mix(colour, INK, 0.8) if light > 0.2 else (10, 10, 12),
            texture=mix(colour, (255, 255, 255), 0.5) if light < 0.45 else mix(colour, INK, 0.5),
            pattern=outfit["pattern"],
            fabric=outfit["fabric"],
        )

    @property
    def plain(self) -> "Cloth":
        """The same colour and fabric without a pattern."""
        return Cloth(self.colour, self.accent, self.ink, self.texture, "solid", self.fabric)


def lay(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    """Fill a panel with cloth: ground, pattern, fabric, shading and an inked outline."""
    pen.fill(panel.path, cloth.colour, 0.5 if cloth.fabric == "sheer" else 1.0)
    with pen.inside(panel.path):
        if cloth.pattern in _PATTERNS:
            _PATTERNS[cloth.pattern](pen, cloth, panel)
        if cloth.fabric in _FABRICS:
            _FABRICS[cloth.fabric](pen, cloth, panel)
        _shade(pen, panel)
    if cloth.fabric == "faux fur":
        _fur_edge(pen, cloth, panel)
    else:
        pen.line(panel.path, cloth.ink, 1.2)


def _shade(pen: Pen, panel: Panel) -> None:
    left, top, right, _ = panel.bounds
    dark: Colour = (20, 14, 34)
    pen.shade(
        panel.path,
        (left, top),
        (right, top),
        [(0.0, dark, 0.2), (0.3, dark, 0.0), (0.62, dark, 0.0), (1.0, dark, 0.24)],
    )


def _steps(start: float, stop: float, step: float) -> list[float]:
    return [start + step * i for i in range(int((stop - start) / step) + 1)]


def _stripes(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for along in _steps(4, panel.length + 6, 9):
        pen.line(panel.across(along), cloth.accent, 3.6)


def _vertical(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for across in _steps(-round(panel.half * 1.4 / 7) * 7, panel.half * 1.5, 7):
        pen.line(panel.down(across), cloth.accent, 2.4)


def _gingham(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for along in _steps(3, panel.length + 8, 10):
        pen.line(panel.across(along), cloth.accent, 5, 0.55)
    for across in _steps(-round(panel.half * 1.4 / 10) * 10, panel.half * 1.5, 10):
        pen.line(panel.down(across), cloth.accent, 5, 0.55)


def _windowpane(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for along in _steps(6, panel.length + 8, 13):
        pen.line(panel.across(along), cloth.accent, 1.3)
    for across in _steps(-6.5 - 13 * round(panel.half * 1.4 / 13), panel.half * 1.6, 13):
        pen.line(panel.down(across), cloth.accent, 1.3)


def _grid(panel: Panel, step: float) -> list[tuple[int, int, Point]]:
    """Points of a staggered grid over the panel with their row and column."""
    rows = range(-1, int(panel.length / step) + 2)
    reach = int(panel.half * 1.4 / step) + 1
    return [
        (row, column, panel.place((column + (row % 2) / 2) * step, row * step + step / 2))
        for row in rows
        for column in range(-reach, reach + 1)
    ]


def _dots(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for _, _, (x, y) in _grid(panel, 8.5):
        pen.fill(circle(x, y, 2.3), cloth.accent)


def _floral(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    light = lightness(cloth.colour) > 0.62
    petal: Colour = (206, 52, 96) if light else (255, 198, 208)
    leaf: Colour = (66, 124, 70) if light else (170, 214, 150)
    for row, column, (x, y) in _grid(panel, 13):
        pen.fill(oval(x + 5.5, y + 3.5, 2.6, 1.3), leaf)
        turn = 0.7 * ((row + column) % 2)
        for k in range(5):
            angle = turn + k * math.tau / 5
            pen.fill(circle(x + 2.9 * math.cos(angle), y + 2.9 * math.sin(angle), 2.1), petal)
        pen.fill(circle(x, y, 1.6), (248, 200, 70))


def _leopard(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    dark = mix(cloth.colour, INK, 0.85) if lightness(cloth.colour) > 0.3 else (206, 164, 104)
    middle = mix(cloth.colour, (150, 90, 40), 0.45)
    for row, column, (x, y) in _grid(panel, 9):
        turn = 70 * ((row * 3 + column * 5) % 5)
        pen.fill(circle(x, y, 2.2), middle)
        arc = skia.Path()
        rim = skia.Rect.MakeLTRB(x - 3, y - 2.7, x + 3, y + 2.7)
        arc.addArc(rim, turn, 130)
        arc.addArc(rim, turn + 180, 110)
        pen.line(arc, dark, 1.9)


def _chevron(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    reach = int(panel.half * 1.4 / 6) + 2
    for along in _steps(-4, panel.length + 8, 9.5):
        points = [panel.place(6 * k, along + (5 if k % 2 else 0)) for k in range(-reach, reach + 1)]
        pen.line(polygon(points, closed=False), cloth.accent, 3)


def _argyle(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    reach = int(panel.half * 1.4 / 14) + 1
    for row in range(-1, int(panel.length / 11) + 2):
        for column in range(-reach, reach + 1):
            a, b = (column + (row % 2) / 2) * 14, row * 11 + 5.5
            corners = [(a, b - 11), (a + 7, b), (a, b + 11), (a - 7, b)]
            diamond = polygon([panel.place(*corner) for corner in corners])
            if row % 2:
                pen.fill(diamond, cloth.accent, 0.85)
            pen.line(diamond, cloth.ink, 0.8, dashes=(2.0, 1.4))


def _colour_block(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    middle = panel.length * (0.5 if panel.sleeve else 0.45)
    low = [panel.place(-panel.half * 1.4 + panel.half * 2.8 * i / 8, middle) for i in range(9)]
    end = [panel.place(-panel.half * (1.4 - 2.8 * i / 8), panel.length + 16) for i in range(9)]
    pen.fill(polygon([*low, *reversed(end)]), cloth.accent)


def _ombre(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    _, top, _, bottom = panel.bounds
    end = CREAM if lightness(cloth.colour) < 0.62 else mix(cloth.colour, (70, 50, 110), 0.75)
    pen.shade(panel.path, (0, top), (0, bottom), [(0.25, end, 0.0), (1.0, end, 1.0)])


def _satin(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    gloss = mix(cloth.colour, (255, 255, 255), 0.8)
    for share, width, alpha in ((-0.62, 2.4, 0.5), (-0.28, 4.4, 0.62), (0.4, 3.2, 0.55)):
        points = [
            panel.place(panel.half * (share + 0.13 * math.sin(i * 1.7)), panel.length * i / 6)
            for i in range(7)
        ]
        pen.line(curve(points), gloss, width, alpha)
    for share in (-0.45, 0.12, 0.68):
        points = [
            panel.place(panel.half * (share + 0.13 * math.sin(i * 1.7)), panel.length * i / 6)
            for i in range(7)
        ]
        pen.line(curve(points), mix(cloth.colour, INK, 0.6), 2.2, 0.35)


def _denim(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for along in _steps(-panel.half * 2, panel.length + 4, 3.2):
        start, end = (
            panel.place(-panel.half * 1.3, along),
            panel.place(panel.half * 1.3, along + panel.half * 2),
        )
        pen.line(polygon([start, end], closed=False), cloth.texture, 0.8, 0.35)
    pen.line(panel.path, GOLD, 6.6)
    pen.line(panel.path, cloth.colour, 4.2)
    pen.line(panel.down(0), GOLD, 1.1, dashes=(2.6, 1.6))


def _knit(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for across in _steps(-round(panel.half * 1.4 / 7) * 7, panel.half * 1.5, 7):
        for along in _steps(-2, panel.length + 4, 4.6):
            points = [
                panel.place(across - 3, along),
                panel.place(across, along + 3.4),
                panel.place(across + 3, along),
            ]
            pen.line(polygon(points, closed=False), cloth.texture, 1.2, 0.75)


def _leather(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    shine: Colour = (255, 255, 255)
    for share, start, end in (
        (-0.55, 0.06, 0.3),
        (-0.5, 0.52, 0.84),
        (0.34, 0.1, 0.42),
        (0.46, 0.62, 0.93),
    ):
        points = [
            panel.place(panel.half * share, panel.length * start),
            panel.place(panel.half * (share + 0.1), panel.length * (start + end) / 2),
            panel.place(panel.half * share, panel.length * end),
        ]
        pen.line(curve(points), shine, 1.9, 0.85)
    for share in (0.34, 0.68):
        pen.line(
            panel.across(panel.length * share),
            cloth.ink if lightness(cloth.colour) > 0.2 else (92, 92, 100),
            1.1,
        )


def _tweed(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    rng = random.Random(7)
    light, dark = mix(cloth.colour, (255, 255, 255), 0.7), mix(cloth.colour, INK, 0.75)
    for row, column, (x, y) in _grid(panel, 3.4):
        tone = light if (row + column + (row // 3)) % 2 else dark
        dx, dy = rng.uniform(0.5, 1.3), rng.uniform(-1.2, 1.2)
        pen.line(polygon([(x - dx, y - dy), (x + dx, y + dy)], closed=False), tone, 1.1, 0.8)


def _quilted(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for row, _, (x, y) in _grid(panel, 11):
        if row % 2 == 0:
            pen.fill(circle(x - 1.5, y - 2, 3), mix(cloth.colour, (255, 255, 255), 0.55), 0.5, 1.2)
    for across in _steps(-panel.half * 1.4 - panel.length, panel.half * 1.4 + panel.length, 11):
        for sign in (-1, 1):
            points = [
                panel.place(across, -2),
                panel.place(across + sign * panel.length, panel.length - 2),
            ]
            pen.line(polygon(points, closed=False), cloth.texture, 1.3, 0.9)


def _fur(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    for row, column, (x, y) in _grid(panel, 5):
        tone = cloth.texture if (row + column) % 2 else mix(cloth.colour, INK, 0.4)
        lean = ((row * 7 + column * 3) % 5 - 2) * 0.9
        pen.line(curve([(x - lean, y - 2.6), (x, y), (x + lean * 0.6, y + 3.2)]), tone, 1.2, 0.7)


def _fur_edge(pen: Pen, cloth: Cloth, panel: Panel) -> None:
    measure = skia.PathMeasure(panel.path, False, 1.0)
    length = measure.getLength()
    for step in range(int(length / 2.6)):
        point, tangent = measure.getPosTan(step * 2.6)
        x, y = point.x(), point.y()
        nx, ny = -tangent.y(), tangent.x()
        reach = 2.6 + (step % 3) * 0.8
        tuft = polygon(
            [(x - nx * reach, y - ny * reach), (x + nx * reach, y + ny * reach)], closed=False
        )
        pen.line(tuft, mix(cloth.colour, INK, 0.25) if step % 2 else cloth.colour, 1.6)


_PATTERNS = {
    "horizontal stripes": _stripes,
    "vertical stripes": _vertical,
    "polka dots": _dots,
    "gingham": _gingham,
    "windowpane": _windowpane,
    "floral": _floral,
    "leopard": _leopard,
    "chevron": _chevron,
    "argyle": _argyle,
    "colour block": _colour_block,
    "ombre": _ombre,
}
_FABRICS = {
    "satin": _satin,
    "denim": _denim,
    "knit": _knit,
    "leather": _leather,
    "tweed": _tweed,
    "quilted": _quilted,
    "faux fur": _fur,
}
