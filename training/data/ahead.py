"""Batches made ahead by other processes, so that a quick device does not wait for them."""

import itertools
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from torch.utils.data import DataLoader, Dataset

Batch = TypeVar("Batch")

_EACH_AHEAD = 3


class BatchesAhead(Generic[Batch]):
    """A function of a step's number, called with evenly rising numbers, computed before its turn.

    Args:
        make: step -> batch, on the CPU; all chance in it comes from the number.
        workers: processes that make batches; with 0 each is made when it is asked for.
        stride: from one number to the next.
    """

    def __init__(self, make: Callable[[int], Batch], workers: int, stride: int = 1) -> None:
        self._make = make
        self._workers = workers
        self._stride = stride
        self._coming: Iterator[Batch] = iter(())
        self._next: int | None = None

    def __call__(self, step: int) -> Batch:
        """The batch of a step; another step than the next one starts the workers anew."""
        if not self._workers:
            return self._make(step)
        if step != self._next:
            loader: DataLoader[Batch] = DataLoader(
                _Steps(self._make),
                batch_size=None,
                sampler=itertools.count(step, self._stride),
                num_workers=self._workers,
                prefetch_factor=_EACH_AHEAD,
                collate_fn=_as_made,
            )
            self._coming = iter(loader)
        self._next = step + self._stride
        return next(self._coming)


class _Steps(Dataset[Batch]):
    """Batches by their step, as a loader wants them."""

    def __init__(self, make: Callable[[int], Batch]) -> None:
        self._make = make

    def __getitem__(self, step: int) -> Batch:
        return self._make(step)


def _as_made(batch: Batch) -> Batch:
    return batch
