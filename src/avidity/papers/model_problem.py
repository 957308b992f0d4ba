"""A printed model as the rebuilding asks for it: counts by outcome, and effects."""

from __future__ import annotations

from collections.abc import Sequence

from avidity.errors import AnalysisError
from avidity.papers.paper import Model, Paper, Term
from avidity.papers.printed_counts import PrintedCounts
from avidity.stats.rebuild.problem import (
    Count,
    Effect,
    Level,
    Overall,
    Predictor,
    Problem,
    problem,
)

ASK = "ask the authors for"
WHOLE_MODEL = "the intercept and the covariance matrix of the coefficients"


def model_problem(paper: Paper, model: Model) -> Problem:
    """A printed model as the rebuilding asks for it.

    raises  AnalysisError with everything that is missing, and what to ask the authors for
    """
    terms: dict[str, list[Term]] = {}
    for term in model.term:
        terms.setdefault(term.variable, []).append(term)
    missing = [*_missing_groups(paper), *_missing_patients(paper, model)]
    known = PrintedCounts(paper)
    if not missing:
        missing += [words for name in terms for words in _missing_counts(known, name)]
    if missing:
        raise AnalysisError(f"{model.name} cannot be rebuilt: {'; '.join(missing)}")
    whole = Overall(
        intercept=model.intercept,
        deviance=model.minus_2ll,
        cox_snell=model.cox_snell,
        nagelkerke=model.nagelkerke,
        auc=model.auc,
    )
    level = float(model.confidence.value) / 100 if model.confidence else 0.95
    predictors = [_predictor(known, name, some) for name, some in terms.items()]
    return problem(predictors, level, None, whole, _crossed(paper, set(terms)))


def _missing_groups(paper: Paper) -> list[str]:
    if paper.event is not None and len(paper.groups) == 2:
        return []
    return [
        (
            f"the patients must be counted in two groups, one of them with the outcome, found"
            f" {len(paper.groups)}{'' if paper.event else ' and none with event = true'}"
        )
    ]


def _missing_patients(paper: Paper, model: Model) -> list[str]:
    """A model of fewer patients than were counted: values were missing in some."""
    everyone = sum(int(group.n.value) for group in paper.groups)
    found = []
    if model.n is not None and int(model.n.value) != everyone:
        found.append(
            f"the model is of {model.n.text} patients and the tables count {everyone}: {ASK} the"
            f" counts among the patients of the model"
        )
    if model.events is not None and paper.event and model.events.value != paper.event.n.value:
        found.append(
            f"the model has {model.events.text} patients with the outcome and the tables count"
            f" {paper.event.n.text}: {ASK} the counts among the patients of the model"
        )
    return found


def _missing_counts(known: PrintedCounts, name: str) -> list[str]:
    variable = known.paper.variable(name)
    if variable.kind == "number":
        return [
            (
                f"{name} is a number, so the patients differ in more than counts can tell: {ASK}"
                f" {WHOLE_MODEL}"
            )
        ]
    lacking = [
        f"{answer} in {group.name}"
        for answer in variable.answers
        for group in known.paper.groups
        if known.count(variable, answer, group.name) is None
    ]
    if not lacking:
        return []
    return [f"{name} is not counted by outcome ({', '.join(lacking)}): {ASK} these counts"]


def _predictor(known: PrintedCounts, name: str, terms: Sequence[Term]) -> Predictor:
    """A predictor, its reference level first; levels of nobody and of no line are left out."""
    variable, event = known.paper.variable(name), known.paper.event
    levels = []
    for answer in variable.answers:
        term = next((one for one in terms if (one.level or "yes") == answer), None)
        counts = {
            group.name: known.count(variable, answer, group.name) or 0
            for group in known.paper.groups
        }
        yes = counts.pop(event.name) if event else 0
        no = next(iter(counts.values()))
        if yes or no or term is not None:
            levels.append(Level(answer, yes, no, _effect(term)))
    return Predictor(name, tuple(sorted(levels, key=lambda one: one.effect is not None)))


def _effect(term: Term | None) -> Effect | None:
    if term is None:
        return None
    return Effect(term.odds_ratio, term.low, term.high, term.p, term.beta, term.se)


def _crossed(paper: Paper, names: set[str]) -> list[Count]:
    """Cells of cross tables whose variables are both predictors."""
    event = paper.event.name if paper.event else ""
    counts = []
    for cross in paper.crosses:
        if {cross.rows, cross.columns} <= names:
            for row, by_column in cross.count.items():
                for column, number in by_column.items():
                    where = ((cross.rows, row), (cross.columns, column))
                    kind = {"all": "total", event: "yes"}.get(cross.group, "no")
                    counts.append(Count(where, **{kind: int(number.value)}))
    return counts
