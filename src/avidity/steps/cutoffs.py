"""Where to cut a continuous predictor, and how well it tells the groups apart (the paper's Fig. 1).

A cut-off found here in these patients looks better than it will be in the next ones; each result
says whether it was fixed beforehand or found here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from avidity.errors import StudyFileError
from avidity.said import say, term
from avidity.stats.cutpoint import Cutpoint, Performance, best_cutpoints, performance, table_at
from avidity.stats.estimate import TestResult
from avidity.stats.interval import Interval
from avidity.stats.roc import RocCurve, roc
from avidity.stats.roc_comparison import compare_paired
from avidity.steps.label import OUTCOME, Labelled
from avidity.steps.variables import Characteristic

BINS = 12  # of the histogram


@dataclass(frozen=True, slots=True)
class At:
    """A cut-off and what it does to these patients.

    value      observed value; positive is ``>= value`` (``<=`` when lower means case)
    midpoint   half-way to the neighbouring value that is not positive; None for one fixed
               beforehand
    found      True when it was searched in these very patients
    """

    value: float
    midpoint: float | None
    sign: str
    found: bool
    performance: Performance

    @property
    def sensitivity(self) -> float:
        """Share of cases called positive."""
        return self.performance.sensitivity.estimate

    @property
    def specificity(self) -> float:
        """Share of the others not called positive."""
        return self.performance.specificity.estimate


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts by group between shared edges: what the figure draws, no patient's value."""

    edges: tuple[float, ...]
    yes: tuple[int, ...]
    no: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cutoff:
    """One continuous predictor: the area under its curve and its cut-offs.

    missing   patients of the analysis without a value, left out here and counted
    optima    every cut-off tied for the largest Youden index, rising
    fixed     the cut-off fixed beforehand in study.toml, if any
    """

    variable: Characteristic
    n: int
    n_yes: int
    n_no: int
    missing: int
    auc: float
    std_error: float | None
    interval: Interval
    lower_means_case: bool
    optima: tuple[At, ...]
    fixed: At | None
    curve: RocCurve
    histogram: Histogram
    convention: str

    @property
    def cutoff(self) -> At:
        """The first optimum (the lowest)."""
        return self.optima[0]


@dataclass(frozen=True, slots=True)
class Pair:
    """Do two predictors tell the groups apart equally well, in the same patients?"""

    first: str
    second: str
    n: int
    difference: float
    interval: Interval | None
    test: TestResult | None


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """Every continuous predictor asked for, and each pair compared."""

    predictors: Mapping[str, Cutoff]
    pairs: tuple[Pair, ...]


def find_cutoffs(labelled: Labelled) -> Cutoffs:
    """AUC, Youden optimum and fixed cut-off of each predictor named in study.toml.

    raises  StudyFileError when a named field is not a number
    """
    wishes, level = labelled.study.cutoffs, labelled.study.about.confidence
    names = tuple(dict.fromkeys((*wishes.fields, *wishes.fixed)))
    for name in names:
        known = labelled.characteristics.get(name)
        if known is None or known.kind != "number":
            raise StudyFileError(
                say(
                    "study.toml, cutoffs: '{name}' must be a number in patients; it is {what}",
                    name=name,
                    what=say("unknown") if known is None else term(known.kind),
                )
            )
    found = {name: _cutoff(name, labelled, level) for name in names}
    pairs = tuple(_pair(one, two, labelled, level) for one, two in combinations(names, 2))
    return Cutoffs(found, pairs)


def _known(labelled: Labelled, *names: str) -> tuple[list[np.ndarray], np.ndarray]:
    rows = labelled.patients.drop_nulls(list(names))
    return [rows[name].to_numpy().astype(float) for name in names], rows[OUTCOME].to_numpy()


def _cutoff(name: str, labelled: Labelled, level: float) -> Cutoff:
    wishes = labelled.study.cutoffs
    lower = name in wishes.lower_means_case
    (score,), outcome = _known(labelled, name)
    area = roc(score, outcome, lower_means_case=lower)
    best = best_cutpoints(score, outcome, lower_means_case=lower)
    sign = "≤" if lower else "≥"
    fixed = None
    if name in wishes.fixed:
        table = table_at(score, outcome, wishes.fixed[name], lower_means_case=lower)
        fixed = At(
            wishes.fixed[name], None, sign, found=False, performance=performance(table, level)
        )
    return Cutoff(
        variable=labelled.characteristics[name],
        n=len(score),
        n_yes=area.n_cases,
        n_no=area.n_controls,
        missing=labelled.patients.height - len(score),
        auc=area.auc,
        std_error=area.std_error,
        interval=area.interval(level),
        lower_means_case=lower,
        optima=tuple(_at(cut, sign, level) for cut in best),
        fixed=fixed,
        curve=area.curve,
        histogram=_histogram(score, outcome),
        convention=(
            f"largest Youden index; positive is {sign} the cut-off, an observed value;"
            " the mid-point to the next value is given beside it;"
            f" {'lower' if lower else 'higher'} values speak for the outcome"
        ),
    )


def _at(cut: Cutpoint, sign: str, level: float) -> At:
    return At(cut.value, cut.midpoint, sign, found=True, performance=performance(cut.table, level))


def _histogram(score: np.ndarray, outcome: np.ndarray) -> Histogram:
    low, high = float(score.min()), float(score.max())
    width = _round_width((high - low) / BINS)
    first = np.floor(low / width) * width
    edges = first + width * np.arange(int(np.floor((high - first) / width)) + 2)
    yes, no = (np.histogram(score[outcome == said], edges)[0] for said in (True, False))
    return Histogram(tuple(edges.tolist()), tuple(yes.tolist()), tuple(no.tolist()))


def _round_width(width: float) -> float:
    """The next width a reader can count in: 1, 2, 2.5, 5 times a power of ten."""
    if width <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(width))
    return float(next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= width))


def _pair(one: str, two: str, labelled: Labelled, level: float) -> Pair:
    lower = labelled.study.cutoffs.lower_means_case
    scores, outcome = _known(labelled, one, two)
    compared = compare_paired(scores[0], scores[1], outcome, (one in lower, two in lower))
    return Pair(
        one, two, len(outcome), compared.difference, compared.interval(level), compared.test()
    )
