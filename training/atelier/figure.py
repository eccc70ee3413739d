"""The model who wears the design: body, pose, hair, face, hands and shoes."""

from collections.abc import Callable
from dataclasses import dataclass

from training.atelier.attributes import Outfit
from training.atelier.pen import (
    Colour,
    Pen,
    Point,
    box,
    circle,
    curve,
    limb,
    mix,
    outline,
    oval,
    polygon,
)

CENTRE = 64.0
SHOULDER, BUST, WAIST, HIP, CROTCH = 44.0, 62.0, 84.0, 104.0, 118.0
KNEE, ANKLE, FLOOR = 172.0, 228.0, 243.0

_SKIN: dict[str, Colour] = {
    "fair skin": (248, 219, 198),
    "tan skin": (226, 176, 132),
    "brown skin": (168, 110, 70),
    "deep skin": (98, 60, 40),
}
_HAIR: dict[str, Colour] = {
    "black hair": (34, 28, 30),
    "brown hair": (112, 68, 38),
    "blonde hair": (232, 196, 116),
    "red hair": (186, 74, 30),
    "silver hair": (196, 198, 204),
}
_BUILD = {  # half widths at shoulder, bust, waist, hip, and of a limb
    "slender build": (16.0, 13.5, 9.5, 13.5, 0.84),
    "average build": (18.0, 15.5, 12.0, 16.5, 1.0),
    "curvy build": (20.0, 19.0, 15.5, 21.0, 1.24),
}
_ARMS: dict[str, tuple[tuple[Point, Point], tuple[Point, Point]]] = {
    # elbow and wrist of the left and of the right arm, relative to (centre, shoulder)
    "standing": (((-23.5, 32), (-25, 63)), ((23.5, 32), (25, 63))),
    "hand on hip": (((-23.5, 32), (-25, 63)), ((38, 33), (20, 54))),
    "walking": (((-25, 31), (-34, 58)), ((24, 32), (21, 63))),
    "arms out": (((-32, 27), (-46, 52)), ((32, 27), (46, 52))),
}
_ANKLES = {"walking": (-13.0, 6.0)}
_LINE: Colour = (44, 36, 38)


@dataclass(frozen=True)
class Figure:
    """Where the body is, in page units, and its colours."""

    shoulder: float
    bust: float
    waist: float
    hip: float
    limb: float
    arms: tuple[tuple[Point, ...], tuple[Point, ...]]
    legs: tuple[tuple[Point, ...], tuple[Point, ...]]
    skin: Colour
    hair: Colour

    @classmethod
    def of(cls, outfit: Outfit) -> "Figure":
        """The body of this outfit's model."""
        shoulder, bust, waist, hip, thickness = _BUILD[outfit["build"]]
        arms = tuple(
            (
                (CENTRE + side * (shoulder - 2.5), SHOULDER + 3),
                (CENTRE + elbow[0] + side * (shoulder - 18), SHOULDER + elbow[1]),
                (CENTRE + wrist[0] + side * (shoulder - 18), SHOULDER + wrist[1]),
            )
            for side, (elbow, wrist) in zip((-1, 1), _ARMS[outfit["pose"]], strict=True)
        )
        left_ankle, right_ankle = _ANKLES.get(outfit["pose"], (-8.5, 8.5))
        legs = tuple(
            (
                (CENTRE + side * hip * 0.52, CROTCH - 8),
                (CENTRE + (side * hip * 0.52 + ankle) / 2 + side * 0.6, KNEE),
                (CENTRE + ankle, ANKLE),
            )
            for side, ankle in ((-1, left_ankle), (1, right_ankle))
        )
        skin, hair = _SKIN[outfit["skin"]], _HAIR[outfit["hair colour"]]
        return cls(shoulder, bust, waist, hip, thickness, arms, legs, skin, hair)  # type: ignore[arg-type]  # tuples of fixed length

    def torso(self, extra: float = 0.0) -> list[Point]:
        """Right edge of the torso from the armpit to the hip, `extra` units outside the body."""
        return [
            (CENTRE + self.bust + extra, BUST),
            (CENTRE + self.waist + extra, WAIST),
            (CENTRE + self.hip + extra, HIP),
        ]


def draw_body(pen: Pen, figure: Figure) -> None:
    """Legs, torso and neck, without arms and head."""
    for leg in figure.legs:
        _draw_limb(pen, figure, leg, leg_half_width(figure))
    right = [(CENTRE + 3.6, 34), (CENTRE + 4.2, 40), (CENTRE + figure.shoulder, SHOULDER + 1)]
    right += [*figure.torso(), (CENTRE + 2, CROTCH + 3)]
    left = [(2 * CENTRE - x, y) for x, y in reversed(right)]
    path = curve([*right, *left])
    path.close()
    pen.fill(path, figure.skin)
    pen.line(path, mix(figure.skin, _LINE, 0.45), 0.6)
    pen.fill(oval(CENTRE, 36.5, 4.2, 2.4), mix(figure.skin, _LINE, 0.28), 0.6)


