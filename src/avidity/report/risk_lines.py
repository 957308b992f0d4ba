"""Risk models and a patient's risk in words: what ``avidity models`` and ``avidity risk`` print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from avidity import wording
from avidity.riskmodel.alike import Alike
from avidity.riskmodel.model import Input, RiskModel
from avidity.riskmodel.predict import Contribution, Local, Prediction
from avidity.riskmodel.printed import PrintedPredictor
from avidity.stats.interval import Interval


def library_lines(models: Iterable[RiskModel]) -> list[str]:
    """One line per model: those that compute first."""
    ordered = sorted(models, key=lambda one: (not one.computes, one.name))
    wide = max(len(one.name) for one in ordered)
    lines = [
        f"{one.name:<{wide}}  {one.status:<13}  {one.title}; {_patients(one)}" for one in ordered
    ]
    return [
        *lines,
        "",
        "A partial model cannot compute: 'avidity models NAME' says what is missing.",
        "All are for research and not validated.",
    ]


def _patients(model: RiskModel) -> str:
    if model.n is None:
        return "number of patients not found"
    events = "events not found" if model.events is None else f"{model.events} events"
    return f"{model.n:,} patients, {events}"


def model_lines(model: RiskModel) -> list[str]:
    """One model, whole: where from, what it asks, its equation or what is missing of it."""
    source, outcome = model.provenance, model.outcome
    by = f" ({outcome.definition})" if outcome.definition else ""
    doi = f", doi {source.doi}" if source.doi else ""
    return [
        f"{model.title} ({model.name}, version {model.version}, {model.status})",
        model.label,
        "",
        f"Outcome: {outcome.label}{by}: {outcome.words}",
        f"Patients: {model.population.words}; {_patients(model)}",
        *(_place(model)),
        f"Source: {source.citation}{doi}",
        f"How: {source.how}",
        *([f"Read: {'; '.join(source.sources)}"] if source.sources else []),
        "",
        *(_equation(model) if model.computes else _printed(model)),
        *(["", *(f"- {note}" for note in model.notes)] if model.notes else []),
    ]


def _place(model: RiskModel) -> list[str]:
    where = ", ".join(part for part in (model.population.setting, model.population.period) if part)
    return [f"Where and when: {where}"] if where else []


def _equation(model: RiskModel) -> Iterator[str]:
    equation = model.equation
    if equation is None:
        return
    yield "It asks for"
    for one in model.inputs:
        yield f"  {one.name}: {one.label}{_range(one)}{'; ' + one.meaning if one.meaning else ''}"
    shrunken = f", {equation.shrinkage}" if equation.predicts == "shrunken" else ""
    yield f"Log odds ({equation.estimator}{shrunken})"
    words = {column: term.words for term in model.terms for column in term.columns}
    for column, value in zip(equation.columns, equation.coef.tolist(), strict=True):
        how = f" ({words[column]})" if column in words else ""
        yield f"  {wording.fixed(value, 6):>12}  {column}{how}"
    if equation.covariance is None:
        yield "The covariance is not known: no risk has an interval."


def _range(one: Input) -> str:
    if one.kind == "yes/no":
        return " (yes or no)"
    if one.kind == "category":
        return f" ({', '.join(one.levels)})"
    unit = f"{one.unit}, " if one.unit else ""
    seen = f"seen {one.seen[0]:g} to {one.seen[1]:g}" if one.seen else "range not known"
    return f" ({unit}{seen})"


def _printed(model: RiskModel) -> Iterator[str]:
    if model.printed and model.printed.predictors:
        yield "Predictors, as printed"
        yield from (f"  {_predictor(one)}" for one in model.printed.predictors)
    if model.printed and model.printed.score_cut:
        yield f"Cut-off of its score, as printed: {model.printed.score_cut}"
    if model.printed:
        yield from (f"Performance, as printed: {said}" for said in model.printed.performance)
    yield "Missing before it could compute"
    yield from (f"  {missing}" for missing in model.lacking)


def _predictor(one: PrintedPredictor) -> str:
    cut = f" {one.cut} {one.unit}".rstrip() if one.cut else ""
    odds = f": odds ratio {one.odds_ratio}" if one.odds_ratio else ""
    ends = f" ({wording.level(one.level)} CI {one.low} to {one.high})" if one.low else ""
    return f"{one.label}{cut}{odds}{ends}" + (f"; {one.note}" if one.note else "")


def risk_lines(found: Prediction, model: RiskModel) -> list[str]:
    """A patient's risk, with everything that must be read beside it."""
    careful = [*found.warnings, *model.notes]
    return [
        f"{model.title} ({found.model}, version {found.version}, {found.status})",
        found.label,
        "",
        f"Risk ({found.outcome}): {_risk(found.risk, found.interval)}",
        *(_local(found.local) if found.local else []),
        "",
        f"Log odds {wording.fixed(found.linear_predictor, 3)}, coefficients {found.coefficients}:",
        f"  {wording.fixed(found.intercept, 3):>8}  intercept",
        *(_contribution(one) for one in found.contributions),
        "",
        *_looked_so(found.alike, found),
        *(["Read first:", *(f"  - {said}" for said in careful)] if careful else []),
    ]


def _risk(risk: float, interval: Interval | None) -> str:
    if interval is None:
        return f"{wording.fixed(risk, 3)} (no interval: the covariance is not known)"
    ends = wording.interval(interval, 3)
    return f"{wording.fixed(risk, 3)} ({wording.level(interval)} CI {ends}; {interval.method})"


def _local(found: Local) -> Iterator[str]:
    share = wording.percent(found.prevalence)
    ends = f" ({wording.interval(found.interval, 3)})" if found.interval else ""
    yield (
        f"Where {share} have the outcome and not {wording.percent(found.source_prevalence)} as in"
        f" the source: {wording.fixed(found.risk, 3)}{ends}"
    )
    yield f"  intercept moved by {wording.fixed(found.offset, 3)}; this {found.assumes}"


def _contribution(one: Contribution) -> str:
    return f"  {wording.fixed(one.log_odds, 3):>8}  {one.label} ({one.coding})"


def _looked_so(alike: Alike | None, found: Prediction) -> Iterator[str]:
    whole = f"of the source's {found.n} patients ({found.events} with the outcome)"
    if alike is None:
        yield f"How many {whole} looked so is not known."
    elif alike.n == 0:
        yield f"None {whole} looked so: {alike.words}."
    else:
        had = "" if alike.events is None else f", {alike.events} of them with the outcome"
        yield f"{alike.n} {whole} looked so ({alike.words}){had}."
