"""Figures of the compared generators: Table 3, Figure 6, and what is expected of PerFusion."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.evaluation.contenders import DPO, PERFUSION, PLAIN
from training.evaluation.judged import Judged
from training.evaluation.panel import NOT_ASKED
from training.results import Figure, bootstrap

Floats = NDArray[np.float64]
Figures = dict[str, Figure]

WITHOUT_BOTH = "without_both"
"""Fig. 6 without network and group objective: the same generator as Diffusion-DPO."""
BEST = "_best"
"""Row of the candidates that the reward model likes best, one of each group."""


@dataclass(frozen=True)
class Judgements:
    """Everything that is known of the compared images.

    Attributes:
        contenders: name -> judgements (K, S, P, N, ...).
        tastes: (S, A) true tastes, see `Panel.tastes`.
        asked: (K, P, F) asked values, or NOT_ASKED.
        new: (S,) stores that training never saw; they have figures of their own.
    """

    contenders: Mapping[str, Judged]
    tastes: Floats
    asked: NDArray[np.int16]
    new: NDArray[np.bool_]

    def of(self, chosen: NDArray[np.bool_]) -> "Judgements":
        """Only some stores."""
        return Judgements(
            {name: each.of_stores(chosen) for name, each in self.contenders.items()},
            self.tastes[chosen],
            self.asked,
            self.new[chosen],
        )


def all_figures(judgements: Judgements) -> Figures:
    """All figures whose contenders are there; intervals are by bootstrap over stores.

    Figures of stores that training never saw are told apart and no part of the others.
    """
    known = judgements.of(~judgements.new)
    rows = table_rows(known.contenders)
    figures = {
        **_table(rows, known.tastes),
        **_wins(rows, known.tastes),
        **_reading(rows, known.asked),
        **_swaps(known),
    }
    if judgements.new.any():
        new = judgements.of(judgements.new)
        wins = _wins(table_rows(new.contenders), new.tastes)
        figures |= {f"{key}_new_stores": figure for key, figure in wins.items() if _shown(key)}
    return figures


def table_rows(contenders: Mapping[str, Judged]) -> dict[str, Judged]:
    """The contenders, and plain and PerFusion with the best of each group only."""
    rows = dict(contenders)
    for name in (PLAIN, PERFUSION):
        if name in contenders and contenders[name].scores.shape[-1] > 1:
            rows[f"{name}{BEST}"] = contenders[name].best()
    if DPO in contenders:
        rows[WITHOUT_BOTH] = contenders[DPO]
    return rows


def win_rate(ours: Floats, theirs: Floats) -> Figure:
    """How often one image is better than the other for the same question; a tie is half a win.

    Args:
        ours: (K, S, P, N) any measure.
        theirs: (K, S, P, N) of the same seeds, stores, prompts and candidates.
    """
    return over_stores((ours > theirs) + 0.5 * (ours == theirs))


def over_stores(values: Floats) -> Figure:
    """The mean of (K, S, ...) values, and the interval in which it would fall for other stores."""
    return bootstrap(np.moveaxis(values, 1, 0).reshape(values.shape[1], -1).mean(axis=1))


def swap_wins(perfusion: Judged, tastes: Floats) -> Floats:
    """(S,) how often a store likes its own image better than another store's.

    Both images are of the same prompt and seed; every other store is asked about, and a tie is
    half.

    Args:
        perfusion: (K, S, P, N, ...) judgements.
        tastes: (S, A) of the same stores.
    """
    liked = np.moveaxis(perfusion.utilities(tastes), -1, 0)  # (S judging, K, S drawn for, P, N)
    own = perfusion.own_utilities(tastes)  # (K, S, P, N)
    wins = []
    for store, judged in enumerate(liked):
        others = np.delete(judged, store, axis=1)  # (K, S - 1, P, N)
        mine = own[:, store : store + 1]
        wins.append(((mine > others) + 0.5 * (mine == others)).mean())
    return np.array(wins)


def _table(rows: Mapping[str, Judged], tastes: Floats) -> Figures:
    figures: Figures = {}
    for name, row in rows.items():
        figures[f"true_utility_{name}"] = over_stores(row.own_utilities(tastes))
        figures[f"score_{name}"] = over_stores(row.scores.astype(np.float64))
        figures[f"consistency_{name}"] = over_stores(row.consistency.astype(np.float64))
        figures[f"aesthetic_{name}"] = over_stores(row.aesthetics.astype(np.float64))
        if row.scores.shape[-1] > 1:
            figures[f"diversity_{name}"] = over_stores(row.diversity())
    return figures


def _wins(rows: Mapping[str, Judged], tastes: Floats) -> Figures:
    """Everything against plain, and PerFusion against everything."""
    measures = {
        "true_utility": {name: row.own_utilities(tastes) for name, row in rows.items()},
        "score": {name: row.scores.astype(np.float64) for name, row in rows.items()},
    }
    single = [name for name in rows if not name.endswith(BEST)]
    pairs = [(name, PLAIN) for name in single if name not in (PLAIN, PERFUSION)]
    pairs += [(PERFUSION, name) for name in single if name != PERFUSION]
    pairs += [(f"{name}{BEST}", PLAIN) for name in (PLAIN, PERFUSION)]
    pairs += [(f"{PERFUSION}{BEST}", f"{PLAIN}{BEST}")]
    figures: Figures = {}
    for measure, values in measures.items():
        for one, other in pairs:
            if one in values and other in values:
                # The best of a group meets the first of the other's, drawn from the same seed.
                count = min(values[one].shape[-1], values[other].shape[-1])
                ours, theirs = values[one][..., :count], values[other][..., :count]
                figures[f"win_{measure}_{one}_vs_{other}"] = win_rate(ours, theirs)
    return figures


def _reading(rows: Mapping[str, Judged], asked: NDArray[np.int16]) -> Figures:
    """Share of the asked attributes that the reader finds, and PerFusion's over plain's."""
    wanted = asked[:, None, :, None, :]  # (K, 1, P, 1, F)
    counts = {}
    for name, row in rows.items():
        right = (row.readings == wanted) & (wanted != NOT_ASKED)
        total = np.broadcast_to(wanted != NOT_ASKED, right.shape)
        counts[name] = np.stack(
            [
                np.moveaxis(each, 1, 0).reshape(each.shape[1], -1).sum(axis=1)
                for each in (right, total)
            ],
            axis=1,
        )  # (S, 2)
    figures = {f"reading_{name}": bootstrap(each, _ratio) for name, each in counts.items()}
    if {PLAIN, PERFUSION} <= counts.keys():
        both = np.stack([counts[PERFUSION][:, 0], counts[PLAIN][:, 0]], axis=1)
        figures["reading_ratio_perfusion_to_plain"] = bootstrap(both, _ratio)
    return figures


def _swaps(judgements: Judgements) -> Figures:
    if PERFUSION not in judgements.contenders:
        return {}
    return {"store_swap": bootstrap(swap_wins(judgements.contenders[PERFUSION], judgements.tastes))}


def _shown(key: str) -> bool:
    return key in (
        f"win_true_utility_{PERFUSION}_vs_{PLAIN}",
        f"win_true_utility_{PERFUSION}_vs_{DPO}",
    )


def _ratio(counts: Floats) -> float:
    part, whole = counts.sum(axis=0)
    return float(part / max(whole, 1e-12))
