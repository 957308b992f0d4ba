"""Which factors go with the outcome, alone and together (the paper's Table 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Literal

from avidity.errors import AnalysisError, StudyFileError
from avidity.said import say
from avidity.stats.interval import Interval
from avidity.stats.logistic import LogisticFit
from avidity.stats.regression import Regression, odds_ratios
from avidity.stats.roc import roc
from avidity.steps.basis import Basis, basis
from avidity.steps.describe import Table1
from avidity.steps.design import INTERCEPT, Design, Floats, Term, design
from avidity.steps.label import Labelled
from avidity.steps.variables import Characteristic


@dataclass(frozen=True, slots=True)
class Effect:
    """One odds ratio, with interval and p of the same principle.

    n_level, events_level   patients at this level and the cases among them; None for a number
    note                    what separated, when the ordinary estimate does not exist
    """

    term: Term
    coefficient: float
    std_error: float
    odds_ratio: float
    interval: Interval
    p_value: float
    estimator: str
    principle: str
    n: int
    events: int
    n_level: int | None
    events_level: int | None
    note: str

    @property
    def low(self) -> float:
        """Lower end of the odds ratio's interval."""
        return self.interval.low

    @property
    def high(self) -> float:
        """Upper end of the odds ratio's interval."""
        return self.interval.high


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model, whole: what a calculator or a reviewer needs.

    names        of the columns, the intercept first
    covariance   of the coefficients, in that order; inverse information at the estimate
    came_in      patients of the analysis: n, ``left`` and ``not_asked`` together
    left         who left for want of which variable (the first one missing, in the model's order)
    not_asked    patients some variable does not apply to, left out of this model
    cox_snell_r2, nagelkerke_r2  None for a penalised fit, where they are not defined
    auc          apparent: in the very patients of the fit
    """

    names: tuple[str, ...]
    coefficients: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    effects: Mapping[str, Effect]
    estimator: str
    principle: str
    separated: str
    n: int
    events: int
    came_in: int
    left: Mapping[str, int]
    not_asked: int
    log_likelihood: float
    null_log_likelihood: float
    minus_2_log_likelihood: float
    lr_chi2: float
    lr_df: int
    lr_p_value: float
    lr_method: str
    cox_snell_r2: float | None
    nagelkerke_r2: float | None
    auc: float

    @property
    def intercept(self) -> float:
        """Log odds when every term is zero."""
        return self.coefficients[0]


@dataclass(frozen=True, slots=True)
class Screened:
    """A variable held against the screen.

    p_value   of Table 1's test or of the univariable model, as ``by`` says; None without one
    """

    variable: str
    p_value: float | None
    passed: bool


@dataclass(frozen=True, slots=True)
class NotFitted:
    """A model that could not be fitted, and why."""

    variable: str
    why: str


@dataclass(frozen=True, slots=True)
class Modelling:
    """Every univariable model, the way the variables were chosen, and the multivariable model.

    candidates   parameters that were looked at before the final model was written down
    basis        the patients the multivariable model rests on; None without one
    """

    univariable: Mapping[str, Fit]
    not_fitted: tuple[NotFitted, ...]
    chosen_by: Literal["declared list", "screen", "none"]
    screen: tuple[Screened, ...]
    screen_words: str
    multivariable: Fit | None
    candidates: int
    events_per_candidate: float
    principle_words: str
    basis: Basis | None = None


def fit_models(labelled: Labelled, table1: Table1) -> Modelling:
    """Fit what study.toml asks for.

    raises  StudyFileError when a named variable is not known
    """
    wishes, known = labelled.study.model, labelled.characteristics
    declared = (*(wishes.screen.candidates if wishes.screen else ()), *wishes.terms)
    single = wishes.univariable or tuple(dict.fromkeys(declared))
    for name in dict.fromkeys((*single, *declared)):
        if name not in known:
            raise StudyFileError(
                say(
                    "study.toml, model: unknown variable '{name}'; there are: {names}",
                    name=name,
                    names=", ".join(known),
                )
            )
    univariable, not_fitted = _each_alone(single, labelled)
    screened, words = _screen(labelled, table1, univariable)
    terms = wishes.terms or tuple(line.variable for line in screened if line.passed)
    multivariable = None
    if terms:
        multivariable, trouble = _try(terms, labelled, "the multivariable model")
        not_fitted += trouble
    parameters = sum(_parameters(known[name]) for name in candidates(labelled))
    events = int(min(labelled.flow.yes, labelled.flow.no))
    return Modelling(
        univariable,
        tuple(not_fitted),
        "declared list" if wishes.terms else ("screen" if wishes.screen else "none"),
        screened,
        words,
        multivariable,
        parameters,
        events / parameters if parameters else float("nan"),
        PRINCIPLES[wishes.principle],
        basis(terms, labelled, multivariable.coefficients) if multivariable else None,
    )


def candidates(labelled: Labelled) -> tuple[str, ...]:
    """Every variable the usual track looks at before its final model is written down."""
    wishes = labelled.study.model
    declared = (*(wishes.screen.candidates if wishes.screen else ()), *wishes.terms)
    names = dict.fromkeys((*wishes.univariable, *declared))
    return tuple(name for name in names if name in labelled.characteristics)


PRINCIPLES = {
    "wald": "Wald interval and Wald p value",
    "profile": "profile-likelihood interval and likelihood-ratio p value",
}


def _parameters(variable: Characteristic) -> int:
    return max(1, len(variable.levels) - 1)


def _each_alone(names: Sequence[str], labelled: Labelled) -> tuple[dict[str, Fit], list[NotFitted]]:
    fitted, not_fitted = {}, []
    for name in names:
        fit, trouble = _try((name,), labelled, name)
        not_fitted += trouble
        if fit:
            fitted[name] = fit
    return fitted, not_fitted


def _try(
    names: tuple[str, ...], labelled: Labelled, what: str
) -> tuple[Fit | None, list[NotFitted]]:
    try:
        return fit_one(names, labelled), []
    except AnalysisError as error:
        return None, [NotFitted(what, str(error))]


def _screen(
    labelled: Labelled, table1: Table1, univariable: Mapping[str, Fit]
) -> tuple[tuple[Screened, ...], str]:
    screen = labelled.study.model.screen
    if screen is None:
        return (), ""
    lines = []
    for name in screen.candidates:
        p = table1.rows[name].p_value if name in table1.rows else None
        if p is None and name in univariable:
            p = univariable[name].lr_p_value
        lines.append(Screened(name, p, p is not None and p < screen.p_below))
    words = (
        f"candidates with p < {screen.p_below:g} in Table 1"
        " (the univariable likelihood-ratio p for a variable that is not in it)"
    )
    return tuple(lines), words


def fit_one(names: tuple[str, ...], labelled: Labelled) -> Fit:
    """One logistic model of the complete cases; Firth where the ordinary estimate does not exist.

    raises  AnalysisError when it cannot be fitted at all
    """
    arrays, study = design(names, labelled), labelled.study
    labels = tuple(dict.fromkeys((INTERCEPT, *(term.label for term in arrays.terms))))
    columns = (INTERCEPT, *(term.name for term in arrays.terms))
    got = odds_ratios(
        arrays.X,
        arrays.y,
        labels if len(labels) == len(columns) else columns,  # a sentence names what a reader knows
        principle=study.model.principle,
        level=study.about.confidence,
    )
    effects = {term.name: _effect(at, arrays, got) for at, term in enumerate(arrays.terms)}
    fitted, whole = got.fit, got.fit.likelihood_ratio()
    return Fit(
        names=columns,
        coefficients=tuple(fitted.coef.tolist()),
        covariance=tuple(tuple(row) for row in fitted.covariance.tolist()),
        effects=effects,
        estimator=got.estimator,
        principle=got.rows[0].method,
        separated=_separated(names, arrays, labelled, got),
        n=len(arrays.y),
        events=int(arrays.y.sum()),
        came_in=labelled.patients.height,
        left=arrays.left,
        not_asked=arrays.not_asked,
        log_likelihood=fitted.log_likelihood,
        null_log_likelihood=_null(arrays.y),
        minus_2_log_likelihood=-2 * fitted.log_likelihood,
        lr_chi2=whole.statistic or 0.0,
        lr_df=len(arrays.terms),
        lr_p_value=whole.p_value,
        lr_method=whole.method,
        cox_snell_r2=fitted.cox_snell if isinstance(fitted, LogisticFit) else None,
        nagelkerke_r2=fitted.nagelkerke if isinstance(fitted, LogisticFit) else None,
        auc=roc(fitted.linear_predictor(arrays.X), arrays.y).auc,
    )


def _separated(names: tuple[str, ...], arrays: Design, labelled: Labelled, got: Regression) -> str:
    """What separates, in words; a level in which everybody is alike is named by itself."""
    if not got.separation.found:
        return ""
    pure = []
    for name in names:
        variable, column = labelled.characteristics[name], arrays.values[name]
        for level in variable.levels:
            here = arrays.y[column == level]
            if len(here) and here.min() == here.max():
                has = "the outcome" if here[0] else "no outcome"
                pure.append(f"all {len(here)} patients with {variable.label} {level} have {has}")
    return got.sentence + (f" In particular, {'; '.join(pure)}." if pure else "")


def _null(y: Floats) -> float:
    """Log-likelihood of the intercept alone."""
    share = float(y.mean())
    return len(y) * (share * log(share) + (1 - share) * log(1 - share))


def _effect(at: int, arrays: Design, got: Regression) -> Effect:
    term, row, coefficient = arrays.terms[at], got.rows[at], got.coefficients[at + 1]
    column = arrays.X[:, at + 1]
    binary = bool(term.level)
    return Effect(
        term=term,
        coefficient=coefficient.estimate,
        std_error=coefficient.std_error,
        odds_ratio=row.odds_ratio,
        interval=row.interval,
        p_value=row.p_value,
        estimator=got.estimator,
        principle=row.method,
        n=len(arrays.y),
        events=int(arrays.y.sum()),
        n_level=int(column.sum()) if binary else None,
        events_level=int(column @ arrays.y) if binary else None,
        note=row.note,
    )
