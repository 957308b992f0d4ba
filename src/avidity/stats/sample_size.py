"""How many patients a risk model needs, and how many parameters these patients can carry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, exp, floor, log, log1p, sqrt

import numpy as np
from scipy.special import log_expit, ndtri

from avidity.errors import AnalysisError
from avidity.said import say
from avidity.stats.root import crossing

Z = 1.96  # as the criteria were published, not the 1.95996… used for intervals elsewhere
SHRINKAGE = 0.9
OPTIMISM = 0.05
MARGIN = 0.05
UNKNOWN_NAGELKERKE = 0.15  # what Riley and others advise where nothing is known of the model
STRONG = 0.8  # from this area on the shrinkage formula asks for too few patients
SOURCE = "Riley and others, Stat Med 2019;38:1276-1296 and BMJ 2020;368:m441"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One criterion and the patients it asks for.

    shrinkage  the expected shrinkage it aims at; None for the criterion about the mean risk
    """

    criterion: str
    n: int
    shrinkage: float | None = None


@dataclass(frozen=True, slots=True)
class DevelopmentSize:
    """Patients needed to develop a model with so many candidate parameters.

    cox_snell, max_cox_snell  the R squared expected of the model, and the most it could be
    caution                   what the formulas do not see here; empty if nothing
    """

    requirements: tuple[Requirement, ...]
    parameters: int
    prevalence: float
    cox_snell: float
    max_cox_snell: float
    caution: str
    method: str

    @property
    def n(self) -> int:
        """Patients that satisfy every criterion."""
        return max(each.n for each in self.requirements)

    @property
    def n_events(self) -> float:
        """Cases among them, at this prevalence."""
        return self.n * self.prevalence

    @property
    def events_per_parameter(self) -> float:
        """Cases for each candidate parameter."""
        return self.n_events / self.parameters


@dataclass(frozen=True, slots=True)
class Support:
    """What patients already there can carry.

    by_shrinkage  most candidate parameters with an expected shrinkage of at least 0.9
    by_optimism   most with an optimism of Nagelkerke's R squared of at most 0.05
    risk_margin   how far the mean risk may lie off, half the width of its 95% interval;
                  no number of parameters mends it
    n_for_risk    patients a margin of 0.05 would take
    assumption    where the expected R squared comes from, in words
    """

    n: int
    n_events: int
    cox_snell: float
    max_cox_snell: float
    by_shrinkage: int
    by_optimism: int
    risk_margin: float
    n_for_risk: int
    assumption: str
    caution: str
    method: str

    @property
    def parameters(self) -> int:
        """Candidate parameters within both criteria; 0 if not even one is."""
        return min(self.by_shrinkage, self.by_optimism)

    @property
    def enough_for_risk(self) -> bool:
        """Whether the mean risk alone can be told to within 0.05."""
        return self.n >= self.n_for_risk

    def shrinkage(self, parameters: int) -> float:
        """The shrinkage to expect of a model with so many candidate parameters: 0.9 is wanted."""
        return expected_shrinkage(parameters, self.n, self.cox_snell)

    def events_per_parameter(self, parameters: int) -> float:
        """Cases for each candidate parameter, every one counted that was ever looked at."""
        if parameters < 1:
            raise AnalysisError("events per parameter need at least one parameter")
        return self.n_events / parameters


def max_cox_snell(prevalence: float) -> float:
    """The most Cox and Snell's R squared can be at this prevalence.

    >>> round(max_cox_snell(0.174), 10)
    0.6032086678
    """
    share = _share(prevalence)
    return 1 - exp(2 * (share * log(share) + (1 - share) * log(1 - share)))


