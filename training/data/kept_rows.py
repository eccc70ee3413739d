"""Rows of numbers that are kept on the disk under names; only what is asked for comes into memory.

Latents and text states of a large export don't fit in memory, and they cost hours to compute. So
each is written once, and a training reads the few rows that an update needs.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_FORMAT = "perfusion-rows-1"


@dataclass(frozen=True)
class RowsOnDisk:
    """Some rows of a table, in an order of their own; indexing gives tensors.

    Attributes:
        table: (R, ...) all rows, memory-mapped.
        places: (M,) which of them.
        device: where the tensors go.
    """

    table: NDArray[Any]
    places: NDArray[np.int64]
    device: torch.device | str = "cpu"

    @property
    def shape(self) -> tuple[int, ...]:
        """(M, ...), as of a tensor."""
        return (len(self.places), *self.table.shape[1:])

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, wanted: int | Sequence[int] | Tensor) -> Tensor:
        """One row (...), or several (N, ...), in single precision."""
        chosen = np.asarray(wanted, dtype=np.int64)
        rows = np.array(
            self.table[self.places[chosen]], dtype=np.float32
        )  # a copy: it is read-only
        return torch.from_numpy(rows).to(self.device)

    def to(self, device: torch.device) -> "RowsOnDisk":
        """The same for tensors on another device."""
        return replace(self, device=device)


class KeptRows:
    """A table on the disk that grows at its end: numbers in one file, names in another.

    A name is written after its row. So after a crash at any moment all named rows are whole, and
    what lies behind them is overwritten. One process at a time may add rows.

    Args:
        file: of the numbers; the names lie beside it.
        dtype: of the numbers on the disk.
    """

    def __init__(self, file: Path, dtype: type[np.floating[Any]]) -> None:
        self._file, self._names_file = file, file.with_suffix(".names")
        self._dtype = np.dtype(dtype)
        self._shape: tuple[int, ...] = ()
        self._rows: dict[str, int] = {}
        self._read_names()

    def __contains__(self, name: str) -> bool:
        return name in self._rows

    def add(self, rows: dict[str, Tensor]) -> None:
        """Append rows of one shape under new names (without line breaks)."""
        if not rows:
            return
        if not self._rows:
            self._start(tuple(next(iter(rows.values())).shape))
        numbers = np.stack(
            [row.detach().float().cpu().numpy().astype(self._dtype) for row in rows.values()]
        )
        with self._file.open("r+b") as file:
            file.seek(len(self._rows) * self._row_bytes)
            file.write(numbers.tobytes())
        with self._names_file.open("a", encoding="utf-8") as file:
            file.write("".join(f"{name}\n" for name in rows))
        for name in rows:
            self._rows[name] = len(self._rows)

    def of(self, names: Sequence[str]) -> RowsOnDisk:
        """The rows of some names, in this order.

        Raises:
            KeyError: a name has no row.
        """
        places = np.array([self._rows[name] for name in names], dtype=np.int64)
        shape = (len(self._rows), *self._shape)
        if not self._rows:
            return RowsOnDisk(np.zeros((0, 1), self._dtype), places)
        return RowsOnDisk(np.memmap(self._file, self._dtype, "r", shape=shape), places)

    @property
    def _row_bytes(self) -> int:
        return int(np.prod(self._shape, dtype=np.int64)) * self._dtype.itemsize

    def _start(self, shape: tuple[int, ...]) -> None:
        self._shape = shape
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_bytes(b"")
        head = {"format": _FORMAT, "dtype": self._dtype.name, "shape": list(shape)}
        self._names_file.write_text(json.dumps(head) + "\n", encoding="utf-8")

    def _read_names(self) -> None:
        """Take over what is whole; a file of another kind counts as none."""
        try:
            text = self._names_file.read_text(encoding="utf-8")
            size = self._file.stat().st_size
            first, *lines = text.split("\n")
            head = json.loads(first)
            fits = head["format"] == _FORMAT and head["dtype"] == self._dtype.name
            shape = tuple(int(side) for side in head["shape"])
        except (OSError, ValueError, KeyError, TypeError, UnicodeDecodeError):
            return
        if not fits:
            return
        self._shape = shape
        whole = lines[:-1][: size // max(1, self._row_bytes)]  # the last line may be unfinished
        self._rows = {name: row for row, name in enumerate(whole)}
        if len(whole) != len(lines) - 1 or lines[-1]:
            text = "".join(f"{line}\n" for line in [first, *whole])
            self._names_file.write_text(text, encoding="utf-8")
