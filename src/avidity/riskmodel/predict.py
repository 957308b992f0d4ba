"""One patient's risk: with its interval, what each term adds, and how far to believe it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, log, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from avidity.errors import RiskModelError
from avidity.riskmodel.alike import Alike, alike
from avidity.riskmodel.equation import Equation
from avidity.riskmodel.inputs import Given, understand
from avidity.riskmodel.model import RiskModel, Status
from avidity.riskmodel.terms import Floats
from avidity.stats.interval import Interval
from avidity.stats.normal import z_of

DELTA = "delta method on the linear predictor, from the covariance of the coefficients"
DRAWN_IN = DELTA + " as fitted; the shrinkage factor is taken as known"
ASSUMED = (
    "assumes that every odds ratio holds in the other setting, and that only how common the"
    " outcome is differs"
)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one term adds to the linear predictor, in log odds."""

    term: str
    label: str
    coding: str
    log_odds: float


@dataclass(frozen=True, slots=True)
class Local:
    """The risk where the outcome is as common as declared.

    offset  added to the intercept: logit of the declared prevalence less logit of the source's
    """

    prevalence: float
    source_prevalence: float
    offset: float
    risk: float
    interval: Interval | None
    assumes: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """A risk and everything that should be read with it.

    interval       of the risk; None where the model has no covariance
    contributions  with the intercept they add up to the linear predictor
    alike          patients of the source who looked so; None where it does not tell
    local          under a declared prevalence; None without one
    warnings       sentences
    n, events      of the source
    """

    model: str
    version: str
    status: Status
    outcome: str
    risk: float
    interval: Interval | None
    linear_predictor: float
    intercept: float
    coefficients: str
    contributions: tuple[Contribution, ...]
    alike: Alike | None
    local: Local | None
    warnings: tuple[str, ...]
    n: int
    events: int
    label: str


def predict(
    model: RiskModel,
    inputs: Mapping[str, Given],
    *,
    level: float = 0.95,
    prevalence: float | None = None,
    beyond: bool = False,
) -> Prediction:
    """Answer for one patient.

    inputs      by name, as `avidity.riskmodel.inputs.understand` reads them
    level       of the interval
    prevalence  how common the outcome is where the model is used, 0 < prevalence < 1
    beyond      answer outside the range the model has seen, with a warning
    raises      RiskModelError if the model is partial or an input is missing, unreadable or
                outside the range, or no finite answer exists; AnalysisError on an impossible level
    """
    equation = needed(model)
    told = understand(model, inputs, beyond=beyond)
    with np.errstate(over="ignore", invalid="ignore"):
        row = columns_of(model, {name: [value] for name, value in told.values.items()})[0]
        line, half = _line(equation, row, level)
    if not isfinite(line) or not isfinite(half or 0.0):
        raise RiskModelError(f"{model.name} finds no finite log odds for such numbers; check them")
    interval = _interval(equation, line, half, level)
    return Prediction(
        model=model.name,
        version=model.version,
        status=model.status,
        outcome=model.outcome.label,
        risk=float(expit(line)),
        interval=interval,
        linear_predictor=line,
        intercept=float(equation.coef[0]),
        coefficients="shrunken" if equation.predicts == "shrunken" else "as fitted",
        contributions=_contributions(model, equation, row, told.values),
        alike=alike(model, row, float(expit(line))),
        local=None if prevalence is None else _local(model, line, half, prevalence, level),
        warnings=told.warnings,
        n=model.n or 0,
        events=model.events or 0,
        label=model.label,
    )


def needed(model: RiskModel) -> Equation:
    """The model's equation; raises RiskModelError where it has none, naming what is missing."""
    if model.equation is None:
        raise RiskModelError(
            f"{model.name} is {model.status}: it cannot compute a risk, since"
            f" {'; '.join(model.lacking)} {'are' if len(model.lacking) > 1 else 'is'} missing."
            " 'avidity models' lists the models that can"
        )
    return model.equation


