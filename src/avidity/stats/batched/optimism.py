"""How much too good a model looks in its own patients: Harrell's bootstrap, batched."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from avidity.errors import AnalysisError
from avidity.stats import newton
from avidity.stats.batched.chunks import in_chunks
from avidity.stats.batched.models import Rule, Tally
from avidity.stats.batched.performance import MEASURES, Measures
from avidity.stats.batched.replicate import (
    Grouped,
    Replicates,
    fitted,
    grouped,
    joined_replicates,
    replicate,
)
from avidity.stats.interval import Interval, error_rate
from avidity.stats.newton import Floats
from avidity.stats.resampling import Resamples

ORDINARY = Rule()
SHIFTED = "location-shifted bootstrap (Noma et al. 2021, algorithm 1)"
STAGED = "two-stage bootstrap (Noma et al. 2021, algorithm 2)"
TESTED = "percentiles over the resamples' models, tested in the original patients"
CALIBRATION = ("slope", "intercept")  # fixed in a model's own patients: nothing there to shift
GRID = np.arange(0.0005, 1, 0.0005)  # of risks, as rms has it


@dataclass(frozen=True, slots=True)
class Corrected:
    """One measure, as it looks and as it is to be expected in new patients.

    measure    its name in `Measures`, or "dxy"
    apparent   of the model in the patients it was fitted to
    trained    mean of the resamples' models, each in its own resample
    tested     mean of the same models in the original patients
    interval   its method says which one; None where no resample has a value
    resamples  how many have a value
    """

    measure: str
    apparent: float
    trained: float
    tested: float
    interval: Interval | None
    resamples: int

    @property
    def optimism(self) -> float:
        """By how much a model looks too good in its own patients, on average."""
        return self.trained - self.tested

    @property
    def corrected(self) -> float:
        """The apparent value less the optimism."""
        return self.apparent - self.optimism


@dataclass(frozen=True, slots=True, eq=False)
class Optimism:
    """The measures of a model corrected for its optimism, and what became of the resamples."""

    measures: dict[str, Corrected]
    tally: Tally
    replicates: Replicates
    n: int
    n_events: int
    method: str

    @property
    def emax(self) -> float:
        """The largest gap between a predicted risk and its correction, over all risks.

        By the corrected intercept and slope, as rms has it; nan if they do not exist.
        """
        intercept, slope = (self.measures[name].corrected for name in ("intercept", "slope"))
        return float(np.abs(GRID - expit(intercept + slope * logit(GRID))).max())


def optimism(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    resamples: Resamples,
    rule: Rule = ORDINARY,
    level: float = 0.95,
    executor: Executor | None = None,
) -> Optimism:
    """Fit the same model in every resample; how much better is it there than in all patients?

    X, y, names  as `logistic.fit`: the intercept's ones first; no missing values
    resamples    of the rows of X
    rule         the estimator, and what becomes of separated resamples; those with one outcome
                 only or a dependent column are dropped; all are counted
    level        of the intervals: percentiles of the measure in the resamples, less the optimism;
                 of slope and intercept the percentiles over the resamples' models as tested
    executor     spreads chunks of resamples; the numbers do not depend on it
    raises       AnalysisError and ValueError as `logistic.fit`; AnalysisError if the model of all
                 patients, or of every resample, does not exist by the rule
    source       Harrell, Lee & Mark, Stat Med 1996;15:361-387; interval: Noma, Shinozaki, Iba,
                 Teramukai & Furukawa, Stat Med 2021;40:5691-5701
    """
    rows = newton.design(X, y, names)
    data = checked(rows, resamples)
    apparent, start = apparent_of(data, np.ones(len(rows.y)), rule)
    everyone = data.patients(np.ones((1, len(rows.y))))
    work = partial(replicate, data, everyone, rule, start)
    done = joined_replicates(in_chunks(work, resamples.weights, executor))
    if not done.usable.any():
        raise AnalysisError("no resample has a model; the data carry too little for it")
    return Optimism(
        measures=corrected(apparent, done, level),
        tally=done.tally,
        replicates=done,
        n=len(rows.y),
        n_events=rows.n_events,
        method=f"optimism by {resamples.method}; {len(resamples)} resamples. {rule.words}",
    )


def checked(rows: newton.Design, resamples: Resamples) -> Grouped:
    """The data grouped; raises ValueError if the resamples are of other patients."""
    if resamples.n != len(rows.y):
        raise ValueError(f"resamples of {resamples.n} patients do not fit {len(rows.y)} rows")
    return grouped(rows.X, rows.y)


def apparent_of(data: Grouped, weights: Floats, rule: Rule) -> tuple[Measures, Floats]:
    """The model of these patients in themselves, and its coefficients, shape (p,).

    weights  shape (n,)
    raises   AnalysisError if there is none
    """
    own = data.patients(weights[np.newaxis])
    models, predictions = fitted(data, own, rule)
    if not models.usable[0]:
        raise AnalysisError("the model of all patients has no estimate by this rule; use Firth's")
    return predictions.of_own(own), models.coef[:, 0]


def corrected(apparent: Measures, done: Replicates, level: float) -> dict[str, Corrected]:
    """Every measure, and Somers' Dxy, which is 2 AUC - 1."""
    found = {name: _corrected(name, apparent, done, level) for name in MEASURES}
    area = found["auc"]
    found["dxy"] = Corrected(
        measure="dxy",
        apparent=2 * area.apparent - 1,
        trained=2 * area.trained - 1,
        tested=2 * area.tested - 1,
        interval=area.interval.map(lambda value: 2 * value - 1) if area.interval else None,
        resamples=area.resamples,
    )
    return found


def _corrected(name: str, apparent: Measures, done: Replicates, level: float) -> Corrected:
    trained, tested = getattr(done.trained, name), getattr(done.tested, name)
    there = np.isfinite(trained) & np.isfinite(tested)
    value = float(getattr(apparent, name)[0])
    if not there.any():
        return Corrected(name, value, np.nan, np.nan, None, 0)
    before, after = float(trained[there].mean()), float(tested[there].mean())
    if name in CALIBRATION:
        interval = percentiles(tested[there], level, TESTED)
    else:
        interval = percentiles(trained[there] - (before - after), level, SHIFTED)
    return Corrected(name, value, before, after, interval, int(there.sum()))


def percentiles(values: Floats, level: float, method: str) -> Interval:
    """The middle of a distribution, quantiles of type 7."""
    tail = error_rate(level) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(float(low), float(high), level, method)
