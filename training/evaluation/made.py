"""What a generator made of the panel's questions: arrays over stores, prompts and candidates."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from training.evaluation.designing import Places

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Made:
    """Designs for K seeds, S stores, P prompts and N candidates of each.

    Attributes:
        places: (K, S, P, N, F) place of each family's value.
        free: (K, S, P, N, F) the same before anything was settled or repaired.
        repaired: (K, S, P, N) families that had to be changed.
        traits: (K, S, P, N, T) what stores like or dislike, see `traits_of`.
    """

    places: Places
    free: Places
    repaired: Places
    traits: Floats

    def utilities(self, tastes: Floats) -> Floats:
        """(K, S, P, N, S') how much each of S' stores likes the designs: tastes are (S', T)."""
        liked: Floats = self.traits @ tastes.T
        return liked

    def own_utilities(self, tastes: Floats) -> Floats:
        """(K, S, P, N) how much the store that a design is for likes it: tastes are (S, T)."""
        everyone = np.moveaxis(self.utilities(tastes), -1, 0)  # (S', K, S, P, N)
        return np.stack([each[:, place] for place, each in enumerate(everyone)], axis=1)

    @classmethod
    def of_trainings(cls, parts: "Sequence[Made]") -> "Made":
        """Those of several trainings, one after the other along the seeds."""
        return cls(
            *(
                np.concatenate([getattr(each, field.name) for each in parts])
                for field in fields(cls)
            )
        )

    def by_training(self, trainings: int) -> "list[Made]":
        """The reverse."""
        parts = (np.split(getattr(self, field.name), trainings) for field in fields(self))
        return [Made(*each) for each in zip(*parts, strict=True)]

    def of_stores(self, chosen: NDArray[np.bool_]) -> "Made":
        """Only some of the S stores; (S,) bool."""
        return Made(
            self.places[:, chosen],
            self.free[:, chosen],
            self.repaired[:, chosen],
            self.traits[:, chosen],
        )
