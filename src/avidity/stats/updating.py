"""A model brought to new patients: intercept found anew, intercept and slope, or all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from avidity.errors import AnalysisError
from avidity.stats.estimate import TestResult
from avidity.stats.firth import FirthFit, fit_firth, flic
from avidity.stats.logistic import LogisticFit, fit
from avidity.stats.newton import Design, Floats, climb, design, locked, log_likelihood
from avidity.stats.separation import SeparatedError

Method = Literal["as it is", "in the large", "logistic", "refit"]
METHODS: tuple[Method, ...] = ("as it is", "in the large", "logistic", "refit")
CLOSED = (
    "closed test (Vergouwe and others 2017): the refitted model against the model as it is, then"
    " against the one with its intercept found anew, then against the one recalibrated; the first"
    " that is not significantly worse is kept"
)
NUDGE = 1e-5  # of the coefficients, for the derivative of an update by them
LIMIT = 100  # steps of a climb
SAME = 1e-12  # log odds closer than this are one


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """One way to bring a model to new patients.

    shift, factor   new log odds = shift + factor x old; nan for a refit
    coef            shape (p,), of the updated model
    covariance      None where that of the old coefficients is not known
    parameters      estimated in the new patients
    estimator       in words
    """

    method: Method
    shift: float
    factor: float
    coef: Floats
    covariance: Floats | None
    log_likelihood: float
    parameters: int
    estimator: str


@dataclass(frozen=True, slots=True)
class ClosedStep:
    """The refitted model against a simpler one; kept: the simpler is not significantly worse."""

    against: Method
    test: TestResult
    kept: bool


@dataclass(frozen=True, slots=True, eq=False)
class Updates:
    """Every update, and which one the closed test keeps.

    updates    by method; a refit by Firth where maximum likelihood has no answer; no refit where a
               column says nothing here, no logistic one where the risks part the outcomes
    steps      of the closed test, up to the one that decides; empty where it cannot be made
    chosen     by the closed test; where that cannot be made logistic recalibration, or in the
               large where that does not exist either
    no_test    why it cannot be made; empty where it can
    """

    updates: dict[Method, Update]
    steps: tuple[ClosedStep, ...]
    chosen: Method
    alpha: float
    no_test: str
    n: int
    n_events: int
    method: str


def update(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    coef: npt.ArrayLike,
    covariance: npt.ArrayLike | None = None,
    alpha: float = 0.05,
) -> Updates:
    """Fit all updates of a model in new patients and choose by the closed test.

    X           shape (n, p), the model's columns, ones first; y shape (n,), 0 or 1
    coef        shape (p,), of the model as it is; covariance shape (p, p) or None
    alpha       of each likelihood-ratio test; their df are p, p - 1 and p - 2
    raises      AnalysisError if an outcome is absent or all patients have one predicted risk
    source      Vergouwe and others, Stat Med 2017;36:4529-4539; Steyerberg, Clinical Prediction
                Models, 2nd ed. 2019, chapter 20

    The covariance of a recalibrated model holds both the new patients' uncertainty of shift and
    factor and the old one of the coefficients, carried over by the derivative of the update.
    """
    if not 0 < alpha < 1:
        raise AnalysisError(f"alpha must lie between 0 and 1, got {alpha:g}")
    columns, outcome = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
    old = np.asarray(coef, dtype=np.float64)
    known = None if covariance is None else np.asarray(covariance, dtype=np.float64)
    if np.ptp(columns @ old) < SAME:
        raise AnalysisError("all patients have one predicted risk: there is no slope to find")
    rows = _as_line(columns, outcome, old)
    claimed = log_likelihood(rows, np.array([0.0, 1.0])).value
    kept: Method = "as it is"
    found: dict[Method, Update] = {
        kept: Update(kept, 0.0, 1.0, locked(old), known, claimed, 0, "the model as it is"),
        "in the large": _recalibrated("in the large", columns, outcome, old, known),
    }
    reasons = []
    try:
        found["logistic"] = _recalibrated("logistic", columns, outcome, old, known)
    except SeparatedError:  # the slope is infinite
        reasons.append("The predicted risks part the outcomes completely: there is no slope.")
    try:
        found["refit"], separated = refit(columns, outcome, names)
        reasons += [separated] if separated else []
    except AnalysisError as error:  # a column says nothing here: the model cannot be refitted
        reasons.append(f"The model cannot be refitted here: {error}.")
    no_test = " ".join(reasons)
    steps = () if no_test else _closed(found, rows.n, alpha)
    able: Method = "logistic" if "logistic" in found else "in the large"
    fallback: Method = able if no_test else "refit"
    chosen = next((step.against for step in steps if step.kept), fallback)
    return Updates(found, steps, chosen, alpha, no_test, rows.n, rows.n_events, CLOSED)


def _as_line(X: Floats, y: Floats, old: Floats) -> Design:
    """The old model's log odds as the only column beside the intercept."""
    return design(np.column_stack([np.ones(len(y)), X @ old]), y, ("intercept", "log odds"))


