"""Bare skin: legs, trunk and arms."""

import numpy as np

from studio.drawing.figure import BUST, CENTRE, HIP, LEFT, SIDES, WAIST, Figure
from studio.drawing.hands import draw_hand
from studio.drawing.lines import Line, at, between, joined, line, shares
from studio.drawing.paths import Path, polygon
from studio.drawing.pen import FALLING, Pen, Taper

FROM_SHOULDER = -0.045
"""The place of an arm at the top of the shoulder."""
_OUTLINE = 0.55
_SIDE = Taper(0.35, 0.35)


def fill_flesh(pen: Pen, figure: Figure, path: Path, left: Line, right: Line) -> None:
    """Skin that is lit from the left of the page, and its contours."""
    x, _, end, _ = path.box
    skin, shadow = figure.skin, figure.skin_shadow
    pen.shade(
        path,
        complex(x, 0),
        complex(end, 0),
        [
            (0.0, skin, 1.0),
            (0.18, figure.skin_light, 1.0),
            (0.46, skin, 1.0),
            (0.7, skin, 1.0),
            (1.0, shadow, 1.0),
        ],
    )
    pen.brush(left, figure.skin_ink, _OUTLINE * 0.75, 0.9, _SIDE)
    pen.brush(right, figure.skin_ink, _OUTLINE * 1.25, 0.9, _SIDE)


def fill_limb(pen: Pen, figure: Figure, edges: tuple[Line, Line], set_in: bool = False) -> None:
    """A bare limb between its edges: shaded along its right side, lit along its left one.

    The shade of a limb that is `set_in` begins gently, where it grows out of the trunk.
    """
    left, right = edges
    pen.fill(joined(left, right[::-1]), figure.skin)
    begun = np.minimum(np.arange(len(left)) / 6, 1.0) if set_in else np.ones(len(left))
    for share, alpha in ((0.3, 0.3), (0.16, 0.4)):
        inner = right + (left - right) * share * begun
        pen.fill(joined(right, inner[::-1]), figure.skin_shadow, alpha)
    lit = between(left, right, 0.27 - 0.13 * begun), between(left, right, 0.27 + 0.13 * begun)
    pen.fill(joined(lit[0], lit[1][::-1]), figure.skin_light, 0.6)


def outline_limb(pen: Pen, figure: Figure, left: Line, right: Line, start: float = 0.35) -> None:
    """The contours of a bare limb, heavier on the right; they begin `start` times as wide."""
    pen.brush(left, figure.skin_ink, _OUTLINE * 0.75, 0.9, Taper(start, 0.35))
    pen.brush(right, figure.skin_ink, _OUTLINE * 1.25, 0.9, Taper(start, 0.35))


def leg_sides(figure: Figure, side: int, start: float, end: float) -> tuple[Line, Line]:
    """The left and the right edge of a bare leg."""
    places = shares(19, start, end)
    left, right = figure.leg_bounds(side, places)
    leg = figure.legs[side]
    return leg.on(places, -left), leg.on(places, right)


def draw_leg(pen: Pen, figure: Figure, side: int, start: float = -0.02) -> None:
    """A bare leg down to the ankle, from a place on."""
    left, right = leg_sides(figure, side, start, 0.99)
    fill_limb(pen, figure, (left, right))
    outline_limb(pen, figure, left[1:], right[1:])
    if start > 0.5:
        return
    leg, thick, ink = figure.legs[side], figure.limb, figure.skin_ink
    if figure.back:
        pen.brush(leg.on([0.515, 0.522, 0.515], np.array([-2.4, 0, 2.4]) * thick), ink, 0.4, 0.5)
        calf = leg.on([0.62, 0.72, 0.8], np.array([0.3, -0.2, 0.2]) * thick)
        pen.soft_line(calf, figure.skin_shadow, 1.6, 0.4)
        return
    knee = leg.on([0.528, 0.545, 0.53], np.array([-2.1, -0.3, 1.9]) * thick)
    pen.brush(knee, ink, 0.42, 0.55)
    pen.brush(leg.on([0.49, 0.505], np.array([2.0, 2.3]) * thick), ink, 0.35, 0.4)
    shin = leg.on([0.59, 0.7, 0.86], np.array([1.3, 1.5, 0.8]) * thick)
    pen.soft_line(shin, figure.skin_shadow, 1.7, 0.45)


