"""What a generator made of the panel's questions: arrays over stores, prompts and candidates."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.design.families import FAMILIES
from training.atelier.merchants import ATTRIBUTES
from training.evaluation.designing import Places

Floats = NDArray[np.float64]

_FIRST_OF_FAMILY = np.array(
    [ATTRIBUTES.index((family, values[0])) for family, values in FAMILIES.items()]
)


@dataclass(frozen=True)
class Made:
    """Designs for K seeds, S stores, P prompts and N candidates of each.

    Attributes:
        places: (K, S, P, N, F) place of each family's value.
        free: (K, S, P, N, F) the same before anything was settled or repaired.
        repaired: (K, S, P, N) families that had to be changed.
    """

    places: Places
    free: Places
    repaired: Places

    def utilities(self, tastes: Floats) -> Floats:
        """(K, S, P, N, S') how much each of S' stores likes the designs: tastes are (S', A)."""
        attributes = self.places.astype(np.int64) + _FIRST_OF_FAMILY  # (..., F)
        liked: Floats = tastes.T[attributes].sum(axis=-2)
        return liked

    def own_utilities(self, tastes: Floats) -> Floats:
        """(K, S, P, N) how much the store that a design is for likes it: tastes are (S, A)."""
        everyone = np.moveaxis(self.utilities(tastes), -1, 0)  # (S', K, S, P, N)
        return np.stack([each[:, place] for place, each in enumerate(everyone)], axis=1)

    def of_stores(self, chosen: NDArray[np.bool_]) -> "Made":
        """Only some of the S stores; (S,) bool."""
        return Made(self.places[:, chosen], self.free[:, chosen], self.repaired[:, chosen])