def _recalibrated(
    method: Literal["in the large", "logistic"],
    X: Floats,
    y: Floats,
    old: Floats,
    known: Floats | None,
) -> Update:
    find = _intercept if method == "in the large" else _line
    shift, factor, value, spread = find(X, y, old)
    new = factor * old
    new[0] += shift
    parameters = 1 if method == "in the large" else 2
    words = {
        "in the large": "intercept found anew by maximum likelihood, slopes as they were",
        "logistic": "intercept and common factor of the slopes found anew by maximum likelihood",
    }[method]
    covariance = None if known is None else _carried(find, X, y, old, known, spread)
    return Update(method, shift, factor, locked(new), covariance, value, parameters, words)


Found = tuple[float, float, float, Floats]  # shift, factor, log-likelihood, covariance of both


def _intercept(X: Floats, y: Floats, old: Floats) -> Found:
    rows = _as_line(X, y, old)
    ended = climb(log_likelihood, rows, np.array([0.0, 1.0]), [0], LIMIT)
    spread = np.zeros((2, 2))
    spread[0, 0] = 1 / ended.top.spread.sum()
    return float(ended.top.coef[0]), 1.0, ended.top.value, spread


def _line(X: Floats, y: Floats, old: Floats) -> Found:
    rows = _as_line(X, y, old)
    fitted = fit(rows.X, rows.y, rows.names)
    shift, factor = (float(each) for each in fitted.coef)
    return shift, factor, fitted.log_likelihood, fitted.covariance


def _carried(
    find: Callable[[Floats, Floats, Floats], Found],
    X: Floats,
    y: Floats,
    old: Floats,
    known: Floats,
    spread: Floats,
) -> Floats:
    """Both uncertainties: of shift and factor given the old model, and of the old model."""

    def updated(coef: Floats) -> Floats:
        shift, factor, _, _ = find(X, y, coef)
        new = factor * coef
        new[0] += shift
        return new

    p = len(old)
    through = np.empty((p, p))
    for at in range(p):
        nudge = np.zeros(p)
        nudge[at] = NUDGE * max(1.0, abs(old[at]))
        through[:, at] = (updated(old + nudge) - updated(old - nudge)) / (2 * nudge[at])
    by_both = np.column_stack([np.eye(p)[0], old])  # the new coefficients by shift and factor
    whole = through @ known @ through.T + by_both @ spread @ by_both.T
    return locked((whole + whole.T) / 2)


def refit(X: npt.ArrayLike, y: npt.ArrayLike, names: Sequence[str]) -> tuple[Update, str]:
    """All coefficients found anew, and what separates the outcome ("" if nothing does).

    By maximum likelihood; where that has no answer by Firth's penalised likelihood with the
    intercept corrected (FLIC).

    raises  as `update`
    """
    nan = float("nan")
    fitted: LogisticFit | FirthFit
    try:
        fitted, separated = fit(X, y, names), ""
        words = "maximum likelihood"
    except SeparatedError as error:
        fitted, separated = flic(X, y, fit_firth(X, y, names)), error.separation.sentence
        words = fitted.method
    return Update(
        *("refit", nan, nan, fitted.coef, fitted.covariance),
        fitted.log_likelihood,
        len(names),
        words,
    ), separated


def _closed(found: dict[Method, Update], n: int, alpha: float) -> tuple[ClosedStep, ...]:
    steps: list[ClosedStep] = []
    best = found["refit"]
    for against in METHODS[:3]:
        simple = found[against]
        df = best.parameters - simple.parameters
        chi2 = max(0.0, 2 * (best.log_likelihood - simple.log_likelihood))
        p = float(chdtrc(df, chi2)) if df else 1.0
        words = f"likelihood ratio test of the refitted model against the model {against}"
        kept = p >= alpha
        steps.append(ClosedStep(against, TestResult(p, chi2, float(df), words, n), kept))
        if kept:
            break
    return tuple(steps)