def draw_arm(pen: Pen, figure: Figure, side: int) -> None:
    """One arm with its hand; side 0 is the left of the page, 1 the right."""
    arm = figure.arms[side]
    _draw_limb(pen, figure, arm, lambda place: figure.limb * (4.3 - 1.7 * place))
    draw_hand(pen, figure, side)


def draw_hand(pen: Pen, figure: Figure, side: int) -> None:
    """One hand, below the wrist."""
    hand = limb(figure.arms[side], lambda place: 2.7 - 9 * abs(place - 1.06), 0.98, 1.16)
    pen.fill(outline(hand), figure.skin)
    pen.line(outline(hand), mix(figure.skin, _LINE, 0.45), 0.6)


def leg_half_width(figure: Figure) -> Callable[[float], float]:
    """Half the width of a bare leg at a place 0 (hip) to 1 (ankle)."""

    def half_width(place: float) -> float:
        return figure.limb * (8.0 - 5.6 * place + 1.6 * max(0.0, 1 - abs(place - 0.68) * 5))

    return half_width


def _draw_limb(
    pen: Pen, figure: Figure, joints: tuple[Point, ...], half_width: Callable[[float], float]
) -> None:
    path = outline(limb(joints, half_width, 0.0, 1.0))
    pen.fill(path, figure.skin)
    pen.line(path, mix(figure.skin, _LINE, 0.45), 0.6)


def draw_shoes(pen: Pen, figure: Figure, kind: str) -> None:
    """A pair of shoes; each kind has its own shape and colour."""
    for side, leg in zip((-1, 1), figure.legs, strict=True):
        _SHOES[kind](pen, figure, leg[2][0], side)


def _foot(x: float, side: int, top: float, toe: float, width: float) -> list[Point]:
    return [
        (x - 3.2, ANKLE + top),
        (x + 3.2, ANKLE + top),
        (x + 3.4 + side * width, toe - 3),
        (x + side * (width + 2), toe),
        (x - 3.6 + side * width * 0.3, toe),
    ]


def _skin_foot(pen: Pen, figure: Figure, x: float, side: int) -> None:
    path = curve(_foot(x, side, -1, FLOOR - 1, 2.5), closed=True)
    pen.fill(path, figure.skin)
    pen.line(path, mix(figure.skin, _LINE, 0.45), 0.6)


def _heels(pen: Pen, figure: Figure, x: float, side: int) -> None:
    _skin_foot(pen, figure, x, side)
    shoe = polygon(
        [
            (x - 4, 233),
            (x + side * 2, 238),
            (x + 4, 233),
            (x + 4.5 + side, 241),
            (x + side * 2, FLOOR + 4),
            (x - 4.5 + side, 241),
        ]
    )
    pen.fill(shoe, (176, 28, 44))
    pen.line(shoe, _LINE, 0.7)
    pen.line(
        polygon([(x - side * 4.2, 234), (x - side * 5, FLOOR + 4)], closed=False),
        (176, 28, 44),
        1.8,
    )


def _flats(pen: Pen, figure: Figure, x: float, side: int) -> None:
    _skin_foot(pen, figure, x, side)
    shoe = oval(x + side * 1.5, FLOOR - 2.5, 6, 3.6)
    pen.fill(shoe, (214, 150, 160))
    pen.line(shoe, _LINE, 0.7)
    pen.fill(oval(x + side * 1.2, FLOOR - 4.6, 3.2, 2), figure.skin)


def _boots(pen: Pen, figure: Figure, x: float, side: int) -> None:
    half = 4.6 * figure.limb
    shaft = polygon(
        [
            (x - half - 0.8, 204),
            (x + half + 0.8, 204),
            (x + half - 0.4, 232),
            (x + half + 1 + side * 2.4, FLOOR - 1),
            (x - half - 1 + side * 2.4, FLOOR - 1),
            (x - half + 0.4, 232),
        ]
    )
    pen.fill(shaft, (92, 58, 36))
    pen.line(shaft, _LINE, 0.8)
    pen.fill(
        box(x - half - 1.4 + side * 2.4, FLOOR - 3, x + half + 1.4 + side * 2.4, FLOOR + 1.4, 1),
        (40, 28, 22),
    )


def _sneakers(pen: Pen, figure: Figure, x: float, side: int) -> None:
    shoe = curve(_foot(x, side, 3, FLOOR - 1, 4), closed=True)
    pen.fill(shoe, (250, 250, 250))
    pen.line(shoe, _LINE, 0.8)
    pen.fill(box(x - 6 + side * 3, FLOOR - 3.4, x + 6 + side * 3, FLOOR + 1, 1.6), (60, 130, 200))
    pen.line(box(x - 6 + side * 3, FLOOR - 3.4, x + 6 + side * 3, FLOOR + 1, 1.6), _LINE, 0.6)
    for y in (234.0, 237.0):
        pen.line(polygon([(x - 2, y), (x + 2.4, y + 0.6)], closed=False), _LINE, 0.8)


