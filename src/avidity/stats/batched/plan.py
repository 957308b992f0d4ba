"""A study's path from candidates to a model, written down so that it can be walked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.batched.cutoff_validation import Search
from avidity.stats.batched.models import Rule
from avidity.stats.newton import Floats
from avidity.stats.scores import outcome_of

Test = Literal[
    "pooled t",
    "Welch t",
    "Mann–Whitney",
    "Mann–Whitney with continuity correction",
    "Fisher",
    "Pearson",
    "likelihood ratio",
]
OF_A_NUMBER = ("pooled t", "Welch t", "Mann–Whitney", "Mann–Whitney with continuity correction")
OF_YES_NO = ("Fisher", "Pearson")
TESTS = (*OF_A_NUMBER, *OF_YES_NO, "likelihood ratio")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A predictor that may enter the model, and how.

    name     as in the results
    columns  of the data; several (levels, spline terms) come and go together; none: its name
    cut      None: the columns enter as they are; a number: 1 where the column is at or beyond
             it; a `Search`: at or beyond the cut-off searched anew in every resample
    lower_means_case  of a fixed cut: positive is at or below it
    test     by which it is screened: t and rank tests look at the number itself, Fisher's and
             Pearson's at the 0/1 column that enters; None: it is not screened and always passes
    enters   false: its cut-off is searched and reported, and that is all
    kept     backward elimination leaves it in
    """

    name: str
    columns: tuple[str, ...] = ()
    cut: float | Search | None = None
    lower_means_case: bool = False
    test: Test | None = None
    enters: bool = True
    kept: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the data it is made of."""
        return self.columns or (self.name,)

    def __post_init__(self) -> None:
        single = len(self.sources) == 1
        if self.cut is not None and not single:
            raise ValueError(f"{self.name}: one column is cut, not {len(self.sources)}")
        if self.test is not None and self.test not in TESTS:
            raise ValueError(f"{self.name}: the test is one of {', '.join(TESTS)}; got {self.test}")
        if self.test not in (None, "likelihood ratio") and not single:
            raise ValueError(f"{self.name}: several columns are screened by likelihood ratio")


@dataclass(frozen=True, slots=True)
class Backward:
    """Elimination by approximate Wald statistics, as `stats.selection.backward`.

    alpha   None: by Akaike's criterion; else while p is not below it
    pooled  stop by all that are out together (rms) or by the next one alone
    """

    alpha: float | None = None
    pooled: bool = True

    @property
    def words(self) -> str:
        """The rule in words."""
        rule = "Akaike's criterion" if self.alpha is None else f"p < {self.alpha:g}"
        return f"backward elimination by {rule}, {'pooled' if self.pooled else 'one by one'}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a study did between its data and its model.

    p_below   candidates whose screening p is below it pass; None: all do
    backward  what is then taken out again; None: nothing
    rule      the estimator, and what becomes of separated fits
    """

    candidates: tuple[Candidate, ...]
    p_below: float | None = None
    backward: Backward | None = None
    rule: Rule = field(default_factory=Rule)

    def __post_init__(self) -> None:
        names = [candidate.name for candidate in self.candidates]
        if not names or len(set(names)) != len(names):
            raise ValueError("a plan needs candidates, each under its own name")
        if self.p_below is not None and not 0 < self.p_below <= 1:
            raise ValueError(f"the screening limit lies between 0 and 1, got {self.p_below}")

    @property
    def entering(self) -> tuple[Candidate, ...]:
        """The candidates of the model."""
        return tuple(candidate for candidate in self.candidates if candidate.enters)

    @property
    def searched(self) -> tuple[Candidate, ...]:
        """Those whose cut-off is searched."""
        return tuple(each for each in self.candidates if isinstance(each.cut, Search))

    @property
    def words(self) -> str:
        """The path in a sentence."""
        steps = []
        if self.searched:
            steps.append(f"cut-offs searched ({', '.join(c.name for c in self.searched)})")
        if self.p_below is not None:
            tests = dict.fromkeys(c.test for c in self.entering if c.test)
            steps.append(f"candidates screened at p < {self.p_below:g} ({', '.join(tests)})")
        if self.backward:
            steps.append(self.backward.words)
        return f"{'; '.join([*steps, 'model fitted'])}. {self.rule.words}"


@dataclass(frozen=True, slots=True, eq=False)
class PathData:
    """The patients' columns by name and their outcome, shape (n,) each; nothing missing."""

    columns: Mapping[str, Floats]
    outcome: Floats


def path_data(columns: Mapping[str, npt.ArrayLike], outcome: npt.ArrayLike, plan: Plan) -> PathData:
    """Check the data a plan is to be walked on.

    raises  ValueError on a wrong shape, a value that is not finite, a column that is not there,
            or one that is not 0/1 where Fisher's or Pearson's test needs it
    """
    y = np.asarray(outcome)
    case = outcome_of(y, len(y))
    checked = {}
    for candidate in plan.candidates:
        for name in candidate.sources:
            if name not in columns:
                raise ValueError(f"{candidate.name} needs the column {name}; it is not there")
            values = np.asarray(columns[name], dtype=np.float64)
            if values.shape != y.shape or not np.isfinite(values).all():
                raise ValueError(f"{name} must hold {len(y)} finite numbers; drop missing first")
            checked[name] = values
            two = np.isin(values, (0, 1)).all()
            if candidate.cut is None and candidate.test in OF_YES_NO and not two:
                raise ValueError(f"{name} must be 0 or 1 for {candidate.test}'s test")
    if not plan.entering:
        raise AnalysisError("no candidate may enter the model")
    return PathData(checked, case.astype(np.float64))
