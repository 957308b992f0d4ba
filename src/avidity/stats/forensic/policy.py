"""Whether one choice of test explains every printed p of a table, and if not, how few do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from avidity.stats.forensic.fingerprint import Fingerprint, Kind


@dataclass(frozen=True, slots=True)
class Policy:
    """The tests that explain the rows of one kind.

    choices      every smallest set of tests that together explain all rows a test explains; one
                 set of one test is the plainest answer, several sets cannot be told apart
    explained    rows that some test reproduces
    unexplained  rows that none does
    best         the test that reproduces most rows by itself (the first in the order of the
                 candidates where several do), and which rows those are
    """

    kind: Kind
    choices: tuple[tuple[str, ...], ...]
    explained: tuple[str, ...]
    unexplained: tuple[str, ...]
    best: str
    best_rows: tuple[str, ...]

    @property
    def one(self) -> bool:
        """Whether a single test explains every row."""
        return not self.unexplained and bool(self.choices) and len(self.choices[0]) == 1

    @property
    def told_apart(self) -> bool:
        """Whether there is only one smallest set."""
        return len(self.choices) == 1


def policies(prints: Sequence[Fingerprint]) -> tuple[Policy, ...]:
    """One policy per kind of row, kinds in their first order of appearance.

    A test counts for a kind where it is a candidate of its rows; the sets are found by trying
    all pairs, all triples, … until one explains every row that can be explained.

    >>> policies([])
    ()
    """
    kinds = dict.fromkeys(one.kind for one in prints)
    return tuple(_policy(kind, [one for one in prints if one.kind == kind]) for kind in kinds)


def _policy(kind: Kind, prints: list[Fingerprint]) -> Policy:
    explained = [one for one in prints if one.reproduced_by]
    tests = list(dict.fromkeys(match.test for one in prints for match in one.matches))
    rows_of = {test: {one.row for one in explained if test in one.reproduced_by} for test in tests}
    best = max(tests, key=lambda test: len(rows_of[test]))
    wanted = {one.row for one in explained}
    return Policy(
        kind,
        _smallest(wanted, rows_of) if wanted else (),
        tuple(one.row for one in explained),
        tuple(one.row for one in prints if not one.reproduced_by),
        best,
        tuple(one.row for one in explained if one.row in rows_of[best]),
    )


def _smallest(wanted: set[str], rows_of: dict[str, set[str]]) -> tuple[tuple[str, ...], ...]:
    useful = [test for test, rows in rows_of.items() if rows]
    for size in range(1, len(useful) + 1):
        found = [
            choice
            for choice in combinations(useful, size)
            if wanted == set().union(*(rows_of[test] for test in choice))
        ]
        if found:
            return tuple(found)
    return ()
