"""Designs to learn from, drawn by lot once into small files.

Design number i of a part is a pure function of the seed, the part and i, so more can be added and
every machine gets the same ones.
"""

import hashlib
import logging
import os
import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from studio.design.colours import Lab
from studio.design.families import FAMILIES
from studio.design.measures import COLOURS, MEASURES, Measures
from studio.design.outfit import Outfit
from studio.design.spec import DesignSpec
from studio.perfusion.design_codec import rows_of
from training.atelier.world import sample_design

Part = Literal["train", "held-out", "probe"]
Places = np.ndarray[tuple[int, ...], np.dtype[np.int8]]
Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

BATCH_DESIGNS = 2_000
_PROBES = 64

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Designs:
    """Designs as numbers.

    Attributes:
        places: (N, F) int8, positions within FAMILIES' values, see `Outfit.places`.
        measures: (N, M) float32, see `design_codec.rows_of`.
    """

    places: Places
    measures: Numbers

    def __len__(self) -> int:
        return len(self.places)

    def outfit(self, index: int) -> Outfit:
        """The values of the design with this number."""
        return Outfit.of_places(self.places[index].tolist())

    def spec(self, index: int) -> DesignSpec:
        """The design with this number."""
        numbers = self.measures[index].tolist()
        found: dict[str, Any] = {
            name: Lab(*numbers[3 * place : 3 * place + 3]) for place, name in enumerate(COLOURS)
        }
        found |= dict(zip(MEASURES[len(COLOURS) :], numbers[3 * len(COLOURS) :], strict=True))
        return DesignSpec(self.outfit(index), Measures(**found))


def design_of(seed: int, part: Part, index: int) -> DesignSpec:
    """The design with a number; parts have nothing in common."""
    return sample_design(random.Random(f"{seed}/{part}/{index}"))


def load_designs(folder: Path, part: Part, count: int, seed: int, workers: int = 1) -> Designs:
    """The first `count` designs of a part, after drawing those that are missing by lot.

    Args:
        folder: where the files lie.
        part: `train`, or `held-out` for evaluation.
        count: how many.
        seed: of all of them.
        workers: processes that draw.
    """
    own = folder / f"designs-{world_fingerprint()}-{seed}" / part
    own.mkdir(parents=True, exist_ok=True)
    starts = range(0, count, BATCH_DESIGNS)
    missing = [start for start in starts if not _file(own, start).exists()]
    if missing:
        log.info("drawing %d designs by lot into %s", len(missing) * BATCH_DESIGNS, own)
        make = partial(_write_batch, own, seed, part)
        if workers > 1:
            with ProcessPoolExecutor(workers) as pool:
                list(pool.map(make, missing))
        else:
            list(map(make, missing))
    batches = [np.load(_file(own, start)) for start in starts]
    whole = np.concatenate(batches)[:count]
    return Designs(whole[:, : len(FAMILIES)].astype(np.int8), whole[:, len(FAMILIES) :])


def world_fingerprint() -> str:
    """A short hash of 64 designs: those of another world are not used."""
    text = "".join(design_of(0, "probe", index).to_json() for index in range(_PROBES))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _write_batch(folder: Path, seed: int, part: Part, start: int) -> None:
    specs = [design_of(seed, part, index) for index in range(start, start + BATCH_DESIGNS)]
    path = _file(folder, start)
    unfinished = path.with_suffix(f".{os.getpid()}.part")  # two runs may draw the same batch
    with unfinished.open("wb") as file:
        np.save(file, as_numbers(specs))
    unfinished.replace(path)


def as_numbers(specs: Sequence[DesignSpec]) -> Numbers:
    """(N, F + M) float32: places of values, then measures."""
    places, measures = rows_of(specs)
    return np.concatenate([places.numpy().astype(np.float32), measures.numpy()], axis=1)


def _file(folder: Path, start: int) -> Path:
    return folder / f"{start:06d}.npy"
