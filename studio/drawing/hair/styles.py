"""Hair styles: what lies behind the shoulders, what frames the face, and what is added."""

from collections.abc import Callable

import numpy as np

from studio.drawing.face import draw_earrings, face_outline, forehead_shadow
from studio.drawing.figure import OUTLINE, SIDES
from studio.drawing.hair.braids import RIBBON, draw_braid
from studio.drawing.hair.curls import draw_cloud, draw_cloud_behind, draw_hairline
from studio.drawing.hair.locks import Lock, Tones, draw_lock
from studio.drawing.head import Head
from studio.drawing.lines import joined, round_through, smooth, stamped
from studio.drawing.paths import Point, circle
from studio.drawing.pen import FIRM, Pen, Taper
from studio.drawing.tones import Colour, mix

_SCARVES: tuple[Colour, ...] = ((52, 122, 128), (150, 66, 74), (62, 78, 122))
_CREAM: Colour = (244, 236, 214)

_Half = tuple[tuple[Point, ...], tuple[Point, ...]]
"""Outer and inner edge of the hair on one side of the parting, for the right half of the head."""

_LONG: _Half = (
    ((3.4, -13.7), (7.0, -11.2), (9.0, -6.4), (9.7, 1.0), (10.2, 12.0), (12.2, 22.0), (11.4, 33.0)),
    ((3.4, -10.0), (6.3, -5.2), (7.1, 2.0), (7.3, 12.0), (8.4, 22.0), (8.6, 31.0)),
)
_WAVY: _Half = (
    (
        (3.4, -13.8),
        (7.1, -11.3),
        (9.2, -6.4),
        (9.7, -0.4),
        (12.0, 7.0),
        (10.6, 15.0),
        (13.4, 23.0),
        (11.6, 32.0),
    ),
    ((3.4, -10.0), (6.3, -5.2), (6.9, 1.0), (8.2, 8.0), (7.0, 15.0), (9.2, 22.5), (8.8, 30.0)),
)
_BOB: _Half = (
    ((3.4, -13.7), (7.1, -11.2), (9.3, -6.4), (10.1, 1.0), (10.7, 8.5), (8.9, 14.4)),
    ((3.6, -9.9), (6.4, -5.2), (7.1, 1.5), (7.3, 8.4), (6.5, 13.4)),
)
_SHORT: _Half = (
    ((3.4, -13.9), (6.9, -11.6), (8.9, -6.8), (9.1, -2.4), (8.0, 1.2)),
    ((2.8, -9.6), (5.7, -7.6), (6.8, -4.0), (7.0, 0.4)),
)
_TIED: _Half = (
    ((3.2, -13.4), (6.4, -11.0), (8.2, -6.4), (8.3, -2.6), (7.5, 0.2)),
    ((3.0, -10.0), (5.7, -6.8), (6.9, -3.4), (7.0, -0.2)),
)


def _halves(head: Head, style: str) -> _Half:
    if style == "long hair":
        return _WAVY if head.figure.likeness % 2 else _LONG
    return {"bob": _BOB, "short hair": _SHORT}.get(style, _TIED)


def draw_hair_behind(pen: Pen, head: Head, style: str) -> None:
    """The part of the hair that lies behind neck and shoulders."""
    behind = None if head.figure.back else _BEHIND.get(style)
    if behind:
        behind(pen, head, Tones.of(head.figure).shaded())


def draw_hair_beside(pen: Pen, head: Head, style: str) -> None:
    """What falls over the shoulders from behind the ears; the face is drawn over it."""
    if style == "braids" and not head.figure.back:
        _braids(pen, head, Tones.of(head.figure))


def draw_hair_in_front(pen: Pen, head: Head, style: str) -> None:
    """The part of the hair that frames the face; from behind, all of it."""
    tones = Tones.of(head.figure)
    if head.figure.back:
        _FROM_BEHIND.get(style, _falling_behind)(pen, head, tones)
        return
    with pen.inside(face_outline(head)):
        pen.fill(round_through(forehead_shadow(head)), head.figure.skin_shadow, 0.75)
    _IN_FRONT.get(style, _parted(style))(pen, head, tones)


_Part = Callable[[Pen, Head, Tones], None]


# ------------------------------------------------------------------ seen from the front


