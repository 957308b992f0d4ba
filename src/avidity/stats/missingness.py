"""Which values are missing, together with which others, and in whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.estimate import TestResult
from avidity.stats.fisher import fisher_2x2
from avidity.stats.scores import outcome_of

Bools = npt.NDArray[np.bool_]

BY_OUTCOME = "missing or not against the outcome"


@dataclass(frozen=True, slots=True)
class VariableMissing:
    """How many patients lack one variable, and whether the cases lack it more often.

    test  Fisher's exact test of missing against the outcome; None where nothing, or
          everything, is missing: there is nothing to test
    """

    name: str
    n: int
    missing: int
    n_cases: int
    missing_cases: int
    test: TestResult | None

    @property
    def present(self) -> int:
        """Patients who have a value."""
        return self.n - self.missing

    @property
    def n_controls(self) -> int:
        """Patients without the outcome."""
        return self.n - self.n_cases

    @property
    def missing_controls(self) -> int:
        """Patients without the outcome who lack the variable."""
        return self.missing - self.missing_cases

    @property
    def share(self) -> float:
        """Share of all patients who lack it."""
        return self.missing / self.n


@dataclass(frozen=True, slots=True)
class Pattern:
    """Patients who lack exactly the same variables.

    missing  one answer per variable, in their order: true where it is missing
    """

    missing: tuple[bool, ...]
    n: int
    n_cases: int

    @property
    def complete(self) -> bool:
        """Nothing is missing."""
        return not any(self.missing)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two variables: how many patients lack both, only one, or neither.

    only_first, only_second  patients who lack that one and have the other. Where one is
                             missing and the other present, the other can help to impute it
    """

    first: str
    second: str
    both: int
    only_first: int
    only_second: int
    neither: int


@dataclass(frozen=True, slots=True)
class Missingness:
    """Everything counted about the missing values; no patient's row.

    variables  in the order given
    patterns   the commonest first; the same count: the one with less missing first
    pairs      every two variables once
    complete   patients who lack nothing: those a complete-case analysis would keep
    by_outcome whether cases are more often incomplete; None where all or none are
    """

    variables: tuple[VariableMissing, ...]
    patterns: tuple[Pattern, ...]
    pairs: tuple[Pair, ...]
    n: int
    n_cases: int
    complete: int
    complete_cases: int
    by_outcome: TestResult | None

    @property
    def names(self) -> tuple[str, ...]:
        """The variables, in the order of every pattern."""
        return tuple(each.name for each in self.variables)

    @property
    def incomplete(self) -> int:
        """Patients who lack something: those a complete-case analysis would lose."""
        return self.n - self.complete

    @property
    def share_of_values(self) -> float:
        """Share of all values that are missing."""
        return sum(each.missing for each in self.variables) / (self.n * len(self.variables))

    @property
    def sets_advised(self) -> int:
        """How many sets to impute: one for each percent of incomplete patients, 20 at least.

        source  White, Royston & Wood, Stat Med 2011;30:377-399, section 7
        """
        return max(20, ceil(100 * self.incomplete / self.n))

    @property
    def sentence(self) -> str:
        """The counts in one sentence."""
        lacking = [each for each in self.variables if each.missing]
        if not lacking:
            return f"No value is missing in any of the {self.n} patients."
        worst = max(lacking, key=lambda each: each.missing)
        return (
            f"{self.complete} of {self.n} patients ({self.complete_cases} of {self.n_cases} with"
            f" the outcome) have every value; {len(lacking)} of {len(self.variables)} variables"
            f" have missing values, {worst.name} the most ({worst.missing} patients)."
        )


def missingness(
    missing: npt.ArrayLike, names: Sequence[str], outcome: npt.ArrayLike
) -> Missingness:
    """Count what is missing: per variable and outcome, by pattern, in pairs.

    missing  shape (n, k), true where the value of that variable is missing
    names    k different names
    outcome  shape (n,), 0 or 1, decided for everybody
    raises   ValueError on wrong shapes; AnalysisError if there is no variable, or one outcome is
             absent
    """
    gone = np.asarray(missing)
    if gone.ndim != 2 or gone.dtype != np.bool_:
        raise ValueError("missing must be an array of bool of shape (n, k)")
    if len(names) != gone.shape[1] or len(set(names)) != len(names):
        raise ValueError(f"{gone.shape[1]} variables need as many different names")
    if not names:
        raise AnalysisError("there is no variable to count missing values of")
    case = outcome_of(outcome, len(gone))
    some: Bools = np.asarray(gone.any(axis=1), dtype=np.bool_)
    return Missingness(
        variables=tuple(
            _variable(name, column, case) for name, column in zip(names, gone.T, strict=True)
        ),
        patterns=_patterns(gone, case),
        pairs=_pairs(gone, names),
        n=len(gone),
        n_cases=int(case.sum()),
        complete=int((~some).sum()),
        complete_cases=int((~some & case).sum()),
        by_outcome=_against_outcome(some, case),
    )


def _variable(name: str, gone: Bools, case: Bools) -> VariableMissing:
    return VariableMissing(
        name=name,
        n=len(gone),
        missing=int(gone.sum()),
        n_cases=int(case.sum()),
        missing_cases=int((gone & case).sum()),
        test=_against_outcome(gone, case),
    )


def _against_outcome(gone: Bools, case: Bools) -> TestResult | None:
    if gone.all() or not gone.any():
        return None
    table = [[int((lack & ill).sum()) for ill in (case, ~case)] for lack in (gone, ~gone)]
    test = fisher_2x2(table).test
    return TestResult(test.p_value, test.statistic, test.df, f"{test.method}, {BY_OUTCOME}", test.n)


def _patterns(gone: Bools, case: Bools) -> tuple[Pattern, ...]:
    kinds, which = np.unique(gone, axis=0, return_inverse=True)
    counts = np.bincount(which.ravel(), minlength=len(kinds)).tolist()
    cases = np.bincount(which.ravel(), weights=case, minlength=len(kinds)).tolist()
    found = [
        Pattern(tuple(kind), n, round(n_cases))
        for kind, n, n_cases in zip(kinds.tolist(), counts, cases, strict=True)
    ]
    return tuple(sorted(found, key=lambda each: (-each.n, sum(each.missing), each.missing)))


def _pairs(gone: Bools, names: Sequence[str]) -> tuple[Pair, ...]:
    lack = gone.astype(np.int64)
    both = (lack.T @ lack).tolist()
    n = len(gone)
    return tuple(
        Pair(
            first=names[i],
            second=names[j],
            both=both[i][j],
            only_first=both[i][i] - both[i][j],
            only_second=both[j][j] - both[i][j],
            neither=n - both[i][i] - both[j][j] + both[i][j],
        )
        for i in range(len(names))
        for j in range(i + 1, len(names))
    )
