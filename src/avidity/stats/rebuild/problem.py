"""What a paper prints of a logistic model, as a question: which patients could have given it?

Everything here is as printed: whole counts by outcome, and figures that stand for every number
that rounds to them. Nothing is a patient.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from avidity.errors import AnalysisError
from avidity.stats.interval import error_rate
from avidity.stats.normal import z_of
from avidity.stats.rounded import Rounded

MOST_PREDICTORS = 6
MOST_PATTERNS = 512


@dataclass(frozen=True, slots=True)
class Effect:
    """What is printed of one level against the reference level; None where it is not printed.

    low, high  the ends of the odds ratio's interval, at the problem's level, taken as Wald's
    p          of Wald's test
    beta       the coefficient, a log odds ratio, and its std_error
    """

    odds_ratio: Rounded | None = None
    low: Rounded | None = None
    high: Rounded | None = None
    p: Rounded | None = None
    beta: Rounded | None = None
    std_error: Rounded | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a predictor and its patients; effect None makes it the reference level."""

    name: str
    yes: int
    no: int
    effect: Effect | None = None

    @property
    def total(self) -> int:
        """Patients at this level."""
        return self.yes + self.no


@dataclass(frozen=True, slots=True)
class Predictor:
    """A predictor with two or more levels, one of them the reference."""

    name: str
    levels: tuple[Level, ...]

    @property
    def reference(self) -> int:
        """Which level the others are held against."""
        return next(at for at, level in enumerate(self.levels) if level.effect is None)


@dataclass(frozen=True, slots=True)
class Count:
    """A printed count of patients who share several levels: a cell of a cross table, a subgroup.

    where  predictor and level, such as (("age", ">=54"), ("metastasis", "yes"))
    yes, no, total  those printed
    """

    where: tuple[tuple[str, str], ...]
    yes: int | None = None
    no: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Overall:
    """What is printed of the model as a whole; None where it is not printed.

    deviance     minus twice the log-likelihood
    cox_snell, nagelkerke  the two R squared that SPSS prints
    auc          apparent, of the model's predicted risks in its own patients
    """

    intercept: Rounded | None = None
    deviance: Rounded | None = None
    cox_snell: Rounded | None = None
    nagelkerke: Rounded | None = None
    auc: Rounded | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A printed logistic model with an intercept, main effects alone, complete cases.

    level  confidence of the printed intervals
    z      standard errors from estimate to interval end; None takes the exact normal quantile
    """

    predictors: tuple[Predictor, ...]
    level: float = 0.95
    z: float | None = None
    overall: Overall = field(default_factory=Overall)
    counts: tuple[Count, ...] = ()

    @property
    def reach(self) -> float:
        """Standard errors from the estimate to an end of its interval."""
        return z_of(self.level) if self.z is None else self.z

    @property
    def yes(self) -> int:
        """Patients with the outcome."""
        return sum(level.yes for level in self.predictors[0].levels)

    @property
    def n(self) -> int:
        """Patients."""
        return sum(level.total for level in self.predictors[0].levels)


def problem(
    predictors: Sequence[Predictor],
    level: float = 0.95,
    z: float | None = None,
    overall: Overall | None = None,
    counts: Sequence[Count] = (),
) -> Problem:
    """Check what was printed and put it together; the arguments are the fields of `Problem`.

    raises  AnalysisError where the figures cannot be of one logistic model on one set of patients
    """
    made = Problem(tuple(predictors), level, z, overall or Overall(), tuple(counts))
    error_rate(level)
    _check_shape(made)
    for one in made.predictors:
        _check_levels(one)
    _check_sums(made)
    for count in made.counts:
        _check_count(made, count)
    return made


def _check_shape(made: Problem) -> None:
    names = [one.name for one in made.predictors]
    if not 1 <= len(names) <= MOST_PREDICTORS or len(set(names)) != len(names):
        raise AnalysisError(
            f"a model is rebuilt from 1 to {MOST_PREDICTORS} different predictors,"
            f" found {len(names)} ({', '.join(names)})"
        )
    patterns = 1
    for one in made.predictors:
        patterns *= len(one.levels)
    if patterns > MOST_PATTERNS:
        raise AnalysisError(
            f"the levels combine to {patterns} patterns; at most {MOST_PATTERNS} are searched"
        )


def _check_levels(one: Predictor) -> None:
    names = [level.name for level in one.levels]
    if len(names) < 2 or len(set(names)) != len(names):
        raise AnalysisError(f"{one.name}: needs two or more different levels, found {names}")
    references = [level.name for level in one.levels if level.effect is None]
    if len(references) != 1:
        raise AnalysisError(
            f"{one.name}: exactly one level must be the reference (no printed effect),"
            f" found {references or 'none'}"
        )
    for level in one.levels:
        if level.yes < 0 or level.no < 0:
            raise AnalysisError(f"{one.name}, {level.name}: a count cannot be negative")


def _check_sums(made: Problem) -> None:
    """All predictors must be counted in the same patients."""
    sums = {
        one.name: (
            sum(level.yes for level in one.levels),
            sum(level.no for level in one.levels),
        )
        for one in made.predictors
    }
    if len(set(sums.values())) > 1:
        told = "; ".join(f"{name} {yes} and {no}" for name, (yes, no) in sums.items())
        raise AnalysisError(
            f"the levels of every predictor must add up to the same patients with and without the"
            f" outcome, found {told}: values are missing, or a count is misprinted; ask the"
            f" authors for the counts among the patients of the model"
        )
    if not 0 < made.yes < made.n:
        raise AnalysisError(f"{made.yes} of {made.n} have the outcome: no model can be fitted")


def _check_count(made: Problem, count: Count) -> None:
    known = {one.name: {level.name for level in one.levels} for one in made.predictors}
    used = [name for name, _ in count.where]
    wrong = [f"{name} = {level}" for name, level in count.where if level not in known.get(name, ())]
    if not count.where or wrong or len(set(used)) != len(used):
        raise AnalysisError(
            f"a printed count must name levels of different predictors of the model,"
            f" found {wrong or list(count.where)}"
        )
