"""What the judges say of a generator's images: arrays over stores, prompts and candidates."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from training.atelier.attributes import FAMILIES
from training.atelier.merchants import ATTRIBUTES

Floats = NDArray[np.float32]
Places = NDArray[np.int16]

_FIRST_OF_FAMILY = np.array(
    [ATTRIBUTES.index((family, values[0])) for family, values in FAMILIES.items()]
)


@dataclass(frozen=True)
class Judged:
    """Judgements of the images that one generator drew with one seed, or with several.

    The leading axes are S stores, P prompts and N candidates; with several seeds there are K of
    them before those.

    Attributes:
        readings: (..., F) which of its family's values each image shows, as a position.
        features: (..., D) unit-length features of the frozen image tower.
        scores: (...) of the personalised reward model, for the store.
        consistency: (...) cosine of the image and the phrases that were asked for.
        aesthetics: (...) of a head that sees the image alone.
    """

    readings: Places
    features: Floats
    scores: Floats
    consistency: Floats
    aesthetics: Floats

    def utilities(self, tastes: NDArray[np.float64]) -> NDArray[np.float64]:
        """(..., S') how much each of S' stores likes the images: tastes are (S', A)."""
        attributes = self.readings.astype(np.int64) + _FIRST_OF_FAMILY  # (..., F)
        liked: NDArray[np.float64] = tastes.T[attributes].sum(axis=-2)
        return liked

    def own_utilities(self, tastes: NDArray[np.float64]) -> NDArray[np.float64]:
        """(..., S, P, N) how much the store that an image is for likes it: tastes are (S, A)."""
        everyone = np.moveaxis(self.utilities(tastes), -1, 0)  # (S', ..., S, P, N)
        own = [np.take(each, place, axis=-3) for place, each in enumerate(everyone)]
        return np.stack(own, axis=-3)

    def of_stores(self, chosen: NDArray[np.bool_]) -> "Judged":
        """Only some of the S stores; (S,) bool, with the seeds' axis K before them."""
        return Judged(**{each.name: getattr(self, each.name)[:, chosen] for each in fields(self)})

    def best(self) -> "Judged":
        """Of each group only the candidate that the reward model likes best: N becomes 1."""
        place = self.scores.argmax(axis=-1)[..., None]  # (..., 1)
        picked = {}
        for each in fields(self):
            values = getattr(self, each.name)
            index = place if values.ndim == place.ndim else place[..., None]
            picked[each.name] = np.take_along_axis(values, index, axis=place.ndim - 1)
        return Judged(**picked)

    def diversity(self) -> NDArray[np.float64]:
        """(...) without N: mean distance, 1 - cosine, of two images of the same request."""
        features = self.features.astype(np.float64)
        count = features.shape[-2]
        if count < 2:
            raise ValueError("One image of a request has no diversity.")
        total = features.sum(axis=-2)  # (..., D)
        # The square of the sum holds every pair twice, and each image with itself.
        pairs = (total**2).sum(axis=-1) - (features**2).sum(axis=(-1, -2))
        cosine: NDArray[np.float64] = pairs / (count * (count - 1))
        return 1 - cosine

    def save(self, file: Path) -> None:
        """Write in one step."""
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".part")
        arrays = {
            each.name: np.ascontiguousarray(getattr(self, each.name)) for each in fields(self)
        }
        save_file(arrays, unfinished)
        unfinished.replace(file)

    @classmethod
    def load(cls, file: Path) -> "Judged | None":
        """What `save` wrote; None where there is nothing whole."""
        try:
            return cls(**load_file(file))
        except (OSError, SafetensorError, TypeError):
            return None


def together(seeds: Sequence[Judged]) -> Judged:
    """Several seeds as one, with a leading axis for them."""
    return Judged(
        **{
            each.name: np.stack([getattr(one, each.name) for one in seeds])
            for each in fields(Judged)
        }
    )
