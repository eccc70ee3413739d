"""Bent limbs, for arms and legs and for the sleeves and trouser legs round them."""

from collections.abc import Callable, Sequence

from studio.drawing.paths import Path, Point, curve

Joints = tuple[Point, Point, Point]
"""E.g. shoulder, elbow, wrist."""
HalfWidth = Callable[[float], float]
"""Half of a width at a place."""

_STEPS = 12


def bend(joints: Joints) -> Callable[[float], tuple[Point, Point]]:
    """The quadratic curve that bends round the middle joint.

    Returns:
        place -> (position, direction). Place 0 is the first joint and 1 the last; outside of
        that the curve goes on straight. The direction has length 1.
    """
    (ax, ay), (bx, by), (cx, cy) = joints
    # The control point makes the curve pass through the middle joint at one half.
    kx, ky = 2 * bx - (ax + cx) / 2, 2 * by - (ay + cy) / 2

    def at(place: float) -> tuple[Point, Point]:
        t = min(max(place, 0.0), 1.0)
        rest = 1 - t
        first, middle, last = rest**2, 2 * t * rest, t * t
        x = first * ax + middle * kx + last * cx
        y = first * ay + middle * ky + last * cy
        dx = 2 * rest * (kx - ax) + 2 * t * (cx - kx)
        dy = 2 * rest * (ky - ay) + 2 * t * (cy - ky)
        length = (dx * dx + dy * dy) ** 0.5 or 1.0
        beyond = place - t
        return (x + dx * beyond, y + dy * beyond), (dx / length, dy / length)

    return at


def edges(
    joints: Joints, half_width: HalfWidth, start: float, end: float
) -> list[tuple[Point, Point]]:
    """Pairs of opposite edge points along a bent limb.

    Args:
        joints: what the limb bends round.
        half_width: half of the limb's width at a place 0 (first joint) to 1 (last joint).
        start: first place, 0..1.
        end: last place; beyond 1 goes on straight.

    Returns:
        (left, right) edge points at 13 places from `start` to `end`.
    """
    at = bend(joints)
    pairs = []
    for step in range(_STEPS + 1):
        place = start + (end - start) * step / _STEPS
        (x, y), (dx, dy) = at(place)
        half = half_width(place)
        pairs.append(((x + dy * half, y - dx * half), (x - dy * half, y + dx * half)))
    return pairs


def outline(pairs: Sequence[tuple[Point, Point]]) -> Path:
    """The closed smooth path round a limb's edge points."""
    there = curve([pair[0] for pair in pairs])
    return there.led_on(curve([pair[1] for pair in reversed(pairs)])).closed()