def cox_snell_of_auc(auc: float, prevalence: float) -> float:
    """Cox and Snell's R squared of a model with this area under the curve.

    The linear predictor is taken as normal with one variance among cases and controls; the
    expected log-likelihood is integrated, where Riley and others draw a million patients.

    auc     above 0.5 and below 1
    source  Riley, Van Calster & Collins, Stat Med 2021;40:859-864
    """
    if not 0.5 < auc < 1:
        raise AnalysisError(f"an area under the curve must lie above 0.5 and below 1, got {auc}")
    share = _share(prevalence)
    apart = sqrt(2) * float(ndtri(auc))
    base = log(share / (1 - share)) - apart**2 / 2

    def expected(centre: float, side: int) -> float:
        return _normal_mean(lambda x: log_expit(side * (base + apart * (x + centre))))

    gain = share * (expected(apart, 1) - log(share))
    gain += (1 - share) * (expected(0.0, -1) - log(1 - share))
    return 1 - exp(-2 * gain)


def _normal_mean(function: Callable[[np.ndarray], np.ndarray]) -> float:
    """The mean of a smooth function of a standard normal value, by equal steps."""
    x = np.linspace(-12.0, 12.0, 2401)
    density = np.exp(-(x**2) / 2)
    return float(function(x) @ density / density.sum())


def expected_shrinkage(parameters: int, n: int, cox_snell: float) -> float:
    """The shrinkage to expect when so many candidate parameters meet so many patients.

    Between cox_snell, where nothing is left, and 1.
    """
    if parameters < 1 or n < 1:
        raise AnalysisError("an expected shrinkage needs at least one parameter and one patient")
    if not 0 < cox_snell < 1:
        raise AnalysisError(f"the expected R squared must lie between 0 and 1, got {cox_snell}")

    def too_few(shrinkage: float) -> float:
        return parameters / n - _parameters_per_patient(shrinkage, cox_snell)

    tiny = 1e-12 * (1 - cox_snell)
    return crossing(too_few, cox_snell + tiny, 1.0)


def _parameters_per_patient(shrinkage: float, cox_snell: float) -> float:
    """How many parameters one patient carries at this expected shrinkage."""
    return (shrinkage - 1) * log1p(-cox_snell / shrinkage)


def development_size(
    parameters: int,
    prevalence: float,
    *,
    cox_snell: float | None = None,
    auc: float | None = None,
    nagelkerke: float | None = None,
) -> DevelopmentSize:
    """Patients needed to develop a model for a yes-or-no outcome, by three criteria.

    parameters  candidate parameters: every coefficient that could have entered, dummies and
                spline parts each counted
    prevalence  share of cases expected
    cox_snell, auc, nagelkerke  what is expected of the model, one of the three; none of them
                means Nagelkerke's R squared 0.15
    raises      AnalysisError on impossible values
    source      as `SOURCE`

    >>> size = development_size(24, 0.174, cox_snell=0.288)
    >>> [each.n for each in size.requirements]
    [623, 662, 221]
    """
    if parameters < 1:
        raise AnalysisError(f"a model needs at least one candidate parameter, got {parameters}")
    most = max_cox_snell(prevalence)
    expected, _ = _expected(prevalence, cox_snell, auc, nagelkerke)
    fit = _shrinkage_for_optimism(expected, most)
    wanted = (SHRINKAGE, fit)
    patients = [ceil(parameters / _parameters_per_patient(s, expected)) for s in wanted]
    requirements = (
        Requirement("expected shrinkage of at least 0.9", patients[0], SHRINKAGE),
        Requirement("optimism of Nagelkerke's R² of at most 0.05", patients[1], fit),
        Requirement("mean risk to within 0.05", _n_for_risk(prevalence)),
    )
    caution = _caution(prevalence, expected)
    return DevelopmentSize(
        requirements, parameters, prevalence, expected, most, caution, f"three criteria, {SOURCE}"
    )


