"""Batches in which rare attributes are met as often as common ones."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from training.atelier.attributes import FAMILIES, GARMENT_FAMILIES
from training.config import ConfigError
from training.run_state import batch_indices, step_rng


class EvenValues:
    """Picks drawings by what they show: a family by lot, one of its values by lot, a drawing of it.

    The commonest value of each family, which is mostly "none", is left to other batches.

    Args:
        attributes: (N, families) positions within FAMILIES' values.
        families: names of those to pick from, one named twice picked twice as often; those with
            one value among the drawings are left.

    Raises:
        ConfigError: the world has no such family.
    """

    def __init__(self, attributes: NDArray[np.integer], families: Iterable[str]) -> None:
        places = {name: place for place, name in enumerate(FAMILIES)}
        self._showing: list[list[NDArray[np.intp]]] = []
        for name in families:
            if name not in places:
                raise ConfigError(f"There is no family {name!r}. Known: {', '.join(FAMILIES)}.")
            place = places[name]
            values, counts = np.unique(attributes[:, place], return_counts=True)
            if len(values) > 1:
                rest = np.delete(values, counts.argmax())
                self._showing.append([np.flatnonzero(attributes[:, place] == v) for v in rest])

    def choose(self, count: int, rng: np.random.Generator) -> Sequence[int]:
        """The numbers of `count` drawings."""
        chosen: list[int] = []
        for _ in range(count):
            values = self._showing[rng.integers(len(self._showing))]
            chosen.append(int(rng.choice(values[rng.integers(len(values))])))
        return chosen


def rare_values(
    attributes: NDArray[np.integer], share: float, families: Sequence[str]
) -> EvenValues | None:
    """What picks a share of rare drawings; None for no share.

    Args:
        attributes: see `EvenValues`.
        share: of the drawings.
        families: see `EvenValues`; empty for the garment's.

    Raises:
        ConfigError: the world has no such family.
    """
    return EvenValues(attributes, families or GARMENT_FAMILIES) if share else None


def usual_and_rare(
    drawings: int, count: int, rare_share: float, rare: EvenValues | None, seed: int, step: int
) -> list[int]:
    """Which drawings a step sees: usual ones, then the share of rare values.

    Args:
        drawings: how many there are.
        count: of the step.
        rare_share: of these.
        rare: picks them; None for usual ones only.
        seed: of the run.
        step: number of the step.
    """
    of_rare = round(rare_share * count) if rare is not None else 0
    chosen = batch_indices(drawings, count - of_rare, seed, step)
    if rare is not None:
        chosen += rare.choose(of_rare, step_rng(seed, step))
    return chosen
