"""Choosing the best few of many designs, so that they are good and not all alike."""

from collections.abc import Sequence
from statistics import fmean, pstdev

DIVERSITY = 0.5
"""What being unlike those already chosen counts, against the score; both in standard deviations."""


def choose_best(
    scores: Sequence[float], similarities: Sequence[Sequence[float]] | None, count: int
) -> tuple[int, ...]:
    """Choose one after another: a high score, and little likeness to those chosen before.

    This is maximal marginal relevance, on standardised numbers.

    Args:
        scores: of each design; higher is better.
        similarities: of each design with each other, higher is more alike; None leaves that out.
        count: how many to choose, 1 to as many as there are.

    Returns:
        Their places, in the order of the designs.
    """
    worth = _standardised(scores)
    alike = None
    if similarities is not None and len(scores) > 1:
        size = len(scores)
        pairs = [similarities[i][j] for i in range(size) for j in range(size) if i != j]
        mean, spread = fmean(pairs), pstdev(pairs) or 1.0
        alike = [[(value - mean) / spread for value in row] for row in similarities]
    chosen: list[int] = []
    while len(chosen) < count:
        left = [place for place in range(len(scores)) if place not in chosen]
        chosen.append(max(left, key=lambda place: worth[place] - _likeness(alike, place, chosen)))
    return tuple(sorted(chosen))


def _likeness(alike: Sequence[Sequence[float]] | None, place: int, chosen: Sequence[int]) -> float:
    if alike is None or not chosen:
        return 0.0
    return DIVERSITY * max(alike[place][other] for other in chosen)


def _standardised(numbers: Sequence[float]) -> list[float]:
    mean, spread = fmean(numbers), pstdev(numbers) or 1.0
    return [(number - mean) / spread for number in numbers]