def _parted(style: str) -> _Part:
    def draw(pen: Pen, head: Head, tones: Tones) -> None:
        near = 1 if head.aside > 0 else -1
        part = -near * (0.3 if head.figure.likeness % 3 == 0 else 2.2)
        outer, inner = _halves(head, style)
        strands = 14 if style in ("long hair", "bob") else 10
        for side in (-near, near):
            out = head.place((part, -14.1), *[(side * x, y) for x, y in outer])
            into = head.place((part, -11.6), *[(side * x, y) for x, y in inner])
            left, right = (out, into) if side < 0 else (into, out)
            draw_lock(pen, Lock(left, right, strands, 7 + side), tones)
        pen.brush(head.place((part, -14.1), (part * 0.9, -11.6)), tones.dark, 0.5, 0.9, FIRM)

    return draw


def _fringe(pen: Pen, head: Head, tones: Tones) -> None:
    """Hair cut straight over the brows."""
    left = head.place((-0.6, -13.2), (-4.4, -11.0), (-6.6, -7.4), (-6.5, -3.9))
    right = head.place((0.6, -13.2), (4.6, -11.0), (6.7, -7.4), (6.6, -3.9))
    draw_lock(pen, Lock(left, right, 16, 21), tones, 0.35)
    for number, x in enumerate((-5.6, -4.2, -2.9, -1.5, -0.2, 1.2, 2.6, 4.0, 5.4)):
        low = -3.2 + 0.45 * (number % 3) - 0.04 * x * x
        strand = head.place((0.75 * x, -9.0), (0.95 * x, -5.6), (1.02 * x + 0.2, low))
        tone = tones.dark if number % 2 else tones.base
        pen.brush(strand, tone, 0.9, 0.8, Taper(0.0, 0.1, 0.7))


def _cut_with_fringe(style: str) -> _Part:
    def draw(pen: Pen, head: Head, tones: Tones) -> None:
        if head.figure.likeness % 4 == 1:
            _fringe(pen, head, tones)
        _parted(style)(pen, head, tones)

    return draw


def _bun(pen: Pen, head: Head, tones: Tones) -> None:
    _draw_knot(pen, head, tones, (0.6, -15.6), 4.5)
    _parted("bun")(pen, head, tones)
    draw_earrings(pen, head)


def _draw_knot(pen: Pen, head: Head, tones: Tones, place: Point, size: float) -> None:
    x, y = place
    ball = round_through(
        head.place(
            *[
                (x + size * a, y + size * 0.92 * b)
                for a, b in (
                    (1, 0),
                    (0.7, 0.7),
                    (0, 1),
                    (-0.7, 0.7),
                    (-1, 0),
                    (-0.7, -0.7),
                    (0, -1),
                    (0.7, -0.7),
                )
            ]
        )
    )
    left, right = (complex(z) for z in head.place((x - size, y - 1), (x + size, y + 1)))
    stops = [(0.0, tones.base, 1.0), (0.25, mix(tones.base, tones.pale, 0.6), 1.0)]
    pen.shade(ball, left, right, [*stops, (0.55, tones.base, 1.0), (1.0, tones.dark, 1.0)])
    with pen.inside(ball):
        for ring in (0.95, 0.68, 0.4):
            turn = head.place(
                (x - size * ring, y + 1.4),
                (x - 0.45 * size * ring, y - size * 0.75 * ring),
                (x + 0.6 * size * ring, y - size * 0.6 * ring),
                (x + size * ring, y + 1.0),
            )
            pen.brush(turn, tones.dark, 0.5, 0.75)
    pen.line(ball, tones.dark, 0.45, 0.85)


def _ponytail(pen: Pen, head: Head, tones: Tones) -> None:
    _parted("ponytail")(pen, head, tones)
    draw_earrings(pen, head)


def _braids(pen: Pen, head: Head, tones: Tones) -> None:
    """They begin in the hair behind the ears, which the face hides, and fall over the shoulders."""
    for side in SIDES:
        fall = ((6.4, 1.6), (7.9, 6.0), (8.8, 12.0), (9.6, 20.0), (10.4, 29.0), (10.8, 38.0))
        draw_braid(pen, head, tones, [(side * x, y) for x, y in fall])


def _curly(pen: Pen, head: Head, tones: Tones) -> None:
    draw_hairline(pen, head, tones)


def _scarf_tone(head: Head) -> Colour:
    return _SCARVES[head.figure.likeness % len(_SCARVES)]


