"""How often somebody may try a password: a few times, then a wait, for each name and address."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

FREE = 5  # failures before one must wait
WINDOW = 900.0  # seconds until a failure is forgotten
REMEMBERED = 10_000  # names and addresses


class Attempts:
    """Failures of late, by name and by address. ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._failures: OrderedDict[str, list[float]] = OrderedDict()

    def blocked(self, *keys: str) -> bool:
        """Whether one of them has failed too often."""
        with self._lock:
            return any(len(self._recent(key)) >= FREE for key in keys)

    def failed(self, *keys: str) -> None:
        """One more failure."""
        with self._lock:
            for key in keys:
                self._failures[key] = [*self._recent(key), self._clock()]
                self._failures.move_to_end(key)
            while len(self._failures) > REMEMBERED:
                self._failures.popitem(last=False)

    def passed(self, key: str) -> None:
        """The right password: the name's failures are forgotten, the address's are not."""
        with self._lock:
            self._failures.pop(key, None)

    def _recent(self, key: str) -> list[float]:
        since = self._clock() - WINDOW
        return [one for one in self._failures.get(key, []) if one > since]
