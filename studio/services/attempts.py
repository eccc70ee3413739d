"""Counts wrong passwords, so that nobody can try many."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

WITHIN_S = 15 * 60.0
REMEMBERED = 10_000
"""Names and addresses whose failures are known; the oldest are forgotten first."""


class Attempts:
    """How often something failed in the last quarter of an hour, by what it was tried for.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, limits: Mapping[str, int]) -> float:
        """For how long nothing more may be tried; 0 where it may.

        Args:
            limits: key -> failures that are too many for it.
        """
        with self._lock:
            return max((self._wait_s(key, limit) for key, limit in limits.items()), default=0.0)

    def failed(self, keys: Mapping[str, int]) -> None:
        """Count one more failure for each of the keys."""
        with self._lock:
            for key in keys:
                self._failures.setdefault(key, []).append(self._clock())
                self._failures.move_to_end(key)
            while len(self._failures) > REMEMBERED:
                self._failures.popitem(last=False)

    def forget(self, key: str) -> None:
        """Count from nothing again: it went well."""
        with self._lock:
            self._failures.pop(key, None)

    def _wait_s(self, key: str, limit: int) -> float:
        since = self._clock() - WITHIN_S
        recent = [each for each in self._failures.get(key, ()) if each > since]
        if recent:
            self._failures[key] = recent[-limit:]
        return recent[-limit] - since if len(recent) >= limit else 0.0
