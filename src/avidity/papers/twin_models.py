"""Every figure a paper could print of its curves and models, computed from a cohort."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.papers.paper import Model, Paper, Roc, Term
from avidity.papers.paper_numbers import OVERALL
from avidity.papers.twin_cohort import TwinCohort, answer_of
from avidity.papers.twin_figures import Figures, Own, one
from avidity.stats.cutpoint import (
    Criterion,
    DiagnosticTable,
    best_cutpoints,
    closest_top_left,
    performance,
    youden,
)
from avidity.stats.goodness_of_fit import brier, by_quantiles, by_ranks, hosmer_lemeshow
from avidity.stats.interval import Interval
from avidity.stats.logistic import LogisticFit, fit
from avidity.stats.normal import z_of
from avidity.stats.roc import Roc as RocArea
from avidity.stats.roc import delong_interval, logit_interval, roc

Floats = npt.NDArray[np.float64]
READINGS = {"high": ("at_least", "above"), "low": ("at_most", "below")}
CHOSEN = "a cut-off is the authors' choice, not a count"


def curve_figures(paper: Paper, cohort: TwinCohort) -> Figures:
    """Each ROC curve: the area, its interval, the cut-off, and what it gives."""
    if paper.event is None:
        return
    for curve in paper.rocs:
        if curve.variable not in cohort.columns:
            continue
        column = cohort.columns[curve.variable]
        there = [at for at in cohort.members(OVERALL) if column[at] is not None]
        score = np.array([column[at] for at in there], dtype=float)
        sick = np.array([cohort.groups[at] == paper.event.name for at in there])
        if sick.any() and not sick.all():
            for name, own in (
                *_area(curve, score, sick),
                *_cut(paper, curve, score, sick),
            ):
                yield f"roc.{curve.key}.{name}", own


def _area(curve: Roc, score: Floats, sick: npt.NDArray[np.bool_]) -> Figures:
    level = float(curve.confidence.value) / 100 if curve.confidence else 0.95
    area = roc(score, sick, lower_means_case=curve.positive == "low")
    yield "auc", one(area.auc)
    if area.std_error is not None:
        yield "se", Own((("DeLong", area.std_error),))
        found = _intervals(area, level)
        why = "" if found else "so few patients give the area no interval"
        yield "low", Own(tuple((name, ends.low) for name, ends in found), why=why)
        yield "high", Own(tuple((name, ends.high) for name, ends in found), why=why)
    yield "p", Own(why="the test of the area against one half is not computed here")


def _intervals(area: RocArea, level: float) -> list[tuple[str, Interval]]:
    found = []
    for name, rule in (("DeLong", delong_interval), ("logit of DeLong", logit_interval)):
        with suppress(AnalysisError):
            found.append((name, rule(area, level)))
    return found


def readings(curve: Roc) -> tuple[str, ...]:
    """What the printed cut-off may mean: the comparison said, or both."""
    return (curve.comparison,) if curve.comparison else READINGS[curve.positive]


def table_under(
    reading: str, cut: float, score: Floats, sick: npt.NDArray[np.bool_]
) -> DiagnosticTable:
    """Patients by call and truth, under one reading of a cut-off."""
    called = {
        "at_least": score >= cut,
        "above": score > cut,
        "at_most": score <= cut,
        "below": score < cut,
    }[reading]
    return DiagnosticTable(
        tp=int((called & sick).sum()),
        fp=int((called & ~sick).sum()),
        fn=int((~called & sick).sum()),
        tn=int((~called & ~sick).sum()),
    )


def criterion(paper: Paper) -> Criterion:
    """How the paper says its cut-offs were found; Youden's index unless it speaks of a corner."""
    words = paper.methods.cutoffs_by.lower()
    corner = any(word in words for word in ("corner", "closest", "nearest", "top left"))
    return closest_top_left if corner else youden


def _cut(paper: Paper, curve: Roc, score: Floats, sick: npt.NDArray[np.bool_]) -> Figures:
    if curve.cutoff is None:
        return
    cut = float(curve.cutoff.value)
    tables = {how: table_under(how, cut, score, sick) for how in readings(curve)}
    if paper.methods.cutoffs == "found in these data":
        yield "cutoff", _found(paper, curve, (score, sick), tuple(tables.values()))
    else:
        yield "cutoff", Own(why=CHOSEN)
    scale = 100 if curve.scale == "percent" else 1
    by = {how: performance(table) for how, table in tables.items()}
    for name in ("sensitivity", "specificity", "ppv", "npv", "accuracy", "youden"):
        times = 1 if name == "youden" else scale
        values = [(how, getattr(each, name)) for how, each in by.items()]
        there = tuple((how, times * each.estimate) for how, each in values if each is not None)
        yield name, Own(there, why="" if there else "nobody is called so")


