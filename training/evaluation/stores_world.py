"""The simulated stores that an evaluation asks: made from a seed, kept for the next time."""

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from training.atelier.market import MARKET_FILE, MarketConfig, write_market
from training.atelier.oracle import Oracle
from training.data.groups import Rounds, read_rounds
from training.data.tiles import Draw, picture_fingerprint


@dataclass(frozen=True)
class StoresWorld:
    """One market with pictures, on the disk.

    Attributes:
        config: its size and seeds.
        work: folder of all worlds; those of one pool seed share their pictures.
        draw: from a design to its picture.
    """

    config: MarketConfig
    work: Path
    draw: Draw

    @property
    def folder(self) -> Path:
        """The export of rounds: all that training may see."""
        return self._own / "rounds"

    @property
    def _oracle_folder(self) -> Path:
        return self._own / "oracle"

    @property
    def _own(self) -> Path:
        return self.work / f"stores-{self.config.seed}-{self._engine}"

    @cached_property
    def _engine(self) -> str:
        return picture_fingerprint(self.draw)

    def make(self) -> None:
        """Draw and simulate, unless the same world is there already."""
        record = self.folder / MARKET_FILE
        if record.is_file() and json.loads(record.read_text("utf-8")) == asdict(self.config):
            return
        pool = self.work / f"pool-{self.config.pool_seed}-{self._engine}"
        write_market(self.config, self.folder, self._oracle_folder, pool, self.draw)

    def rounds(self) -> Rounds:
        """What the stores were shown, and what they ticked."""
        return read_rounds(self.folder)

    def oracle(self) -> Oracle:
        """What they really like. For judging only."""
        return Oracle.load(self._oracle_folder)
