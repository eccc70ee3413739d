"""How far a long measurement is, and how long it still takes."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

FIRST_LINE_S, BETWEEN_LINES_S = 3.0, 15.0

log = logging.getLogger(__name__)


def with_time_left(
    items: Iterable[Item], total: int, what: str, clock: Callable[[], float] = time.monotonic
) -> Iterator[Item]:
    """Hand on the items, and log now and then how many are done and how long the rest takes.

    Args:
        items: one unit of work each.
        total: how many they are.
        what: is measured, for the log's line.
        clock: seconds.
    """
    started = clock()
    told = started - BETWEEN_LINES_S + FIRST_LINE_S
    for done, item in enumerate(items, start=1):
        yield item
        now = clock()
        if done == total or now - told >= BETWEEN_LINES_S:
            left_min = (now - started) / done * (total - done) / 60
            log.info("%s: %d of %d, %.1f min left", what, done, total, left_min)
            told = now
