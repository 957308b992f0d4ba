"""How often somebody may try a password: a few times, then a wait, for each name and address."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

FREE = 5  # failures under a name before one must wait
FREE_FROM = 20  # from an address: a department may share one
WINDOW = 900.0  # seconds until a failure is forgotten
REMEMBERED = 10_000  # names and addresses
NAME, ADDRESS = "name", "address"
Key = tuple[str, str]


class Attempts:
    """Failures of late, by name and by address. ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._failures: OrderedDict[Key, list[float]] = OrderedDict()

    def begin(self, name: str, address: str) -> bool:
        """Whether this one may try. It counts as a failure until `passed`, so that many attempts
        at the same moment are counted as well.
        """
        keys = ((NAME, name), (ADDRESS, address))
        with self._lock:
            if any(len(self._recent(key)) >= _free(key) for key in keys):
                return False
            for key in keys:
                self._failures[key] = [*self._recent(key), self._clock()]
                self._failures.move_to_end(key)
            while len(self._failures) > REMEMBERED:
                self._failures.popitem(last=False)
        return True

    def passed(self, name: str, address: str) -> None:
        """The right password: the name's failures are forgotten, the address's others stay."""
        with self._lock:
            self._failures.pop((NAME, name), None)
            if before := self._failures.get((ADDRESS, address)):
                before.pop()

    def _recent(self, key: Key) -> list[float]:
        since = self._clock() - WINDOW
        return [one for one in self._failures.get(key, []) if one > since]


def _free(key: Key) -> int:
    return FREE if key[0] == NAME else FREE_FROM