def _trunk_side(figure: Figure, side: int) -> Line:
    bust, waist, hip = figure.bust, figure.waist, figure.hip
    half = [
        (3.0, 33.0),
        (3.2, 38.4),
        (4.6, 41.2),
        (figure.shoulder - 5, 43.5),
        (figure.shoulder - 1.9, 45.0),
        (figure.shoulder - 2.5, 49.5),
        (bust - 1.2, 55.5),
        (bust, BUST),
        (bust + (waist - bust) * 0.7, 74.0),
        (waist, WAIST),
        (waist + (hip - waist) * 0.55, 93.0),
        (hip, HIP),
        (hip * 0.97, 112.0),
        (hip * 0.6, 121.0),
    ]
    return line(*[(CENTRE + side * x, y) for x, y in half])


def trunk_path(figure: Figure) -> Path:
    """The outline of neck, shoulders and trunk, straight."""
    return joined(_trunk_side(figure, -LEFT), _trunk_side(figure, LEFT)[::-1])


def draw_trunk(pen: Pen, figure: Figure) -> None:
    """Neck, shoulders and trunk."""
    warp = figure.posture.warp
    left, right = warp(_trunk_side(figure, LEFT)), warp(_trunk_side(figure, -LEFT))
    fill_flesh(pen, figure, joined(right, left[::-1]), left[6:-1], right[6:-1])
    pen.brush(left[:5], figure.skin_ink, _OUTLINE * 0.75, 0.9, FALLING)
    pen.brush(right[:5], figure.skin_ink, _OUTLINE * 1.15, 0.9, FALLING)
    posed = pen.posed(warp)
    ink, shadow = figure.skin_ink, figure.skin_shadow
    if figure.back:
        spine = line((CENTRE, 45), (CENTRE + 0.2, 60), (CENTRE, 78))
        posed.soft_line(spine, shadow, 1.6, 0.45)
        for side in SIDES:
            blade = at(CENTRE + side * np.array([4.5, 6.8, 5.6]), [50, 56, 63])
            posed.brush(blade, ink, 0.45, 0.4)
        return
    below_chin = polygon(
        [
            (CENTRE + x, y)
            for x, y in ((-3.3, 32), (3.3, 32), (3.3, 38.8), (0.6, 40.4), (-3.2, 36.6))
        ]
    )
    posed.fill(below_chin, shadow, 0.85)
    for side in SIDES:
        bone = at(CENTRE + side * np.array([1.2, 4.8, 10.0]), [43.0, 42.4, 43.8])
        posed.brush(bone, ink, 0.5, 0.55)
        fold = at(CENTRE + side * np.array([3.4, 6.4, 9.6]), [65.2, 67.4, 65.8])
        posed.brush(fold, ink, 0.4, 0.3)
    muscle = line((CENTRE + 3.0, 35.5), (CENTRE + 1.7, 40), (CENTRE + 0.8, 42.8))
    posed.brush(muscle, ink, 0.35, 0.45)


def _shoulder_contour(figure: Figure, side: int, edge: Line) -> Line:
    """From the trunk over the round of the shoulder into the outer edge of the arm."""
    x = CENTRE + side * np.array([figure.shoulder - 6.0, figure.shoulder - 3.4])
    start = figure.posture.warp(at(x, [43.2, 44.3]))
    return np.concatenate([start, edge[4::2]])


def draw_arm(pen: Pen, figure: Figure, side: int, start: float = FROM_SHOULDER) -> None:
    """A bare arm with its hand, from a place on."""
    arm = figure.arms[side]
    places = shares(25, start, 1.0)
    over = np.clip(0.045 - places, 0.0, 0.09) / 0.09
    half = figure.arm_half(places) * np.sqrt(1 - over**2)
    left, right = arm.on(places, -half), arm.on(places, half)
    outer, inner = (left, right) if side == LEFT else (right, left)
    from_shoulder = start < 0.05  # there the inner edge begins inside the trunk
    fill_limb(pen, figure, (left, right), set_in=from_shoulder)
    shown = _shoulder_contour(figure, side, outer) if from_shoulder else outer[1:]
    hidden = inner[6 if from_shoulder else 1 :]
    outline_limb(pen, figure, *((shown, hidden) if side == LEFT else (hidden, shown)))
    if start < arm.middle:
        hollow = 1.0 if arm.turn > 0 else -1.0
        elbow = arm.on([arm.middle - 0.015, arm.middle + 0.02], np.array([2.4, 1.1]) * -hollow)
        pen.brush(elbow, figure.skin_ink, 0.38, 0.5, FALLING)
    draw_hand(pen, figure, side)