def _headscarf(pen: Pen, head: Head, _: Tones) -> None:
    tone = _scarf_tone(head)
    crown = head.place(
        (-7.9, -1.6),
        (-8.8, -7.5),
        (-5.4, -13.6),
        (0.0, -15.3),
        (5.4, -13.6),
        (8.8, -7.5),
        (7.9, -1.6),
    )
    brow = head.place((7.9, -1.6), (5.0, -7.0), (0.0, -8.9), (-5.0, -7.0), (-7.9, -1.6))
    _draw_scarf(pen, head, joined(crown, brow), tone)
    hem = head.place((-7.6, -2.6), (-4.8, -7.8), (0.0, -9.7), (4.8, -7.8), (7.6, -2.6))
    pen.brush(hem, mix(tone, OUTLINE, 0.5), 0.4, 0.7)
    pen.brush(crown, mix(tone, OUTLINE, 0.7), 0.6, 0.9, FIRM)
    draw_earrings(pen, head)


def _draw_scarf(pen: Pen, head: Head, path: object, tone: Colour) -> None:
    start, end = (complex(z) for z in head.place((-8.8, -8), (8.8, -7)))
    stops = [(0.0, mix(tone, OUTLINE, 0.12), 1.0), (0.25, mix(tone, (255, 255, 255), 0.22), 1.0)]
    stops += [(0.5, tone, 1.0), (1.0, mix(tone, OUTLINE, 0.5), 1.0)]
    pen.shade(path, start, end, stops)  # type: ignore[arg-type]  # a path
    with pen.inside(path):  # type: ignore[arg-type]  # a path
        dots = head.place(
            (-5, -10),
            (-1.5, -12.5),
            (2.5, -11.5),
            (5.6, -8.9),
            (0.5, -9.9),
            (-7.2, -6.2),
            (7.6, -5.2),
            (-3.2, -8.2),
            (4.4, -13),
        )
        pen.fill(stamped(circle(0, 0, 0.75), dots, np.ones(len(dots))), _CREAM, 0.95)
        for x in (-5.6, -2.6, 1.2, 4.8):
            fold = head.place((x * 1.35, -4.6), (x * 1.15, -9.5), (x * 0.4, -14.6))
            pen.brush(fold, mix(tone, OUTLINE, 0.6), 0.6, 0.6)


# ------------------------------------------------------------------ behind the shoulders


def _mass(left: tuple[Point, ...], right: tuple[Point, ...], strands: int) -> _Part:
    def draw(pen: Pen, head: Head, tones: Tones) -> None:
        draw_lock(pen, Lock(head.place(*left), head.place(*right), strands, 3), tones)

    return draw


def _tail(pen: Pen, head: Head, _: Tones) -> None:
    tones = Tones.of(head.figure)
    left = head.place((3.0, -11.5), (9.4, -9.4), (11.0, 3.0), (10.6, 16.0), (13.0, 31.0))
    right = head.place((3.4, -13.6), (13.4, -10.0), (16.2, 4.0), (15.2, 18.0), (15.4, 33.0))
    draw_lock(pen, Lock(left, right, 10, 3), tones)
    pen.brush(head.place((5.6, -13.6), (6.8, -9.6)), RIBBON, 1.5, 1.0, FIRM)


def _scarf_tail(pen: Pen, head: Head, tones: Tones) -> None:
    _mass(
        ((-5, -6), (-8.6, 4), (-9.4, 13), (-9.0, 20)), ((5, -6), (8.6, 4), (9.6, 13), (9.2, 20)), 10
    )(pen, head, tones)
    tone = mix(_scarf_tone(head), OUTLINE, 0.25)
    for reach, drop in ((15.0, 13.0), (12.4, 16.5)):
        end = head.place(
            (7.4, -2.4),
            (reach * 0.8, drop * 0.35),
            (reach, drop),
            (reach - 3.2, drop - 0.6),
            (7.2, 1.4),
        )
        pen.patch(joined(end[:3], end[3:]), tone, mix(tone, OUTLINE, 0.6), 0.4)


_BEHIND: dict[str, _Part] = {
    "long hair": _mass(
        ((-6, -11), (-9.6, 0), (-10.4, 14), (-12.4, 28), (-10.4, 41)),
        ((6, -11), (9.6, 0), (10.2, 13), (11.8, 27), (12.6, 39)),
        18,
    ),
    "bob": _mass(
        ((-6, -11), (-9.8, -2), (-10.4, 8), (-8.8, 15.2)),
        ((6, -11), (9.8, -2), (10.6, 8), (9.0, 14.8)),
        12,
    ),
    "ponytail": _tail,
    "curly hair": lambda pen, head, tones: draw_cloud(pen, head, Tones.of(head.figure)),
    "headscarf": _scarf_tail,
}
_IN_FRONT: dict[str, _Part] = {
    "bob": _cut_with_fringe("bob"),
    "long hair": _cut_with_fringe("long hair"),
    "bun": _bun,
    "ponytail": _ponytail,
    "curly hair": _curly,
    "headscarf": _headscarf,
}