def _sandals(pen: Pen, figure: Figure, x: float, side: int) -> None:
    _skin_foot(pen, figure, x, side)
    pen.fill(box(x - 5 + side * 2, FLOOR - 2, x + 5 + side * 2, FLOOR + 1, 1), (200, 150, 90))
    for start, end in (
        ((-3.6, 230), (3.6, 232)),
        ((-3.6, 234.5), (4 + side, 237)),
        ((-3.4 + side, 239), (5 + side, 238)),
    ):
        pen.line(
            polygon([(x + start[0], start[1]), (x + end[0], end[1])], closed=False),
            (150, 96, 40),
            1.7,
        )


_SHOES = {
    "heels": _heels,
    "flats": _flats,
    "boots": _boots,
    "sneakers": _sneakers,
    "sandals": _sandals,
}


def draw_hair_behind(pen: Pen, figure: Figure, style: str) -> None:
    """The part of the hair that lies behind neck and shoulders."""
    tone, dark = figure.hair, mix(figure.hair, _LINE, 0.5)
    shapes = {
        "long hair": curve(
            [
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
            ],
            closed=True,
        ),
        "bob": curve(
            [(51, 18), (48.5, 34), (52, 41), (64, 38), (76, 41), (79.5, 34), (77, 18), (64, 6)],
            closed=True,
        ),
        "ponytail": curve(
            [(70, 12), (82, 14), (88, 30), (86, 52), (81, 60), (80, 44), (77, 28), (70, 20)],
            closed=True,
        ),
        "curly hair": None,
        "headscarf": curve(
            [
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
            ],
            closed=True,
        ),
    }
    if style == "curly hair":
        for x, y, radius in (
            (64, 9, 9),
            (53, 13, 8),
            (75, 13, 8),
            (48, 23, 8),
            (80, 23, 8),
            (50, 34, 7.5),
            (78, 34, 7.5),
        ):
            pen.line(circle(x, y, radius), dark, 1.2)
        for x, y, radius in (
            (64, 9, 9),
            (53, 13, 8),
            (75, 13, 8),
            (48, 23, 8),
            (80, 23, 8),
            (50, 34, 7.5),
            (78, 34, 7.5),
            (64, 20, 14),
        ):
            pen.fill(circle(x, y, radius), tone)
        return
    path = shapes.get(style)
    if path is not None:
        pen.fill(path, mix(tone, _LINE, 0.12))
        pen.line(path, dark, 0.7)


def draw_head(pen: Pen, figure: Figure, style: str) -> None:
    """Face and the hair in front of it."""
    face = curve(
        [
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
        ],
        closed=True,
    )
    pen.fill(face, figure.skin)
    pen.line(face, mix(figure.skin, _LINE, 0.5), 0.6)
    brow = mix(figure.hair, _LINE, 0.6)
    for side in (-1, 1):
        pen.line(
            curve([(64 + side * 2.2, 19.4), (64 + side * 4, 18.7), (64 + side * 5.6, 19.6)]),
            brow,
            0.8,
        )
        pen.fill(oval(64 + side * 3.7, 22.2, 1.25, 1.0), (36, 30, 34))
        pen.fill(circle(64 + side * 4.6, 26.6, 1.7), (214, 96, 90), 0.22)
    pen.line(curve([(64, 23), (63.2, 26), (64.3, 26.6)]), mix(figure.skin, _LINE, 0.5), 0.7)
    pen.line(curve([(61.6, 29.6), (64, 30.5), (66.4, 29.6)]), (178, 62, 66), 1.3)
    _draw_hair_in_front(pen, figure, style)


def _draw_hair_in_front(pen: Pen, figure: Figure, style: str) -> None:
    tone, dark = figure.hair, mix(figure.hair, _LINE, 0.5)
    fringe = curve(
        [
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
        ],
        closed=True,
    )
    if style == "bun":
        pen.fill(circle(64, 5.6, 5), tone)
        pen.line(circle(64, 5.6, 5), dark, 0.8)
    if style == "short hair":
        fringe = curve(
            [
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
            ],
            closed=True,
        )
    pen.fill(fringe, tone)
    pen.line(fringe, dark, 0.7)
    if style == "braids":
        for side in (-1, 1):
            for step in range(7):
                x, y = 64 + side * (11 + 0.45 * step), 24 + step * 6.2
                pen.fill(oval(x, y, 3.3, 3.9), tone)
                pen.line(oval(x, y, 3.3, 3.9), dark, 0.9)
    if style == "ponytail":
        pen.fill(circle(73.5, 12, 2.3), (200, 60, 80))
    if style == "headscarf":
        scarf = curve(
            [(53, 20), (52.5, 11), (58, 4.5), (64, 3), (70, 4.5), (75.5, 11), (75, 20), (64, 12.5)],
            closed=True,
        )
        pen.fill(scarf, (52, 122, 128))
        pen.line(scarf, _LINE, 0.8)
        for x, y in ((58, 9), (64, 7), (70, 9), (55, 14), (73, 14)):
            pen.fill(circle(x, y, 1.2), (244, 236, 214))
        knot = polygon([(75, 17), (83, 13), (82, 18), (84, 22)])
        pen.fill(knot, (52, 122, 128))
        pen.line(knot, _LINE, 0.7)
