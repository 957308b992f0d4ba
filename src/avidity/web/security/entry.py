"""The one-time token in the opened address: whoever brings it first is let in, and nobody after."""

from __future__ import annotations

import hashlib
import hmac
import threading


class OneTimeToken:
    """A secret that opens once. Only its digest is kept."""

    def __init__(self, token: str) -> None:
        self._digest: bytes | None = hashlib.sha256(token.encode()).digest()
        self._lock = threading.Lock()

    def spend(self, given: str) -> bool:
        """True for the right token, the first time."""
        with self._lock:
            if self._digest is None:
                return False
            right = hmac.compare_digest(hashlib.sha256(given.encode()).digest(), self._digest)
            if right:
                self._digest = None
            return right