# ------------------------------------------------------------------ seen from behind


def _back_of_head(head: Head, low: float, wide: float, full: float) -> Lock:
    half = [
        (0.0, -14.0),
        (3.6, -13.6),
        (7.0, -11.0),
        (8.9, -6.0),
        (full, 1.0),
        ((wide + full) / 2, (low + 1) / 2),
        (wide, low),
    ]
    left = head.place(*[(-x, y) for x, y in half], (0.0, low + 1.4))
    right = head.place(*half, (0.0, low + 1.4))
    return Lock(left, right, 22, 5)


def _falling_behind(pen: Pen, head: Head, tones: Tones) -> None:
    draw_lock(pen, _back_of_head(head, 8.5, 5.0, 8.4), tones)


def _long_behind(pen: Pen, head: Head, tones: Tones) -> None:
    draw_lock(pen, _back_of_head(head, 38.0, 11.2, 9.6), tones)


def _bob_behind(pen: Pen, head: Head, tones: Tones) -> None:
    draw_lock(pen, _back_of_head(head, 14.4, 10.0, 9.8), tones)


def _short_behind(pen: Pen, head: Head, tones: Tones) -> None:
    draw_lock(pen, _back_of_head(head, 8.0, 5.6, 8.8), tones)


def _bun_behind(pen: Pen, head: Head, tones: Tones) -> None:
    _falling_behind(pen, head, tones)
    _draw_knot(pen, head, tones, (0.4, -12.0), 5.2)


def _tail_behind(pen: Pen, head: Head, tones: Tones) -> None:
    _falling_behind(pen, head, tones)
    left = head.place((-1.4, -9.5), (-4.4, -2.0), (-4.6, 14.0), (-1.2, 33.0))
    right = head.place((1.4, -9.5), (4.6, -2.0), (4.4, 14.0), (1.6, 34.0))
    draw_lock(pen, Lock(left, right, 12, 9), tones)
    pen.brush(head.place((-1.9, -9.2), (1.9, -9.2)), RIBBON, 1.5, 1.0, FIRM)


def _braids_behind(pen: Pen, head: Head, tones: Tones) -> None:
    _falling_behind(pen, head, tones)
    pen.brush(head.place((0.0, -13.6), (0.3, -4.0), (0.0, 8.0)), tones.dark, 0.5, 0.9, FIRM)
    for side in SIDES:
        fall = ((4.2, 5.0), (5.4, 15.2), (6.6, 25.4), (8.2, 39.0))
        draw_braid(pen, head, tones, [(side * x, y) for x, y in fall])


def _scarf_behind(pen: Pen, head: Head, tones: Tones) -> None:
    lock = _back_of_head(head, 18.0, 8.0, 8.6)
    draw_lock(pen, lock, tones)
    tone = _scarf_tone(head)
    crown = head.place(
        (-8.4, -1.0),
        (-8.8, -7.5),
        (-5.4, -13.6),
        (0.0, -15.3),
        (5.4, -13.6),
        (8.8, -7.5),
        (8.4, -1.0),
    )
    nape = head.place((8.4, -1.0), (4.0, 4.0), (0.0, 6.2), (-4.0, 4.0), (-8.4, -1.0))
    _draw_scarf(pen, head, joined(crown, nape), tone)
    pen.brush(smooth(crown, 2), mix(tone, OUTLINE, 0.7), 0.6, 0.9, FIRM)
    for x in (-3.4, 2.8):
        end = head.place(
            (0.0, 5.0), (x * 0.6, 10.0), (x, 16.0), (x + 2.4, 15.0), (x * 0.4 + 1.2, 9.0)
        )
        pen.patch(joined(end[:3], end[3:]), tone, mix(tone, OUTLINE, 0.6), 0.4)
    pen.patch(
        round_through(head.place((-1.4, 5.6), (0, 4.2), (1.6, 5.6), (0, 7.2))),
        tone,
        mix(tone, OUTLINE, 0.6),
        0.4,
    )


_FROM_BEHIND: dict[str, _Part] = {
    "long hair": _long_behind,
    "bob": _bob_behind,
    "short hair": _short_behind,
    "bun": _bun_behind,
    "ponytail": _tail_behind,
    "braids": _braids_behind,
    "curly hair": draw_cloud_behind,
    "headscarf": _scarf_behind,
}
