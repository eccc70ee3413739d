"""Exploring against chance: how many rounds it takes until a store's taste is known as well.

Both ways show as many designs of the same briefs, and both learn as the studio does. One shows
designs by lot; the other those that are expected to tell most of the store, after what it has
answered so far. What is known is measured on rounds of other phrases.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from training.atelier.market import NONE_OF_THESE, tick
from training.atelier.traits import traits_of
from training.evaluation.taste_rounds import CANDIDATES, DESIGNS, Answer, Brief, NewStore
from training.results import Figure, bootstrap

EXPLORED_ROUNDS = 12
"""Rounds that each way is followed for."""
REACHED_AT = 6
"""The accuracy to reach is what rounds by lot have come to after so many."""

Floats = NDArray[np.float64]
Choose = Callable[[int, Sequence[Answer]], Sequence[int]]
"""A brief, and what was answered so far -> the places of its designs to show."""


def answered_so(
    store: NewStore,
    briefs: Mapping[int, Brief],
    usual: Floats,
    choose: Choose,
    rng: np.random.Generator,
) -> list[Answer]:
    """What a store ticks in rounds whose designs are chosen after its answers before.

    Args:
        store: who answers.
        briefs: number -> brief; they come in turn.
        usual: (M,) what the store thinks of designs in general.
        choose: which designs of a brief are shown.
        rng: source of chance of its ticks.
    """
    nothing = float(usual.mean() + NONE_OF_THESE * usual.std())
    numbers, found = sorted(briefs), list[Answer]()
    for turn in range(EXPLORED_ROUNDS):
        number = numbers[turn % len(numbers)]
        shown = np.array(choose(number, found), np.int64)
        worn = traits_of([briefs[number].designs[place] for place in shown])
        found.append(Answer(number, shown, np.array(tick(worn @ store.taste, nothing, rng))))
    return found


def by_lot(rng: np.random.Generator) -> Choose:
    """Any of a brief's designs."""
    return lambda _number, _answers: rng.choice(DESIGNS, size=CANDIDATES, replace=False).tolist()


def exploring_figures(
    explored: Sequence[Sequence[float]], random: Sequence[Sequence[float]]
) -> dict[str, Figure]:
    """How well tastes are known after each round, and the rounds that exploring saves.

    Args:
        explored: for each store, the share of pairs after 0, 1, 2 ... rounds that explore.
        random: the same after rounds by lot.

    Returns:
        `pairs_explored_COUNT` and `pairs_by_lot_COUNT`; `rounds_saved`, the share of rounds by lot
        that exploring needs fewer of to know stores as well, on average over them.
    """
    both = np.stack([np.array(explored), np.array(random)], axis=1)  # (S, 2, R + 1)
    figures = {
        f"pairs_{name}_{count}": bootstrap(both[:, way, count])
        for way, name in enumerate(("explored", "by_lot"))
        for count in (0, 1, 2, 3, REACHED_AT, EXPLORED_ROUNDS)
    }
    figures["rounds_saved"] = bootstrap(both, _saved)
    return figures


def _saved(both: Floats) -> float:
    """Of (S, 2, R + 1) shares: 1 - rounds that explore / rounds by lot, at the same accuracy."""
    explored, random = np.maximum.accumulate(both.mean(axis=0), axis=1)
    wanted = random[REACHED_AT]
    needed = float(np.argmax(random >= wanted))
    if not needed:
        return 0.0  # rounds by lot taught nothing, so there is nothing to save
    if explored[-1] < wanted:
        return -1.0  # never reached while it was followed
    place = int(np.argmax(explored >= wanted))
    if place:
        rise = explored[place] - explored[place - 1]
        place = place - (explored[place] - wanted) / rise
    return 1 - place / needed
