"""Lines as arrays of complex numbers, x + y * 1j, so that a whole line moves at once.

A line that hangs down has the direction 1j, and its normal -1 points to the left of the page.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.drawing.paths import Path, Point

Line = NDArray[np.complexfloating[Any, Any]]
"""(n,) points along a line."""
Numbers = NDArray[np.floating[Any]]
Warp = Callable[[Line], Line]
"""Where points of a straight piece lie on the page."""

_LONGEST_STRAIGHT = 7.0
_FEW = 90  # paths of more pieces are textures, and their pieces are short


def line(*points: Point) -> Line:
    """The points as a line."""
    return np.array([complex(x, y) for x, y in points])


def at(x: ArrayLike, y: ArrayLike) -> Line:
    """Points of these x and y."""
    return np.asarray(x, dtype=float) + 1j * np.asarray(y, dtype=float)


def point(place: complex) -> Point:
    """A point as x and y."""
    return float(place.real), float(place.imag)


def shares(count: int, start: float = 0.0, end: float = 1.0) -> Numbers:
    """`count` numbers from `start` to `end`, evenly spaced."""
    return start + np.arange(count) * ((end - start) / (count - 1))


def eased(share: ArrayLike) -> Numbers:
    """0..1 to 0..1, slow at both ends; beyond it stays."""
    clipped = np.minimum(np.maximum(share, 0.0), 1.0)
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * clipped))


def between(first: Line, second: Line, share: ArrayLike) -> Line:
    """The points `share` of the way from one line to the other."""
    return np.asarray(first + (second - first) * np.asarray(share))


@lru_cache(maxsize=32)
def _basis(pieces: int) -> Numbers:
    """(4, pieces) weights of four neighbours, after Catmull and Rom."""
    t = np.arange(pieces) / pieces
    cube, square = t**3, t**2
    return 0.5 * np.stack(
        [
            -cube + 2 * square - t,
            3 * cube - 5 * square + 2,
            -3 * cube + 4 * square + t,
            cube - square,
        ]
    )


def smooth(points: Line, pieces: int = 4) -> Line:
    """A smooth line through the points: `pieces` points for each gap, and the last one."""
    if len(points) < 3:
        return between(points[0], points[-1], shares(pieces + 1))
    led = np.concatenate([points[:1], points, points[-1:]])
    neighbours = np.stack([led[:-3], led[1:-2], led[2:-1], led[3:]], axis=1)
    return np.append((neighbours @ _basis(pieces)).ravel(), points[-1])


def normals(points: Line) -> Line:
    """(n,) unit vectors across the line, to the left of one that hangs down."""
    along = np.empty_like(points)
    along[1:-1] = points[2:] - points[:-2]
    along[0], along[-1] = points[1] - points[0], points[-1] - points[-2]
    return np.asarray(1j * along / np.maximum(np.abs(along), 1e-9))


def places(points: Line) -> Numbers:
    """How far along the line each of its points is, 0 to 1."""
    run = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(points)))])
    return np.asarray(run / max(run[-1], 1e-9))


def resampled(points: Line, count: int) -> Line:
    """`count` points evenly along the line."""
    return np.interp(shares(count), places(points), points)


@lru_cache(maxsize=512)
def pressure(count: int, taper: tuple[float, float, float]) -> Numbers:
    """How wide a brush is at each of so many points: at its start, its end, and where fullest."""
    widths = tapered(shares(count), *taper)
    widths.flags.writeable = False
    return widths


def without_loops(points: Line) -> Line:
    """The line where it crosses itself cut short: an edge in the hollow of a bend."""
    start, step = points[:-1], np.diff(points)
    apart = start[None, :] - start[:, None]
    cross = (np.conj(step[:, None]) * step[None, :]).imag
    safe = np.where(np.abs(cross) < 1e-9, 1.0, cross)
    here = (np.conj(apart) * step[None, :]).imag / safe
    there = (np.conj(apart) * step[:, None]).imag / safe
    meets = (here > 0) & (here < 1) & (there > 0) & (there < 1) & (np.abs(cross) >= 1e-9)
    pairs = np.argwhere(np.triu(meets, 2))
    if not len(pairs):
        return points
    first, last = (int(number) for number in pairs[0])
    crossing = start[first] + step[first] * here[first, last]
    return np.concatenate([points[: first + 1], [crossing], points[last + 1 :]])


def tapered(share: Numbers, start: float, end: float, belly: float) -> Numbers:
    """Widths of a brush along its stroke: `start` and `end` at the ends, 1 at `belly`."""
    before = start + (1 - start) * eased(share / max(belly, 1e-6))
    after = 1 + (end - 1) * eased((share - belly) / max(1 - belly, 1e-6))
    return np.where(share < belly, before, after)


def _numbers(points: Line) -> tuple[float, ...]:
    return tuple(np.ascontiguousarray(points).view(np.float64).tolist())


def _cubics(led: Line) -> Line:
    """Control points of curves through all but the first and the last point, (n, 3) in a row."""
    b, c = led[1:-2], led[2:-1]
    controls = np.empty((len(b), 3), dtype=complex)
    controls[:, 0] = b + (c - led[:-3]) / 6
    controls[:, 1] = c - (led[3:] - b) / 6
    controls[:, 2] = c
    return controls.ravel()


def through(points: Line) -> Path:
    """A smooth open path through the points."""
    led = np.concatenate([points[:1], points, points[-1:]])
    return Path("M" + "C" * (len(points) - 1), _numbers(np.append(points[:1], _cubics(led))))


def round_through(points: Line) -> Path:
    """A smooth closed path through the points."""
    led = np.concatenate([points[-1:], points, points[:2]])
    return Path("M" + "C" * len(points) + "Z", _numbers(np.append(points[:1], _cubics(led))))


def joined(*runs: Line) -> Path:
    """A closed path of smooth runs; corners where they meet stay sharp."""
    verbs: list[str] = []
    parts: list[Line] = []
    for run in runs:
        verbs.append("L" if verbs else "M")
        parts.append(run[:1])
        if len(run) > 1:
            verbs.append("C" * (len(run) - 1))
            parts.append(_cubics(np.concatenate([run[:1], run, run[-1:]])))
    return Path("".join(verbs) + "Z", _numbers(np.concatenate(parts)))


def chain(points: Line, closed: bool = False) -> Path:
    """Straight lines from point to point."""
    verbs = "M" + "L" * (len(points) - 1)
    return Path(verbs + "Z" if closed else verbs, _numbers(points))


def many(pieces: Line, closed: bool = False) -> Path:
    """(n, m) n short chains of m points each, as one path."""
    count, length = pieces.shape
    verbs = "M" + "L" * (length - 1) + ("Z" if closed else "")
    return Path(verbs * count, _numbers(pieces.ravel()))


def stamped(motif: Path, centres: Line, turns: ArrayLike) -> Path:
    """The motif round each of the centres, as one path.

    Args:
        motif: round the origin.
        centres: (n,) where.
        turns: (n,) or one number: complex factors, which turn the motif and scale it.
    """
    shape = np.array(motif.numbers).view(np.complex128)
    factors = np.broadcast_to(np.asarray(turns), centres.shape)
    placed = centres[:, None] + factors[:, None] * shape[None, :]
    return Path(motif.verbs * len(centres), _numbers(placed.ravel()))


def curve_between(first: Line, last: Line, count: int) -> Line:
    """`count` points of a curve from the end of one line to the start of another.

    It leaves the one as that ends, and comes to the other as that begins.
    """
    start, end = first[-1], last[0]
    reach = abs(end - start) * 0.38
    leaving, coming = start - first[-2], last[1] - end
    one = start + leaving / max(abs(leaving), 1e-9) * reach
    other = end - coming / max(abs(coming), 1e-9) * reach
    t = shares(count + 2)[1:-1]
    near = (1 - t) ** 2 * ((1 - t) * start + 3 * t * one)
    return np.asarray(near + t**2 * (3 * (1 - t) * other + t * end))


def ribbon(points: Line, widths: ArrayLike) -> Path:
    """The outline of a line of varying width."""
    return two_sided(points, normals(points) * (np.asarray(widths) / 2))


def two_sided(points: Line, across: Line) -> Path:
    """The outline of a line whose two edges lie `across` to its left and to its right."""
    count = len(points)
    sides = np.empty((2, count + 2), dtype=complex)
    sides[0, 1:-1] = points + across
    sides[1, 1:-1] = (points - across)[::-1]
    sides[:, 0], sides[:, -1] = sides[:, 1], sides[:, -2]
    b, c = sides[:, 1:-2], sides[:, 2:-1]
    runs = np.empty((2, 3 * count - 2), dtype=complex)
    runs[:, 0] = sides[:, 1]
    runs[:, 1::3] = b + (c - sides[:, :-3]) / 6
    runs[:, 2::3] = c - (sides[:, 3:] - b) / 6
    runs[:, 3::3] = c
    curves = "C" * (count - 1)
    return Path(f"M{curves}L{curves}Z", _numbers(runs.ravel()))


def warped(path: Path, warp: Warp) -> Path:
    """The path with all of its points moved; long straight lines may bend."""
    if len(path.verbs) < _FEW and ("L" in path.verbs or "Z" in path.verbs):
        path = _divided(path)
    moved = warp(np.array(path.numbers).view(np.complex128))
    return Path(path.verbs, _numbers(moved))


def shifted(path: Path, right: float, down: float) -> Path:
    """The path a little aside."""
    moved = np.array(path.numbers).view(np.complex128) + complex(right, down)
    return Path(path.verbs, _numbers(moved))


def _divided(path: Path) -> Path:
    """The same shape with no straight line longer than what may bend."""
    verbs: list[str] = []
    numbers: list[float] = []
    here = start = (0.0, 0.0)
    for verb, given in path.segments():
        there = start if verb == "Z" else (given[-2], given[-1])
        if verb in "LZ":
            dx, dy = there[0] - here[0], there[1] - here[1]
            count = max(1, int((abs(dx) + abs(dy)) / _LONGEST_STRAIGHT))
            for step in range(1, count + 1 if verb == "L" else count):
                verbs.append("L")
                numbers += (here[0] + dx * step / count, here[1] + dy * step / count)
        else:
            verbs.append(verb)
            numbers += given
        if verb == "Z":
            verbs.append(verb)
        if verb == "M":
            start = there
        here = there
    return Path("".join(verbs), tuple(numbers))


def within(points: Line, path: Path, room: float = 0.0) -> NDArray[np.bool_]:
    """Which points lie in a closed shape, `room` or more from its edge.

    A negative `room` counts those that lie beside it by as little, too.
    """
    ends = [given[-2:] for verb, given in path.segments() if verb != "Z"]
    edge = np.array([complex(*end) for end in ends])
    step = np.roll(edge, -1) - edge
    step = np.where(np.abs(step) < 1e-6, 1e-6, step)
    away = points[:, None] - edge
    share = np.clip((away * np.conj(step)).real / np.abs(step) ** 2, 0.0, 1.0)
    beside = np.abs(away - share * step).min(axis=1)
    low, high = edge.imag, edge.imag + step.imag
    y = points.imag[:, None]
    level = np.where(np.abs(step.imag) < 1e-9, 1e-9, step.imag)
    crossing = edge.real + (y - low) / level * step.real
    crossed = ((low <= y) != (high <= y)) & (crossing > points.real[:, None])
    inside = crossed.sum(axis=1) % 2 == 1
    return np.asarray(inside & (beside >= room) if room >= 0 else inside | (beside < -room))


def corner_runs(points: Line, sharpest: float = 36.0) -> list[Line]:
    """The line in pieces that meet at its corners of more than so many degrees."""
    if len(points) < 3:
        return [points]
    steps = np.diff(points)
    turns = np.abs(np.degrees(np.angle(steps[1:] / steps[:-1])))
    cuts = [0, *(np.nonzero(turns > sharpest)[0] + 1).tolist(), len(points) - 1]
    return [points[a : b + 1] for a, b in pairwise(cuts)]


def of_points(points: Iterable[Point]) -> Line:
    """A line of points given as x and y."""
    return line(*points)


def as_points(points: Line) -> Sequence[Point]:
    """The line as points of x and y."""
    return list(zip(points.real.tolist(), points.imag.tolist(), strict=True))


def ribbons(lines: Line, widths: ArrayLike) -> Path:
    """(n, m) n lines of m points as ribbons of widths (n, m), all in one path."""
    along = np.gradient(lines, axis=1)
    across = 1j * along / np.maximum(np.abs(along), 1e-9) * (np.asarray(widths) / 2)
    return many(np.concatenate([lines + across, (lines - across)[:, ::-1]], axis=1), closed=True)
