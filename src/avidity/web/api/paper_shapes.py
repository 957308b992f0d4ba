"""What goes in and out about papers: one's own, and their rebuilding."""

from __future__ import annotations

from typing import Literal

from avidity.web.api.shape import Shape


class Job(Shape):
    """A long piece of work that is no run of a study."""

    id: str
    kind: Literal["rebuild"]
    state: Literal["running", "done", "failed", "cancelled", "interrupted"]
    words: str
    """What is done now, in a word: listing, below, above, patterns, searching, culprit, writing."""
    share: float
    """Of the work that is done, 0 to 1."""
    asked: str
    ended: str | None
    trouble: str
    """Why it stopped, in one sentence."""


class KnownPaper(Shape):
    """A paper you have begun."""

    id: str
    title: str
    made: str
    changed: str
    version: str
    """Of its text."""


class Fault(Shape):
    """What is wrong with a place in a paper's text, or missing there."""

    where: str
    must: str
    found: str


class Rebuilding(Shape):
    """How far the rebuilding of a paper's text is."""

    state: Literal["none", "running", "done", "failed", "stopped", "interrupted"]
    percent: int
    said: str
    """Why it failed, in one sentence."""


class PaperRead(KnownPaper):
    """A paper, and what its text holds."""

    whole: bool
    """Whether it is without fault: only then are there reports and a rebuilding."""
    trouble: str
    """Why the text cannot be read at all; "" when it can."""
    faults: list[Fault]
    audited: bool
    left_out: int
    """Entries with faults that the audit leaves aside."""
    figures: int
    counts: dict[str, int]
    """Findings of the audit by severity."""
    rebuilding: Rebuilding