def supports(
    n: int,
    n_events: int,
    *,
    cox_snell: float | None = None,
    auc: float | None = None,
    nagelkerke: float | None = None,
) -> Support:
    """How many candidate parameters these patients can carry, to be asked before any fit.

    n, n_events  patients and cases among them
    cox_snell, auc, nagelkerke  as `development_size`; from other cohorts, not from this one,
                 whose own apparent R squared would flatter itself
    raises       AnalysisError if one outcome is absent, or on impossible values

    >>> supports(90, 32, cox_snell=0.288).parameters
    3
    """
    if not 0 < n_events < n:
        raise AnalysisError(
            f"a model needs patients with and without the outcome; {n_events} of {n} have it"
        )
    share = n_events / n
    most = max_cox_snell(share)
    expected, assumption = _expected(share, cox_snell, auc, nagelkerke)
    fit = _shrinkage_for_optimism(expected, most)
    return Support(
        n=n,
        n_events=n_events,
        cox_snell=expected,
        max_cox_snell=most,
        by_shrinkage=floor(n * _parameters_per_patient(SHRINKAGE, expected)),
        by_optimism=floor(n * _parameters_per_patient(fit, expected)),
        risk_margin=Z * sqrt(share * (1 - share) / n),
        n_for_risk=_n_for_risk(share),
        assumption=assumption,
        caution=_caution(share, expected),
        method=f"three criteria, {SOURCE}",
    )


def mean_absolute_error(parameters: int, n: int, prevalence: float) -> float:
    """How far a predicted risk will lie from the true one on average, in new patients.

    A line through many simulations, in which events per parameter told less than these three.

    raises  AnalysisError beyond 30 parameters, where nobody has tried it
    source  van Smeden and others, Stat Methods Med Res 2019;28:2455-2474

    >>> round(mean_absolute_error(10, 461, 0.3), 4)
    0.05
    """
    if not 1 <= parameters <= 30:
        raise AnalysisError(f"the formula holds for 1 to 30 parameters, got {parameters}")
    share = _share(prevalence)
    rarer = min(share, 1 - share)
    return exp(-0.508 - 0.544 * log(n) + 0.259 * log(rarer) + 0.504 * log(parameters))


def _share(prevalence: float) -> float:
    if not 0 < prevalence < 1:
        raise AnalysisError(f"a prevalence must lie between 0 and 1, got {prevalence}")
    return prevalence


def _expected(
    prevalence: float, cox_snell: float | None, auc: float | None, nagelkerke: float | None
) -> tuple[float, str]:
    """Cox and Snell's R squared to expect, and in words where it comes from."""
    most = max_cox_snell(prevalence)
    given = [value for value in (cox_snell, auc, nagelkerke) if value is not None]
    if len(given) > 1:
        raise AnalysisError("give one of Cox-Snell's R², AUC and Nagelkerke's R², not several")
    if auc is not None:
        return cox_snell_of_auc(auc, prevalence), say("from an expected AUC of {auc:g}", auc=auc)
    if cox_snell is not None:
        words = say("an expected Cox-Snell R² of {r2:g}", r2=cox_snell)
        expected = cox_snell
    else:
        share = UNKNOWN_NAGELKERKE if nagelkerke is None else nagelkerke
        expected, words = share * most, say("from an expected Nagelkerke R² of {r2:g}", r2=share)
        if nagelkerke is None:
            words = say("{source}, as advised where nothing is known", source=words)
    if not 0 < expected < most:
        raise AnalysisError(
            f"at this prevalence Cox-Snell's R² lies between 0 and {most:.3f}, got {expected:.3f}"
        )
    return expected, words


def _shrinkage_for_optimism(expected: float, most: float) -> float:
    """The shrinkage at which the apparent Nagelkerke R squared is 0.05 too large."""
    return expected / (expected + OPTIMISM * most)


def _n_for_risk(prevalence: float) -> int:
    return ceil((Z / MARGIN) ** 2 * prevalence * (1 - prevalence))


def _caution(prevalence: float, expected: float) -> str:
    if expected < cox_snell_of_auc(STRONG, prevalence):
        return ""
    return (
        "for a model as strong as this (an AUC of 0.8 or more) the shrinkage formula asks for"
        " too few patients: half as many again at 0.85, twice as many at 0.9"
        " (Pavlou and others, BMC Med Res Methodol 2024;24:146)"
    )
