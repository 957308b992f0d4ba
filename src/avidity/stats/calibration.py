"""Whether predicted risks mean what they say: as many cases as announced, and over the range."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, logit

from avidity.errors import AnalysisError
from avidity.stats.coefficients import Coefficient, wald_coefficients
from avidity.stats.estimate import Estimate, TestResult
from avidity.stats.goodness_of_fit import Grouping, brier, by_quantiles
from avidity.stats.interval import Interval
from avidity.stats.logistic import fit
from avidity.stats.newton import Floats, climb, design, log_likelihood
from avidity.stats.normal import p_of, z_of
from avidity.stats.proportion import wilson
from avidity.stats.scores import outcome_of

NAMES = ("intercept", "log odds of the predicted risk")


@dataclass(frozen=True, slots=True)
class Recalibration:
    """The outcome regressed on the predicted log odds: 0 and 1 are perfect.

    in_the_large        intercept with the slope held at 1 (offset): above 0, risks are too low
                        on the whole
    intercept_at_slope  intercept beside the estimated slope (as rms' val.prob prints): it is
                        no measure of its own, and must not be read as the former
    slope               below 1, risks are too extreme, as after overfitting; its test is of 1
    unreliability       likelihood-ratio test that intercept and slope are 0 and 1 (2 df)
    """

    in_the_large: Coefficient
    intercept_at_slope: Coefficient
    slope: Coefficient
    unreliability: TestResult


@dataclass(frozen=True, slots=True)
class Calibration:
    """Predicted risks against what happened, in numbers.

    observed_to_expected  cases over the sum of predicted risks; interval on the log scale
    brier                 mean squared distance between risk and outcome
    scaled_brier          1 - brier over that of giving everybody the prevalence: 1 is perfect,
                          0 no better than that, below 0 worse
    spiegelhalter         z test that the risks are right, from Brier's score
    discrimination        Harrell's D: chi-square of the risks as given (not as recalibrated)
                          against the prevalence, less 1, per patient
    unreliability         Harrell's U: chi-square of the test above, less 2, per patient
    """

    recalibration: Recalibration
    observed_to_expected: Estimate
    brier: float
    scaled_brier: float
    spiegelhalter: TestResult
    discrimination: float
    unreliability: float
    n: int
    n_events: int
    method: str

    @property
    def quality(self) -> float:
        """Harrell's Q = D - U, as rms' val.prob prints it."""
        return self.discrimination - self.unreliability


def calibration(risk: npt.ArrayLike, outcome: npt.ArrayLike, level: float = 0.95) -> Calibration:
    """All single numbers of calibration.

    risk     shape (n,), predicted probabilities inside 0 and 1, none missing
    outcome  shape (n,), 0 or 1
    raises   SeparatedError if the risks tell the outcomes apart completely, so that the slope
             is infinite; AnalysisError if a risk is exactly 0 or 1 (its log odds are infinite),
             all risks are equal, or one outcome is absent; ValueError on wrong shapes
    source   Cox, Biometrika 1958;45:562-565; Miller, Hui & Tierney, Stat Med 1991;10:1213-1226;
             Harrell, Regression Modeling Strategies, 2nd ed. 2015, section 10.9
    """
    p, case = risks_of(risk, outcome)
    n, events = len(p), int(case.sum())
    again, likelihoods = _recalibration(p, case, level)
    null, fitted, claimed = likelihoods
    score, share = brier(p, case), events / n
    return Calibration(
        recalibration=again,
        observed_to_expected=observed_to_expected(p, case, level),
        brier=score,
        scaled_brier=1 - score / (share * (1 - share)),
        spiegelhalter=spiegelhalter(p, case),
        discrimination=(2 * (claimed - null) - 1) / n,
        unreliability=(2 * (fitted - claimed) - 2) / n,
        n=n,
        n_events=events,
        method="logistic recalibration; Wald intervals",
    )


def recalibration(
    risk: npt.ArrayLike, outcome: npt.ArrayLike, level: float = 0.95
) -> Recalibration:
    """Both intercepts and the slope; arguments and errors as `calibration`."""
    p, case = risks_of(risk, outcome)
    return _recalibration(p, case, level)[0]


def risks_of(risk: npt.ArrayLike, outcome: npt.ArrayLike) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Predicted risks that have log odds, and the outcome as bool.

    raises  ValueError on a wrong shape or a value outside 0 and 1; AnalysisError on 0 or 1
            itself, or if one outcome is absent
    """
    p = np.asarray(risk, dtype=np.float64)
    if p.ndim != 1 or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("risks must be one row of probabilities between 0 and 1")
    case = outcome_of(outcome, len(p))
    certain = int(((p == 0) | (p == 1)).sum())
    if certain:
        raise AnalysisError(
            f"{certain} predicted risks are exactly 0 or 1: no outcome could ever correct them,"
            f" and they have no log odds"
        )
    return p, case


def _recalibration(
    p: Floats, case: npt.NDArray[np.bool_], level: float
) -> tuple[Recalibration, tuple[float, float, float]]:
    """And the log-likelihoods of the prevalence, of the regression, and of the risks as given."""
    line, y = logit(p), case.astype(np.float64)
    X = np.column_stack([np.ones(len(line)), line])
    fitted = fit(X, y, NAMES)
    rows = design(X, y, NAMES)
    claimed = log_likelihood(rows, np.array([0.0, 1.0]))
    shifted = climb(log_likelihood, rows, claimed.coef, free=[0]).top
    variance = 1 / shifted.spread.sum()
    large = wald_coefficients(
        ("intercept, slope held at 1",), shifted.coef[:1], np.array([[variance]]), rows.n, level
    )
    intercept, slope = fitted.wald(level)
    z = (slope.estimate - 1) / slope.std_error
    slope = replace(slope, test=TestResult(p_of(z), z, None, "Wald test of slope 1", rows.n))
    chi2 = max(0.0, 2 * (fitted.log_likelihood - claimed.value))
    words = "likelihood ratio test of intercept 0 and slope 1"
    test = TestResult(float(chdtrc(2, chi2)), chi2, 2.0, words, rows.n)
    again = Recalibration(large[0], intercept, slope, test)
    return again, (fitted.null_log_likelihood, fitted.log_likelihood, claimed.value)


def observed_to_expected(
    risk: npt.ArrayLike, outcome: npt.ArrayLike, level: float = 0.95
) -> Estimate:
    """Cases over the cases that were announced; the interval on the log scale.

    The expected number is taken as given, the observed one as binomial: the variance of the log
    is (1 - share) / cases.

    source  Debray and others, BMJ 2017;356:i6460
    raises  as `calibration`; risks of exactly 0 or 1 are allowed here, if not all are 0
    """
    p = np.asarray(risk, dtype=np.float64)
    case = outcome_of(outcome, len(p))
    seen, said, n = int(case.sum()), float(p.sum()), len(p)
    if said <= 0:
        raise AnalysisError("no case is expected by these risks: there is nothing to compare with")
    half = z_of(level) * sqrt((1 - seen / n) / seen)
    ratio = seen / said
    interval = Interval(ratio * exp(-half), ratio * exp(half), level, "normal on the log scale")
    return Estimate(ratio, interval, n, "observed over expected cases, normal on the log scale")


def spiegelhalter(risk: npt.ArrayLike, outcome: npt.ArrayLike) -> TestResult:
    """Spiegelhalter's z test that the risks are right as they stand.

    source  Spiegelhalter, Stat Med 1986;5:421-433
    raises  AnalysisError if every risk is 0, 1/2 or 1: Brier's score then cannot vary
    """
    p = np.asarray(risk, dtype=np.float64)
    case = outcome_of(outcome, len(p))
    spread = float(((1 - 2 * p) ** 2 * p * (1 - p)).sum())
    if spread <= 0:
        raise AnalysisError("with every risk at 0, 1/2 or 1 Spiegelhalter's test says nothing")
    z = float(((case - p) * (1 - 2 * p)).sum()) / sqrt(spread)
    return TestResult(p_of(z), z, None, "Spiegelhalter's z test, two-sided", len(p))


@dataclass(frozen=True, slots=True)
class CalibrationGroup:
    """Patients of similar predicted risk.

    predicted        their mean predicted risk
    observed         the share of cases among them, with Wilson's interval
    lowest, highest  predicted risk in the group
    """

    predicted: float
    observed: Estimate
    lowest: float
    highest: float


def calibration_groups(
    risk: npt.ArrayLike,
    outcome: npt.ArrayLike,
    groups: int = 10,
    by: Grouping = by_quantiles,
    level: float = 0.95,
) -> tuple[CalibrationGroup, ...]:
    """Points for a plot, from low to high risk; what they look like hangs on the grouping.

    by      `by_quantiles` or `by_ranks`, as in `goodness_of_fit`
    raises  ValueError on wrong shapes; AnalysisError if one outcome is absent
    """
    p = np.asarray(risk, dtype=np.float64)
    case = outcome_of(outcome, len(p))
    place = by(p, groups)
    return tuple(_group(p[place == each], case[place == each], level) for each in np.unique(place))


def _group(p: Floats, case: npt.NDArray[np.bool_], level: float) -> CalibrationGroup:
    return CalibrationGroup(
        predicted=float(p.mean()),
        observed=wilson(int(case.sum()), len(p), level),
        lowest=float(p.min()),
        highest=float(p.max()),
    )
