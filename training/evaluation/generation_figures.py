"""Figures of the compared generators: Table 3, Figure 6, and what is expected of PerFusion."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.evaluation.atelier_figures import GARMENT_PLACES
from training.evaluation.contenders import CONTENDERS, ONE_PAIR, PERFUSION, PLAIN
from training.evaluation.distances import Floats, differing
from training.evaluation.made import Made
from training.evaluation.panel import NOT_ASKED
from training.evaluation.taste_parts import gains
from training.results import Figure, bootstrap, bootstrap_both

Figures = dict[str, Figure]


@dataclass(frozen=True)
class Comparison:
    """Everything that is known of the compared designs.

    Attributes:
        contenders: name -> designs (K, S, P, N); with several trainings those of each, one after
            the other along K.
        tastes: (S, T) true tastes, see `Panel.tastes`.
        schools: (S,) each store's main style.
        asked: (K, P, F) asked values, or NOT_ASKED.
        new: (S,) stores that training never saw; they have figures of their own.
        trainings: how many there are of each contender.
    """

    contenders: Mapping[str, Made]
    tastes: Floats
    schools: tuple[str, ...]
    asked: NDArray[np.int16]
    new: NDArray[np.bool_]
    trainings: int = 1

    def of(self, chosen: NDArray[np.bool_]) -> "Comparison":
        """Only some stores."""
        return Comparison(
            {name: each.of_stores(chosen) for name, each in self.contenders.items()},
            self.tastes[chosen],
            tuple(np.array(self.schools)[chosen].tolist()),
            self.asked,
            self.new[chosen],
            self.trainings,
        )


def all_figures(comparison: Comparison) -> Figures:
    """All figures whose contenders are there.

    Intervals are by bootstrap over stores and, where there are several, over trainings. Figures of
    stores that training never saw are told apart and no part of the others.
    """
    known = comparison.of(~comparison.new)
    figures = {**_taste(known), **_swaps(known), **_variety(known), **_kept(known)}
    figures |= _parts(known)
    if comparison.new.any():
        new = comparison.of(comparison.new)
        found = {**_taste(new), **_swaps(new), **_variety(new), **_parts(new)}
        figures |= {f"{key}_new_stores": figure for key, figure in found.items()}
    return figures


def win_rate(ours: Floats, theirs: Floats, trainings: int = 1) -> Figure:
    """How often one design is better than the other for the same question; a tie is half a win.

    Args:
        ours: (K, S, P, N) any measure.
        theirs: (K, S, P, N) of the same seeds, stores, prompts and candidates.
        trainings: see `over_stores`.
    """
    return over_stores((ours > theirs) + 0.5 * (ours == theirs), trainings)


def over_stores(values: Floats, trainings: int = 1) -> Figure:
    """The mean of (K, S, ...) values, and its interval for other stores and other trainings.

    Args:
        values: of so many trainings, one after the other along K.
        trainings: how many.
    """
    return bootstrap_both(
        np.stack([_per_store(each) for each in np.split(np.asarray(values), trainings)])
    )


def swap_wins(made: Made, tastes: Floats, schools: tuple[str, ...]) -> Floats:
    """(S,) how often a store likes its own design better than that of a store of another school.

    Both designs are of the same prompt and seed; all stores of other schools are asked about, and
    a tie is half.

    Args:
        made: designs (K, S, P, N).
        tastes: (S, T) of the same stores.
        schools: of the same stores; at least two different ones.
    """
    liked = np.moveaxis(made.utilities(tastes), -1, 0)  # (S judging, K, S designed for, P, N)
    wins = []
    for store, judged in enumerate(liked):
        others = judged[:, [each != schools[store] for each in schools]]  # (K, S', P, N)
        mine = judged[:, store : store + 1]
        wins.append(((mine > others) + 0.5 * (mine == others)).mean())
    return np.array(wins)


def _taste(known: Comparison) -> Figures:
    """What stores think, and everything against plain and PerFusion against everything."""
    values = {name: made.own_utilities(known.tastes) for name, made in known.contenders.items()}
    trainings = known.trainings
    figures = {
        f"true_utility_{name}": over_stores(each, trainings) for name, each in values.items()
    }
    pairs = [(name, PLAIN) for name in values if name != PLAIN]
    pairs += [(PERFUSION, name) for name in values if name not in (PLAIN, PERFUSION)]
    for one, other in pairs:
        rate = win_rate(values[one], values[other], trainings)
        figures[f"win_true_utility_{one}_vs_{other}"] = rate
    if ONE_PAIR in values:  # the two objectives, all else being equal
        figures["win_true_utility_group_vs_one_pair"] = win_rate(
            values[PERFUSION], values[ONE_PAIR], trainings
        )
    return figures


def _swaps(known: Comparison) -> Figures:
    """For those whose designs differ from store to store; PerFusion's has the plain name."""
    figures = {}
    if len(set(known.schools)) < 2:
        return {}
    for name, made in known.contenders.items():
        if CONTENDERS[name].knows_the_store:
            key = "store_swap" if name == PERFUSION else f"store_swap_{name}"
            figures[key] = bootstrap_both(
                np.stack(
                    [
                        swap_wins(each, known.tastes, known.schools)
                        for each in made.by_training(known.trainings)
                    ]
                )
            )
    return figures


def _parts(known: Comparison) -> Figures:
    """`gain_PART`: how much of each part of a taste is met, so that a blind spot is seen."""
    perfusion, plain = (known.contenders[name] for name in (PERFUSION, PLAIN))
    found = gains(perfusion, plain, known.tastes)
    return {f"gain_{part}": figure for part, figure in found.items()}


def _variety(known: Comparison) -> Figures:
    """In how many families two candidates of a round differ, and PerFusion's over plain's."""
    values = {
        name: differing(made.places, GARMENT_PLACES) for name, made in known.contenders.items()
    }
    figures = {f"differing_families_{name}": over_stores(each) for name, each in values.items()}
    plain = _per_store(values[PLAIN])
    for name, each in values.items():
        if CONTENDERS[name].knows_the_store:
            key = "variety_for_store" if name == PERFUSION else f"variety_for_store_{name}"
            figures[key] = bootstrap(np.stack([_per_store(each), plain], axis=1), _quotient)
    return figures


def _kept(known: Comparison) -> Figures:
    """Share of the asked values that designs have, before and after they are settled; repairs."""
    asked = np.tile(known.asked, (known.trainings, 1, 1))
    wanted = asked[:, None, :, None, :]  # (K, 1, P, 1, F)
    figures: Figures = {}
    for name, made in known.contenders.items():
        total = _sums(np.broadcast_to(wanted != NOT_ASKED, made.places.shape))
        for key, places in (("asked_kept", made.places), ("asked_kept_free", made.free)):
            right = _sums((places == wanted) & (wanted != NOT_ASKED))
            figures[f"{key}_{name}"] = bootstrap(np.stack([right, total], axis=1), _quotient)
        figures[f"repaired_families_{name}"] = over_stores(made.repaired.astype(np.float64))
    return figures


def _per_store(values: Floats) -> Floats:
    """(K, S, ...) -> (S,) means."""
    means: Floats = np.moveaxis(values, 1, 0).reshape(values.shape[1], -1).mean(axis=1)
    return means


def _sums(flags: NDArray[np.bool_]) -> Floats:
    """(K, S, ...) -> (S,) how many."""
    counts: Floats = np.moveaxis(flags, 1, 0).reshape(flags.shape[1], -1).sum(axis=1)
    return counts


def _quotient(pairs: Floats) -> float:
    part, whole = pairs.sum(axis=0)
    return float(part / max(whole, 1e-12))
