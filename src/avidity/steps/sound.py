"""The model as it should be built: terms declared beforehand, numbers kept as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError, StudyFileError
from avidity.said import say
from avidity.stats.cutpoint import youden
from avidity.stats.dichotomising import DichotomisingLoss, dichotomising_loss
from avidity.stats.effect_curve import EffectCurve, Term, log_odds_ratio_curve, odds_ratio_curve
from avidity.stats.effect_curve import straight as as_it_is
from avidity.stats.estimate import TestResult
from avidity.stats.firth import FirthFit, fit_firth, flic, penalised_ratio_tests
from avidity.stats.interval import Interval
from avidity.stats.logistic import LogisticFit, fit, likelihood_ratio_tests
from avidity.stats.maximally_selected import MaximallySelected, maximally_selected
from avidity.stats.roc import roc
from avidity.stats.selection import Selection, akaike, at_level, backward
from avidity.stats.separation import SeparatedError
from avidity.stats.shrinkage import ShrinkageFactor, heuristic_factor, shrunken
from avidity.stats.splines import Spline
from avidity.steps.design import INTERCEPT, Design, Floats, design
from avidity.steps.label import OUTCOME, Labelled

POINTS = 61  # of a drawn curve
BINS = 16  # of the counts below it; values beyond the ends are counted in the last


@dataclass(frozen=True, slots=True)
class Contrast:
    """What one variable does in the model, as one odds ratio a reader can use, and its test.

    form       "linear", "spline with 3 knots", "yes/no" or "category"
    against    the values compared: third against first quartile for a number, level against
               reference otherwise
    test       of all its coefficients together
    nonlinear  of the curved parts of a spline; None for the others
    """

    variable: str
    label: str
    form: str
    parameters: int
    against: str
    odds_ratio: float
    interval: Interval | None
    test: TestResult
    nonlinear: TestResult | None


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A number's odds ratio over its range, against its median; counts by bin for the rug."""

    variable: str
    label: str
    unit: str
    curve: EffectCurve
    reference: float
    edges: tuple[float, ...]
    yes: tuple[int, ...]
    no: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What cutting a number costs, and what its searched cut-off is worth once corrected.

    searched   None when the cut-off was fixed beforehand
    """

    variable: str
    label: str
    cut: float
    loss: DichotomisingLoss
    searched: MaximallySelected | None
    why_none: str


@dataclass(frozen=True, slots=True)
class SoundModel:
    """The declared model, whole.

    coefficients, covariance   the intercept first, by ``names``
    candidates                 parameters that could have entered
    mean_risk                  equals the share of cases (FLIC where Firth was needed)
    """

    declared: tuple[str, ...]
    kept: tuple[str, ...]
    selection: Selection | None
    selection_words: str
    names: tuple[str, ...]
    coefficients: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    knots: Mapping[str, tuple[float, ...]]
    contrasts: tuple[Contrast, ...]
    curves: tuple[Curve, ...]
    estimator: str
    separated: str
    n: int
    events: int
    came_in: int
    left: Mapping[str, int]
    candidates: int
    lr_chi2: float
    lr_p_value: float
    nagelkerke_r2: float | None
    auc: float
    mean_risk: float


def sound_terms(labelled: Labelled) -> tuple[str, ...]:
    """The terms declared in [sound], or those of [model] with every cut-off as its number.

    raises  StudyFileError on an unknown name
    """
    study, known = labelled.study, labelled.characteristics
    wished = study.sound.terms
    if not wished:
        usual = study.model.terms or (study.model.screen.candidates if study.model.screen else ())
        cuts = [(known[name].cut, name) for name in usual if name in known]
        wished = tuple(dict.fromkeys(cut[0] if cut else name for cut, name in cuts))
    if unknown := [name for name in (*wished, *study.sound.knots) if name not in known]:
        raise StudyFileError(
            say("study.toml, sound: unknown variable {names}", names=", ".join(unknown))
        )
    if wrong := [name for name in study.sound.knots if known[name].kind != "number"]:
        raise StudyFileError(
            say("study.toml, sound.knots: no numbers: {names}", names=", ".join(wrong))
        )
    return wished


def parameters_of(names: tuple[str, ...], labelled: Labelled, *, usual: bool = False) -> int:
    """Coefficients these variables would take, spline parts and levels each counted.

    usual   the usual track, which knows no splines
    """
    knots = {} if usual else labelled.study.sound.knots
    known = labelled.characteristics
    return sum(
        knots[name] - 1 if name in knots else max(1, len(known[name].levels) - 1) for name in names
    )


def fit_sound(names: tuple[str, ...], labelled: Labelled) -> SoundModel:
    """Fit the declared terms; reduce them only where the study file says so.

    raises  AnalysisError when it cannot be fitted
    """
    wishes = labelled.study.sound
    knots = {name: count for name, count in wishes.knots.items() if name in names}
    arrays = design(names, labelled, knots)
    fitted, separated = _fitted(arrays)
    kept, selection, words = _selected(names, arrays, fitted, labelled)
    if kept != names:
        arrays = design(kept, labelled, {name: knots[name] for name in kept if name in knots})
        fitted, separated = _fitted(arrays)
    whole = fitted.likelihood_ratio()
    ready = flic(arrays.X, arrays.y, fitted) if isinstance(fitted, FirthFit) else fitted
    return SoundModel(
        declared=names,
        kept=kept,
        selection=selection,
        selection_words=words,
        names=fitted.names,
        coefficients=tuple(ready.coef.tolist()),
        covariance=tuple(tuple(row) for row in fitted.covariance.tolist()),
        knots={term.variable: term.knots for term in arrays.terms if term.knots},
        contrasts=_contrasts(kept, arrays, fitted, labelled),
        curves=_curves(kept, arrays, fitted, labelled),
        estimator=fitted.method if isinstance(fitted, FirthFit) else "maximum likelihood",
        separated=separated,
        n=len(arrays.y),
        events=int(arrays.y.sum()),
        came_in=labelled.patients.height,
        left=arrays.left,
        candidates=parameters_of(names, labelled),
        lr_chi2=whole.statistic or 0.0,
        lr_p_value=whole.p_value,
        nagelkerke_r2=fitted.nagelkerke if isinstance(fitted, LogisticFit) else None,
        auc=roc(fitted.linear_predictor(arrays.X), arrays.y).auc,
        mean_risk=float(ready.risk(arrays.X).mean()),
    )


def _fitted(arrays: Design) -> tuple[LogisticFit | FirthFit, str]:
    names = (INTERCEPT, *(term.name for term in arrays.terms))
    try:
        return fit(arrays.X, arrays.y, names), ""
    except SeparatedError as error:
        return fit_firth(arrays.X, arrays.y, names), error.separation.sentence


def _selected(
    names: tuple[str, ...], arrays: Design, fitted: LogisticFit | FirthFit, labelled: Labelled
) -> tuple[tuple[str, ...], Selection | None, str]:
    wishes = labelled.study.sound
    if not wishes.selection.startswith("backward"):
        return names, None, "terms declared beforehand, none removed"
    by_aic = wishes.selection == "backward aic"
    rule = akaike if by_aic else at_level(wishes.p_stay)
    found = backward(fitted, _groups(arrays), rule)
    by_p = say("backward while p ≥ {p:g}", p=wishes.p_stay)
    words = say("backward by Akaike's criterion") if by_aic else by_p
    if not found.kept:
        raise AnalysisError(say("{words} left no term in the model", words=words))
    return tuple(name for name in names if name in found.kept), found, words


def _groups(arrays: Design) -> dict[str, tuple[str, ...]]:
    """Every variable's columns."""
    groups: dict[str, tuple[str, ...]] = {}
    for term in arrays.terms:
        groups[term.variable] = (*groups.get(term.variable, ()), term.name)
    return groups


