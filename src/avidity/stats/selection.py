"""Backward elimination on the full model's Wald statistics, without refitting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import chdtrc

from avidity.errors import AnalysisError
from avidity.stats.newton import Floats


def akaike(chi2: float, df: int) -> float:
    """What a variable is worth: chi squared less two for each degree of freedom."""
    return chi2 - 2 * df


def at_level(alpha: float) -> Worth:
    """Worth by p value: above 0 while p is below alpha.

    >>> at_level(0.05)(3.9, 1) > 0 > at_level(0.05)(3.8, 1)
    True
    """

    def worth(chi2: float, df: int) -> float:
        return alpha - float(chdtrc(df, chi2))

    return worth


Worth = Callable[[float, int], float]


@dataclass(frozen=True, slots=True)
class Removal:
    """One variable taken out.

    chi2, df, p_value     its own Wald test, given what was still in
    residual_chi2, residual_df, residual_p_value  all that were out by then, together, it included
    """

    variable: str
    chi2: float
    df: int
    p_value: float
    residual_chi2: float
    residual_df: int
    residual_p_value: float


@dataclass(frozen=True, slots=True)
class Selection:
    """What stayed, what went in which order, and by which rule."""

    kept: tuple[str, ...]
    removed: tuple[Removal, ...]
    method: str


class Estimates(Protocol):
    """Coefficients and their covariance, by name: all that elimination needs of a model."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""

    @property
    def coef(self) -> Floats:
        """Shape (p,)."""

    @property
    def covariance(self) -> Floats:
        """Shape (p, p)."""


def backward(
    model: Estimates,
    variables: Mapping[str, Sequence[str]],
    worth: Worth = akaike,
    *,
    pooled: bool = True,
) -> Selection:
    """Take out the least worthy variable, again and again, while what is out is worth nothing.

    model      a LogisticFit or FirthFit will do: names, coef, covariance
    variables  each with its columns, which come and go together; the intercept is in none
    worth      of a chi squared and its df; `akaike`, or `at_level(0.05)`
    pooled     true: stop when all that are out, tested together, are worth more than 0, as rms
               does by default; false: stop when the next alone is
    raises     AnalysisError on a column the model does not have
    source     Lawless & Singhal, Biometrics 1978;34:318-327: the smaller model is approximated
               from the full one's coefficients and covariance
    """
    if unknown := sorted({c for cs in variables.values() for c in cs} - set(model.names)):
        raise AnalysisError(f"the model has no column {', '.join(unknown)}")
    inside, removed = dict(variables), list[Removal]()
    while inside:
        gone = [each.variable for each in removed]
        candidate = min(
            (_removal(model, variables, gone, name) for name in inside),
            key=lambda removal: worth(removal.chi2, removal.df),
        )
        chi2, df = candidate.chi2, candidate.df
        if pooled:
            chi2, df = candidate.residual_chi2, candidate.residual_df
        if worth(chi2, df) > 0:
            break
        removed.append(candidate)
        del inside[candidate.variable]
    stop = "pooled residual" if pooled else "individual"
    rule = "Akaike's criterion" if worth is akaike else "a p value"
    method = f"backward elimination by {rule} on approximate Wald statistics, {stop}"
    return Selection(tuple(inside), tuple(removed), method)


def _removal(
    model: Estimates, variables: Mapping[str, Sequence[str]], gone: list[str], name: str
) -> Removal:
    before = _columns(model, variables, gone)
    after = _columns(model, variables, [*gone, name])
    residual, own = _wald(model, after), _wald(model, after) - _wald(model, before)
    df = len(after) - len(before)
    return Removal(
        variable=name,
        chi2=max(0.0, own),
        df=df,
        p_value=float(chdtrc(df, max(0.0, own))),
        residual_chi2=residual,
        residual_df=len(after),
        residual_p_value=float(chdtrc(len(after), residual)),
    )


def _columns(
    model: Estimates, variables: Mapping[str, Sequence[str]], chosen: list[str]
) -> list[int]:
    return [model.names.index(column) for name in chosen for column in variables[name]]


def _wald(model: Estimates, columns: list[int]) -> float:
    """Wald's chi squared that all these coefficients are zero.

    Taking columns out one after the other adds up to taking them out together, so the share of
    the last is a difference of two such values.
    """
    if not columns:
        return 0.0
    coef, block = model.coef[columns], model.covariance[np.ix_(columns, columns)]
    return float(coef @ np.linalg.solve(block, coef))
