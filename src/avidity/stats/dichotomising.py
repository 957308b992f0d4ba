"""What it costs to cut a number in two: fit, discrimination and explained variation of each form.

All figures are apparent, in the very patients of the fits. A cut-off that was searched in them
is flattered most, so that its true loss is larger than what stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from avidity.errors import AnalysisError
from avidity.stats.effect_curve import Expand, step_at, straight
from avidity.stats.estimate import Estimate, TestResult
from avidity.stats.goodness_of_fit import brier
from avidity.stats.logistic import LogisticFit, fit
from avidity.stats.newton import Floats
from avidity.stats.roc import roc
from avidity.stats.roc_comparison import compare_paired
from avidity.stats.separation import SeparatedError
from avidity.stats.splines import Spline, default_knots


@dataclass(frozen=True, slots=True)
class Form:
    """The model with the number in one form, next to the same model without the number.

    parameters  spent on the number
    gain        likelihood-ratio test of the number, given the other columns
    auc         of the whole model
    nagelkerke, brier, aic  of the whole model
    """

    name: str
    parameters: int
    gain: TestResult
    auc: Estimate
    nagelkerke: float
    brier: float
    aic: float


@dataclass(frozen=True, slots=True)
class NoForm:
    """A form that could not be fitted, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Loss:
    """The straight line against the cut form; above 0 (below 1 for chi2_kept), cutting cost.

    chi2_kept   chi-square of the cut form over that of the straight line: the share of the
                number's information that is left; nan where the straight line has none
    auc, nagelkerke  straight line less cut
    brier       cut less straight line
    """

    chi2_kept: float
    auc: Estimate
    nagelkerke: float
    brier: float


@dataclass(frozen=True, slots=True)
class DichotomisingLoss:
    """The number as a straight line, as a spline, and cut in two, in the same patients.

    curved  likelihood-ratio test of the spline against the straight line
    loss    of the cut form against the straight line

    Both are None where one of the forms they need has no estimate.
    """

    linear: Form | NoForm
    spline: Form | NoForm
    cut: Form | NoForm
    curved: TestResult | None
    loss: Loss | None
    n: int
    n_events: int
    method: str


def dichotomising_loss(
    x: npt.ArrayLike,
    outcome: npt.ArrayLike,
    cut: float,
    *,
    others: npt.ArrayLike | None = None,
    knots: Sequence[float] | int = 4,
    lower_means_case: bool = False,
    level: float = 0.95,
) -> DichotomisingLoss:
    """Fit the number straight, as a restricted cubic spline, and cut at `>= cut`; compare.

    x        shape (n,), no missing values
    outcome  shape (n,), 0 or 1
    cut      in x's unit; with lower_means_case the cut form is `<= cut`
    others   shape (n, q), further columns of the model, no intercept; None for none
    knots    places, or how many of `default_knots`
    raises   AnalysisError if one outcome is absent, or the other columns alone separate it
    source   Royston, Altman & Sauerbrei, Stat Med 2006;25:127-141

    A form that has no maximum-likelihood estimate (it separates, it never varies, too few
    different values) is given as `NoForm`.
    """
    values, y = np.asarray(x, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    base = np.ones((len(y), 1))
    if others is not None:
        base = np.column_stack([base, np.asarray(others, dtype=np.float64)])
    trial = _Trial(values, y, base, fit(base, y, _numbered(base)), level)
    sign = "<=" if lower_means_case else ">="
    linear = trial.form("straight line", lambda: straight)
    spline = trial.form("restricted cubic spline", lambda: _spline(values, knots).basis)
    step = trial.form(f"{sign} {cut:g}", lambda: step_at(cut, lower_means_case=lower_means_case))
    return DichotomisingLoss(
        linear=linear.form if isinstance(linear, _Fitted) else linear,
        spline=spline.form if isinstance(spline, _Fitted) else spline,
        cut=step.form if isinstance(step, _Fitted) else step,
        curved=_curved(linear, spline),
        loss=_loss(linear, step, y, level),
        n=trial.alone.n,
        n_events=trial.alone.n_events,
        method="maximum likelihood in the same patients; all figures apparent",
    )


@dataclass(frozen=True, slots=True)
class _Fitted:
    form: Form
    fit: LogisticFit
    line: Floats


@dataclass(frozen=True, slots=True)
class _Trial:
    """The patients, the other columns, and the model of these alone."""

    values: Floats
    y: Floats
    base: Floats
    alone: LogisticFit
    level: float

    def form(self, name: str, make: Callable[[], Expand]) -> _Fitted | NoForm:
        try:
            columns = make()(self.values)
            X = np.column_stack([self.base, columns])
            fitted = fit(X, self.y, _numbered(X))
        except SeparatedError:
            return NoForm(name, "it separates the outcome: no finite estimate exists")
        except AnalysisError as error:
            return NoForm(name, str(error))
        line = fitted.linear_predictor(X)
        area = roc(line, self.y)
        told = Form(
            name=name,
            parameters=columns.shape[1],
            gain=_ratio_test(self.alone, fitted),
            auc=Estimate(area.auc, area.interval(self.level), fitted.n, "apparent AUC"),
            nagelkerke=fitted.nagelkerke,
            brier=brier(fitted.risk(X), self.y),
            aic=fitted.aic,
        )
        return _Fitted(told, fitted, line)


def _numbered(X: Floats) -> tuple[str, ...]:
    return tuple(f"column {place}" for place in range(X.shape[1]))


def _spline(values: Floats, knots: Sequence[float] | int) -> Spline:
    places = default_knots(values, knots) if isinstance(knots, int) else knots
    return Spline(tuple(float(place) for place in places))


def _ratio_test(smaller: LogisticFit, larger: LogisticFit) -> TestResult:
    chi2 = max(0.0, smaller.deviance - larger.deviance)
    df = float(len(larger.coef) - len(smaller.coef))
    return TestResult(float(chdtrc(df, chi2)), chi2, df, "likelihood ratio test", larger.n)


def _curved(linear: _Fitted | NoForm, spline: _Fitted | NoForm) -> TestResult | None:
    if isinstance(linear, NoForm) or isinstance(spline, NoForm):
        return None
    return _ratio_test(linear.fit, spline.fit)


def _loss(linear: _Fitted | NoForm, step: _Fitted | NoForm, y: Floats, level: float) -> Loss | None:
    if isinstance(linear, NoForm) or isinstance(step, NoForm):
        return None
    whole, kept = linear.form.gain.statistic or 0.0, step.form.gain.statistic or 0.0
    areas = compare_paired(linear.line, step.line, y)
    way = "AUC of the straight line less that of the cut form, DeLong's paired interval"
    return Loss(
        chi2_kept=kept / whole if whole > 0 else nan,
        auc=Estimate(areas.difference, areas.interval(level), areas.n, way),
        nagelkerke=linear.form.nagelkerke - step.form.nagelkerke,
        brier=step.form.brier - linear.form.brier,
    )