def _tests(
    arrays: Design, fitted: LogisticFit | FirthFit, groups: Mapping[str, tuple[str, ...]]
) -> dict[str, TestResult]:
    if isinstance(fitted, FirthFit):
        return dict(penalised_ratio_tests(arrays.X, arrays.y, fitted, groups))
    return likelihood_ratio_tests(arrays.X, arrays.y, fitted, groups)


def _contrasts(
    names: tuple[str, ...], arrays: Design, fitted: LogisticFit | FirthFit, labelled: Labelled
) -> tuple[Contrast, ...]:
    groups = _groups(arrays)
    curved = {
        f"{name} curved": columns[1:]
        for name, columns in groups.items()
        if any(term.knots for term in arrays.terms if term.variable == name)
    }
    tests = _tests(arrays, fitted, {**groups, **curved})
    rows = []
    for name in names:
        variable, columns = labelled.characteristics[name], groups[name]
        nonlinear = tests.get(f"{name} curved")
        if variable.kind == "number":
            rows.append(_number(name, columns, arrays, fitted, labelled, tests[name], nonlinear))
            continue
        for column in columns:
            term = next(term for term in arrays.terms if term.name == column)
            odds, interval = _wald(fitted, column, labelled.study.about.confidence)
            against = f"{term.level} against {term.reference}"
            rows.append(
                Contrast(
                    name,
                    variable.label,
                    variable.kind,
                    len(columns),
                    against,
                    odds,
                    interval,
                    tests[name],
                    None,
                )
            )
    return tuple(rows)


def _wald(fitted: LogisticFit | FirthFit, column: str, level: float) -> tuple[float, Interval]:
    row = next(each for each in fitted.wald(level) if each.term == column)
    return exp(row.estimate), row.interval.map(exp)


def _expand(name: str, arrays: Design) -> Term:
    terms = [term for term in arrays.terms if term.variable == name]
    if terms[0].knots:
        return Term(tuple(term.name for term in terms), Spline(terms[0].knots).basis)
    step = terms[0].per

    def stepped(x: npt.ArrayLike) -> Floats:
        return as_it_is(x) / step

    return Term((terms[0].name,), stepped)


