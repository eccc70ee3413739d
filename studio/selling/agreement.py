"""Experts' ratings (Table 6): how they agree, and what they give to either kind of picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from nltk.metrics.agreement import AnnotationTask

ASPECTS = ("material", "model realism", "craft", "pattern", "aesthetics", "colour")
SCORES = (0, 1, 2)
DRAWS = 300
_SEED = 20_261_129

Rating = tuple[str, int, int]
"""(rater, item, score)."""


@dataclass(frozen=True)
class Agreement:
    """How raters agree on an aspect.

    Attributes:
        alpha: Krippendorff's, for ordered scores; None where there is nothing to measure.
        low: of its 95 % interval, by a bootstrap over items; None likewise.
        high: likewise.
        reason: why there is none: "one rater", "no disagreement", or empty.
    """

    alpha: float | None
    low: float | None
    high: float | None
    reason: str


def agreement(ratings: Sequence[Rating]) -> Agreement:
    """How raters agree; items that one rater alone has seen tell nothing.

    Args:
        ratings: of one aspect; any may be missing.
    """
    by_item: dict[int, list[Rating]] = {}
    for each in ratings:
        by_item.setdefault(each[1], []).append(each)
    paired = [some for some in by_item.values() if len({rater for rater, _, _ in some}) > 1]
    if not paired:
        return Agreement(None, None, None, "one rater")
    found = krippendorff_alpha(paired)
    if found is None:
        return Agreement(None, None, None, "no disagreement")
    rng = np.random.default_rng(_SEED)
    drawn = [
        alpha
        for _ in range(DRAWS)
        if (
            alpha := krippendorff_alpha(
                [paired[i] for i in rng.integers(len(paired), size=len(paired))]
            )
        )
        is not None
    ]
    low, high = np.quantile(drawn, [0.025, 0.975]) if drawn else (found, found)
    return Agreement(found, float(low), float(high), "")


def krippendorff_alpha(
    items: Sequence[Sequence[Rating]], levels: Sequence[int] = SCORES
) -> float | None:
    """Krippendorff's alpha with the distance of ordered scores; None where all scores are equal.

    Args:
        items: the ratings of each item; the same item may be there more than once.
        levels: the scores that there are, in order.
    """
    counts = dict.fromkeys(levels, 0)
    for some in items:
        for _, _, score in some:
            counts[score] += 1
    if sum(count > 0 for count in counts.values()) < 2:
        return None

    def ordinal(one: int, other: int) -> float:
        low, high = min(one, other), max(one, other)
        between = sum(counts[score] for score in levels if low <= score <= high)
        return float((between - (counts[low] + counts[high]) / 2) ** 2) if low != high else 0.0

    data = [(rater, place, score) for place, some in enumerate(items) for rater, _, score in some]
    return float(AnnotationTask(data, distance=ordinal).alpha())


@dataclass(frozen=True)
class Line:
    """A line of the table: an aspect, and the mean score of either kind of picture.

    Attributes:
        ai: of pictures made with AI; None where none was rated.
        human: of the others; likewise.
    """

    aspect: str
    ai: float | None
    human: float | None
    agreement: Agreement


def table(ratings: Mapping[str, Sequence[Rating]], is_ai: Mapping[int, bool]) -> tuple[Line, ...]:
    """Table 6: aspect by aspect, each item counted alike however many have rated it.

    Args:
        ratings: aspect -> its ratings.
        is_ai: item -> whether it was made with AI.
    """
    return tuple(
        Line(
            aspect,
            _mean_of(ratings.get(aspect, ()), is_ai, True),
            _mean_of(ratings.get(aspect, ()), is_ai, False),
            agreement(ratings.get(aspect, ())),
        )
        for aspect in ASPECTS
    )


def _mean_of(ratings: Sequence[Rating], is_ai: Mapping[int, bool], wanted: bool) -> float | None:
    scores: dict[int, list[int]] = {}
    for _, item, score in ratings:
        if is_ai[item] == wanted:
            scores.setdefault(item, []).append(score)
    means = [sum(some) / len(some) for some in scores.values()]
    return sum(means) / len(means) if means else None
