"""Bare skin: legs, trunk and arms."""

import numpy as np

from studio.drawing.figure import BUST, CENTRE, HIP, LEFT, SIDES, WAIST, Figure
from studio.drawing.hands import draw_hand
from studio.drawing.lines import Line, at, between, curve_between, eased, joined, line, shares
from studio.drawing.paths import Path, polygon
from studio.drawing.pen import EVEN, FALLING, Pen, Taper

FROM_SHOULDER = -0.045
"""The place of an arm at the top of the shoulder."""
_OUTLINE = 0.62
_SIDE = Taper(0.35, 0.35)
_ARMPIT = 6
"""The point of a trunk's side where the arm leaves it."""
BARE_LEG = 0.03
"""The place from which a leg is drawn below a swimsuit: the hips grow into it."""
_FREE = 0.3
"""The place from which an arm is free of the trunk."""


def _fill_sides(pen: Pen, figure: Figure, edges: tuple[Line, Line], gently: bool = False) -> None:
    """The shade along the right side of skin and the light along its left one.

    Where `gently`, both begin slowly: a limb grows out of the trunk there.
    """
    left, right = edges
    begun = np.minimum(np.arange(len(left)) / 6, 1.0) if gently else np.ones(len(left))
    for share, alpha in ((0.3, 0.3), (0.16, 0.4)):
        inner = right + (left - right) * share * begun
        pen.fill(joined(right, inner[::-1]), figure.skin_shadow, alpha)
    lit = between(left, right, 0.27 - 0.13 * begun), between(left, right, 0.27 + 0.13 * begun)
    pen.fill(joined(lit[0], lit[1][::-1]), figure.skin_light, 0.6)


def fill_limb(pen: Pen, figure: Figure, edges: tuple[Line, Line], gently: bool = False) -> None:
    """A bare limb between its edges: shaded along its right side, lit along its left one."""
    left, right = edges
    pen.fill(joined(left, right[::-1]), figure.skin)
    _fill_sides(pen, figure, edges, gently)


def outline_limb(pen: Pen, figure: Figure, left: Line, right: Line, start: float = 0.7) -> None:
    """The contours of a bare limb, heavier on the right; they begin `start` times as wide."""
    pen.brush(left, figure.skin_ink, _OUTLINE * 0.8, 0.95, Taper(start, 0.75))
    pen.brush(right, figure.skin_ink, _OUTLINE * 1.25, 0.95, Taper(start, 0.75))


def leg_sides(figure: Figure, side: int, start: float, end: float) -> tuple[Line, Line]:
    """The left and the right edge of a bare leg."""
    places = shares(19, start, end)
    left, right = figure.leg_bounds(side, places)
    leg = figure.legs[side]
    return leg.on(places, -left), leg.on(places, right)


def draw_leg(pen: Pen, figure: Figure, side: int, start: float = -0.02) -> None:
    """A bare leg down to the ankle, from a place on."""
    left, right = leg_sides(figure, side, start, 0.99)
    fill_limb(pen, figure, (left, right), gently=start == BARE_LEG)
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
        (waist + (hip - waist) * 0.45, 93.0),
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
    pen.fill(joined(right, left[::-1]), figure.skin)
    posed = pen.posed(warp)
    posed.glow(CENTRE - 4.0, 50.0, (9.0, 8.0), figure.skin_light, 0.55)
    flank = right[_ARMPIT:-1]
    deep = 0.16 * (1 - eased(shares(len(flank), -3.0)))  # at the hip the leg's own shade begins
    pen.fill(joined(flank, between(flank, left[_ARMPIT:-1], deep)[::-1]), figure.skin_shadow, 0.55)
    for edge, weight in ((left, 0.75), (right, 1.2)):
        pen.brush(edge[_ARMPIT:-1], figure.skin_ink, _OUTLINE * weight, 0.9, _SIDE)
        pen.brush(edge[:5], figure.skin_ink, _OUTLINE * weight, 0.9, FALLING)
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


def draw_hips(pen: Pen, figure: Figure) -> None:
    """The contour from the waist into legs that begin at `BARE_LEG`, with nothing over it."""
    places = BARE_LEG + np.array([0.0, 0.03, 0.07])
    for side in SIDES:
        trunk = figure.posture.warp(_trunk_side(figure, side)[9:11])
        half = figure.leg_bounds(side, places)[0 if side == LEFT else 1]
        outer = figure.legs[side].on(places, side * half)
        edge = np.concatenate([trunk, curve_between(trunk, outer, 5), outer])
        pen.fill(joined(edge, (edge - complex(side * 6.0))[::-1]), figure.skin)
        ending = 1 - 0.8 * eased(shares(len(edge)))  # the leg's own shade begins below
        if side != LEFT:
            for reach, alpha in ((5.0, 0.3), (2.7, 0.4)):
                inner = edge - reach * ending
                pen.fill(joined(edge, inner[::-1]), figure.skin_shadow, alpha)
        weight = 0.75 if side == LEFT else 1.2
        pen.brush(edge, figure.skin_ink, _OUTLINE * weight, 0.9, EVEN)