def _known(name: str, arrays: Design) -> Floats:
    return arrays.values[name].astype(float)


def _number(
    name: str,
    columns: tuple[str, ...],
    arrays: Design,
    fitted: LogisticFit | FirthFit,
    labelled: Labelled,
    test: TestResult,
    nonlinear: TestResult | None,
) -> Contrast:
    variable, level = labelled.characteristics[name], labelled.study.about.confidence
    low, high = np.quantile(_known(name, arrays), [0.25, 0.75]).tolist()
    told = log_odds_ratio_curve(fitted, _expand(name, arrays), [high], low, level)
    interval = Interval(exp(told.low[0]), exp(told.high[0]), level, "Wald")
    unit = f" {variable.unit}" if variable.unit else ""
    return Contrast(
        name,
        variable.label,
        f"spline with {len(columns) + 1} knots" if len(columns) > 1 else "linear",
        len(columns),
        f"{high:g}{unit} against {low:g}{unit} (quartiles)",
        exp(told.estimate[0]),
        interval,
        test,
        nonlinear,
    )


def _curves(
    names: tuple[str, ...], arrays: Design, fitted: LogisticFit | FirthFit, labelled: Labelled
) -> tuple[Curve, ...]:
    drawn = []
    for name in names:
        variable = labelled.characteristics[name]
        if variable.kind != "number":
            continue
        values = _known(name, arrays)
        low, middle, high = np.quantile(values, [0.02, 0.5, 0.98]).tolist()
        if low == high:
            continue
        curve = odds_ratio_curve(
            fitted,
            _expand(name, arrays),
            np.linspace(low, high, POINTS),
            middle,
            labelled.study.about.confidence,
        )
        edges = np.linspace(low, high, BINS + 1)
        inside = np.clip(values, low, high)
        yes, no = (np.histogram(inside[arrays.y == said], edges)[0] for said in (1, 0))
        counts = (tuple(edges.tolist()), tuple(yes.tolist()), tuple(no.tolist()))
        drawn.append(Curve(name, variable.label, variable.unit, curve, middle, *counts))
    return tuple(drawn)


def shapes(labelled: Labelled, cuts: Mapping[str, tuple[float, bool, bool]]) -> tuple[Shape, ...]:
    """For each number that is cut: the loss, and the searched cut-off's corrected p value.

    cuts   variable -> (cut-off, found in these data, lower values mean case)
    """
    return tuple(_shape(name, labelled, *cut) for name, cut in cuts.items())


def _shape(name: str, labelled: Labelled, cut: float, found: bool, lower: bool) -> Shape:
    rows = labelled.patients.drop_nulls(name)
    x, y = rows[name].to_numpy().astype(float), rows[OUTCOME].to_numpy().astype(float)
    label = labelled.characteristics[name].label
    loss = dichotomising_loss(x, y, cut, lower_means_case=lower)
    if not found:
        return Shape(name, label, cut, loss, None, "the cut-off was fixed beforehand")
    try:
        searched = maximally_selected(x, y, youden, lower_means_case=lower)
    except AnalysisError as error:
        return Shape(name, label, cut, loss, None, str(error))
    return Shape(name, label, cut, loss, searched, "")


@dataclass(frozen=True, slots=True)
class Shrunken:
    """The declared model drawn in, so that its risks hold in new patients as well as they can.

    heuristic      factor from the model's own chi-square and all candidate parameters; None for a
                   penalised fit
    bootstrap      mean calibration slope of the resamples' models; None without resampling
    coefficients   the slopes times the factor that is used (the bootstrap's where there is one),
                   the intercept found anew so that the mean risk equals the share of cases
    apparent       as fitted, in the same order
    """

    names: tuple[str, ...]
    apparent: tuple[float, ...]
    heuristic: float | None
    bootstrap: float | None
    factor: float
    coefficients: tuple[float, ...]
    method: str


def shrink(model: SoundModel, labelled: Labelled, slope: float | None) -> Shrunken | None:
    """Both factors, and the coefficients under the better one; None where neither exists.

    slope   the mean calibration slope of the resamples' models, from the validation
    """
    arrays = design(model.kept, labelled, model.knots)
    fitted, _ = _fitted(arrays)
    heuristic = None
    if isinstance(fitted, LogisticFit):
        heuristic = heuristic_factor(fitted, model.candidates)
    by_resampling = None if slope is None or not np.isfinite(slope) else slope
    if by_resampling is None and heuristic is None:
        return None
    used = (
        ShrinkageFactor(by_resampling, "mean calibration slope of the resamples' models")
        if by_resampling is not None
        else heuristic
    )
    if used is None or not np.isfinite(used.value):
        return None
    drawn = shrunken(arrays.X, arrays.y, model.names, model.coefficients, used)
    return Shrunken(
        model.names,
        tuple(drawn.apparent.tolist()),
        heuristic.value if heuristic else None,
        by_resampling,
        used.applied,
        tuple(drawn.coef.tolist()),
        used.method,
    )
