"""Something cannot be done: what, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

KNOWN = (401, 403, 404, 413, 422, 429, 503)


@dataclass(frozen=True, slots=True)
class TroublePage:
    """key of the words, and the sentence of the step that refused."""

    status: int
    key: str
    sentence: str


def trouble_page(status: int, sentence: str = "") -> TroublePage:
    """The page for a status."""
    return TroublePage(status, f"trouble.{status if status in KNOWN else 500}", sentence)
