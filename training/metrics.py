"""How well scores put a store's ticked images first: MAP and GAUC, with intervals over stores.

Both are computed per group and averaged over the groups that have ticked and unticked images.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.domain import StudioError
from training.results import Figure, bootstrap

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class ScoresError(StudioError):
    """Scores that are no numbers."""


@dataclass(frozen=True)
class GroupMetrics:
    """Metrics of each informative group.

    Attributes:
        gauc: (G,) share of pairs of a ticked and an unticked image in the right order.
        average_precision: (G,) mean over ticked images of the precision at their rank.
        stores: (G,) the store of each group.
    """

    gauc: Floats
    average_precision: Floats
    stores: tuple[str, ...]

    def means(self) -> dict[str, float]:
        """Both metrics, averaged over the groups; empty where there are none."""
        if not self.stores:
            return {}
        return {"gauc": float(self.gauc.mean()), "map": float(self.average_precision.mean())}


def group_auc(scores: Floats, chosen: Flags) -> float:
    """Share of pairs (ticked, unticked) in which the ticked image scores higher; a tie is half.

    Args:
        scores: (N,) one group.
        chosen: (N,) with at least one True and one False.
    """
    difference = scores[chosen][:, None] - scores[~chosen][None, :]
    return float(np.mean((difference > 0) + 0.5 * (difference == 0)))


def average_precision(scores: Floats, chosen: Flags) -> float:
    """Mean over ticked images of the precision at their rank; ties are in random order.

    For images of equal score this is the expected value over all orders among them, so that
    with two images and one tick it is always (1 + AUC) / 2.

    Args:
        scores: (N,) one group.
        chosen: (N,) with at least one True.
    """
    total = 0.0
    for value in np.unique(scores[chosen]):
        level, above = scores == value, scores > value
        tied, ticked = int(level.sum()), int((level & chosen).sum())
        ranks = np.arange(tied)  # places among the tied, from 0
        ticked_before = ranks * (ticked - 1) / max(tied - 1, 1)  # on average
        precisions = ((above & chosen).sum() + 1 + ticked_before) / (above.sum() + 1 + ranks)
        total += ticked * float(precisions.mean())
    return total / int(chosen.sum())


def group_metrics(
    scores: Sequence[Floats], chosen: Sequence[Flags], stores: Sequence[str]
) -> GroupMetrics:
    """Both metrics for each group that has ticked and unticked images; others are left out.

    Raises:
        ScoresError: a score is no number, so nothing can be said of its order.
    """
    bad = sum(not bool(np.isfinite(score).all()) for score in scores)
    if bad:
        raise ScoresError(
            f"The scores of {bad} of {len(scores)} rounds are no numbers, so they have no order. "
            "Whatever gave them is broken: a model that was trained at too high a rate, or in too "
            "low a precision. Train it again, more gently."
        )
    rows = [
        (group_auc(score, ticks), average_precision(score, ticks), store)
        for score, ticks, store in zip(scores, chosen, stores, strict=True)
        if ticks.any() and not ticks.all()
    ]
    return GroupMetrics(
        gauc=np.array([row[0] for row in rows]),
        average_precision=np.array([row[1] for row in rows]),
        stores=tuple(row[2] for row in rows),
    )


def bootstrap_over_stores(values: Floats, stores: Sequence[str], seed: int = 0) -> Figure:
    """The mean over groups, and its 95% interval when other stores had been asked.

    Whole stores are drawn, with all of their groups, because groups of one store are alike.

    Args:
        values: (G,) one number per group.
        stores: (G,) whose group it is.
        seed: of the resampling.
    """
    names, rows = np.unique(np.asarray(stores), return_inverse=True)
    sums = np.bincount(rows, weights=values, minlength=len(names))
    counts = np.bincount(rows, minlength=len(names))

    def mean_over_groups(drawn: Floats) -> float:
        return float(drawn[:, 0].sum() / drawn[:, 1].sum())

    return bootstrap(np.stack([sums, counts], axis=1), mean_over_groups, seed)
