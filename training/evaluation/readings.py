"""How much of what was asked for the attribute reader finds in images."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.results import Figure, bootstrap, share

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class ReadBack:
    """What was asked of each image, and what of it was read.

    Attributes:
        families: the attribute families, F of them.
        asked: (M, F) whether the family was asked for.
        right: (M, F) whether it was, and the asked value was read.
    """

    families: tuple[str, ...]
    asked: Flags
    right: Flags

    @classmethod
    def compare(
        cls,
        families: Sequence[str],
        asked: Sequence[Mapping[str, str]],
        read: Sequence[Mapping[str, str]],
    ) -> "ReadBack":
        """Hold the asked attributes of each image against the read ones."""
        pairs = list(zip(asked, read, strict=True))
        return cls(
            tuple(families),
            np.array([[name in wanted for name in families] for wanted, _ in pairs]),
            np.array(
                [
                    [name in wanted and wanted[name] == found[name] for name in families]
                    for wanted, found in pairs
                ]
            ),
        )

    def by_family(self) -> dict[str, Figure]:
        """Share of right readings in each family that was asked for at all."""
        return {
            family: share(self.right[self.asked[:, place], place])
            for place, family in enumerate(self.families)
            if self.asked[:, place].any()
        }

    def mean(self) -> Figure:
        """The mean over families of their shares; every family counts alike."""
        columns = np.concatenate([self.asked, self.right], axis=1)
        return bootstrap(columns, _mean_share)

    def worst(self) -> Figure:
        """The share of the family that is read worst, with that family's own interval."""
        return min(self.by_family().values(), key=lambda figure: figure.value)

    def fewest_asked(self) -> int:
        """How often the rarest family was asked for, of those that were."""
        counts = self.asked.sum(axis=0)
        return int(counts[counts > 0].min())


def _mean_share(columns: NDArray[np.float64]) -> float:
    asked, right = np.split(columns.sum(axis=0), 2)
    return float((right[asked > 0] / asked[asked > 0]).mean())
