"""Which test a printed p value came from: every plausible one, in every variant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from avidity.stats.forensic.printed_p import prints
from avidity.stats.rounded import Rounded

Kind = Literal["2 × 2 counts", "r × c counts", "numbers"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One test of one printed row.

    low, high  the smallest and largest p the printed input allows; the same where the input is
               exact (counts)
    """

    test: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate held against the print."""

    test: str
    low: float
    high: float
    reproduces: bool


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One printed p against every candidate.

    kind     what the row's input is; a paper chooses one test for each kind
    printed  the p as printed
    matches  in the order of the candidates
    """

    row: str
    kind: Kind
    printed: Rounded
    matches: tuple[Match, ...]
    n: int

    @property
    def reproduced_by(self) -> tuple[str, ...]:
        """The tests whose p prints so."""
        return tuple(match.test for match in self.matches if match.reproduces)


def fingerprint(
    row: str, kind: Kind, printed: Rounded, candidates: tuple[Candidate, ...], n: int
) -> Fingerprint:
    """Hold a printed p (see `printed_p`) against every candidate test of its row.

    A candidate reproduces the print where its range and the print's have a number in common.
    """
    matches = tuple(
        Match(one.test, one.low, one.high, prints(one.low, one.high, printed)) for one in candidates
    )
    return Fingerprint(row, kind, printed, matches, n)