def _found(
    paper: Paper,
    curve: Roc,
    data: tuple[Floats, npt.NDArray[np.bool_]],
    tables: Sequence[DiagnosticTable],
) -> Own:
    """The best cut-offs, as printed where the printed one calls everybody as a best one does."""
    best = best_cutpoints(*data, criterion(paper), lower_means_case=curve.positive == "low")
    cut = float(curve.cutoff.value) if curve.cutoff else 0.0
    values = []
    for each in best:
        same = each.table in tables
        values.append((f"best, {each.comparison} {each.value:g}", cut if same else each.value))
    return Own(tuple(values))


def model_figures(paper: Paper, cohort: TwinCohort) -> Figures:
    """Each table of odds ratios, fitted by maximum likelihood to the complete patients."""
    for model in paper.models:
        for path, own in _model(paper, cohort, model):
            yield f"model.{model.name}.{path}", own


def _model(paper: Paper, cohort: TwinCohort, model: Model) -> Figures:
    if paper.event is None or model.method == "other":
        return
    if model.kind == "multivariable":
        yield from _fitted(paper, cohort, model, model.term)
        return
    for variable in dict.fromkeys(term.variable for term in model.term):
        terms = tuple(term for term in model.term if term.variable == variable)
        lines = {f"{term.key}." for term in terms}
        for path, own in _fitted(paper, cohort, model, terms):
            if any(path.startswith(line) for line in lines):
                yield path, own


def _fitted(paper: Paper, cohort: TwinCohort, model: Model, terms: Sequence[Term]) -> Figures:
    if not {term.variable for term in terms} <= set(cohort.columns) or paper.event is None:
        return
    members = [
        at
        for at in cohort.members(OVERALL)
        if all(cohort.columns[term.variable][at] is not None for term in terms)
    ]
    if not members:
        return
    y = np.array([cohort.groups[at] == paper.event.name for at in members], dtype=float)
    X = np.column_stack([np.ones(len(y)), *(_column(cohort, term, members) for term in terms)])
    try:
        found = fit(X, y, ("intercept", *(term.key for term in terms)))
    except AnalysisError as error:
        for term in terms:
            yield f"{term.key}.odds_ratio", Own(why=str(error))
        return
    yield from _lines(model, found, terms)
    yield from _whole(found, X, y)


def _column(cohort: TwinCohort, term: Term, members: Sequence[int]) -> Floats:
    values = [cohort.columns[term.variable][at] for at in members]
    if term.level or isinstance(values[0], bool):
        wanted = term.level or "yes"
        return np.array([answer_of(value) == wanted for value in values], dtype=float)
    return np.array(values, dtype=float) / (float(term.per.value) if term.per else 1.0)


def _lines(model: Model, found: LogisticFit, terms: Sequence[Term]) -> Iterator[tuple[str, Own]]:
    level = float(model.confidence.value) / 100 if model.confidence else 0.95
    coefficients = found.wald(level)
    yield "intercept", one(coefficients[0].estimate)
    yield "intercept_se", one(coefficients[0].std_error)
    reach = z_of(level)
    for term, each in zip(terms, coefficients[1:], strict=True):
        low, high = (each.estimate + sign * reach * each.std_error for sign in (-1, 1))
        values = {
            "odds_ratio": np.exp(each.estimate),
            "low": np.exp(low),
            "high": np.exp(high),
            "p": each.test.p_value,
            "beta": each.estimate,
            "se": each.std_error,
            "wald": (each.estimate / each.std_error) ** 2,
            "n": found.n,
        }
        for name, value in values.items():
            yield f"{term.key}.{name}", one(value)


def _whole(found: LogisticFit, X: Floats, y: Floats) -> Figures:
    risk = found.risk(X)
    area = roc(risk, y)
    test = found.likelihood_ratio()
    values = {
        "n": found.n,
        "events": found.n_events,
        "auc": area.auc,
        "nagelkerke": found.nagelkerke,
        "cox_snell": found.cox_snell,
        "minus_2ll": found.deviance,
        "lr_chi2": test.statistic,
        "lr_df": test.df,
        "lr_p": test.p_value,
        "aic": found.aic,
        "brier": brier(risk, y),
        "accuracy": 100 * float(((risk >= 0.5) == (y > 0)).mean()),
    }
    for name, value in values.items():
        yield name, one(float(str(value)) if not isinstance(value, int | float) else value)
    ends = _intervals(area, 0.95)
    yield "auc_low", Own(tuple((name, one.low) for name, one in ends))
    yield "auc_high", Own(tuple((name, one.high) for name, one in ends))
    yield from _hosmer(risk, y)


def _hosmer(risk: Floats, y: Floats) -> Figures:
    ways = (("groups by quantiles of risk", by_quantiles), ("groups by rank", by_ranks))
    tests = []
    for name, by in ways:
        try:
            tests.append((name, hosmer_lemeshow(risk, y, by=by).test))
        except AnalysisError:
            continue
    for path, part in (("", "statistic"), ("_df", "df"), ("_p", "p_value")):
        values = tuple((name, float(getattr(test, part))) for name, test in tests)
        yield f"hosmer_lemeshow{path}", Own(values, why="" if values else "too few groups of risk")