def columns_of(model: RiskModel, values: Mapping[str, npt.ArrayLike]) -> Floats:
    """The equation's columns for patients.

    values   by the model's own names, each of shape (n,), in its units; yes is True, a missing
             value NaN or None
    returns  shape (n, p), a column of ones first; NaN in a term's columns where it cannot be told
    raises   RiskModelError if an input is absent
    """
    if absent := [one.name for one in model.inputs if one.name not in values]:
        raise RiskModelError(f"{model.name} needs {', '.join(absent)}")
    parts = [term.basis(values[term.input]) for term in model.terms]
    n = len(parts[0]) if parts else 1
    return np.column_stack([np.ones(n), *parts])


def linear_predictors(model: RiskModel, values: Mapping[str, npt.ArrayLike]) -> Floats:
    """Shape (n,), the log odds for patients; NaN where an input is missing.

    No range is guarded here: this is for a cohort, whose reader looks at its ranges as a whole.
    """
    found: Floats = columns_of(model, values) @ needed(model).coef
    return found


def from_columns(
    model: RiskModel, values: Sequence[float], level: float = 0.95
) -> tuple[float, Interval | None]:
    """Risk and interval for values of the columns themselves, the intercept's left out.

    raises  RiskModelError for a partial model
    """
    equation = needed(model)
    line, half = _line(equation, np.array([1.0, *values]), level)
    return float(expit(line)), _interval(equation, line, half, level)


def source_prevalence(model: RiskModel) -> float:
    """The share of events among the patients of the source."""
    needed(model)
    return (model.events or 0) / (model.n or 1)


def prevalence_offset(model: RiskModel, prevalence: float) -> float:
    """What to add to the intercept where the outcome is as common as that.

    raises  RiskModelError unless 0 < prevalence < 1
    source  the odds of a case-control sample: Prentice & Pyke, Biometrika 1979;66:403-411
    """
    if not 0 < prevalence < 1:
        raise RiskModelError("the prevalence must lie between 0 and 1, such as 0.1 for 10%")
    return logit(prevalence) - logit(source_prevalence(model))


def logit(share: float) -> float:
    """The log odds of a share.

    >>> logit(0.5)
    0.0
    """
    return log(share / (1 - share))


def _line(equation: Equation, row: Floats, level: float) -> tuple[float, float | None]:
    """The linear predictor, and half the width of its interval."""
    line = float(row @ equation.coef)
    if equation.covariance is None:
        return line, None
    variance = float(row @ np.array(equation.covariance) @ row)
    return line, z_of(level) * sqrt(max(0.0, variance))


def _interval(equation: Equation, line: float, half: float | None, level: float) -> Interval | None:
    if half is None:
        return None
    method = DRAWN_IN if equation.predicts == "shrunken" else DELTA
    return Interval(float(expit(line - half)), float(expit(line + half)), level, method)


def _local(
    model: RiskModel, line: float, half: float | None, prevalence: float, level: float
) -> Local:
    offset = prevalence_offset(model, prevalence)
    moved = line + offset
    return Local(
        prevalence=prevalence,
        source_prevalence=source_prevalence(model),
        offset=offset,
        risk=float(expit(moved)),
        interval=_interval(needed(model), moved, half, level),
        assumes=ASSUMED,
    )


def _contributions(
    model: RiskModel, equation: Equation, row: Floats, values: Mapping[str, Given]
) -> tuple[Contribution, ...]:
    labels = {one.name: one for one in model.inputs}
    at, found = 1, []
    for term in model.terms:
        until = at + len(term.columns)
        added = float(row[at:until] @ equation.coef[at:until])
        asked = labels[term.input]
        unit = f" {asked.unit}" if term.coding == "cut" and asked.unit else ""
        words = f"{values[term.input]} " if term.coding == "category" else ""
        found.append(Contribution(term.name, asked.label, words + term.words + unit, added))
        at = until
    return tuple(found)
