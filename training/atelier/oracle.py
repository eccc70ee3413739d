"""The true taste of the simulated stores. Evaluation opens it; nothing in training may."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from studio.design.spec import DesignSpec
from training.atelier.merchants import Merchant
from training.atelier.traits import Floats, trait_names, traits_of

TASTES_FILE = "tastes.json"
UTILITIES_FILE = "utilities.parquet"


@dataclass(frozen=True)
class Oracle:
    """Who really likes what.

    Attributes:
        tastes: store -> (T,) liking of each trait.
        utilities: round -> (N,) true utility of its images, without the noise of the ticks.
    """

    tastes: Mapping[str, Floats]
    utilities: Mapping[str, Floats]

    def judge(self, store_id: str, designs: Sequence[DesignSpec]) -> Floats:
        """(n,) how much the store likes each design."""
        return traits_of(designs) @ self.tastes[store_id]

    def save(self, folder: Path) -> None:
        """Write both files."""
        folder.mkdir(parents=True, exist_ok=True)
        tastes = {
            store: {
                name: round(float(liking), 6)
                for name, liking in zip(trait_names(), taste, strict=True)
                if liking
            }
            for store, taste in self.tastes.items()
        }
        (folder / TASTES_FILE).write_text(json.dumps(tastes, indent=1) + "\n", encoding="utf-8")
        table = pa.table(
            {
                "round_id": list(self.utilities),
                "utilities": [values.tolist() for values in self.utilities.values()],
            }
        )
        pq.write_table(table, folder / UTILITIES_FILE)

    @classmethod
    def load(cls, folder: Path) -> "Oracle":
        """Read what `save` wrote."""
        stored = json.loads((folder / TASTES_FILE).read_text(encoding="utf-8"))
        tastes = {
            store: np.array([likings.get(name, 0.0) for name in trait_names()])
            for store, likings in stored.items()
        }
        rows = pq.read_table(folder / UTILITIES_FILE).to_pylist()
        return cls(tastes, {row["round_id"]: np.array(row["utilities"]) for row in rows})

    @classmethod
    def of(cls, merchants: Sequence[Merchant], utilities: Mapping[str, Floats]) -> "Oracle":
        """The oracle of a world that has just been made."""
        return cls({merchant.id: merchant.taste for merchant in merchants}, utilities)