def _armhole_of_trunk(figure: Figure, side: int) -> Line:
    """Where a bare arm grows out of the trunk, from the shoulder down to the armpit."""
    x = figure.shoulder - np.array([6.0, 4.8, 4.2])
    x = np.append(x, figure.bust - 1.2)
    return figure.posture.warp(at(CENTRE + side * x, [43.2, 47.5, 53.0, 58.6]))


def draw_arm(
    pen: Pen,
    figure: Figure,
    side: int,
    start: float = FROM_SHOULDER,
    armhole: Line | None = None,
    underarm: complex | None = None,
) -> None:
    """A bare arm with its hand, from a place on.

    Args:
        pen: draws on the page.
        figure: whose arm it is.
        side: of the page.
        start: the place where it begins.
        armhole: of the garment that the arm comes out of, on the page, from the shoulder down to
            the armpit; an arm that begins at the shoulder grows out of the trunk without one.
        underarm: where it leaves the trunk, on the page, if a garment without armholes ends there.
    """
    arm = figure.arms[side]
    if start < 0.05:
        _draw_whole_arm(pen, figure, side, armhole, underarm)
    else:
        places = shares(25, start, 1.0)
        half = figure.arm_half(places)
        left, right = arm.on(places, -half), arm.on(places, half)
        fill_limb(pen, figure, (left, right))
        outline_limb(pen, figure, left[1:], right[1:])
    if start < arm.middle:
        hollow = 1.0 if arm.turn > 0 else -1.0
        elbow = arm.on([arm.middle - 0.015, arm.middle + 0.02], np.array([2.4, 1.1]) * -hollow)
        pen.brush(elbow, figure.skin_ink, 0.38, 0.5, FALLING)
    draw_hand(pen, figure, side)


def _draw_whole_arm(
    pen: Pen, figure: Figure, side: int, armhole: Line | None, underarm: complex | None
) -> None:
    """From the round of the shoulder on: one shape with the trunk, or with an armhole's edge."""
    arm = figure.arms[side]
    grown_from = _armhole_of_trunk(figure, side) if armhole is None else armhole
    if underarm is not None:
        grown_from = np.append(grown_from[:-1], underarm)
    pit = grown_from[-1]
    rounded = np.concatenate([[0.025, 0.07], shares(21, 0.12, 1.0)])
    half = figure.arm_half(rounded) * np.concatenate([[0.84, 0.97], np.ones(21)])
    edge = arm.on(rounded, side * half)
    if armhole is None:
        top = figure.posture.warp(at(CENTRE + side * (figure.shoulder - 2.9), [44.5]))
        outer = np.concatenate([grown_from[:1], top, edge])
    else:
        outer = np.concatenate([grown_from[:1], edge])
    shown = shares(17, _FREE, 1.0)
    lower = arm.on(shown, -side * figure.arm_half(shown))
    bend = curve_between(np.array([pit - arm.along(0.1), pit]), lower, 3)
    inner = np.concatenate([[pit], bend, lower])
    shape = joined(outer, inner[::-1], grown_from[::-1])
    pen.fill(shape, figure.skin)
    places = shares(22, 0.05, 1.0)
    half = figure.arm_half(places) * side
    edges = arm.on(places, half), arm.on(places, -half)
    with pen.inside(shape):
        _fill_sides(pen, figure, edges if side == LEFT else edges[::-1], gently=True)
        pen.soft_line(np.array([pit, *bend]), figure.skin_shadow, 2.4, 0.5, FALLING)
        if armhole is not None:
            pen.soft_line(armhole, figure.skin_shadow, 2.2, 0.6, EVEN)
    if armhole is None:  # the crease where the arm lies against the chest
        crease = between(grown_from[-2], grown_from[-1], np.array([0.1, 0.55, 1.0]))
        pen.brush(crease, figure.skin_ink, 0.42, 0.6, Taper(0.0, 0.9, 0.8))
    contours = (outer, inner) if side == LEFT else (inner, outer)
    outline_limb(pen, figure, *contours)
