"""Keeping words apart: labels in a column, letters on lines, and what crosses what."""

from collections.abc import Sequence
from itertools import pairwise

from studio.drawing.paths import Box


def spread(wanted: Sequence[float], heights: Sequence[float], gap: float) -> list[float]:
    """Middles of labels in a column, as near to where they are wanted as possible.

    Least squares under the condition that none touches the next: labels that would are moved
    together as one block (pool adjacent violators).

    Args:
        wanted: middle of each, from the top down; they need not grow.
        heights: of each label.
        gap: between labels.

    Source: Barlow et al., Statistical Inference under Order Restrictions (1972), isotonic
    regression.
    """
    steps = [0.0]
    for above, below in pairwise(heights):
        steps.append(steps[-1] + (above + below) / 2 + gap)
    blocks: list[tuple[float, int]] = []  # mean of what remains without the steps, and how many
    for want, step in zip(wanted, steps, strict=True):
        mean, count = want - step, 1
        while blocks and blocks[-1][0] > mean:
            before, more = blocks.pop()
            mean = (mean * count + before * more) / (count + more)
            count += more
        blocks.append((mean, count))
    places = [mean for mean, count in blocks for _ in range(count)]
    return [place + step for place, step in zip(places, steps, strict=True)]


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def grown(box: Box, by: float) -> Box:
    """The box with so much room on every side."""
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def meets(box: Box, start: complex, end: complex) -> bool:
    """Whether a straight line goes through a box."""
    low, high = 0.0, 1.0
    step = end - start
    for place, move, least, most in (
        (start.real, step.real, box[0], box[2]),
        (start.imag, step.imag, box[1], box[3]),
    ):
        if abs(move) < 1e-9:
            if not least < place < most:
                return False
            continue
        near, far = sorted(((least - place) / move, (most - place) / move))
        low, high = max(low, near), min(high, far)
    return low < high


def cross(one: tuple[complex, complex], other: tuple[complex, complex]) -> bool:
    """Whether two straight lines cross between their ends."""
    return _apart(one, other) and _apart(other, one)


def _apart(line: tuple[complex, complex], ends: tuple[complex, complex]) -> bool:
    """Whether the ends lie on both sides of the line."""
    way = line[1] - line[0]
    turns = [(way.conjugate() * (end - line[0])).imag for end in ends]
    return turns[0] * turns[1] < 0
