"""Something cannot be done: what, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

ALIKE = {400: 422, 405: 404, 408: 422}  # told in the same words
KNOWN = (401, 403, 404, 413, 422, 429, 503)


@dataclass(frozen=True, slots=True)
class TroublePage:
    """key of the words, and the sentence of the step that refused."""

    status: int
    key: str
    sentence: str


def trouble_page(status: int, sentence: str = "") -> TroublePage:
    """The page for a status."""
    told = ALIKE.get(status, status)
    return TroublePage(status, f"trouble.{told if told in KNOWN else 500}", sentence)
